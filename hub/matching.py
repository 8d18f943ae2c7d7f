"""Matching judged on a labelled set, as ``lienthong bench matching`` tells it."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, TypeAlias

from catalogue.cluster.cut import Component, components, cut
from catalogue.match import Decision, Policy, Verdict, decide, keys, policy, work_keys
from catalogue.match.measure import (
    Counts,
    Figures,
    Judged,
    asked_share,
    b_cubed,
    best_threshold,
    count,
    from_score,
    interval,
    joined,
)
from hub.labelled import Labelled

_UNMET = Verdict(Decision.DIFFERENT, 0.0, ("unmet",))
"""Of two records that share no key, which are never compared."""

Pair: TypeAlias = tuple[str, str]
Settings: TypeAlias = Callable[[str], Policy]
"""The policy for a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What matching made of a labelled set; figures between 0 and 1."""

    records: int
    pairs: Figures
    """As if one score decided: the one that gives the best F1."""
    auto: Figures
    """Joined without a person."""
    clusters: Figures
    works: Figures | None
    """Pairs of records in one work; None where the labels say nothing of works."""
    ask: float
    threshold: float
    completeness: float
    candidates: float
    """Candidates a record."""
    intervals: Mapping[str, Mapping[str, tuple[float, float]]]
    errors: tuple[Judged, ...]
    """What was joined wrongly, then what was missed, the surest first; what is asked is neither."""
    seconds: float


def measure(labelled: Labelled, settings: Settings | None = None) -> Measured:
    """Judge every labelled pair and cluster the records, by the live policy or others.

    ``settings`` gives the policy for a record; a pair is judged by that of its first one.
    """
    start = time.perf_counter()
    settings = settings or _live
    met = _met(labelled)
    true = _true_pairs(labelled)
    judged = list(_judged(labelled, met, true, settings))
    threshold = best_threshold(judged)
    by_score = from_score(threshold)
    names, found = _found(labelled, judged, settings)
    return Measured(
        records=len(labelled.records),
        pairs=count(judged, by_score).figures(),
        auto=count(judged, joined).figures(),
        clusters=b_cubed(labelled.clusters or _numbered(names, true), found),
        works=_works(labelled, found) if labelled.works else None,
        ask=asked_share(judged),
        threshold=threshold,
        completeness=sum(pair in met for pair in true) / len(true) if true else 0.0,
        candidates=2 * len(met) / len(labelled.records) if labelled.records else 0.0,
        intervals={"pairs": interval(judged, by_score), "auto": interval(judged, joined)},
        errors=tuple(_errors(judged)),
        seconds=round(time.perf_counter() - start, 3),
    )


def _live(_: str) -> Policy:
    return policy()


def pairs_to_judge(labelled: Labelled) -> dict[Pair, bool]:
    """Return the labelled pairs; where clusters label all, those that meet, and the true others."""
    true = _true_pairs(labelled)
    asked = labelled.pairs or _met(labelled) | true
    return {pair: pair in true for pair in sorted(asked)}


def homes(labelled: Labelled) -> Mapping[str, Hashable]:
    """Return what each record is drawn with: its cluster, or all that its pairs hang together."""
    # Sets are shuffled in each process; who parts or draws by these numbers must not be.
    names = sorted({name for pair in labelled.pairs for name in pair})
    return labelled.clusters or _numbered(names, sorted(labelled.pairs))


def as_plain(measured: Measured) -> dict[str, Any]:
    """Return the figures under the names that scripts read."""
    return {
        "records": measured.records,
        "pairs": measured.pairs._asdict() | {"threshold": measured.threshold},
        "auto": measured.auto._asdict(),
        "clusters": measured.clusters._asdict(),
        **({"works": measured.works._asdict()} if measured.works else {}),
        "ask": measured.ask,
        "blocking": {"completeness": measured.completeness, "candidates": measured.candidates},
        "intervals": measured.intervals,
        "seconds": measured.seconds,
    }


def _met(labelled: Labelled) -> set[Pair]:
    """Return the pairs that share a key which has not outgrown its block."""
    blocks: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(labelled.records):
        for key in keys(labelled.records[name]):
            blocks[key].append(name)
    cap = policy().block_cap
    return {pair for block in blocks.values() if len(block) <= cap for pair in _all(block)}


def _all(names: Iterable[str]) -> Iterator[Pair]:
    return combinations(names, 2)


def _true_pairs(labelled: Labelled) -> set[Pair]:
    if labelled.pairs:
        return {pair for pair, same in labelled.pairs.items() if same}
    homes: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(labelled.clusters):
        homes[labelled.clusters[name]].append(name)
    return {pair for names in homes.values() for pair in _all(names)}


def _judged(
    labelled: Labelled, met: set[Pair], true: set[Pair], settings: Settings
) -> Iterator[Judged]:
    """Judge labelled pairs; where clusters label all, those that meet, and miss the true others."""
    known = labelled.records
    home = homes(labelled)
    for a, b in sorted(labelled.pairs or met | true):
        compared = bool(labelled.pairs) or (a, b) in met
        verdict = decide(known[a], known[b], settings(a)) if compared else _UNMET
        yield Judged(a, b, (a, b) in true, verdict, home[a])


def _numbered(records: Iterable[str], pairs: Iterable[Pair]) -> dict[str, int]:
    parts = components(records, pairs)
    return {name: number for number, part in enumerate(parts) for name in part}


def _found(
    labelled: Labelled, judged: list[Judged], settings: Settings
) -> tuple[list[str], dict[str, Hashable]]:
    """Return the records that count, and the cluster of each as the placer would cut them."""
    links = {(pair.a, pair.b): pair.verdict.score for pair in judged if joined(pair.verdict)}
    wanted = {name for pair in judged for name in (pair.a, pair.b)} | labelled.clusters.keys()
    names = sorted(wanted)
    return names, _partition(names, links, labelled, settings)


def _works(labelled: Labelled, clusters: Mapping[str, Hashable]) -> Figures:
    """Compare pairs of records in one work, the works found over the clusters found."""
    members: defaultdict[Hashable, list[str]] = defaultdict(list)
    for name, cluster in clusters.items():
        members[cluster].append(name)
    holders: defaultdict[str, list[str]] = defaultdict(list)
    for names in members.values():
        for key in work_keys(labelled.records[name] for name in names):
            holders[key].append(names[0])
    links = [(block[0], other) for block in holders.values() for other in block[1:]]
    links += [(names[0], other) for names in members.values() for other in names[1:]]
    found = _pairs_within(_numbered(clusters, links))
    true = _pairs_within(labelled.works)
    right = len(found & true)
    return Counts(right, len(found) - right, len(true) - right).figures()


def _pairs_within(homes: Mapping[str, Hashable]) -> set[Pair]:
    members: defaultdict[Hashable, list[str]] = defaultdict(list)
    for name in sorted(homes):
        members[homes[name]].append(name)
    return {pair for names in members.values() for pair in _all(names)}


def _partition(
    names: list[str], links: Mapping[Pair, float], labelled: Labelled, settings: Settings
) -> dict[str, Hashable]:
    """Return the cluster of each record, cut as the placer cuts."""
    ids = {name: number for number, name in enumerate(names)}
    of_part: defaultdict[int, dict[tuple[int, int], float]] = defaultdict(dict)
    home = _numbered(names, links)
    for (a, b), score in links.items():
        of_part[home[a]][ids[a], ids[b]] = score
    found: dict[str, Hashable] = {name: ("alone", name) for name in names}
    members: defaultdict[int, list[str]] = defaultdict(list)
    for name in names:
        members[home[name]].append(name)
    compare = _comparing(names, labelled, settings)
    for part, edges in of_part.items():
        nodes = tuple((ids[name], ("", name)) for name in members[part])
        whole = Component(
            nodes=nodes,
            edges=edges,
            compare=compare,
            theta=policy().theta,
            cap=policy().component_cap,
        )
        for group in cut(whole):
            found.update(dict.fromkeys((names[node] for node in group), min(group)))
    return found


def _comparing(
    names: list[str], labelled: Labelled, settings: Settings
) -> Callable[[int, int], Verdict]:
    known = labelled.records
    return lambda a, b: decide(known[names[a]], known[names[b]], settings(names[min(a, b)]))


def _errors(judged: list[Judged]) -> Iterator[Judged]:
    wrong = [pair for pair in judged if joined(pair.verdict) and not pair.same]
    missed = [pair for pair in judged if pair.same and pair.verdict.decision is Decision.DIFFERENT]
    yield from sorted(wrong, key=lambda pair: -pair.verdict.score)
    yield from sorted(missed, key=lambda pair: -pair.verdict.score)

"""The partition of exported records, worked out on this machine; and the digests of a partition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from catalogue import facts
from catalogue.cluster import whole
from catalogue.cluster.apart.errors import OtherRules
from catalogue.cluster.apart.files import batches
from catalogue.cluster.apart.model import Kind, Manifest, check_parts, read_manifest
from catalogue.cluster.cut import Pair
from catalogue.cluster.whole import Catalogue, Whole
from catalogue.cluster.whole.desk import MARK
from catalogue.cluster.whole.stored import WORDS
from catalogue.cluster.whole.texts import Writing
from catalogue.match import Decision, features
from catalogue.policies import RULES
from crosswalks import stored

_LINKS = 50_000
"""Links whose reasons are in memory at a time."""


@contextmanager
def work_out(export: Path, processes: int | None = None) -> Iterator[Whole]:
    """Give the partition of exported records by ``whole.work_out``.

    Raises NotExported, PartDamaged or OtherRules.
    """
    manifest = checked(export)

    def read(folder: Path) -> Catalogue:
        return _read(export, manifest, folder)

    with whole.work_out(read, manifest.origin.read_policy(), processes) as found:
        yield found


def checked(export: Path) -> Manifest:
    """Return what exported records say of themselves. Raises what ``work_out`` does."""
    manifest = read_manifest(export, Kind.RECORDS)
    check_rules(export, manifest)
    check_parts(export, manifest)
    return manifest


def check_rules(path: Path, manifest: Manifest) -> None:
    """Raise OtherRules where another program judges otherwise."""
    origin = manifest.origin
    if origin.rules != RULES:
        raise OtherRules(path=path, version=origin.version, theirs=origin.rules, ours=RULES)


def _read(export: Path, manifest: Manifest, folder: Path) -> Catalogue:
    ids = [np.zeros(0, np.int64)]
    revs = [np.zeros(0, np.int64)]
    columns = ("id", "rev", "source", "identifier", "record")
    with Writing(folder / "names") as names, Writing(folder / "features") as texts:
        for path in manifest.paths(export, "records"):
            for batch in batches(path, columns):
                record, rev, *others = (column.to_pylist() for column in batch.columns)
                sources, identifiers, records = others
                ids.append(np.array(record, np.int64))
                revs.append(np.array(rev, np.int64))
                names.add(map(MARK.join, zip(sources, identifiers, strict=True)))
                texts.add(map(_features, records))
    known = np.concatenate(ids)
    return Catalogue(known, np.concatenate(revs), _said(export, manifest, known.tolist()))


def _features(text: str | None) -> str:
    return "{}" if text is None else features(stored.from_json(text)).to_json()


def _said(export: Path, manifest: Manifest, ids: list[int]) -> dict[Pair, Decision]:
    numbers = {record: number for number, record in enumerate(ids)}
    return {
        (numbers[a], numbers[b]): Decision(word)
        for path in manifest.paths(export, "verdicts")
        for batch in batches(path, ("a", "b", "decision"))
        for a, b, word in zip(*(column.to_pylist() for column in batch.columns), strict=True)
        if a in numbers and b in numbers
    }


def counts(found: Whole) -> Mapping[str, int]:
    """Return how many there are of what a result has."""
    return {
        "groups": len(found.ids),
        "links": len(found.links.a),
        "dead": len(found.dead),
        "large": len(found.large),
        "clusters": len(np.unique(found.head)),
    }


def digests(found: Whole) -> Mapping[str, str]:
    """Return a digest of the clusters and one of the links, by order-free names."""
    return {"clusters": _clusters(found), "links": _links(found)}


def _clusters(found: Whole) -> str:
    order = np.argsort(found.head, kind="stable")
    parts = np.split(order, np.flatnonzero(np.diff(found.head[order])) + 1) if len(order) else []
    weights = (facts.weight(facts.cluster(map(found.desk.name, part.tolist()))) for part in parts)
    return facts.written(facts.added(weights))


def _links(found: Whole) -> str:
    total = 0
    for first in range(0, len(found.links.a), _LINKS):
        some = found.links.at(np.arange(first, min(first + _LINKS, len(found.links.a))))
        reasons = found.reasons.some(some.reason.tolist())
        columns = (some.a.tolist(), some.b.tolist(), some.decision.tolist(), some.score.tolist())
        for a, b, word, score, why in zip(*columns, reasons, strict=True):
            names = (found.desk.name(a), found.desk.name(b))
            total = facts.added((total, facts.weight(facts.link(names, WORDS[word], score, why))))
    return facts.written(total)

"""Points of the matching policy fitted to labelled pairs, judged on publications not fitted to."""

from __future__ import annotations

import random
import re
from argparse import ArgumentParser, Namespace
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TypeAlias

from bench.server import shared
from catalogue.match import Policy, policy
from catalogue.match.codes import AND, CODES
from catalogue.match.compare import compare, title_words
from catalogue.match.fitting import BASE, PRIOR, fit, moved_by
from catalogue.match.vetoes import vetoes
from hub.labelled import Labelled, read_labelled
from hub.matching import Measured, Pair, homes, measure, pairs_to_judge

DEFAULT = ("goldfinch-val", "vn-synthetic")
POLICY = Path(__file__).parents[1] / "catalogue" / "match" / "policy.toml"
Row: TypeAlias = tuple[frozenset[str], bool]


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this tool."""
    parser.add_argument("folders", nargs="*", type=Path, help="labelled sets; default: shared ones")
    parser.add_argument(
        "--folds", type=int, default=5, help="parts, each judged by the others' fit"
    )
    parser.add_argument(
        "--prior", type=float, default=PRIOR, help="how strongly points are drawn to 0"
    )
    parser.add_argument("--write", action="store_true", help="write the points into policy.toml")


def run(options: Namespace) -> None:
    """Print what fits on parts make of the other parts, then what a fit on all makes of all."""
    folders = options.folders or [shared() / "data" / "dedup" / name for name in DEFAULT]
    sets = {folder.name: read_labelled(folder) for folder in folders}
    parts = {name: _parts(labelled, options.folds) for name, labelled in sets.items()}
    rows = {name: dict(_rows(labelled)) for name, labelled in sets.items()}
    everything = [row for each in rows.values() for row in each.values()]
    # Not from the points that ship: these were fitted to all parts, and rare codes keep theirs.
    blank = dict(policy().weights) | dict.fromkeys(moved_by(everything), 0.0)
    fitted = []
    for part in range(options.folds):
        seen = [
            row
            for name in sets
            for (a, b), row in rows[name].items()
            if part not in (parts[name][a], parts[name][b])
        ]
        fitted.append(_with(fit(seen, blank, options.prior), blank))
    for name, labelled in sets.items():
        told = measure(labelled, partial(_of_part, fitted, parts[name]))
        _print(f"{name}, each part by a fit on the others", told)
    points = fit(everything, policy().weights, options.prior)
    whole = _with(points, policy().weights)
    for name, labelled in sets.items():
        _print(f"{name}, by a fit on itself too", measure(labelled, lambda _: whole))
    if options.write:
        POLICY.write_text(rewritten(POLICY.read_text("utf-8"), points), "utf-8")


def _of_part(fitted: list[Policy], parts: Mapping[str, int], record: str) -> Policy:
    return fitted[parts[record]]


def _parts(labelled: Labelled, folds: int) -> dict[str, int]:
    """Return the part of each record; records that hang together are in one."""
    home = homes(labelled)
    dice = random.Random(7)
    of_home: dict[Hashable, int] = {}
    for each in sorted(set(home.values()), key=str):
        of_home[each] = dice.randrange(folds)
    return {record: of_home[home[record]] for record in labelled.records if record in home}


def _rows(labelled: Labelled) -> Iterator[tuple[Pair, Row]]:
    """Yield the codes and the label of each pair that no veto parts."""
    for (a, b), same in pairs_to_judge(labelled).items():
        one, two = labelled.records[a], labelled.records[b]
        if title_words(one, two) < policy().title_least or any(vetoes(one, two, policy())):
            continue
        codes = {each.code for each in compare(one, two, policy())}
        together = {AND.join(pair) for pair in policy().together if codes.issuperset(pair)}
        yield (a, b), (frozenset(codes | together), same)


def _with(points: Mapping[str, float], known: Mapping[str, float]) -> Policy:
    weights = dict(known) | {code: points[code] for code in CODES if code in points}
    together = {pair: points.get(AND.join(pair), 0.0) for pair in policy().together}
    return replace(policy(), weights=weights, together=together, base=points[BASE])


def _print(heading: str, told: Measured) -> None:
    print(f"\n{heading}: {told.records:,} records")
    for name in ("pairs", "auto", "clusters"):
        figures, spans = getattr(told, name), told.intervals.get(name, {})
        shown = "  ".join(
            f"{key} {value:.4f}" + ("" if not spans else " ({:.4f}-{:.4f})".format(*spans[key]))
            for key, value in figures._asdict().items()
        )
        print(f"  {name:9} {shown}")
    print(f"  asked {told.ask:.4f}  sharing a key {told.completeness:.4f}")


def rewritten(text: str, points: Mapping[str, float]) -> str:
    """Return a policy file with other points, its comments as they are."""
    for code, value in points.items():
        text = re.sub(rf'(?m)^("?{re.escape(code)}"? = )[-+.\d]+', rf"\g<1>{value:.2f}", text)
    return text

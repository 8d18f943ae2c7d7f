"""Decide whether two records are one manifestation, and say why: vetoes first, then weights.

Precision first: a wrong merge is worse than a missed one, and the doubtful middle goes to people.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from catalogue.match.evidence import Evidence, evidence, title_similarity
from catalogue.match.features import Features
from catalogue.match.keys import is_generic
from catalogue.match.policy import Policy, policy
from catalogue.match.vetoes import vetoes


class Decision(StrEnum):
    """What is thought of a pair of records."""

    SAME = "same"
    DIFFERENT = "different"
    ASK = "ask"


class Verdict(NamedTuple):
    """A decision, its score between 0 and 1, and the reasons as ``code:value``.

    Vetoes begin with ``veto-``, what kept a high score from being SAME with ``hold-``.
    """

    decision: Decision
    score: float
    reasons: tuple[str, ...]


_HOLDS = {
    "marks-different": "hold-marks",
    "volume-silent": "hold-volume",
    "kind-silent": "hold-kind",
    "year-reprint": "hold-year",
}
_NUMBERS = frozenset({"isbn-equal", "issn-equal", "national-equal", "control-equal"})


def decide(a: Features, b: Features, settings: Policy | None = None) -> Verdict:
    """Judge a pair by the live policy or another; the order of the two makes no difference."""
    settings = settings or policy()
    objections = tuple(vetoes(a, b, settings))
    if objections:
        return Verdict(Decision.DIFFERENT, 0.0, objections)
    likeness = title_similarity(a, b)
    if likeness < settings.title_least:
        return Verdict(Decision.DIFFERENT, 0.0, (f"veto-title:{likeness:.2f}",))
    found = [
        item
        for item in evidence(a, b, settings)
        if item.code not in _NUMBERS or likeness >= settings.identifier_title
    ]
    found.insert(0, _title(likeness, settings))
    return _judged(found, tuple(_holds(a, b, likeness, found, settings)), settings)


def _title(likeness: float, settings: Policy) -> Evidence:
    share = (likeness - settings.title_least) / (1 - settings.title_least)
    return Evidence("title", f"{likeness:.2f}", share)


def _judged(found: list[Evidence], holds: tuple[str, ...], settings: Policy) -> Verdict:
    total = sum(settings.weights[item.code] * item.strength for item in found)
    score = round(min(1.0, max(0.0, total)), 6)
    reasons = tuple(f"{item.code}:{item.value}" if item.value else item.code for item in found)
    if score < settings.ask:
        return Verdict(Decision.DIFFERENT, score, reasons)
    if score < settings.same:
        return Verdict(Decision.ASK, score, reasons)
    return Verdict(Decision.ASK if holds else Decision.SAME, score, reasons + holds)


def _holds(
    a: Features,
    b: Features,
    likeness: float,
    found: list[Evidence],
    settings: Policy,
) -> Iterator[str]:
    """Yield what a person has to look at however high the score."""
    codes = {item.code for item in found}
    dated = not codes.isdisjoint(("year-equal", "year-overlap"))
    if likeness < settings.title_close:
        yield "hold-title"
    yield from (hold for code, hold in _HOLDS.items() if code in codes)
    if is_generic(a.bare) and not (dated and "author-equal" in codes):
        yield "hold-generic"
    if (_poor(a) or _poor(b)) and not (dated and _vouched(codes)):
        yield "hold-poor"


def _poor(features: Features) -> bool:
    """Say whether a record, as Dublin Core does, gives no extent to tell editions apart by."""
    return not (features.pages or features.volumes or features.serial)


def _vouched(codes: set[str]) -> bool:
    supported = "publisher-equal" in codes or not codes.isdisjoint(_NUMBERS)
    return "author-equal" in codes and supported

"""Which record of the union a row of a list means, if exactly one can be meant.

A pure function of the row and its candidates, in any order of these. An equal number is evidence,
not proof: what else the row says must not contradict it. Precision first, as in clusters: who is
told to have what it has not is sent for it in vain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from catalogue.holdings.model import Choice, Found, Matching
from catalogue.match import Decision, Features, Policy, decide
from catalogue.match.compare import title_similarity
from catalogue.match.vetoes import vetoes

CHOICES = 5
"""How many clusters are told of a row that means none for certain."""
TITLE_ALONE = 0.95
"""How alike titles are, at least, where no number says the same."""
_NUMBERS = frozenset({"isbn-equal", "issn-equal", "national-equal", "control-equal"})
_DOUBTS = frozenset(
    {
        "volume-silent",
        "kind-silent",
        "marks-different",
        "year-reprint",
        "author-different",
        "publisher-different",
        "isbn-different",
        "language-different",
    }
)
"""Evidence after which a person has to look, whatever else agrees."""


class Claim(IntEnum):
    """How strongly a row means a record; of several the strongest alone count."""

    NOTHING = 0
    CONTRADICTED = 1
    """It has the number, and is something else."""
    DOUBTFUL = 2
    TITLE = 3
    """By title, author and year."""
    NUMBER = 4
    NAMED = 5
    """By the union's or a member's own number."""


_CERTAIN = Claim.TITLE


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A placed record that a row may mean."""

    record: int
    name: tuple[str, str]
    """Source and identifier: the order-free name."""
    cluster: str
    """Public id."""
    features: Features
    named: bool = False
    """The row names it, by the union's or a member's own number."""


class _Judged(NamedTuple):
    claim: Claim
    score: float
    reasons: tuple[str, ...]


def judge(row: Features, candidates: Iterable[Candidate], policy: Policy) -> Matching:
    """Return what a row means: one cluster, or why it is none."""
    judged = [(_claim(row, each, policy), each) for each in candidates]
    best = max((claim.claim for claim, _ in judged), default=Claim.NOTHING)
    if best is Claim.NOTHING:
        return Matching(found=Found.NONE)
    # Not by claim alone: of a cluster the record that is most like the row, then by name.
    kept = sorted(
        ((claim, each) for claim, each in judged if claim.claim is best),
        key=lambda pair: (-pair[0].score, pair[1].name),
    )
    choices = _choices(kept)
    if best < _CERTAIN:
        found = Found.DOUBTFUL if best is Claim.DOUBTFUL else Found.CONTRADICTED
        return Matching(found=found, choices=choices)
    if len({each.cluster for _, each in kept}) > 1:
        return Matching(found=Found.SEVERAL, choices=choices)
    return Matching(found=Found.MATCHED, anchor=kept[0][1].record, choices=choices)


def _choices(kept: Sequence[tuple[_Judged, Candidate]]) -> tuple[Choice, ...]:
    found: dict[str, Choice] = {}
    for claim, each in kept:
        found.setdefault(each.cluster, Choice(each.cluster, claim.score, claim.reasons))
    return tuple(list(found.values())[:CHOICES])


def _claim(row: Features, candidate: Candidate, policy: Policy) -> _Judged:
    if candidate.named:
        return _named(row, candidate.features, policy)
    judged = _by_all if row.bare else _by_number
    return judged(row, candidate.features, policy)


def _named(row: Features, record: Features, policy: Policy) -> _Judged:
    if row.bare and title_similarity(row, record) < policy.title_least:
        return _Judged(Claim.CONTRADICTED, 0.0, ("veto-title",))
    return _Judged(Claim.NAMED, 1.0, ("named",))


def _by_number(row: Features, record: Features, policy: Policy) -> _Judged:
    """Judge a row that says no title: only its number, perhaps a year or a volume."""
    common = sorted(_common(row, record, policy))
    if not common:
        return _Judged(Claim.NOTHING, 0.0, ())
    told = (f"number-equal:{common[0]}",)
    # Numbers in a title are compared with a title that was not given.
    against = [reason for reason in vetoes(row, record, policy) if _counts(reason)]
    if against:
        return _Judged(Claim.CONTRADICTED, 0.0, (*told, *against))
    doubts = _volume_doubts(row, record)
    if doubts:
        return _Judged(Claim.DOUBTFUL, 0.5, (*told, *doubts))
    return _Judged(Claim.NUMBER, 1.0, told)


def _common(row: Features, record: Features, policy: Policy) -> set[str]:
    return (_numbers_of(row) & _numbers_of(record)) - policy.reused


def _numbers_of(record: Features) -> set[str]:
    return {*record.isbns, *record.issns, *record.controls}


def _counts(veto: str) -> bool:
    return not veto.startswith(("veto-numbers", "veto-kind", "veto-variant"))


def _volume_doubts(row: Features, record: Features) -> tuple[str, ...]:
    """Return why a number may stand for more than the one volume that the library has."""
    if row.volume:
        return () if record.volume else ("volume-silent",)
    if record.volumes > 1:
        return (f"set:{record.volumes}",)
    return (f"volume-silent:{record.volume}",) if record.volume else ()


def _by_all(row: Features, record: Features, policy: Policy) -> _Judged:
    verdict = decide(row, record, policy)
    has_number = bool(_common(row, record, policy))
    if verdict.decision is Decision.DIFFERENT and not has_number:
        return _Judged(Claim.NOTHING, verdict.score, verdict.reasons)
    if verdict.decision is Decision.DIFFERENT and any(map(_contradicts, verdict.reasons)):
        return _Judged(Claim.CONTRADICTED, verdict.score, verdict.reasons)
    reasons = (*verdict.reasons, *_set_doubts(row, record))
    codes = {reason.partition(":")[0] for reason in reasons}
    return _Judged(_certainty(row, record, codes, policy), verdict.score, reasons)


def _contradicts(reason: str) -> bool:
    return reason.startswith(("veto-", "author-different"))


def _set_doubts(row: Features, record: Features) -> tuple[str, ...]:
    return tuple(doubt for doubt in _volume_doubts(row, record) if doubt.startswith("set"))


def _certainty(row: Features, record: Features, codes: set[str], policy: Policy) -> Claim:
    likeness = title_similarity(row, record)
    if likeness < policy.title_close or codes & _DOUBTS or "set" in codes:
        return Claim.DOUBTFUL
    if codes & _NUMBERS:
        return Claim.NUMBER
    by_title = {"author-equal", "year-equal"} <= codes and "hold-generic" not in codes
    if by_title and likeness >= TITLE_ALONE:
        return Claim.TITLE
    return Claim.DOUBTFUL

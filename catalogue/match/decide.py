"""Decide whether two records are one manifestation, and say why: vetoes first, then points.

Precision first: a wrong merge is worse than a missed one, and the doubtful middle goes to people.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from enum import StrEnum
from itertools import islice
from math import exp
from typing import NamedTuple

from catalogue.match import codes as known_codes
from catalogue.match import vetoes
from catalogue.match.compare import Evidence, compare, points_of, words_alike
from catalogue.match.features import Features
from catalogue.match.keys import is_generic
from catalogue.match.policy import Policy, policy


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


_HELD = {
    "carrier-coded": "hold-carrier",
    "medium-silent": "hold-medium",
    "content-different": "hold-content",
    "year-reprint": "hold-year",
    "edition-different": "hold-edition",
}
"""What a person has to look at however high the score."""
_HELD_UNLESS_SURE = {
    "year-next": "hold-year",
    "year-close": "hold-year",
    "year-apart": "hold-year",
    "year-far": "hold-year",
}
"""The same, unless the score is as high as the policy's ``sure``."""
_HELD_UNLESS_SOLID = {
    "kind-silent": "hold-kind",
}
"""The same, unless pages, year, author and publisher leave no doubt."""
_HELD_UNLESS_SOUND = {
    "set-silent": "hold-set",
}
"""The same, unless year, author, pages or whole extent, and publisher or place are the same."""
_HELD_UNLESS_SLIP = {
    "marks-different": "hold-marks",
    "author-marks": "hold-marks",
    "numbers-different": "hold-numbers",
}
"""The same, unless all else says that it is a slip."""
_IDENTIFIERS = frozenset(
    {"isbn-equal", "issn-equal", "national-equal", "control-equal", "trade-equal"}
)
_DATED = frozenset({"year-equal", "year-overlap"})
_AUTHORS = frozenset({"author-equal", "author-similar", "author-marks"})
_PUBLISHERS = frozenset({"publisher-equal", "publisher-similar", "publisher-near"})
_PLACES = frozenset({"place-equal"})
_HOUSES = _PUBLISHERS | _PLACES
_SOLID = frozenset({"pages-equal", "year-equal"})
_WHOLES = frozenset({"pages-equal", "extent-equal"})
_EXTENTS = frozenset({"extent-equal", "extent-similar"})
_OTHER_WORDS = frozenset({"other-words-two", "other-words-many"})
_VOUCHING = (_AUTHORS, _PUBLISHERS, _PLACES, _EXTENTS, _IDENTIFIERS)
_SAME_PUBLISHER = frozenset({"publisher-equal", "publisher-similar"})
_REPRINTED = frozenset({"year-overlap", "coded-year-different"})
_GRADED = frozenset(
    f"{name}-{grade}" for name, grades in known_codes.GRADES.items() for grade in grades
) - {f"words-{grade}" for grade in known_codes.WORDS}
_SILENT = frozenset(code for code in known_codes.CODES if code.endswith(("-silent", "-none")))
_TOLD = 0.2
"""Points under which a graded comparison is no reason to tell."""

HOLDS = (
    *sorted({*_HELD.values(), *_HELD_UNLESS_SURE.values()}),
    *sorted({*_HELD_UNLESS_SOLID.values(), *_HELD_UNLESS_SOUND.values()}),
    *sorted(set(_HELD_UNLESS_SLIP.values())),
    *("hold-author", "hold-generic", "hold-volume", "hold-poor", "hold-imprint", "hold-title"),
)
CODES = (*known_codes.CODES, *HOLDS, *vetoes.CODES)
"""The codes of all reasons there are."""


def decide(
    a: Features, b: Features, settings: Policy | None = None, *, briefly: bool = False
) -> Verdict:
    """Judge a pair by the shipped policy or another; the order of the two makes no difference.

    ``briefly`` may leave away score and reasons where the two are DIFFERENT, which takes less long.
    """
    settings = settings or policy()
    words = words_alike(a, b)
    if words / 100 < settings.title_least:
        return Verdict(Decision.DIFFERENT, 0.0, (f"veto-title:{int(words)}%",))
    objecting = vetoes.vetoes(a, b, settings)
    # One is enough to part them; all are worth telling.
    objections = tuple(islice(objecting, 1) if briefly else objecting)
    if objections:
        return Verdict(Decision.DIFFERENT, 0.0, objections)
    found = compare(a, b, settings, words, briefly=briefly)
    if not found:
        return Verdict(Decision.DIFFERENT, 0.0, ())
    codes = {item.code for item in found}
    reached = _reached(codes, settings)
    known = _Known(
        sure=reached >= settings.sure,
        solid=_is_solid(codes),
        printed=_is_printed(codes),
        sound=_is_sound(codes),
        yearly=vetoes.is_yearly(a, b, settings),
    )
    holds = dict.fromkeys((*_holds(codes, known), *_doubts(a, b, codes, known)))
    return _judged(found, reached, tuple(holds), settings)


def score(found: Collection[Evidence], settings: Policy) -> float:
    """Return what a pair's points come to, as a probability rounded to millionths."""
    return _reached({item.code for item in found}, settings)


def _reached(codes: set[str], settings: Policy) -> float:
    return round(1 / (1 + exp(-settings.base - points_of(codes, settings))), 6)


def _judged(
    found: list[Evidence], reached: float, holds: tuple[str, ...], settings: Policy
) -> Verdict:
    reasons = tuple([str(item) for item in found if _tells(item, settings)])
    if reached < settings.ask:
        return Verdict(Decision.DIFFERENT, reached, reasons)
    if reached < settings.same:
        return Verdict(Decision.ASK, reached, reasons)
    return Verdict(Decision.ASK if holds else Decision.SAME, reached, reasons + holds)


def _tells(item: Evidence, settings: Policy) -> bool:
    """Say whether a person wants to hear of it: silence, and grades worth nothing, are left out."""
    if item.code in _GRADED:
        return abs(settings.weights[item.code]) >= _TOLD
    return bool(item.value) or item.code not in _SILENT


class _Known(NamedTuple):
    """What makes it more or less likely that a difference is a slip."""

    sure: bool
    """The score is as high as the policy's ``sure``."""
    solid: bool
    """Pages, year, author and publisher leave no doubt."""
    printed: bool
    """Pages, year, publisher and place are those of one printing, and all words of the titles."""
    sound: bool
    """Year, author, pages or whole extent, and publisher or place are the same."""
    yearly: bool
    """Books are reprinted every year where one of the two comes from."""

    def slip(self, codes: set[str]) -> bool:
        """Say whether marks and numbers that differ are a slip: no other word does."""
        return self.sound and not self.yearly and codes.isdisjoint(_OTHER_WORDS)


def _holds(codes: set[str], known: _Known) -> Iterator[str]:
    """Yield what in the comparison a person has to look at."""
    for holds, is_excused in (
        (_HELD, False),
        (_HELD_UNLESS_SOLID, known.solid),
        (_HELD_UNLESS_SURE, known.sure),
        (_HELD_UNLESS_SOUND, known.sound),
        (_HELD_UNLESS_SLIP, known.slip(codes)),
    ):
        # Of most pairs none: one look, not one for each.
        if not (is_excused or codes.isdisjoint(holds)):
            yield from (hold for code, hold in holds.items() if code in codes)
    if codes & _OTHER_WORDS and not _same_proper(codes, known):
        yield "hold-title"
    if codes >= _REPRINTED and not known.sure:
        yield "hold-year"
    if "author-different" in codes and (known.yearly or not known.sure):
        yield "hold-author"
    if _elsewhere(codes):
        yield "hold-imprint"


def _doubts(a: Features, b: Features, codes: set[str], known: _Known) -> Iterator[str]:
    """Yield what in the records themselves a person has to look at."""
    dated = not codes.isdisjoint(_DATED)
    if _is_generic(a, b) and not (known.printed or (dated and codes & _AUTHORS)):
        yield "hold-generic"
    if "numbers-more" in codes and not known.slip(codes) and vetoes.numbers_differ(a, b):
        yield "hold-numbers"
    if "volume-silent" in codes and (known.yearly or not known.sound):
        yield "hold-volume"
    if (_poor(a) or _poor(b)) and not (dated and _vouched(codes)):
        yield "hold-poor"


def _is_generic(a: Features, b: Features) -> bool:
    return is_generic(a.bare) or is_generic(b.bare)


def _is_solid(codes: set[str]) -> bool:
    """Say whether pages, year, author and publisher leave no doubt."""
    return bool(codes >= _SOLID and codes & _AUTHORS and codes & _PUBLISHERS)


def _is_printed(codes: set[str]) -> bool:
    """Say whether all but the author is that of one printing, and all words of the titles."""
    other_words = any(code.startswith("other-words") for code in codes)
    printed = codes >= _SOLID and codes & _PUBLISHERS and codes & _PLACES
    return bool(printed and not other_words)


def _is_sound(codes: set[str]) -> bool:
    """Say whether year, author, pages or whole extent, and publisher or place are the same."""
    return bool("year-equal" in codes and codes & _WHOLES and codes & _AUTHORS and codes & _HOUSES)


def _same_proper(codes: set[str], known: _Known) -> bool:
    """Say whether it is but the other title information that two cataloguers took otherwise."""
    proper = known.solid and "proper-100" in codes
    return proper and not (known.yearly and "other-words-many" in codes)


def _elsewhere(codes: set[str]) -> bool:
    """Say whether place and publisher are others: an edition for another market.

    Two houses of one country, and two branches of one house, also share one printing.
    """
    if "place-different" not in codes:
        return False
    one_print = bool(codes >= _SOLID and codes & _AUTHORS)
    if "publisher-different" in codes:
        return not one_print or "country-equal" not in codes
    abroad = "country-different" in codes
    return abroad and not (codes & _SAME_PUBLISHER or (one_print and "publisher-near" in codes))


def _poor(features: Features) -> bool:
    """Say whether a record, as Dublin Core does, gives no extent to tell editions apart by."""
    return not (features.pages or features.volumes or features.serial)


def _vouched(codes: set[str]) -> bool:
    return sum(bool(codes & each) for each in _VOUCHING) > 1

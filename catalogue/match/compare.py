"""What two records say beside each other, as codes: pure, symmetric, and the same on every machine.

Each comparison that can be made gives one code, graded ones with how alike the two are in percent
(``words-95``: at least 95, less than the next grade). What a code is worth says the policy.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from math import inf, log
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from catalogue.match.codes import GRADES, kind_of
from catalogue.match.features import Features
from catalogue.match.keys import full_title
from catalogue.match.names import alike_names, same_person
from catalogue.match.policy import Policy
from catalogue.match.vetoes import marks_agreement
from catalogue.match.words import bare_set, has_marks

_RECORDINGS = frozenset("gij")
_NUMBER = re.compile(r"\d+")
_STOP = bare_set("title_stopwords")
_LONGEST = 300
"""Letters of a title compared; the rest of a very long one tells nothing more."""
_GRADE_CODES = {name: [f"{name}-{grade}" for grade in grades] for name, grades in GRADES.items()}
_ROUNDING = 1e-9
_LIKE = 75
_SHORT = 2
YEARS_APART = (1, 3, 10)
"""Years apart at most that are called ``next``, ``close`` and ``apart``."""
PAGES_APART = (4, 10)
"""Pages apart at most that are called ``near`` and ``close``."""
PAGES_SHARE = 0.15
"""Share of the greater number of pages that two ``similar`` ones are apart at most."""


class Evidence(NamedTuple):
    """A reason's code and the value to show with it."""

    code: str
    value: str = ""

    def __str__(self) -> str:
        return f"{self.code}:{self.value}" if self.value else self.code


_WORDED = ("words", "proper", "whole", "other-words", "numbers")
_RARE = ("volume", "kind", "language", "medium", "content", "carrier", "marks")
"""Kinds of what titles say, and of the rest: of each one code at most."""
_ALL = 100.0
_MARGIN = 1e-3
"""Points: scores are rounded to millionths."""
_bounds: dict[int, tuple[Policy, float]] = {}


def compare(
    a: Features, b: Features, settings: Policy, words: float | None = None, *, briefly: bool = False
) -> list[Evidence]:
    """Return all that two records say beside each other.

    ``words`` is what ``words_alike`` returns, where known. ``briefly`` may return nothing where the
    rest keeps a pair below ``ask`` whatever its titles say, and these have not all words in common.
    """
    author, year = [*_author(a, b, settings)], [*_year(a, b)]
    others = [*_imprint(a, b, settings), *_extent(a, b), *_numbers(a, b, settings)]
    others += _edition(a, b)
    if briefly and words != _ALL:
        codes = {item.code for some in (author, year, others) for item in some}
        if points_of(codes, settings) < _wanted_of_others(settings):
            return []
    title = _title(a, b, words_alike(a, b) if words is None else words)
    return [*title, *author, *year, *others, *_rest(a, b)]


def _wanted_of_others(settings: Policy) -> float:
    """Return the points below which no title lifts a pair to ``ask``."""
    known = _bounds.get(id(settings))
    if known is None or known[0] is not settings:
        best = sum(most_points(kind, settings) for kind in (*_WORDED, *_RARE))
        best += sum(
            max(0.0, points)
            for two, points in settings.together.items()
            if not {kind_of(code) for code in two}.isdisjoint((*_WORDED, *_RARE))
        )
        known = _bounds[id(settings)] = (settings, least_points(settings) - best)
    return known[1]


def points_of(codes: Collection[str], settings: Policy) -> float:
    """Return what codes come to, each by itself and two together."""
    weights = settings.weights
    total = sum(weights[code] for code in codes)
    for (one, other), points in settings.together.items():
        if one in codes and other in codes:
            total += points
    return total


def least_points(settings: Policy) -> float:
    """Return the points, those every pair starts from left away, below which none is asked."""
    if not 0 < settings.ask < 1:
        return -inf
    return log(settings.ask / (1 - settings.ask)) - settings.base - _MARGIN


def most_points(kind: str, settings: Policy) -> float:
    """Return the most that codes of a kind (``year`` of ``year-equal``) can add to a pair."""
    points = [points for code, points in settings.weights.items() if kind_of(code) == kind]
    # One of the grades is always given, of the others perhaps none.
    return max(points) if kind in GRADES else max(0.0, *points)


def compared_title(features: Features) -> str:
    """Return what of a record's title is compared by its words."""
    return full_title(features)[:_LONGEST]


def words_alike(a: Features, b: Features) -> float:
    """Return how alike the words of two titles are, 0 to 100; all of one in the other is 100."""
    return fuzz.token_set_ratio(compared_title(a), compared_title(b))


def title_words(a: Features, b: Features) -> float:
    """Return the same, 0 to 1, as policies have it."""
    return words_alike(a, b) / 100


def title_similarity(a: Features, b: Features) -> float:
    """Return how alike two titles are, 0 to 1.

    Where only one record has a subtitle it may have been left out, or stand in the other's title.
    """
    if not a.bare or not b.bare:
        return 0.0
    proper = fuzz.ratio(a.bare, b.bare) / 100
    if a.subtitle == b.subtitle:
        return proper
    full = fuzz.ratio(compared_title(a), compared_title(b)) / 100
    return full if a.subtitle and b.subtitle else max(proper, full)


def _title(a: Features, b: Features, words: float) -> Iterator[Evidence]:
    one, two = compared_title(a), compared_title(b)
    yield _graded("words", words)
    yield _graded("proper", fuzz.partial_ratio(a.bare, b.bare) if a.bare and b.bare else 0)
    yield _graded("whole", fuzz.ratio(one, two))
    if one == two:
        return
    yield from _other_words(one.split(), two.split())
    ours, theirs = _NUMBER.findall(one), _NUMBER.findall(two)
    if ours != theirs:
        yield _title_numbers(ours, theirs)


def _graded(name: str, likeness: float) -> Evidence:
    place = bisect_right(GRADES[name], likeness + _ROUNDING) - 1
    return Evidence(_GRADE_CODES[name][place], f"{int(likeness)}%")


def _other_words(ours: list[str], theirs: list[str]) -> Iterator[Evidence]:
    """Tell of words that the other title has nothing like, where both have such."""
    mine = sorted(set(ours) - set(theirs) - _STOP)
    others = sorted(set(theirs) - set(ours) - _STOP)
    if not mine and not others:
        return
    left = [word for word in mine if not _has_like(word, others)]
    right = [word for word in others if not _has_like(word, mine)]
    if left and right:
        code = "other-words-two" if min(len(left), len(right)) == 1 else "other-words-many"
        yield Evidence(code, _two(" ".join(left[:3]), " ".join(right[:3])))
    else:
        yield Evidence("other-words-one", " ".join((left or right)[:3]))


def _has_like(word: str, others: Sequence[str]) -> bool:
    """Say whether one of the others may be the same word, mistyped or shortened."""
    return any(
        fuzz.ratio(word, other) >= _LIKE
        or _begins(word, other)
        or ((len(word) <= _SHORT or len(other) <= _SHORT) and word[0] == other[0])
        or (not word.isdigit() and Levenshtein.distance(word, other, score_cutoff=1) <= 1)
        for other in others
    )


def _begins(word: str, other: str) -> bool:
    """Say whether one of two words may stand for the other, cut off: chronol., published."""
    short, long = sorted((word, other), key=len)
    return len(short) > _SHORT and long.startswith(short)


def _title_numbers(ours: list[str], theirs: list[str]) -> Evidence:
    mine, others = set(ours), set(theirs)
    if mine == others:
        return Evidence("numbers-order", ",".join(sorted(mine)))
    code = "numbers-more" if mine <= others or others <= mine else "numbers-different"
    return Evidence(code, _two(",".join(ours) or "–", ",".join(theirs) or "–"))


def _author(a: Features, b: Features, settings: Policy) -> Iterator[Evidence]:
    if not a.names or not b.names:
        yield Evidence("author-silent" if a.names or b.names else "author-none")
        return
    if _same_author(a, b):
        if _marks_conflict(a, b):
            yield Evidence("author-marks", _two(a.author_key, b.author_key))
        else:
            yield Evidence("author-equal")
        return
    likeness = max(alike_names(ours, theirs) for ours in _main(a) for theirs in _main(b))
    if likeness >= settings.name_close:
        yield Evidence("author-similar", f"{int(likeness * 100)}%")
    elif same_person(a.author_key, b.author_key, settings.names):
        yield Evidence("author-variant", _two(a.author, b.author))
    elif not set(a.names).isdisjoint(b.names):
        yield Evidence("author-shared")
    elif likeness >= settings.name_near:
        yield Evidence("author-near", f"{int(likeness * 100)}%")
    else:
        yield Evidence("author-different", _two(a.author or a.names[0], b.author or b.names[0]))


def _main(features: Features) -> tuple[str, ...]:
    return (features.author,) if features.author else features.names


def _same_author(a: Features, b: Features) -> bool:
    if a.author and b.author:
        return a.author == b.author or a.author in b.names or b.author in a.names
    return not set(a.names).isdisjoint(b.names)


def _marks_conflict(a: Features, b: Features) -> bool:
    """Say whether two main entries differ in their marks only: Hoa and Hòa are two people."""
    ours, theirs = a.author_key, b.author_key
    return a.author == b.author and ours != theirs and has_marks(ours) and has_marks(theirs)


def _year(a: Features, b: Features) -> Iterator[Evidence]:
    if a.coded_year and b.coded_year:
        equal = a.coded_year == b.coded_year
        yield Evidence("coded-year-equal" if equal else "coded-year-different")
    if not a.years or not b.years:
        yield Evidence("year-silent")
        return
    shown = _two(str(a.years[0]), str(b.years[0]))
    if a.years[0] == b.years[0]:
        yield Evidence("year-equal", str(a.years[0]))
    elif set(a.years) & set(b.years):
        yield Evidence("year-overlap", shown)
    elif a.serial or b.serial:
        return
    elif a.edition and a.edition == b.edition:
        yield Evidence("year-reprint", shown)
    else:
        apart = min(abs(ours - theirs) for ours in a.years for theirs in b.years)
        names = ("year-next", "year-close", "year-apart")
        named = zip(YEARS_APART, names, strict=True)
        yield Evidence(next((name for most, name in named if apart <= most), "year-far"), shown)


def _imprint(a: Features, b: Features, settings: Policy) -> Iterator[Evidence]:
    yield _publisher(a, b, settings)
    if a.place and b.place:
        equal = fuzz.partial_ratio(a.place, b.place) >= settings.publisher_close * 100
        yield Evidence("place-equal" if equal else "place-different", _two(a.place, b.place))
    else:
        yield Evidence("place-silent")
    if a.country and b.country:
        equal = a.country == b.country
        yield Evidence(
            "country-equal" if equal else "country-different", _two(a.country, b.country)
        )


def _publisher(a: Features, b: Features, settings: Policy) -> Evidence:
    if not a.publishers or not b.publishers:
        return Evidence("publisher-silent")
    pairs = [(ours, theirs) for ours in a.publishers for theirs in b.publishers]
    if max(fuzz.ratio(*pair) for pair in pairs) / 100 >= settings.publisher_close:
        return Evidence("publisher-equal")
    shown = _two(a.publishers[0], b.publishers[0])
    if any(_contains(*pair) for pair in pairs):
        return Evidence("publisher-similar", shown)
    near = max(fuzz.token_set_ratio(*pair) for pair in pairs) / 100 >= settings.publisher_near
    return Evidence("publisher-near" if near else "publisher-different", shown)


def _contains(a: str, b: str) -> bool:
    """Say whether one name is the other with words more: a longer form, or a sister house."""
    ours, theirs = set(a.split()), set(b.split())
    return ours <= theirs or theirs <= ours


def _extent(a: Features, b: Features) -> Iterator[Evidence]:
    if a.pages and b.pages:
        yield Evidence(_pages(a.pages, b.pages), _two(str(a.pages), str(b.pages)))
    else:
        yield Evidence("pages-silent" if a.pages or b.pages else "pages-none")
    if a.sequences and b.sequences:
        yield Evidence(_sequences(set(a.sequences), set(b.sequences)))
    if a.volumes or b.volumes:
        both = a.volumes and b.volumes
        code = "equal" if a.volumes == b.volumes else "different" if both else "silent"
        shown = _two(str(a.volumes), str(b.volumes))
        yield Evidence(f"volumes-{code}", shown)
        if _may_be_set(a, b) or _may_be_set(b, a):
            yield Evidence("set-silent", shown)


def _may_be_set(whole: Features, one: Features) -> bool:
    """Say whether one record may describe a whole set and the other one volume of it."""
    return whole.volumes > 1 >= one.volumes and one.pages > 0


def _pages(a: int, b: int) -> str:
    apart = abs(a - b)
    if apart == 0:
        return "pages-equal"
    near, close = PAGES_APART
    if apart <= close:
        return "pages-near" if apart <= near else "pages-close"
    return "pages-similar" if apart <= PAGES_SHARE * max(a, b) else "pages-different"


def _sequences(ours: set[int], theirs: set[int]) -> str:
    common = ours & theirs
    if ours == theirs:
        return "extent-equal"
    if not common:
        return "extent-different"
    return "extent-similar" if 2 * len(common) > len(ours | theirs) else "extent-touching"


def _numbers(a: Features, b: Features, settings: Policy) -> Iterator[Evidence]:
    one, two = (
        tuple(isbn for isbn in each.isbns if isbn not in settings.reused) for each in (a, b)
    )
    for code, ours, theirs in (
        ("isbn-equal", one, two),
        ("issn-equal", a.issns, b.issns),
        ("national-equal", a.national, b.national),
        ("control-equal", a.controls, b.controls),
        ("trade-equal", a.trade, b.trade),
    ):
        common = sorted(set(ours) & set(theirs))
        if common:
            yield Evidence(code, common[0])
        elif ours and theirs and code == "isbn-equal":
            yield Evidence("isbn-different", _two(ours[0], theirs[0]))


def _edition(a: Features, b: Features) -> Iterator[Evidence]:
    if a.edition and a.edition == b.edition:
        yield Evidence("edition-equal", a.edition)
    elif a.edition and b.edition:
        yield Evidence("edition-different", _two(a.edition, b.edition))
    elif a.edition or b.edition:
        yield Evidence("edition-silent", a.edition or b.edition)
    if a.edition_words and b.edition_words:
        equal = fuzz.ratio(a.edition_words, b.edition_words) >= _LIKE
        yield Evidence("edition-words-equal" if equal else "edition-words-different")


def _rest(a: Features, b: Features) -> Iterator[Evidence]:
    if a.volume and a.volume == b.volume:
        yield Evidence("volume-equal", a.volume)
    elif bool(a.volume) != bool(b.volume):
        yield Evidence("volume-silent", a.volume or b.volume)
    if bool(a.kind) != bool(b.kind):
        yield Evidence("kind-silent", a.kind or b.kind)
    if a.language and b.language and a.language != b.language:
        yield Evidence("language-different", _two(a.language, b.language))
    if a.media != b.media and _plays(a, b):
        yield Evidence("medium-silent", ",".join(sorted({*a.media, *b.media})))
    if a.contents and b.contents and not set(a.contents) & set(b.contents):
        yield Evidence("content-different", _two(",".join(a.contents), ",".join(b.contents)))
    if a.carrier != b.carrier:
        yield Evidence("carrier-coded", _two(a.carrier or "print", b.carrier or "print"))
    agreement = marks_agreement(a, b)
    if agreement < 1:
        yield Evidence("marks-different", f"{int(agreement * 100)}%")


def _two(a: str, b: str) -> str:
    return "/".join(sorted((a, b)))


def _plays(a: Features, b: Features) -> bool:
    """Say whether one of two leaves open on what it is, where that makes another publication."""
    ours, theirs = set(a.media), set(b.media)
    if ours and theirs:
        return not ours & theirs
    return bool(_RECORDINGS & {a.material, b.material})

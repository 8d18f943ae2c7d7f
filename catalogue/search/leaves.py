"""One term of a query into what is looked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from catalogue.search.columns import (
    ALL_RECORDS,
    ANY,
    CHANGED_USES,
    CODES,
    NAMED,
    NUMBERS,
    TEXT,
    USES,
    YEAR_USES,
    code,
)
from catalogue.search.expression import (
    Between,
    Codes,
    Everything,
    Expression,
    Extent,
    Headings,
    Masked,
    Nothing,
    Words,
    all_of,
    any_of,
    without,
)
from catalogue.search.tokens import folded, has_marks, marked
from protocols.errors import (
    MalformedTerm,
    ModifierUnsupported,
    PositionUnsupported,
    RelationForIndexUnsupported,
    TruncationUnsupported,
)
from protocols.rpn.tree import AttributeType, Term

MODIFIERS = ("accents", "respectaccents", "ignoreaccents", "ignorecase", "masked", "unmasked")
"""What may be said of a relation in CQL; only the first two change anything."""
_MARKED = frozenset({"accents", "respectaccents"})
_LESS, _AT_MOST, _AT_LEAST, _GREATER, _OTHER, _WHATEVER = 1, 2, 4, 5, 6, 103
_ALL_WORDS, _ANY_WORDS = {6}, {105, 106}
_RIGHT, _LEFT, _BOTH, _HASH, _Z3958 = 1, 2, 3, 101, 104
_MASKED_TRUNCATION = {_LEFT, _BOTH, _Z3958}
_FIRST, _COMPLETE = 1, {2, 3}
_EARLIEST, _LATEST = 1, 99_999_999
_LONG, _SURE = 160, 120
"""Letters that headings of ``MAX_HEADING`` have at least once they are folded, and surely have."""
_SPAN = re.compile(r"(\d{4})\s*[-/]\s*(\d{4})")
_YEAR_DIGITS, _DATE_DIGITS = 4, 8
_Z3958_PIECE = re.compile(r"\\(.)|([#?])|([^\\#?]+)", re.DOTALL)
_MASKS = {"#": "?", "?": "*"}


def planned(term: Term) -> Expression:
    """Return what a term looks for.

    Raises QueryError for what the index cannot do with it.
    """
    relation = term.value(AttributeType.RELATION)
    use = term.value(AttributeType.USE)
    if relation == _WHATEVER or use == ALL_RECORDS:
        return Everything()
    if relation == _OTHER:
        return without(Everything(), _found(term, use))
    return _found(term, use)


def _found(term: Term, use: int | str | None) -> Expression:
    if use in YEAR_USES or use == "year":
        return _between(term, "year", _YEAR_DIGITS)
    if use in CHANGED_USES or use == "changed":
        return _between(term, "changed", _DATE_DIGITS)
    if term.value(AttributeType.RELATION) in {_LESS, _AT_MOST, _AT_LEAST, _GREATER}:
        raise RelationForIndexUnsupported(term.at, term.value(AttributeType.RELATION))
    columns = columns_of(use)
    codes = [column for column in columns if column in CODES]
    texts = tuple(column for column in columns if column in TEXT)
    if not texts:
        return _codes(term, codes)
    return _text(term, texts, codes)


def columns_of(use: int | str | None) -> tuple[str, ...]:
    """Return the columns of a use attribute, of a name of our own, or of none: any."""
    found = NAMED[use] if isinstance(use, str) else USES[use] if use is not None else (ANY,)
    return (*TEXT, *NUMBERS) if found == (ANY,) else found


def _between(term: Term, what: str, digits: int) -> Expression:
    """Return the bounds a year or date stands for; ``1990-1999`` are both of them."""
    low, high = _bounds(term, digits)
    bounds: dict[int | str | None, tuple[int, int]] = {
        _LESS: (_EARLIEST, low - 1),
        _AT_MOST: (_EARLIEST, high),
        _AT_LEAST: (low, _LATEST),
        _GREATER: (high + 1, _LATEST),
    }
    low, high = bounds.get(term.value(AttributeType.RELATION), (low, high))
    return Between(what=what, low=low, high=high)


def _bounds(term: Term, digits: int) -> tuple[int, int]:
    text = term.text.strip()
    if span := _SPAN.fullmatch(text):
        low, high = (found.ljust(digits, "0") for found in span.groups())
        return int(low), int(high[:_YEAR_DIGITS].ljust(digits, "9"))
    given = "".join(re.findall(r"\d", text.rstrip("?*#")))[:digits]
    is_open = len(given) < digits and (given != text or _is_right(term) or digits > _YEAR_DIGITS)
    if not given or (len(given) < digits and not is_open):
        raise MalformedTerm(term.at, term.text)
    return int(given.ljust(digits, "0")), int(given.ljust(digits, "9"))


def _is_right(term: Term) -> bool:
    return term.value(AttributeType.TRUNCATION) in {_RIGHT, _HASH}


def _codes(term: Term, columns: Sequence[str]) -> Expression:
    """Look a number or code up; how it was printed makes no difference."""
    if term.value(AttributeType.TRUNCATION) in _MASKED_TRUNCATION:
        raise TruncationUnsupported(term.at, term.value(AttributeType.TRUNCATION))
    is_right = _is_right(term)
    found = _coded(term.text.rstrip("#") if is_right else term.text, columns, prefix=is_right)
    return Codes(codes=found, prefix=is_right) if found else Nothing()


def _coded(text: str, columns: Sequence[str], *, prefix: bool) -> tuple[tuple[str, str], ...]:
    tokens = [(column, code(column, text)) for column in columns]
    if prefix:
        # An ISBN of ten digits is kept as thirteen, whose first three it may lack.
        tokens += [(name, f"978{token}") for name, token in tokens if name == "isbn" and token]
    return tuple((column, token) for column, token in tokens if token)


def _text(term: Term, columns: tuple[str, ...], codes: Sequence[str]) -> Expression:
    only = _only_marked(term)
    if only and (_is_right(term) or term.value(AttributeType.TRUNCATION) in _MASKED_TRUNCATION):
        # A tone belongs to a whole syllable: what a part of one is with its tone, nobody can say.
        raise TruncationUnsupported(term.at, term.value(AttributeType.TRUNCATION))
    if extent := _extent(term):
        return _heading(term, columns, extent, only=only)
    structure = term.value(AttributeType.STRUCTURE)
    if term.value(AttributeType.TRUNCATION) in _MASKED_TRUNCATION:
        return _masked(term, columns)
    text = term.text.rstrip("#") if _is_right(term) else term.text
    if structure in _ALL_WORDS | _ANY_WORDS:
        pieces = [each for each in text.split() if folded(each)]
        words = [_words(each, columns, codes, term, only=only) for each in pieces]
        return all_of(words) if words and structure in _ALL_WORDS else any_of(words)
    return _words(text, columns, codes, term, only=only)


def _only_marked(term: Term) -> bool:
    """Tell whether only the word with just these marks is wanted: ``/accents=1``."""
    said = [each for each in term.modifiers if each.name in _MARKED]
    for each in said:
        if each.value not in {"", "0", "1"}:
            raise ModifierUnsupported(term.at, f"{each.name}={each.value}")
    return any(each.value != "0" for each in said)


def _words(
    text: str, columns: tuple[str, ...], codes: Sequence[str], term: Term, *, only: bool
) -> Expression:
    words = tuple(marked(text) if only else folded(text))
    if not words:
        return Nothing()
    is_number = any(each.isdecimal() for each in text)
    return Words(
        columns=columns,
        words=words,
        prefix=_is_right(term),
        marked=only,
        codes=_coded(text, codes, prefix=_is_right(term)) if is_number else (),
        exact=() if only or _is_right(term) else tuple(marked(text)),
        has_marks=has_marks(text),
    )


def _extent(term: Term) -> Extent | None:
    """Return how much of a heading is given, None where it may stand anywhere in it."""
    if term.value(AttributeType.COMPLETENESS) in _COMPLETE:
        return Extent.LETTERS if _is_right(term) else Extent.WHOLE
    if term.value(AttributeType.POSITION) == _FIRST:
        return Extent.LETTERS if _is_right(term) else Extent.WORDS
    return None


def _heading(term: Term, columns: tuple[str, ...], extent: Extent, *, only: bool) -> Expression:
    if term.value(AttributeType.TRUNCATION) in _MASKED_TRUNCATION:
        raise TruncationUnsupported(term.at, term.value(AttributeType.TRUNCATION))
    if not set(columns) - {"responsible", "note", "abstract"}:
        raise PositionUnsupported(term.at, term.value(AttributeType.POSITION))
    text = " ".join(marked(term.text) if only else folded(term.text))
    if not text:
        return Nothing()
    whole = Headings(columns=columns, text=text, extent=extent, marked=only)
    if len(text) <= _LONG:
        return whole
    # Of a long heading only the beginning is kept; its words are all there.
    begun = Headings(columns=columns, text=text[:_SURE], extent=Extent.LETTERS, marked=only)
    is_open = extent is Extent.LETTERS
    words = Words(columns=columns, words=tuple(text.split(" ")), prefix=is_open, marked=only)
    return any_of((whole, all_of((begun, words))))


def _masked(term: Term, columns: tuple[str, ...]) -> Expression:
    """Return one word with masks; several words with masks are no phrase of this index."""
    truncation = term.value(AttributeType.TRUNCATION)
    if truncation == _Z3958:
        pattern = _pattern(term)
    else:
        words = folded(term.text)
        if len(words) != 1:
            raise TruncationUnsupported(term.at, truncation)
        pattern = f"*{words[0]}*" if truncation == _BOTH else f"*{words[0]}"
    return Masked(columns=columns, pattern=pattern, at=term.at)


def _pattern(term: Term) -> str:
    """Return a term of Z39.58 as a pattern: there ``#`` is one letter and ``?`` any number."""
    found: list[str] = []
    for piece in _Z3958_PIECE.finditer(term.text):
        meant, mask, text = piece.groups()
        words = [] if mask else folded(meant or text)
        if not mask and (len(words) != 1 or " " in (meant or text)):
            raise TruncationUnsupported(term.at, _Z3958)
        found.append(_MASKS[mask] if mask else words[0])
    return "".join(found)

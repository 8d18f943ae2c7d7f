"""Standard and control numbers in the one form in which they are compared."""

from __future__ import annotations

import re

from stdnum import isbn as isbn_number
from stdnum import issn as issn_number
from stdnum.exceptions import ValidationError

from catalogue.match.tagged import Marc
from catalogue.match.words import bare_set, bare_words, phrase_pattern, remembered, rows
from crosswalks.checkdigits import is_isbn, to_13
from crosswalks.model import Field

_ISBN = re.compile(r"[0-9][0-9 \-\u2010-\u2015]{7,18}[0-9Xx]")
_SET = phrase_pattern(bare_set("set_qualifiers"))
_AGENCIES = {prefix.casefold(): key for prefix, key in rows("agencies")}
_CONTROL = re.compile(r"\(([^)]+)\)\s*(\S.*)")
_NOT_NUMBER = re.compile(r"[\W_]+")
_OCLC = re.compile(r"^(?:ocm|ocn|on)?0*(?=\d)")
_THIRTEEN = 13
_TRADE = {"2": "ismn", "3": "ean", "1": "upc"}
_TRADE_LEAST = 8
_NATIONAL_LEAST = 5
"""Letters and digits a national bibliography number has at least; shorter ones repeat."""


def isbns(record: Marc) -> tuple[str, ...]:
    """Return the valid ISBNs of 020 $a and 024 3_ as ISBN-13, sorted.

    Numbers of a whole set are left out.
    """
    found = {_isbn(field, text) for field in record.data("020") for text in field.all("a")}
    eans = (field for field in record.data("024") if field.indicators[:1] == "3")
    found |= {isbn13(text) for field in eans for text in field.all("a") if text.startswith("978")}
    return tuple(sorted(found - {""}))


def _isbn(field: Field, text: str) -> str:
    match = _ISBN.search(text)
    return "" if match is None or _is_set(text[match.end() :], *field.all("q")) else isbn13(text)


def isbn13(text: str) -> str:
    """Return the first ISBN in a text as 13 digits, or nothing if it is not a valid one."""
    match = _ISBN.search(text)
    number = _as_13(match[0]) if match else ""
    # 0000000000 and the like pass the check digit and identify nothing.
    return number if len(set(number[3:-1])) > 1 else ""


def _as_13(text: str) -> str:
    plain = text.replace("-", "").replace(" ", "").upper()
    if is_isbn(plain):
        return plain if len(plain) == _THIRTEEN else to_13(plain)
    # python-stdnum knows more hyphens, and takes five times as long.
    try:
        return isbn_number.validate(text, convert=True)
    except ValidationError:
        return ""


def _is_set(*qualifiers: str) -> bool:
    said = " ".join(qualifiers)
    return bool(said.strip()) and _names_a_set(said)


@remembered
def _names_a_set(said: str) -> bool:
    return _SET.search(bare_words(said)) is not None


def issns(record: Marc) -> tuple[str, ...]:
    """Return the valid ISSNs of 022 $a, sorted."""
    found = set()
    for text in record.values("022", "a"):
        try:
            found.add(issn_number.validate(text))
        except ValidationError:
            continue
    return tuple(sorted(found))


def trade_numbers(record: Marc) -> tuple[str, ...]:
    """Return the numbers that publishers and shops give, sorted: ISMN, EAN, publisher's number.

    An EAN that is an ISBN is one of ``isbns``.
    """
    found = {
        f"{_TRADE[field.indicators[:1]]}.{number}"
        for field in record.data("024")
        if field.indicators[:1] in _TRADE
        for number in map(squeezed, field.all("a"))
        if len(number) >= _TRADE_LEAST and not number.startswith("978")
    }
    found |= {
        f"pub.{squeezed(field.first('b'))}.{squeezed(field.first('a'))}"
        for field in record.data("028")
        if squeezed(field.first("a")) and squeezed(field.first("b"))
    }
    return tuple(sorted(found))


def national_numbers(record: Marc) -> tuple[str, ...]:
    """Return the national bibliography numbers (015, 016), sorted, each after its agency."""
    found = {
        f"{squeezed(field.first('2'))}.{number}"
        for field in record.data("015", "016")
        for number in map(squeezed, field.all("a"))
        if len(number) >= _NATIONAL_LEAST and not number.isalpha()
    }
    return tuple(sorted(found))


def control_numbers(record: Marc) -> tuple[str, ...]:
    """Return the numbers of 035 $a that mean the same record everywhere, sorted."""
    found = set()
    for text in record.values("035", "a"):
        match = _CONTROL.match(text)
        agency = _AGENCIES.get(match[1].strip().casefold(), "") if match else ""
        number = squeezed(match[2]) if match else ""
        if agency and number:
            found.add(f"{agency}.{_OCLC.sub('', number) if agency == 'oclc' else number}")
    return tuple(sorted(found))


def squeezed(text: str) -> str:
    """Return a number without what is no letter and no digit, in small letters."""
    return _NOT_NUMBER.sub("", text).casefold()

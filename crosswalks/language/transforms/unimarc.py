"""Transforms that know UNIMARC: its coded data, its own fields, what only it can hold."""

from __future__ import annotations

from crosswalks import tables
from crosswalks.identifiers import isbn_of, issn_of
from crosswalks.language.errors import Misplaced
from crosswalks.language.lookup import table
from crosswalks.language.syntax import Argument
from crosswalks.language.transforms.registry import OnValue, of_field, value
from crosswalks.model import Field, Subfield

_NOT_LOCAL = ("490", "590")
"""Of MARC 21 the first is no library's own; the second is UNIMARC's 830."""
_FILL = "|"
"""No attempt to code: the same in both, but that a leader must not have it."""
_OF_LEADER = ("status", "type", "level", "part", "encoding")


def _coded() -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    there: dict[str, dict[str, str]] = {}
    back: dict[str, dict[str, str]] = {}
    for element, unimarc, marc21, _ in tables.rows("unimarc-coded.tsv"):
        there.setdefault(element, {})[unimarc] = marc21
        if marc21:
            back.setdefault(element, {}).setdefault(marc21, unimarc)
    return there, back


_TO_MARC21, _TO_UNIMARC = _coded()
_MAPPED = frozenset(row[0] for row in tables.rows("unimarc-fields.tsv"))


@value("coded")
def _to_marc21(element: Argument) -> OnValue:
    """Give MARC 21's codes for UNIMARC's in an ELEMENT of the table unimarc-coded, one by one."""
    return _translated(element, _TO_MARC21)


@value("uncoded")
def _to_unimarc(element: Argument) -> OnValue:
    """Give UNIMARC's codes for MARC 21's in an ELEMENT of the table unimarc-coded, one by one."""
    return _translated(element, _TO_UNIMARC)


def uncoded(element: str, codes: str) -> str:
    """Return UNIMARC's codes for those of MARC 21, without those that it does not have."""
    known = _TO_UNIMARC[element]
    return "".join([_FILL if code == _FILL else known.get(code, "") for code in codes])


def _translated(element: Argument, direction: dict[str, dict[str, str]]) -> OnValue:
    codes = direction.get(element.text)
    if codes is None:
        known = ", ".join(sorted(direction))
        raise Misplaced(
            element.column, "{text} is none of: {known}", text=element.text, known=known
        )
    letters = codes if element.text in _OF_LEADER else {_FILL: _FILL, **codes}
    return lambda text: "".join([letters.get(letter, "") for letter in text])


@value("lookup-back")
def _lookup_back(table_: Argument) -> OnValue:
    """Give the first key of a TABLE that has this value; drop values that it has not."""
    keys: dict[str, str] = {}
    for key, found in table(table_).items():
        keys.setdefault(found, key)
    return lambda text: keys.get(text, "")


@value("no-isbn")
def _no_isbn() -> OnValue:
    """Keep what does not begin with a right ISBN."""
    return lambda text: "" if isbn_of(text) else text


@value("no-issn")
def _no_issn() -> OnValue:
    """Keep what does not begin with a right ISSN."""
    return lambda text: "" if issn_of(text) else text


@of_field("local")
def _local(field: Field) -> tuple[Subfield, ...]:
    """Keep a field as it is if its tag is left to libraries (a 9 in it); drop it if not."""
    return field.subfields if _is_local(field.tag) else ()


@of_field("foreign")
def _foreign(field: Field) -> tuple[Subfield, ...]:
    """Make a field of another MARC (886) of one for which MARC 21 has no place."""
    if field.tag in _MAPPED or _is_local(field.tag) or not field.subfields:
        return ()
    return (("a", field.tag), ("b", f"{field.indicators:2.2}"), *field.subfields)


def _is_local(tag: str) -> bool:
    return tag not in _NOT_LOCAL and (tag[:1] == "9" or tag[1:2] == "9")

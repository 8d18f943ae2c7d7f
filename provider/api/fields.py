"""A merged record in plain fields, for those who do not read MARC."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from catalogue.search.document import year_of
from catalogue.search.material import material
from crosswalks.identifiers import isbn_of, issn_of
from crosswalks.model import Field, Record

_MARKS = " /:;,="
"""ISBD marks that lead over to the next element, which does not stand beside this one."""
_NAMES = ("100", "110", "111", "700", "710", "711")
_SUBJECTS = ("600", "610", "611", "630", "650", "651", "653")
_CODE = 3
_SPOKEN = slice(35, 38)


def plain(record: Record) -> Mapping[str, Any]:
    """Return what a record says, by names of our own; empty where it says nothing."""
    year = year_of(record)
    return {
        "title": _first(record, ("245",), "abnp"),
        "responsibility": _first(record, ("245",), "c"),
        "authors": _all(record, _NAMES, "abcdnq"),
        "edition": _first(record, ("250",), "ab"),
        "publication": _first(record, ("264", "260"), "abc"),
        "year": year or None,
        "extent": _first(record, ("300",), "abce"),
        "series": _all(record, ("490",), "av"),
        "material": material(record),
        "languages": _languages(record),
        "isbn": _once(map(isbn_of, record.values("020", "a"))),
        "issn": _once(map(issn_of, record.values("022", "a"))),
        "subjects": _all(record, _SUBJECTS, "abcdtvxyz", " – "),
        "summary": _first(record, ("520",), "ab"),
        "links": _once(record.values("856", "u")),
    }


def _first(record: Record, tags: Sequence[str], codes: str) -> str:
    for tag in tags:
        if found := _all(record, (tag,), codes):
            return found[0]
    return ""


def _all(record: Record, tags: Sequence[str], codes: str, between: str = " ") -> list[str]:
    return _once(_said(each, codes, between) for each in record.data(*tags))


def _said(field: Field, codes: str, between: str) -> str:
    return between.join(field.all(codes)).rstrip(_MARKS)


def _once(values: Iterable[str]) -> list[str]:
    return [value for value in dict.fromkeys(values) if value]


def _languages(record: Record) -> list[str]:
    """Return codes of languages, that of the text first (MARC 21 008/35-37, 041 $a)."""
    spoken = record.control("008")[_SPOKEN]
    told = [spoken] if len(spoken) == _CODE and spoken.isalpha() else []
    for value in record.values("041", "a"):
        told += [value[at : at + _CODE] for at in range(0, len(value), _CODE)]
    return _once(told)

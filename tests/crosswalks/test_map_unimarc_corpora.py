"""All UNIMARC and RUSMARC records at hand: mapped to MARC 21, found valid, and mapped back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from lxml import etree

from crosswalks import crosswalk
from crosswalks.check import check
from crosswalks.formats import marcxml
from crosswalks.identifiers import isbn_of
from crosswalks.model import Field, Record, Schema, Severity
from crosswalks.text import fold
from support.unimarc import corpus

_NAMES = ("700", "701", "702", "710", "711", "712", "720", "721", "722")
_SUBJECTS = ("600", "601", "606", "607", "610")


class Trip(NamedTuple):
    """A record, what it is in MARC 21, and what has come back of it."""

    source: Record
    pivot: Record
    back: Record


@pytest.fixture(scope="module")
def trips(shared: Path) -> list[Trip]:
    found = []
    for source in corpus(shared):
        pivot = crosswalk.to_pivot(source)
        found.append(Trip(source, pivot, crosswalk.from_pivot(pivot, Schema.UNIMARC)))
    return found


def test_no_record_has_an_error(trips):
    errors = [
        problem
        for trip in trips
        for problem in check(trip.pivot)
        if problem.severity is Severity.ERROR
    ]

    assert len(trips) == 474
    assert errors == []


def test_warnings_are_only_about_what_was_delivered_so(trips):
    codes = {
        problem.code
        for trip in trips
        for problem in check(trip.pivot)
        if problem.severity is Severity.WARNING
    }

    # Codes of four letters, 1980 before 0001, a record without 200, relators that are none.
    assert codes <= {"bad-041", "bad-date", "missing-title", "unknown-relator"}


def test_all_are_valid_marcxml(trips, shared: Path):
    schema = etree.XMLSchema(file=str(next((shared / "data/xsd").rglob("MARC21slim.xsd"))))

    invalid = [
        trip.source.control("001")
        for trip in trips
        if not schema.validate(etree.fromstring(marcxml.write(trip.pivot)))
    ]

    assert invalid == []


def test_no_word_is_lost_of_titles_names_imprints_and_subjects(trips):
    tags = ("200", "210", "215", *_NAMES, "606", "607")
    lost = [
        word
        for trip in trips
        for word in set(_words(trip.source.data(*tags), "abcdefghixyz"))
        - set(_words(_fields(trip.pivot), ""))
        if word.isalpha()
    ]

    assert lost == []


@pytest.mark.parametrize(
    ("what", "least"),
    [("title", 470), ("names", 474), ("imprint", 473), ("isbn", 474), ("subjects", 472)],
)
def test_what_matters_comes_back_the_same(trips, what, least):
    same = sum(_KEPT[what](trip.source) == _KEPT[what](trip.back) for trip in trips)

    assert same >= least


def test_languages_and_countries_come_back(trips):
    languages = sum(
        trip.source.values("101", "a") == trip.back.values("101", "a") for trip in trips
    )
    countries = sum(
        trip.source.values("102", "a") == trip.back.values("102", "a") for trip in trips
    )

    assert (languages, countries) >= (472, 473)


def _fields(record: Record) -> list[Field]:
    return [each for each in record.fields if isinstance(each, Field)]


def _words(fields: Iterable[Field], codes: str) -> list[str]:
    text = " ".join(
        value for field in fields for code, value in field.subfields if not codes or code in codes
    )
    return fold(text).split()


def _of(tags: tuple[str, ...], codes: str) -> Callable[[Record], object]:
    def found(record: Record) -> object:
        each = [_words([field], codes) for field in record.data(*tags)]
        return sorted(words for words in each if words)

    return found


def _title(record: Record) -> list[str]:
    return [word for word in _words(record.data("200"), "aefghi") if not word.isdigit()]


_KEPT: dict[str, Callable[[Record], object]] = {
    "title": _title,
    "names": _of(_NAMES, "abcdf"),
    "imprint": _of(("210",), "acd"),
    "isbn": lambda record: sorted(filter(None, map(isbn_of, record.values("010", "a")))),
    "subjects": _of(_SUBJECTS, "abfgjxyz"),
}

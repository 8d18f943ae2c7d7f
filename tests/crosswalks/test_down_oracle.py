"""MARC 21 to Dublin Core beside the Library of Congress' own stylesheet, element by element.

Every element that only one of the two gives has to be explained by a difference written here, and
each difference has to occur as often as is written: none may grow or fade away unseen.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from crosswalks.crosswalk import from_pivot, to_pivot
from crosswalks.formats import marcxml, oai_dc
from crosswalks.model import Field, Record, Schema
from crosswalks.text import fold

THEIRS, OURS = "only theirs", "only ours"


class Case(NamedTuple):
    """One element that only one side gives: the record, the text, and what the other side has."""

    marc: Record
    text: str
    others: dict[str, list[str]]


class Difference(NamedTuple):
    """A difference that is meant, with its reason and how often it occurs."""

    side: str
    element: str
    count: int
    reason: str
    explains: Callable[[Case], bool]


def of(*elements: str) -> Callable[[Case], bool]:
    """Tell whether the other side has it in one of these elements, longer or shorter."""
    return lambda case: any(
        alike(case.text, other) for name in elements for other in case.others.get(name, [])
    )


def alike(one: str, other: str) -> bool:
    shorter, longer = sorted((bare(one), bare(other)), key=len)
    return bool(shorter) and f" {shorter} " in f" {longer} "


def bare(text: str) -> str:
    return " ".join(re.sub(r"^880 \d\d ?|\b(?:microform|electronic resource)\b", "", text).split())


def standing_in(*tags: str) -> Callable[[Case], bool]:
    """Tell whether all its words are in one of these fields of the record, or in an 880."""

    def stands(case: Case) -> bool:
        words = set(case.text.split())
        return any(words <= set(in_words(field)) for field in case.marc.data(*tags, "880"))

    return stands


def in_words(field: Field) -> list[str]:
    return fold(" ".join(value for _, value in field.subfields)).split()


def run_together(case: Case) -> bool:
    return any(case.text in value for value in case.marc.values("041", "a"))


def same_year(case: Case) -> bool:
    years = set(re.findall(r"\d{4}", " ".join(case.others.get("date", []))))
    return bool(years & set(re.findall(r"\d{4}", case.text)))


def anything(_: Case) -> bool:
    return True


def numbered_in(*tags: str) -> Callable[[Case], bool]:
    """Tell whether it ends with a number that stands in one of these fields."""
    return lambda case: any(
        case.text.endswith(fold(value)) for tag in tags for value in case.marc.values(tag, "a")
    )


def is_bare_prefix(case: Case) -> bool:
    return case.text == "urn isbn"


NOTES = (
    *("501", "503", "507", "508", "510", "511", "513", "515", "521", "525", "530", "533", "536"),
    *("538", "550", "555", "561", "562", "580", "583", "585", "586", "588", "590", "591", "599"),
)

DIFFERENCES = (
    Difference(THEIRS, "creator", 714, "every 7XX; we tell contributors", of("contributor")),
    Difference(THEIRS, "creator", 52, "$e $t $0 and $6 run into the name", of("creator")),
    Difference(THEIRS, "creator", 2, "subfields run into one word", anything),
    Difference(THEIRS, "title", 28, "$h is no title; $n and $p are part of it", of("title")),
    Difference(THEIRS, "subject", 1165, "$a alone; we keep subdivisions", of("subject")),
    Difference(THEIRS, "date", 257, "260 $c as printed; we give the year", same_year),
    Difference(THEIRS, "date", 15, "260 $c where 008 has another year", standing_in("260")),
    Difference(THEIRS, "publisher", 826, "place and name as one", of("publisher")),
    Difference(THEIRS, "publisher", 8, "a place alone is no publisher", standing_in("260")),
    Difference(THEIRS, "identifier", 169, "what stands behind an ISBN", of("identifier")),
    Difference(THEIRS, "identifier", 12, "URN:ISBN: with no number", is_bare_prefix),
    Difference(THEIRS, "type", 70, "655 with $2 and $0 run into it", of("type")),
    Difference(THEIRS, "type", 1, "collection and kind run together", anything),
    Difference(
        THEIRS, "description", 122, "notes on copies, editions, access", standing_in(*NOTES)
    ),
    Difference(OURS, "contributor", 749, "theirs has no contributors", anything),
    Difference(OURS, "creator", 53, "names without $e, $0 and $6", of("creator")),
    Difference(OURS, "creator", 25, "names in their own script", standing_in("100", "110")),
    Difference(OURS, "title", 28, "with $n and $p, without $h", of("title")),
    Difference(OURS, "title", 50, "titles in their own script", standing_in("245")),
    Difference(OURS, "subject", 1227, "with subdivisions", of("subject")),
    Difference(OURS, "subject", 7, "648, 653, and other scripts", standing_in("648", "653")),
    Difference(OURS, "date", 257, "the year alone", same_year),
    Difference(OURS, "date", 62, "264 is read", standing_in("264")),
    Difference(
        OURS, "date", 22, "008 alone tells", lambda case: case.text in case.marc.control("008")
    ),
    Difference(OURS, "publisher", 888, "without its place", of("publisher")),
    Difference(OURS, "publisher", 82, "264 is read", standing_in("264")),
    Difference(OURS, "identifier", 168, "an ISBN alone", of("identifier")),
    Difference(OURS, "identifier", 2, "022 is read", numbered_in("022")),
    Difference(OURS, "type", 66, "655 $a alone, the kind alone", of("type")),
    Difference(OURS, "type", 1, "the kind alone", anything),
    Difference(
        OURS, "description", 70, "545, 546 and other scripts", standing_in("505", "545", "546")
    ),
    Difference(OURS, "language", 41, "every code of 041, also run together", run_together),
    Difference(OURS, "format", 897, "300 is read", standing_in("300")),
    Difference(OURS, "relation", 128, "490 is read", standing_in("490")),
    Difference(OURS, "coverage", 429, "651 and 522 are read", standing_in("651", "522")),
)


def cases(shared: Path) -> Iterator[tuple[str, str, Case]]:
    """Yield what only one side gives of the 900 records, by side and element."""
    path = shared / "data/corpora/crosswalk-oracles/oracle.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            marc = marcxml.read(row["marcxml"].encode())
            theirs = told(oai_dc.read(row["oai_dc_loc"].encode()))
            ours = told(from_pivot(to_pivot(marc), Schema.OAI_DC))
            yield from one_sided(THEIRS, marc, theirs, ours)
            yield from one_sided(OURS, marc, ours, theirs)


def one_sided(
    side: str, marc: Record, mine: dict[str, list[str]], others: dict[str, list[str]]
) -> Iterator[tuple[str, str, Case]]:
    for element, texts in mine.items():
        for text in texts:
            if text not in others.get(element, []):
                yield side, element, Case(marc, text, others)


def told(record: Record) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for field in record.fields:
        if text := fold(field[2]):
            found.setdefault(field[0].removeprefix("dc:"), []).append(text)
    return found


@pytest.fixture(scope="module")
def explained(shared: Path) -> tuple[Counter[Difference], list[tuple[str, str, str]]]:
    """Return how often each difference occurs, and what none explains."""
    counts: Counter[Difference] = Counter()
    left = []
    for side, element, case in cases(shared):
        for difference in DIFFERENCES:
            if difference[:2] == (side, element) and difference.explains(case):
                counts[difference] += 1
                break
        else:
            left.append((side, element, case.text))
    return counts, left


def test_nothing_differs_that_is_not_explained(explained):
    assert explained[1] == []


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda each: f"{each[1]}: {each[3]}")
def test_each_difference_is_as_frequent_as_is_written(explained, difference):
    assert explained[0][difference] == difference.count

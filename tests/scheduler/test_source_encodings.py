"""A source in an encoding from before Unicode: its records come out as they were meant."""

from __future__ import annotations

import pytest

from catalogue.model import Source
from crosswalks.encodings import Encoding, Evidence
from crosswalks.formats import marcxml
from crosswalks.model import Page, RawRecord
from scheduler.encodings import encoding_of, judged
from scheduler.mapping import map_page
from support.legacy import WORDS, misread
from support.marc import marc

TITLES = [" ".join(WORDS[start : start + 4]) for start in range(0, len(WORDS), 4)]


def source(encoding: str) -> Source:
    return Source(
        name="s1", library="VN-X", protocol="oai-pmh", url="http://x.vn/oai", encoding=encoding
    )


def page(*titles: str) -> Page:
    records = tuple(
        RawRecord(
            identifier=f"{at}", position=at, body=marcxml.write(marc(f"245 00 $a{title}$cHà"))
        )
        for at, title in enumerate(titles)
    )
    return Page(number=1, url="", records=records, next_checkpoint={}, raw=b"", last=True)


def repaired(given: Page, encoding: str, pooled: Evidence | None = None) -> list[str]:
    """Return the samples of what was repaired, record by record."""
    mapped = map_page(given, source(encoding), (), pooled or Evidence())
    return [
        problem.sample
        for position in sorted(mapped.problems)
        for problem in mapped.problems[position]
        if problem.code == "repaired-encoding"
    ]


@pytest.mark.parametrize("name", ["tcvn3", "vni", "viscii", "vps", "cp1258", "cp1252-as-utf-8"])
@pytest.mark.parametrize("setting", ["named", "auto"])
def test_a_legacy_source_is_repaired_by_its_setting_and_by_what_it_shows(name, setting):
    seen = [misread(title, Encoding(name)) for title in TITLES]

    assert repaired(page(*seen), name if setting == "named" else "auto") == [
        text[:60] for text in seen
    ]


@pytest.mark.parametrize("name", ["", "utf-8", "UTF-8", "auto"])
def test_a_sound_source_is_left_as_it_is(name):
    assert repaired(page(*TITLES, "Crème brûlée"), name) == []
    assert encoding_of(judged(source(name), page(*TITLES), Evidence())) is None


def test_a_short_page_is_decided_by_the_pages_before_it():
    seen = [misread(title, Encoding.VNI) for title in TITLES]
    pooled = Evidence()

    assert repaired(page(seen[0]), "auto") == []
    assert repaired(page(*seen[1:]), "auto", pooled) != []
    assert repaired(page(seen[0]), "auto", pooled) == [seen[0]]

"""Records to test formats with: made up by hypothesis, and read from the shared corpora."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, cast

from hypothesis import strategies as st

from crosswalks.formats import iso2709
from crosswalks.model import Control, Element, Field, Record, Schema

LEADER = "00000nam a2200000 a 4500"
TEXT = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn", "Cc"]), max_size=20)
CONTROLS = st.builds(Control, st.sampled_from(["001", "003", "005", "008"]), TEXT)
INDICATORS = st.text("0123456789 ", min_size=2, max_size=2)
SUBFIELDS = st.lists(st.tuples(st.sampled_from("abcdxyz0289"), TEXT), min_size=1, max_size=4)
FIELDS = st.builds(
    Field, st.sampled_from(["020", "100", "245", "880", "9AZ"]), INDICATORS, SUBFIELDS.map(tuple)
)
ELEMENTS = st.builds(
    Element,
    st.sampled_from(["dc:title", "dc:creator", "dc:date", "dc:identifier", "dc:type", "dc:format"]),
    st.sampled_from([(), (("xml:lang", "vi"),)]),
    TEXT,
    st.just(()),
)


def marc_record(controls: list[Control], fields: list[Field]) -> Record:
    """Return a MARC 21 record with a sound leader."""
    return Record(schema=Schema.MARC21, leader=LEADER, fields=(*controls, *fields))


def dc_record(elements: list[Element]) -> Record:
    """Return an oai_dc record."""
    return Record(schema=Schema.OAI_DC, fields=tuple(elements))


MARC_RECORDS = st.builds(
    marc_record, st.lists(CONTROLS, max_size=3), st.lists(FIELDS, min_size=1, max_size=6)
)
DC_RECORDS = st.builds(dc_record, st.lists(ELEMENTS, min_size=1, max_size=8))


def loc_books(shared: Path, count: int) -> list[bytes]:
    """Return the first records of the Library of Congress' set, as ISO 2709."""
    [path] = (shared / "data/corpora/loc-books").glob("*.mrc.gz")
    with gzip.open(path) as stream:
        return list(first(cast(IO[bytes], stream), count))


def gpo_states(shared: Path, count: int) -> list[bytes]:
    """Return the first records of one state's set of government publications, as ISO 2709."""
    path = min((shared / "data/corpora/gpo-states").glob("Ohio*.zip"))
    with zipfile.ZipFile(path) as archive, archive.open(archive.namelist()[0]) as stream:
        return list(first(stream, count))


def hcmut(shared: Path, count: int) -> list[bytes]:
    """Return the first records of a Vietnamese university library, as ISO 2709."""
    with (shared / "data/corpora/vn-hcmut/book3part0final.mrc").open("rb") as stream:
        return list(first(stream, count))


def first(stream: IO[bytes], count: int) -> Iterator[bytes]:
    """Yield the first records of a stream of ISO 2709."""
    return (data for _, data in islice(iso2709.split(stream), count))

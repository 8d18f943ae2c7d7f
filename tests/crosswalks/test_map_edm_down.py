"""MARC 21 to EDM, judged by what Europeana asks of providers, and by going there and back."""

from __future__ import annotations

import zipfile
from collections import Counter
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from lxml import etree

from crosswalks import crosswalk
from crosswalks.errors import FormatError
from crosswalks.formats import edm, marcxml
from crosswalks.model import Element, Record, Schema
from support.elements import real_files
from support.marc import BOOK, marc, records

ABOUT, RESOURCE = "rdf:about", "rdf:resource"
CHO, AGGREGATION = "edm:ProvidedCHO", "ore:Aggregation"
TYPES = {"TEXT", "IMAGE", "SOUND", "VIDEO", "3D"}
SUBJECTS = {"dc:subject", "dc:type", "dcterms:spatial", "dcterms:temporal"}
LICENCE = "http://creativecommons.org/licenses/by/4.0/"


def down(*lines: str, leader: str = BOOK) -> Record:
    return crosswalk.from_pivot(marc(*lines, leader=leader), Schema.EDM)


def told(record: Record, name: str, *properties: str) -> list[str]:
    """Return what the elements of a class say: texts, or where they point."""
    found = [element for element in record.fields if element[0] == name]
    assert all(isinstance(element, Element) for element in found)
    return [
        child.text or dict(child.attributes).get(RESOURCE, "")
        for element in found
        for child in element.children
        if child.name in properties
    ]


def missing(record: Record) -> set[str]:
    """Return which of Europeana's rules a record breaks that MARC can always keep."""
    found = set()
    objects = [dict(each.attributes)[ABOUT] for each in record.fields if each[0] == CHO]
    if told(record, AGGREGATION, "edm:aggregatedCHO") != objects or len(objects) != 1:
        found.add("one object")
    if not told(record, CHO, "dc:title", "dc:description"):
        found.add("title or description")
    if not told(record, CHO, *SUBJECTS):
        found.add("subject, type, place or period")
    kinds = told(record, CHO, "edm:type")
    if len(kinds) != 1 or not TYPES.issuperset(kinds):
        found.add("type")
    for name in ("edm:isShownAt", "edm:isShownBy", "edm:rights", "edm:dataProvider"):
        if len(told(record, AGGREGATION, name)) > 1:
            found.add(name)
    return found


def test_an_object_is_told_with_who_shows_it_where():
    record = down(
        *("001 vd1", "003 LT", "008 190601s2018    vm            000 0 vie d"),
        *("040 __ $aTVX", "245 00 $aTruyện kể :$bdân gian", "852 __ $aTVH"),
        *("540 __ $fCC BY$u" + LICENCE, "856 40 $uhttp://a.vn/1", "856 40 $uhttp://a.vn/1.pdf"),
        "856 42 $uhttp://a.vn/1.jpg$3Thumbnail",
    )

    assert told(record, CHO, "dc:title", "dcterms:issued", "dc:language", "edm:type") == [
        *("Truyện kể : dân gian", "2018", "vi", "TEXT")
    ]
    assert [(each.name, dict(each.attributes)) for each in record.fields[:1]] == [
        (CHO, {ABOUT: "http://a.vn/1"})
    ]
    properties = ("edm:dataProvider", "edm:provider", "edm:isShownAt", "edm:isShownBy")
    assert told(record, AGGREGATION, *properties, "edm:object", "edm:rights") == [
        *("TVH", "http://a.vn/1", "http://a.vn/1.pdf", "http://a.vn/1.jpg", "LT", LICENCE)
    ]


def test_what_marc_does_not_tell_is_left_out():
    record = down("245 00 $aT")

    assert [child.name for child in record.fields[1].children] == ["edm:aggregatedCHO"]


def test_who_keeps_a_thing_is_its_provider_and_had_no_part_in_making_it():
    record = down("040 __ $aX", "245 00 $aTrống đồng", "710 2_ $aBảo tàng Y$4rps")

    assert told(record, AGGREGATION, "edm:dataProvider") == ["Bảo tàng Y"]
    assert told(record, CHO, "dc:contributor") == []


@pytest.mark.parametrize(
    ("kind", "made"), [("a", "TEXT"), ("e", "IMAGE"), ("j", "SOUND"), ("g", "VIDEO"), ("r", "3D")]
)
def test_the_kind_of_material_is_one_of_five(kind: str, made: str):
    record = down("245 00 $aT", leader=f"00000n{kind}m a2200000 a 4500")

    assert told(record, CHO, "edm:type") == [made]


def test_names_and_subjects_with_addresses_are_things_of_their_own():
    record = down(
        *("100 1_ $aLê A$d1950-2001$1http://a.vn/le", "245 10 $aT"),
        *("650 _7 $aMạng$0http://a.vn/mang", "651 _7 $aHuế$0(X)123", "650 _7 $aThơ$0(X)4"),
    )

    assert [(each.name, dict(each.attributes)[ABOUT]) for each in record.fields[2:]] == [
        ("edm:Agent", "http://a.vn/le"),
        ("skos:Concept", "http://a.vn/mang"),
    ]
    assert told(record, CHO, "dc:creator") == ["Lê A 1950-2001", "http://a.vn/le"]
    assert told(record, "edm:Agent", "skos:prefLabel", "edm:begin", "edm:end") == [
        *("Lê A 1950-2001", "1950", "2001")
    ]


@given(records)
def test_any_record_keeps_the_rules_and_can_be_written(record: Record):
    made = crosswalk.from_pivot(record, Schema.EDM)

    assert missing(made) <= {"title or description"}
    assert edm.read(edm.write(made)).schema is Schema.EDM


@pytest.fixture
def schema(shared: Path, tmp_path: Path) -> etree.XMLSchema:
    """Give Europeana's own schema of what providers deliver."""
    found = (shared / "data/corpora/europeana-metis").rglob("test_schema.zip")
    with zipfile.ZipFile(next(iter(found))) as packed:
        packed.extractall(tmp_path)
    return etree.XMLSchema(etree.parse(tmp_path / "EDM.xsd"))


def test_a_record_with_all_that_is_asked_is_valid_by_the_schema(schema: etree.XMLSchema):
    record = down(
        *("001 vd1", "003 LT", "008 190601s2018    vm            000 0 vie d", "040 __ $aTVX"),
        *("100 1_ $aLê A$d1950-2001$1http://a.vn/le", "245 10 $aT", "260 __ $aH. :$bX,$c2018"),
        *("540 __ $u" + LICENCE, "648 _7 $a1975$1http://a.vn/75", "650 _7 $aM$0http://a.vn/m"),
        *("651 _7 $aHuế$1http://a.vn/hue", "773 0_ $tTạp chí$x1859-4581", "856 42 $uhttp://a.vn/3"),
        f"856 40 $uhttp://a.vn/1$qapplication/pdf$r{LICENCE}",
        *("856 40 $uhttp://a.vn/1.pdf", "856 40 $uhttp://a.vn/2.pdf", "856 40 $uhttp://a.vn/2"),
    )

    assert not faults(record, schema)


def faults(record: Record, schema: etree.XMLSchema) -> set[str]:
    schema.validate(etree.fromstring(edm.write(record)))
    return {error.message for error in schema.error_log}


def test_real_records_keep_the_rules_and_lack_only_what_marc_does_not_tell(shared, schema):
    found: Counter[str] = Counter()
    faulty: set[str] = set()
    with (shared / "data/corpora/koha-misc4dev/koha-demo.marcxml").open("rb") as stream:
        for _, piece in marcxml.split(stream):
            record = crosswalk.from_pivot(marcxml.read(piece), Schema.EDM)
            found.update(missing(record) or {"none"})
            faulty |= faults(record, schema)

    assert (found["none"], set(found)) == (435, {"none"})
    assert {text for text in faulty if "Aggregation': Missing child" not in text} == set()


def test_what_went_up_comes_down_again(shared):
    kept = round_trips(pieces(shared))

    assert kept["records"] > 1_500
    for aspect in ("title", "creator", "date", "type", "link"):
        assert kept[aspect] == kept[f"{aspect} told"], (aspect, kept)


def pieces(shared: Path) -> Iterator[bytes]:
    for data in real_files(shared, edm):
        yield from (piece for _, piece in edm.split(BytesIO(data)))


def round_trips(found: Iterator[bytes]) -> Counter[str]:
    """Count for each aspect how many records told it, and how many tell the same after MARC."""
    kept: Counter[str] = Counter()
    for piece in found:
        try:
            before = crosswalk.to_pivot(edm.read(piece))
        except FormatError:
            continue
        after = crosswalk.to_pivot(crosswalk.from_pivot(before, Schema.EDM))
        kept["records"] += 1
        for aspect, values in aspects(before).items():
            kept[f"{aspect} told"] += bool(values)
            kept[aspect] += bool(values) and values <= aspects(after)[aspect]
    return kept


def aspects(record: Record) -> dict[str, set[str]]:
    """Return what a MARC record says of the things that have to survive."""
    year = record.control("008")[7:11]
    return {
        "title": {title.strip(" ./:;,") for title in record.values("245", "a")},
        "creator": set(record.values("100", "a") + record.values("110", "a")),
        "date": {year} - {"uuuu", "    ", "||||"},
        "type": {record.leader[6]},
        "link": set(record.values("856", "u")),
    }

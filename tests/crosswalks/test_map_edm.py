from __future__ import annotations

from hypothesis import given

from crosswalks import crosswalk
from crosswalks.check import check
from crosswalks.errors import FormatError
from crosswalks.formats import edm
from crosswalks.model import Element, Record, Schema
from support.dublin import fields, records

ABOUT, RESOURCE = "rdf:about", "rdf:resource"
CHO = "http://example.vn/cho/1"


def pointing(name: str, at: str) -> Element:
    return Element(name, ((RESOURCE, at),), "")


def up(*classes: Element) -> Record:
    return crosswalk.to_pivot(Record(schema=Schema.EDM, fields=classes))


def provided(*children: Element) -> Element:
    return Element("edm:ProvidedCHO", ((ABOUT, CHO),), "", children)


def test_what_is_pointed_at_is_called_by_its_label():
    names = (
        Element("skos:prefLabel", (("xml:lang", "en"),), "Van Mieu"),
        Element("skos:prefLabel", (("xml:lang", "vi"),), "Văn Miếu"),
    )
    record = up(
        provided(
            Element("dc:title", (), "Bia tiến sĩ"),
            pointing("dcterms:spatial", "#p"),
            pointing("dc:creator", "#nobody"),
        ),
        Element("edm:Place", ((ABOUT, "#p"),), "", names),
    )

    assert fields(record) == ["245 00 $aBia tiến sĩ", "651 _4 $aVăn Miếu"]


def test_an_object_is_shown_by_its_provider():
    shown = (
        pointing("edm:isShownAt", "http://example.vn/1"),
        pointing("edm:object", "http://example.vn/1.jpg"),
        Element("edm:dataProvider", (), "Bảo tàng X"),
        pointing("edm:rights", "http://creativecommons.org/publicdomain/mark/1.0/"),
    )
    record = up(
        provided(Element("dc:title", (), "Trống đồng"), Element("edm:type", (), "IMAGE")),
        Element("ore:Aggregation", (), "", shown),
    )

    licence = "http://creativecommons.org/publicdomain/mark/1.0/"
    assert record.leader[6:8] == "km"
    assert fields(record) == [
        "245 00 $aTrống đồng",
        "336 __ $astill image$bsti$2rdacontent",
        f"540 __ $fPDM 1.0$u{licence}$2cc",
        "710 2_ $aBảo tàng X$4rps",
        f"856 40 $uhttp://example.vn/1$r{licence}",
        "856 42 $uhttp://example.vn/1.jpg$3Thumbnail",
    ]
    assert check(record) == ()


def test_the_flat_forerunner_is_understood_as_well():
    record = up(
        Element("dc:title", (), "Cổng làng"),
        Element("europeana:type", (), "TEXT"),
        Element("europeana:isShownAt", (), "http://example.vn/2"),
    )

    assert fields(record, "245", "856") == ["245 00 $aCổng làng", "856 40 $uhttp://example.vn/2"]


def test_every_real_record_gives_marc_that_passes_its_own_check(shared):
    folder = shared / "data/corpora/europeana-metis"
    found: dict[str, set[str]] = {}
    for path in sorted(folder.rglob("*.xml")):
        if b"ProvidedCHO" not in path.read_bytes():
            continue
        with path.open("rb") as stream:
            for _, piece in edm.split(stream):
                found.setdefault(path.name, set()).update(codes(piece))

    assert len(found) > 20
    assert set().union(*found.values()) <= {"missing-title", "unreadable"}


def codes(piece: bytes) -> set[str]:
    try:
        record = edm.read(piece)
    except FormatError:
        return {"unreadable"}
    return {problem.code for problem in check(crosswalk.to_pivot(record))}


@given(
    records(
        Schema.EDM,
        *("dc:title", "dcterms:alternative", "dc:creator", "dc:date", "dc:type", "dc:identifier"),
        *("europeana:isShownAt", "europeana:object", "europeana:rights", "europeana:type"),
    )
)
def test_any_ese_gives_marc_that_passes_its_own_check(record):
    found = {problem.code for problem in check(crosswalk.to_pivot(record))}

    assert found <= {"missing-title", "damaged-text"}

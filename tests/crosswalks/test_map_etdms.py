from __future__ import annotations

from hypothesis import given

from crosswalks import crosswalk
from crosswalks.check import check
from crosswalks.model import Element, Record, Schema
from support.dublin import fields, records


def degree(name: str, level: str, discipline: str, grantor: str) -> Element:
    told = {"name": name, "level": level, "discipline": discipline, "grantor": grantor}
    children = tuple(Element(f"thesis:{part}", (), text) for part, text in told.items() if text)
    return Element("thesis:degree", (), "", children)


def etdms(*elements: Element) -> Record:
    return crosswalk.to_pivot(Record(schema=Schema.ETDMS, fields=elements))


def test_a_degree_makes_a_thesis_note_and_a_thesis():
    record = etdms(
        Element("dc:title", (), "Lúa nước"),
        Element("dc:creator", (), "Lê, Văn A"),
        Element("dc:contributor", (("role", "advisor"),), "Trần, Thị B"),
        Element("dc:contributor", (("role", "typist"),), "Phạm, C"),
        Element("dc:date", (), "2015-06"),
        degree("Ph.D.", "2", "Nông học", "Trường Đại học Cần Thơ"),
    )

    assert record.control("008")[24:25] == "m"
    assert fields(record, "502", "700") == [
        "502 __ $bPh.D.$cTrường Đại học Cần Thơ$d2015$gNông học",
        "700 1_ $aTrần, Thị B$4ths",
        "700 1_ $aPhạm, C$4ctb",
    ]
    assert check(record) == ()


def test_the_level_of_a_degree_stands_in_for_its_name():
    record = etdms(Element("dc:title", (), "T"), degree("", "1", "", ""))

    assert fields(record, "502") == ["502 __ $bmaster"]


def test_subjects_keep_their_scheme():
    record = etdms(
        Element("dc:title", (), "T"),
        Element("dc:subject", (("scheme", "LCSH"),), "Rice"),
        Element("dc:subject", (), "Lúa"),
    )

    assert fields(record, "650", "653") == ["650 _0 $aRice", "653 __ $aLúa"]


@given(
    records(
        Schema.ETDMS,
        *("dc:title", "thesis:alternativeTitle", "dc:creator", "dc:contributor", "dc:date"),
        *("dc:type", "dc:rights", "dc:identifier", "dc:language", "thesis:degree", "dc:coverage"),
        *("uketdterms:advisor", "uketdterms:embargodate", "uketdterms:sponsor", "dc:subject"),
    )
)
def test_any_etdms_gives_marc_that_passes_its_own_check(record):
    found = {problem.code for problem in check(crosswalk.to_pivot(record))}

    assert found <= {"missing-title", "damaged-text"}

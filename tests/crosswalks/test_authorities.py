from __future__ import annotations

from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.authorities.model import Entry, Kind, Name, Related, Relation, clean
from crosswalks.authorities.reading import FORMS, read, sniffed
from crosswalks.formats import iso2709, marcxml
from support.marc import marc

PERSON = marc(
    "001 n1",
    "010 __$an 50001",
    "024 7_$ahttp://www.wikidata.org/entity/Q1$2uri",
    "024 7_$a0000000121217000$2isni",
    "035 __$a(VIAF)27",
    "100 1_$aNguyễn, Du,$d1765-1820",
    "400 0_$aTố Như,$d1765-1820",
    "400 1_$aDu, Nguyễn",
    "500 1_$wr$iAlternate identity:$aThanh Hiên$0(VN)n2",
    "510 2_$aHội Tao đàn",
    "670 __$aTruyện Kiều$b(trang 1)",
    "678 __$aNhà thơ",
    leader="00000nz  a2200000n  4500",
)
TOPIC = marc(
    "001 t1",
    "150 __$aVăn học$xPhê bình",
    "450 __$aPhê bình văn học",
    "550 __$wg$aVăn học",
    "550 __$wh$aPhê bình thơ",
    "550 __$aLý luận",
    leader="00000nz  a2200000n  4500",
)
SKOS = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns:skos="http://www.w3.org/2004/02/skos/core#" xmlns:owl="http://www.w3.org/2002/07/owl#">
<skos:ConceptScheme rdf:about="http://e/"/>
<skos:Concept rdf:about="http://e/1"><skos:prefLabel xml:lang="en">Literature</skos:prefLabel>
 <skos:prefLabel xml:lang="vi">Văn học</skos:prefLabel><skos:altLabel xml:lang="vi">Văn chương
 </skos:altLabel><skos:hiddenLabel>Van hoc</skos:hiddenLabel><skos:broader rdf:resource="http://e/2"/>
 <skos:narrower rdf:resource="http://e/3"/><skos:related rdf:resource="http://e/4"/>
 <skos:exactMatch rdf:resource="http://id.loc.gov/5"/><skos:closeMatch rdf:resource="http://e/6"/>
 <skos:scopeNote>Ghi chú</skos:scopeNote></skos:Concept>
<rdf:Description rdf:about="http://e/7">
 <rdf:type rdf:resource="http://www.w3.org/2004/02/skos/core#Concept"/></rdf:Description>
<skos:Concept rdf:about="http://e/8"><skos:prefLabel>Cũ</skos:prefLabel>
 <owl:deprecated>true</owl:deprecated></skos:Concept>
<skos:Concept rdf:about="http://e/9"><skos:prefLabel>Hỏng</skos:altLabel></skos:Concept>
</rdf:RDF>"""
TRIPLES = r"""
<http://e/1> <http://www.w3.org/2004/02/skos/core#inScheme> _:b1 . # a remark
<http://e/1> <http://www.w3.org/2004/02/skos/core#prefLabel> "V\u0103n h\u1ECDc"@vi .
<http://e/1> <http://www.w3.org/2004/02/skos/core#altLabel> "say \"v\u0103n\""@vi .
nonsense
<http://e/2> <http://www.w3.org/2004/02/skos/core#prefLabel> "Thơ" .
"""


def entries(data, form, kind=Kind.TOPIC):
    return [(each.place, each.entry) for each in read(BytesIO(data), form, kind)]


@pytest.mark.parametrize(
    ("form", "write"), [("iso2709", iso2709.write), ("marcxml", marcxml.write)]
)
def test_a_marc_authority_tells_heading_see_see_also_and_identifiers(form, write):
    data = write(PERSON)
    expected = Entry(
        number="n1",
        kind=Kind.PERSON,
        heading="Nguyễn, Du, 1765-1820",
        names=(Name("Tố Như, 1765-1820"), Name("Du, Nguyễn")),
        related=(
            Related(Relation.IDENTITY, "Thanh Hiên", "n2"),
            Related(Relation.ALSO, "Hội Tao đàn"),
        ),
        same=("http://www.wikidata.org/entity/Q1", "(isni)0000000121217000", "(VIAF)27"),
        notes=("Nhà thơ",),
        sources=("Truyện Kiều (trang 1)",),
    )

    assert entries(data, form) == [(1, expected)]
    assert sniffed(data) == form


def test_related_headings_say_how_they_stand_to_the_heading():
    [(_, entry)] = entries(iso2709.write(TOPIC), "iso2709")

    assert entry.heading == "Văn học Phê bình"
    assert [(each.relation.value, each.text) for each in entry.related] == [
        ("broader", "Văn học"),
        ("narrower", "Phê bình thơ"),
        ("also", "Lý luận"),
    ]


def test_a_bad_record_is_told_with_its_place_and_does_not_stop_the_others():
    bad = iso2709.write(marc("001 x", "245 00$aSách"))
    data = iso2709.write(PERSON) + bad + b"rubbish\x1d" + iso2709.write(TOPIC)
    found = list(read(BytesIO(data), "iso2709"))

    assert [each.place for each in found if each.entry] == [1, 4]
    assert [str(each.reason) for each in found if each.place == 2] == ["no heading is in it"]
    assert [each.place for each in found if each.reason] == [2, 3]


def test_what_was_deleted_at_its_home_is_passed_over():
    gone = marc("001 n9", "100 1_$aCũ", leader="00000dz  a2200000n  4500")

    assert not entries(iso2709.write(gone), "iso2709")


def test_skos_takes_the_vietnamese_label_as_heading_and_lets_the_others_lead_to_it():
    found = list(read(BytesIO(SKOS.encode()), "skos"))

    assert sniffed(SKOS.encode()) == "skos"
    assert found[0].entry == Entry(
        number="http://e/1",
        kind=Kind.TOPIC,
        heading="Văn học",
        names=(Name("Literature", "en"), Name("Văn chương", "vi"), Name("Van hoc")),
        related=(
            Related(Relation.BROADER, "", "http://e/2"),
            Related(Relation.NARROWER, "", "http://e/3"),
            Related(Relation.ALSO, "", "http://e/4"),
        ),
        same=("http://id.loc.gov/5",),
        notes=("≈ http://e/6", "Ghi chú"),
    )
    assert [each.entry for each in found[1:]] == [None, None]
    assert str(found[1].reason) == "no heading is in it"
    assert str(found[2].reason).startswith("it cannot be read")


def test_n_triples_are_read_line_by_line():
    found = list(read(BytesIO(TRIPLES.encode()), "ntriples", Kind.GENRE))

    assert sniffed(TRIPLES.encode()) == "ntriples"
    assert [(each.place, each.entry and each.entry.heading) for each in found] == [
        (5, None),
        (2, "Văn học"),
        (6, "Thơ"),
    ]
    assert found[1].entry.names == (Name('say "văn"', "vi"),)
    assert found[1].entry.kind is Kind.GENRE


def test_a_table_is_known_by_vietnamese_headings():
    data = "Đề mục\tLoại\tXem\tXem thêm\tMã\nTô Hoài\tcá nhân\tNguyễn Sen; Mai Trang\tKim Đồng\t7\n"
    [(place, entry)] = entries(data.encode(), "table")

    assert sniffed(data.encode()) == "table"
    assert place == 2
    assert entry == Entry(
        number="7",
        kind=Kind.PERSON,
        heading="Tô Hoài",
        names=(Name("Nguyễn Sen"), Name("Mai Trang")),
        related=(Related(Relation.ALSO, "Kim Đồng"),),
    )


def test_a_row_without_a_number_is_known_by_its_heading_however_it_is_typed():
    first, second = (
        entries(f"heading\n{text}\n".encode(), "table")[0][1] for text in ("Hòa bình", "hoà  bình")
    )

    assert first.number == second.number != ""


def test_rows_that_say_nothing_usable_are_told():
    data = "heading\tkind\nA\tthing\n\tperson\n" + "x" * 500 + "\tperson\n"
    found = list(read(BytesIO(data.encode() + b"\xff\tperson\n"), "table"))

    assert [(each.place, each.entry) for each in found] == [
        (2, None),
        (3, None),
        (4, None),
        (5, None),
    ]
    assert [each.reason.template.partition(" ")[0] for each in found] == [
        "nobody",
        "no",
        "its",
        "it",
    ]


@pytest.mark.parametrize("data", [b"", b"\x89PNG\r\n", b"a\tb\nc\td\n", b"<html></html>"])
def test_other_files_are_no_authorities(data):
    assert not sniffed(data)


@given(st.sampled_from(sorted(FORMS)), st.binary(max_size=200) | st.text(max_size=200))
def test_whatever_a_file_holds_reading_ends_without_an_error(form, content):
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")

    for each in read(BytesIO(data), form):
        assert (each.entry is None) != (each.reason is None)


@given(st.text(max_size=60))
def test_a_clean_heading_stays_as_it_is(text):
    assert clean(clean(text)) == clean(text)


def test_an_entry_comes_back_from_its_json():
    entry = entries(iso2709.write(PERSON), "iso2709")[0][1]

    assert Entry.from_json(entry.to_json()) == entry

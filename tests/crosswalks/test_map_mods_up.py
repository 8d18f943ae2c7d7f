from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import chain

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.check import check
from crosswalks.crosswalk import from_pivot, to_pivot
from crosswalks.formats import iso2709, mods, modsrules
from crosswalks.model import Element, Field, Record, Schema, Severity
from crosswalks.text import fold
from support.elements import group, leaf, real_files, record
from support.formats import TEXT, loc_books
from support.marc import lines

TITLE = group("titleInfo", leaf("title", "T"))


def up(*fields: Element) -> Record:
    return to_pivot(record(Schema.MODS, *fields))


def made(*fields: Element) -> list[str]:
    """Return the data fields of a record made of these elements."""
    mapped = up(*fields)
    return lines(mapped, *{field[0] for field in mapped.fields})


def term(name: str, text: str, kind: str) -> Element:
    return leaf(name, text, type=kind)


def test_a_book_becomes_a_minimal_record_that_a_cataloguer_can_use():
    mapped = up(
        group(
            "titleInfo",
            leaf("nonSort", "The"),
            leaf("title", "art of war"),
            leaf("subTitle", "selections"),
        ),
        group(
            "name",
            leaf("namePart", "Sun, Tzu"),
            term("namePart", "6th cent. B.C.", "date"),
            group("role", term("roleTerm", "aut", "code")),
            type="personal",
        ),
        leaf("typeOfResource", "text"),
        leaf("genre", "bibliography", authority="marcgt"),
        group(
            "originInfo",
            group("place", term("placeTerm", "Hà Nội", "text")),
            group("place", leaf("placeTerm", "vm", type="code", authority="marccountry")),
            leaf("publisher", "Trẻ"),
            leaf("dateIssued", "2019"),
            leaf("issuance", "monographic"),
        ),
        group("language", term("languageTerm", "vie", "code")),
        group("physicalDescription", leaf("extent", "143 tr. : minh họa ; 21 cm")),
        leaf("note", "Tôn Tử", type="statement of responsibility"),
        leaf("identifier", "978-604-0-00001-9", type="isbn"),
        group("location", leaf("url", "http://example.vn/1", displayLabel="Toàn văn")),
        group("recordInfo", leaf("recordIdentifier", "77", source="VN-1")),
    )

    assert mapped.leader == "00000nam a22000007u 4500"
    assert mapped.control("008") == "000000s2019    vm ||||||b   |||||||vie|d"
    assert lines(mapped, *{field[0] for field in mapped.fields}) == [
        "020 __ $a9786040000019",
        "035 __ $a(VN-1)77",
        "100 1_ $aSun, Tzu,$d6th cent. B.C.$4aut",
        "245 14 $aThe art of war :$bselections /$cTôn Tử",
        "264 _1 $aHà Nội :$bTrẻ,$c2019",
        "300 __ $a143 tr. :$bminh họa ;$c21 cm",
        "856 4_ $3Toàn văn$uhttp://example.vn/1",
    ]
    assert check(mapped) == ()


@pytest.mark.parametrize(
    ("element", "field"),
    [
        (leaf("identifier", "10.1000/x", type="doi"), "024 7_ $a10.1000/x$2doi"),
        (leaf("identifier", "http://hdl.handle.net/2/3", type="uri"), "024 7_ $a2/3$2hdl"),
        (leaf("identifier", "LV 12", type="local"), "024 8_ $aLV 12"),
        (leaf("identifier", "978-604-0-00001-8", type="isbn"), "020 __ $z978-604-0-00001-8"),
        (leaf("identifier", "1859-4580", type="issn"), "022 __ $y1859-4580"),
        (leaf("identifier", "123", type="oclc"), "035 __ $a(OCoLC)123"),
        (leaf("classification", "959.7", authority="ddc", edition="23"), "082 04 $a959.7$223"),
        (leaf("abstract", "Hay", displayLabel="Review"), "520 1_ $aHay"),
        (leaf("note", "DVD", type="system details"), "538 __ $aDVD"),
        (leaf("note", "Lạ", type="của riêng"), "500 __ $aLạ"),
        (leaf("genre", "Maps", authority="lcgft"), "655 _7 $aMaps$2lcgft"),
        (leaf("accessCondition", "CC BY"), "540 __ $aCC BY"),
        (leaf("tableOfContents", "1. Một"), "505 0_ $a1. Một"),
    ],
)
def test_an_element_finds_its_field(element, field):
    assert field in made(TITLE, element)


def test_the_primary_name_is_the_main_entry_wherever_it_stands():
    names = [
        group("name", leaf("namePart", "Lê, A"), type="personal"),
        group("name", leaf("namePart", "Bộ Y tế"), type="corporate", usage="primary"),
    ]

    assert made(TITLE, *names) == ["110 2_ $aBộ Y tế", "245 10 $aT", "700 1_ $aLê, A"]


def test_a_first_name_that_is_no_creators_is_an_added_entry():
    owner = group(
        "name",
        leaf("namePart", "Tô Hoài"),
        group("role", term("roleTerm", "former owner", "text")),
        type="personal",
    )

    assert made(TITLE, owner) == ["245 00 $aT", "700 0_ $aTô Hoài$eformer owner"]


def test_a_subject_becomes_the_field_of_its_first_part():
    subjects = [
        group("subject", leaf("topic", "Art"), leaf("geographic", "Huế"), authority="lcsh"),
        group("subject", leaf("geographic", "Huế"), leaf("topic", "Art"), authority="btkvn"),
        group("subject", group("name", leaf("namePart", "NASA"), type="corporate")),
        group("subject", leaf("temporal", "1945-")),
    ]

    assert made(TITLE, *subjects)[1:] == [
        "610 24 $aNASA",
        "648 _4 $a1945-",
        "650 _0 $aArt$zHuế",
        "651 _7 $aHuế$xArt$2btkvn",
    ]


def test_the_same_in_two_scripts_is_linked():
    repeated = [
        group("titleInfo", leaf("title", text), altRepGroup="1", script=script)
        for text, script in (("Kiều", "Latn"), ("翹", "CJK"))
    ]

    assert made(*repeated) == ["245 00 $6880-01$aKiều", "880 00 $6245-01/$1$a翹"]


def test_what_came_from_an_880_goes_back_into_one():
    linked = Field("880", "10", (("6", "245-01/(3/r"), ("a", "كتاب /"), ("c", "اسم")))
    title = Field("245", "10", (("6", "880-01"), ("a", "Kitāb /"), ("c", "Ism")))
    original = Record(schema=Schema.MARC21, leader="00000nam a22000007u 4500")
    record_ = Record(schema=Schema.MARC21, leader=original.leader, fields=(title, linked))

    back = to_pivot(from_pivot(record_, Schema.MODS))

    assert lines(back, "245", "880") == [
        "245 00 $6880-01$aKitāb /$cIsm",
        "880 00 $6245-01/(3$aكتاب /$cاسم",
    ]


NAMES = sorted(modsrules.names())
_VALUES = """personal corporate text code uniform host series isbn issn lcsh marc marcgt start end
primary 1 CJK yes http://x/1"""
VALUES = st.sampled_from(_VALUES.split())
ATTRIBUTES = st.lists(
    st.tuples(
        st.sampled_from(
            ["type", "authority", "usage", "encoding", "point", "altRepGroup", "script", "edition"]
        ),
        VALUES,
    ),
    max_size=2,
).map(tuple)
WORDS = st.one_of(TEXT, st.sampled_from(["2019", "monographic", "vie", "Tô Hoài", "9999", "text"]))


def an_element(
    text: st.SearchStrategy[str], children: st.SearchStrategy[tuple[Element, ...]]
) -> st.SearchStrategy[Element]:
    parts = st.tuples(st.sampled_from(NAMES), ATTRIBUTES, text, children)
    return parts.map(lambda found: Element(*found))


def holding(inner: st.SearchStrategy[Element]) -> st.SearchStrategy[Element]:
    return an_element(st.just(""), st.lists(inner, min_size=1, max_size=3).map(tuple))


LEAF = an_element(WORDS, st.just(()))
ANY = st.one_of(LEAF, holding(LEAF), holding(holding(LEAF)))


@given(st.lists(ANY, max_size=5))
def test_any_mods_becomes_marc_without_an_error(elements):
    found = [each for each in check(up(*elements)) if each.severity is Severity.ERROR]

    assert found == []


def real(shared) -> Iterator[Record]:
    for data in real_files(shared, mods):
        for _, piece in mods.split(io.BytesIO(data)):
            yield mods.read_leniently(piece)[0]


def test_real_mods_becomes_marc_of_which_nothing_is_to_be_said(shared):
    found = [check(to_pivot(each)) for each in real(shared)]

    assert len(found) > 30
    assert list(chain(*found)) == []


Values = Callable[[Record], Counter[str]]


def subfields(codes: str, *tags: str) -> Values:
    def values(record_: Record) -> Counter[str]:
        found = [" ".join(field.all(codes)) for field in record_.data(*tags)]
        return Counter(text for text in map(fold, found) if text)

    return values


def each_subfield(code: str, *tags: str) -> Values:
    def values(record_: Record) -> Counter[str]:
        found = [text for field in record_.data(*tags) for text in field.all(code)]
        return Counter(text for text in map(fold, found) if text)

    return values


def coded(start: int, end: int) -> Values:
    return lambda record_: Counter([record_.control("008")[start : end + 1]])


PROMISED: dict[str, Values] = {
    "title": subfields("abnp", "245"),
    "names": subfields("abcdqn", "100", "110", "111", "700", "710", "711"),
    "date": coded(7, 10),
    "language": coded(35, 37),
    "publisher": each_subfield("b", "260", "264"),
    "ISBN": subfields("aq", "020"),
    "subjects": subfields("abcdtvxyz", "600", "610", "611", "630", "648", "650", "651"),
    "edition": subfields("ab", "250"),
    "extent": subfields("abc", "300"),
}


def test_marc_through_mods_and_back_keeps_what_is_searched_for(shared):
    before: Counter[str] = Counter()
    after: Counter[str] = Counter()
    for data in loc_books(shared, 500):
        first = iso2709.read(data)
        back = to_pivot(mods.read(mods.write(from_pivot(first, Schema.MODS))))
        for name, values in PROMISED.items():
            before[name] += values(first).total()
            after[name] += (values(first) & values(back)).total()

    assert [name for name in PROMISED if after[name] < 0.99 * before[name]] == []

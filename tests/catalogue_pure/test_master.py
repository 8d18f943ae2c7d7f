from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pymarc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from catalogue.merge import PLACEHOLDER_ID, PLACEHOLDER_STAMP, Member, holdings, master
from catalogue.model import HubIdentity
from crosswalks.formats import iso2709, marcxml
from crosswalks.model import Control, Field
from support.marc import BOOK, lines, marc, records

HUB = HubIdentity()
TITLE = "245 10 $aSố đỏ"


def member(*fields: str, source: str = "a", leader: str = BOOK, weight: int = 0, **more) -> Member:
    return Member(
        name=(source, more.pop("identifier", "1")),
        library=more.pop("library", source.upper()),
        source=source,
        weight=weight,
        record=marc(*fields, leader=leader),
        local_number=more.pop("local_number", f"{source}1"),
    )


@st.composite
def clusters(draw):
    """Return members with different names and any records, in any order."""
    found = [
        replace(
            member(source=draw(st.sampled_from("abc")), identifier=str(number)),
            record=draw(records),
            weight=draw(st.integers(0, 1)),
        )
        for number in range(draw(st.integers(1, 4)))
    ]
    return found, draw(st.permutations(found))


@given(clusters())
def test_the_order_of_the_members_does_not_show(cluster):
    members, shuffled = cluster

    assert master(members, HUB) == master(shuffled, HUB)


@given(clusters())
def test_fields_are_in_order_with_an_origin_each_and_none_that_may_not_repeat_does(cluster):
    members, _ = cluster

    made = master(members, HUB)

    tags = [field[0] for field in made.record.fields]
    ordered = ["852" if tag == "866" else tag for tag in tags]
    assert ordered == sorted(ordered)
    assert len(made.provenance) == len(tags)
    assert [tags.count(tag) for tag in ("001", "003", "005", "008", "040")] == [1] * 5
    assert all(tags.count(tag) <= 1 for tag in ("010", "240", "245", "507"))
    assert sum(tag.startswith("1") for tag in tags) <= 1
    assert not {tag for tag in tags if tag in {"541", "583", "590", "901", "CAT"}}
    assert {name for names in made.provenance for name in names} <= {
        "/".join(each.name) for each in members
    }


@given(clusters())
def test_a_master_merged_again_alone_keeps_its_fields(cluster):
    members, _ = cluster
    made = master(members, HUB)
    again = Member(
        name=("x", "1"), library="X", source="x", weight=0, record=made.record, local_number=""
    )

    kept = [field for field in made.record.fields if field[0] not in {"035", "852", "866", "880"}]
    assert [
        field
        for field in master([again], HUB).record.fields
        if field[0] not in {"035", "852", "866", "880"}
    ] == kept


def test_the_numbers_of_hub_and_members_stand_where_they_belong():
    made = master([member("040 __ $aTVQG$bvie", TITLE), member(TITLE, source="b")], HUB)

    assert made.record.control("001") == PLACEHOLDER_ID
    assert made.record.control("003") == HUB.code
    assert made.record.control("005") == PLACEHOLDER_STAMP
    assert lines(made.record, "035") == ["035 __ $a(A)a1", "035 __ $a(B)b1"]
    assert lines(made.record, "040") == ["040 __ $aTVQG$bvie$dLIENTHONG"]
    assert made.provenance[0] == ()
    assert dict(zip(made.record.fields, made.provenance, strict=True))[
        Field("245", "10", (("a", "Số đỏ"),))
    ] == ("a/1",)


FULL, CIP = BOOK, "00000nam a22000008a 4500"


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"weight": 1, "leader": CIP}, {"weight": 0, "leader": FULL}),
        ({"leader": FULL}, {"leader": CIP, "more": ("040 __ $aX$bvie", "490 0_ $aTủ sách")}),
        (
            {"source": "b", "more": ("040 __ $aX$bvie",)},
            {"source": "a", "more": ("040 __ $aX$beng", "490 0_ $aTủ sách")},
        ),
        ({"source": "b", "more": ("490 0_ $aTủ sách",)}, {"source": "a"}),
        ({"source": "a"}, {"source": "b"}),
    ],
    ids=["weight", "encoding level", "language of description", "completeness", "name"],
)
def test_the_base_is_chosen_by_weight_level_language_completeness_and_name(better, worse):
    def make(title: str, said: dict) -> Member:
        kept = {key: value for key, value in said.items() if key != "more"}
        return member(f"245 10 $a{title}", *said.get("more", ()), **kept)

    made = master([make("worse", worse), make("better", better)], HUB)

    assert made.record.values("245", "a") == ["better"]


def test_a_record_without_title_is_never_the_base():
    made = master([member("500 __ $aGhi chú", weight=9), member(TITLE, source="b")], HUB)

    assert made.record.values("245", "a") == ["Số đỏ"]


def test_the_description_is_never_a_mosaic():
    base = member("100 1_ $aVũ, Trọng Phụng", TITLE, "260 __ $bVăn học$c1988", weight=1)
    other = member(TITLE, "250 __ $aTái bản", "300 __ $a234 tr.", "490 0_ $aTủ", source="b")

    made = master([base, other], HUB)

    assert lines(made.record, "250", "300", "490") == []


def test_what_is_described_in_another_language_stands_beside_it_and_says_so():
    ours = member("040 __ $aA$bvie", TITLE, "300 __ $a234 tr.", "500 __ $aCó phụ lục", weight=1)
    theirs = member(
        "040 __ $aDLC$beng",
        TITLE,
        "300 __ $a234 p.",
        "500 __ $aCó phụ lục",
        "504 __ $aIncludes index",
        "520 __ $uhttp://x.vn$aA satire",
        source="b",
    )
    third = member("040 __ $aB$beng", TITLE, "300 __ $a234 pages", "504 __ $aINCLUDES INDEX.")
    unsaid = member(TITLE, "300 __ $a230tr", "500 __ $aSách tặng", source="d")

    made = master([ours, theirs, replace(third, name=("c", "1")), unsaid], HUB)

    assert lines(made.record, "300", "500", "504", "520") == [
        "300 __ $a234 tr.",
        "300 __ $a[eng] 234 p.",
        "500 __ $aCó phụ lục",
        "500 __ $aSách tặng",
        "504 __ $a[eng] Includes index",
        "520 __ $uhttp://x.vn$a[eng] A satire",
    ]


@pytest.mark.parametrize(
    "form",
    ["100 0_ $aVũ Trọng Phụng", "100 1_ $aPhụng, Vũ Trọng,$d1912-1939", "700 1_ $aVU TRONG PHUNG"],
)
def test_one_person_never_stands_twice(form):
    base = member("100 1_ $aVũ, Trọng Phụng", TITLE, weight=1)

    made = master([base, member(form, TITLE, source="b")], HUB)

    assert lines(made.record, "100", "700") == ["100 1_ $aVũ, Trọng Phụng"]
    assert ("a/1", "b/1") in made.provenance


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Vũ Trọng Phụng", "Ngô Tất Tố"),
        ("Phạm Việt Hoa", "Phạm Việt Hòa"),
        ("Nguyễn Du,$d1765-1820", "Nguyễn Du,$d1954-"),
    ],
)
def test_the_main_entry_of_another_person_becomes_an_added_entry(ours, theirs):
    base = member(f"100 0_ $a{ours}", TITLE, weight=1)

    made = master([base, member(f"100 0_ $a{theirs}", TITLE, source="b")], HUB)

    assert lines(made.record, "100", "700") == [f"100 0_ $a{ours}", f"700 0_ $a{theirs}"]


def test_a_base_without_main_entry_gets_none():
    made = master([member(TITLE, weight=1), member("100 0_ $aTô Hoài", TITLE, source="b")], HUB)

    assert lines(made.record, "100", "700") == ["700 0_ $aTô Hoài"]


def test_numbers_subjects_notes_and_links_are_united_once_each():
    one = member(
        "020 __ $a9786040000019",
        "500 __ $aCó hoà âm",
        "650 _7 $aVăn học.$2btkqg",
        "856 41 $uhttp://a.vn/1",
        TITLE,
        weight=1,
    )
    two = member(
        "020 __ $a604-0-00001-5 (bìa mềm)",
        "020 __ $z9786040000020",
        "500 __ $aCó hòa âm.",
        "650 _7 $avăn học$2btkqg",
        "650 _4 $aVăn học",
        "856 41 $uhttp://a.vn/1/",
        TITLE,
        source="b",
    )

    made = master([one, two], HUB)

    assert lines(made.record, "020", "500", "650", "856") == [
        "020 __ $a9786040000019",
        "020 __ $z9786040000020",
        "500 __ $aCó hoà âm",
        "650 _7 $aVăn học.$2btkqg",
        "650 _4 $aVăn học",
        "856 41 $uhttp://a.vn/1",
    ]


def test_what_is_for_one_library_only_is_not_public():
    made = master(
        [
            member(
                TITLE,
                "500 __ $aTặng$5TVQG",
                "541 __ $aÔng A tặng",
                "561 __ $aTừ kho cũ",
                "583 __ $aTu bổ",
                "590 __ $aRách",
                "653 __ $aVăn học$9123",
                "952 __ $pDKCB1",
                "CAT __ $aai",
            )
        ],
        HUB,
    )

    assert [tag for tag, *_ in made.record.fields if tag > "245"] == ["653", "852"]
    assert lines(made.record, "653") == ["653 __ $aVăn học"]


def test_other_scripts_move_with_their_field_and_are_counted_anew():
    base = member("245 10 $6880-05$aSo do", "880 10 $6245-05/(3/r$a紅運", weight=1)
    other = member(
        "100 1_ $6880-01$aLỗ Tấn",
        "245 10 $6880-02$aSo do",
        "880 1_ $6100-01/(3$a魯迅",
        "880 10 $6245-02/(3$a紅",
        source="b",
    )

    made = master([base, other], HUB)

    assert lines(made.record, "245", "700", "880") == [
        "245 10 $6880-01$aSo do",
        "700 1_ $6880-02$aLỗ Tấn",
        "880 10 $6245-01/(3/r$a紅運",
        "880 1_ $6700-02/(3$a魯迅",
    ]


def test_a_link_to_nothing_is_taken_out():
    assert lines(master([member("245 10 $6880-01$aA")], HUB).record, "245") == ["245 10 $aA"]


def test_each_library_and_location_is_one_holding_field():
    one = member(TITLE, "852 __ $bKho đọc$h895.922$iS450Đ", "852 __ $bKho mượn")
    two = member(TITLE, source="b")
    again = member(TITLE, source="c", library="B")

    made = master([one, two, again], HUB)

    assert lines(made.record, "852") == [
        "852 __ $aA$bKho mượn",
        "852 __ $aA$bKho đọc$h895.922$iS450Đ",
        "852 __ $aB",
    ]
    assert made.holdings == holdings([again, two, one], HUB)
    assert [(each.library, each.local_number, each.call_number) for each in made.holdings] == [
        ("A", "a1", ""),
        ("A", "a1", "895.922 S450Đ"),
        ("B", "b1", ""),
        ("B", "c1", ""),
    ]


def test_what_a_library_has_of_a_serial_stands_behind_its_place():
    one = member(
        TITLE,
        "852 __ $bKho mượn",
        "866 _0 $aSố 1-12 (2019)$xkiểm lại$zthiếu số 3",
        "852 __ $bKho đọc",
        "853 00 $81$av.",
        "863 40 $81.1$a1-5",
        "866 _0 $aRiêng$5A",
    )
    two = member(TITLE, "866 _0 $aTập 1", "876 __ $pDKCB", source="b")
    again = member(TITLE, "866 _0 $aTập 1", source="c", library="B")

    made = master([again, two, one], HUB)

    held = [field for field in made.record.fields if field[0] > "245"]
    assert [
        text for field in held for text in lines(replace(made.record, fields=(field,)), field[0])
    ] == [
        "852 __ $aA$bKho mượn",
        "866 _0 $aSố 1-12 (2019)$zthiếu số 3",
        "852 __ $aA$bKho đọc",
        "853 00 $81$av.",
        "863 40 $81.1$a1-5",
        "852 __ $aB",
        "866 _0 $aTập 1",
    ]
    assert ("b/1", "c/1") in made.provenance
    assert [each.summary for each in made.holdings] == ["Số 1-12 (2019)", "", "Tập 1", "Tập 1"]


def test_an_echo_brings_back_the_extent_of_its_own_library_only():
    echo = member(
        "003 LIENTHONG",
        "852 __ $aA",
        "866 _0 $aTập 9",
        "852 __ $aB$bKho đọc",
        "866 _0 $aTập 1",
        TITLE,
        source="b",
    )

    made = master([member(TITLE), echo], HUB)

    assert lines(made.record, "852", "866") == [
        "852 __ $aA",
        "852 __ $aB$bKho đọc",
        "866 _0 $aTập 1",
    ]


def test_an_echo_adds_a_holding_and_no_vote():
    echo = member(
        "035 __ $a(LIENTHONG)000000007",
        "245 10 $aSửa ở nơi khác",
        "650 _4 $aThêm",
        "852 __ $aA$bKho đọc",
        source="b",
        weight=9,
    )

    made = master([member(TITLE), echo], HUB)

    assert made.record.values("245", "a") == ["Số đỏ"]
    assert lines(made.record, "035", "650") == ["035 __ $a(A)a1", "035 __ $a(B)b1"]
    assert lines(made.record, "852") == ["852 __ $aA", "852 __ $aB"]


def test_a_cluster_of_echoes_only_still_has_a_master():
    echo = member("003 LIENTHONG", TITLE)

    assert master([echo], HUB).record.values("245", "a") == ["Số đỏ"]


@pytest.mark.parametrize(("told", "code"), [("nng", "und"), ("vi", "vie"), ("eng", "eng")])
def test_a_language_is_coded_only_by_a_code_that_there_is(told, code):
    made = master([member(TITLE, f"041 0_ $a{told}")], HUB)

    assert made.record.control("008")[35:38] == code


def test_a_cluster_without_any_title_says_so():
    made = master([member("500 __ $aGhi chú", "245 00 $c/")], HUB)
    bare = master([member("500 __ $aGhi chú")], replace(HUB, cataloguing_language="eng"))

    assert lines(made.record, "245") == ["245 00 $c/"]
    assert lines(bare.record, "245") == ["245 00 $a[Untitled]"]
    assert bare.provenance[-2:] == (("a/1",), ("a/1",))


def test_a_missing_fixed_field_is_made_of_what_is_known():
    made = master([member(TITLE, "041 0_ $avie", "260 __ $c1936")], HUB)

    told = made.record.control("008")
    assert (len(told), told[7:11], told[35:38]) == (40, "1936", "vie")


def test_a_deleted_base_gives_a_live_leader_in_unicode():
    made = master([member(TITLE, leader="00000dam  2200000 a 4500")], HUB)

    assert (made.record.leader[5], made.record.leader[9], len(made.record.leader)) == ("c", "a", 24)


@given(clusters())
def test_pymarc_reads_every_master(cluster):
    members, _ = cluster
    made = master(members, HUB)

    (read,) = pymarc.parse_xml_to_array(BytesIO(marcxml.write(made.record)))

    assert [field.tag for field in read.fields] == [field[0] for field in made.record.fields]


@given(cluster=clusters())
def test_every_master_fits_the_schema_of_marcxml(cluster, marc21_schema):
    members, _ = cluster

    document = etree.fromstring(marcxml.write(master(members, HUB).record))

    assert marc21_schema.validate(document), marc21_schema.error_log


@pytest.fixture(scope="session")
def marc21_schema(shared):
    return etree.XMLSchema(etree.parse(str(next(shared.glob("data/xsd/**/MARC21slim.xsd")))))


def test_a_master_is_written_as_iso_2709_and_read_back():
    made = master([member("100 1_ $aVũ, Trọng Phụng", TITLE)], HUB)

    assert iso2709.read(iso2709.write(made.record)).fields == made.record.fields
    assert isinstance(made.record.fields[0], Control)

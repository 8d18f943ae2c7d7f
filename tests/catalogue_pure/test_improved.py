from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.merge import Master, Member, master
from catalogue.merge.improved import gained, give_back, sent_by
from catalogue.merge.treatment import treatment_of
from catalogue.model import HubIdentity
from crosswalks.model import Control, Field, Record
from support.marc import BOOK, lines, marc, records

HUB = HubIdentity()
BRIEF = f"{BOOK[:17]}5{BOOK[18:]}"
KEPT = ("04", "85", "86")
"""Beginnings of tags that a library has loaded as they were given back."""
TITLE = "245 10 $aSố đỏ"
SUBJECT = "650 _7 $aVăn học$2bkt"


def member(*fields: str, source: str = "a", leader: str = BOOK, weight: int = 0) -> Member:
    return Member(
        name=(source, "1"),
        library=source.upper(),
        source=source,
        weight=weight,
        record=marc(f"001 {source}1", *fields, leader=leader),
        local_number=f"{source}1",
    )


def offered(*members: Member) -> dict[str, Record]:
    """Return what each library gets back, by its code."""
    made = master(members, HUB)
    return given_back(made, made.record, members)


def given_back(made: Master, record: Record, members: Sequence[Member]) -> dict[str, Record]:
    by_code = {each.library: each for each in members}
    return {
        code: give_back(record, sent_by(by_code[code]), HUB)
        for code in gained(made, record, by_code, HUB)
    }


def test_what_others_know_is_given_back_under_the_library_s_own_numbers():
    found = offered(
        member(
            *("003 VN-A", "035 __ $a(VN-A)a1", TITLE, "852 __ $aA$bKho đọc$xmất bìa"),
            *("590 __ $acủa mình", "900 __ $acủa mình"),
        ),
        member("003 VN-B", "035 __ $a(OCoLC)7", TITLE, SUBJECT, "852 __ $aB$bKho mở", source="b"),
    )

    assert found.keys() == {"A"}
    assert (found["A"].control("001"), found["A"].control("003")) == ("a1", "VN-A")
    assert lines(found["A"], "035", "245", "590", "650", "852", "900") == [
        *("035 __ $a(VN-A)a1", TITLE, SUBJECT, "852 __ $aA$bKho đọc"),
    ]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (("245 10 $aSố đỏ /",), (TITLE,)),
        (("100 1_ $aVũ Trọng Phụng", TITLE), ("100 0_ $aVu Trong Phung", TITLE)),
        ((TITLE, SUBJECT), (TITLE,)),
        ((TITLE,), (TITLE, "852 __ $aB", "900 __ $ax", "035 __ $a(OCoLC)7", "590 __ $ax")),
    ],
    ids=["worded otherwise", "marks", "ours is fuller", "only what is theirs"],
)
def test_a_record_that_is_as_good_gets_nothing_back(ours: Sequence[str], theirs: Sequence[str]):
    assert "A" not in offered(member(*ours), member(*theirs, source="b"))


@pytest.mark.parametrize(
    ("mine", "their"),
    [({"leader": BRIEF}, {}), ({}, {"weight": 5})],
    ids=["a fuller level", "preferred by staff"],
)
def test_a_description_that_is_set_above_is_given_back_where_it_differs(mine: dict, their: dict):
    fuller = member("245 10 $aSố đỏ :$btiểu thuyết", source="b", **their)

    assert lines(offered(member(TITLE, **mine), fuller)["A"], "245") == [
        "245 10 $aSố đỏ :$btiểu thuyết"
    ]
    assert offered(member("245 10 $aSố đỏ :$btiểu thuyết", **mine), fuller) == {}


def test_a_record_without_a_number_of_its_own_could_not_be_loaded():
    ours = member(TITLE)
    nameless = replace(ours, record=marc(TITLE))
    copied = replace(ours, record=marc("001 000000001", f"003 {HUB.code}", TITLE))
    fuller = member(TITLE, SUBJECT, source="b")

    assert offered(ours, fuller)
    assert offered(nameless, fuller) == offered(copied, fuller) == {}


def test_what_was_taken_over_from_the_hub_is_improved_too():
    taken = member(f"035 __ $a({HUB.code})000000001", TITLE)

    found = offered(taken, member(TITLE, SUBJECT, source="b"))

    assert lines(found["A"], "035", "650") == [f"035 __ $a({HUB.code})000000001", SUBJECT]


def corrected(members: Sequence[Member], *, add: str = "", drop: str = "") -> dict[str, Record]:
    made = master(members, HUB)
    [laid] = [*marc(add).fields] if add else [None]
    fields = [each for each in made.record.fields if not (drop and each == marc(drop).fields[0])]
    record = replace(made.record, fields=(*fields, *([laid] if laid else [])))
    return given_back(made, record, members)


def test_corrections_are_given_back_even_of_a_record_that_nobody_else_has():
    alone = [member(TITLE, "500 __ $athử")]

    assert corrected(alone) == {}
    assert lines(corrected(alone, add=SUBJECT)["A"], "650") == [SUBJECT]
    assert lines(corrected(alone, drop="500 __ $athử")["A"], "500") == []
    assert corrected([member(TITLE, "500 __ $athử", SUBJECT)], add=SUBJECT) == {}


def says_something(field: Control | Field) -> bool:
    if isinstance(field, Control):
        return field.tag not in ("001", "003")
    return any(value.strip() for code, value in field.subfields if code not in "569")


def test_corrected_positions_are_given_back_until_they_are_loaded():
    def improved(sent: Member) -> dict[str, Record]:
        made = master([sent], HUB)
        right = replace(made.record, leader=made.record.leader.replace("nam", "ncm"))
        return given_back(made, right, [sent])

    sent = member("008 200101s1936    vm            000 0 vie d", TITLE)
    given = improved(sent)["A"]

    assert given.leader[6] == "c"
    assert improved(replace(sent, record=given)) == {}


@st.composite
def clusters(draw):
    """Return members with numbers of their own, and any records."""
    found = []
    for name in "abcd"[: draw(st.integers(1, 4))]:
        each = replace(member(source=name, weight=draw(st.integers(0, 1))), record=draw(records))
        fields = [field for field in each.record.fields if says_something(field)]
        numbers = marc(f"001 {name}1", f"003 {name.upper()}").fields
        leader = draw(st.sampled_from([BOOK, BRIEF]))
        record = replace(each.record, leader=leader, fields=(*numbers, *fields))
        found.append(replace(each, record=record))
    return found


def overlaid(each: Member, given_back: Record) -> Member:
    """Return a member whose system has loaded what it got back, and kept what is local."""
    local = [
        field
        for field in each.record.data()
        if field.first("5") or (treatment_of(field.tag) == "drop" and field.tag[:2] not in KEPT)
    ]
    record = replace(given_back, fields=(*given_back.fields, *local))
    return replace(each, record=record)


def converges(members: Sequence[Member]) -> None:
    """Have all libraries load what they get back: nothing is better any more, and none worse."""
    found = offered(*members)
    loaded = [
        overlaid(each, found[each.library]) if each.library in found else each for each in members
    ]

    assert offered(*loaded) == {}
    assert said(loaded) == said(members)
    assert not [field for each in found.values() for field in each.fields if field.tag[0] == "9"]


def said(members: Sequence[Member]) -> Counter[Control | Field]:
    """Return what a master says, whoever has copies."""
    fields = master(members, HUB).record.fields
    return Counter(field for field in fields if field.tag != "852")


@settings(max_examples=60)
@given(clusters())
def test_what_is_loaded_and_harvested_again_is_no_improvement_any_more(members):
    converges(members)


@pytest.mark.soak
@settings(max_examples=20_000)
@given(clusters())
def test_what_is_loaded_and_harvested_again_is_no_improvement_any_more_at_length(members):
    converges(members)

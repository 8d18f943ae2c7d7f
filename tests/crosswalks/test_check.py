from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given

from crosswalks.check import check, check_fully
from crosswalks.formats import iso2709
from crosswalks.model import Control, Record, Schema, Severity
from support.formats import gpo_states, hcmut, loc_books
from support.marc import BOOK, marc
from support.marc import records as any_records

CODED = "008 240101s2019    vm a     b    001 0 vie d"
SOUND = (CODED, "020 __ $a978-604-0-00001-9 (bìa mềm)", "245 10 $aSố đỏ")


def codes(record: Record) -> list[str]:
    return [problem.code for problem in check(record)]


def unusual(record: Record) -> list[str]:
    return [problem.code for problem in check_fully(record)]


def changed(*extra: str, leader: str = BOOK) -> Record:
    return marc(*SOUND, *extra, leader=leader)


def coded(value: str, *, leader: str = BOOK) -> Record:
    """Return a sound record but for what stands in 008, from position 6 on."""
    return marc(f"008 240101{value}", *SOUND[1:], leader=leader)


def test_a_sound_record_has_no_problem():
    assert check_fully(changed()) == ()


@given(any_records)
def test_any_record_at_all_can_be_checked(record):
    assert all(problem.code and len(problem.sample) <= 60 for problem in check_fully(record))


@given(any_records)
def test_the_quick_check_says_the_same_but_for_what_is_only_unusual(record):
    wrong = [each for each in check_fully(record) if each.severity is not Severity.INFO]

    assert list(check(record)) == wrong


@pytest.mark.parametrize("kind", "zuvxy")
def test_authorities_and_holdings_are_kept_out_by_an_error(kind):
    [problem] = check(changed(leader=f"00000n{kind}  a2200000 a 4500"))

    assert (problem.code, problem.severity) == ("not-bibliographic", Severity.ERROR)


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (marc(*SOUND, leader="00000nam"), "bad-leader"),
        (changed(leader="00000xam a2200000 a 4500"), "bad-leader"),
        (marc(*SOUND[1:]), "missing-008"),
        (marc("008 240101", *SOUND[1:]), "bad-008"),
        (coded("s2019    vm a     9    001 0 vie d"), "bad-code"),
        (coded("s2019    zz a     b    001 0 vie d"), "unknown-country"),
        (coded("s2019    vm a     b    001 0 vn  d"), "unknown-language"),
        (coded("s    2019vm a     b    001 0 vie d"), "bad-date"),
        (coded("q20192001vm a     b    001 0 vie d"), "bad-date"),
        (coded("s3019    vm a     b    001 0 vie d"), "bad-date"),
        (changed("006 m     o  d"), "bad-006"),
        (changed("007 cr cn"), "bad-007"),
        (changed("007 qz"), "bad-code"),
        (marc(*SOUND[:2], "245 10 $a $cVũ Trọng Phụng"), "missing-title"),
        (changed("020 __ $a9786040000018"), "bad-isbn"),
        (changed("020 __ $a242"), "bad-isbn"),
        (changed("022 __ $a1859-4580"), "bad-issn"),
        (changed("024 2_ $a979-0-2600-0043-9"), "bad-ismn"),
        (changed("024 3_ $a9786040000018"), "bad-ean"),
        (changed("041 0_ $avi"), "bad-041"),
        (changed("041 0_ $avii"), "unknown-language"),
        (changed("700 1_ $aVũ Trọng Phụng$4xyz"), "unknown-relator"),
        (changed("336 __ $btext$2rdacontent"), "unknown-term"),
        (changed("500 __ $aa\x00b"), "control-character"),
        (changed("500 __ $aa\ufffdb"), "damaged-text"),
        (changed("500 \ufffd_ $aa"), "damaged-text"),
        (changed("500 __ $éa"), "bad-subfield-code"),
        (changed("5é0 __ $aa"), "bad-tag"),
        (changed("500 __ "), "no-subfields"),
        (changed("234 __ $aa"), "undefined-tag"),
        (changed("500 __ $ba"), "undefined-subfield"),
        (changed("500 1x $aa"), "bad-indicator"),
        (changed("500 __ $aa$ab"), "repeated-subfield"),
        (changed("245 10 $aSố đỏ"), "repeated-field"),
        (changed("100 1_ $aVũ Trọng Phụng", "110 2_ $aHội Nhà văn"), "repeated-field"),
        (changed("500 __ $6xx$aa"), "bad-link"),
        (changed("500 __ $6880-01$aa"), "unpaired-880"),
        (changed("880 __ $6500-01$aa"), "unpaired-880"),
    ],
)
def test_each_fault_has_its_code_and_is_a_warning(record, code):
    assert [(p.code, p.severity) for p in check(record)] == [(code, Severity.WARNING)]


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (changed(leader="00000nam a2200000Ia 4500"), "bad-leader"),
        (coded("s2019    vm a     b    0   0 vie d"), "bad-code"),
        (coded("s2019    vn a     b    001 0 vie d"), "obsolete"),
        (changed("440 _0 $aTủ sách"), "obsolete"),
        (changed("260 0_ $aHà Nội"), "obsolete"),
        (changed("245 10 $aSố đỏ$dVũ Trọng Phụng"), "obsolete"),
        (changed("041 0_ $aviefre"), "obsolete"),
        (changed("500 __ $aSo\u0302\u0301 \u0111o\u0309"), "decomposed-text"),
    ],
)
def test_what_is_only_out_of_date_or_unusual_is_told_to_who_asks_for_all(record, code):
    assert code in unusual(record)
    assert code not in codes(record)


@pytest.mark.parametrize(
    "line",
    [
        "901 xy $zKho 2",
        "590 __ $aa$bb",
        "690 _4 $aa",
        "852 __ $aHN$9123",
        "020 __ $a0306406152 (pbk.) :$c5.00",
        "022 0_ $a1859-4581 =",
        "041 07 $avi$2iso639-1",
        "700 1_ $aA$4http://id.example.org/aut",
        "880 10 $6245-00$aA",
        "007 cr|||||||||||",
        "006 m     o  d        ",
        "336 __ $avăn bản$btxt$2rdacontent",
        "024 2_ $a979-0-2600-0043-8",
    ],
)
def test_what_is_the_librarys_own_or_right_is_no_problem(line):
    assert codes(changed(line)) == []


def test_008_is_read_by_the_kind_of_material():
    music = coded("s2019    vm a     b    001 0 vie d", leader="00000njm a2200000 a 4500")

    assert set(codes(music)) == {"bad-code"}


def test_a_linked_field_is_judged_as_the_field_it_stands_for():
    pair = ("490 1_ $6880-01$aA", "880 9_ $6490-01$aA")

    assert [(p.code, p.field) for p in check(changed(*pair))] == [("bad-indicator", "880")]


def test_a_local_field_without_subfields_is_told():
    record = Record(schema=Schema.MARC21, leader=BOOK, fields=(Control("901", "Kho 2"),))

    assert "no-subfields" in codes(record)


def test_a_record_in_another_schema_has_nothing_to_check_on_the_line():
    assert check(Record(schema=Schema.OAI_DC)) == ()


def test_the_row_numbers_of_a_real_library_are_told(shared):
    found = [code for data in hcmut(shared, 200) for code in codes(iso2709.read(data))]

    assert found.count("bad-isbn") > 150


def test_no_rule_finds_fault_with_more_than_a_few_records_of_the_library_of_congress(shared):
    found = Counter(
        told
        for data in loc_books(shared, 2000)
        for told in {(p.code, p.field) for p in check(iso2709.read(data))}
    )

    assert {told: count for told, count in found.items() if count > 20} == {}


def test_no_rule_finds_fault_with_many_records_of_a_government_publisher(shared):
    found = Counter(
        told
        for data in gpo_states(shared, 2000)
        for told in {(p.code, p.field) for p in check(iso2709.read_leniently(data)[0])}
    )

    assert {told: count for told, count in found.items() if count > 60} == {}

from __future__ import annotations

import pytest
from hypothesis import given

from crosswalks.check import check
from crosswalks.formats import iso2709
from crosswalks.model import Control, Record, Schema, Severity
from support.formats import hcmut
from support.marc import BOOK, marc
from support.marc import records as any_records

CODED = f"008 240101s2019    vm {'':17}vie d"
SOUND = (CODED, "020 __ $a978-604-0-00001-9 (bìa mềm)", "245 10 $aSố đỏ")


def codes(record: Record) -> list[str]:
    return [problem.code for problem in check(record)]


def changed(*extra: str, leader: str = BOOK) -> Record:
    return marc(*SOUND, *extra, leader=leader)


def test_a_sound_record_has_no_problem():
    assert check(changed()) == ()


@given(any_records)
def test_any_record_at_all_can_be_checked(record):
    assert all(problem.code and len(problem.sample) <= 60 for problem in check(record))


@pytest.mark.parametrize("kind", "zuvxy")
def test_authorities_and_holdings_are_kept_out_by_an_error(kind):
    [problem] = check(changed(leader=f"00000n{kind}  a2200000 a 4500"))

    assert (problem.code, problem.severity) == ("not-bibliographic", Severity.ERROR)


@pytest.mark.parametrize(
    ("record", "code"),
    [
        (marc(*SOUND, leader="00000nam"), "bad-leader"),
        (marc(*SOUND[1:]), "missing-008"),
        (marc("008 240101", *SOUND[1:]), "bad-008"),
        (marc(*SOUND[:2], "245 10 $a $cVũ Trọng Phụng"), "missing-title"),
        (changed("020 __ $a9786040000018"), "bad-isbn"),
        (changed("020 __ $a242"), "bad-isbn"),
        (changed("022 __ $a1859-4580"), "bad-issn"),
        (changed("500 __ $aa\x00b"), "control-character"),
        (changed("500 __ $aa\ufffdb"), "damaged-text"),
        (changed("500 __ $éa"), "bad-subfield-code"),
        (changed("5é0 __ $aa"), "bad-tag"),
        (changed("500 __ "), "no-subfields"),
    ],
)
def test_each_fault_has_its_code_and_is_a_warning(record, code):
    assert [(p.code, p.severity) for p in check(record)] == [(code, Severity.WARNING)]


def test_a_local_field_without_subfields_is_told():
    record = Record(schema=Schema.MARC21, leader=BOOK, fields=(Control("901", "Kho 2"),))

    assert "no-subfields" in codes(record)


def test_valid_numbers_with_what_stands_behind_them_are_no_problem():
    assert codes(changed("020 __ $a0306406152 (pbk.) :$c5.00", "022 0_ $a1859-4581 =")) == []


def test_a_record_in_another_schema_has_nothing_to_check():
    assert check(Record(schema=Schema.OAI_DC)) == ()


def test_the_row_numbers_of_a_real_library_are_told(shared):
    found = [code for data in hcmut(shared, 200) for code in codes(iso2709.read(data))]

    assert found.count("bad-isbn") > 150

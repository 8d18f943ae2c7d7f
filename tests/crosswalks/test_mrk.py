from __future__ import annotations

import io
from contextlib import suppress

import pymarc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.errors import FormatError
from crosswalks.formats import mrk
from crosswalks.model import Control, Field
from support.formats import MARC_RECORDS, loc_books
from support.marc import marc
from support.marcformats import plain, records_of

BOOK = marc("001 7", "245 10 $aSố đỏ /$cVũ Trọng Phụng")


@given(MARC_RECORDS)
def test_what_is_written_reads_back_the_same(record):
    assert mrk.read(mrk.write(record)) == record


@given(MARC_RECORDS, MARC_RECORDS)
def test_a_file_gives_its_records_back(first, second):
    data = mrk.BETWEEN.join([mrk.write(first), mrk.write(second)])

    assert [mrk.read(piece) for _, piece in mrk.split(io.BytesIO(data))] == [first, second]


def test_what_would_be_markup_has_a_name():
    record = marc("009 a\\b $c")
    record = record.__class__(
        schema=record.schema,
        leader=record.leader,
        fields=(*record.fields, Field("020", "  ", (("a", "{$5} \\ {dollar}"),))),
    )

    assert mrk.write(record).splitlines()[1:] == [
        b"=009  a{bsol}b\\{dollar}c",
        b"=020  \\\\$a{lcub}{dollar}5{rcub} \\ {lcub}dollar{rcub}",
    ]
    assert mrk.read(mrk.write(record)) == record


def test_names_of_letters_and_marks_are_read_the_mark_behind_its_letter():
    data = b"=245  10$aV{acute}{circ}e {Dstrok}{hooka}o {unknown} {grave}$b{acute}\n"

    assert mrk.read(data).fields == (
        Field("245", "10", (("a", "Ve\u0301\u0302 Đo\u0309 {unknown} \u0300"), ("b", "\u0301"))),
    )


def test_a_local_field_without_subfields_is_kept_whole():
    assert mrk.read(b"=901  Kho\\2\n").fields == (Control("901", "Kho 2"),)


def test_damage_costs_a_line_and_is_told():
    data = mrk.write(BOOK).replace(b"=001  7", b"=001 7")
    record, problems = mrk.read_leniently(data)

    assert record.fields == BOOK.fields[1:]
    assert [problem.code for problem in problems] == ["bad-structure"]
    with pytest.raises(FormatError):
        mrk.read(data)


def test_pymarc_reads_what_we_write_as_we_meant_it(shared):
    records = [record for data in loc_books(shared, 300) for record in records_of(data)]
    text = "\n".join(mrk.write(record).decode().rstrip("\n") + "\n" for record in records)
    simple = list(pymarc.MARCMakerReader(text))

    assert len(simple) == len(records)
    different = [
        ours.leader
        for ours, theirs in zip(records, simple, strict=True)
        if not set("{}$") & set(str(ours)) and plain(ours) != plain(mrk.read(f"{theirs}".encode()))
    ]
    assert different == []


def test_a_real_file_reads_as_its_iso_2709(shared):
    folder = shared / "data/corpora/perl-marc/files/marc-marcmaker/t"
    ours, same = (
        records_of((folder / name).read_bytes()) for name in ("camel.mrk", "camel.usmarc")
    )

    assert [plain(record) for record in ours] == [plain(record) for record in same]


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_a_format_error(data):
    for reader in (mrk.read, mrk.read_leniently):
        with suppress(FormatError):
            reader(b"=LDR  " + data)


def test_characters_beyond_the_basic_plane_survive():
    record = marc("001 7", "880 10 $6245-01$a𠀀𢆥傳翹")

    assert mrk.read(mrk.write(record)) == record

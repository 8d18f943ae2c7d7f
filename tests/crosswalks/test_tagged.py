from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.errors import FormatError
from crosswalks.formats import tagged
from crosswalks.model import Control, Field
from support.formats import MARC_RECORDS
from support.marc import marc

TEXT = (
    "Ldr 00025nam a2200024 a 4500\n#001 TVL1\n#041    $aVie\n#245 10 $aSố đỏ /$cVũ Trọng Phụng\n"
    "#900 1\n#911\n##\n"
)
RECORD = replace(
    marc(leader="00025nam a2200024 a 4500"),
    fields=(
        Control("001", "TVL1"),
        Field("041", "  ", (("a", "Vie"),)),
        Field("245", "10", (("a", "Số đỏ /"), ("c", "Vũ Trọng Phụng"))),
        Control("900", "1"),
        Control("911", ""),
    ),
)


def test_a_record_of_lines_is_read():
    assert tagged.read(TEXT.encode()) == RECORD
    assert tagged.read(TEXT.replace("\n", "\r\n").encode()) == RECORD


@given(MARC_RECORDS)
def test_what_is_written_reads_back_the_same_or_is_refused(record):
    with suppress(FormatError):
        assert tagged.read(tagged.write(record)) == record


@pytest.mark.parametrize("text", ["a $b", "$5", "line\nbreak", "end\r"])
def test_what_would_be_read_otherwise_is_refused(text):
    record = replace(RECORD, fields=(Field("245", "10", (("a", text),)),))

    with pytest.raises(FormatError):
        tagged.write(record)


def test_an_amount_of_money_fits_where_it_cannot_be_a_subfield():
    record = replace(RECORD, fields=(Field("020", "  ", (("c", "$ 5 US$"), ("z", "1"))),))

    assert tagged.read(tagged.write(record)) == record


def test_a_record_ends_at_its_mark_or_where_another_begins():
    text = TEXT + TEXT.replace("##\n", "") + TEXT
    found = list(tagged.split(io.BytesIO(b"\xef\xbb\xbf" + text.encode())))

    assert [tagged.read(data) for _, data in found] == [RECORD] * 3
    assert found[0][0] == 3


def test_damage_costs_a_line_and_is_told():
    data = TEXT.replace("#041", "041").encode()
    record, problems = tagged.read_leniently(data)

    assert record.fields == (RECORD.fields[0], *RECORD.fields[2:])
    assert [problem.code for problem in problems] == ["bad-structure"]
    with pytest.raises(FormatError):
        tagged.read(data)


def test_a_real_export_is_read_and_written_as_it_was(shared):
    data = (shared / "data/corpora/vn-emiclib/FCODGLFL.ISO").read_bytes()
    found = [tagged.read(piece) for _, piece in tagged.split(io.BytesIO(data))]

    assert tagged.sniff(data)
    assert len(found) == data.count(b"Ldr ") == 100
    written = [line for record in found for line in tagged.write(record).split(b"\n")]
    assert [line.rstrip() for line in written if line.strip()] == [
        line.rstrip() for line in data.split(b"\n") if line.strip()
    ]


@given(st.binary(max_size=200))
def test_random_bytes_raise_nothing_but_a_format_error(data):
    for reader in (tagged.read, tagged.read_leniently):
        with suppress(FormatError):
            reader(b"Ldr " + data)


def test_characters_beyond_the_basic_plane_survive():
    record = replace(RECORD, fields=(Field("880", "10", (("6", "245-01/$1"), ("a", "𠀀𢆥傳翹"))),))

    assert tagged.read(tagged.write(record)) == record

from __future__ import annotations

import io

import pytest

from crosswalks import formats
from crosswalks.files import HEAD, read_file, sniff_file
from crosswalks.formats import dim, edm, etdms, iso2709, marcxml, mods, oai_dc, qdc
from crosswalks.model import Schema
from support.elements import leaf, record
from support.marc import marc

BOOK = marc("001 12", "245 10 $aSố đỏ")
WRITTEN = [
    (marcxml, BOOK),
    (iso2709, BOOK),
    (oai_dc, record(Schema.OAI_DC, leaf("dc:title", "Số đỏ"))),
    (qdc, record(Schema.QDC, leaf("dc:title", "Số đỏ"))),
    (dim, record(Schema.DIM, leaf("dc.title", "Số đỏ"))),
    (mods, record(Schema.MODS, leaf("note", "Số đỏ"))),
    (etdms, record(Schema.ETDMS, leaf("dc:title", "Số đỏ"))),
    (edm, record(Schema.EDM, leaf("dc:title", "Số đỏ"))),
]


@pytest.mark.parametrize(("form", "made"), WRITTEN, ids=lambda value: getattr(value, "NAME", ""))
def test_a_file_is_known_by_its_beginning_and_read_back_whole(form, made):
    data = b"".join(formats.file_of(form, [form.write(made)] * 3))
    items = list(read_file(io.BytesIO(data), form))

    assert sniff_file(data[:HEAD]) is form
    assert [(item.position, item.problems) for item in items] == [(1, ()), (2, ()), (3, ())]
    assert [item.record.fields for item in items if item.record] == [made.fields] * 3


def test_a_record_that_cannot_be_read_stands_in_its_place_with_the_reason():
    sound = marcxml.write(BOOK)
    items = list(read_file(io.BytesIO(sound + b"<record><x/></record>" + sound), marcxml))

    assert [item.record and item.record.control("001") for item in items] == ["12", None, "12"]
    assert [problem.code for problem in items[1].problems] == ["unreadable"]
    assert items[1].offset == len(sound)


def test_a_file_of_nothing_known_is_said_to_be_so():
    assert sniff_file(b"hello") is None
    assert sniff_file(b"") is None

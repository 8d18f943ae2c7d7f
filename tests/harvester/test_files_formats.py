"""What files may be: every format, packed and damaged, with each record's own identifier."""

from __future__ import annotations

import bz2
import gzip
import lzma

import pytest

from crosswalks.formats import file_of as joined
from crosswalks.formats import marcjson, marcxml, mods, mrk, oai_dc, tagged
from crosswalks.model import Element, Record, Schema
from harvester.files.errors import BadPlace, UnknownFileFormat
from support.files import book, books, codes, names, read, reader, records, tarred, zipped
from support.marc import marc

RECORDS = [marc("001 a1", "245 10 $aMột"), marc("001 b&2", "245 10 $aHai")]
PACKED = [
    gzip.compress,
    bz2.compress,
    lzma.compress,
    lambda data: gzip.compress(data[:400]) + gzip.compress(data[400:]),
    lambda data: bz2.compress(data[:400]) + bz2.compress(data[400:]),
    lambda data: lzma.compress(data[:400]) + bytes(4) + lzma.compress(data[400:]) + bytes(8),
    # Longer than what is read at a time.
    lambda data: lzma.compress(data[:400]) + bytes(1 << 18) + lzma.compress(data[400:]),
    lambda data: zipped({"a/b.mrc": data}),
    lambda data: tarred({"b.mrc": data}),
    lambda data: tarred({"b.mrc": data}, "w:gz"),
    lambda data: tarred({"b.mrc": data}, "w:xz"),
]


def put(tmp_path, data, name="file"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("form", [marcxml, marcjson, mrk, tagged], ids=lambda form: form.NAME)
def test_records_of_any_format_go_by_their_control_number(tmp_path, form):
    data = b"".join(joined(form, map(form.write, RECORDS)))
    path = put(tmp_path, data)

    found = records(read(path))
    assert [each.identifier for each in found] == ["a1", "b&2"]
    assert {each.format for each in found} == {form.NAME}


def test_records_without_a_control_number_go_by_their_first_identifier(tmp_path):
    dc = Record(
        schema=Schema.OAI_DC,
        fields=(Element("dc:title", (), "Một"), Element("dc:identifier", (), " x:1 ")),
    )
    number = Element("recordInfo", (), "", (Element("recordIdentifier", (), "m1"),))
    title = Element("titleInfo", (), "", (Element("title", (), "Một"),))
    found = [
        names(read(put(tmp_path, b"".join(joined(form, [form.write(record)])))))
        for form, record in (
            (oai_dc, dc),
            (mods, Record(schema=Schema.MODS, fields=(title, number))),
        )
    ]

    assert found == [["x:1"], ["m1"]]


def test_the_bytes_of_a_record_are_those_of_the_file(tmp_path):
    path = put(tmp_path, books(1, 2))

    assert b"".join(each.body for each in records(read(path))) == path.read_bytes()


@pytest.mark.parametrize("pack", PACKED)
def test_what_is_packed_is_unpacked(tmp_path, pack):
    path = put(tmp_path, pack(books(*range(30))))

    pages = read(path)
    assert names(pages) == [str(number) for number in range(30)]
    assert pages[0].url.startswith("file")


def test_members_of_an_archive_are_read_in_order_and_say_where_they_stand(tmp_path):
    members = {"10.mrc": books(3), "2.mrc": books(1, 2), ".x": b"?", "__MACOSX/2.mrc": b"?"}
    [page] = read(put(tmp_path, zipped(members), "a.zip"))

    assert (names([page]), page.url) == (["1", "2", "3"], "a.zip#2.mrc!0")


def test_a_kept_page_gives_the_same_records_again(tmp_path):
    damaged = b"junk" + book("1") + book("") + b"\x00" + books("2", "2", "\u1e9e")
    [page] = read(put(tmp_path, damaged))

    assert reader().again(page.raw, 1, page.url).records == page.records


def test_a_record_without_an_identifier_goes_by_its_bytes(tmp_path):
    first, second = (names(read(put(tmp_path, book("") + book(n), str(n)))) for n in (1, 2))

    assert first[0] == second[0]
    assert first[0].startswith("sha256:")


@pytest.mark.parametrize(
    ("place", "expected"),
    [("020$a", ["978"]), ("035$a,001", ["1"]), ("024$a, 020$a", ["978"]), ("999$x", ["sha256"])],
)
def test_the_identifier_stands_where_the_source_says(tmp_path, place, expected):
    from crosswalks.formats import iso2709

    data = iso2709.write(marc("001 1", "020 __ $a 978", "245 10 $aMột"))

    found = names(read(put(tmp_path, data), identifier=place))
    assert [each.partition(":")[0] for each in found] == expected


@pytest.mark.parametrize("place", ["$a", "020$", "020$ab", "001,,002"])
def test_a_place_that_is_none_is_refused(tmp_path, place):
    with pytest.raises(BadPlace):
        read(put(tmp_path, books(1)), identifier=place)


def test_a_repeated_identifier_never_overwrites_another_record(tmp_path):
    data = book(1, "A") + book(1, "B") + book(1, "A") + book(1, "C") + book(1, "B")
    pages = read(put(tmp_path, data))

    assert names(pages) == ["1", "1~2", "1", "1~3", "1~2"]
    assert codes(pages) == ["identifier-repeated"] * 3


def test_it_may_come_again_in_another_file_of_changes(tmp_path):
    put(tmp_path, book(1, "A"), "1.mrc")
    put(tmp_path, book(1, "B"), "2.mrc")

    assert names(read(tmp_path)) == ["1", "1"]
    assert names(read(tmp_path, delivers="whole")) == ["1", "1~2"]


def test_damage_between_records_is_told_with_its_bytes(tmp_path):
    pages = read(put(tmp_path, book(1) + b"what is this?\x1d" + book(2)))

    damaged = records(pages)[1]
    assert (names(pages)[0], names(pages)[2], codes(pages)) == ("1", "2", ["damaged-region"])
    assert damaged.body == b"what is this?\x1d"


def test_a_format_may_be_named(tmp_path):
    data = b"\n\n  junk line\n" + mrk.write(RECORDS[0])

    assert "a1" in names(read(put(tmp_path, data), format="mrk"))
    with pytest.raises(UnknownFileFormat):
        read(put(tmp_path, data), format="docx")

from __future__ import annotations

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.errors import FormatError
from crosswalks.formats import directory, iso2709
from crosswalks.formats.iso2709_common import read_common
from crosswalks.model import Control, Field, RawRecord, Record
from crosswalks.reading import read
from support.formats import LEADER, MARC_RECORDS, gpo_states, hcmut, loc_books, marc_record
from support.marc import marc

BOOK = marc_record(
    [Control("001", "vtls1")],
    [Field("100", "0 ", (("a", "Tô Hoài"),)), Field("245", "10", (("a", "Dế mèn phiêu lưu ký"),))],
)


@given(MARC_RECORDS)
def test_what_is_written_reads_back_the_same(record):
    assert iso2709.read(iso2709.write(record)).fields == record.fields


@given(MARC_RECORDS)
def test_sound_bytes_are_written_as_they_were(record):
    data = iso2709.write(record)

    assert iso2709.write(iso2709.read(data)) == data


@given(st.binary(max_size=300))
def test_random_bytes_raise_nothing_but_a_format_error(data):
    for reader in (iso2709.read, iso2709.read_leniently):
        with suppress(FormatError):
            reader(data)


@given(MARC_RECORDS, st.data())
def test_a_mutated_record_raises_nothing_but_a_format_error(record, draw):
    data = bytearray(iso2709.write(record))
    for _ in range(draw.draw(st.integers(1, 4))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))

    found, problems = read(RawRecord(identifier="x", format="iso2709", body=bytes(data)))

    assert found is not None or problems


def test_a_length_that_lies_costs_only_its_own_record():
    good = iso2709.write(BOOK)
    short = b"00100" + good[5:]
    stream = io.BytesIO(good + short + b"\r\n" + good + good[:50])

    found = list(iso2709.split(stream))

    assert [data for _, data in found] == [good, short, good, good[:50]]
    assert [offset for offset, _ in found] == [0, len(good), 2 * len(good) + 2, 3 * len(good) + 2]


def test_records_are_whole_wherever_the_stream_is_cut():
    good = iso2709.write(BOOK)

    class Trickle(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(size and 7)

    assert [data for _, data in iso2709.split(Trickle(good * 5))] == [good] * 5


def test_a_lie_about_the_length_is_read_with_a_warning():
    data = b"00100" + iso2709.write(BOOK)[5:]

    record, problems = read(RawRecord(identifier="x", body=data))

    assert record is not None
    assert record.fields == BOOK.fields
    assert [problem.code for problem in problems] == ["bad-structure"]


@pytest.mark.parametrize(
    "damage",
    [
        # The directory of real Vietnamese exports ends in 1F: the first field is then inside it.
        lambda data: data.replace(b"\x1e", b"\x1f", 1),
        lambda data: data.replace(b"\x1e", b"", 1).replace(b"a22", b" a22", 1),
        lambda data: data.replace("Tô".encode(), b"T\x1eo", 1),
        lambda data: data[:12] + b"9" + data[13:],
        lambda data: data[:-8],
    ],
)
def test_damage_never_moves_a_field_under_its_neighbours_tag(damage):
    record, problems = read(RawRecord(identifier="x", body=damage(iso2709.write(BOOK))))

    assert problems
    assert record is None or {field[0] for field in record.fields} <= {"001", "100", "245"}
    if record:
        assert record.control("001") in ("vtls1", "")
        assert all("Dế" not in value for value in record.values("100", "a"))


def test_a_real_export_with_a_damaged_directory_keeps_fields_and_tags_together(shared):
    path = shared / "data/corpora/vn-emiclib/LAVYIDLS.ISO"
    with path.open("rb") as stream:
        raws = [RawRecord(identifier=str(at), body=data) for at, data in iso2709.split(stream)]
    first, problems = read(raws[0])

    assert len(raws) == 1654
    assert first is not None
    assert first.values("245", "a") == ["Vật lý học đại cương :"]
    assert [problem.code for problem in problems] == ["bad-structure"]
    assert all(read(raw)[0] for raw in raws)


def test_utf8_is_seen_although_the_leader_denies_it():
    data = bytearray(iso2709.write(BOOK))
    data[9] = ord(" ")

    assert iso2709.read(bytes(data)).values("245", "a") == ["Dế mèn phiêu lưu ký"]


def test_a_local_field_without_subfields_is_kept_whole():
    record = marc_record([], [Field("245", "10", (("a", "x"),))])
    local = Record(
        schema=record.schema, leader=LEADER, fields=(*record.fields, Control("901", "Kho 2"))
    )

    assert iso2709.read(iso2709.write(local)).fields == local.fields


@pytest.mark.parametrize("length", [10_000, 99_999])
def test_what_is_too_long_for_the_format_is_refused(length):
    fields = [Field("520", "  ", (("a", "x" * min(length, 9_000)),))] * (1 + length // 10_000 * 2)
    if length == 10_000:
        fields = [Field("520", "  ", (("a", "x" * length),))]

    with pytest.raises(FormatError, match="bytes, the most is"):
        iso2709.write(marc_record([], fields))


@pytest.mark.parametrize("corpus", [loc_books, gpo_states, hcmut])
def test_real_records_are_written_as_they_were(shared, corpus):
    changed = [
        data[:24] for data in corpus(shared, 2000) if iso2709.write(iso2709.read(data)) != data
    ]

    assert changed == []


@given(MARC_RECORDS)
def test_the_quick_way_reads_as_the_careful_one_does(record):
    data = iso2709.write(record)
    quick = read_common(data, iso2709.SCHEMA)

    assert quick is None or quick == iso2709._careful(data)  # noqa: SLF001 - the way behind


@given(MARC_RECORDS, st.data())
def test_a_changed_number_is_never_overlooked(record, draw):
    data = bytearray(iso2709.write(record))
    numbers = [*range(5), *range(12, 17)]
    numbers += [at for at in range(24, data.index(0x1E)) if (at - 24) % 12 > 2]
    data[draw.draw(st.sampled_from(numbers))] ^= draw.draw(st.integers(1, 15))

    with pytest.raises(FormatError):
        iso2709.read(bytes(data))


def test_fields_in_another_order_than_their_directory_keep_their_tags():
    first, second = b"\x1e10\x1faTitle"[1:] + b"\x1e", b"1 \x1faName\x1e"
    entries = b"100%04d%05d245%04d00000" % (len(second), len(first), len(first))
    base = 24 + len(entries) + 1
    length = base + len(first) + len(second) + 1
    data = b"%05dnam a22%05d a 4500" % (length, base) + entries + b"\x1e" + first + second + b"\x1d"

    assert iso2709.read(data).fields == (
        Field("100", "1 ", (("a", "Name"),)),
        Field("245", "10", (("a", "Title"),)),
    )


def test_a_field_that_no_entry_names_is_not_lost_in_silence():
    data = iso2709.write(BOOK)
    base = int(data[12:17])
    entry, rest = data[24:36], data[36:]
    hidden = data[:12] + b"%05d" % (base - 12) + data[17:24] + rest
    hidden = b"%05d" % len(hidden) + hidden[5:]

    assert entry.startswith(b"001")
    with pytest.raises(FormatError):
        iso2709.read(hidden)


def test_a_record_longer_than_its_length_can_say_is_read_by_its_delimiters():
    fields = [Field("520", "  ", (("a", "x" * 9_000),))] * 12
    written = directory.joined([Control("001", "7"), *fields[:11]], "iso2709")
    body = written.fields + fields[0][2][0][1].join(["  \x1fa", "\x1e"]).encode()
    entries = written.directory + b"520%04d%06d" % (9_005, len(written.fields))
    data = b"99999nam a22%05d a 4500" % (25 + len(entries)) + entries + b"\x1e" + body + b"\x1d"

    record, problems = iso2709.read_leniently(data)

    assert [found for _, found in iso2709.split(io.BytesIO(data * 2))] == [data, data]
    assert len(data) > 99_999
    assert record.fields == (Control("001", "7"), *fields)
    assert [problem.code for problem in problems] == ["bad-structure"]


def test_one_entry_that_is_too_long_moves_no_other_tag():
    long = Field("520", "  ", (("a", "x" * 10_001),))
    fields = (Control("001", "7"), Field("245", "10", (("a", "Title"),)), long, BOOK.fields[1])
    texts = [b"7\x1e", b"10\x1faTitle\x1e", b"  \x1fa" + b"x" * 10_001 + b"\x1e"]
    texts.append("0 \x1faTô Hoài\x1e".encode())
    entries, start = b"", 0
    for field, text in zip(fields, texts, strict=True):
        entries += f"{field[0]}{len(text):04}{start:05}".encode()
        start += len(text)
    base = 24 + len(entries) + 1
    data = b"%05dnam a22%05d a 4500" % (base + start + 1, base) + entries + b"\x1e"

    record, _ = iso2709.read_leniently(data + b"".join(texts) + b"\x1d")

    assert record.fields == fields


def test_junk_between_records_is_a_piece_of_its_own_and_costs_no_record():
    good = iso2709.write(BOOK)
    stream = io.BytesIO(b"\xef\xbb\xbf" + good + b"\r\nPage 2 of 3\r\n" + good + b"\n\x1d\x1a")

    assert [data.strip() for _, data in iso2709.split(stream)] == [good, b"Page 2 of 3", good]


def test_a_record_without_its_end_does_not_swallow_the_next_one():
    good = iso2709.write(BOOK)

    assert [data for _, data in iso2709.split(io.BytesIO(good[:-20] + good))] == [good[:-20], good]


def printed(data: bytes) -> bytes:
    """Return a record as systems write it that print the delimiters of ISO 2709."""
    return data.replace(b"\x1f", b"$").replace(b"\x1e", b"#").replace(b"\x1d", b"#")


def in_lines(data: bytes) -> bytes:
    """Return a record in lines of 80 characters."""
    return b"\r\n".join(data[at : at + 80] for at in range(0, len(data), 80)) + b"\r\n"


@pytest.mark.parametrize("change", [printed, in_lines, lambda data: in_lines(printed(data))])
def test_what_other_systems_call_iso_2709_is_split_and_read_with_a_warning(change):
    title = (("a", "Giá ($5) là # 1 "), ("b", "10 $ cho ai $9"), ("6", "880-01/$1"))
    fields = [Field("245", "10", title), Field("260", "  ", (("c", "y" * 90),))]
    record = marc_record([Control("001", "7")], fields)
    file = change(iso2709.write(record)) * 3
    found = [iso2709.read_leniently(data) for _, data in iso2709.split(io.BytesIO(file))]

    assert iso2709.sniff(file)
    assert [each.fields for each, _ in found] == [record.fields] * 3
    assert {problem.code for _, problems in found for problem in problems} == {"not-quite-iso2709"}


def test_a_record_of_a_system_without_indicators_is_read_as_it_says():
    fields = [Control("010", "^aTitle^bRest"), Control("020", "plain"), Control("030", "x^ay")]
    data = iso2709.write(Record(schema=iso2709.SCHEMA, leader="00000     0000000   4500"))
    written = directory.joined(fields, "iso2709")
    data = directory.record("00000     0000000   4500", written)

    record, problems = iso2709.read_leniently(data)

    assert record.fields == (
        Field("010", "  ", (("a", "Title"), ("b", "Rest"))),
        Control("020", "plain"),
        Field("030", "  ", (("?", "x"), ("a", "y"))),
    )
    assert [problem.code for problem in problems] == ["no-indicators"]


def test_carets_without_indicators_are_never_taken_for_text():
    written = directory.joined([Control("024", "^aTitle^bRest")], "iso2709")
    data = directory.record("00000     0000000   4500", written)

    assert iso2709.undivided(data) is None
    with pytest.raises(FormatError):
        iso2709.read(data)


def test_a_file_of_cds_isis_is_told_by_its_empty_leader():
    written = directory.joined([Control("001", "1"), Control("024", "^aTitle^bRest")], "iso2709")
    data = directory.record("00000     0000000   4500", written)
    data = data[:5] + b"0000000" + data[12:17] + b"0004500" + data[24:]
    data = data.replace(b"\x1e", b"#").replace(b"\x1d", b"#")
    lines = b"".join(data[at : at + 80] + b"\r\n" for at in range(0, len(data), 80))

    assert iso2709.sniff(lines)
    assert len(list(iso2709.split(io.BytesIO(lines * 3)))) == 3


@pytest.mark.parametrize("page", ["cp1251", "koi8-r", "cp866", "cp850"])
def test_a_code_page_is_recognised_where_only_one_makes_words(page):
    text = (
        "Ação é útil à nação; não há opções"
        if page == "cp850"
        else ("Основы гидравлического расчета инженерных сетей и Ильина")
    )
    written = directory.joined([Field("245", "10", (("a", "~"),))], "iso2709")
    body = written.fields.replace(b"~", text.encode(page))
    data = b"00000nam  2200037 a 4500245" + b"%04d00000\x1e" % len(body) + body + b"\x1d"

    record, problems = iso2709.read_leniently(b"%05d" % len(data) + data[5:])

    assert record.values("245", "a") == [text]
    assert problems[-1].detail.endswith(f"read as {page}")


def test_characters_beyond_the_basic_plane_survive():
    record = marc("001 7", "880 10 $6245-01$a𠀀𢆥傳翹")

    assert iso2709.read(iso2709.write(record)).fields == record.fields

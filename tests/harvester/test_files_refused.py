"""Files that are not taken: each with the reason, before anything of it is."""

from __future__ import annotations

import gzip
import io
import os
import struct
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harvester.files import listing
from harvester.files.errors import (
    ArchiveDamaged,
    ArchiveLocked,
    ArchiveNested,
    ArchiveSwollen,
    ArchiveTooLarge,
    ArchiveTooMany,
    FileChanged,
    FileMissing,
    FilesRefused,
    FileTooLarge,
    FileUnreadable,
    NoRegularFile,
    RecordTooLong,
    UnknownContent,
)
from harvester.model import FileLimits
from support.files import books, names, read, reader, spec, tarred, zipped
from web.language import message, translator

SMALL = FileLimits(
    file_bytes=1 << 20, inflated_bytes=3 << 20, free_bytes=1 << 20, members=20, record_bytes=1 << 20
)
GOOD = books(1, 2, 3)
LONG = books(*range(500))
SECOND = 512 + -(-len(GOOD) // 512) * 512
"""Where the header of a tar archive's second member begins."""


def put(tmp_path: Path, data: bytes, name: str = "a.mrc") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@contextmanager
def nobody() -> Iterator[None]:
    """Have no more rights than a user without any."""
    before = os.geteuid()
    if not before:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(before)


def locked() -> bytes:
    made = bytearray(zipped({"a.mrc": GOOD}))
    made[6] |= 1
    made[made.rindex(b"PK\x01\x02") + 8] |= 1
    return bytes(made)


def announced(name_bytes: int) -> bytes:
    """Return a tar archive whose first member announces a name of so many bytes."""
    header = tarfile.TarInfo("././@LongLink")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, name_bytes
    return header.tobuf(tarfile.GNU_FORMAT) + bytes(1024)


def holed(at: int, data: bytes = b"\xff") -> bytes:
    """Return a tar archive of three members with other bytes at a place of it."""
    made = bytearray(tarred({f"{name}.mrc": GOOD for name in "abc"}))
    made[at : at + len(data)] = data
    return bytes(made)


def shrunken() -> bytes:
    """Return a tar archive whose first member says that it has fewer bytes than none."""
    before = tarfile.TarInfo("x")
    before.type, told = tarfile.XHDTYPE, b"11 size=-5\n"
    before.size = len(told)
    parts = (before.tobuf(tarfile.USTAR_FORMAT), told.ljust(512, b"\0"))
    return b"".join(parts) + tarred({"a.mrc": GOOD})


def greedy() -> bytes:
    """Return a zip file with a member that wants a dictionary of 4 GiB."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.mrc", GOOD)
    data = bytearray(made.getvalue())
    at = data.index(b"a.mrc") + len(b"a.mrc") + 5
    data[at : at + 4] = b"\xff" * 4
    return bytes(data)


def document(*members: str) -> bytes:
    return zipped(dict.fromkeys(members, b"<x/>"))


@pytest.mark.parametrize(
    ("data", "looks"),
    [
        (b"%PDF-1.7 ...", "a PDF document"),
        (b"  <!DOCTYPE html><html><body>Login", "a web page"),
        (b"MZ\x90\x00" + bytes(100), "a program"),
        (b"\xff\xd8\xff\xe0" + bytes(100), "a picture"),
        (b"Rar!\x1a\x07\x00", "a RAR archive"),
        (document("word/document.xml", "[Content_Types].xml"), "a Word document"),
        (document("ppt/presentation.xml"), "a PowerPoint"),
        (b"<catalogue><item/></catalogue>", "XML, but none"),
        (b'{"name": "x"}', "JSON, but no"),
        (bytes(5000), "nothing but null bytes"),
        (b"\x01\x02\x03\x04" * 50, "something else"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_file_of_records_is_told_by_its_first_bytes(tmp_path, data, looks):
    with pytest.raises(UnknownContent) as caught:
        read(put(tmp_path, data))

    assert looks in str(caught.value)
    assert looks not in message(caught.value, translator("vi"))


def test_nothing_is_taken_where_one_file_of_a_list_cannot_be_read(tmp_path):
    put(tmp_path, GOOD, "a.mrc")
    put(tmp_path, b"%PDF-1.7", "b.mrc")

    pages = reader().pages(spec(tmp_path), {})
    with pytest.raises(UnknownContent):
        next(pages)


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (gzip.compress(GOOD + bytes(4 << 20)), ArchiveSwollen),
        (gzip.compress(LONG * 60, 1), ArchiveTooLarge),
        (zipped({"a.mrc": LONG * 30, "b.mrc": LONG * 30}), ArchiveTooLarge),
        (zipped({"a.mrc": GOOD + bytes(2 << 20)}), ArchiveSwollen),
        (tarred({"a.mrc": GOOD + bytes(2 << 20)}, "w:xz"), ArchiveSwollen),
        (zipped({f"{n}.mrc": GOOD for n in range(21)}), ArchiveTooMany),
        (tarred({f"{n}.mrc": GOOD for n in range(21)}), ArchiveTooMany),
        (zipped({"a.zip": zipped({"a.mrc": GOOD})}), ArchiveNested),
        (zipped({"a.mrc.gz": gzip.compress(GOOD)}), ArchiveNested),
        (tarred({"a.tar": tarred({"a.mrc": GOOD})}), ArchiveNested),
        (gzip.compress(gzip.compress(GOOD)), ArchiveNested),
        (locked(), ArchiveLocked),
        (zipped({"a.mrc": GOOD})[:-30], ArchiveDamaged),
        (gzip.compress(GOOD)[:-9], ArchiveDamaged),
        (gzip.compress(GOOD)[:-8] + b"\0" * 8, ArchiveDamaged),
        (tarred({"a.mrc": GOOD}, "w:bz2")[:-20], ArchiveDamaged),
        (tarred({"a.mrc": GOOD, "b.mrc": GOOD})[:1536], ArchiveDamaged),
        (announced(1 << 30), ArchiveDamaged),
        (shrunken(), ArchiveDamaged),
        (holed(SECOND + 5), ArchiveDamaged),
        (holed(SECOND, bytes(512)), ArchiveDamaged),
        (tarred({"a.mrc": GOOD}) + tarred({"b.mrc": GOOD}), ArchiveDamaged),
        (b"\x1f\x8b" + b"not gzip at all", ArchiveDamaged),
        (b"PK\x03\x04" + b"not zip at all", ArchiveDamaged),
        (greedy(), ArchiveDamaged),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_harmful_and_damaged_archives_are_refused(tmp_path, data, error):
    with pytest.raises(error) as caught:
        read(put(tmp_path, data), limits=SMALL)

    assert message(caught.value, translator("vi")) != str(caught.value)


def test_a_member_that_is_not_what_its_directory_says_is_refused(tmp_path):
    made = bytearray(zipped({"a.mrc": GOOD}))
    made[60] ^= 0xFF

    with pytest.raises(ArchiveDamaged):
        read(put(tmp_path, bytes(made)))


def test_a_directory_of_members_without_end_is_refused_before_it_is_read(tmp_path):
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, 500 << 20, 0, 0)
    path = put(tmp_path, b"PK\x03\x04")
    with path.open("r+b") as file:
        # A sparse file: large enough to hold what it announces.
        file.seek(600 << 20)
        file.write(end)

    with pytest.raises(ArchiveTooMany):
        read(path)


def test_a_zip_file_that_understates_what_is_in_it_gives_no_more_than_it_says(tmp_path):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.mrc", GOOD + bytes(30 << 20))
    size = struct.pack("<L", len(GOOD) + (30 << 20))
    data = made.getvalue().replace(size, struct.pack("<L", 900))

    with pytest.raises(ArchiveDamaged):
        read(put(tmp_path, data), limits=SMALL)


@pytest.mark.parametrize("data", [GOOD + b"x" * (3 << 20), GOOD + b"\x1e1" * (3 << 20)])
def test_a_record_without_an_end_is_refused(tmp_path, data):
    with pytest.raises(RecordTooLong):
        read(put(tmp_path, data), limits=FileLimits(record_bytes=1 << 20))


def test_a_line_without_an_end_is_refused(tmp_path):
    with pytest.raises(RecordTooLong):
        read(put(tmp_path, b"=LDR  00000nam\n=245  10$a" + b"x" * (20 << 20)))


def test_an_identifier_without_an_end_is_refused(tmp_path):
    put(tmp_path, b"1\n" + b"x" * 5000, "xoa.txt")
    with pytest.raises(RecordTooLong):
        read(tmp_path)


def test_an_xml_element_without_an_end_is_refused(tmp_path):
    data = b'<collection xmlns="http://www.loc.gov/MARC21/slim"><record><leader>' + b"x" * (
        20 << 20
    )
    with pytest.raises(RecordTooLong):
        read(put(tmp_path, data))


def test_a_file_that_is_too_large_is_refused(tmp_path):
    with pytest.raises(FileTooLarge):
        read(put(tmp_path, GOOD), limits=FileLimits(file_bytes=100))


def test_a_file_that_grows_while_it_is_read_is_refused_after_what_came(tmp_path):
    path = put(tmp_path, LONG)
    pages = reader().pages(spec(path), {})
    first = next(pages)
    with path.open("ab") as file:
        file.write(GOOD)

    assert len(first.records) == 250
    with pytest.raises(FileChanged):
        list(pages)


def test_a_file_that_vanishes_while_it_is_read_is_refused(tmp_path):
    path = put(tmp_path, LONG)
    pages = reader().pages(spec(path), {})
    next(pages)
    path.unlink()

    with pytest.raises(FileChanged):
        list(pages)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(FileMissing):
        read(tmp_path / "a.mrc")


def test_what_is_neither_file_nor_folder_is_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    for path in (tmp_path / "pipe", Path("/dev/zero")):
        with pytest.raises(NoRegularFile):
            read(path)


def test_what_may_not_be_read_is_refused(tmp_path):
    path = put(tmp_path, GOOD)
    path.chmod(0)
    error = listing.refusal(PermissionError(13, "Permission denied"), path.name)

    assert isinstance(error, FileUnreadable)
    with nobody(), pytest.raises(FileUnreadable):
        read(path)
    tmp_path.chmod(0)
    for where in (path, tmp_path):
        with nobody(), pytest.raises(FileUnreadable):
            read(where)


def test_a_spreadsheet_of_another_kind_than_a_table_of_books_is_no_list(tmp_path):
    data = zipped({"xl/workbook.xml": b"<workbook/>"})

    with pytest.raises(FilesRefused):
        read(put(tmp_path, data, "a.xlsx"))


def test_sound_files_near_the_limits_are_taken(tmp_path):
    assert len(names(read(put(tmp_path, gzip.compress(LONG)), limits=SMALL))) == 500

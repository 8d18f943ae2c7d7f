"""What a file is by its first bytes, and the words for what is no file of records."""

from __future__ import annotations

import zipfile
from typing import IO

from crosswalks.errors import Said

GZIP, BZIP2, XZ = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TAR_AT, _TAR = 257, b"ustar"
_SHEETS = ("xl/workbook.xml", "xl/workbook.bin")
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_MIMETYPE = "mimetype"
_KNOWN: tuple[tuple[bytes, Said], ...] = (
    (b"%PDF", Said("a PDF document", {})),
    (b"{\\rtf", Said("a text document (RTF)", {})),
    (b"MZ", Said("a program", {})),
    (b"\x7fELF", Said("a program", {})),
    (b"\xff\xd8\xff", Said("a picture", {})),
    (b"\x89PNG", Said("a picture", {})),
    (b"GIF8", Said("a picture", {})),
    (b"Rar!", Said("a RAR archive, which cannot be opened here", {})),
    (b"7z\xbc\xaf\x27\x1c", Said("a 7z archive, which cannot be opened here", {})),
    (b"SQLite format 3\0", Said("a database", {})),
    (b"\0\x01\0\0Standard ", Said("an Access database", {})),
    (OLE, Said("an old Word, Excel or other Office document", {})),
    (b"\x04\x22\x4d\x18", Said("an LZ4 archive, which cannot be opened here", {})),
    (b"\x28\xb5\x2f\xfd", Said("a Zstandard archive, which cannot be opened here", {})),
)
_TEXTS: tuple[tuple[bytes, Said], ...] = (
    (b"<!doctype html", Said("a web page, perhaps an error message or a page to sign in", {})),
    (b"<html", Said("a web page, perhaps an error message or a page to sign in", {})),
    (b"<", Said("XML, but none that holds records we know", {})),
    (b"{", Said("JSON, but no MARC-in-JSON", {})),
    (b"[", Said("JSON, but no MARC-in-JSON", {})),
)
_LOOK_AT = 1024
_TEXT_CONTROLS = set(range(0x20)) - {0x09, 0x0A, 0x0C, 0x0D, 0x1A, 0x1B}


def is_tar(head: bytes) -> bool:
    """Tell whether a file begins like a tar archive."""
    return head[_TAR_AT : _TAR_AT + len(_TAR)] == _TAR


def is_spreadsheet(archive: zipfile.ZipFile) -> bool:
    """Tell whether a zip file is an Excel or OpenDocument spreadsheet."""
    names = set(archive.namelist())
    if names & set(_SHEETS):
        return True
    return _MIMETYPE in names and _mimetype(archive).startswith(_ODS)


def document_in(archive: zipfile.ZipFile) -> str:
    """Return what a zip file is that holds no records but is one document; empty if it is none."""
    names = set(archive.namelist())
    if "word/document.xml" in names:
        return Said("a Word document", {})
    if "ppt/presentation.xml" in names:
        return Said("a PowerPoint presentation", {})
    if "META-INF/MANIFEST.MF" in names:
        return Said("a program", {})
    return Said("a document", {}) if _MIMETYPE in names else ""


def described(head: bytes) -> str:
    """Return what a file looks like that is no file of records."""
    known = next((words for magic, words in _KNOWN if head.startswith(magic)), None)
    text = head[:_LOOK_AT].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    known = known or next((words for begins, words in _TEXTS if text.startswith(begins)), None)
    if known is not None:
        return known
    if not head.strip(b"\0"):
        return Said("nothing but null bytes", {})
    if is_text(head[:_LOOK_AT]):
        return Said("text, but none that holds records we know", {})
    return Said("something else", {})


def is_text(head: bytes) -> bool:
    """Tell whether bytes may be lines of text, in whatever encoding that keeps to ASCII."""
    return bool(head) and _TEXT_CONTROLS.isdisjoint(head)


def _mimetype(archive: zipfile.ZipFile) -> bytes:
    stream: IO[bytes]
    with archive.open(_MIMETYPE) as stream:
        return stream.read(len(_ODS))

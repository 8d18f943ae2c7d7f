"""Spreadsheets (.xlsx, .xls, .ods) as rows, opened in a process of their own.

A workbook is read whole into memory by the library that reads it, so what a harmful or a huge one
would take is told before it is opened (the sizes in its directory), and bounded while it is.
"""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from crosswalks.errors import Said
from crosswalks.formats.delimited import Row, Stream
from harvester.files.errors import DiskFull
from harvester.files.tableerrors import (
    WorkbookDamaged,
    WorkbookLocked,
    WorkbookNone,
    WorkbookTooLarge,
)
from harvester.files.zipdirectory import AN_ENTRY, directory_size

LARGEST = 256 << 20
"""Bytes of a spreadsheet as it lies there."""
INFLATED = 1 << 30
"""Bytes of all its parts together, unpacked."""
MEMBERS = 10_000
_PARTS = Said("{count} parts", {"count": MEMBERS})

_CHILD = Path(__file__).with_name("sheetchild.py")
_PIECE = 1 << 20
_LONGEST = 8 << 20
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MEBIBYTE = 1 << 20
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument."
_SHEETS_INSIDE = (b"xl/", _OPEN_DOCUMENT + b"spreadsheet")
_OTHERS_INSIDE = (b"word/", b"ppt/", _OPEN_DOCUMENT)
_TAKES_TOO_MUCH = {
    -signal.SIGABRT: Said("2 GiB of memory", {}),
    -signal.SIGKILL: Said("2 GiB of memory", {}),
    -signal.SIGXCPU: Said("15 minutes of computing", {}),
}
"""What a process was not given that ended by a signal."""


def is_workbook(head: bytes) -> bool:
    """Tell whether a file that begins so is an office document, whether with sheets or not.

    It is then no archive to be unpacked, though most are ZIP files.
    """
    if head.startswith(_OLE):
        return True
    inside = (*_SHEETS_INSIDE, *_OTHERS_INSIDE, b"[Content_Types].xml")
    return head.startswith(_ZIP) and any(name in head for name in inside)


def rows(stream: Stream, name: str) -> Iterator[Row]:
    """Yield the rows of all visible sheets, in their order.

    Empty rows are counted and left out. Raises WorkbookNone, WorkbookLocked, WorkbookTooLarge and
    WorkbookDamaged, and DiskFull where there is no room for a copy.
    """
    with _copied(stream, name) as copy:
        _check(copy, name)
        yield from _told(copy, name)


@contextmanager
def _copied(stream: Stream, name: str) -> Iterator[IO[bytes]]:
    """Give a copy, since a spreadsheet is read to and fro; it has no name, so it never stays."""
    with tempfile.TemporaryFile() as copy:
        size = 0
        try:
            while piece := stream.read(_PIECE):
                size += len(piece)
                if size > LARGEST:
                    raise WorkbookTooLarge(file=name, limit=f"{LARGEST // _MEBIBYTE} MiB")
                copy.write(piece)
            copy.flush()
        except OSError as error:
            raise DiskFull(file=name) from error
        yield copy


def _check(copy: IO[bytes], name: str) -> None:
    copy.seek(0)
    if copy.read(len(_OLE)) == _OLE:
        _check_ole(copy, name)
    else:
        _check_zip(copy, name)


def _check_ole(copy: IO[bytes], name: str) -> None:
    """Refuse an old office file that is no spreadsheet, or an encrypted one."""
    found = set()
    copy.seek(0)
    before = b""
    names = ("EncryptedPackage", "WordDocument", "PowerPoint Document", "Workbook", "Book")
    while piece := copy.read(_PIECE):
        found |= {each for each in names if each.encode("utf-16-le") in before + piece}
        before = piece[-64:]
    if "EncryptedPackage" in found:
        raise WorkbookLocked(file=name)
    if not found & {"Workbook", "Book"}:
        raise WorkbookNone(file=name, looks=Said("another document of an office program", {}))


def _check_zip(copy: IO[bytes], name: str) -> None:
    """Refuse what would unpack to too much, by what its directory says; the child checks again."""
    # Before any of it is read: a directory of a million names takes a lot of memory.
    told = directory_size(copy, copy.seek(0, io.SEEK_END))
    if told is not None and told > MEMBERS * AN_ENTRY:
        raise WorkbookTooLarge(file=name, limit=_PARTS)
    try:
        with zipfile.ZipFile(copy) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise WorkbookDamaged(file=name, reason=str(error)) from error
    if any(part.flag_bits & 1 for part in parts):
        raise WorkbookLocked(file=name)
    names = {part.filename for part in parts}
    if not any(each.startswith("xl/") or each == "content.xml" for each in names):
        raise WorkbookNone(file=name, looks=Said("another document of an office program", {}))
    if len(parts) > MEMBERS:
        raise WorkbookTooLarge(file=name, limit=_PARTS)
    if sum(part.file_size for part in parts) > INFLATED:
        raise WorkbookTooLarge(file=name, limit=f"{INFLATED // _MEBIBYTE} MiB")


def _told(copy: IO[bytes], name: str) -> Iterator[Row]:
    """Yield what the child tells; it is ended with us, whoever stops asking.

    In a session of its own: a Ctrl-C at the terminal is for us, and we end it after our page.
    """
    number = copy.fileno()
    child = subprocess.Popen(
        [sys.executable, "-I", str(_CHILD), f"/dev/fd/{number}", str(os.getpid())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        pass_fds=(number,),
        start_new_session=True,
    )
    assert child.stdout is not None
    try:
        yield from _read(child.stdout, name)
    except EOFError as error:
        raise _ended(child.wait(), name) from error
    finally:
        child.kill()
        child.stdout.close()
        child.wait()


def _read(out: IO[bytes], name: str) -> Iterator[Row]:
    sheet = ""
    while True:
        line = out.readline(_LONGEST)
        if not line.endswith(b"\n"):
            raise EOFError
        told: Any = json.loads(line)
        if isinstance(told, list):
            yield Row(told[0], 0, tuple(told[1]), sheet=sheet)
        elif "sheet" in told:
            sheet = told["sheet"]
        elif "failed" in told:
            raise _failed(told["failed"], told["reason"], name)
        else:
            return


def _failed(kind: str, reason: str, name: str) -> Exception:
    if kind == "locked":
        return WorkbookLocked(file=name)
    if kind == "large":
        return _ended(-signal.SIGABRT, name)
    return WorkbookDamaged(file=name, reason=reason)


def _ended(code: int, name: str) -> Exception:
    """Return why a child ended without a word, most likely for want of memory."""
    if code in _TAKES_TOO_MUCH:
        return WorkbookTooLarge(file=name, limit=_TAKES_TOO_MUCH[code])
    reason = Said("what reads it ended with {code}", {"code": code})
    return WorkbookDamaged(file=name, reason=reason)

"""Files as libraries deliver them, and short ways to read them."""

from __future__ import annotations

import io
import tarfile
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from crosswalks.formats import iso2709
from crosswalks.model import Checkpoint, Page, RawRecord
from harvester.files import FilesReader
from harvester.model import FileSettings, SourceSpec
from support.harvesting import LOOPBACK, no_wait
from support.marc import marc


def book(identifier: object, title: str = "") -> bytes:
    """Return a record in ISO 2709; without 001 where the identifier is empty."""
    first = [f"001 {identifier}"] if identifier != "" else []
    title = title or f"Sách số {identifier}"
    return iso2709.write(marc(*first, f"245 10 $a{title}", "260 __ $aH.$bKim Đồng$c2019"))


def books(*identifiers: object, title: str = "") -> bytes:
    """Return a file of such records."""
    return b"".join(book(each, title) for each in identifiers)


def zipped(members: Mapping[str, bytes]) -> bytes:
    """Return a zip file with these members."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def tarred(members: Mapping[str, bytes], mode: str = "w") -> bytes:
    """Return a tar archive with these members."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return made.getvalue()


def spec(where: Path | str, **settings: Any) -> SourceSpec:
    """Return what to ask for: a path, or an address."""
    url = f"file:{where}" if isinstance(where, Path) else where
    return SourceSpec(url=url, files=FileSettings(**settings))


def reader() -> FilesReader:
    """Return a reader that may connect to this machine and never sleeps."""
    return FilesReader(LOOPBACK, no_wait)


def read(where: Path | str, checkpoint: Checkpoint | None = None, **settings: Any) -> list[Page]:
    """Return the pages of a list of files."""
    return list(reader().pages(spec(where, **settings), checkpoint or {}))


def records(pages: Iterable[Page]) -> list[RawRecord]:
    """Return the records of all pages, in order."""
    return [record for page in pages for record in page.records]


def names(pages: Iterable[Page]) -> list[str]:
    """Return their identifiers."""
    return [record.identifier for record in records(pages)]


def codes(pages: Iterable[Page]) -> list[str]:
    """Return the codes of the problems of pages and records."""
    return [
        problem.code
        for page in pages
        for problem in (*page.problems, *(one for each in page.records for one in each.problems))
    ]

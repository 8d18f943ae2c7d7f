"""Zebra as libraries run it: MARC records as they are, under control number and date of change.

Either with the usual names of its indexes, or with Koha's, in which the date is found by its name
alone: the attribute 1012 stands for ``Date-time-last-modified``, the index is called
``Date/time-last-modified``.
"""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from crosswalks.formats import iso2709
from harvester.files import identifying
from support.yaz_ztest import await_listening, free_port
from support.z3950_target import Target
from support.zebra import modules

_TABLES = Path("/usr/share/idzebra-2.0/tab")
_USUAL, _KOHA = "Date-time-last-modified", "Date/time-last-modified"
_ABS = """
name hub
encoding utf-8
attset hub.att
esetname F @
esetname B @
marc usmarc.mar
xpath disable
melm 001 Local-number,_ALLRECORDS
melm 005 {date}:w:range(data,0,8),{date}:n:range(data,0,8),{date}:d:range(data,0,8)
melm 245 Title
"""
_ATT = """
name bib1
reference Bib-1
att 4 Title
att 12 Local-number
att 1012 Date-time-last-modified
"""

_GFS = """<yazgfs>
  <listen id="z3950">tcp:127.0.0.1:{port}</listen>
  <listen id="sru">tcp:127.0.0.1:{sru}</listen>
  <server id="plain" listenref="z3950">
    <directory>{folder}</directory>
    <config>zebra.cfg</config>
  </server>
  <server id="hub" listenref="sru">
    <directory>{folder}</directory>
    <config>zebra.cfg</config>
    <cql2rpn>cql.properties</cql2rpn>
    <explain xmlns="http://explain.z3950.org/dtd/2.0/">
      <serverInfo>
        <host>127.0.0.1</host><port>{sru}</port><database>Default</database>
      </serverInfo>
      <databaseInfo><title>A library</title></databaseInfo>
      <schemaInfo>
        <schema identifier="info:srw/schema/1/marcxml-v1.1" name="marcxml" retrieve="true"/>
      </schemaInfo>
    </explain>
    <retrievalinfo>
      <retrieval syntax="usmarc"/>
      <retrieval syntax="usmarc" name="F"/>
      <retrieval syntax="xml" name="marcxml" identifier="info:srw/schema/1/marcxml-v1.1">
        <backend syntax="usmarc" name="F">
          <marc inputformat="marc" outputformat="marcxml" inputcharset="utf-8"/>
        </backend>
      </retrieval>
    </retrievalinfo>
  </server>
</yazgfs>
"""
_CQL = """
set.cql = info:srw/cql-context-set/1/cql-v1.2
set.rec = info:srw/cql-context-set/2/rec-1.1
set = info:srw/cql-context-set/1/cql-v1.2
index.cql.allRecords = 1=_ALLRECORDS 2=103
index.cql.serverChoice = 1=4
index.rec.id = 1=12
index.rec.lastModificationDate = 1={date}
relation.< = 2=1
relation.le = 2=2
relation.eq = 2=3
relation.exact = 2=3
relation.ge = 2=4
relation.> = 2=5
relation.scr = 2=3
position.any = 3=3 6=1
truncation.right = 5=1
truncation.none = 5=100
structure.* = 4=1
"""
"""What CQL means, as servers of YAZ are told it."""


def records(shared: Path, count: int) -> dict[str, bytes]:
    """Return real records by their control numbers, one of each: publications of the GPO."""
    found: dict[str, bytes] = {}
    for path in sorted((shared / "data/corpora/gpo-states").glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                with archive.open(name) as stream:
                    for _, data in iso2709.split(stream):
                        number = identifying.quick(iso2709, data)
                        if number and len(found) < count:
                            found.setdefault(number, data)
    return found


class Zebra(Target):
    """A Zebra that runs, and the folder that it runs in."""

    folder: Path
    sru: int
    """The port of its SRU door, where records come as MARCXML."""
    koha: bool = False

    def update(self, some: Mapping[str, bytes]) -> None:
        """Have it take in records, in place of those of the same numbers."""
        (self.folder / "records" / "new.mrc").write_bytes(b"".join(some.values()))
        _run(self.folder, "update", "records/new.mrc")


@contextmanager
def serving(folder: Path, some: Mapping[str, bytes], *, koha: bool = False) -> Iterator[Zebra]:
    """Index records and serve them on free loopback ports, database Default."""
    _configure(folder, koha=koha)
    (folder / "records" / "all.mrc").write_bytes(b"".join(some.values()))
    _run(folder, "init")
    _run(folder, "-n", "update", "records")
    port, sru = free_port(), free_port()
    (folder / "gfs.xml").write_text(_GFS.format(port=port, sru=sru, folder=folder))
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            ["zebrasrv", "-f", "gfs.xml"],
            cwd=folder,
            stdout=log,
            stderr=log,
        )
    server = Zebra(kept=[], port=port, database="Default")
    server.folder, server.sru, server.koha = folder, sru, koha
    try:
        await_listening(port, process)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=30)


def _configure(folder: Path, *, koha: bool) -> None:
    for name in ("records", "register", "shadow"):
        (folder / name).mkdir()
    settings = {
        "profilePath": f"{folder}:{_TABLES}",
        "modulePath": modules(),
        "attset": "hub.att",
        "recordType": "grs.marcxml.hub",
        "recordId": "(bib1,Local-number)",
        "storeKeys": "1",
        "storeData": "1",
        "register": f"{folder}/register:2G",
        "perm.anonymous": "rw",
    }
    files = {
        "zebra.cfg": "".join(f"{name}: {value}\n" for name, value in settings.items()),
        "hub.abs": _ABS.format(date=_KOHA if koha else _USUAL),
        "hub.att": _ATT,
        "cql.properties": _CQL.format(date=_KOHA if koha else 1012),
    }
    for name, text in files.items():
        (folder / name).write_text(text)


def _run(folder: Path, *command: str) -> None:
    done = subprocess.run(
        ["zebraidx", "-c", "zebra.cfg", *command],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr

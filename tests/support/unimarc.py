"""UNIMARC records of the shared corpora, each file in the encoding that it really has."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from crosswalks.formats import marcxml
from crosswalks.model import Control, Field, Record, Schema

_FILES = (
    ("indexdata-idzebra/files/test/rusmarc/records/simple-rusmarc", "koi8-r"),
    ("repox/files/manager/src/test/resources/directoryImportTest/records.iso", "latin-1"),
    ("hard-cases/pymarc_tests__testunimarc.dat", "utf-8"),
    ("hard-cases/ruby_marc__test__cp866_unimarc.marc", "cp866"),
)
_ENTRY, _DIRECTORY = 12, 24


def corpus(shared: Path) -> Iterator[Record]:
    """Yield all UNIMARC and RUSMARC records of the corpora."""
    folder = shared / "data/corpora"
    for name, encoding in _FILES:
        for data in (folder / name).read_bytes().split(b"\x1d"):
            if data.strip():
                yield _read(data.lstrip(b"\r\n"), encoding)
    with gzip.open(folder / "crosswalk-oracles/oracle_unimarc.jsonl.gz") as lines:
        for line in lines:
            record = marcxml.read(json.loads(line)["marcxchange"].encode())
            yield replace(record, schema=Schema.UNIMARC)


def _read(data: bytes, encoding: str) -> Record:
    base = int(data[12:17])
    directory = data[_DIRECTORY : base - 1].decode()
    entries = [directory[at : at + _ENTRY] for at in range(0, len(directory) - 11, _ENTRY)]
    fields = [
        _field(each[:3], data[base + int(each[7:]) :][: int(each[3:7])].decode(encoding, "replace"))
        for each in entries
    ]
    leader = data[:_DIRECTORY].decode("latin-1")
    return Record(schema=Schema.UNIMARC, leader=leader, fields=tuple(fields))


def _field(tag: str, text: str) -> Control | Field:
    text = text.rstrip("\x1e")
    if tag < "010":
        return Control(tag, text)
    indicators, *subfields = text.split("\x1f")
    return Field(tag, f"{indicators:2.2}", tuple((each[0], each[1:]) for each in subfields if each))

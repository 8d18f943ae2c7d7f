"""Diagnostics: three shapes on the wire (Z39.50 s3.2.2.1.10, appendix DIAG), one value here.

A response has one diagnostic in place of records, or several, or some among the records.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from protocols.diagnostics import UNSPECIFIED_BIB1
from protocols.errors import QueryError
from protocols.z3950.charsets import Letters, readable, utf8_or_latin1
from protocols.z3950.oids import BIB1_DIAGNOSTICS
from protocols.z3950.values.common import External
from protocols.z3950.values.records import (
    DefaultDiagFormat,
    DiagRec,
    MultipleDiagnostics,
    NamePlusRecord,
    Records,
    ResponseRecords,
    SurrogateDiagnostic,
    V2Addinfo,
    V3Addinfo,
)

_VERSION_3 = 3
_PLAIN = {"đ": "d", "Đ": "D", "’": "'", "“": '"', "”": '"', "–": "-"}
_VISIBLE = range(0x20, 0x7F)


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosed:
    """What the other side says is wrong: a number of a list, and what it is about.

    One in a form that is not read has the number of the unspecified error, and the form as its
    ``addinfo``.
    """

    condition: int
    addinfo: str = ""
    set: str = BIB1_DIAGNOSTICS


def of_error(error: QueryError) -> Diagnosed:
    """Return the diagnostic that a query is owed."""
    return Diagnosed(condition=error.bib1, addinfo=error.addinfo)


def read(told: DiagRec, letters: Letters = utf8_or_latin1) -> Diagnosed:
    """Return a diagnostic in whichever of its forms."""
    if isinstance(told, External):
        return Diagnosed(condition=UNSPECIFIED_BIB1, addinfo=told.direct_reference or "")
    addinfo = "" if told.addinfo is None else readable(told.addinfo.value, letters)
    return Diagnosed(condition=told.condition, addinfo=addinfo, set=told.diagnostic_set_id)


def of_response(
    records: Records | None, letters: Letters = utf8_or_latin1
) -> tuple[Diagnosed, ...]:
    """Return why there are no records; nothing where there are, or none were asked for."""
    match records:
        case None | ResponseRecords():
            return ()
        case MultipleDiagnostics(several):
            return tuple(read(each, letters) for each in several)
        case _:
            return (read(records, letters),)


def of_record(record: NamePlusRecord, letters: Letters = utf8_or_latin1) -> Diagnosed | None:
    """Return why one record does not come, None for one that does."""
    if isinstance(record.record, SurrogateDiagnostic):
        return read(record.record.value, letters)
    return None


def written(said: Diagnosed, version: int = _VERSION_3) -> DefaultDiagFormat:
    """Return a diagnostic for a session of a version: until 3, only visible ASCII goes with it."""
    if version < _VERSION_3:
        addinfo: V2Addinfo | V3Addinfo = V2Addinfo(visible(said.addinfo))
    else:
        addinfo = V3Addinfo(said.addinfo)
    return DefaultDiagFormat(diagnostic_set_id=said.set, condition=said.condition, addinfo=addinfo)


def response(said: Sequence[Diagnosed], version: int = _VERSION_3) -> Records:
    """Return diagnostics in place of records: a single one bare, since version 2 knows no other."""
    told = tuple(written(each, version) for each in said)
    return told[0] if version < _VERSION_3 or len(told) == 1 else MultipleDiagnostics(told)


def surrogate(said: Diagnosed, database: str | None, version: int = _VERSION_3) -> NamePlusRecord:
    """Return a diagnostic in place of one record."""
    return NamePlusRecord(name=database, record=SurrogateDiagnostic(written(said, version)))


def visible(text: str) -> str:
    """Return text in visible ASCII: letters without their marks, and ? for what has none."""
    plain = "".join(_PLAIN.get(letter, letter) for letter in text)
    apart = unicodedata.normalize("NFKD", plain)
    kept = (letter for letter in apart if not unicodedata.combining(letter))
    return "".join(letter if ord(letter) in _VISIBLE else "?" for letter in kept)

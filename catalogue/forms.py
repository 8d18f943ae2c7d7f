"""The forms in which a master is given out, and how the crosswalks in use make one of it.

Pure functions. A form that is stored depends on the record's content and on the crosswalk alone,
never on the day: 005 is left out before mapping, since OAI-PMH tells beside it when all changed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple

from crosswalks import formats
from crosswalks.crosswalk import PIVOT
from crosswalks.errors import CrosswalkError
from crosswalks.formats import Writable, edm, etdms, mods, oai_dc, qdc
from crosswalks.model import Problem, Record, Schema, Severity
from crosswalks.shelf import SHIPPED_ONLY, Shelf

PIVOT_FORM = "marc21"
"""The master itself: no crosswalk stands between."""
ABOUT = "about"
"""What stands beside all forms: where the records come from (``catalogue.origins``)."""
FORM_FAILED = "form-failed"
_STAMP = "005"


class Kind(NamedTuple):
    """A form that is stored."""

    prefix: str
    crosswalk: str
    format: Writable
    at_once: bool = False
    """Made when a cluster changes, because it is asked for all the time; else when asked for."""


KINDS = (
    Kind("oai_dc", f"{PIVOT}-{Schema.OAI_DC}", oai_dc, at_once=True),
    Kind("mods", f"{PIVOT}-{Schema.MODS}", mods),
    Kind("qdc", f"{PIVOT}-{Schema.QDC}", qdc),
    Kind("edm", f"{PIVOT}-{Schema.EDM}", edm),
    Kind("etdms", f"{PIVOT}-{Schema.ETDMS}", etdms),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a crosswalk made of a master; None for both where nothing could be made."""

    record: Record | None = None
    body: bytes | None = None
    problems: tuple[Problem, ...] = ()


def made_when_asked(prefix: str) -> Kind | None:
    """Return the kind of a form that is only made when asked for; None for any other."""
    return next((kind for kind in KINDS if kind.prefix == prefix and not kind.at_once), None)


def kind_of(crosswalk: str) -> Kind | None:
    """Return the stored form that a crosswalk makes, if it makes one."""
    return next((kind for kind in KINDS if kind.crosswalk == crosswalk), None)


def versions(shelf: Shelf) -> dict[str, str]:
    """Return for each stored form, by its prefix, the version that it is made by."""
    return {kind.prefix: shelf.version(kind.crosswalk) for kind in KINDS}


def undated(record: Record) -> Record:
    """Return a master as the stored forms are made of it."""
    return replace(record, fields=tuple([each for each in record.fields if each[0] != _STAMP]))


def date_of(stamp: int) -> str:
    """Return a moment in epoch seconds as a master's 005 tells it (MARC 21 005)."""
    return datetime.fromtimestamp(stamp, UTC).strftime("%Y%m%d%H%M%S.0")


def make(record: Record, crosswalk: str, shelf: Shelf) -> Made:
    """Return what a crosswalk makes of a master, with what was wrong; never raises.

    A rule that fails on this record is left out and told.
    """
    try:
        found = shelf.map(record, crosswalk)
        writer = next(form for form in formats.WRITTEN if form.SCHEMA is found.record.schema)
        body = writer.write(found.record)
    except CrosswalkError as error:
        return Made(problems=(_failed(crosswalk, error, Severity.ERROR),))
    problems = tuple([_failed(crosswalk, each, Severity.WARNING) for each in found.failures])
    return Made(record=found.record, body=body, problems=problems)


def make_stored(
    undated_record: Record, kind: Kind, shelf: Shelf
) -> tuple[bytes, tuple[Problem, ...]]:
    """Return a stored form, and what was wrong, for a content that has none yet.

    Where the crosswalk in use makes nothing of it, the one that is shipped does: what is given out
    has a form in each format.
    """
    made = make(undated_record, kind.crosswalk, shelf)
    if made.body is not None:
        return made.body, made.problems
    shipped = SHIPPED_ONLY.map(undated_record, kind.crosswalk)
    return kind.format.write(shipped.record), made.problems


def _failed(crosswalk: str, error: CrosswalkError, severity: Severity) -> Problem:
    kind = kind_of(crosswalk)
    field = kind.prefix if kind else crosswalk
    return Problem(code=FORM_FAILED, severity=severity, field=field, detail=str(error))

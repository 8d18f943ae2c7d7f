"""What is wrong with a record in the pivot schema: enough to tell a library what to mend.

Only what can never form a cluster is an error; everything else is shown and counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from crosswalks import tables
from crosswalks.formats.leader import LENGTH
from crosswalks.identifiers import isbn_of, issn_of
from crosswalks.model import Control, Element, Field, Problem, Record, Schema, Severity

_LENGTH_008 = 40
_SAMPLE = 60
_OTHER_RECORDS = {row[0]: row[1] for row in tables.rows("other-records.tsv")}
_CONTROL = re.compile("[\x00-\x1f\x7f]")
_REPLACEMENT = "\ufffd"
_LOST = "U+FFFD: lost in an earlier conversion, or a character that cannot be stored"
_TAG = re.compile("[0-9A-Z]{3}|[0-9a-z]{3}")
_CODE = re.compile("[0-9A-Za-z!-/:-?[-`{}~]")


def check(record: Record) -> tuple[Problem, ...]:
    """Return the problems of a MARC 21 record; of a record in another schema, none."""
    if record.schema is not Schema.MARC21:
        return ()
    return tuple(problem for rule in _RULES for problem in rule(record))


def _kind(record: Record) -> Iterator[Problem]:
    kind = record.leader[6:7]
    if kind in _OTHER_RECORDS:
        detail = f"leader/06 is {kind}: {_OTHER_RECORDS[kind]}"
        yield _problem("not-bibliographic", "LDR", record.leader, detail, Severity.ERROR)


def _leader(record: Record) -> Iterator[Problem]:
    length = len(record.leader)
    if length != LENGTH:
        yield _problem("bad-leader", "LDR", record.leader, f"{length} characters in place of 24")


def _coded(record: Record) -> Iterator[Problem]:
    fields = [
        field.value for field in record.fields if isinstance(field, Control) and field.tag == "008"
    ]
    if not fields:
        yield _problem("missing-008", "008")
    for value in fields:
        if len(value) != _LENGTH_008:
            yield _problem("bad-008", "008", value, f"{len(value)} characters in place of 40")


def _title(record: Record) -> Iterator[Problem]:
    if not any(value.strip() for value in record.values("245", "ak")):
        yield _problem("missing-title", "245")


def _isbn(record: Record) -> Iterator[Problem]:
    for value in record.values("020", "a"):
        if not isbn_of(value):
            yield _problem("bad-isbn", "020", value, "not an ISBN with a right check digit")


def _issn(record: Record) -> Iterator[Problem]:
    for value in record.values("022", "a"):
        if not issn_of(value):
            yield _problem("bad-issn", "022", value, "not an ISSN with a right check digit")


def _structure(record: Record) -> Iterator[Problem]:
    for field in record.fields:
        tag = field[0]
        if not _TAG.fullmatch(tag):
            yield _problem("bad-tag", tag, tag)
        if isinstance(field, Field):
            yield from _bad_codes(field)
        elif not tag.startswith("00"):
            yield _problem("no-subfields", tag, _text(field))


def _bad_codes(field: Field) -> Iterator[Problem]:
    if not field.subfields:
        yield _problem("no-subfields", field.tag)
    for code, value in field.subfields:
        if not _CODE.fullmatch(code):
            yield _problem("bad-subfield-code", field.tag, f"{code}{value}")


def _characters(record: Record) -> Iterator[Problem]:
    """Say once a field what characters cannot be right in it."""
    if _REPLACEMENT in record.leader:
        yield _problem("damaged-text", "LDR", record.leader, _LOST)
    for field in record.fields:
        text = _text(field)
        if _CONTROL.search(text):
            yield _problem("control-character", field[0], repr(text[:_SAMPLE]))
        if _REPLACEMENT in text or (isinstance(field, Field) and _REPLACEMENT in field.indicators):
            yield _problem("damaged-text", field[0], text, _LOST)


def _text(field: Control | Field | Element) -> str:
    if isinstance(field, Field):
        return " ".join([value for _, value in field.subfields])
    return field.value if isinstance(field, Control) else field.text


def _problem(
    code: str,
    field: str,
    sample: str = "",
    detail: str = "",
    severity: Severity = Severity.WARNING,
) -> Problem:
    return Problem(
        code=code, severity=severity, field=field, sample=sample[:_SAMPLE], detail=detail
    )


_RULES: tuple[Callable[[Record], Iterator[Problem]], ...] = (
    *(_kind, _leader, _coded, _title),
    *(_isbn, _issn, _structure, _characters),
)

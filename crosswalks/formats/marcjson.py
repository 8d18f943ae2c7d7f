"""MARC-in-JSON: one record a line when written; arrays and records over many lines are read too.

Names that stand twice in one object are refused, since a JSON reader would keep only one of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from crosswalks.errors import FormatError
from crosswalks.formats.jsonfile import objects
from crosswalks.model import Control, Element, Field, Problem, Record, Schema, Severity, Subfield

NAME = "marcjson"
NAMES: tuple[str, ...] = (NAME, "marc-in-json", "application/marc+json", "marc-json")
SCHEMA = Schema.MARC21
OPENING = b""
BETWEEN = CLOSING = b"\n"

_BOM = b"\xef\xbb\xbf"
_SAMPLE = 60
_OPENERS = (b"{", b"[")


def sniff(data: bytes) -> bool:
    """Tell whether the bytes begin an object, or an array of them, with a leader or MARC fields."""
    head = data.removeprefix(_BOM).lstrip()
    if not head.startswith(_OPENERS):
        return False
    # A long record may have its leader last.
    return b'"leader"' in head or (b'"fields"' in head and b'"subfields"' in head)


def split(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (offset, bytes) for each object, on lines of their own or in an array."""
    return objects(stream)


def read(data: bytes) -> Record:
    """Return the record; raise FormatError where it is not exactly MARC-in-JSON."""
    found = _loaded(data)
    if set(found) != {"leader", "fields"}:
        raise FormatError(schema=NAME, reason=f"the names {sorted(found)}, not leader and fields")
    leader, fields = found["leader"], found["fields"]
    if not isinstance(leader, str) or not isinstance(fields, list):
        raise FormatError(schema=NAME, reason="the leader is no text, or the fields no list")
    return Record(schema=SCHEMA, leader=leader, fields=tuple([_field(field) for field in fields]))


def read_leniently(data: bytes) -> tuple[Record, tuple[Problem, ...]]:
    """Return what can be read of a record, and what in it is not as it should be."""
    found = _loaded(data, strict=False)
    problems = [_noted("an unknown name", name) for name in found if name not in _NAMES]
    given, leader = found.get("fields"), found.get("leader")
    fields = []
    for each in given if isinstance(given, list) else []:
        try:
            fields.append(_field(each))
        except FormatError as error:
            problems.append(_noted(error.reason, json.dumps(each, ensure_ascii=False)))
            fields += _mended(each)
    if not fields:
        raise FormatError(schema=NAME, reason="no fields in it")
    leader = leader if isinstance(leader, str) else ""
    return Record(schema=SCHEMA, leader=leader, fields=tuple(fields)), tuple(problems)


def write(record: Record) -> bytes:
    """Return the record as one line of UTF-8, without its end."""
    fields = [_written(field) for field in record.fields if not isinstance(field, Element)]
    text = json.dumps({"leader": record.leader, "fields": fields}, ensure_ascii=False)
    return text.encode("utf-8", "replace")


_NAMES = frozenset({"leader", "fields"})
_PARTS = frozenset({"ind1", "ind2", "subfields"})


def _loaded(data: bytes, *, strict: bool = True) -> dict[str, Any]:
    """Return an object; if not strict, raw line ends may stand in its texts."""
    text = data.removeprefix(_BOM)
    try:
        found = json.loads(text.decode(), object_pairs_hook=_once, strict=strict)
    except UnicodeDecodeError as error:
        raise FormatError(schema=NAME, reason="not in UTF-8", position=error.start) from error
    except json.JSONDecodeError as error:
        raise FormatError(schema=NAME, reason=error.msg, position=error.pos) from error
    except (ValueError, RecursionError) as error:
        raise FormatError(schema=NAME, reason=str(error)) from error
    if not isinstance(found, dict):
        raise FormatError(schema=NAME, reason="no object")
    return found


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(f"a name twice in one object: {[name for name, _ in pairs]}")  # noqa: EM102, TRY003
    return found


def _field(found: Any) -> Control | Field:
    tag, value = _only(found, "field")
    if isinstance(value, str):
        return Control(tag, value)
    if not isinstance(value, dict) or set(value) != _PARTS:
        raise FormatError(schema=NAME, reason=f"field {tag} has not ind1, ind2 and subfields")
    first, second, subfields = value["ind1"], value["ind2"], value["subfields"]
    if not _is_character(first) or not _is_character(second) or not isinstance(subfields, list):
        raise FormatError(
            schema=NAME, reason=f"field {tag} has not two indicators and a list of subfields"
        )
    return Field(tag, first + second, tuple([_subfield(subfield) for subfield in subfields]))


def _subfield(found: Any) -> Subfield:
    code, value = _only(found, "subfield")
    if len(code) != 1 or not isinstance(value, str):
        raise FormatError(schema=NAME, reason=f"a subfield with the code {code!r}")
    return code, value


def _mended(found: Any) -> list[Field]:
    """Return a field whose indicators are wrong or missing, with blanks in their place."""
    try:
        tag, value = _only(found, "field")
        subfields = tuple([_subfield(subfield) for subfield in value["subfields"]])
    except (FormatError, LookupError, TypeError):
        return []
    indicators = [value.get(name) for name in ("ind1", "ind2")]
    blanked = "".join([each if _is_character(each) else " " for each in indicators])
    return [Field(tag, blanked, subfields)]


def _only(found: Any, what: str) -> tuple[str, Any]:
    if not isinstance(found, dict) or len(found) != 1:
        raise FormatError(schema=NAME, reason=f"a {what} that is no object with one name")
    [(name, value)] = found.items()
    if not name:
        raise FormatError(schema=NAME, reason=f"a {what} without a name")
    return name, value


def _is_character(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 1


def _written(field: Control | Field) -> dict[str, Any]:
    if isinstance(field, Control):
        return {field.tag: field.value}
    indicators = f"{field.indicators:2.2}"
    return {
        field.tag: {
            "ind1": indicators[0],
            "ind2": indicators[1],
            "subfields": [{code: value} for code, value in field.subfields],
        }
    }


def _noted(detail: str, sample: str) -> Problem:
    return Problem(
        code="bad-structure", severity=Severity.WARNING, sample=sample[:_SAMPLE], detail=detail
    )

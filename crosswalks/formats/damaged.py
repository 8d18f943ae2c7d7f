"""What can be read of damaged ISO 2709, and what was overlooked for it: nothing goes in silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from crosswalks.errors import FormatError
from crosswalks.formats.directory import LEADER
from crosswalks.formats.iso2709_variants import plain
from crosswalks.formats.marcfields import SUBFIELD, bare_field, lenient_field
from crosswalks.formats.salvage import Pairs, salvage
from crosswalks.model import Problem, Record, Schema, Severity

BAD_TEXT = "text in another encoding"
"""How the reason of a strict reader begins that could not decode a record."""

Decoder: TypeAlias = Callable[[bytes], str]
Chooser: TypeAlias = Callable[[Pairs, list[Problem]], Decoder]
"""Gives what decodes the fields, and adds what is wrong with their text to the list."""


def read(
    data: bytes, schema: Schema, strict: Callable[[bytes], Record], choose: Chooser
) -> tuple[Record, tuple[Problem, ...]]:
    """Return a record and its problems; raise FormatError if there are no fields at all."""
    data, problems = plain(data)
    pairs = salvage(data)
    if not pairs:
        raise FormatError(schema=schema, reason="no directory and fields in it")
    problems += _strict_problems(data, strict)
    leader = data[:LEADER].decode("latin-1")
    decode = choose(pairs, problems)
    field = bare_field if _is_bare(leader, pairs, problems) else lenient_field
    fields = tuple([field(tag, decode(value)) for tag, value in pairs])
    return Record(schema=schema, leader=leader, fields=fields), tuple(problems)


def problem(code: str, detail: str) -> Problem:
    """Return a Problem that does not keep the record out."""
    return Problem(code=code, severity=Severity.WARNING, detail=detail)


def _is_bare(leader: str, pairs: Pairs, problems: list[Problem]) -> bool:
    """Tell whether leader/10 is right to say that there are no indicators."""
    if leader[10:11] != "0" or any(value[2:3] == SUBFIELD.encode() for _, value in pairs):
        return False
    problems.append(problem("no-indicators", "leader/10 says so, as CDS/ISIS does"))
    return True


def _strict_problems(data: bytes, strict: Callable[[bytes], Record]) -> list[Problem]:
    """Return why the strict reader refuses the record."""
    try:
        strict(data)
    except FormatError as error:
        code = "bad-encoding" if error.reason.startswith(BAD_TEXT) else "bad-structure"
        return [problem(code, error.reason)]
    return []

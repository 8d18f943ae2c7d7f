"""MARC as lines for people to read: ``=245  10$aDế mèn phiêu lưu ký /$cTô Hoài``. Written only."""

from __future__ import annotations

from crosswalks.model import Control, Element, Field, Record

NAME = "mrk"

_MEANT = str.maketrans({"$": "{dollar}", "\n": " ", "\r": " "})


def write(record: Record) -> bytes:
    """Return one line for the leader and each field, in UTF-8; DC elements as ``name: text``."""
    lines = [f"=LDR  {record.leader}"] if record.leader else []
    lines.extend(_line(field) for field in record.fields)
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


def _line(field: Control | Field | Element) -> str:
    if isinstance(field, Control):
        return f"={field.tag}  {_blanks(field.value)}"
    if isinstance(field, Element):
        return f"{field.name}: {field.text.translate(_MEANT)}"
    subfields = "".join(f"${code}{value.translate(_MEANT)}" for code, value in field.subfields)
    return f"={field.tag}  {_blanks(field.indicators)}{subfields}"


def _blanks(coded: str) -> str:
    return coded.replace(" ", "\\")

"""Fields as text, delimiters and all, made into Control and Field: strictly, or as far as it goes.

A field without subfields under a data tag is kept whole as a Control (local 9XX of some systems).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crosswalks.errors import FormatError
from crosswalks.model import Control, Field, Subfield

FIELD_END, SUBFIELD = "\x1e", "\x1f"
CONTROL_TAG = "00"
"""How the tags of control fields begin."""

# For speed: the loop over subfields runs in C.
SUBFIELDS = re.compile(f"{SUBFIELD}(.)([^{SUBFIELD}]*)", re.DOTALL).findall
_CARET = re.compile(r"\^(?=[a-z0-9])")
_INDICATORS = 2


def fields_of(tags: Sequence[str], text: str, name: str) -> tuple[Control | Field, ...]:
    """Return the fields of a text in which each ends at 1E; raise FormatError(name) if unsound."""
    if not tags:
        return ()
    if "\x1f\x1f" in text or "\x1f\x1e" in text or text[-1:] == SUBFIELD:
        raise FormatError(schema=name, reason="a subfield without a code")
    new, subfields = tuple.__new__, SUBFIELDS
    return tuple(
        [
            new(Field, (tag, field[:2], tuple(subfields(field))))
            if field[2:3] == SUBFIELD and not tag.startswith(CONTROL_TAG)
            else without_subfields(tag, field, name)
            for tag, field in zip(tags, text.split(FIELD_END), strict=True)
        ]
    )


def lenient_field(tag: str, text: str) -> Control | Field:
    """Return a field whatever it looks like; text where no text belongs gets the code ``?``."""
    if SUBFIELD not in text or tag.startswith(CONTROL_TAG):
        return Control(tag, text)
    indicators, *parts = text.split(SUBFIELD)
    return Field(tag, f"{indicators:2.2}", _subfields(indicators[_INDICATORS:], parts))


def bare_field(tag: str, text: str) -> Control | Field:
    """Return a field of a system without indicators, CDS/ISIS: ``^aTitle^bRest`` or plain text."""
    before, *parts = _CARET.sub(SUBFIELD, text).split(SUBFIELD)
    if not parts or tag.startswith(CONTROL_TAG):
        return Control(tag, text)
    return Field(tag, "  ", _subfields(before, parts))


def _subfields(before: str, parts: Sequence[str]) -> tuple[Subfield, ...]:
    stray = [("?", before.strip())] if before.strip() else []
    return (*stray, *[(part[0], part[1:]) for part in parts if part])


def without_subfields(tag: str, text: str, name: str) -> Control:
    """Return a field that is text only; raise FormatError(name) if there are subfields in it."""
    if SUBFIELD in text and not tag.startswith(CONTROL_TAG):
        raise FormatError(schema=name, reason=f"field {tag} has not two indicators")
    return Control(tag, text)

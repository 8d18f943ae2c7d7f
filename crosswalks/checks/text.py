"""What is wrong with the characters of a record: looked for once over all of its text.

Nearly all records are sound, so the text is judged as a whole first; only where something shows
is each field asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crosswalks.checks import damage
from crosswalks.checks.damage import Damage
from crosswalks.checks.problems import SAMPLE, text_of
from crosswalks.checks.problems import problem as _problem
from crosswalks.model import Control, Element, Field, Problem, Record

_CONTROL = re.compile("[\x00-\x1f\x7f]")
_CONTROL_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""In elements tabs and line breaks are only how the XML was set."""
_REPLACEMENT = "\ufffd"
_VIETNAMESE = ("vie", "vi", "vi_vn", "vi-vn", "tiếng việt", "vietnamese")
_ADDRESSES = frozenset(("856", "857"))

Piece = tuple[str, str]
"""A field's name and its text."""


def text_problems(record: Record) -> Iterator[Problem]:
    """Yield the problems of a record's characters, at most one of a kind for each field."""
    texts = _texts(record)
    whole = "".join(texts)
    control = _CONTROL if record.leader else _CONTROL_IN_XML
    if not whole.isprintable() and control.search(whole):
        yield from _controls(record, control)
    suspect = [] if whole.isascii() else [text for text in texts if not text.isascii()]
    if "?" in whole:
        suspect += [text for text in texts if "?" in text and "://" not in text]
    if damage.ENTITY.search(whole):
        suspect += texts
    if suspect:
        is_vietnamese = _is_vietnamese(record)
        if any(damage.damages("\n".join(suspect), is_vietnamese=is_vietnamese)):
            yield from _damaged(record, is_vietnamese=is_vietnamese)


def form_problems(record: Record) -> Iterator[Problem]:
    """Yield the first field whose letters are decomposed, for that is a habit of the source."""
    if all(map(str.isascii, _texts(record))):
        return
    for name, text in _pieces(record):
        for found in damage.form_of(text):
            yield _as_problem(found, name)
            return


def _controls(record: Record, control: re.Pattern[str]) -> Iterator[Problem]:
    for name, text in _pieces(record):
        if control.search(text):
            yield _problem("control-character", name, repr(text[:SAMPLE]))


def _damaged(record: Record, *, is_vietnamese: bool) -> Iterator[Problem]:
    pieces = [
        (name, text)
        for name, text in _pieces(record)
        if name not in _ADDRESSES or _REPLACEMENT in text
    ]
    whole = "\n".join([text for _, text in pieces])
    shown = list(damage.damages(whole, is_vietnamese=is_vietnamese))
    if not shown:
        return
    told = set()
    for name, text in pieces:
        for found in damage.damages(text, is_vietnamese=is_vietnamese):
            told.add(found.cause)
            yield _as_problem(found, name)
    for found in shown:
        if found.cause not in told:
            yield _as_problem(found, _name_at(pieces, found.place))


def _as_problem(found: Damage, name: str) -> Problem:
    return _problem(found.code, name, found.sample, found.cause, found.severity)


def _name_at(pieces: list[Piece], place: int) -> str:
    end = 0
    for name, text in pieces:
        end += len(text) + 1
        if place < end:
            return name
    return ""


def _pieces(record: Record) -> Iterator[Piece]:
    yield "LDR", record.leader
    yield from _pieces_of(record.fields)


def _pieces_of(fields: tuple[Control | Field | Element, ...]) -> Iterator[Piece]:
    for field in fields:
        if isinstance(field, Field):
            yield field.tag, text_of(field)
        elif isinstance(field, Control):
            yield field
        else:
            yield field.name, field.text
            yield from _pieces_of(field.children)


def _texts(record: Record) -> list[str]:
    """Return all texts of a record; one comprehension, since this runs on every record."""
    if not record.leader:
        return [text for _, text in _pieces(record)]
    return [
        record.leader,
        *[value for each in record.fields if isinstance(each, Field) for _, value in each[2]],
        *[each[1] for each in record.fields if isinstance(each, Control)],
    ]


def _is_vietnamese(record: Record) -> bool:
    if record.leader:
        return record.control("008")[35:38] == "vie"
    named = record.elements("dc:language", "dcterms:language", "dc.language.iso", "dc.language")
    return any(one.text.strip().lower() in _VIETNAMESE for one in named)

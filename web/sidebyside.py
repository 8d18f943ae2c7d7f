"""Records side by side: fields in rows by tag, and in each the words that the first has otherwise.

Words, not letters: of *Hòa* and *Hoa* the whole word is marked, since that is what a reader sees.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import NamedTuple

from crosswalks.model import Control, Field, Record

LEADER = "LDR"
_OWN = frozenset({"001", "003", "005"})
"""What each system gives its records itself: that it differs says nothing."""
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_MOST = 400
"""Words of a field that are compared one by one; longer ones are marked as a whole."""
_ALIKE = 1 / 3
"""The share of their words that two fields have in common at least that stand in one row."""


class Piece(NamedTuple):
    """Part of a text, and whether the first record has it otherwise."""

    text: str
    differs: bool


Cell = tuple[Piece, ...]
"""A field as text; empty where a record has none in this row."""


@dataclass(frozen=True, slots=True)
class Row:
    """Fields of one tag that stand for each other, one of each record."""

    tag: str
    cells: tuple[Cell, ...]
    differs: bool
    """Whether any is other than that of the first record."""


def rows(records: Sequence[Record]) -> list[Row]:
    """Return some records as rows; the first is what the others are compared with."""
    texts = [_by_tag(record) for record in records]
    tags = sorted({tag for each in texts for tag in each}, key=lambda tag: (tag != LEADER, tag))
    return [
        _row(tag, slot) for tag in tags for slot in _aligned([each.get(tag, []) for each in texts])
    ]


def pieces(reference: str, text: str) -> Cell:
    """Return a text in pieces, those marked that the reference has not, or has elsewhere."""
    ours, theirs = _WORD.findall(reference), _WORD.findall(text)
    if max(len(ours), len(theirs)) > _MOST:
        return (Piece(text, reference != text),)
    found: list[Piece] = []
    for kind, _, _, start, end in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if start < end:
            found += _trimmed("".join(theirs[start:end]), kind != "equal")
    return tuple(found)


def _trimmed(text: str, differs: bool) -> Iterator[Piece]:  # noqa: FBT001 - as it is in a Piece
    """Yield a piece, white space around what differs apart: it is no difference to be seen."""
    if not differs:
        yield Piece(text, differs)
        return
    bare = text.strip()
    before, _, after = text.partition(bare) if bare else (text, "", "")
    for part, marked in ((before, False), (bare, True), (after, False)):
        if part:
            yield Piece(part, marked)


def _row(tag: str, texts: Sequence[str]) -> Row:
    first = texts[0]
    if tag in _OWN:
        return Row(tag, tuple((Piece(text, False),) if text else () for text in texts), False)
    others = [pieces(first, text) for text in texts[1:]]
    own: Cell = (Piece(first, False),) if first else ()
    return Row(tag, (own, *others), any(text != first for text in texts))


def _by_tag(record: Record) -> dict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    if record.leader:
        found[LEADER].append(_blanks(record.leader))
    for field in record.fields:
        if isinstance(field, Control):
            found[field.tag].append(_blanks(field.value))
        elif isinstance(field, Field):
            found[field.tag].append(_text(field))
    return found


def _blanks(text: str) -> str:
    """Return what is read by its positions with a sign for each blank, as cataloguers write it."""
    return text.replace(" ", "#")


def _text(field: Field) -> str:
    """Return a data field as cataloguers write it: indicators, # for a blank, and subfields."""
    parts = [_blanks(field.indicators)]
    parts += [f"${code} {value}" for code, value in field.subfields]
    return " ".join(parts)


def _aligned(columns: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """Yield rows of one text of each column: equal ones together, then those that are alike."""
    if all(len(texts) <= 1 for texts in columns):
        # Not to be repeated, or not repeated here: however unlike, they stand for each other.
        yield ["".join(texts) for texts in columns]
        return
    slots: list[list[str]] = [[text] for text in columns[0]]
    for place, texts in enumerate(columns[1:], start=1):
        rest = _placed(slots, place, list(texts), equal=True)
        alone = _placed(slots, place, rest, equal=False)
        slots.extend([*[""] * place, text] for text in alone)
        for slot in slots:
            slot.extend([""] * (place + 1 - len(slot)))
    yield from slots


def _placed(slots: list[list[str]], place: int, texts: list[str], *, equal: bool) -> list[str]:
    """Put texts into rows that have none of this column yet; return those that fit nowhere."""
    rest = []
    for text in texts:
        free = (slot for slot in slots if len(slot) == place and _fits(slot, text, equal=equal))
        slot = next(free, None)
        if slot is None:
            rest.append(text)
        else:
            slot.append(text)
    return rest


def _fits(slot: list[str], text: str, *, equal: bool) -> bool:
    first = next(filter(None, slot), "")
    if equal:
        return first == text
    ours, theirs = _words(first), _words(text)
    return len(ours & theirs) >= _ALIKE * len(ours | theirs)


def _words(text: str) -> set[str]:
    """Return the words of a field's text, without indicators and codes of subfields."""
    return {word for word in text.split()[1:] if not word.startswith("$")}

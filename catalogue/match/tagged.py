"""A record with its fields by their tags: what matching compares is taken in a dozen looks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from crosswalks.model import Control, Field, Record

_NUMBERS = frozenset(("007", "008", "015", "016", "020", "022", "024", "028", "035", "041"))
_NAMES = frozenset(("100", "110", "111", "700", "710", "711", "773", "856"))
_ASKED = (
    _NUMBERS
    | _NAMES
    | frozenset(
        ("130", "240", "245", "250", "260", "264", "300", "336", "338", "347", "502", "533")
    )
)
"""The tags that matching looks at; most fields of a record are others: notes, subjects, copies."""


class Marc(Protocol):
    """What is asked of a MARC 21 record, as Record answers it."""

    @property
    def leader(self) -> str:
        """The leader."""

    def control(self, tag: str) -> str:
        """Return the value of a control field, or an empty string."""

    def data(self, *tags: str) -> Iterator[Field]:
        """Yield the data fields with one of these tags, in the order delivered."""

    def values(self, tag: str, codes: str) -> list[str]:
        """Return the values of these subfields of every field with this tag."""


class Tagged:
    """A Record as far as matching asks for it, in one pass, not one for each question.

    Other tags than those of ``_ASKED`` are not there.
    """

    __slots__ = ("_controls", "_fields", "_record", "leader")

    def __init__(self, record: Record) -> None:
        self.leader = record.leader
        self._record = record
        self._controls: dict[str, str] = {}
        self._fields: dict[str, list[Field]] = {}
        fields = self._fields
        for field in record.fields:
            tag = field[0]
            if tag not in _ASKED:
                continue
            if isinstance(field, Field):
                if tag in fields:
                    fields[tag].append(field)
                else:
                    fields[tag] = [field]
            elif isinstance(field, Control):
                self._controls.setdefault(tag, field[1])

    def control(self, tag: str) -> str:
        """Return the value of a control field, or an empty string."""
        return self._controls.get(tag, "")

    def data(self, *tags: str) -> Iterator[Field]:
        """Yield the data fields with one of these tags, in the order delivered."""
        fields = self._fields
        if len(tags) == 1:
            return iter(fields.get(tags[0], ()))
        present = fields.keys() & tags
        if len(present) < 2:  # noqa: PLR2004 - nothing to put in order
            return iter(fields[present.pop()]) if present else iter(())
        # In the order delivered, whatever their tags.
        return self._record.data(*present)

    def values(self, tag: str, codes: str) -> list[str]:
        """Return the values of these subfields of every field with this tag."""
        found = self._fields.get(tag)
        if found is None:
            return []
        if len(found) == 1:
            return [value for code, value in found[0][2] if code in codes]
        return [value for field in found for code, value in field[2] if code in codes]

"""What search finds of a record, and what a line of hits shows: pure functions of the master."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crosswalks.model import Field, Record
from crosswalks.text import fold

_INDEXED = ("1", "24", "25", "26", "4", "5", "6", "7", "8")
"""First digits of the data fields whose words are found."""
_NUMBERS = ("020", "022", "024", "035")
_PUNCTUATION = " /:;,=."
_LONGEST = 200
"""Letters of a word that are indexed: scripts without spaces give whole paragraphs as one word,
and PostgreSQL's index holds 2,700 bytes of it."""


def split(text: str) -> list[str]:
    """Return the words of a text as they are indexed and looked up."""
    return [word[:_LONGEST] for word in fold(text).split()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The search row of a cluster."""

    title: str
    author: str
    year: str
    libraries: str
    words: str


def words(record: Record, libraries: Sequence[str]) -> Words:
    """Return what is found and shown of a master held by these libraries."""
    return Words(
        title=_title(record),
        author=_author(record),
        year=record.control("008")[7:11].strip(" u|"),
        libraries=" ".join(libraries),
        words=" ".join(_found(record)),
    )


def _title(record: Record) -> str:
    parts = [value for field in record.data("245") for value in field.all("abnp")]
    return " ".join(parts).strip(_PUNCTUATION)


def _author(record: Record) -> str:
    for field in record.data("100", "110", "111", "700", "710"):
        return field.first("a").strip(_PUNCTUATION)
    return ""


def _found(record: Record) -> list[str]:
    """Return the folded words, each once, those of the title first.

    What counts is whether a word is there; that the title leads lets search rank by it.
    """
    texts = [_title(record)]
    for field in record.fields:
        if not isinstance(field, Field):
            continue
        if field.tag in _NUMBERS or field.tag.startswith(_INDEXED):
            texts += [value for _, value in field.subfields]
    found: dict[str, None] = dict.fromkeys(split(" ".join(texts)))
    for value in record.values("020", "a"):
        found[fold(value).replace(" ", "")] = None
    return list(found)

"""An authority: one thing, the heading that is established for it, and what else it is called."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import NamedTuple

import msgspec

from crosswalks import stored
from crosswalks.errors import Said
from crosswalks.text import nfc, storable

LONGEST = 400
"""Letters of a heading; longer ones are no headings."""
LONGEST_NUMBER = 200
"""Letters of a number: two of them fit into an entry of an index, of 2,700 bytes in PostgreSQL."""
MOST_NAMES = 500
"""Names that one authority may have besides its heading."""


class Kind(StrEnum):
    """What a heading names."""

    PERSON = "person"
    CORPORATE = "corporate"
    MEETING = "meeting"
    TITLE = "title"
    TOPIC = "topic"
    PLACE = "place"
    GENRE = "genre"


class Relation(StrEnum):
    """How another heading stands to this one."""

    ALSO = "also"
    BROADER = "broader"
    NARROWER = "narrower"
    EARLIER = "earlier"
    LATER = "later"
    IDENTITY = "identity"
    """Another name of the same person, established for other works: a pen name."""


class Name(NamedTuple):
    """What somebody or something is called besides the heading."""

    text: str
    language: str = ""
    """As a tag of BCP 47, where it is known."""


class Related(NamedTuple):
    """Another heading, by what it says, its number in the list, or both."""

    relation: Relation
    text: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One authority as a file gives it."""

    number: str
    """What names it for good in its list: 001, a URI, or made of its heading."""
    kind: Kind
    heading: str
    names: tuple[Name, ...] = ()
    """See-references: what leads to the heading."""
    related: tuple[Related, ...] = ()
    same: tuple[str, ...] = ()
    """Identifiers of the same elsewhere: VIAF, ISNI, Wikidata, as they are written."""
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Return compact JSON without what is empty."""
        return stored.compact({name: value for name, value in asdict(self).items() if value})

    @classmethod
    def from_json(cls, text: str) -> Entry:
        """Return what ``to_json`` wrote."""
        return msgspec.json.decode(text, type=cls)


class Read(NamedTuple):
    """What stands at one place of a file: an entry, or why it is none."""

    place: int
    """Which record of the file, or which line of a table, from 1."""
    entry: Entry | None = None
    reason: Said | None = None


def clean(text: str) -> str:
    """Return a heading or note as it is kept: normal form C, single blanks, no comma at its end."""
    return storable(nfc(" ".join(text.split()))).strip().rstrip(",;").rstrip()


def flawed(entry: Entry) -> Said | None:
    """Return why an entry cannot be taken in, None for one that can."""
    if not entry.heading:
        return Said("no heading is in it", {})
    if len(entry.heading) > LONGEST:
        return Said("its heading is longer than {most} letters", {"most": LONGEST})
    if len(entry.number) > LONGEST_NUMBER:
        return Said("its number is longer than {most} letters", {"most": LONGEST_NUMBER})
    if len(entry.names) > MOST_NAMES:
        return Said("it has more than {most} see-references", {"most": MOST_NAMES})
    return None

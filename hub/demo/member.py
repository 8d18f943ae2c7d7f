"""The three simulated member libraries: their habits of cataloguing, and one copy's description."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from hub.demo.chance import pick
from hub.demo.works import Book, Name, table
from protocols.oai import Granularity


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A column of ``members.tsv``: each habit with its alternatives."""

    column: str
    habits: Mapping[str, tuple[str, ...]] = field(compare=False)

    def habit(self, name: str) -> str:
        """Return a habit that has no alternatives."""
        return self.habits[name][0]

    @property
    def granularity(self) -> Granularity:
        """How finely it stamps its records."""
        return Granularity(self.habit("granularity"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A book as one library describes it."""

    book: Book
    member: Member
    number: int
    """The library's own record number."""
    stamp: int
    """When the record was last changed, in epoch seconds."""

    @property
    def identifier(self) -> str:
        """The OAI identifier."""
        return self.member.habit("identifier").format(self.number)

    @property
    def truth(self) -> str:
        """What is described: a digitised book is another manifestation than the printed one."""
        return f"{self.book.truth}/{self.habit('carrier')}"

    @property
    def is_digital(self) -> bool:
        """Whether the library has it as a file."""
        return self.habit("carrier") == "pdf"

    @property
    def sets(self) -> tuple[str, ...]:
        """The sets the record is in, parents left out."""
        return (set_spec(self.member, self.book.work.collection.number),)

    def habit(self, name: str) -> str:
        """Return the alternative of a habit that this record follows."""
        return pick(self.member.habits[name], self.member.column, self.number, name)

    def person(self, name: Name) -> str:
        """Return a name as this record's headings have it."""
        if name.inverted != name.direct or name.corporate or self.habit("person") == "direct":
            return name.inverted
        family, _, given = name.direct.partition(" ")
        return f"{family}, {given}" if given else family

    def place(self) -> str:
        """Return the place of publication: ``Hà Nội`` or ``H.``."""
        full = self.book.publisher.place
        forms = next((row for row in table("places") if row["full"] == full), {})
        return forms.get(self.habit("place"), full)

    def publisher(self) -> str:
        """Return the publisher; only Vietnamese houses are written in several ways."""
        publisher = self.book.publisher
        if publisher.country != "vm":
            return publisher.name
        short = publisher.short or publisher.name
        pattern = self.habit("publisher")
        return pattern.format(name=publisher.name, full=publisher.full, short=short)

    def pages(self) -> str:
        """Return the extent, in the words of the book's language."""
        pattern = {"vie": self.habit("pages"), "eng": "{} pages", "fre": "{} p."}
        return pattern[self.language].format(self.book.pages)

    def height(self) -> str:
        """Return the height of the book, in centimetres."""
        return self.habit("height").format(self.book.work.collection.height)

    def volume(self) -> str:
        """Return the designation of the volume, or an empty string."""
        if not self.book.volume:
            return ""
        pattern = {"vie": self.habit("volume"), "eng": "Vol. {}", "fre": "Tome {}"}
        return pattern[self.language].format(self.book.volume)

    @property
    def language(self) -> str:
        """The MARC code of the language the book is in."""
        return self.book.work.collection.language


@cache
def demo_members() -> tuple[Member, ...]:
    """Return the three members."""
    rows = table("members")
    columns = [column for column in rows[0] if column != "habit"]
    return tuple(
        Member(column=column, habits={row["habit"]: _alternatives(row[column]) for row in rows})
        for column in columns
    )


def set_spec(member: Member, number: int) -> str:
    """Return the setSpec under which a member has the collection with this number, from 1."""
    name = table("collections")[number - 1]["name"]
    return member.habit("set").format(name=name, number=number)


def _alternatives(cell: str) -> tuple[str, ...]:
    return tuple(cell.split(";"))

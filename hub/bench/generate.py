"""What member libraries make of the same books: seeded records with overlap, habits and slips.

Records come in blocks, each a pure function of the seed and its number, so that any number of
processes can make their share of one and the same catalogue. Copies of a book stay in its block.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random
from typing import NamedTuple

from crosswalks.model import Control, Field, Record, Schema
from crosswalks.text import fold
from hub.bench.books import Book, Maker

BLOCK = 1000
"""Records in a block."""

_LEADERS = {True: "00000nam a2200000 i 4500", False: "00000nam a2200000 a 4500"}
_ISBN_13 = 2007
# The tone of an open oa, oe, uy stands on the second vowel in the new way of writing.
_NEW_WAY = {"òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ", "òe": "oè", "óe": "oé"}
_NEW_WAY |= {"ủy": "uỷ", "úy": "uý", "ùy": "uỳ", "ũy": "uỹ", "ụy": "uỵ"}
_TONED = re.compile("|".join(_NEW_WAY))
_PLACES = {
    "Hà Nội": ("Hà Nội", "H.", "Hà Nội"),
    "Thành phố Hồ Chí Minh": ("Thành phố Hồ Chí Minh", "Tp. Hồ Chí Minh", "TP.HCM"),
}


class Holding(NamedTuple):
    """One member's record of one book."""

    member: int
    number: int
    """Of the record, from 0, over the whole catalogue."""
    record: Record


class Habits(NamedTuple):
    """How one library catalogues; everything else about its records is chance."""

    new_way: bool
    """Writes tones the new way: hoà, not hòa."""
    rda: bool
    publisher: str
    """Before a publisher's name."""
    place: int
    """Which of the ways to write a place."""
    inverted: bool
    """Puts a comma behind the family name."""
    extent: str
    hyphens: bool
    """In ISBNs."""
    classifies: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What a made-up catalogue is made by."""

    seed: int = 1
    members: int = 20


def records(recipe: Recipe, count: int) -> Iterator[Holding]:
    """Yield the first records of a catalogue, block by block, in bounded memory."""
    blocks = (block(recipe, number) for number in range(-(-count // BLOCK)))
    return islice((holding for each in blocks for holding in each), count)


def block(recipe: Recipe, number: int) -> list[Holding]:
    """Return one block of a catalogue."""
    chance = Random(recipe.seed << 32 | number)
    habits = [_habits(recipe.seed, member) for member in range(recipe.members)]
    clerk = _Clerk(chance.random)
    found: list[Holding] = []
    for book in Maker(chance, number * BLOCK).books():
        for member in _holders(chance, recipe.members):
            if len(found) == BLOCK:
                return found
            serial = number * BLOCK + len(found)
            found.append(Holding(member, serial, clerk.record(book, habits[member], serial)))
    raise AssertionError(number)


def _holders(chance: Random, members: int) -> list[int]:
    """Return who holds a book: six in ten are held once, a few by nearly everybody."""
    share = chance.random()
    count = max(1, min(members, int(0.98 / (1 - share) ** 0.72)))
    return chance.sample(range(members), count)


def _habits(seed: int, member: int) -> Habits:
    chance = Random(f"{seed}/{member}")
    falls = _Clerk(chance.random).falls
    return Habits(
        new_way=falls(0.3),
        rda=falls(0.4),
        publisher=chance.choice(("", "Nxb. ", "NXB ", "Nhà xuất bản ")),
        place=chance.randrange(3),
        inverted=falls(0.25),
        extent=chance.choice(("{} tr.", "{}tr. ;", "{} trang", "{} p.")),
        hyphens=falls(0.3),
        classifies=falls(0.8),
    )


class _Clerk:
    """Catalogues books, with a slip now and then."""

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random

    def record(self, book: Book, habits: Habits, serial: int) -> Record:
        """Return a member's record of a book."""
        fields: list[Control | Field] = [
            Control("001", f"{serial:09}"),
            Control("008", f"200101s{book.year}    vm            000 0 {book.language} d"),
            *self._isbn(book, habits),
            *self._class(book, habits),
            *self._heading(book, habits),
            self._title(book, habits),
            *self._edition(book),
            self._imprint(book, habits),
            self._extent(book, habits),
            Field("650", " 4", (("a", book.topic.subject),)),
            *self._added(book, habits),
        ]
        return Record(schema=Schema.MARC21, leader=_LEADERS[habits.rda], fields=tuple(fields))

    def _isbn(self, book: Book, habits: Habits) -> Iterator[Field]:
        if not book.isbn or self.falls(0.25):
            return
        number = book.isbn if book.year >= _ISBN_13 else isbn_10(book.isbn)
        if self.falls(0.01):
            number = number[:-2] + number[:-3:-1]
        if habits.hyphens:
            number = f"{number[:-9]}-{number[-9:-5]}-{number[-5:-1]}-{number[-1]}".lstrip("-")
        yield Field("020", "  ", (("a", number),))

    def _class(self, book: Book, habits: Habits) -> Iterator[Field]:
        if habits.classifies:
            shelf = book.authors[0][:2].upper()
            yield Field("082", "04", (("a", book.topic.ddc),))
            yield Field("852", "  ", (("h", book.topic.ddc), ("i", shelf)))

    def _heading(self, book: Book, habits: Habits) -> Iterator[Field]:
        if not self.falls(0.06):
            yield Field("100", "1 ", (("a", self._name(book.authors[0], habits)),))

    def _added(self, book: Book, habits: Habits) -> Iterator[Field]:
        for name in book.authors[1:]:
            yield Field("700", "1 ", (("a", self._name(name, habits)),))

    def _name(self, name: str, habits: Habits) -> str:
        if self.falls(0.02):
            name = self._initials(name)
        first, *rest = _written(name, habits).split()
        return f"{first}, {' '.join(rest)}" if habits.inverted else " ".join([first, *rest])

    def _title(self, book: Book, habits: Habits) -> Field:
        title = _written(book.topic.title, habits)
        if self.falls(0.02):
            title = self._mistyped(title)
        elif self.falls(0.01):
            title = fold(title).capitalize()
        subfields = [("a", title)]
        if book.volume:
            subfields.append(("n", f"T.{book.volume}" if habits.inverted else f"Tập {book.volume}"))
        if book.topic.subtitle and not self.falls(0.2):
            subfields.append(("b", f": {book.topic.subtitle}"))
        subfields.append(("c", f"/ {', '.join(book.authors)}"))
        return Field("245", "10", tuple(subfields))

    def _edition(self, book: Book) -> Iterator[Field]:
        if book.printing and not self.falls(0.2):
            yield Field("250", "  ", (("a", f"Tái bản lần thứ {book.printing}"),))

    def _imprint(self, book: Book, habits: Habits) -> Field:
        place = _PLACES.get(book.place, (book.place,) * 3)[habits.place]
        subfields = (
            ("a", f"{place} :"),
            ("b", f"{habits.publisher}{_written(book.publisher, habits)},"),
            ("c", f"{book.year}"),
        )
        return Field("264", " 1", subfields) if habits.rda else Field("260", "  ", subfields)

    def _extent(self, book: Book, habits: Habits) -> Field:
        pages = book.pages + int(3 * self._random()) if self.falls(0.1) else book.pages
        return Field("300", "  ", (("a", habits.extent.format(pages)), ("c", "21 cm")))

    def _mistyped(self, text: str) -> str:
        """Return a text with two of its letters in the wrong order."""
        at = 1 + int(self._random() * (len(text) - 2))
        return f"{text[:at]}{text[at + 1]}{text[at]}{text[at + 2 :]}"

    def _initials(self, name: str) -> str:
        *before, last = name.split()
        return " ".join([*(f"{word[0]}." for word in before), last])

    def falls(self, share: float) -> bool:
        """Tell whether something that comes about so often does so now."""
        return self._random() < share


def _written(text: str, habits: Habits) -> str:
    if habits.new_way:
        return _TONED.sub(lambda found: _NEW_WAY[found[0]], text)
    return text


def isbn_10(isbn: str) -> str:
    """Return an ISBN-13 that begins with 978 as books before 2007 bear it (ISO 2108)."""
    digits = isbn[3:12]
    weighed = zip(range(10, 1, -1), map(int, digits), strict=True)
    rest = -sum(weight * digit for weight, digit in weighed) % 11
    return digits + "0123456789X"[rest]

"""Made-up books: seeded, without end, and near enough to real ones for matching to have work.

Titles, people and publishers are put together from ``words.tsv``; reprints, volumes and numbers
that lie come about as often as in real catalogues.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib.resources import files
from random import Random
from typing import NamedTuple, TypeVar

from crosswalks.tables import parse

T = TypeVar("T")

_STEP = 387_420_489
"""Without a common factor with 10^9: numbers counted up in it meet again after 10^9 only."""
_FIRST_ISBN = 1972
_LAST_YEAR = 2020


class Topic(NamedTuple):
    """What a book is called and what it is about."""

    title: str
    subtitle: str
    subject: str
    ddc: str


class Book(NamedTuple):
    """One manifestation, as it is in truth."""

    topic: Topic
    language: str
    authors: tuple[str, ...]
    """In direct order, as on the title page."""
    publisher: str
    place: str
    year: int
    pages: int
    isbn: str
    """13 digits, or empty."""
    printing: int = 0
    """0 for a first edition."""
    volume: int = 0
    """0 if it is complete in one."""


def _read() -> dict[str, list[tuple[str, str]]]:
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for kind, text, more in parse(files("hub.bench"), "words.tsv"):
        found[kind].append((text, more))
    return found


_PAIRS = _read()
_TEXTS = {kind: [text for text, _ in pairs] for kind, pairs in _PAIRS.items()}


class Maker:
    """Makes books by one chance; ``first`` keeps its ISBNs apart from those of other makers."""

    def __init__(self, chance: Random, first: int) -> None:
        self._random = chance.random
        self._number = first

    def books(self) -> Iterator[Book]:
        """Yield books without end: now and then the volumes or a reprint of one work."""
        while True:
            book = self._book()
            if self._falls(0.07):
                yield from self._volumes(book)
                continue
            yield book
            if self._falls(0.15):
                yield self._reprint(book)

    def _book(self) -> Book:
        if self._falls(0.2):
            names = [self._english_name() for _ in range(self._people())]
            return self._printed(self._handbook(), "eng", "press", names)
        names = [self._vietnamese_name() for _ in range(self._people())]
        topic = self._novel() if self._falls(0.35) else self._study()
        return self._printed(topic, "vie", "publisher", names)

    def _printed(self, topic: Topic, language: str, kind: str, names: Sequence[str]) -> Book:
        publisher, place = self._pick(_PAIRS[kind])
        year = _LAST_YEAR - int(70 * self._random() ** 3)
        return Book(
            topic=topic,
            language=language,
            authors=tuple(names),
            publisher=publisher,
            place=place,
            year=year,
            pages=60 + int(640 * self._random() ** 2),
            isbn=self._isbn() if year >= _FIRST_ISBN else "",
        )

    def _study(self) -> Topic:
        subject, ddc = self._pick(_PAIRS["subject"])
        title = f"{self._word('form')} {subject}"
        if self._falls(0.8):
            title = f"{title} ở {self._word('place')}"
        if self._falls(0.4):
            title = f"{title} {self._word('angle')}"
        subtitle = self._word("angle") if self._falls(0.6) else ""
        return Topic(title, subtitle, subject.capitalize(), ddc)

    def _novel(self) -> Topic:
        words = f"{self._word('noun')} {self._word('quality')}"
        if self._falls(0.85):
            words = f"{words} {self._word('noun')} {self._word('quality')}"
        return Topic(words.capitalize(), "", "Văn học Việt Nam", "895.9223")

    def _handbook(self) -> Topic:
        field, ddc = self._pick(_PAIRS["field"])
        title = f"{self._word('english')} {field}"
        # Few titles are shared by many books: as many in a million as in a real catalogue.
        if self._falls(0.85):
            title = f"{title} and {self._word('field')} in {self._word('place')}"
        return Topic(title, self._word("scope"), field.capitalize(), ddc)

    def _volumes(self, book: Book) -> Iterator[Book]:
        for volume in range(1, 3 + int(2 * self._random())):
            pages = 80 + int(400 * self._random())
            yield book._replace(volume=volume, pages=pages, isbn=self._another(book))

    def _reprint(self, book: Book) -> Book:
        year = book.year + 1 + int(5 * self._random())
        return book._replace(year=year, printing=1, isbn=self._another(book))

    def _another(self, book: Book) -> str:
        """Return the number of another edition; publishers do use one twice."""
        return book.isbn if not book.isbn or self._falls(0.1) else self._isbn()

    def _isbn(self) -> str:
        self._number += 1
        digits = f"978{self._number * _STEP % 10**9:09}"
        return digits + check_digit(digits)

    def _people(self) -> int:
        return 1 + int(3 * self._random() ** 3)

    def _vietnamese_name(self) -> str:
        return f"{self._word('family')} {self._word('middle')} {self._word('given')}"

    def _english_name(self) -> str:
        return f"{self._word('forename')} {self._word('surname')}"

    def _word(self, kind: str) -> str:
        return self._pick(_TEXTS[kind])

    def _pick(self, options: Sequence[T]) -> T:
        return options[int(self._random() * len(options))]

    def _falls(self, share: float) -> bool:
        return self._random() < share


def check_digit(digits: str) -> str:
    """Return the last digit of an ISBN-13 (ISO 2108)."""
    return str(-(sum(map(int, digits[::2])) + 3 * sum(map(int, digits[1::2]))) % 10)

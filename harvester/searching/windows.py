"""The parts in which the records of a server are fetched, found one after the other.

Each way yields its windows in an order of its own; ``state`` says where to go on after the one that
was yielded last, as JSON can hold it. What is cut must sum up to what it was cut of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from crosswalks.errors import Said
from harvester.searching import queries
from harvester.searching.asking import Asking, State, Window, Windows
from harvester.searching.model import Way
from harvester.searching.probing import number_text
from harvester.searching.recipe import By, Recipe
from protocols.rpn.tree import AttributeType, Node

TERMS_A_WINDOW = 500
"""Control numbers in a window."""
NUMBERS_A_QUERY = 100
"""Control numbers that are searched for at once."""
_FEWEST = 5
MOST_HITS = 1_000
"""A window with more is cut, if it can be."""
_EARLIEST = date(1970, 1, 1)


@dataclass(slots=True)
class ByScan:
    """The list of control numbers, so many at a time."""

    asking: Asking
    begin: str = ""
    """The number to begin with."""
    ended: bool = False
    apart: bool = True
    size: int = 0
    """How many numbers make a window; 0 = as many as usual."""

    def __iter__(self) -> Iterator[Window]:
        while not self.ended:
            window = self._next()
            if window is not None:
                yield window

    @property
    def state(self) -> State:
        """Where to go on after the window yielded last."""
        return {"begin": self.begin, "ended": self.ended}

    def _next(self) -> Window | None:
        recipe = self.asking.recipe
        is_range = recipe.number_by is By.RANGE
        size = self.size or (TERMS_A_WINDOW if is_range else NUMBERS_A_QUERY)
        begin = self.begin
        # One more than there is room for: the next window begins with it.
        terms = self.asking.target.scan(queries.term(recipe.number, begin or "0"), size + 1)
        chosen, after = terms.entries[:size], terms.entries[size:]
        self.begin, self.ended = (after[0].term, False) if after else ("", True)
        if not self.ended and self.begin == begin:
            raise self.asking.closed(Way.SCAN, Said("its list of numbers does not go on", {}))
        if not chosen:
            return None
        first, last = chosen[0].term, chosen[-1].term
        if is_range:
            node = queries.between(recipe.number, first, self.begin)
        else:
            node = queries.any_of(recipe.number, [each.term for each in chosen])
        query, hits = self.asking.hits(node)
        wanted = sum(1 if each.records is None else each.records for each in chosen)
        if (hits is None or hits < wanted) and size > _FEWEST:
            # A limit perhaps: less at a time may be found whole.
            self.begin, self.ended, self.size = begin, False, max(_FEWEST, size // 4)
            return None
        if hits is None:
            raise self.asking.closed(
                Way.SCAN, Said("it does not find as much as it lists at once", {})
            )
        self.size = 0
        return Window(query, hits, f"{first} - {last}", wanted)


@dataclass(slots=True)
class _Halving:
    """Windows that are cut in parts until each is small enough; the first open one is cut first."""

    asking: Asking
    open: list[list[Any]]
    apart: bool = False
    known: dict[str, int | None] = field(default_factory=dict)
    """What open windows find, as far as they were searched already."""

    way = Way.DATES

    def __iter__(self) -> Iterator[Window]:
        while self.open:
            window = self._next()
            if window is not None:
                yield window

    @property
    def state(self) -> State:
        """Where to go on after the window yielded last."""
        return {"open": [list(each) for each in self.open]}

    def _next(self) -> Window | None:
        part = self.open.pop(0)
        name = self.name(part)
        hits = self.known.pop(name) if name in self.known else self._hits(part)
        if hits == 0:
            return None
        parts = self.parts(part)
        if parts and self._is_to_be_cut(part, hits, parts):
            self.open[:0] = parts
            return None
        # Other searches may have come in between: this one has to be the last.
        query, hits = self.asking.hits(self.node(part))
        if hits is None:
            raise self.asking.closed(self.way, Said("there is more at one place than it finds", {}))
        return Window(query, hits, name)

    def _hits(self, part: list[Any]) -> int | None:
        return self.asking.hits(self.node(part))[1]

    def _is_to_be_cut(self, part: list[Any], hits: int | None, parts: list[list[Any]]) -> bool:
        """Tell whether there is too much in a part, or perhaps more than the server says.

        Raises WayClosed where the parts of it are less than it is.
        """
        if hits is not None and hits <= MOST_HITS and hits < self.asking.largest:
            return False
        found = [self._hits(each) for each in parts]
        is_cut = self._shows_a_limit(part, hits, found)
        if is_cut:
            self.known |= {self.name(each): one for each, one in zip(parts, found, strict=True)}
        return is_cut

    def _shows_a_limit(self, part: list[Any], hits: int | None, found: list[int | None]) -> bool:
        if hits is None or None in found:
            return True
        total = sum(each or 0 for each in found)
        if total < hits:
            raise self.asking.closed(
                self.way, Said("the parts of {part} do not sum up to it", {"part": self.name(part)})
            )
        # A limit shows where one part is as much as the whole, or all are more.
        return hits > MOST_HITS or total > hits or (hits in found and hits > 1)

    def node(self, part: list[Any]) -> Node:
        """Return what finds a part."""
        raise NotImplementedError

    def parts(self, part: list[Any]) -> list[list[Any]]:
        """Return what a part is cut into, nothing where it cannot be cut."""
        raise NotImplementedError

    def name(self, part: list[Any]) -> str:
        """Return what a part is called."""
        return " - ".join(str(each) for each in part)


class ByDates(_Halving):
    """Windows of days, ``[first, day after the last]``; an empty bound is none."""

    way = Way.DATES

    def node(self, part: list[Any]) -> Node:
        """Return what finds a part."""
        recipe = self.asking.recipe
        low, high = (self._written(each) for each in part)
        return queries.between(recipe.date, low, high)

    def _written(self, day: str) -> str:
        return date.fromisoformat(day).strftime(self.asking.recipe.date_form) if day else ""

    def parts(self, part: list[Any]) -> list[list[Any]]:
        """Return what a part is cut into, nothing where it cannot be cut."""
        if not all(part):
            return []
        low, high = map(date.fromisoformat, part)
        if (high - low).days < 2:  # noqa: PLR2004 - a day is not cut
            return []
        middle = (low + (high - low) / 2).isoformat()
        return [[part[0], middle], [middle, part[1]]]


class ByBeginnings(_Halving):
    """Windows of terms that begin alike: ``["2024"]``, then ``["20241"]`` and so on."""

    way = Way.DATES

    def node(self, part: list[Any]) -> Node:
        """Return what finds a part."""
        recipe = self.asking.recipe
        plain = tuple(each for each in recipe.date if each.type != AttributeType.STRUCTURE)
        return queries.beginning(plain, part[0], star=recipe.date_by is By.STAR)

    def parts(self, part: list[Any]) -> list[list[Any]]:
        """Return what a part is cut into, nothing where it cannot be cut."""
        text = part[0]
        pattern = date(2000, 1, 1).strftime(self.asking.recipe.date_form)
        if len(text) >= len(pattern):
            return []
        if not pattern[len(text)].isdigit():
            return [[text + pattern[len(text)]]]
        return [[f"{text}{digit}"] for digit in range(10)]


class ByNumbers(_Halving):
    """Windows of control numbers, ``[from, below]``."""

    way = Way.NUMBERS

    def node(self, part: list[Any]) -> Node:
        """Return what finds a part."""
        recipe = self.asking.recipe
        low, high = (number_text(recipe.numbered, each) for each in part)
        return queries.between(recipe.number, low, high)

    def parts(self, part: list[Any]) -> list[list[Any]]:
        """Return what a part is cut into, nothing where it cannot be cut."""
        low, high = part
        middle = (low + high) // 2
        return [[low, middle], [middle, high]] if middle > low else []


@dataclass(slots=True)
class ByList:
    """The numbers of a list, so many at a time: fewer where fewer are found than should be."""

    asking: Asking
    passed: int = 0
    apart: bool = True
    size: int = NUMBERS_A_QUERY

    def __iter__(self) -> Iterator[Window]:
        numbers = self.asking.settings.numbers
        while self.passed < len(numbers):
            some = numbers[self.passed : self.passed + self.size]
            query, hits = self.asking.hits(queries.any_of(self.asking.recipe.number, some))
            if len(some) > 1 and (hits is None or hits < len(set(some))):
                # A limit and a number that nothing has look alike until one is asked for alone.
                self.size = len(some) // 2
                continue
            if hits is None:
                reason = Said("there is more at one place than it finds", {})
                raise self.asking.closed(Way.LIST, reason)
            self.passed += len(some)
            if hits:
                self.size = min(NUMBERS_A_QUERY, self.size * 2)
                yield Window(query, hits, f"{some[0]} - {some[-1]}")
            else:
                self.asking.missing += some

    @property
    def state(self) -> State:
        """Where to go on after the window yielded last."""
        return {"passed": self.passed}


@dataclass(slots=True)
class ByQuery:
    """One window: all that a query finds."""

    asking: Asking
    done: bool = False
    apart: bool = True

    def __iter__(self) -> Iterator[Window]:
        query = self.asking.query or self.asking.recipe.everything
        if not self.done and query is not None:
            self.done = True
            hits = self.asking.target.search(query)
            if hits:
                yield Window(query, hits, "*")

    @property
    def state(self) -> State:
        """Where to go on after the window yielded last."""
        return {"done": self.done}


def of(way: Way, asking: Asking, state: Mapping[str, Any] | None = None) -> Windows:
    """Return the windows of a way, from a state on."""
    given = dict(state or {})
    match way:
        case Way.SCAN:
            return ByScan(asking, **given)
        case Way.LIST:
            return ByList(asking, **given)
        case Way.QUERY:
            return ByQuery(asking, **given)
        case Way.NUMBERS:
            return ByNumbers(asking, given.get("open") or [[0, 10**asking.recipe.numbered.most]])
        case Way.DATES:
            opened = given.get("open")
            return _dated(asking, _all_dates(asking.recipe) if opened is None else opened)


def since(asking: Asking, day: date, today: date) -> Windows:
    """Return the windows of what changed on a day or later."""
    if asking.recipe.date_by is By.RANGE:
        return _dated(asking, [[day.isoformat(), ""]])
    return _dated(asking, [[each] for each in _beginnings(day, today, asking.recipe.date_form)])


def _dated(asking: Asking, parts: list[list[Any]]) -> Windows:
    kind = ByDates if asking.recipe.date_by is By.RANGE else ByBeginnings
    return kind(asking, parts)


def _all_dates(recipe: Recipe) -> list[list[Any]]:
    if recipe.date_by is not By.RANGE:
        return [["19"], ["20"]]
    # What is told to be of the future may be of any time.
    first, last = _EARLIEST.isoformat(), (date.today() + timedelta(2)).isoformat()  # noqa: DTZ011
    return [["", first], [first, last], [last, ""]]


def _beginnings(day: date, today: date, form: str) -> list[str]:
    """Return the beginnings of dates from a day on: days, then months, then years."""
    found: list[str] = []
    last = date(today.year + 1, 12, 31)
    at = day
    while at <= last:
        year, month, whole = (at.strftime(form)[:size] for size in _lengths(form))
        if at.month == 1 and at.day == 1:
            found.append(year)
            at = date(at.year + 1, 1, 1)
        elif at.day == 1:
            found.append(month)
            at = (at + timedelta(31)).replace(day=1)
        else:
            found.append(whole)
            at += timedelta(1)
    return found


def _lengths(form: str) -> tuple[int, int, int]:
    sample = date(2000, 1, 1)
    whole = sample.strftime(form)
    dashed = len(whole) > len("YYYYMMDD")
    return 4, 7 if dashed else 6, len(whole)

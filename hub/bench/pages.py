"""The lists of made-up members, on the disk before anybody asks for them.

To make a record takes longer than to send it, so nothing is made while a clock runs. A list is cut
into pages of entries; what stands around them, the token among it, the server adds.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from hub.bench.dirt import FIRST, LATER, Delivery, deliveries
from hub.bench.generate import BLOCK, Recipe, block
from protocols.oai import MARC21

PAGE = 100
"""Entries of a page."""
_SHIFT = 20
"""Blocks whose records lie together in the lists, however many processes make them."""


class Piece(NamedTuple):
    """A page as it lies on the disk."""

    path: str
    offset: int
    length: int
    entries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The list of one member."""

    pages: tuple[Piece, ...]
    prefix: str = "marc21"
    namespace: str = MARC21

    @property
    def entries(self) -> int:
        """How many entries it has: records, and those that come again."""
        return sum(page.entries for page in self.pages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """The lists of all members, and what is in them."""

    members: Mapping[str, Listed]
    records: int
    """Different ones."""
    dirt: Mapping[str, int]
    """Kind -> how many records it shows in."""

    @property
    def entries(self) -> int:
        """How many entries all lists have."""
        return sum(each.entries for each in self.members.values())


class _Made(NamedTuple):
    """What one shift made."""

    pages: Mapping[int, list[Piece]]
    dirt: Counter[str]


def code_of(member: int) -> str:
    """Return the code of a member's library."""
    return f"TV{member:03}"


def identifier(number: int) -> str:
    """Return the identifier under which a record is delivered."""
    return f"oai:thu-vien.example:{number:09}"


def make(
    folder: Path,
    recipe: Recipe,
    count: int,
    *,
    processes: int,
    told: Callable[[int], None] = lambda _: None,
) -> Lists:
    """Write the lists of so many records to a folder; ``told`` hears how many are made."""
    shifts = range(0, -(-count // BLOCK), _SHIFT)
    pages: defaultdict[int, list[Piece]] = defaultdict(list)
    dirt: Counter[str] = Counter()
    for first, made in zip(
        shifts, _shifts(folder, (recipe, count), shifts, processes), strict=True
    ):
        for member, those in made.pages.items():
            pages[member] += those
        dirt += made.dirt
        told(min((first + _SHIFT) * BLOCK, count))
    members = {code_of(each): Listed(pages=tuple(pages[each])) for each in range(recipe.members)}
    return Lists(members=members, records=count, dirt=dict(dirt))


def _shifts(
    folder: Path, what: tuple[Recipe, int], shifts: Sequence[int], processes: int
) -> Iterator[_Made]:
    """Yield what each shift makes, in their order."""
    make_one = partial(_shift, folder, *what)
    if min(processes, len(shifts)) <= 1:
        yield from map(make_one, shifts)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, context, signal.signal, _LEAVE_ALONE) as pool:
        try:
            yield from pool.map(make_one, shifts)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


# Ctrl-C reaches all processes of a terminal: the one that waits for these ends them.
_LEAVE_ALONE = (signal.SIGINT, signal.SIG_IGN)


def _shift(folder: Path, recipe: Recipe, count: int, first: int) -> _Made:
    dirt: Counter[str] = Counter()
    now, later = defaultdict[int, list[bytes]](list), defaultdict[int, list[bytes]](list)
    for number in range(first, min(first + _SHIFT, -(-count // BLOCK))):
        for holding in block(recipe, number)[: count - number * BLOCK]:
            kind, made = deliveries(recipe.seed, holding)
            dirt.update([kind] if kind else ())
            for each in made:
                (later if each.again else now)[holding.member].append(_entry(each))
    return _Made(
        {
            member: write_pages(
                folder / f"{code_of(member)}-{first:06}.xml", [*those, *later[member]]
            )
            for member, those in now.items()
        },
        dirt,
    )


def write_pages(path: Path, entries: Iterable[bytes]) -> list[Piece]:
    """Write entries to a file, and return where in it each page lies."""
    pages, left = [], iter(entries)
    with path.open("wb") as file:
        while some := [*islice(left, PAGE)]:
            offset = file.tell()
            pages.append(Piece(str(path), offset, file.write(b"".join(some)), len(some)))
    return pages


def entry(name: str, body: bytes, stamp: str = FIRST) -> bytes:
    """Return an entry of a list: a record, or one that is deleted where there is no body."""
    status, inside = ("", b"<metadata>%b</metadata>" % body) if body else (' status="deleted"', b"")
    header = (
        f"<record><header{status}><identifier>{name}</identifier>"
        f"<datestamp>{stamp}</datestamp></header>"
    )
    return b"%b%b</record>" % (header.encode(), inside)


def _entry(each: Delivery) -> bytes:
    return entry(identifier(each.number), each.body, LATER if each.again else FIRST)

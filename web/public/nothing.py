"""What to try where nothing was found: which of the words typed no record has, and the rest."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from catalogue.database import Database
from catalogue.search import Request, engine, plain, planned
from catalogue.search.expression import AllOf, Expression, Nothing
from web.public import fielded
from web.public.asking import YEAR, Asked, query_of
from web.public.fielded import Box

_MOST = 8
"""Parts that are looked for by themselves: each is a question to the database."""


class Part(NamedTuple):
    """A part of what was typed: a word in the first box, or all of another box."""

    text: str
    """As it was typed."""
    box: Box | None
    wanted: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What may help."""

    missing: tuple[Part, ...]
    """What is found nowhere."""
    rest: str
    """The address of a search for the other parts; empty where there are none."""


def advice(database: Database, asked: Asked) -> Advice:
    """Return what may help whoever found nothing.

    Raises what a search does.
    """
    parts = list(_parts(asked))
    missing = tuple(_missing(database, parts)) if 1 < len(parts) <= _MOST else ()
    left = [part for part in parts if part not in missing]
    return Advice(missing=missing, rest=_rest(asked, left).address() if missing and left else "")


def _parts(asked: Asked) -> Iterator[Part]:
    whole = asked.field == YEAR
    for piece in [asked.words] if whole else plain.pieces(asked.words):
        query = query_of(piece, asked.field, marks=asked.marks)
        if query is not None:
            yield Part(piece, None, planned(query))
    for box in asked.boxes:
        joined = plain.joined(fielded.terms(box, marks=asked.marks))
        if joined is not None:
            yield Part(box.words, box, planned(joined))


def _missing(database: Database, parts: list[Part]) -> Iterator[Part]:
    """Yield the parts that nothing fits, each looked for by itself in one snapshot."""
    wanted = tuple(part.wanted for part in parts if not isinstance(part.wanted, Nothing))
    counts: dict[Expression, int] = {}
    if wanted:
        whole = AllOf(wanted) if len(wanted) > 1 else wanted[0]
        costs = engine(database).costs(Request(wanted=whole))
        counts = {cost.part: cost.clusters for cost in costs}
    yield from (part for part in parts if not counts.get(part.wanted, 0))


def _rest(asked: Asked, left: list[Part]) -> Asked:
    words = " ".join(part.text for part in left if part.box is None)
    boxes = tuple(part.box for part in left if part.box is not None)
    return replace(asked.turned(1), words=words, boxes=boxes)

"""What an address of the live search asks for; all of it stands in the address.

``q`` the words or the query, ``field`` where they are looked for or in which language it is
written, ``target`` a source to be asked, as often as wanted, ``seconds`` and ``records`` limits,
``form`` says that the boxes were there to be ticked: without it all that are searched are asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict

from catalogue.model import Source
from protocols import cql, pqf
from protocols.rpn.tree import Query
from provider.federation.model import Limits
from web.language import mark
from web.public.asking import FIELDS, query_of

SECONDS = (3, 5, 10, 20)
RECORDS = (10, 20, 50)
"""What one can choose between; a page waits no longer, and asks for no more."""
MOST = 30
"""Servers that one search asks: each takes a thread."""
IN_CQL, IN_PQF = "cql", "pqf"
WHERE = {**FIELDS, IN_CQL: mark("a query in CQL"), IN_PQF: mark("a query in PQF")}
"""Where words are looked for, or in which language a query is written."""
_LONGEST = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a cataloguer asks for."""

    words: str = ""
    field: str = ""
    named: tuple[str, ...] | None = None
    """The sources that are to be asked; None: all that are not paused."""
    seconds: int = 5
    records: int = 20

    @property
    def limits(self) -> Limits:
        """Return how long, and how much."""
        return Limits(seconds=float(self.seconds), records=self.records)

    def query(self) -> Query | None:
        """Return the query tree, None where there is nothing to look for. Raises QueryError."""
        if not self.words:
            return None
        if self.field == IN_CQL:
            return cql.read(self.words)
        if self.field == IN_PQF:
            return pqf.read(self.words)
        return query_of(self.words, self.field)

    def chooses(self, source: Source) -> bool:
        """Tell whether a source is to be asked."""
        return not source.rests if self.named is None else source.name in self.named


def read(arguments: MultiDict[str, str]) -> Wanted:
    """Return what an address asks for, as far as it makes sense."""
    field, usual = arguments.get("field", ""), Wanted()
    named = tuple(dict.fromkeys(arguments.getlist("target")))
    return Wanted(
        words=arguments.get("q", "")[:_LONGEST].strip(),
        field=field if field in WHERE else "",
        named=named if named or "form" in arguments else None,
        seconds=_one_of(SECONDS, arguments.get("seconds"), usual.seconds),
        records=_one_of(RECORDS, arguments.get("records"), usual.records),
    )


def _one_of(choices: Sequence[int], given: Any, usual: int) -> int:
    return next((each for each in choices if str(each) == given), usual)

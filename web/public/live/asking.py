"""What an address of the public's live search asks for; all of it stands in the address.

``q`` words, ``field`` where they are looked for, ``target`` a server to be asked, as often as
wanted; ``form`` says that the boxes were there to be ticked: without it the first are asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from werkzeug.datastructures import MultiDict

from protocols.rpn.tree import Query
from web.public.asking import FIELDS, query_of
from web.public.live.offered import Offered

RECORDS = 10
"""Fetched of each server, and shown of the union."""
MOST = 20
"""Servers that one search asks: each takes a thread."""
_LONGEST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a reader asks for."""

    words: str = ""
    field: str = ""
    named: tuple[str, ...] | None = None
    """The sources that are to be asked; None: the first ``MOST`` of those there are."""

    def query(self) -> Query | None:
        """Return the query tree, None where there is nothing to look for. Raises QueryError."""
        return query_of(self.words, self.field) if self.words else None

    def chosen(self, there: Sequence[Offered]) -> list[Offered]:
        """Return those of the servers that are to be asked."""
        if self.named is None:
            return list(there[:MOST])
        return [each for each in there if each.source.name in self.named]

    def address(self) -> str:
        """Return the address that asks for this."""
        told: dict[str, Any] = {"q": self.words, "field": self.field}
        if self.named is not None:
            told |= {"form": 1, "target": list(self.named)}
        return url_for("public_live.ask", **{name: each for name, each in told.items() if each})


def read(arguments: MultiDict[str, str]) -> Wanted:
    """Return what an address asks for, as far as it makes sense."""
    field = arguments.get("field", "")
    named = tuple(dict.fromkeys(arguments.getlist("target")))
    return Wanted(
        words=arguments.get("q", "")[:_LONGEST].replace("\0", " ").strip(),
        field=field if field in FIELDS else "",
        named=named if named or "form" in arguments else None,
    )

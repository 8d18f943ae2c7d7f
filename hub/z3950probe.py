"""What a Z39.50 server can do, found out by trying: it need not say so of itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import Any

from crosswalks import formats
from harvester.errors import HarvestError
from harvester.z3950.client import Client
from harvester.z3950.errors import TargetFailed, TargetRefused
from harvester.z3950.model import Composition
from protocols.rpn.tree import Attribute, AttributeType, Query, Term
from protocols.z3950 import oids
from protocols.z3950.diagnosing import Diagnosed
from protocols.z3950.oids import Kind

_USES = (4, 1003, 1004, 21, 7, 8, 12, 31, 1007, 1011, 1012, 1016, 1018, 1035)
"""By what clients search most, and harvests go."""
_SYNTAXES = (
    ("usmarc", "F"),
    ("unimarc", "F"),
    ("xml", "marcxml"),
    ("xml", "dc"),
    ("xml", "mods"),
    ("opac", "F"),
    ("sutrs", "F"),
    ("grs-1", "F"),
)
_SCANNED = (4, 12, 1012)
_LIKELY = ("a", "the", "1", "viet", "2000")
"""What some record has almost anywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What was tried, and what came of it: a result, or a diagnostic."""

    what: str
    result: str = ""
    said: Diagnosed | None = None
    error: HarvestError | None = None
    """Set where the server gave no answer to it."""

    def plain(self) -> dict[str, Any]:
        """Return the same for programs."""
        told: dict[str, Any] = {"what": self.what, "result": self.result}
        if self.said is not None:
            told |= {"diagnostic": self.said.condition, "addinfo": self.said.addinfo}
        if self.error is not None:
            told["error"] = self.error.code()
        return told


async def probe(client: Client) -> AsyncIterator[Probed]:
    """Yield what a server can do, as it is found out; raise HarvestError where it is gone."""
    found: Query | None = None
    for use in _USES:
        probed, query = await _searched(client, use)
        found = found or query
        yield probed
    for syntax, elements in _SYNTAXES if found else ():
        assert found is not None
        yield await _tried(client, _presented(client, found, syntax, elements), syntax)
    for use in _SCANNED:
        yield await _tried(client, _scanned(client, use), f"scan @attr 1={use}")


async def _tried(client: Client, trying: Awaitable[Probed], what: str) -> Probed:
    """Return what came of it; a server that falls over it is connected to anew."""
    try:
        return await trying
    except TargetFailed as error:
        await client.open()
        return Probed(what=what, error=error)


async def _searched(client: Client, use: int) -> tuple[Probed, Query | None]:
    what = f"search @attr 1={use}"
    hits = 0
    for text in _LIKELY:
        query = Query(Term(text, (Attribute(AttributeType.USE, use),)))
        try:
            hits = (await client.search(query)).hits
        except TargetRefused as wrong:
            return Probed(what=what, said=wrong.said), None
        if hits:
            return Probed(what=f"{what} {text}", result=str(hits)), query
    return Probed(what=what, result=str(hits)), None


async def _scanned(client: Client, use: int) -> Probed:
    what = f"scan @attr 1={use}"
    term = Term("0", (Attribute(AttributeType.USE, use),))
    try:
        found = await client.scan(term, 3)
    except TargetRefused as wrong:
        return Probed(what=what, said=wrong.said)
    return Probed(what=what, result=", ".join(each.term for each in found.entries) or "-")


async def _presented(client: Client, query: Query, syntax: str, elements: str) -> Probed:
    what = f"present {syntax} {elements}"
    oid = oids.oid_of(Kind.SYNTAX, syntax) or ""
    try:
        await client.search(query)
        (piece,) = await client.fetch(1, 1, composition=Composition(syntax=oid, elements=elements))
    except TargetRefused as wrong:
        return Probed(what=what, said=wrong.said)
    if piece.said is not None:
        return Probed(what=what, said=piece.said)
    form = formats.sniffed(piece.body)
    named = form.NAME if form else "-"
    return Probed(what=what, result=f"{oids.name_of(piece.syntax)}, {named}, {len(piece.body)} B")

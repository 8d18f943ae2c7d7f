"""How the server speaks HTTP: POST beside GET (OAI-PMH 2.0 s3.1.1), and compression (s3.1.3)."""

from __future__ import annotations

from harvester.validate.asking import Line
from harvester.validate.model import Exchange, Found, Pairs
from protocols.oai import OAI, Verb

_LARGE = 20_000
"""Bytes from which compression would be worth the while."""


def judge_manners(line: Line, first: Exchange) -> None:
    """Take in what is wrong with POST and with compression; ``first`` is the answer to Identify."""
    _post(line, (("verb", Verb.IDENTIFY.value),))
    listed = line.ask(Verb.LIST_RECORDS, metadataPrefix="oai_dc")
    is_answered = listed.content is not None or "noRecordsMatch" in listed.errors
    posted = _post(line, listed.pairs) if is_answered else None
    if posted is not None and listed.content is not None and posted.content is not None:
        _same(line, listed, posted)
    if listed.content is not None:
        token = (listed.content.findtext(f"{{{OAI}}}resumptionToken") or "").strip()
        if token:
            _post(line, (("verb", Verb.LIST_RECORDS.value), ("resumptionToken", token)))
    _compression(line, first, listed)


def _post(line: Line, pairs: Pairs) -> Exchange | None:
    """Ask by POST; None where the answer shows that it is not understood, which is told."""
    exchange = line.send(pairs, post=True)
    if exchange.answer is None:
        return None
    asked_well = exchange.content is not None or set(exchange.errors) & {"noRecordsMatch"}
    if asked_well:
        return exchange
    told = ", ".join(exchange.errors) or f"HTTP {exchange.status}"
    line.add(Found("post", {"value": told}), exchange)
    return None


def _same(line: Line, got: Exchange, posted: Exchange) -> None:
    one, two = (set(_identifiers(each)) for each in (got, posted))
    # Some of it may have changed meanwhile.
    if 2 * len(one & two) < max(len(one), len(two)):
        line.add(Found("post-differs"), posted)


def _identifiers(exchange: Exchange) -> list[str]:
    content = exchange.content
    if content is None:
        return []
    return [one.text or "" for one in content.iterfind(f".//{{{OAI}}}identifier")]


def _compression(line: Line, first: Exchange, listed: Exchange) -> None:
    plain = line.send(first.pairs, headers={"Accept-Encoding": "identity"})
    if plain.answer is not None and plain.answer.packed:
        line.add(Found("packed-always"), plain)
    if first.content is None:
        return
    said = {(one.text or "").strip() for one in first.content.findall(f"{{{OAI}}}compression")}
    answer = listed.answer
    if "gzip" in said and answer and len(answer.body) > _LARGE and not answer.packed:
        line.add(Found("compression-undone"), listed)

"""Resumption tokens (OAI-PMH 2.0 s3.5): opaque, exclusive, of one list, and good to ask twice by.

Each question gets a token of its own: some servers take a token once only.
"""

from __future__ import annotations

from collections.abc import Iterator

from harvester.validate.asking import Line
from harvester.validate.changes import Changes
from harvester.validate.model import Entry, Exchange, Found, Pairs
from harvester.validate.probes import Probe, judge
from harvester.validate.walking import entry_of
from protocols.oai import OAI, Verb

_TOKEN = f"{{{OAI}}}resumptionToken"
_DC = ("metadataPrefix", "oai_dc")
_ITEMS = (f"{{{OAI}}}record", f"{{{OAI}}}header")
_REFUSED = ("badArgument", "badResumptionToken")
_MOST_TWICE = 8
"""Pages of a list that are asked for twice."""
_OTHER = {Verb.LIST_RECORDS: Verb.LIST_IDENTIFIERS, Verb.LIST_IDENTIFIERS: Verb.LIST_RECORDS}


class Kept:
    """A token that waits for its turn, while others are used."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._first = line.ask(Verb.LIST_IDENTIFIERS, metadataPrefix="oai_dc")
        self._token = token_of(self._first)

    def judge(self) -> None:
        """Take in where the token is no longer taken, though nothing said so."""
        if not self._token:
            return
        line = self._line
        exchange = line.ask(Verb.LIST_IDENTIFIERS, resumptionToken=self._token)
        if "badResumptionToken" not in exchange.errors:
            return
        content = self._first.content
        token = None if content is None else content.find(_TOKEN)
        if token is not None and not token.get("expirationDate"):
            line.add(Found("token-forgotten"), exchange)


def token_of(exchange: Exchange) -> str:
    """Return the token that leads on from a page, empty where there is none."""
    return "" if exchange.content is None else (exchange.content.findtext(_TOKEN) or "").strip()


def judge_tokens(line: Line, changes: Changes) -> None:
    """Take in what is wrong with the tokens of both lists of records."""
    for verb in (Verb.LIST_IDENTIFIERS, Verb.LIST_RECORDS):
        if not _fresh(line, verb):
            continue
        _twice(line, verb, changes)
        for probe in _probes(line, verb):
            judge(line, probe)


def _fresh(line: Line, verb: Verb) -> str:
    """Return a token that leads on from a first page."""
    return token_of(line.ask(verb, metadataPrefix="oai_dc"))


def _probes(line: Line, verb: Verb) -> Iterator[Probe]:
    """Yield requests that use a good token wrongly."""
    for pair in (_DC, ("from", "2001-01-01"), ("until", "2030-01-01"), ("set", "x"), ("a", "1")):
        pairs = _with(line, verb, pair)
        yield Probe("token-argument-accepted", _REFUSED, pairs)
    token = ("resumptionToken", _fresh(line, verb))
    bad = _REFUSED
    yield Probe("token-twice-accepted", bad, (("verb", verb.value), token, token))
    for other in (_OTHER[verb], Verb.LIST_SETS):
        token = ("resumptionToken", _fresh(line, verb))
        right = bad if line.repository.has_sets else (*bad, "noSetHierarchy")
        yield Probe("token-of-other-accepted", right, (("verb", other.value), token))
    for other in (Verb.IDENTIFY, Verb.LIST_METADATA_FORMATS):
        token = ("resumptionToken", _fresh(line, verb))
        yield Probe("argument-accepted", ("badArgument",), (("verb", other.value), token))


def _with(line: Line, verb: Verb, pair: tuple[str, str]) -> Pairs:
    return (("verb", verb.value), ("resumptionToken", _fresh(line, verb)), pair)


def judge_token_of_sets(line: Line) -> None:
    """Take in where the token of a list of sets leads on in a list of records."""
    token = token_of(line.ask(Verb.LIST_SETS))
    if token:
        for verb in _OTHER:
            pairs = (("verb", verb.value), ("resumptionToken", token))
            judge(line, Probe("token-of-other-accepted", _REFUSED, pairs))


def _twice(line: Line, verb: Verb, changes: Changes) -> None:
    """Walk a list, asking for each page twice while its token is the latest."""
    token, seen = _fresh(line, verb), set[str]()
    for _ in range(_MOST_TWICE):
        if not token or token in seen:
            return
        seen.add(token)
        first = line.ask(verb, resumptionToken=token)
        if first.content is None:
            return
        if token_of(first) == token:
            # The name of a session, as some servers have it: asking again goes on.
            line.add(Found("token-session"), first)
            return
        second = line.ask(verb, resumptionToken=token)
        if not _judge_again(line, first, second, changes):
            return
        token = token_of(first)


def _judge_again(line: Line, first: Exchange, second: Exchange, changes: Changes) -> bool:
    """Take in where a page does not come a second time; False where asking on means nothing."""
    if second.errors:
        is_once = "badResumptionToken" in second.errors
        once = Found("token-once", {"value": ", ".join(second.errors)})
        line.add(once if is_once else Found("token-again-differs"), second)
        return False
    if second.content is None:
        return False
    one, two = _headers(first), _headers(second)
    if one == two:
        if bool(token_of(first)) != bool(token_of(second)):
            line.add(Found("token-again-differs"), second)
            return False
        return True
    unlike = [name for name in {**one, **two} if one.get(name) != two.get(name)]
    if all(changes.explain(name, one.get(name), two.get(name)) for name in unlike) and unlike:
        return True
    line.add(Found("token-again-differs"), second)
    return False


def _headers(exchange: Exchange) -> dict[str, Entry]:
    assert exchange.content is not None
    found = [each for name in _ITEMS for each in exchange.content.findall(name)]
    return dict(entry_of(each) for each in found)

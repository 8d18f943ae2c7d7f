"""A list walked from its first page to its last, and each page judged by those before it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from sys import intern

from lxml.etree import _Element

from harvester.validate.asking import Line
from harvester.validate.grammar import elements, local, name_of
from harvester.validate.model import Entry, Exchange, Found, text_of
from harvester.validate.payload import digest, root_of
from protocols.oai import OAI, Granularity, Verb, granularity_of

_TOKEN = f"{{{OAI}}}resumptionToken"
_HEADER = f"{{{OAI}}}header"
_METADATA = f"{{{OAI}}}metadata"
_SET_SPEC = f"{{{OAI}}}setSpec"
_ITEMS = {
    Verb.LIST_RECORDS: f"{{{OAI}}}record",
    Verb.LIST_IDENTIFIERS: _HEADER,
    Verb.LIST_SETS: f"{{{OAI}}}set",
}
_MOST_STALE = 3
"""Pages in a row that may hold nothing new."""
_TIMES_BEYOND, _ROOM = 3, 1000
"""How far beyond its size a list is followed."""
_SHORTEST = 60
"""Seconds that a token ought to be good for."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, without what it holds."""

    url: str
    token: str
    """What leads on; empty at the end."""
    items: tuple[str, ...]
    """The identifiers, or setSpecs."""
    seconds: float
    size: int
    """Bytes."""
    has_token: bool
    """Whether there is a token element, empty or not."""


@dataclass(slots=True)
class Listing:
    """A list as far as it was walked."""

    verb: Verb
    arguments: dict[str, str]
    pages: list[Page] = field(default_factory=list)
    entries: dict[str, Entry] = field(default_factory=dict)
    """By identifier, in the order they came first."""
    again: list[tuple[str, Entry, str]] = field(default_factory=list)
    """What came more than once: identifier, as it came then, and the page's URL."""
    sizes: list[tuple[int, str]] = field(default_factory=list)
    """Each completeListSize with the URL of its page."""
    delivered: int = 0
    complete: bool = False
    """Whether it came to an end that can be believed."""
    errors: tuple[str, ...] = ()
    """The OAI-PMH errors that stood in place of the first page."""
    url: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether the server said that there is nothing."""
        return "noRecordsMatch" in self.errors


OnRecord = Callable[[Exchange, _Element], None]


def walk(
    line: Line,
    verb: Verb,
    arguments: dict[str, str],
    most: int = 0,
    on_record: OnRecord | None = None,
) -> Listing:
    """Return a list; ``most`` pages of it, or as many as the options say."""
    listing = Listing(verb, arguments)
    most = most or line.options.pages
    token, stale = "", 0
    while True:
        asked = {"resumptionToken": token} if token else arguments
        exchange = line.ask(verb, **{_name(name): value for name, value in asked.items()})
        if not listing.pages:
            listing.url, listing.errors = exchange.url, exchange.errors
        content = exchange.content
        if content is None:
            _note_refusal(line, listing, exchange, token)
            return listing
        before = len(listing.entries)
        page = _take(line, listing, exchange, content)
        if on_record is not None:
            for record in content.findall(_ITEMS[verb]):
                on_record(exchange, record)
        stale = 0 if len(listing.entries) > before else stale + 1
        if not page.token:
            _note_end(line, listing, page, exchange)
            listing.complete = True
            return listing
        if stale >= _MOST_STALE or _is_far_beyond(listing):
            line.add(Found("endless-list", {"pages": len(listing.pages)}), exchange)
            return listing
        if most and len(listing.pages) >= most:
            return listing
        token = page.token


def _is_far_beyond(listing: Listing) -> bool:
    """Tell whether a list went on long after the end that it announced."""
    size = max((size for size, _ in listing.sizes), default=0)
    return bool(size) and listing.delivered > _TIMES_BEYOND * size + _ROOM


def _name(name: str) -> str:
    return "from_" if name == "from" else name


def _note_refusal(line: Line, listing: Listing, exchange: Exchange, token: str) -> None:
    if not token:
        listing.complete = listing.is_empty
        return
    if exchange.errors:
        details = {"code": ", ".join(exchange.errors), "page": len(listing.pages) + 1}
        line.add(Found("token-refused", details), exchange)
    else:
        line.add(Found("list-broken", {"page": len(listing.pages) + 1}), exchange)


def _note_end(line: Line, listing: Listing, page: Page, exchange: Exchange) -> None:
    if len(listing.pages) > 1 and not page.has_token:
        line.add(Found("no-last-token", {"pages": len(listing.pages)}), exchange)


def _take(line: Line, listing: Listing, exchange: Exchange, content: _Element) -> Page:
    items = []
    for element in content.findall(_ITEMS[listing.verb]):
        name, entry = _entry(element, listing.verb)
        items.append(name)
        if name in listing.entries:
            listing.again.append((name, entry, exchange.url))
        else:
            listing.entries[name] = entry
    token = content.find(_TOKEN)
    if token is not None:
        line.add_all(_token_faults(token, listing, exchange), exchange)
    page = Page(
        url=exchange.url,
        token="" if token is None else (token.text or "").strip(),
        items=tuple(items),
        seconds=exchange.seconds,
        size=len(exchange.answer.body) if exchange.answer else 0,
        has_token=token is not None,
    )
    listing.pages.append(page)
    listing.delivered += len(items)
    return page


def _entry(element: _Element, verb: Verb) -> tuple[str, Entry]:
    if verb is Verb.LIST_SETS:
        return text_of(element, "setSpec"), Entry("", deleted=False, sets=())
    return entry_of(element)


def entry_of(element: _Element) -> tuple[str, Entry]:
    """Return the identifier of a record or a header, and what it says."""
    header = element if element.tag == _HEADER else element.find(_HEADER)
    if header is None:
        return "", Entry("", deleted=False, sets=())
    sets = tuple(sorted({(one.text or "").strip() for one in header.findall(_SET_SPEC)}))
    sets, stamp = _shared(sets), text_of(header, "datestamp")
    metadata = element.find(_METADATA)
    held = None if metadata is None else root_of(metadata)
    return text_of(header, "identifier"), Entry(
        stamp=intern(stamp),
        deleted=header.get("status") == "deleted",
        sets=sets,
        digest=b"" if held is None else digest(held),
    )


@lru_cache(maxsize=4096)
def _shared(sets: tuple[str, ...]) -> tuple[str, ...]:
    """Return equal sets as one value: a million records have few different ones."""
    return sets


def _token_faults(token: _Element, listing: Listing, exchange: Exchange) -> Iterator[Found]:
    cursor, size = _number(token, "cursor"), _number(token, "completeListSize")
    if cursor is not None and cursor != listing.delivered:
        yield Found("cursor", {"value": cursor, "right": listing.delivered})
    if size is not None:
        listing.sizes.append((size, exchange.url))
    expires, now = _moment(token.get("expirationDate", "")), _moment(exchange.moment)
    told = token.get("expirationDate")
    if told is not None and granularity_of(told.strip()) is not Granularity.SECOND:
        details = {"place": "resumptionToken/@expirationDate", "value": told}
        yield Found("illegal-value", details, "expirationDate")
    if expires and now and (token.text or "").strip():
        left = (expires - now).total_seconds()
        if left <= 0:
            yield Found("token-expired", {"value": token.get("expirationDate", "")})
        elif left < _SHORTEST:
            yield Found("token-short", {"seconds": int(left)})
    if elements(token):
        yield Found("unexpected-element", {"place": local(name_of(token)), "value": ""}, "token")


def _number(token: _Element, name: str) -> int | None:
    text = token.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None  # noqa: PLR2004 - digits


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

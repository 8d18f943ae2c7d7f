"""ListRecords and ListIdentifiers: a list pinned when it begins, then read page by page.

Items only ever move to later stamps, so a pinned list can lose items while it is read but never
skips one: what left it is in the next incremental list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import NamedTuple

from catalogue.consumers.model import Taken
from catalogue.model import Item, ItemQuery
from protocols.oai import Verb
from provider.errors import NotYetHere
from provider.oai import token
from provider.oai.arguments import RESUMPTION, Call
from provider.oai.envelope import element, header, record
from provider.oai.errors import NoRecordsMatch, NoSetHierarchy
from provider.oai.formats import body, find
from provider.oai.repository import Repository, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """One page to be read of a pinned list."""

    query: ItemQuery
    horizon: int
    cursor: int = 0
    size: int = 0
    """completeListSize, or 0 while the list has not been counted."""


class Listed(NamedTuple):
    """A page as it is sent."""

    horizon: int
    """Its responseDate."""
    content: Iterator[bytes]
    records: int
    page: Taken
    """Of which list it is a page, for those who look whether somebody has all of it."""
    told: bytes
    """What is another for each other content: an item with a stamp never changes."""


class Answer(NamedTuple):
    """One page as read, and whether others follow it."""

    items: Sequence[Item]
    more: bool


def list_page(repository: Repository, snapshot: Snapshot, call: Call) -> Listed:
    """Return a page; raises NoRecordsMatch, BadResumptionToken or BadArgument."""
    resumed = RESUMPTION in call.arguments
    window = (_resumed if resumed else _begun)(repository, snapshot, call)
    answer = _read(snapshot, window.query, repository.page_size)
    if not answer.items:
        raise NoRecordsMatch
    if answer.more and not window.size:
        window = replace(window, size=snapshot.count(window.query))
    render = _renderer(repository, call.verb, window.query.prefix)
    resumption = _resumption(repository, call, window, answer)
    content = chain(map(render, answer.items), [resumption])
    page = _taken(call.verb, window, len(answer.items))
    told = _told(repository, answer.items) + resumption
    return Listed(window.horizon, _within(call.verb, content), len(answer.items), page, told)


def _told(repository: Repository, items: Iterable[Item]) -> bytes:
    beside = (repository.identifier_prefix, repository.beside, repository.record_pages)
    known = [(each.public_id, each.stamp, each.deleted, each.sets) for each in items]
    return repr((beside, known)).encode("utf-8", "surrogateescape")


def _taken(verb: Verb, window: Window, count: int) -> Taken:
    query, reached = window.query, window.cursor + count
    size = window.size or reached
    start = query.start or 0
    return Taken(verb, query.prefix, query.set_spec, start, window.horizon, reached, size)


def _renderer(repository: Repository, verb: Verb, prefix: str) -> Callable[[Item], bytes]:
    named, beside = repository.identifier_prefix, repository.beside
    if verb is Verb.LIST_IDENTIFIERS:
        return partial(header, identifier_prefix=named)
    told = partial(body, form=find(prefix, repository.formats), pages=repository.record_pages)
    return lambda item: record(item, named, told(item), beside)


def _begun(repository: Repository, snapshot: Snapshot, call: Call) -> Window:
    form = find(call.get("metadataPrefix"), repository.formats)
    repository.check_set(call.get("set"))
    query = ItemQuery(
        prefix=form.prefix,
        only=form.only,
        start=call.moment("from"),
        end=_earlier(call.moment("until"), snapshot.horizon),
        set_spec=call.get("set"),
        bodies=call.verb is Verb.LIST_RECORDS,
    )
    if query.set_spec and not repository.has_sets:
        raise NoSetHierarchy
    if query.start is not None and query.start > query.end:
        raise NoRecordsMatch
    if query.set_spec and not snapshot.has_set(query.set_spec):
        raise NoRecordsMatch
    return Window(query=query, horizon=snapshot.horizon)


def _earlier(moment: int | None, horizon: int) -> int:
    return horizon if moment is None else min(moment, horizon)


def _resumed(repository: Repository, snapshot: Snapshot, call: Call) -> Window:
    scope = _scope(repository, call)
    place = token.unseal(call.get(RESUMPTION), key=repository.token_key, scope=scope)
    if place.horizon > snapshot.horizon:
        raise NotYetHere
    repository.check_set(place.set_spec)
    query = ItemQuery(
        prefix=place.prefix,
        only=find(place.prefix, repository.formats).only,
        start=place.start,
        end=place.end,
        set_spec=place.set_spec,
        after=(place.stamp, place.key),
        bodies=call.verb is Verb.LIST_RECORDS,
    )
    return Window(query=query, horizon=place.horizon, cursor=place.cursor, size=place.size)


def _scope(repository: Repository, call: Call) -> str:
    return f"{repository.view}/{call.verb}"


def _read(snapshot: Snapshot, query: ItemQuery, size: int) -> Answer:
    items = snapshot.page(replace(query, limit=size + 1))
    if not items and query.after:
        # All that was left has changed since. A list cannot be empty (OAI-PMH.xsd), so the last
        # item is given again; where that changed too, noRecordsMatch is the truth.
        stamp, key = query.after
        items = snapshot.page(replace(query, after=(stamp, key - 1), limit=1))
    return Answer(items[:size], len(items) > size)


def _resumption(repository: Repository, call: Call, window: Window, answer: Answer) -> bytes:
    if not window.size:
        return b""
    text = ""
    if answer.more:
        place = _next_place(window, answer.items)
        text = token.seal(place, key=repository.token_key, scope=_scope(repository, call))
    attributes = f' completeListSize="{window.size}" cursor="{window.cursor}"'
    return element(RESUMPTION, text, attributes).encode()


def _next_place(window: Window, items: Sequence[Item]) -> token.Place:
    query = window.query
    return token.Place(
        prefix=query.prefix,
        start=query.start,
        end=query.end,
        set_spec=query.set_spec,
        horizon=window.horizon,
        stamp=items[-1].stamp,
        key=items[-1].key,
        cursor=window.cursor + len(items),
        size=window.size,
    )


def _within(verb: Verb, content: Iterable[bytes]) -> Iterator[bytes]:
    yield f"<{verb}>".encode()
    yield from content
    yield f"</{verb}>".encode()

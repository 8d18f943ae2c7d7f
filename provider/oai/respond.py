"""The repository's one entry: a request in, a response out, OAI-PMH errors as OAI-PMH answers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import NamedTuple

from catalogue.consumers.model import Taken
from protocols.oai import Verb
from provider.errors import NotYetHere
from provider.model import Request, Response
from provider.oai import arguments, verbs
from provider.oai.arguments import RESUMPTION, Call
from provider.oai.envelope import echo, element, envelope
from provider.oai.errors import OaiError
from provider.oai.kept import Page
from provider.oai.lists import list_page
from provider.oai.repository import Repository, Snapshot

Answer = Callable[[Repository, Snapshot, Call], Iterable[bytes]]

_SINGLE: dict[Verb, Answer] = {
    Verb.IDENTIFY: verbs.identify,
    Verb.LIST_METADATA_FORMATS: verbs.list_metadata_formats,
    Verb.LIST_SETS: verbs.list_sets,
}
_RETRY_AFTER = "5"
_HEADERS = {"Content-Type": "text/xml; charset=utf-8"}


class _Said(NamedTuple):
    """What an answer says: when, in which words, and when these changed last if that is known."""

    moment: int
    content: Iterable[bytes]
    changed: int | None = None
    records: int = 0
    taken: Taken | None = None
    told: bytes = b""
    """What stands for the content, where that is shorter."""


def respond(repository: Repository, request: Request) -> Response:
    """Answer an OAI-PMH request from one snapshot of the catalogue.

    Every fault of the request is an OAI-PMH error with status 200; status 503 with Retry-After is
    given where a copy of the database lags behind a token (OAI-PMH 2.0 s3.1.2.2).
    """
    with repository.snapshot() as snapshot:
        try:
            return _response(repository, snapshot, request)
        except NotYetHere:
            return Response(status=503, headers={"Retry-After": _RETRY_AFTER})


def _response(repository: Repository, snapshot: Snapshot, request: Request) -> Response:
    echoed = echo(repository.base_url)
    try:
        call = arguments.read(request.arguments)
        echoed = echo(repository.base_url, call.verb, call.arguments)
        page, changed = _page(repository, snapshot, call, echoed)
    except OaiError as error:
        body = envelope(snapshot.horizon, echoed, [_error(error)])
        return Response(headers=_HEADERS, body=body)
    return Response(
        headers=_HEADERS,
        body=envelope(page.moment, echoed, [page.content]),
        tag=page.tag,
        changed=changed,
        records=page.records,
        page=page.taken,
    )


def _page(
    repository: Repository, snapshot: Snapshot, call: Call, echoed: str
) -> tuple[Page, int | None]:
    """Return what an answer says, and when that changed last; kept where a token pins it."""
    mark = snapshot.mark if RESUMPTION in call.arguments else None
    key = (
        *(repository.view, repository.sets, repository.formats),
        *(echoed, repository.beside, repository.page_size),
    )
    found = repository.pages.get(key, mark) if mark else None
    if found is not None:
        return found, None
    said = _said(repository, snapshot, call)
    content = b"".join(said.content)
    tag = _tag(echoed, said.told or content)
    page = Page(said.moment, content, tag, said.records, said.taken)
    repository.pages.put(key, mark, page)
    return page, said.changed


def _tag(echoed: str, content: bytes) -> str:
    """Return what tells an answer from others, by all that it says but the responseDate.

    Who still has an earlier one has an earlier responseDate, and asks from there: that is safe. The
    first page of a longer list is another each second, since its token holds the responseDate.
    """
    told = hashlib.sha256(content)
    told.update(echoed.encode())
    return told.hexdigest()[:32]


def _said(repository: Repository, snapshot: Snapshot, call: Call) -> _Said:
    if call.verb in _SINGLE:
        return _Said(snapshot.horizon, _SINGLE[call.verb](repository, snapshot, call))
    if call.verb is Verb.GET_RECORD:
        item = verbs.wanted(repository, snapshot, call)
        changed = item.stamp if repository.is_dated else None
        return _Said(snapshot.horizon, verbs.get_record(repository, item, call), changed, records=1)
    listed = list_page(repository, snapshot, call)
    return _Said(
        *(listed.horizon, listed.content),
        records=listed.records,
        taken=listed.page,
        told=listed.told,
    )


def _error(error: OaiError) -> bytes:
    return element("error", str(error), f' code="{error.oai_code()}"').encode()

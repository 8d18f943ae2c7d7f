"""The repository's one entry: a request in, a response out, OAI-PMH errors as OAI-PMH answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from catalogue.consumers.model import Taken
from protocols.oai import Verb
from provider.errors import NotYetHere
from provider.model import Request, Response
from provider.oai import arguments, verbs
from provider.oai.arguments import Call
from provider.oai.envelope import echo, element, envelope
from provider.oai.errors import OaiError
from provider.oai.lists import list_page
from provider.oai.repository import Repository, Snapshot

Answer = Callable[[Repository, Snapshot, Call], Iterable[bytes]]

_SINGLE: dict[Verb, Answer] = {
    Verb.IDENTIFY: verbs.identify,
    Verb.LIST_METADATA_FORMATS: verbs.list_metadata_formats,
    Verb.LIST_SETS: verbs.list_sets,
    Verb.GET_RECORD: verbs.get_record,
}
_RETRY_AFTER = "5"


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
        if call.verb not in _SINGLE:
            listed = list_page(repository, snapshot, call)
            body = envelope(listed.horizon, echoed, listed.content)
            return _xml(body, listed.records, listed.page)
        content = _SINGLE[call.verb](repository, snapshot, call)
        records = int(call.verb is Verb.GET_RECORD)
        return _xml(envelope(snapshot.horizon, echoed, content), records)
    except OaiError as error:
        return _xml(envelope(snapshot.horizon, echoed, _error(error)))


def _xml(body: bytes, records: int = 0, page: Taken | None = None) -> Response:
    headers = {"Content-Type": "text/xml; charset=utf-8"}
    return Response(headers=headers, body=body, records=records, page=page)


def _error(error: OaiError) -> Iterator[bytes]:
    yield element("error", str(error), f' code="{error.oai_code()}"').encode()

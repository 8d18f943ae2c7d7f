"""The REST interface at ``/api/v1``: requests to the provider, answers from it.

At ``/api`` itself stands a page for people. A view that sees less than whoever asks may has an
address of its own, as over OAI-PMH: ``/api/v1/views/<view>``.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from http import HTTPStatus

from catalogue import crosswalks
from catalogue.audit import acting
from catalogue.audit.acting import Act, Way
from catalogue.cluster.render import shows
from catalogue.consumers.model import EVERYBODY, Consumer
from catalogue.model import Sharing
from catalogue.querysets.defining import views
from provider.api import problems
from provider.api.endpoints import allowed, matching
from provider.api.errors import NoSuchResource
from provider.api.model import Service
from provider.api.problems import Problem
from provider.api.respond import Asked as Call
from provider.api.respond import respond
from provider.errors import TooOften
from provider.model import Response
from web.door import Asked, Manner, Refused
from web.site import Site

_VERSION = "v1"
_SEARCH = "/records"
_WIDEST = "Accept, Accept-Encoding, Accept-Language, Authorization"
_OPEN = {
    # What everybody sees may be read by any page; a key may be sent by none.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Last-Modified, Retry-After",
}
_ASKED_BEFORE = {
    # Pages of other sites may ask, and change nothing.
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, If-Modified-Since, If-None-Match",
    "Access-Control-Max-Age": "86400",
}
"""What a browser is told that asks whether a page of another site may ask (Fetch s3.3)."""
_ACTS = {"POST": "corrections.make", "DELETE": "corrections.undo"}
_OF_MEMBERS = {"POST": "own.say_held", "DELETE": "own.say_dropped"}
"""What is done, by the names it has on the pages of staff and of members."""


def answer(site: Site, asked: Asked) -> Response | None:
    """Answer a request of the interface; None for the page for people."""
    version, slash, below = asked.path.partition("/")
    if version != _VERSION:
        return None if asked.path in ("", "/") else _nothing(site, asked)
    return _narrowed(site, asked, f"{slash}{below}" or "/")


def _narrowed(site: Site, asked: Asked, path: str) -> Response:
    """Answer as the view sees it that the address names, if it names one."""
    if not path.startswith("/views/"):
        return _answered(site, asked, path, asked.consumer)
    view, slash, below = path.removeprefix("/views/").partition("/")
    known = {each.value for each in Sharing if shows(asked.consumer.view, each)}
    # Whoever may not see a view does not learn whether there is one.
    if view not in known or view not in views(site.database):
        return _nothing(site, asked)
    consumer = replace(asked.consumer, view=Sharing(view))
    return _answered(site, asked, f"{slash}{below}" or "/", consumer, narrowed=True)


def _answered(
    site: Site, asked: Asked, path: str, consumer: Consumer, *, narrowed: bool = False
) -> Response:
    endpoints, _ = matching(path)
    if asked.method == "OPTIONS" and endpoints:
        headers = {"Allow": allowed(endpoints), **_ASKED_BEFORE}
        return Response(status=HTTPStatus.NO_CONTENT, headers=headers)
    call = Call(
        path=path,
        arguments=asked.request.arguments,
        method=asked.method,
        accept=asked.accept,
        say=asked.say,
        person=asked.person,
        type=asked.body.type,
        body=asked.body.content,
    )
    if path == _SEARCH and (seconds := _wait(site, asked)):
        error = TooOften(seconds=seconds)
        problem = Problem(
            HTTPStatus.TOO_MANY_REQUESTS, error.code(), asked.say(error), f"/api/{asked.path}"
        )
        return problems.response(problem, _home(site), {"Retry-After": str(seconds)})
    with acting.during(_act(asked, path)):
        return respond(_service(site, consumer, narrowed=narrowed), call)


def _act(asked: Asked, path: str) -> Act | None:
    """Return what a person changes, as it is written down; None where nothing is changed."""
    if asked.person is None or asked.method not in _ACTS:
        return None
    acts = _OF_MEMBERS if path.startswith("/own/") else _ACTS
    return Act(
        who=asked.person.name,
        way=Way.WEB,
        address=asked.address,
        act=acts[asked.method],
        object=path.removeprefix("/own").split("/")[2] if path.count("/") > 1 else "",
    )


def _wait(site: Site, asked: Asked) -> int:
    """Return how many seconds whoever searches has to wait, as at the public page; 0 for none."""
    if asked.consumer.id != EVERYBODY.id:
        return 0
    return site.meter.wait(f"search {asked.address}", site.doors.searches)


def _service(site: Site, consumer: Consumer, *, narrowed: bool = False) -> Service:
    return Service(
        database=site.database,
        identity=site.identity,
        consumer=consumer,
        token_key=site.token_key,
        shelf=partial(crosswalks.shelf, site.database),
        repository=site.repository(consumer),
        narrowed=narrowed,
    )


def _nothing(site: Site, asked: Asked) -> Response:
    error = NoSuchResource()
    problem = Problem(error.status, error.code(), asked.say(error), f"/api/{asked.path}")
    return problems.response(problem, _home(site))


def _home(site: Site) -> str:
    return site.identity.base_url.rstrip("/")


def refuse(refused: Refused) -> Response:
    """Say as a problem document why the door did not answer."""
    problem = Problem(refused.status, refused.code, refused.text, refused.address)
    return problems.response(problem, "")


MANNER = Manner(
    name="api",
    answering=answer,
    vary=_WIDEST,
    methods=("GET", "HEAD", "OPTIONS", "POST", "DELETE", "PUT", "PATCH"),
    for_people=True,
    strict=True,
    scheme="Bearer",
    refusing=refuse,
    headers=_OPEN,
)

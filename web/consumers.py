"""Who asks at a machine door, how often they may, and what they were given.

A key comes as a bearer token or as the password of basic authentication (RFC 6750, RFC 7617), whose
user name is not looked at: harvesters have a place for one or the other.
"""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, g, make_response, request

from catalogue.clock import wall_clock
from catalogue.consumers import store
from catalogue.consumers.model import EVERYBODY, Consumer, Served, Taken
from crosswalks.errors import Error
from provider.errors import KeyUnknown, TooOften
from web.language import message, translator
from web.site import current_site

_STATUS_OAI = 503
"""What OAI-PMH has harvesters wait by (2.0 s3.1.2.2)."""
_STATUS = 429


def guard(blueprint: Blueprint, door: str) -> None:
    """Have a door know who asks, turn away who asks too often, and count what it gives."""

    def admit() -> Response | None:
        found = _asking(strict=door == "oai")
        if found is None:
            return _refusal(KeyUnknown(), 401, {"WWW-Authenticate": f'Basic realm="{door}"'})
        g.consumer = found
        site = current_site()
        who, most = (found.name, found.per_minute) if found.id else (str(request.remote_addr), 0)
        seconds = site.meter.wait(f"{door} {who}", most or site.doors.per_minute)
        if not seconds:
            return None
        status = _STATUS_OAI if door == "oai" else _STATUS
        return _refusal(TooOften(seconds=seconds), status, {"Retry-After": str(seconds)})

    def count(response: Response) -> Response:
        response.vary.add("Authorization")
        records, page = cast("tuple[int, Taken | None]", g.get("given", (0, None)))
        octets = response.content_length or 0
        served = Served(consumer().id, wall_clock(), door, records, octets, page)
        current_site().tally.add(served)
        return response

    blueprint.before_request(admit)
    blueprint.after_request(count)


def consumer() -> Consumer:
    """Return who asks in the request under way."""
    return cast(Consumer, g.get("consumer", EVERYBODY))


def give(records: int, page: Taken | None = None) -> None:
    """Note what the answer under way gives."""
    g.given = (records, page)


def _asking(*, strict: bool) -> Consumer | None:
    """Return who asks; None where the key is nobody's.

    Search clients send whatever name and password they were once set up with: where that is not
    ``strict`` only what looks like a key is taken for one.
    """
    given = request.authorization
    if given is None:
        # What cannot be read is no key; who sent none is everybody.
        return None if strict and request.headers.get("Authorization") else EVERYBODY
    key = given.token if given.type == "bearer" else given.password
    if not strict and not (key or "").startswith(store.PREFIX):
        return EVERYBODY
    return store.by_key(current_site().database, key) if key else None


def _refusal(error: Error, status: int, headers: dict[str, str]) -> Response:
    language = request.accept_languages.best_match(("en", "vi"), "en")
    text = message(error, translator(language))
    return make_response(
        f"{text}\n", status, {"Content-Type": "text/plain; charset=utf-8", **headers}
    )

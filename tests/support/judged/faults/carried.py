"""HTTP: statuses, types, compression, POST."""

from __future__ import annotations

import gzip
from dataclasses import replace
from http import HTTPStatus

from protocols.oai import Granularity, format_stamp
from support.judged.faults.keeping import (
    ARGUMENTS,
    fault,
    of_reply,
)
from support.judged.provider import Call, Provider
from support.loopback import Reply, Request

of_reply("application/xml", "content-type", lambda _, r: replace(r, kind="application/xml"))
of_reply("text/html", "content-type", lambda _, r: replace(r, kind="text/html; charset=utf-8"))
of_reply(
    *("charset of HTTP is Latin-1", "charset"),
    lambda _, r: replace(r, kind="text/xml; charset=iso-8859-1"),
)
of_reply(
    *("errors with HTTP 400", "status-with-error"),
    lambda _, r: replace(r, status=HTTPStatus.BAD_REQUEST) if b"<error" in r.body else r,
)
of_reply(
    *("HTTP 500 for wrong requests", "http-status"),
    lambda _, r: (
        Reply(status=500, body=b"Internal Server Error") if b"badArgument" in r.body else r
    ),
)
of_reply(
    *("HTTP 404 for unknown identifiers", "http-status"),
    lambda _, r: Reply(status=404, body=b"Not found") if b"idDoesNotExist" in r.body else r,
)
of_reply(
    *("page 3 is HTTP 500", "http-status"),
    lambda request, r: (
        Reply(status=500, body=b"Internal Server Error")
        if request.arguments.get("resumptionToken", "").endswith("!8")
        else r
    ),
)
of_reply(
    *("gzip announced and not done", "packed-undone"),
    lambda _, r: replace(r, headers={"Content-Encoding": "gzip"}),
)
of_reply(
    *("gzip done and not announced", "packed-unsaid"),
    lambda _, r: replace(r, body=gzip.compress(r.body)),
)
of_reply(
    *("gzip for whoever does not want it", "packed-always"),
    lambda _, r: replace(r, body=gzip.compress(r.body), headers={"Content-Encoding": "gzip"}),
)


@fault("no-retry-after")
def busy_without_saying_how_long(provider: Provider) -> None:
    asked = 0

    def busy(_: Request) -> Reply | None:
        nonlocal asked
        asked += 1
        return Reply(status=503) if asked % 50 == 1 else None

    provider.on_request = busy


@fault("post")
def post_is_not_understood(provider: Provider) -> None:
    provider.on_request = lambda request: Reply(status=405) if request.posted else None


@fault("post")
def what_is_posted_is_not_read(provider: Provider) -> None:
    provider.on_request = lambda request: (
        Reply(body=provider.envelope("", '<error code="badVerb">no</error>').encode())
        if request.posted
        else None
    )


@fault("token-once")
def each_token_once(provider: Provider) -> None:
    plain, used, issued = provider.resume, set[str](), 0
    plain_token = provider.token

    def token(call: Call, offset: int) -> str:
        nonlocal issued
        issued += 1
        return f"{plain_token(call, offset)}!{issued}"

    def resume(call: Call, token: str) -> Call:
        if token in used:
            raise ValueError(token)
        found = plain(call, token.rpartition("!")[0])
        used.add(token)
        return found

    provider.token, provider.resume = token, resume  # type: ignore[method-assign]


@fault("granularity-finer-accepted")
def seconds_taken_by_a_repository_of_days(provider: Provider) -> None:
    provider.granularity = Granularity.DAY
    provider.on_error = lambda code, request: (
        None
        if code == "badArgument"
        and {len(request.arguments.get(name, "12345678901234567890")) for name in ("from", "until")}
        == {20}
        and request.arguments.get("metadataPrefix") == "oai_dc"
        and len(request.pairs) == len(request.arguments)
        and request.arguments.keys() <= ARGUMENTS - {"identifier", "resumptionToken"}
        else code
    )


@fault("until-exclusive")
def until_a_day_is_exclusive(provider: Provider) -> None:
    provider.granularity = Granularity.DAY
    provider.on_items = lambda call, items: [
        item for item in items if format_stamp(item.stamp, Granularity.DAY) != call.get("until")
    ]

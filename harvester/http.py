"""The one way out: polite, limited, and only to where it may go.

One kept-alive session per harvest, one request at a time. Busy servers are waited for as they
ask, broken answers are asked for again, redirects are followed by hand so that each hop is
checked like the first address.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from logging import getLogger
from random import SystemRandom
from types import MappingProxyType, TracebackType
from typing import NamedTuple, Self
from urllib.parse import urlsplit

import httpx2

from crosswalks.errors import Error, Said
from crosswalks.model import Problem, Severity
from harvester.address import base, checked, next_hop, port_of, with_arguments
from harvester.body import Body, Sink
from harvester.errors import (
    BadRedirect,
    BodyCut,
    HarvestError,
    ProxyFailed,
    TooSlow,
    UnknownHost,
    Unreachable,
)
from harvester.model import Answer, HttpSettings, Wait
from harvester.network import Deadline, Guard
from harvester.refusals import refusal
from harvester.signing import Signer
from harvester.transport import client

__all__ = ["Answer", "Fetcher", "Sink", "checked", "retry_after", "says_when", "with_arguments"]

_BUSY = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_MOVED = {301, 302, 303, 307, 308}
_FOR_GOOD = {301, 308}
_MOST_HOPS = 5
_MINUTE = 60
_TIMES_FOR_FILES = 24

_log = getLogger(__name__)
_chance = SystemRandom()


class _Request(NamedTuple):
    """What is asked for, and where the answer's body goes if not into memory."""

    url: str
    sink: Sink | None = None
    headers: Mapping[str, str] = MappingProxyType({})
    form: bytes | None = None
    """What is posted; without it the request is a GET."""


class Fetcher:
    """Fetches by GET, and posts where it is told to; a context manager that holds one session."""

    def __init__(self, settings: HttpSettings, sleep: Callable[[float], None] = time.sleep) -> None:
        self._settings = settings
        self._sleep = sleep
        self._deadline = Deadline()
        self._guard = Guard(settings.allow_networks)
        self._signer = Signer(settings)
        self._client = client(settings, self._guard, self._deadline)
        self._moved: dict[str, str] = {}
        self._notices: list[Problem] = []
        self._free = 0.0
        """When the next request may begin, by the monotonic clock."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the session."""
        self._client.close()

    def notices(self) -> tuple[Problem, ...]:
        """Return what staff should hear of the address, each once."""
        found, self._notices = tuple(self._notices), []
        return found

    @property
    def retries(self) -> int:
        """Return how often a request is made again."""
        return self._settings.retries

    def get(self, url: str, arguments: Mapping[str, str], retries: int | None = None) -> Answer:
        """Return the answer to a request, asked again while the server is busy or breaks off.

        Answers of any status come back, since OAI-PMH errors may hide behind them; what brings
        no complete answer, and a door that is shut, raises a HarvestError.
        """
        return self._ask(_Request(with_arguments(url, arguments)), retries)

    def download(self, url: str, sink: Sink, headers: Mapping[str, str]) -> Answer:
        """Return an answer as ``get`` does, its body written to a file; of that only the beginning.

        ``headers`` are sent along, to ask for it only if it has changed (RFC 9110 s13). It raises
        OSError where the file takes no more.
        """
        return self._ask(_Request(checked(url), sink, headers))

    def once(
        self,
        url: str,
        headers: Mapping[str, str] = MappingProxyType({}),
        form: bytes | None = None,
    ) -> Answer:
        """Return what a server says to one request, be it that it is busy; raise HarvestError.

        The URL is asked for as it is written. With ``form`` that is posted, to each address that a
        redirect leads to.
        """
        return self._follow(_Request(checked(url), None, headers, form))

    def _ask(self, request: _Request, retries: int | None = None) -> Answer:
        target = request.url
        lost = 0
        for attempt in range(self.retries if retries is None else retries):
            try:
                answer = self._follow(request)
            except HarvestError as error:
                if not error.transient:
                    raise
                lost += 1
                self.pause(attempt, error)
            else:
                if answer.status not in _BUSY:
                    return replace(answer, lost=lost)
                told = {"url": target, "status": answer.status}
                busy = Said("{url} is busy (HTTP {status})", told)
                self.pause(attempt, busy, retry_after(answer))
        return replace(self._follow(request), lost=lost)

    def pause(self, attempt: int, why: Error | Said, asked: float = 0) -> None:
        """Wait before asking again, longer each time and at least the seconds ``asked`` for."""
        wait = self._settings.first_wait * 2**attempt * _chance.uniform(1, 1.5)
        seconds = min(max(wait, asked), self._settings.longest_wait)
        _log.info("%s. Asking again in %.0f seconds.", str(why).rstrip("."), seconds)
        self._settings.hear(Wait(seconds, why))
        self._sleep(seconds)

    def _follow(self, request: _Request) -> Answer:
        url = request.url
        here = self._present(url)
        for hop in range(_MOST_HOPS + 1):
            answer = self._fetch(request, here)
            location = answer.headers.get("location", "")
            if answer.status not in _MOVED or not location:
                return self._complete(replace(answer, url=url))
            target = next_hop(url, here, self._signer.bare(location))
            self._signer.check_hop(url, target)
            if hop == 0 and answer.status in _FOR_GOOD:
                self._remember(here, target)
            here = target
        reason = Said("more than {n} redirects", {"n": _MOST_HOPS})
        raise BadRedirect(url=url, target=here, reason=reason)

    def _complete(self, answer: Answer) -> Answer:
        error = refusal(answer, self._settings.proxy)
        if error is not None:
            raise error
        return answer

    def _present(self, url: str) -> str:
        """Return the address that a server moved to for good, as it said in this session."""
        there = self._moved.get(base(url))
        return urlsplit(there)._replace(query=urlsplit(url).query).geturl() if there else url

    def _remember(self, old: str, new: str) -> None:
        # Only where the arguments stayed: a redirect to a home page is none of the list.
        if urlsplit(old).query != urlsplit(new).query or base(old) == base(new):
            return
        self._moved[base(old)] = base(new)
        said = f"{base(old)} -> {base(new)}"
        _log.warning("The address has moved for good: %s", said)
        self._notices.append(
            Problem(code="address-moved", severity=Severity.INFO, field="url", detail=said)
        )

    def _fetch(self, request: _Request, url: str) -> Answer:
        home = request.url
        self._check_behind_proxy(url)
        self._keep_pace()
        self._deadline.start(self._seconds(request))
        body = Body(url, self._settings, request.sink)
        asked = {name.encode(): value.encode() for name, value in request.headers.items()}
        headers = {**self._signer.headers(home, url), **asked}
        method = "GET" if request.form is None else "POST"
        try:
            with self._client.stream(
                method, self._signer.wire(home, url), headers=headers, content=request.form
            ) as response:
                for chunk in response.iter_raw():
                    body.add(chunk)
                return Answer(
                    url=url,
                    status=response.status_code,
                    headers=response.headers,
                    body=self._signer.hide_echo(body.finish()),
                    reached=url,
                    packed=body.packed,
                )
        except httpx2.TransportError as error:
            raise self._failure(url, body.received, error, self._seconds(request)) from error

    def _seconds(self, request: _Request) -> float:
        """Return how long an answer may take: a whole catalogue takes longer than a page of it."""
        return self._settings.total_timeout * (_TIMES_FOR_FILES if request.sink else 1)

    def _check_behind_proxy(self, url: str) -> None:
        """Raise AddressForbidden for a forbidden host that the proxy would connect to for us."""
        if not self._settings.proxy:
            return
        # What only the proxy's own name server knows, the proxy has to judge.
        with suppress(UnknownHost, httpx2.TransportError):
            self._guard.addresses(urlsplit(url).hostname or "", port_of(url))

    def _keep_pace(self) -> None:
        """Wait as long as the source's requests per minute ask for."""
        if not self._settings.requests_per_minute:
            return
        now = time.monotonic()
        wait = self._free - now
        self._free = max(now, self._free) + _MINUTE / self._settings.requests_per_minute
        if wait > 0:
            self._sleep(wait)

    def _failure(
        self, url: str, received: int, error: httpx2.TransportError, seconds: float
    ) -> HarvestError:
        reason = self._signer.hide(str(error) or type(error).__name__)
        if self._deadline.passed:
            return TooSlow(url=url, seconds=f"{seconds:g}", received=received)
        if received:
            return BodyCut(url=url, received=received, reason=reason)
        if self._settings.proxy and isinstance(error, httpx2.ProxyError | httpx2.ConnectError):
            return ProxyFailed(proxy=self._settings.proxy, url=url, reason=reason)
        return Unreachable(url=url, reason=reason)


def says_when(answer: Answer) -> bool:
    """Tell whether a server says when to come back, in one of the two forms that there are."""
    text = answer.headers.get("retry-after", "").strip()
    try:
        return text.isdecimal() or parsedate_to_datetime(text) is not None
    except ValueError:
        return False


def retry_after(answer: Answer) -> float:
    """Return the seconds a server asks us to wait (RFC 9110 s10.2.3), 0 where it does not say."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return 0
    return max(0, (moment - datetime.now(UTC)).total_seconds())

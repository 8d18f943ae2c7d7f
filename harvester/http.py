"""The one way out: polite, limited, and only to where it may go.

One kept-alive session per harvest, one request at a time. Busy servers are waited for as they
ask, broken answers are asked for again, redirects are followed by hand so that each hop is
checked like the first address.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from logging import getLogger
from random import SystemRandom
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, parse_qsl, quote, urlencode, urljoin, urlsplit, urlunsplit

import httpcore2
import httpx2

from harvester.body import Body
from harvester.errors import BadRedirect, BadUrl, BodyCut, HarvestError, TooSlow, Unreachable
from harvester.model import HttpSettings
from harvester.network import Deadline, Guard, GuardedBackend

_BUSY = {
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_MOVED = {301, 302, 303, 307, 308}
_MOST_HOPS = 5

_log = getLogger(__name__)
_chance = SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A complete answer, whatever its status; ``url`` is the one that was asked for."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    tries: int = 1
    """How often it was asked for; the server may count the answers that got lost as given."""


class Fetcher:
    """Fetches by GET; a context manager that holds one session."""

    def __init__(self, settings: HttpSettings, sleep: Callable[[float], None] = time.sleep) -> None:
        self._settings = settings
        self._sleep = sleep
        self._deadline = Deadline()
        self._client = _client(settings, self._deadline)

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

    def get(self, url: str, arguments: Mapping[str, str]) -> Answer:
        """Return the answer to a request, asked again while the server is busy or breaks off.

        Answers of any status come back, since OAI-PMH errors may hide behind them; what brings
        no complete answer raises a HarvestError.
        """
        target = with_arguments(url, arguments)
        for attempt in range(self._settings.retries):
            try:
                answer = self._follow(target)
            except HarvestError as error:
                if not error.transient:
                    raise
                self.pause(attempt, str(error))
            else:
                if answer.status not in _BUSY:
                    return replace(answer, tries=attempt + 1)
                self.pause(attempt, f"{target} is busy ({answer.status})", retry_after(answer))
        return replace(self._follow(target), tries=self._settings.retries + 1)

    def pause(self, attempt: int, why: str, asked: float = 0) -> None:
        """Wait before asking again, longer each time and at least the seconds ``asked`` for."""
        wait = self._settings.first_wait * 2**attempt * _chance.uniform(1, 1.5)
        seconds = min(max(wait, asked), self._settings.longest_wait)
        _log.info("%s. Asking again in %.0f seconds.", why.rstrip("."), seconds)
        self._sleep(seconds)

    def _follow(self, url: str) -> Answer:
        target = url
        for _ in range(_MOST_HOPS + 1):
            answer = self._fetch(target)
            location = answer.headers.get("location", "")
            if answer.status not in _MOVED or not location:
                return replace(answer, url=url)
            target = _next_hop(url, target, location)
        raise BadRedirect(url=url, target=target, reason=f"more than {_MOST_HOPS} redirects")

    def _fetch(self, url: str) -> Answer:
        self._deadline.start(self._settings.total_timeout)
        body = Body(url, self._settings.max_page_bytes)
        try:
            with self._client.stream("GET", url) as response:
                for chunk in response.iter_raw():
                    body.add(chunk)
                return Answer(
                    url=url,
                    status=response.status_code,
                    headers=response.headers,
                    body=body.finish(),
                )
        except httpx2.TransportError as error:
            raise self._failure(url, body.received, error) from error

    def _failure(self, url: str, received: int, error: httpx2.TransportError) -> HarvestError:
        reason = str(error) or type(error).__name__
        if self._deadline.passed:
            seconds = self._settings.total_timeout
            return TooSlow(url=url, seconds=f"{seconds:g}", received=received)
        if received:
            return BodyCut(url=url, received=received, reason=reason)
        return Unreachable(url=url, reason=reason)


def _client(settings: HttpSettings, deadline: Deadline) -> httpx2.Client:
    # As bytes: a hub's own name may have Vietnamese letters in it.
    headers = {
        b"User-Agent": settings.user_agent.encode(),
        b"Accept": b"text/xml, application/xml, */*;q=0.5",
        b"Accept-Encoding": b"gzip, identity",
    }
    if settings.from_email:
        headers[b"From"] = settings.from_email.encode()
    timeout = httpx2.Timeout(settings.read_timeout, connect=settings.connect_timeout)
    return httpx2.Client(
        headers=headers,
        transport=_GuardedTransport(GuardedBackend(Guard(settings.allow_networks), deadline)),
        timeout=timeout,
        trust_env=False,
        follow_redirects=False,
    )


class _GuardedTransport(httpx2.HTTPTransport):
    """httpx2's own transport over our connections; it has no public way to say so."""

    def __init__(self, backend: GuardedBackend) -> None:
        context = httpx2.create_ssl_context(trust_env=False)
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore2.ConnectionPool(
            ssl_context=context, max_connections=1, network_backend=backend
        )


def with_arguments(url: str, arguments: Mapping[str, str]) -> str:
    """Return a base URL with arguments added to those it has already; raise BadUrl."""
    parts = urlsplit(checked(url))
    query = [*parse_qsl(parts.query, keep_blank_values=True), *arguments.items()]
    # Everything outside the unreserved characters, once: tokens hold any of them.
    return urlunsplit(parts._replace(query=urlencode(query, safe="", quote_via=quote), fragment=""))


def checked(url: str) -> str:
    """Return an http(s) URL that names a host and carries no password; raise BadUrl."""
    try:
        parts = urlsplit(url)
        httpx2.URL(url)
        reason = _fault(parts)
    except (ValueError, httpx2.InvalidURL) as error:
        raise BadUrl(url=url, reason=str(error)) from error
    if reason:
        raise BadUrl(url=url, reason=reason)
    return url


def _fault(parts: SplitResult) -> str:
    if parts.scheme not in {"http", "https"}:
        return "it does not begin with http:// or https://"
    if not parts.hostname or parts.port == 0:
        return "it names no host"
    return "it has a user name in it" if parts.username is not None else ""


def _next_hop(url: str, here: str, location: str) -> str:
    try:
        return checked(urljoin(here, location))
    except BadUrl as error:
        raise BadRedirect(url=url, target=location, reason=error.details["reason"]) from error
    except ValueError as error:
        raise BadRedirect(url=url, target=location, reason=str(error)) from error


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

"""Asks one repository, a request at a time, and has each answer judged as it stands."""

from __future__ import annotations

import time
from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from crosswalks.errors import Said
from harvester.errors import HarvestError
from harvester.http import Fetcher, retry_after, says_when
from harvester.model import Answer
from harvester.validate.codes import SEVERITIES
from harvester.validate.envelope import bare, echo, structure
from harvester.validate.model import (
    Exchange,
    Finding,
    Found,
    Options,
    Pairs,
    Repository,
    Stage,
)
from harvester.validate.wire import read
from protocols.oai import Verb

_BUSY = {HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS}
_MOST_KEYS = 5
"""Lines of the report for one code and verb; more cases are only counted."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Line:
    """One repository being asked, and all that was found wrong with it."""

    def __init__(self, url: str, fetcher: Fetcher, options: Options) -> None:
        self.url = url
        self.options = options
        self.repository = Repository()
        self.requests = 0
        self.reached = ""
        """Where redirects led the last time."""
        self._fetcher = fetcher
        self._found: dict[tuple[str, str, str], Finding] = {}

    def stage(self, name: str) -> None:
        """Tell that a stage begins."""
        self.options.hear(Stage(name, self.requests))

    def ask(self, verb: Verb, **arguments: str) -> Exchange:
        """Return what comes of a request; ``from_`` stands for the argument ``from``."""
        pairs = tuple((name.rstrip("_"), value) for name, value in arguments.items())
        return self.send((("verb", verb.value), *pairs))

    def send(
        self, pairs: Pairs, *, post: bool = False, headers: dict[str, str] | None = None
    ) -> Exchange:
        """Return what comes of a request with these arguments, judged as it stands."""
        url = asked(self.url, pairs)
        blank = Exchange(url=url, pairs=pairs)
        form = urlencode(pairs).encode() if post else None
        begun = time.monotonic()
        answer = self._answer(blank, form, headers or {})
        if answer is None:
            return blank
        seconds = time.monotonic() - begun
        root, found = read(answer)
        self.reached = answer.reached or url
        exchange = Exchange(url=url, pairs=pairs, answer=answer, root=root, seconds=seconds)
        self.add_all(found, exchange)
        if root is not None:
            self.add_all(structure(root), exchange)
            self.add_all(echo(exchange, self._addresses()), exchange)
        return exchange

    def add(self, found: Found, exchange: Exchange) -> None:
        """Take in what was found, with the request that shows it."""
        self.add_at(found, exchange.url, exchange.verb)

    def add_all(self, found: Iterable[Found], exchange: Exchange) -> None:
        """Take in all that was found in one answer."""
        for each in found:
            self.add(each, exchange)

    def add_at(self, found: Found, url: str, verb: str) -> None:
        """Take in what was found, with the address of the request that shows it."""
        name = (found.code, verb, found.key)
        known = self._found.get(name)
        if known is None and sum(key[:2] == name[:2] for key in self._found) >= _MOST_KEYS:
            name = next(key for key in reversed(self._found) if key[:2] == name[:2])
            known = self._found[name]
        if known is not None:
            self._found[name] = _again(known)
            return
        self._found[name] = Finding(
            code=found.code,
            severity=SEVERITIES[found.code],
            verb=verb,
            request=url,
            details=found.details,
        )

    def findings(self) -> list[Finding]:
        """Return what was found, as it was."""
        return list(self._found.values())

    def has(self, code: str) -> bool:
        """Tell whether a code was found anywhere."""
        return any(key[0] == code for key in self._found)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)

    def _addresses(self) -> tuple[str, ...]:
        return (self.url, bare(self.reached), self.repository.base_url)

    def _answer(
        self, blank: Exchange, form: bytes | None, headers: dict[str, str]
    ) -> Answer | None:
        """Return the answer, waited for while the server is busy; None where nothing comes."""
        if form is not None:
            headers = {**headers, **_FORM}
        target = self.url if form is not None else blank.url
        for attempt in range(self.options.retries + 1):
            last = attempt == self.options.retries
            self.requests += 1
            try:
                answer = self._fetcher.once(target, headers, form)
            except HarvestError as error:
                if not error.transient or last:
                    found = Found("no-answer", {"reason": _said(error)}, type(error).__name__)
                    self.add(found, blank)
                    return None
                self.add(Found("broke-off", {"reason": _said(error)}), blank)
                self._fetcher.pause(attempt, error)
                continue
            if answer.status not in _BUSY or last:
                return answer
            seconds = retry_after(answer)
            if not says_when(answer):
                self.add(Found("no-retry-after", {"status": answer.status}), blank)
            told = {"url": blank.url, "status": answer.status}
            self._fetcher.pause(attempt, Said("{url} is busy (HTTP {status})", told), seconds)
        return None


def _again(known: Finding) -> Finding:
    return Finding(
        code=known.code,
        severity=known.severity,
        verb=known.verb,
        request=known.request,
        details=known.details,
        count=known.count + 1,
    )


def _said(error: HarvestError) -> Said:
    return Said(type(error).template(), error.details)


def asked(url: str, pairs: Pairs) -> str:
    """Return the query URL of a request: its arguments behind those the base URL has already."""
    parts = urlsplit(url)
    # "%20" and not "+": not every server reads the latter as a space.
    query = urlencode(pairs, safe="", quote_via=quote)
    whole = "&".join(filter(None, (parts.query, query)))
    return urlunsplit(parts._replace(query=whole, fragment=""))

"""sickle with the parts replaced that lose data.

sickle parses with ``recover=True`` (a page cut in the middle ends the list as if it were
complete), looks for tokens and errors anywhere in the records, and has neither a session nor
limits. Here pages come through our own client and our own reading: strict first, asked for again
where that fails, and mended only where the answer is whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from http import HTTPStatus

from sickle import Sickle
from sickle.iterator import OAIResponseIterator
from sickle.models import ResumptionToken

from harvester.errors import (
    BodyCut,
    HarvestError,
    HttpStatus,
    NotOai,
    PageBroken,
    PageLost,
    ProtocolRefused,
)
from harvester.http import Fetcher
from harvester.model import Answer
from harvester.oai.mending import mend
from harvester.oai.xml import Envelope, read_envelope
from protocols.oai import Verb

_PATIENCE = 2
"""How often a server is asked again that does not know itself what went wrong."""
_IDENTIFIER = re.compile(rb"<(?:[\w.-]+:)?identifier(?:\s[^<>]*)?>([^<>]*)<")
_STEADY = 3
"""After so many pages that came again as broken as before, none is asked for twice any more."""


class _StrictPages(OAIResponseIterator):  # type: ignore[misc] # sickle has no types
    """Yields the Envelopes of a list, each fetched only when it is asked for."""

    resumption_token: ResumptionToken | None

    def _next_response(self) -> None:
        arguments = self.params
        if self.resumption_token:
            arguments = {"verb": self.verb, "resumptionToken": self.resumption_token.token}
        self.oai_response = self.sickle.harvest(**arguments)
        self.resumption_token = self._get_resumption_token()

    def _get_resumption_token(self) -> ResumptionToken | None:
        token = self.oai_response.token
        return ResumptionToken(token=token) if token else None


class StrictClient(Sickle):  # type: ignore[misc] # sickle has no types
    """Asks one repository."""

    def __init__(self, url: str, fetcher: Fetcher) -> None:
        super().__init__(url, iterator=_StrictPages)
        self._fetcher = fetcher
        self._page = 0
        self._steady = 0
        self.patient = True
        """False where a request is only one of many tries, and nothing is asked for twice."""

    @property
    def _patience(self) -> int:
        return min(_PATIENCE, self._fetcher.retries) if self.patient else 0

    def harvest(self, **arguments: str) -> Envelope:
        """Return the answer to one request; raise HarvestError."""
        self._page += 1
        return self.ask(arguments, self._page)

    def pages(self, verb: Verb, arguments: dict[str, str]) -> Iterator[Envelope]:
        """Yield the pages of a list; nothing is asked for before the first is."""
        self._page = 0
        yield from getattr(self, verb)(**arguments)

    def ask(self, arguments: Mapping[str, str], page: int = 1) -> Envelope:
        """Return the answer to a request, which is a list's page of that number.

        Servers that fail for a moment, or refuse by a code that means nothing, are asked again.
        Raises HarvestError.
        """
        for attempt in range(self._patience):
            try:
                return self._ask(arguments, page)
            except (HttpStatus, ProtocolRefused) as error:
                if not _may_pass(error):
                    raise
                self._fetcher.pause(attempt, error)
        return self._ask(arguments, page)

    def _ask(self, arguments: Mapping[str, str], page: int) -> Envelope:
        answer = self._request(arguments, page)
        verb = arguments["verb"]
        try:
            return read_envelope(answer, page, verb)
        except (PageBroken, NotOai) as fault:
            return self._look_again(arguments, page, answer, fault)

    def _look_again(
        self, arguments: Mapping[str, str], page: int, first: Answer, fault: NotOai | PageBroken
    ) -> Envelope:
        """Return a page that was broken, as it comes when it is asked for again, or mended.

        A server that moves on with each request gives the page after it, and will not again: that
        page is lost, and no other is asked for twice.
        """
        verb = arguments["verb"]
        try:
            mended = mend(first, page, verb, fault)
        except (PageBroken, NotOai):
            return self._whole(arguments, page, first, fault)
        if self._steady >= _STEADY or not self.patient:
            return mended
        try:
            again = read_envelope(self._request(arguments, page), page, verb)
        except HarvestError:
            self._steady += 1
            return mended
        if _begins_like(first, again):
            return again
        self._steady = _STEADY
        raise PageLost(page=page + 1, url=first.url)

    def _whole(
        self, arguments: Mapping[str, str], page: int, first: Answer, fault: NotOai | PageBroken
    ) -> Envelope:
        """Return a page that did not come whole; raise ``fault`` if it never does."""
        for attempt in range(self._patience):
            self._fetcher.pause(attempt, fault)
            answer = self._request(arguments, page)
            try:
                again = read_envelope(answer, page, arguments["verb"])
            except (PageBroken, NotOai) as second:
                try:
                    again = mend(answer, page, arguments["verb"], second)
                except (PageBroken, NotOai):
                    continue
            if _IDENTIFIER.search(first.body) is None:
                # Nothing tells whether it is the same page.
                return replace(again, lost=again.lost + 1)
            if _begins_like(first, again):
                return again
            break
        raise fault

    def _request(self, arguments: Mapping[str, str], page: int) -> Answer:
        try:
            return self._fetcher.get(self.endpoint, arguments, None if self.patient else 0)
        except BodyCut as cut:
            raise PageBroken(
                page=page, url=cut.url, offset=cut.received, reason=cut.reason
            ) from cut


def _may_pass(error: HttpStatus | ProtocolRefused) -> bool:
    """Tell whether an error is one that a server gives when it does not know what is wrong."""
    if isinstance(error, HttpStatus):
        return error.details["status"] == HTTPStatus.INTERNAL_SERVER_ERROR
    return type(error) is ProtocolRefused


def _begins_like(first: Answer, again: Envelope) -> bool:
    """Tell whether a page begins with the record with which it began before, as far as is known."""
    before, after = (_IDENTIFIER.search(body) for body in (first.body, again.raw))
    return before is None or (after is not None and before[1] == after[1])

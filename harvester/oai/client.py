"""sickle with the parts replaced that lose data.

sickle parses with ``recover=True`` (a page cut in the middle ends the list as if it were
complete), looks for tokens and errors anywhere in the records, and has neither a session nor
limits. Here pages come through our own client and our own strict reading.
"""

from __future__ import annotations

from collections.abc import Iterator

from sickle import Sickle
from sickle.iterator import OAIResponseIterator
from sickle.models import ResumptionToken

from harvester.errors import BodyCut, PageBroken
from harvester.http import Answer, Fetcher
from harvester.oai.xml import Envelope, read_envelope
from protocols.oai import Verb


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
    """Asks one repository; ``page`` is how many pages of the list have been read before."""

    def __init__(self, url: str, fetcher: Fetcher, *, page: int = 0) -> None:
        super().__init__(url, iterator=_StrictPages)
        self._fetcher = fetcher
        self._page = page

    def harvest(self, **arguments: str) -> Envelope:
        """Return the answer to one request; raise HarvestError."""
        self._page += 1
        return read_envelope(self._request(arguments), self._page, arguments["verb"])

    def pages(self, verb: Verb, arguments: dict[str, str]) -> Iterator[Envelope]:
        """Yield the pages of a list; nothing is asked for before the first is."""
        yield from getattr(self, verb)(**arguments)

    def _request(self, arguments: dict[str, str]) -> Answer:
        try:
            return self._fetcher.get(self.endpoint, arguments)
        except BodyCut as cut:
            raise PageBroken(
                page=self._page, url=cut.url, offset=cut.received, reason=cut.reason
            ) from cut

"""Reads an OAI-PMH repository from a checkpoint to the end of its lists."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from crosswalks.model import Checkpoint, Page, Problem, Severity
from harvester.errors import BadResumptionToken
from harvester.http import Fetcher
from harvester.model import HttpSettings, MetadataFormat, RemoteSet, RepositoryInfo, SourceSpec
from harvester.oai import repository
from harvester.oai.client import StrictClient
from harvester.oai.ending import Ending
from harvester.oai.position import Position, begin
from harvester.oai.records import read_records
from harvester.oai.xml import Envelope
from protocols.oai import Granularity, Verb


@dataclass(frozen=True, slots=True)
class OaiReader:
    """The Reader for OAI-PMH; every call opens a session of its own and ends it."""

    http: HttpSettings
    sleep: Callable[[float], None] = time.sleep

    def pages(self, spec: SourceSpec, checkpoint: Checkpoint) -> Iterator[Page]:
        """Yield the pages of ListRecords after ``checkpoint``, each with the checkpoint after it.

        ``last`` is true only on the last page of the last set. Raises HarvestError; the
        checkpoint of the last page that came is then the place to go on from.
        """
        with Fetcher(self.http, self.sleep) as fetcher:
            client = StrictClient(spec.url, fetcher)
            granularity = repository.identify(client).granularity
            position = begin(spec, checkpoint, granularity)
            if not position.prefix:
                position = replace(position, prefix=repository.best_prefix(client))
            yield from _Harvest(spec, fetcher, granularity, position).pages()

    def identify(self, spec: SourceSpec) -> RepositoryInfo:
        """Return what the repository says of itself."""
        with Fetcher(self.http, self.sleep) as fetcher:
            return repository.identify(StrictClient(spec.url, fetcher))

    def formats(self, spec: SourceSpec) -> tuple[MetadataFormat, ...]:
        """Return the formats the repository offers."""
        with Fetcher(self.http, self.sleep) as fetcher:
            return repository.formats(StrictClient(spec.url, fetcher))

    def sets(self, spec: SourceSpec) -> tuple[RemoteSet, ...]:
        """Return the sets the repository has."""
        with Fetcher(self.http, self.sleep) as fetcher:
            return repository.sets(StrictClient(spec.url, fetcher))


class _Harvest:
    """One harvest: its lists one after the other, and where it stands."""

    def __init__(
        self, spec: SourceSpec, fetcher: Fetcher, granularity: Granularity, position: Position
    ) -> None:
        self._spec = spec
        self._fetcher = fetcher
        self._granularity = granularity
        self._position = position
        self._sets = spec.sets or ("",)
        self._notes: tuple[Problem, ...] = ()

    def pages(self) -> Iterator[Page]:
        while self._position.set < len(self._sets):
            yield from self._one_set()

    def _one_set(self) -> Iterator[Page]:
        stored = self._position.token
        try:
            yield from self._list()
        except BadResumptionToken as refusal:
            # Tokens die between two harvests. One that dies within a minute will die again.
            if not stored or self._position.token != stored:
                raise
            self._position = self._position.restarted()
            self._notes = (_token_died(refusal),)
            yield from self._list()

    def _list(self) -> Iterator[Page]:
        position = self._position
        client = StrictClient(self._spec.url, self._fetcher, page=position.page)
        arguments = position.arguments(self._sets[position.set])
        envelopes = client.pages(Verb.LIST_RECORDS, arguments)
        # map lets go of each page's tree, many times its bytes, before the page is handed out.
        for page in map(partial(self._page, Ending()), envelopes):
            yield page
            if self._position.set != position.set:
                return

    def _page(self, ending: Ending, envelope: Envelope) -> Page:
        records, strays = read_records(envelope.content)
        notes, self._notes = self._notes, ()
        asked = self._position
        position = asked.after(envelope, len(records), self._granularity)
        ended = ending.reached(asked, envelope, records)
        self._position = position.next_set() if ended else position
        last = self._position.set == len(self._sets)
        return Page(
            number=position.page,
            url=envelope.url,
            records=records,
            next_checkpoint=position.final() if last else self._position.checkpoint(),
            raw=envelope.raw,
            last=last,
            total=position.total,
            problems=(*notes, *strays, *(_shortfall(position) if ended else ())),
        )


def _token_died(refusal: BadResumptionToken) -> Problem:
    return Problem(
        code="token-died",
        severity=Severity.WARNING,
        detail=f"the list was begun anew: {refusal}",
    )


def _shortfall(position: Position) -> tuple[Problem, ...]:
    if position.total is None or position.records >= position.total:
        return ()
    detail = f"{position.records} records came, {position.total} were announced"
    return (Problem(code="list-too-short", severity=Severity.WARNING, detail=detail),)

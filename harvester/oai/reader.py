"""Reads an OAI-PMH repository from a checkpoint to the end of its lists."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from crosswalks.model import Checkpoint, Page, Problem, RawRecord, Severity
from harvester.http import Fetcher
from harvester.model import (
    Answer,
    Header,
    HttpSettings,
    Listed,
    MetadataFormat,
    RemoteSet,
    RepositoryInfo,
    SourceSpec,
)
from harvester.oai import container, repository
from harvester.oai.asking import Asking
from harvester.oai.client import StrictClient
from harvester.oai.mending import read_answer
from harvester.oai.position import begin
from harvester.oai.records import read_records
from harvester.oai.walk import Walk
from protocols.oai import Verb

_ONE_RECORD = re.compile(rb"<(?:[\w.-]+:)?GetRecord[\s>]")


@dataclass(frozen=True, slots=True)
class OaiReader:
    """The Reader for OAI-PMH; every call opens a session of its own and ends it."""

    http: HttpSettings
    sleep: Callable[[float], None] = time.sleep

    def pages(self, spec: SourceSpec, checkpoint: Checkpoint) -> Iterator[Page]:
        """Yield the pages of records after ``checkpoint``, each with the checkpoint after it.

        ``last`` is true only on the last page of the last set, and every list before was complete.
        Raises HarvestError; the checkpoint of the last page that came is then the place to go on
        from.
        """
        yield from self._walk(spec, checkpoint, Verb.LIST_RECORDS)

    def identifiers(self, spec: SourceSpec) -> Iterator[Listed]:
        """Yield the headers of all that the source has, by ListIdentifiers, some more than once.

        The list was complete only if the iterator comes to its end; otherwise it raises
        HarvestError.
        """
        for page in self._walk(spec, {}, Verb.LIST_IDENTIFIERS):
            headers = tuple(
                Header(one.identifier, one.datestamp, one.sets, one.deleted) for one in page.records
            )
            yield Listed(headers, (*page.problems, *_nameless(headers)))

    def record(self, spec: SourceSpec, identifier: str) -> RawRecord:
        """Return one record as the source has it now (GetRecord); raise HarvestError.

        One that the server knows and cannot give comes with an error-level problem.
        """
        return self.one(spec, identifier).records[0]

    def one(self, spec: SourceSpec, identifier: str) -> Page:
        """Return a page that holds one record as ``record`` returns it, with the answer kept."""
        with Fetcher(self.http, self.sleep) as fetcher:
            client = StrictClient(spec.url, fetcher)
            prefix = spec.prefix or repository.best_prefix(client).prefix
            arguments = {
                "verb": Verb.GET_RECORD,
                "identifier": identifier,
                "metadataPrefix": prefix,
            }
            answer = client.ask(arguments)
        given = container.Given(Header(identifier), answer.raw)
        return replace(self.again(container.pack((given,)), 1, answer.url), last=True)

    def again(self, raw: bytes, number: int, url: str) -> Page:
        """Return the records of a page that was kept, as they were read when it came.

        Its checkpoint is empty and it is never the last. Raises HarvestError where the bytes are no
        page of records.
        """
        if container.is_packed(raw):
            given = container.unpack(raw, number, url)
            records = tuple(container.record_of(one, at, url) for at, one in enumerate(given))
            problems: tuple[Problem, ...] = ()
        else:
            answer = Answer(url=url, status=200, headers={}, body=raw)
            records, problems = read_records(read_answer(answer, number, _verb(raw)))
        return Page(
            number=number,
            url=url,
            records=records,
            next_checkpoint={},
            raw=raw,
            last=False,
            problems=problems,
        )

    def identify(self, spec: SourceSpec) -> RepositoryInfo:
        """Return what the repository says of itself in Identify."""
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

    def _walk(self, spec: SourceSpec, checkpoint: Checkpoint, verb: Verb) -> Iterator[Page]:
        with Fetcher(self.http, self.sleep) as fetcher:
            client = StrictClient(spec.url, fetcher)
            info = repository.identify(client)
            position, notes = begin(spec, checkpoint, info)
            if not position.prefix:
                choice = repository.best_prefix(client)
                position = replace(position, prefix=choice.prefix)
                notes = (*notes, *_chosen(choice))
            for page in Walk(Asking(client, spec, info), spec, verb).pages(position, notes):
                told = fetcher.notices()
                yield replace(page, problems=(*page.problems, *told)) if told else page


def _nameless(headers: tuple[Header, ...]) -> tuple[Problem, ...]:
    """Return what is to be told of headers that do not say whose they are."""
    count = sum(not header.identifier.strip() for header in headers)
    detail = f"{count} records have no identifier"
    problem = Problem(code="nameless-headers", severity=Severity.ERROR, detail=detail)
    return (problem,) if count else ()


def _chosen(choice: repository.Choice) -> tuple[Problem, ...]:
    """Return what is to be told of a choice, if there was one."""
    if not choice.others:
        return ()
    detail = f"{choice.prefix} ({choice.namespace}), richer than {', '.join(choice.others)}"
    return (Problem(code="prefix-chosen", severity=Severity.INFO, detail=detail),)


def _verb(raw: bytes) -> Verb:
    return Verb.GET_RECORD if _ONE_RECORD.search(raw) else Verb.LIST_RECORDS

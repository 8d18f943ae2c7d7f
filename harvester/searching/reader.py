"""Reads a source that is searched, from a checkpoint to the end of its list."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from crosswalks.model import Checkpoint, Page, Problem, RawRecord
from harvester.errors import BadDate
from harvester.files import keeping
from harvester.files.keeping import Placed
from harvester.model import Header, HttpSettings, Listed, RepositoryInfo, SourceSpec
from harvester.searching import cut, queries
from harvester.searching.asking import Asking
from harvester.searching.errors import BadQuery, NotSearched, NumberUnknown
from harvester.searching.fetching import Fetcher, Patience, Steady
from harvester.searching.model import Described, Target, Way
from harvester.searching.position import Position
from harvester.searching.probing import Probe
from harvester.searching.recipe import Recipe
from harvester.searching.walk import Walk, begun, note
from protocols.errors import QueryError
from protocols.oai import Granularity
from protocols.rpn.tree import Query

_TRIES_OF_A_PROBE = 1
"""A question that a server falls over is not asked again and again."""
_SCANNED = 500

Opening = Callable[[SourceSpec, HttpSettings], Target]


class SearchReader:
    """A Reader of sources that are searched; what a protocol adds is given by who makes it.

    ``opening`` makes the target of a source, ``language`` reads a query (raises QueryError).
    """

    def __init__(
        self,
        http: HttpSettings,
        sleep: Callable[[float], None] = time.sleep,
        *,
        opening: Opening,
        language: Callable[[str], Query],
    ) -> None:
        self._http = http
        self._sleep = sleep
        self._opening = opening
        self._language = language

    def pages(self, spec: SourceSpec, checkpoint: Checkpoint) -> Generator[Page, None, None]:
        """Yield the pages after a checkpoint; raise HarvestError."""
        check(spec, self._language)
        _check_dates(spec)
        position = Position.of(checkpoint)
        with self._session(spec) as (target, described):
            recipe = position.recipe or self._probed(target, described, spec)
            notes = () if position.recipe else (_told(recipe),)
            asking = self._asking(target, recipe, spec)
            position = replace(position, recipe=recipe)
            under_way = begun(position, asking, spec.start, spec.overlap_hours)
            fetcher = Fetcher(target, self._patience())
            yield from Walk(asking, fetcher, position, under_way).pages(*notes)

    def identifiers(self, spec: SourceSpec) -> Iterator[Listed]:
        """Yield the names of everything there is; raise HarvestError where that is not certain.

        From the list of control numbers where these are the names, else from the records.
        """
        check(spec, self._language)
        with self._session(spec) as (target, described):
            recipe = self._probed(target, described, spec)
            if recipe.exact and recipe.ways[0] is Way.SCAN and not spec.search.query:
                yield from _scanned(target, recipe)
                return
        for page in self.pages(replace(spec, start=""), {}):
            names = (Header(each.identifier) for each in page.records)
            yield Listed(tuple(names), page.problems)

    def record(self, spec: SourceSpec, identifier: str) -> RawRecord:
        """Return one record as the source has it now; raise HarvestError."""
        return self.one(spec, identifier).records[0]

    def one(self, spec: SourceSpec, identifier: str) -> Page:
        """Return a page that holds one record; raise NumberUnknown."""
        check(spec, self._language)
        with self._session(spec) as (target, described):
            recipe = self._probed(target, described, spec)
            indexes = [recipe.number] if recipe.number else [*target.indexes.numbers]
            for index in indexes:
                hits = target.search(Query(queries.term(index, identifier)))
                for brought in target.fetch(1, min(hits, 20)) if hits else ():
                    one = cut.cut(brought, identifier)
                    if one.identifier == identifier:
                        raw = keeping.pack((Placed(one, target.url),))
                        return replace(self.again(raw, 1, target.url), last=True)
            raise NumberUnknown(url=target.url, identifier=identifier)

    def again(self, raw: bytes, number: int, url: str) -> Page:
        """Return a page that was kept, as ``keeping.again`` reads it; raise HarvestError."""
        return keeping.again(raw, number, url)

    def identify(self, spec: SourceSpec) -> RepositoryInfo:
        """Return what the server says of itself: of deletions, nothing; raise HarvestError."""
        with self._session(spec) as (target, described):
            return RepositoryInfo(
                name=described.name,
                base_url=target.url,
                granularity=Granularity.DAY,
                deleted_record="no",
                earliest="",
                now=datetime.now(UTC).isoformat(timespec="seconds"),
            )

    def describe(self, spec: SourceSpec) -> Described:
        """Return what the server says of itself when a session begins; raise HarvestError."""
        with self._session(spec) as (_, described):
            return described

    def probe(self, spec: SourceSpec) -> tuple[Described, Recipe]:
        """Return what the server says of itself, and how it can be harvested."""
        check(spec, self._language)
        with self._session(spec) as (target, described):
            return described, self._probed(target, described, spec)

    @contextmanager
    def _session(self, spec: SourceSpec) -> Iterator[tuple[Target, Described]]:
        target = Steady(self._opening(spec, self._http), self._patience())
        try:
            yield target, target.open()
        finally:
            target.close()

    def _patience(self) -> Patience:
        often = self._http.requests_per_minute
        return Patience(
            retries=self._http.retries,
            first_wait=self._http.first_wait,
            sleep=self._sleep,
            hear=self._http.hear,
            pause=60 / often if often else 0,
        )

    def _probed(self, target: Target, described: Described, spec: SourceSpec) -> Recipe:
        patience = replace(self._patience(), retries=_TRIES_OF_A_PROBE, pause=0)
        steady = Steady(target, patience)
        recipe = Probe(steady, spec.search, self._query(spec)).recipe(described)
        target.use_format(recipe.format)
        return recipe

    def _asking(self, target: Target, recipe: Recipe, spec: SourceSpec) -> Asking:
        if recipe.format:
            target.use_format(recipe.format)
        return Asking(target, recipe, spec.search, self._query(spec))

    def _query(self, spec: SourceSpec) -> Query | None:
        return self._language(spec.search.query) if spec.search.query else None


def check(spec: SourceSpec, language: Callable[[str], Query]) -> None:
    """Raise NotSearched or BadQuery for what a source that is searched cannot be."""
    wrong = {"--set": spec.sets, "--until": spec.until}
    if told := ", ".join(name for name, value in wrong.items() if value):
        raise NotSearched(what=told)
    if spec.search.query:
        try:
            language(spec.search.query)
        except QueryError as error:
            raise BadQuery(reason=str(error)) from error


def _check_dates(spec: SourceSpec) -> None:
    try:
        datetime.fromisoformat(spec.start or "2000-01-01")
    except ValueError as error:
        raise BadDate(text=spec.start) from error


def _scanned(target: Target, recipe: Recipe) -> Iterator[Listed]:
    """Yield all terms of the index of numbers."""
    begin = "0"
    while True:
        terms = target.scan(queries.term(recipe.number, begin), _SCANNED + 1)
        found = [each.term for each in terms.entries]
        yield Listed(tuple(Header(each) for each in found[:_SCANNED]))
        if len(found) <= _SCANNED:
            return
        begin = found[_SCANNED]


def _told(recipe: Recipe) -> Problem:
    refused = "; ".join(f"{way}: {why}" for way, why in recipe.refused.items())
    return note("ways-found", ", ".join(recipe.ways) + (f" ({refused})" if refused else ""))

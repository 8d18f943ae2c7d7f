"""Finding out how the records of a server can be come by: each way is tried before it is taken.

A server that does not know a relation or truncation may answer as if it had not been asked for, so
every trial has a counterpart that must find nothing, or the parts of a whole must sum up to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import NamedTuple

from crosswalks import formats
from crosswalks.errors import Said
from harvester.errors import HarvestError
from harvester.searching import cut, queries
from harvester.searching.errors import NothingReadable, NoWay, SearchRefused, WayClosed
from harvester.searching.model import Brought, Described, Index, SearchSettings, Target, Way
from harvester.searching.queries import AT_LEAST
from harvester.searching.recipe import By, Numbered, Recipe
from protocols.rpn.tree import AttributeType, Node, Query, Term

_SAMPLES = 10
_TRIES = 60
_LOOKS = 3
_SCANNED = 50
TOO_MANY = frozenset({4, 5, 12, 31, 1005})
"""Diagnostics that say that there is more than the server wants to find."""
_NEVER = 2999
_NONSENSE = "qzxjvkqzxjvk"
"""What is in no record."""
_LONG_AGO = date(1900, 1, 1)
_KEY = re.compile(r"(.*?)(\d{1,12})")


class Sample(NamedTuple):
    """The first records there are: their number in all, and what they are called."""

    total: int
    identifiers: tuple[str, ...]


@dataclass(slots=True)
class Probe:
    """Tries out one server, whose session is open; ``query`` is what alone is wanted of it."""

    target: Target
    settings: SearchSettings
    query: Query | None = None

    def recipe(self, described: Described) -> Recipe:
        """Return how the server can be harvested; raise HarvestError where there is no way."""
        made = Recipe(name=described.name, probed=datetime.now(UTC).date().isoformat())
        everything = self._everything()
        made = replace(made, everything=everything)
        sampled = everything or self._some()
        sample = self._sample(sampled) if sampled else Sample(0, ())
        made = replace(made, format=self._format)
        refused: dict[str, str] = {}
        ways = []
        for way, tried in self._trials(described, sample):
            try:
                made = tried(made)
                ways.append(way)
            except HarvestError as wrong:
                refused[way.value] = str(wrong.details.get("reason") or wrong)
        made = replace(made, ways=self._ordered(ways), refused=refused)
        if not made.ways:
            told = "; ".join(f"{way}: {why}" for way, why in refused.items())
            raise NoWay(url=self.target.url, tried=told or "-")
        return made

    _format: str = ""

    def _trials(
        self, described: Described, sample: Sample
    ) -> Iterator[tuple[Way, Callable[[Recipe], Recipe]]]:
        yield Way.SCAN, lambda made: self._scan(made, described, sample)
        yield Way.DATES, self._dates
        yield Way.NUMBERS, lambda made: self._numbers(made, sample)
        if self.settings.numbers:
            yield Way.LIST, self._list
        yield Way.QUERY, self._whole

    def _ordered(self, ways: list[Way]) -> tuple[Way, ...]:
        """Return the ways that were found as they are to be tried: what was set, first or alone."""
        wanted = self.settings.way
        if wanted is not None:
            return (wanted,) if wanted in ways else ()
        if self.settings.numbers:
            # Who gives a list means it: what is not in it is not the source's.
            return (Way.LIST,) if Way.LIST in ways else ()
        if self.query is not None:
            ways = [way for way in ways if way in (Way.DATES, Way.QUERY)]
        return tuple(ways)

    def _hits(self, query: Query) -> int:
        return self.target.search(query)

    def _finds(self, node: Node) -> bool:
        """Tell whether something is found, be it too much for the server to say."""
        try:
            return self._hits(queries.both(self.query, node)) > 0
        except SearchRefused as wrong:
            if wrong.bib1 in TOO_MANY:
                return True
            raise

    def _everything(self) -> Query | None:
        """Return what finds all records, None where the server has no such query."""
        if self.query is not None:
            return self.query
        for each in self.target.indexes.everything:
            with suppress(SearchRefused):
                if self._hits(each) > 0 and not self._finds_nonsense(each):
                    return each
        return None

    def _finds_nonsense(self, query: Query) -> bool:
        """Tell whether a server finds something whatever the words are: then it says nothing."""
        for each in (query, *self.target.indexes.everything):
            if isinstance(each.root, Term):
                kept = [one for one in each.root.attributes if one.type == AttributeType.USE]
                named = [one for one in kept if isinstance(one.value, int)]
                with suppress(SearchRefused):
                    return self._hits(Query(Term(_NONSENSE, tuple(named)))) > 0
        return False

    def _some(self) -> Query | None:
        """Return what finds some records of a server that has no query for all."""
        for index in (*self.target.indexes.numbers, *self.target.indexes.changed):
            found = self._beginning(index)
            if found is not None:
                return found
        return None

    def _beginning(self, index: Index) -> Query | None:
        """Return what finds terms that begin alike, as few as the server lets us see."""
        waiting = ["0", "1", "2", "a"]
        for _ in range(_TRIES):
            if not waiting:
                break
            text = waiting.pop(0)
            query = Query(queries.beginning(index, text))
            try:
                if self._hits(query) > 0:
                    return query
            except SearchRefused as wrong:
                if wrong.bib1 not in TOO_MANY:
                    break
                waiting[:0] = [f"{text}{digit}" for digit in range(10)]
        return None

    def _sample(self, query: Query) -> Sample:
        """Return the first records, in the first format in which they come and can be read."""
        total = self._hits(query)
        tried = []
        for name in self.target.formats:
            self.target.use_format(name)
            try:
                got = self._first(query, min(_SAMPLES, total))
            except SearchRefused as wrong:
                tried.append(f"{name} ({wrong.bib1})")
                continue
            readable = [each for each in got if each.body and formats.sniffed(each.body)]
            if readable or not total:
                self._format = name
                return Sample(total, tuple(cut.cut(each, "").identifier for each in readable))
            tried.append(name)
            self._hits(query)
        raise NothingReadable(url=self.target.url, tried=", ".join(tried))

    def _first(self, query: Query, count: int) -> tuple[Brought, ...]:
        """Return the first records of a result; one that was lost is searched again."""
        for left in range(_LOOKS, -1, -1):
            try:
                return self.target.fetch(1, count) if count else ()
            except HarvestError as wrong:
                if not (left and wrong.transient):
                    raise
                self.target.open()
                self._hits(query)
        return ()

    def _scan(self, made: Recipe, described: Described, sample: Sample) -> Recipe:
        """Return the recipe with the index of numbers that can be listed."""
        if not described.scans:
            raise self._closed(Way.SCAN, Said("it does not list its indexes", {}))
        failures: list[HarvestError] = []
        for index in self.target.indexes.numbers:
            try:
                found = self._scanned(index)
                if found is not None:
                    by, exact = found
                    exact = exact and self._are_terms(index, sample.identifiers)
                    return replace(made, number=index, number_by=by, exact=exact)
            except HarvestError as wrong:
                failures.append(wrong)
                self._again(wrong)
        raise self._first_of(failures, Way.SCAN, Said("no index of numbers has any terms", {}))

    def _scanned(self, index: Index) -> tuple[By, bool] | None:
        """Return how parts of a list of numbers are asked for, None where the list is empty."""
        terms = self.target.scan(queries.term(index, "0"), _SCANNED)
        if not terms.entries:
            return None
        listed = [each.term for each in terms.entries]
        told = [each.records for each in terms.entries]
        wanted = sum(each or 1 for each in told[:-1])
        whole = queries.between(index, listed[0], listed[-1])
        none = queries.between(index, listed[0], listed[0])
        if len(listed) > 1 and self._is(whole, wanted) and self._is(none, 0):
            return By.RANGE, True
        first = queries.any_of(index, listed[:_SAMPLES])
        if self._is(first, sum(each or 1 for each in told[:_SAMPLES])):
            return By.TERMS, True
        raise self._closed(Way.SCAN, Said("what it lists is not what it finds", {}))

    def _are_terms(self, index: Index, identifiers: tuple[str, ...]) -> bool:
        """Tell whether records are listed under the very identifiers that they have."""
        for each in identifiers:
            terms = self.target.scan(queries.term(index, each), 1)
            if not terms.entries or terms.entries[0].term != each:
                return False
        return bool(identifiers)

    def _is(self, node: Node, wanted: int) -> bool:
        try:
            return self._hits(Query(node)) == wanted
        except SearchRefused:
            return False

    def _dates(self, made: Recipe) -> Recipe:
        """Return the recipe with an index of dates, and how parts of it are asked for."""
        indexes = self.target.indexes
        pairs = [(each, True) for each in indexes.changed]
        pairs += [(each, False) for each in indexes.entered]
        failures: list[HarvestError] = []
        for index, changes in pairs:
            try:
                found = self._dated(index)
                if found is not None:
                    by, form = found
                    return replace(made, date=index, date_by=by, date_form=form, changes=changes)
            except HarvestError as wrong:
                failures.append(wrong)
                self._again(wrong)
        raise self._first_of(failures, Way.DATES, Said("no index of dates finds anything", {}))

    def _dated(self, index: Index) -> tuple[By, str] | None:
        failure: SearchRefused | None = None
        for form in self.target.indexes.date_forms:
            for by, early, late in _date_trials(index, form):
                try:
                    if any(map(self._finds, early)) and not self._finds(late):
                        return by, form
                except SearchRefused as wrong:
                    failure = wrong
        if failure is not None:
            raise failure
        return None

    def _numbers(self, made: Recipe, sample: Sample) -> Recipe:
        """Return the recipe with ranges of numbers whose parts sum up to the whole."""
        if not sample.identifiers:
            raise self._closed(Way.NUMBERS, Said("no record says its number", {}))
        failures: list[HarvestError] = []
        for index in self.target.indexes.numbers:
            try:
                found = self._ranged(index, sample)
                if found is not None:
                    return replace(made, numbered=found, number=made.number or index)
            except HarvestError as wrong:
                failures.append(wrong)
                self._again(wrong)
        raise self._first_of(failures, Way.NUMBERS, Said("its numbers are not all alike", {}))

    def _ranged(self, index: Index, sample: Sample) -> Numbered | None:
        found = numbered(sample.identifiers)
        if found is None:
            return None
        for most in range(found.digits or len(sample.identifiers[0]), 13):
            wide = replace(found, most=most)
            if self._sums_up(index, wide, sample.total):
                return wide
            if found.digits:
                break
        raise self._closed(
            Way.NUMBERS, Said("the parts of a range of numbers do not sum up to it", {})
        )

    def _sums_up(self, index: Index, wide: Numbered, total: int) -> bool:
        bounds = [number_text(wide, 10**wide.most * part // 4) for part in range(5)]
        whole = self._hits(Query(queries.between(index, bounds[0], bounds[-1])))
        parts = [self._hits(Query(queries.between(index, *pair))) for pair in pairwise(bounds)]
        none = self._hits(Query(queries.between(index, bounds[1], bounds[1])))
        # The parts may be more than a whole that was capped, never less.
        return 0 < whole <= sum(parts) and whole >= total and not none

    def _list(self, made: Recipe) -> Recipe:
        """Return the recipe with an index in which the given numbers are found."""
        some = self.settings.numbers[:_SAMPLES]
        for index in self.target.indexes.numbers:
            with suppress(SearchRefused):
                if self._hits(Query(queries.any_of(index, some))) > 0:
                    return self._listed(made, index)
        raise self._closed(Way.LIST, Said("none of the first numbers of the list is found", {}))

    def _listed(self, made: Recipe, index: Index) -> Recipe:
        if not made.format:
            query = Query(queries.any_of(index, self.settings.numbers[:_SAMPLES]))
            self._sample(query)
            made = replace(made, format=self._format)
        return replace(made, number=index)

    def _whole(self, made: Recipe) -> Recipe:
        if made.everything is None:
            raise self._closed(Way.QUERY, Said("no query finds everything", {}))
        return made

    def _first_of(self, failures: list[HarvestError], way: Way, otherwise: str) -> HarvestError:
        """Return why the likeliest index is none: those after it are seldom there at all."""
        return failures[0] if failures else self._closed(way, otherwise)

    def _closed(self, way: Way, reason: str) -> WayClosed:
        return WayClosed(url=self.target.url, way=way.value, reason=reason)

    def _again(self, wrong: HarvestError) -> None:
        """Begin the session anew where a trial ended it; raise HarvestError where that fails."""
        if not isinstance(wrong, SearchRefused | WayClosed):
            self.target.open()


def _date_trials(index: Index, form: str) -> Iterator[tuple[By, list[Node], Node]]:
    """Yield ways to ask for dates: what must find something, and what must find nothing."""
    plain = tuple(each for each in index if each.type != AttributeType.STRUCTURE)
    never = str(_NEVER)
    early = _LONG_AGO.strftime(form)
    yield (
        By.RANGE,
        [queries.term(index, early, relation=AT_LEAST)],
        queries.term(index, date(_NEVER, 1, 1).strftime(form), relation=AT_LEAST),
    )
    for by in (By.BEGINNING, By.STAR):
        star = by is By.STAR
        centuries: list[Node] = [queries.beginning(plain, each, star=star) for each in ("19", "20")]
        yield by, centuries, queries.beginning(plain, never, star=star)


def numbered(identifiers: tuple[str, ...]) -> Numbered | None:
    """Return how numbers look that are letters and a number each, None where they differ."""
    found = [_KEY.fullmatch(each) for each in identifiers]
    if not all(found):
        return None
    prefixes = {each[1] for each in found if each}
    digits = [each[2] for each in found if each]
    if len(prefixes) != 1:
        return None
    lengths = {len(each) for each in digits}
    is_filled = len(lengths) == 1 and any(each.startswith("0") for each in digits)
    return Numbered(prefix=prefixes.pop(), digits=lengths.pop() if is_filled else 0)


def number_text(look: Numbered, value: int) -> str:
    """Return a number as the server's index has it."""
    if look.digits and value >= 10**look.digits:
        # Above all that have so many digits.
        return f"{look.prefix}{'9' * look.digits}~"
    return f"{look.prefix}{value:0{look.digits or 1}}"

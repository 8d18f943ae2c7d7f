"""One harvest of a server that is searched: window by window, by one way after the other.

A way that turns out to be none is left for the next one, and the list goes on with that: what came
already comes once more and is known. The list ends well only if as much came as the server says
that it has, wherever it says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from crosswalks.model import Page, Problem, Severity
from harvester.errors import HarvestError
from harvester.files import identifying, keeping
from harvester.files.keeping import Batch, Placed
from harvester.files.seen import Seen
from harvester.searching import cut, queries, windows
from harvester.searching.asking import Asking, State, Window, Windows
from harvester.searching.errors import (
    HitsChanged,
    ResultCapped,
    SearchRefused,
    SearchShort,
    WayClosed,
)
from harvester.searching.fetching import Fetcher
from harvester.searching.model import Brought, Way
from harvester.searching.position import Position, UnderWay
from harvester.searching.windows import MOST_HITS

_LOOKS = 3
"""How often a window is begun anew because it changes."""
_CLOSED = (WayClosed, ResultCapped, SearchRefused)


def today() -> date:
    """Return the day it is (UTC)."""
    return datetime.now(UTC).date()


class Walk:
    """Reads one list of a server whose session is open."""

    def __init__(
        self, asking: Asking, fetcher: Fetcher, position: Position, under_way: UnderWay
    ) -> None:
        self._asking = asking
        self._fetcher = fetcher
        self._position = position
        self._now = under_way
        self._batch = Batch()
        self._seen = Seen(asking.target.url)

    def pages(self, *notes: Problem) -> Iterator[Page]:
        """Yield the pages to the end of the list, the first with ``notes``; raise HarvestError.

        There are notes where it was found out just now what the server can.
        """
        self._batch.problems += notes
        try:
            while True:
                try:
                    yield from self._list()
                    break
                except (*_CLOSED, SearchShort) as wrong:
                    self._next_way(wrong)
            yield self._page(last=True)
        except HarvestError as wrong:
            if isinstance(wrong, (*_CLOSED, SearchShort)):
                if self._batch.placed or self._now.page or not notes:
                    # The next harvest begins anew, and finds out anew what the server can.
                    self._position = replace(self._position, recipe=None)
                    yield self._page(ended=True)
            elif self._batch.placed:
                # What came is kept: the next harvest goes on behind it.
                yield self._page()
            raise
        finally:
            self._seen.close()

    def _next_way(self, wrong: HarvestError) -> None:
        tried = (*self._now.tried, self._now.way)
        left = [way for way in self._asking.recipe.ways if way not in tried]
        if not left or self._now.since:
            raise wrong
        self._batch.problems.append(
            note("way-left", f"{self._now.way} -> {left[0]}: {wrong}", Severity.WARNING)
        )
        self._now = replace(
            self._now, way=left[0], tried=tried, state={}, passed=0, hits=0, sum=0, rest=False
        )

    def _list(self) -> Iterator[Page]:
        """Yield the full pages of one way; raise SearchShort where less came than there is."""
        if not self._now.rest:
            found = self._windows()
            walking = iter(found)
            while True:
                before = found.state
                window = next(walking, None)
                self._tell_missing()
                if window is None:
                    break
                yield from self._window(window, before, found)
            self._now = replace(self._now, rest=True, state={}, passed=0, hits=0)
        yield from self._rest()

    def _tell_missing(self) -> None:
        for number in self._asking.missing:
            problem = note("number-not-found", number, Severity.WARNING)
            self._batch.problems.append(replace(problem, sample=number))
        self._asking.missing.clear()

    def _windows(self) -> Windows:
        now = self._now
        if not now.since:
            return windows.of(now.way, self._asking, now.state)
        if now.state:
            return windows.of(Way.DATES, self._asking, now.state)
        return windows.since(self._asking, date.fromisoformat(now.since), today())

    def _window(self, window: Window, before: State, found: Windows) -> Iterator[Page]:
        if found.apart:
            self._renew_seen()
        if window.wanted is not None and window.wanted != window.hits:
            detail = f"{window.name}: {window.wanted} are listed, {window.hits} are found"
            self._batch.problems.append(note("windows-differ", detail, Severity.WARNING))
        self._now = replace(self._now, state=before)
        yield from self._through(window, found)
        self._now = replace(
            self._now, state=found.state, passed=0, hits=0, sum=self._now.sum + window.hits
        )

    def _through(self, window: Window, found: Windows) -> Iterator[Page]:
        """Yield the full pages of a window; where it changes it is begun anew."""
        for look in range(_LOOKS):
            passed = self._passed(window)
            try:
                for got in self._fetcher.records(window, passed):
                    passed += len(got)
                    self._take(got, window)
                    self._now = replace(self._now, passed=passed, hits=window.hits)
                    if self._batch.is_full:
                        yield self._page()
            except HitsChanged as changed:
                if look == _LOOKS - 1:
                    raise
                if found.apart:
                    self._renew_seen()
                window = window._replace(hits=int(str(changed.details["now"])))
                self._now = replace(self._now, passed=0, hits=0)
            else:
                return

    def _passed(self, window: Window) -> int:
        """Return after how many records to go on: a small window is rather begun anew."""
        if self._now.hits != window.hits or window.hits <= MOST_HITS:
            return 0
        return self._now.passed

    def _take(self, got: tuple[Brought, ...], window: Window) -> None:
        for each in got:
            one = cut.cut(each, window.name)
            if each.refused:
                # Told of the page as well.
                told = [replace(problem, sample=one.identifier) for problem in one.problems]
                self._batch.problems += told
            else:
                one = identifying.told_apart(one, self._seen)
            self._batch.add(Placed(one, f"{window.name}!{each.position}"))

    def _rest(self) -> Iterator[Page]:
        """Yield what no window found, and see whether all of it came."""
        now, recipe = self._now, self._asking.recipe
        if now.since or now.way is Way.LIST or not now.total:
            return
        if now.sum < now.total:
            yield from self._beside()
        if self._now.sum < now.total and recipe.everything is not None:
            # Fewer than at the beginning, where some were deleted meanwhile.
            total = self._asking.target.search(recipe.everything)
            if self._now.sum < total:
                url = self._asking.target.url
                raise SearchShort(url=url, total=total, came=self._now.sum)

    def _beside(self) -> Iterator[Page]:
        recipe = self._asking.recipe
        index = recipe.date if self._now.way is Way.DATES else recipe.number
        if recipe.everything is None or not index or self._now.way is Way.QUERY:
            return
        query = queries.without(recipe.everything, queries.anything(index))
        try:
            hits = self._asking.target.search(query)
        except SearchRefused:
            return
        if 0 < hits <= self._now.total - self._now.sum:
            window = Window(query, hits, "-")
            yield from self._through(window, windows.ByQuery(self._asking))
            self._now = replace(self._now, sum=self._now.sum + hits, passed=0, hits=0)

    def _renew_seen(self) -> None:
        self._seen.close()
        self._seen = Seen(self._asking.target.url)

    def _page(self, *, last: bool = False, ended: bool = False) -> Page:
        batch, self._batch = self._batch, Batch()
        self._now = replace(self._now, page=self._now.page + 1)
        now = self._now
        after = replace(self._position, under_way=now)
        if last:
            after = replace(self._position, under_way=None, since=now.begun)
        elif ended:
            after = replace(self._position, under_way=None)
        return Page(
            number=now.page,
            url=batch.placed[0].place if batch.placed else self._asking.target.url,
            records=tuple(keeping.record_of(each.cut, n) for n, each in enumerate(batch.placed)),
            next_checkpoint=after.plain(),
            raw=keeping.pack(batch.placed),
            last=last,
            total=(now.total or None) if not now.since else None,
            problems=tuple(batch.problems),
            whole=not now.since if now.page == 1 else None,
        )


def begun(position: Position, asking: Asking, start: str, overlap_hours: float) -> UnderWay:
    """Return the list to read: what is under way, what changed since the last, or everything."""
    if position.under_way is not None and not start:
        return position.under_way
    recipe = asking.recipe
    day = today()
    since = position.since
    if since:
        overlap = timedelta(days=max(1, -(-overlap_hours // 24)))
        since = (date.fromisoformat(since) - overlap).isoformat()
    if start:
        since = min(filter(None, (since, start[:10])))
    if since and recipe.changes and Way.DATES in recipe.ways:
        return UnderWay(way=Way.DATES, since=since, begun=day.isoformat())
    total = 0
    if recipe.everything is not None:
        total = asking.target.search(recipe.everything)
        asking.largest = max(asking.largest, total)
    return UnderWay(way=recipe.ways[0], begun=day.isoformat(), total=total)


def note(code: str, detail: str, severity: Severity = Severity.INFO) -> Problem:
    """Return what is told of a page as a whole."""
    return Problem(code=code, severity=severity, detail=detail)

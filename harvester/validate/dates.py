"""Harvests by time (OAI-PMH 2.0 s2.7.1): what a part of the time has to hold is known by then."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache

from harvester.validate.asking import Line
from harvester.validate.changes import Changes
from harvester.validate.lists import judge_list, judge_same, missing, names, surplus
from harvester.validate.model import Entry, Found
from harvester.validate.walking import Listing, walk
from protocols.oai import Granularity, Verb, format_stamp, granularity_of, parse_stamp

_DAY_LENGTH = len("2024-01-01")
_SHORT = 20
"""Pages of the whole list up to which records are asked for in parts as well as headers."""
_PAGES = 3
"""Pages that a harvest from or until a moment ought to have."""
_SHARE = 0.7
"""Share of all records that is enough for that."""

Span = tuple[str, str]
"""From and until, empty where it has no such end."""


class Dates:
    """Asks for parts of the time, and compares what comes with what the whole list said."""

    def __init__(self, line: Line, whole: Listing, changes: Changes) -> None:
        self._line = line
        self._whole = whole
        self._changes = changes
        granularity = line.repository.granularity
        stamps = [entry.stamp for entry in whole.entries.values()]
        self._stamps = sorted(
            {one for one in stamps if granularity_of(one) is granularity and _is_real(one)}
        )
        self._by_stamp: dict[str, list[tuple[str, Entry]]] = {}
        for name, entry in whole.entries.items():
            self._by_stamp.setdefault(entry.stamp, []).append((name, entry))

    def judge(self) -> None:
        """Take in what is wrong with harvests by time."""
        if not self._stamps:
            return
        for verb in (Verb.LIST_IDENTIFIERS, Verb.LIST_RECORDS):
            for span in self._borders():
                self._ask(verb, span)
            for span in self._wide():
                self._ask(verb, span, 1)
            if verb is Verb.LIST_IDENTIFIERS or len(self._whole.pages) <= _SHORT:
                for span in self._windows():
                    self._ask(verb, span)

    def judge_few(self) -> None:
        """Take in what is wrong with some harvests by time, in a format of which all was asked."""
        if self._stamps:
            middle = self._rarest(self._stamps)
            for span in ((middle, middle), (self._start(), ""), ("", self._end())):
                self._ask(Verb.LIST_RECORDS, span)

    def _borders(self) -> Iterator[Span]:
        """Yield spans that begin or end at datestamps there are."""
        stamps = self._stamps
        first, last = stamps[0], stamps[-1]
        middle = self._rarest(stamps[len(stamps) // 4 : -(len(stamps) // 4) or None])
        for stamp in dict.fromkeys((middle, first, last)):
            yield stamp, stamp
        yield self._start(), ""
        yield "", self._end()
        if self._line.repository.granularity is Granularity.SECOND:
            # Days have to be taken by all repositories (s3.3.1).
            day = middle[:_DAY_LENGTH]
            yield day, day
            yield day, ""
            yield "", day

    def _wide(self) -> Iterator[Span]:
        """Yield spans that begin before all records, or end after them."""
        granularity = self._line.repository.granularity
        year = 366 * 86_400
        with suppress(ValueError, OverflowError, OSError):
            yield format_stamp(parse_stamp(self._stamps[0]) - year, granularity), ""
            yield "", format_stamp(parse_stamp(self._line.repository.began) + year, granularity)

    def _start(self) -> str:
        """Return a moment after which there are several pages, yet not all."""
        return self._reached(list(reversed(self._stamps)))

    def _end(self) -> str:
        """Return a moment before which there are several pages, yet not all."""
        return self._reached(self._stamps)

    def _reached(self, stamps: list[str]) -> str:
        """Return the stamp by which enough records have gone by."""
        pages = self._whole.pages
        size = max((len(page.items) for page in pages), default=1)
        enough = min(_PAGES * size, _SHARE * len(self._whole.entries))
        count = 0
        for stamp in stamps:
            count += len(self._by_stamp[stamp])
            if count >= enough:
                return stamp
        return stamps[-1]

    def _rarest(self, stamps: list[str]) -> str:
        """Return the stamp that the fewest records have, but one before which there are some."""
        return min(stamps, key=lambda each: len(self._by_stamp[each]))

    def _windows(self) -> Iterator[Span]:
        """Yield spans, one after the other, that together hold all there is.

        Each brings less than a page where that can be done: so a page that lists leave out, as
        they do any time, is found.
        """
        pages = self._whole.pages
        size = max((len(page.items) for page in pages), default=1)
        wanted = max(1, len(self._whole.entries) // self._line.options.windows, size // 2)
        start, count = "", 0
        granularity = self._line.repository.granularity
        for stamp in self._stamps:
            held = len(self._by_stamp[stamp])
            if count and count + held > wanted:
                yield start, _before(stamp, granularity)
                start, count = stamp, 0
            count += held
        yield start, ""

    def _ask(self, verb: Verb, span: Span, most: int = 0) -> None:
        arguments = {"metadataPrefix": self._whole.arguments["metadataPrefix"]}
        arguments |= {
            name: text for name, text in zip(("from", "until"), span, strict=True) if text
        }
        listing = walk(self._line, verb, arguments, most)
        if listing.errors and not listing.is_empty:
            details = {"value": ", ".join(listing.errors), "right": "-"}
            self._line.add_at(Found("span-refused", details, verb), listing.url, verb)
            return
        judge_list(self._line, listing, self._changes)
        judge_same(self._line, listing, self._whole, self._changes)
        self._outside(verb, span, listing)
        if listing.complete:
            self._inside(verb, span, listing)

    def _within(self, span: Span) -> Iterator[tuple[str, Entry]]:
        """Yield the records that belong into a span."""
        start, end = span
        first = bisect_left(self._stamps, start)
        # Behind every second of a day.
        last = bisect_right(self._stamps, f"{end}~") if end else len(self._stamps)
        for stamp in self._stamps[first:last]:
            yield from self._by_stamp[stamp]

    def _outside(self, verb: Verb, span: Span, listing: Listing) -> None:
        """Take in what came and does not belong into the span."""
        start, end = span
        early = surplus(listing, lambda _, entry: not _is_early(entry, start), self._changes)
        late = surplus(listing, lambda _, entry: not _is_late(entry, end), self._changes)
        if early:
            found = Found("before-from", {**names(early), "value": start})
            self._line.add_at(found, listing.url, verb)
        if late:
            found = Found("after-until", {**names(late), "value": end})
            self._line.add_at(found, listing.url, verb)
        if self._whole.complete:
            strange = surplus(
                listing,
                lambda name, entry: (
                    name in self._whole.entries or _is_early(entry, start) or _is_late(entry, end)
                ),
                self._changes,
            )
            self._strange(verb, strange, listing)

    def _strange(self, verb: Verb, found: list[tuple[str, Entry]], listing: Listing) -> None:
        buried = [each for each in found if each[1].deleted]
        alive = [each for each in found if not each[1].deleted]
        whole = self._whole
        if buried:
            told = {"here": f"{verb} from/until", "there": whole.verb.value}
            found_ = Found("tombstones-missing", {**names(buried), **told})
            self._line.add_at(found_, listing.url, verb)
        if alive:
            self._line.add_at(Found("skipped", names(alive)), listing.url, verb)

    def _inside(self, verb: Verb, span: Span, listing: Listing) -> None:
        """Take in what belongs into the span and did not come."""
        start, end = span
        lacking = missing(self._within(span), listing, self._changes)
        buried = [each for each in lacking if each[1].deleted]
        alive = [each for each in lacking if not each[1].deleted]
        if buried and len(buried) == len(lacking):
            told = {"here": self._whole.verb.value, "there": f"{verb} from/until"}
            found = Found("tombstones-missing", {**names(buried), **told})
            self._line.add_at(found, listing.url, verb)
            return
        at_start = [each for each in lacking if start and each[1].stamp.startswith(start)]
        at_end = [each for each in lacking if end and each[1].stamp.startswith(end)]
        for code, found_ in (("from-exclusive", at_start), ("until-exclusive", at_end)):
            if found_:
                details = {**names(found_), "value": start if code == "from-exclusive" else end}
                self._line.add_at(Found(code, details), listing.url, verb)
        others = [each for each in alive if each not in at_start and each not in at_end]
        if others:
            found = Found("span-incomplete", {**names(others), "from": start, "until": end})
            self._line.add_at(found, listing.url, verb)


@lru_cache(maxsize=65_536)
def _is_real(stamp: str) -> bool:
    try:
        parse_stamp(stamp)
    except ValueError:
        return False
    return True


def _before(stamp: str, granularity: Granularity) -> str:
    """Return the moment before a datestamp."""
    return format_stamp(parse_stamp(stamp) - 1, granularity)


def _is_early(entry: Entry, start: str) -> bool:
    return (
        bool(start)
        and _is_real(entry.stamp)
        and entry.stamp[: len(start)] < start[: len(entry.stamp)]
    )


def _is_late(entry: Entry, end: str) -> bool:
    return bool(end) and _is_real(entry.stamp) and entry.stamp[: len(end)] > end[: len(entry.stamp)]

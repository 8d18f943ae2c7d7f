"""Sets (OAI-PMH 2.0 s2.6, s4.6), and harvests by set (s2.7.2): what each has to hold is known."""

from __future__ import annotations

from harvester.validate.asking import Line
from harvester.validate.changes import Changes
from harvester.validate.lists import judge_list, judge_same, missing, names, surplus
from harvester.validate.model import Entry, Found
from harvester.validate.walking import Listing, walk
from protocols.oai import Verb

_PAGES_FOR_RECORDS = 40
"""Pages of the whole list up to which the records of each set are listed as well as the headers."""
_FEW = 10
"""Pages of a set up to which that is done anyway."""
_TIMES = 2
"""How often as many pages as the whole list has are asked for, set by set."""


def list_sets(line: Line, changes: Changes) -> None:
    """Ask for the sets, and judge their list."""
    listing = walk(line, Verb.LIST_SETS, {})
    repository = line.repository
    if "noSetHierarchy" in listing.errors:
        repository.has_sets, repository.sets_are_known = False, True
        return
    if not listing.pages:
        if listing.errors:
            found = Found("sets-refused", {"value": ", ".join(listing.errors)})
            line.add_at(found, listing.url, Verb.LIST_SETS.value)
        return
    repository.sets = tuple(listing.entries)
    repository.sets_are_known = listing.complete
    judge_list(line, listing, changes)
    for spec in repository.sets:
        parent = spec.rpartition(":")[0]
        if parent and parent not in listing.entries and listing.complete:
            found = Found("set-parent", {"set": spec, "parent": parent}, parent)
            line.add_at(found, listing.url, Verb.LIST_SETS.value)


class Sets:
    """Harvests set by set, and compares each with what the headers of the whole list say."""

    def __init__(self, line: Line, whole: Listing, changes: Changes) -> None:
        self._line = line
        self._whole = whole
        self._changes = changes
        self._members: dict[str, list[tuple[str, Entry]]] = {}
        for name, entry in whole.entries.items():
            for spec in {each for told in entry.sets for each in _with_parents(told)}:
                self._members.setdefault(spec, []).append((name, entry))

    def judge(self) -> None:
        """Take in what is wrong with harvests by set."""
        chosen = self._chosen()
        is_small = len(self._whole.pages) <= _PAGES_FOR_RECORDS
        left = _TIMES * len(self._whole.pages) + _PAGES_FOR_RECORDS
        for spec in chosen:
            pages = self._pages(spec)
            if pages <= left:
                left -= pages
                self._ask(Verb.LIST_IDENTIFIERS, spec)
                if is_small or pages <= _FEW:
                    self._ask(Verb.LIST_RECORDS, spec)
        small = [spec for spec in chosen if is_small or self._pages(spec) <= _FEW]
        self._with_dates(small or chosen)

    def judge_few(self) -> None:
        """Take in what is wrong with a harvest by set, in a format of which all was asked."""
        if self._members:
            spec = max(self._members, key=lambda each: len(self._members[each]))
            self._ask(Verb.LIST_RECORDS, spec)

    def _pages(self, spec: str) -> int:
        """Return how many pages a set has to have."""
        size = max((len(page.items) for page in self._whole.pages), default=1)
        return len(self._members.get(spec, ())) // max(1, size) + 1

    def _chosen(self) -> list[str]:
        """Return sets to ask for: those with others below them first, and some that are empty."""
        known = [*self._line.repository.sets, *self._members]
        parents = {parent for spec in known for parent in _with_parents(spec)[1:]}
        order = sorted(
            dict.fromkeys(known),
            key=lambda spec: (spec not in parents, not self._members.get(spec)),
        )
        return order[: self._line.options.sets]

    def _ask(self, verb: Verb, spec: str, **dates: str) -> None:
        prefix = self._whole.arguments["metadataPrefix"]
        arguments = {"metadataPrefix": prefix, "set": spec, **dates}
        listing = walk(self._line, verb, arguments)
        named = {"set": spec}
        if listing.errors and not listing.is_empty:
            details = {**named, "value": ", ".join(listing.errors)}
            self._line.add_at(Found("set-refused", details, spec), listing.url, verb)
            return
        judge_list(self._line, listing, self._changes)
        judge_same(self._line, listing, self._whole, self._changes)
        start, end = dates.get("from", ""), dates.get("until", "~")
        early = surplus(listing, lambda _, entry: entry.stamp >= start, self._changes)
        if early:
            found = Found("before-from", {**names(early), "value": start})
            self._line.add_at(found, listing.url, verb)
        if late := surplus(listing, lambda _, entry: entry.stamp <= end, self._changes):
            found = Found("after-until", {**names(late), "value": end})
            self._line.add_at(found, listing.url, verb)
        self._strange(verb, spec, listing)
        strange = surplus(
            listing,
            # One that left the set may be told as deleted there, whatever it is elsewhere.
            lambda _, entry: entry.deleted or _belongs(entry, spec),
            self._changes,
        )
        if strange:
            self._line.add_at(Found("set-ignored", {**names(strange), **named}), listing.url, verb)
        if not listing.complete:
            return
        members = [
            (name, entry)
            for name, entry in self._members.get(spec, [])
            if start <= entry.stamp <= end
        ]
        self._lacking(verb, spec, missing(members, listing, self._changes), listing)

    def _strange(self, verb: Verb, spec: str, listing: Listing) -> None:
        """Take in what is in a set and not in the whole list."""
        if not self._whole.complete:
            return
        strange = surplus(listing, lambda name, _: name in self._whole.entries, self._changes)
        told = {"here": f"{verb} set={spec}", "there": self._whole.verb.value}
        if buried := [each for each in strange if each[1].deleted]:
            found = Found("tombstones-missing", {**names(buried), **told})
            self._line.add_at(found, listing.url, verb)
        if alive := [each for each in strange if not each[1].deleted]:
            self._line.add_at(Found("skipped", names(alive)), listing.url, verb)

    def _lacking(
        self, verb: Verb, spec: str, lacking: list[tuple[str, Entry]], listing: Listing
    ) -> None:
        named = {"set": spec}
        below = [each for each in lacking if spec not in each[1].sets]
        buried = [each for each in lacking if each[1].deleted and each not in below]
        own = [each for each in lacking if not each[1].deleted and each not in below]
        if buried:
            told = {"here": self._whole.verb.value, "there": f"{verb} set={spec}"}
            found = Found("tombstones-missing", {**names(buried), **told})
            self._line.add_at(found, listing.url, verb)
        if below:
            self._line.add_at(Found("set-hierarchy", {**names(below), **named}), listing.url, verb)
        if own:
            self._line.add_at(Found("set-incomplete", {**names(own), **named}), listing.url, verb)

    def _with_dates(self, chosen: list[str]) -> None:
        """Ask for a part of a set, by time."""
        spec = max(chosen, key=lambda each: len(self._members.get(each, ())), default="")
        stamps = sorted({entry.stamp for _, entry in self._members.get(spec, ())})
        if not stamps:
            return
        start = stamps[len(stamps) // 2]
        for verb in (Verb.LIST_IDENTIFIERS, Verb.LIST_RECORDS):
            self._ask(verb, spec, **{"from": start})
            self._ask(verb, spec, until=start)


def _with_parents(spec: str) -> list[str]:
    parts = spec.split(":")
    return [":".join(parts[:n]) for n in range(len(parts), 0, -1)]


def _belongs(entry: Entry, spec: str) -> bool:
    return any(each == spec or each.startswith(f"{spec}:") for each in entry.sets)

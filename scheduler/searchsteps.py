"""A source that can only be searched, looked at step by step: session, ways, first records."""

from __future__ import annotations

from collections.abc import Iterator

from crosswalks.errors import Said
from harvester.model import HttpSettings, SourceSpec
from harvester.readers import reader
from harvester.searching.model import Way
from harvester.searching.reader import SearchReader
from harvester.searching.recipe import Recipe
from scheduler.steps import Asking, Found, SearchStage, few, notice

WAYS = {
    Way.SCAN: Said("by the list of its control numbers", {}),
    Way.DATES: Said("by the dates of change", {}),
    Way.NUMBERS: Said("by ranges of control numbers", {}),
    Way.LIST: Said("by the list of control numbers that was given", {}),
    Way.QUERY: Said("by one query", {}),
}
"""What the ways are, for people."""


class SearchCheck:
    """Looks at one server in as few questions as one waits for."""

    def __init__(self, protocol: str, spec: SourceSpec, http: HttpSettings) -> None:
        made = reader(protocol, http)
        assert isinstance(made, SearchReader)
        self._reader = made
        self._spec = spec
        self._checkpoint: dict[str, object] = {}

    def stages(self) -> Iterator[Asking]:
        """Yield the steps."""
        yield SearchStage.SESSION, self._session
        yield SearchStage.WAYS, self._ways
        yield SearchStage.FIRST_RECORDS, self._first_records

    def _session(self) -> Found:
        described = self._reader.describe(self._spec)
        detail = [notice("{name} {software}", name=described.name, software=described.software)]
        detail += [
            notice("{name}: {value}", name=name, value=value)
            for name, value in described.facts.items()
        ]
        facts = dict(described.facts)
        return Found(
            tuple(detail), {"name": described.name, "software": described.software, **facts}
        )

    def _ways(self) -> Found:
        _, recipe = self._reader.probe(self._spec)
        self._checkpoint = {"since": "", "recipe": recipe.plain()}
        detail = [WAYS[way] for way in recipe.ways]
        detail += [_refused(way, why) for way, why in recipe.refused.items()]
        detail.append(_next_time(recipe))
        detail.append(notice("records come as {format}", format=recipe.format or "-"))
        found = {
            "ways": list(recipe.ways),
            "refused": dict(recipe.refused),
            "changes": recipe.changes,
            "format": recipe.format,
        }
        return Found(tuple(detail), found)

    def _first_records(self) -> Found:
        pages = self._reader.pages(self._spec, self._checkpoint)
        page = next(pages)
        pages.close()
        names = [each.identifier for each in page.records]
        detail = [notice("{count} records: {names}", count=len(names), names=few(names) or "-")]
        if page.total is not None:
            detail.append(notice("{total} in all, it says", total=page.total))
        return Found(tuple(detail), {"records": len(names), "total": page.total})


def _refused(way: str, why: str) -> Said:
    return notice("not {way}: {reason}", way=WAYS[Way(way)], reason=why)


def _next_time(recipe: Recipe) -> Said:
    if recipe.changes and Way.DATES in recipe.ways:
        return notice("later harvests bring only what changed")
    return notice("each harvest has to bring everything")

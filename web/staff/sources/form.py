"""The form of a source: what was written in it, and the source that this makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict

from catalogue.model import Source

PROTOCOL = "oai-pmh"
SCHEDULES = ("", "every 15 minutes", "every 1 hours", "every 6 hours", "every 12 hours", "daily")
"""What a schedule is chosen from; the last with a time of day."""
_DAILY = "daily"
_AT = "02:30"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What the boxes of the form hold."""

    name: str = ""
    library: str = ""
    url: str = ""
    prefix: str = ""
    sets: tuple[str, ...] = ()
    schedule: str = ""
    at: str = _AT
    crosswalk: str = ""
    encoding: str = ""

    @property
    def schedules(self) -> tuple[str, ...]:
        """The schedules to choose from, the present one among them."""
        return SCHEDULES if self.schedule in SCHEDULES else (self.schedule, *SCHEDULES)

    def source(self, before: Source | None = None) -> Source:
        """Return the source this makes; what the form does not ask for stays as it was."""
        usual = Source(name=self.name, library=self.library, protocol=PROTOCOL, url=self.url)
        return replace(
            before or usual,
            url=self.url,
            prefix=self.prefix,
            sets=self.sets,
            schedule=f"{_DAILY} {self.at}" if self.schedule == _DAILY else self.schedule,
            crosswalk=self.crosswalk,
            encoding=self.encoding,
        )


def read(form: MultiDict[str, str]) -> Filled:
    """Return what was sent; outer white space comes with copying."""
    given = {name: form.get(name, "").strip() for name in Filled.__slots__ if name != "sets"}
    # Sets that were ticked, and those written in a box of their own, a line each.
    given["at"] = given["at"] or _AT
    ticked = [*form.getlist("sets"), *form.get("other_sets", "").split()]
    return Filled(**given, sets=tuple(dict.fromkeys(filter(None, ticked))))


def of(source: Source) -> Filled:
    """Return the form of a source as it is."""
    kind, _, at = source.schedule.partition(" ")
    daily = kind == _DAILY
    return Filled(
        name=source.name,
        library=source.library,
        url=source.url,
        prefix=source.prefix,
        sets=source.sets,
        schedule=_DAILY if daily else source.schedule,
        at=at if daily else _AT,
        crosswalk=source.crosswalk,
        encoding=source.encoding,
    )


def suggested(url: str, taken: Mapping[str, object]) -> str:
    """Return a name for a new source: its server's, or one that is still free."""
    host = (urlsplit(url).hostname or "source").removeprefix("www.")[:60].strip(".-")
    names = (host, *(f"{host}-{number}" for number in range(2, 1000)))
    return next((name for name in names if name not in taken), "")

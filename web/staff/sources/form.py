"""The form of a source: what was written in it, and the source that this makes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from urllib.parse import unquote, urlsplit

from werkzeug.datastructures import MultiDict

from catalogue.model import Source
from crosswalks.text import fold
from scheduler.errors import BadSchedule
from scheduler.outgoing import protocol_of
from scheduler.wording import DAYS as DAYS_OF_THE_WEEK
from scheduler.wording import canonical
from web.language import Translate
from web.schedules import in_words
from web.staff.sources import boxes

BEATS = ("", "every 15 minutes", "every 1 hours", "every 6 hours", "every 12 hours")
DAYS = ("daily", *DAYS_OF_THE_WEEK, "first of the month", "last of the month")
"""What a schedule is chosen from with a time of day."""
IN_WORDS = "words"
"""What is chosen where the schedule is written out."""
RECONCILE = (
    *("", "every 24 hours", "every 168 hours", "every 720 hours"),
    *("mondays 01:00", "first of the month 01:00"),
)
"""When the complete list is compared: that many choices, or what is set already."""
_AT = "02:30"
_UNFIT = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What the boxes of the form hold."""

    name: str = ""
    library: str = ""
    url: str = ""
    prefix: str = ""
    sets: tuple[str, ...] = ()
    schedule: str = ""
    """One of ``BEATS`` or ``DAYS``, or ``IN_WORDS``."""
    at: str = _AT
    written: str = ""
    """A schedule in anybody's words."""
    written_before: str = ""
    """The same as it stood when the form was given out."""
    crosswalk: str = ""
    encoding: str = ""
    copied: str = ""
    """The source that a new one is a copy of; empty = of none."""
    options: Mapping[str, str] = field(default_factory=dict)
    """What the boxes of ``boxes`` hold, by their names."""

    @property
    def chosen(self) -> str:
        """The schedule; words that were typed are meant, whatever is chosen beside them."""
        if self.schedule == IN_WORDS or self.written != self.written_before:
            return self.written
        return f"{self.schedule} {self.at}" if self.schedule in DAYS else self.schedule

    @property
    def protocol(self) -> str:
        """What the address is of: only OAI-PMH has sets, and files have no format to ask for."""
        return protocol_of(self.url)

    @property
    def reconciling(self) -> tuple[str, ...]:
        """When the complete list may be compared, the present choice among them."""
        now = self.options.get("reconcile", "")
        return RECONCILE if now in RECONCILE else (now, *RECONCILE)

    def source(self, before: Source | None = None) -> Source:
        """Return the source this makes; what the form does not ask for stays as it was.

        Raises BadOption.
        """
        made = replace(
            before or self._new(Source(name="", library="", protocol="", url="")),
            url=self.url,
            prefix=self.prefix,
            sets=self.sets,
            schedule=self.chosen,
            crosswalk=self.crosswalk,
            encoding=self.encoding,
        )
        return boxes.into(made, self.options)

    def copy_of(self, original: Source) -> Source:
        """Return the new source that this makes of another: what no form asks for comes along.

        Not that it is paused or takes over from a third. Raises BadOption.
        """
        return self.source(replace(self._new(original), paused=False, succeeds=""))

    def _new(self, like: Source) -> Source:
        protocol = protocol_of(self.url)
        return replace(like, name=self.name, library=self.library, protocol=protocol, url=self.url)


def read(form: MultiDict[str, str]) -> Filled:
    """Return what was sent; outer white space comes with copying."""
    single = set(Filled.__slots__) - {"sets", "options"}
    given = {name: form.get(name, "").strip() for name in single}
    options = {name: form[name].strip() for name in boxes.NAMES if name in form}
    # Sets that were ticked, and those written in a box of their own, a line each.
    given["at"] = given["at"] or _AT
    ticked = [*form.getlist("sets"), *form.get("other_sets", "").split()]
    return Filled(**given, sets=tuple(dict.fromkeys(filter(None, ticked))), options=options)


def of(source: Source, translate: Translate) -> Filled:
    """Return the form of a source as it is, with what is written out in a language."""
    chosen, at = source.schedule, _AT
    with suppress(BadSchedule):
        chosen = canonical(chosen)
    kind, _, hour = chosen.rpartition(" ")
    if kind in DAYS:
        chosen, at = kind, hour
    is_offered = chosen in (*BEATS, *DAYS)
    written = "" if is_offered else in_words(source.schedule, translate)
    return Filled(
        name=source.name,
        library=source.library,
        url=source.url,
        prefix=source.prefix,
        sets=source.sets,
        schedule=chosen if is_offered else IN_WORDS,
        at=at,
        written=written,
        written_before=written,
        crosswalk=source.crosswalk,
        encoding=source.encoding,
        options=boxes.of(source),
    )


def suggested(url: str, taken: Mapping[str, object]) -> str:
    """Return a name for a new source: its server's or folder's, or one that is still free."""
    parts = urlsplit(url)
    called = parts.hostname or _UNFIT.sub("-", fold(unquote(PurePath(parts.path).stem)))
    host = called.removeprefix("www.")[:60].strip(".-_") or "source"
    names = (host, *(f"{host}-{number}" for number in range(2, 1000)))
    return next((name for name in names if name not in taken), "")

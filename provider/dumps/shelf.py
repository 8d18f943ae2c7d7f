"""The dumps that there are: found by their manifests, pointed to, and taken away when old."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any

from catalogue.clock import told
from catalogue.folders import keep_folder
from provider.dumps.begun import read
from provider.dumps.errors import BadSeries
from provider.dumps.model import LATEST, MANIFEST, Dump, Kind, Series
from provider.dumps.parts import put_whole

BEGUN = ".begun"
"""The folder of a dump that is being made."""
_GONE = ".gone-"
_UNREADABLE = (OSError, ValueError, TypeError, KeyError, BadSeries)


def all_series(folder: Path) -> list[Series]:
    """Return the series of which there are dumps, by name."""
    found = [series for place in folder.glob("*/*/*") if (series := _series_at(place))]
    return sorted((each for each in found if dumps_of(folder, each)), key=lambda each: each.name)


def dumps_of(folder: Path, series: Series) -> list[Dump]:
    """Return the complete dumps of a series, in the order of what they have; deltas first."""
    place = folder / series.path
    names = [
        *(place.glob(f"{Kind.FULL}-*/{MANIFEST}")),
        *(place.glob(f"{Kind.DELTA}-*/{MANIFEST}")),
    ]
    found = [dump for path in names if (dump := _read(path))]
    return sorted(found, key=lambda each: (each.until, each.kind))


def dump_named(folder: Path, series: Series, name: str) -> Dump | None:
    """Return a complete dump by its name, or None."""
    return next((each for each in dumps_of(folder, series) if each.name == name), None)


def is_half_made(folder: Path, series: Series) -> bool:
    """Tell whether a dump of a series was begun and is not complete."""
    return read(folder / series.path / BEGUN) is not None


def newest_full(dumps: list[Dump]) -> Dump | None:
    """Return the newest full dump, if there is one."""
    return next((each for each in reversed(dumps) if each.kind is Kind.FULL), None)


def chain(dumps: list[Dump]) -> dict[str, Any]:
    """Return which dumps to take: the newest full one, and all deltas there are, in their order.

    Whoever has everything up to a moment applies those deltas that go beyond it. Empty without a
    full one.
    """
    full = newest_full(dumps)
    if full is None:
        return {}
    deltas = [each for each in dumps if each.kind is Kind.DELTA]
    return {
        "full": {"name": full.name, "until": told(full.until)},
        "deltas": [
            {"name": each.name, "from": told(each.start or 0), "until": told(each.until)}
            for each in deltas
        ],
        "until": told(max(each.until for each in (full, *deltas))),
    }


def pointer(dumps: list[Dump]) -> bytes:
    """Return the same as a file; nothing where there is no full one."""
    found = chain(dumps)
    return f"{json.dumps(found, indent=1)}\n".encode() if found else b""


def point(folder: Path, series: Series) -> None:
    """Have the pointer of a series tell of its newest dumps."""
    content = pointer(dumps_of(folder, series))
    if content:
        put_whole(folder / series.path / LATEST, content)


def forget(folder: Path, series: Series, keep: int) -> list[str]:
    """Take away all but the newest full dumps and the deltas after them; return their names.

    The pointer tells of none of them. Who is reading one of their files reads it to its end.
    """
    found = dumps_of(folder, series)
    full = [each.until for each in found if each.kind is Kind.FULL]
    if len(full) <= keep:
        return []
    oldest = full[-keep]
    return _take_away(
        folder / series.path,
        [
            each.name
            for each in found
            if each.until < oldest or (each.until == oldest and each.kind is Kind.DELTA)
        ],
    )


def forget_after(folder: Path, dump: Dump) -> None:
    """Take away what is later than a dump: a catalogue that was put back never had that."""
    later = [each.name for each in dumps_of(folder, dump.series) if each.until > dump.until]
    if later:
        _take_away(folder / dump.series.path, later)
        point(folder, dump.series)


def _take_away(place: Path, names: list[str]) -> list[str]:
    for name in names:
        # Gone at once for whoever comes; file by file it would be half there.
        (place / name).rename(place / f"{_GONE}{name}")
    keep_folder(place)
    tidy(place)
    return names


def tidy(place: Path) -> None:
    """Remove what is being taken away and was not removed for good yet."""
    for left in place.glob(f"{_GONE}*"):
        shutil.rmtree(left, ignore_errors=True)


def _series_at(place: Path) -> Series | None:
    with suppress(BadSeries):
        return Series.at(*place.parts[-3:])
    return None


def _read(path: Path) -> Dump | None:
    with suppress(*_UNREADABLE):
        stat = path.stat()
        return _parsed(path, stat.st_mtime_ns, stat.st_ino)
    return None


@lru_cache(maxsize=256)
def _parsed(path: Path, _changed: int, _number: int) -> Dump:
    return Dump.read(path.read_text("utf-8"))

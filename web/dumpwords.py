"""Dumps in words, for the public page and that of staff."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from provider.dumps import shelf
from provider.dumps.model import Dump, Form, Kind, Series
from web.language import mark

FORMS = {
    Form.MARCXML: "MARCXML",
    Form.ISO2709: "ISO 2709",
    Form.JSONL: mark("JSON, a line for each record"),
}
KINDS = {Kind.FULL: mark("full dump"), Kind.DELTA: mark("changes")}


class Shown(NamedTuple):
    """A series with its dumps, the latest first."""

    series: Series
    dumps: Sequence[Dump]
    is_half_made: bool
    """Whether one was begun and is not complete."""

    @property
    def path(self) -> str:
        """Return where they are, below ``/dumps/``."""
        series = self.series
        before = "" if series.view == Series().view else f"view/{series.view}/"
        return f"{before}{series.within}/{series.form}"

    @property
    def full(self) -> Dump | None:
        """Return the newest full dump."""
        return shelf.newest_full(list(self.dumps[::-1]))


def all_shown(folder: Path | None, view: str = "") -> list[Shown]:
    """Return all series that there are, or those of a view."""
    if folder is None:
        return []
    return [
        Shown(each, shelf.dumps_of(folder, each)[::-1], shelf.is_half_made(folder, each))
        for each in shelf.all_series(folder)
        if view in ("", each.view)
    ]

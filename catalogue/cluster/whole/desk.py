"""What a process needs at hand to work on a catalogue: the files in a folder, and the policy."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from catalogue.cluster.cut import Name
from catalogue.cluster.whole.columns import Columns
from catalogue.cluster.whole.texts import Texts
from catalogue.match import Features, Policy

MARK = "\n"
"""Stands between source and identifier: in no source's name."""
_REMEMBERED = 60_000
"""Records whose features a process keeps in memory."""


class Desk:
    """The files in a folder, opened when they are asked for; and the policy."""

    def __init__(self, folder: Path, policy: Policy) -> None:
        self.folder = folder
        self.policy = policy
        self._known: dict[int, Features] = {}

    @cached_property
    def columns(self) -> Columns:
        """All records' columns."""
        return Columns.load(self.folder)

    @cached_property
    def texts(self) -> Texts:
        """Features as they are stored."""
        return Texts(self.folder / "features")

    @cached_property
    def titles(self) -> Texts:
        """Titles as they are compared."""
        return Texts(self.folder / "titles")

    @cached_property
    def imprints(self) -> Texts:
        """The one main entry, the one publisher and the place of each record."""
        return Texts(self.folder / "imprints")

    @cached_property
    def names(self) -> Texts:
        """Source and identifier of each record, ``MARK`` between them."""
        return Texts(self.folder / "names")

    def features(self, number: int) -> Features:
        """Return a record's features."""
        found = self._known.get(number)
        if found is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[number] = Features.from_json(self.texts[number])
        return found

    def name(self, number: int) -> Name:
        """Return the name of a record's source, and its identifier."""
        source, _, identifier = self.names[number].partition(MARK)
        return source, identifier

    def close(self) -> None:
        """Close what was opened."""
        for name in ("texts", "titles", "imprints", "names"):
            if name in self.__dict__:
                getattr(self, name).close()

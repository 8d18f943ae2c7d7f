"""What is read for a dump, put into its parts; after each of them it is noted how far that is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from catalogue.model import HubIdentity, Item
from crosswalks.formats import marcxml
from provider.dumps.begun import Begun
from provider.dumps.model import DELETED, Form, Kind
from provider.dumps.parts import Part
from provider.dumps.rendering import WAYS

_MARCXML = (marcxml.OPENING, marcxml.BETWEEN, marcxml.CLOSING)


class Writer:
    """The parts of one dump. What is not noted when it is left is given up."""

    def __init__(self, folder: Path, form: Form, identity: HubIdentity, begun: Begun) -> None:
        self.begun = begun
        self._folder = folder
        self._way = WAYS[form]
        self._identity = identity
        self._part: Part | None = None
        self._long: Part | None = None
        self._in_part = 0
        self._last: Item
        self._gone = (folder / DELETED).open("ab") if begun.kind is Kind.DELTA else None
        if self._gone is not None:
            self._gone.truncate(begun.deleted_bytes)
            self._gone.seek(begun.deleted_bytes)
        done = (*begun.parts, *begun.too_long)
        self.count = sum(each.records + each.deletions for each in done)

    def __enter__(self) -> Self:
        """Return the writer."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Leave what was noted, and nothing else."""
        for each in filter(None, (self._part, self._long)):
            each.drop()
        if self._gone is not None:
            self._gone.close()

    @property
    def is_between(self) -> bool:
        """Tell whether all that was put is in parts that are complete."""
        return self._part is None

    @property
    def room(self) -> int:
        """Return how many items the part at hand can still take, 1 or more."""
        return self.begun.part_records - self._in_part

    def put(self, items: Sequence[Item]) -> None:
        """Add items in the order in which they are read: at most as many as there is room for."""
        self._write(items)
        self._last = items[-1]
        if self._in_part == self.begun.part_records:
            self._close()

    def end(self) -> Begun:
        """Close the last part, and return what there is in all."""
        if self._part is not None:
            self._close()
        elif self._gone is not None:
            os.fsync(self._gone.fileno())
        return self.begun

    def _write(self, items: Sequence[Item]) -> None:
        written = [self._way.write(each, self._identity) for each in items]
        gone = [each.public_id for each in items if each.deleted]
        if self._part is None:
            way = self._way
            frame = way.opening, way.between, way.closing
            self._part = Part(self._named(f"{way.ending}.gz"), frame)
        self._part.put([each for each in written if each is not None], len(gone))
        self._put_long([item for item, form in zip(items, written, strict=True) if form is None])
        if self._gone is not None:
            self._gone.write("".join(f"{name}\n" for name in gone).encode())
        self._in_part += len(items)
        self.count += len(items)

    def _put_long(self, items: Sequence[Item]) -> None:
        if items and self._long is None:
            self._long = Part(self._named("too-long.xml.gz"), _MARCXML)
        if self._long is not None:
            self._long.put([each.body for each in items], 0)

    def _named(self, ending: str) -> Path:
        return self._folder / f"part-{len(self.begun.parts) + 1:05}.{ending}"

    def _close(self) -> None:
        """Have a part on the disk, then note that it is there."""
        assert self._part is not None
        parts = (*self.begun.parts, self._part.end())
        long = () if self._long is None else (self._long.end(),)
        self._part = self._long = None
        deleted = 0
        if self._gone is not None:
            self._gone.flush()
            os.fsync(self._gone.fileno())
            deleted = self._gone.tell()
        self.begun = replace(
            self.begun,
            place=(self._last.stamp, self._last.key),
            parts=parts,
            too_long=(*self.begun.too_long, *long),
            deleted_bytes=deleted,
        )
        self.begun.keep(self._folder)
        self._in_part = 0

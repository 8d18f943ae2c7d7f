"""Where we are in a source of files: which were taken, and how far we are in the list under way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

from crosswalks.model import Checkpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    """A list that was begun: its files by their keys, in order."""

    whole: bool
    files: tuple[str, ...]
    at: int = 0
    """The file that is being read."""
    passed: int = 0
    """How many of its records were passed."""
    page: int = 0
    """How many pages there were."""
    arrived: bool = False
    """Whether the list came through the inbox."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What a checkpoint of ours says."""

    taken: tuple[str, ...] = ()
    """Keys of the files at the source's address that were taken."""
    arrived: tuple[str, ...] = ()
    """Keys of the files in the inbox that were taken."""
    since: int = 0
    """When the newest file was last written that was taken as the newest, in nanoseconds."""
    tag: str = ""
    """The ETag of the file that was fetched."""
    modified: str = ""
    """Its Last-Modified."""
    under_way: UnderWay | None = None

    @classmethod
    def of(cls, checkpoint: Checkpoint) -> Self:
        """Return what a checkpoint says; of one that is not ours, nothing."""
        told = dict(checkpoint)
        under_way = told.get("list")
        return cls(
            taken=tuple(told.get("taken", ())),
            arrived=tuple(told.get("arrived", ())),
            since=told.get("since", 0),
            tag=told.get("tag", ""),
            modified=told.get("modified", ""),
            under_way=UnderWay(**under_way | {"files": tuple(under_way["files"])})
            if under_way
            else None,
        )

    def plain(self) -> dict[str, Any]:
        """Return the checkpoint that says this."""
        told: dict[str, Any] = {"taken": list(self.taken)}
        for name in ("since", "tag", "modified"):
            if getattr(self, name):
                told[name] = getattr(self, name)
        if self.arrived:
            told["arrived"] = list(self.arrived)
        if (under_way := self.under_way) is not None:
            told["list"] = {
                "whole": under_way.whole,
                "files": list(under_way.files),
                "at": under_way.at,
                "passed": under_way.passed,
                "page": under_way.page,
                "arrived": under_way.arrived,
            }
        return told

    def without(self, there: Iterable[str], arrived: Iterable[str]) -> Self:
        """Return this without the files that are gone: should they come back, they are new."""
        present, waiting = set(there), set(arrived)
        return replace(
            self,
            taken=tuple(key for key in self.taken if key in present),
            arrived=tuple(key for key in self.arrived if key in waiting),
        )

    def after(self, keys: Iterable[str], *, arrived: bool) -> Self:
        """Return this with a list at its end, these files taken."""
        before = self.arrived if arrived else self.taken
        merged = tuple(dict.fromkeys((*before, *keys)))
        if arrived:
            return replace(self, under_way=None, arrived=merged)
        return replace(self, under_way=None, taken=merged)

"""What a process needs at hand to work on a catalogue, and processes that share the work."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cached_property
from pathlib import Path
from threading import Thread
from typing import Self, TypeVar

from catalogue.cluster.cut import Name
from catalogue.cluster.whole.columns import Columns
from catalogue.cluster.whole.texts import Texts
from catalogue.match import Features, Policy

Task = TypeVar("Task")
Result = TypeVar("Result")

MARK = "\n"
"""Stands between source and identifier: in no source's name."""
_AHEAD = 2
"""Tasks for each process that are handed out before the first of them is done."""
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


class Crew:
    """Processes that each have a desk; a context manager. With none, this process does it all."""

    def __init__(self, folder: Path, policy: Policy, processes: int) -> None:
        self._processes = processes
        self._desk = Desk(folder, policy)
        context = multiprocessing.get_context("spawn")
        self._pool = (
            ProcessPoolExecutor(processes, context, _sit_down, (folder, policy))
            if processes
            else None
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._desk.close()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def do(self, work: Callable[[Desk, Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Yield what comes of each task, in order; few are under way at a time."""
        if self._pool is None:
            yield from (work(self._desk, task) for task in tasks)
            return
        waiting: deque[Future[Result]] = deque()
        for task in tasks:
            waiting.append(self._pool.submit(_do, work, task))
            if len(waiting) > self._processes * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


_desks: list[Desk] = []


def _sit_down(folder: Path, policy: Policy) -> None:
    _desks.append(Desk(folder, policy))
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process once the one that hands out the work is no more: killed, it tells nobody."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGKILL)


def _do(work: Callable[[Desk, Task], Result], task: Task) -> Result:
    return work(_desks[-1], task)

"""Processes that share work on a catalogue, each with what it needs for it at hand."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from threading import Thread
from typing import Any, Generic, Protocol, Self, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")

_AHEAD = 2
"""Tasks for each process that are handed out before the first of them is done."""


class Desk(Protocol):
    """What a process has at hand."""

    def close(self) -> None:
        """Put it away."""


D = TypeVar("D", bound=Desk)


class Crew(Generic[D]):
    """Processes that each have a desk; a context manager. With none, this process does it all.

    ``sit_down`` makes a desk; it goes to the other processes, as tasks do.
    """

    def __init__(self, sit_down: Callable[[], D], processes: int) -> None:
        self._processes = processes
        self._desk = None if processes else sit_down()
        context = multiprocessing.get_context("spawn")
        self._pool = (
            ProcessPoolExecutor(processes, context, _sit_down, (sit_down,)) if processes else None
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._desk is not None:
            self._desk.close()
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def do(self, work: Callable[[D, Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Yield what comes of each task, in order; few are under way at a time."""
        if self._pool is None:
            assert self._desk is not None
            for task in tasks:
                yield work(self._desk, task)
            return
        waiting: deque[Future[Result]] = deque()
        for task in tasks:
            waiting.append(self._pool.submit(_do, work, task))
            if len(waiting) > self._processes * _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


_desks: list[Any] = []


def _sit_down(sit_down: Callable[[], D]) -> None:
    _desks.append(sit_down())
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process once the one that hands out the work is no more: killed, it tells nobody."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os.kill(os.getpid(), signal.SIGKILL)


def _do(work: Callable[[D, Task], Result], task: Task) -> Result:
    return work(_desks[-1], task)

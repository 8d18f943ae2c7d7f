"""Two ways to start a process of the operating system.

A new Python takes a second or two until it has imported a hub. So Python code is run in a copy of a
Python that has: a process like any other, of its own session, with its own streams and environment.
What has to begin before Python does (its hash seed, another program) is executed anew.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from multiprocessing import connection, forkserver
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import Lock
from typing import Protocol

_PYTHON_CODE = [sys.executable, "-c"]


class Started(Protocol):
    """A process that was started."""

    @property
    def pid(self) -> int:
        """Its process id."""

    def poll(self) -> int | None:
        """Return its exit code, None while it runs."""

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its exit code; raise subprocess.TimeoutExpired."""

    def send_signal(self, sig: int) -> None:
        """Send it a signal."""

    def kill_group(self) -> None:
        """Kill it and all it has started."""


class Executed(subprocess.Popen[bytes]):
    """A program that was executed."""

    def kill_group(self) -> None:
        """Kill it and all it has started."""
        os.killpg(self.pid, signal.SIGKILL)


class Forked:
    """Python code in a copy of a Python that has imported a hub."""

    def __init__(self, process: BaseProcess) -> None:
        self._process = process
        assert process.pid
        self.pid = process.pid
        # Its exit code can be read once only: one thread may wait for it while another kills.
        self._reading = Lock()

    def poll(self) -> int | None:
        """Return its exit code, None while it runs."""
        with self._reading:
            return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its exit code; raise subprocess.TimeoutExpired."""
        connection.wait([self._process.sentinel], timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return code

    def send_signal(self, sig: int) -> None:
        """Send it a signal; one that has ended gets none."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, sig)

    def kill_group(self) -> None:
        """Kill it and all it has started."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            # So young that it heads no group yet.
            self.send_signal(signal.SIGKILL)


def can_be_forked(command: Sequence[str], env: Mapping[str, str]) -> bool:
    """Tell whether a command is Python code that asks nothing of its interpreter."""
    return list(command[:2]) == _PYTHON_CODE and not any(name.startswith("PYTHON") for name in env)


def executed(command: Sequence[str], env: Mapping[str, str], out: Path, err: Path) -> Started:
    """Execute a program."""
    with out.open("wb") as stdout, err.open("wb") as stderr:
        return Executed(
            command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            start_new_session=True,
        )


def forked(command: Sequence[str], env: Mapping[str, str], out: Path, err: Path) -> Started:
    """Run ``python -c CODE ARGUMENT...`` in a copy of a Python that has imported a hub."""
    for stream in (out, err):
        stream.touch()
    process = _copies(env["PYTHONPATH"]).Process(
        target=_become, args=(list(command[2:]), dict(env), str(out), str(err))
    )
    process.start()
    return Forked(process)


@cache
def _copies(path: str) -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["support.preloaded"])
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = path
    try:
        forkserver.ensure_running()
    finally:
        del os.environ["PYTHONPATH"]
        if before is not None:
            os.environ["PYTHONPATH"] = before
    return context


def _become(command: list[str], env: dict[str, str], out: str, err: str) -> None:
    os.setsid()
    for stream, place in enumerate((os.devnull, out, err)):
        opened = os.open(place, os.O_RDWR)
        os.dup2(opened, stream)
        os.close(opened)
    os.environ.clear()
    os.environ.update(env)
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    sys.argv[:] = ["-c", *command[1:]]
    exec(command[0], {"__name__": "__main__"})

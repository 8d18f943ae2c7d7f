"""Real operating-system processes for tests: started together, killed at a moment, always ended.

A child runs a command, or a function of a test module: ``function(write_one, url, 7)``.
"""

from __future__ import annotations

import inspect
import json
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.starting import can_be_forked, executed, forked

REPOSITORY = Path(__file__).parents[2]
CALL = """
import json, runpy, sys
path, name, arguments = sys.argv[1:]
print(json.dumps(runpy.run_path(path)[name](*json.loads(arguments))))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a process ended: its exit code (negative = the signal that ended it) and its words."""

    code: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        """What a function returned, carried as JSON on the last line."""
        assert self.code == 0, self.err
        return json.loads(self.out.splitlines()[-1])


def function(called: Callable[..., object], *arguments: object) -> list[str]:
    """Return the command that calls a module's function with values that JSON can carry."""
    path = inspect.getfile(called)
    return [sys.executable, "-c", CALL, path, called.__name__, json.dumps(arguments)]


def lienthong(*arguments: str) -> list[str]:
    """Return the command of our own command line."""
    return [sys.executable, "-c", "from hub.cli import main; main()", *arguments]


class Process:
    """One process, at the head of a group of its own, its output kept in files."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str] | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="lienthong-process-")
        self._out, self._err = Path(self._folder.name, "out"), Path(self._folder.name, "err")
        start = forked if can_be_forked(command, env or {}) else executed
        self._process = start(command, _environment(env or {}), self._out, self._err)

    @property
    def running(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def out(self) -> str:
        """What it has written so far."""
        return self._out.read_text("utf-8", "replace")

    @property
    def err(self) -> str:
        """What it has complained of so far."""
        return self._err.read_text("utf-8", "replace")

    def await_text(self, text: str, seconds: float = 60) -> str:
        """Wait until it has written something; return the line it stands in."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            ended = not self.running
            for line in (self.out + self.err).splitlines(keepends=True):
                if text in line and line.endswith("\n"):
                    return line.rstrip("\n")
            assert not ended, f"it ended without {text!r}: {self.out}{self.err}"
            time.sleep(0.01)
        pytest.fail(f"no {text!r} in {self.out}{self.err}")

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal: SIGINT is Ctrl-C, SIGTERM a service manager's stop."""
        self._process.send_signal(number)

    def kill(self) -> None:
        """End it and all it has started, at once, as a power cut would."""
        if self.running:
            self._process.kill_group()
        self._process.wait()

    def finish(self, seconds: float = 100) -> Outcome:
        """Wait for its end."""
        code = self._process.wait(timeout=seconds)
        return Outcome(code=code, out=self.out, err=self.err)

    def close(self) -> None:
        """Kill it if it still runs, and forget its output."""
        self.kill()
        self._folder.cleanup()


@contextmanager
def running(
    *commands: Sequence[str], env: Mapping[str, str] | None = None
) -> Iterator[list[Process]]:
    """Give one process per command, all started, and end those that still run."""
    processes: list[Process] = []
    try:
        processes.extend(Process(command, env) for command in commands)
        yield processes
    finally:
        for process in processes:
            process.close()


def run(*commands: Sequence[str], env: Mapping[str, str] | None = None) -> list[Outcome]:
    """Run one process per command at the same time, and wait for all of them."""
    with running(*commands, env=env) as processes:
        return [process.finish() for process in processes]


def _environment(changes: Mapping[str, str]) -> dict[str, str]:
    found = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "tests")])
    # Processes of the Z39.50 server take a second each to start, and most tests are not about them.
    usual = {"PYTHONUNBUFFERED": "1", "LIENTHONG_Z3950__PROCESSES": "1"}
    return {**os.environ, "PYTHONPATH": found, **usual, **changes}

"""What a measure was made on: without it no figure says anything."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

_KIBIBYTE = 1 << 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """The machine as it stood when the measure began."""

    processors: int
    """That this process may use."""
    model: str
    """Of its processors, as it calls itself; empty where that cannot be told."""
    architecture: str
    system: str
    memory_bytes: int
    """0 where that cannot be told."""
    load: float
    """How many processes wanted a processor, on the mean of the minute before."""
    python: str
    program: str
    """The version of this program."""


def machine() -> Machine:
    """Return what can be told of this machine."""
    return Machine(
        processors=processors(),
        model=_told("/proc/cpuinfo", r"model name\s*:\s*(.+)"),
        architecture=platform.machine(),
        system=f"{platform.system()} {platform.release()}",
        memory_bytes=int(_told("/proc/meminfo", r"MemTotal:\s*(\d+) kB") or 0) * _KIBIBYTE,
        load=round(os.getloadavg()[0], 2),
        python=platform.python_version(),
        program=version("lienthong"),
    )


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _told(path: str, pattern: str) -> str:
    try:
        found = re.search(pattern, Path(path).read_text("utf-8", "replace"))
    except OSError:
        return ""
    return found[1].strip() if found else ""

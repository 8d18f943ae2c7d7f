"""What opens a spreadsheet ends with whoever asked for it, however that ended."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from support.processes import function, running

PATIENCE = 10
ENDS = (
    "from harvester.files.sheetchild import end_with; import sys, time; end_with(int(sys.argv[1]))"
)
STAYS = f"{ENDS}; print('tied', flush=True); time.sleep(600)"


def start_and_stay() -> None:
    """Start a process tied to this one, as what opens a spreadsheet is, and stay."""
    command = [sys.executable, "-c", STAYS, str(os.getpid())]
    child = subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    child.stdout.readline()
    print(f"child {child.pid}", flush=True)
    time.sleep(600)


def test_what_opens_a_spreadsheet_ends_with_a_killed_parent() -> None:
    with running(function(start_and_stay)) as [parent]:
        child = int(parent.await_text("child ").split()[1])
        assert _runs(child)
        parent.kill()
        give_up = time.monotonic() + PATIENCE
        while _runs(child) and time.monotonic() < give_up:
            time.sleep(0.05)

    assert not _runs(child)


def _runs(process: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{process}/status").read_text()
    except OSError:
        return False

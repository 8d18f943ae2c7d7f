"""A background job as its own process does it, to be killed at any step."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any

from catalogue.database import Database
from catalogue.model import HubIdentity
from catalogue.raw import FolderRawStore
from scheduler.model import Line
from support.harvesting import LOOPBACK

STEP_DONE = "one step done"


def do_due(work: Callable[..., Any], url: str, folder: str, rest: float) -> int:
    """Do a job, telling each step of four and resting after it; return how much changed."""

    def tell(_: object) -> None:
        print(STEP_DONE, flush=True)
        time.sleep(rest)

    database = Database.open(url)
    line = Line(
        db=database,
        raw_store=FolderRawStore(Path(folder)),
        identity=HubIdentity(),
        http=LOOPBACK,
    )
    done = work(line, Event(), tell, 4)
    database.close()
    return done.changed if done else -1

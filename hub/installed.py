"""What this hub is made of, as the page about the system shows it: told once, at the start."""

from __future__ import annotations

import os
import platform
import time
from importlib.metadata import version

from hub.instance import Hub
from hub.settings import effective
from web.staff.room import Installed

DISTRIBUTION = "lienthong"


def installed(hub: Hub) -> Installed:
    """Return the version, the folders and the settings that hold."""
    settings = hub.settings
    return Installed(
        version=version(DISTRIBUTION),
        python=platform.python_version(),
        process=os.getpid(),
        started=int(time.time()),
        folder=settings.folder.resolve(),
        raw=settings.raw_folder.resolve() if settings.raw.store == "folder" else None,
        settings=tuple(effective(hub.environment)),
    )

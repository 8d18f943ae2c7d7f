"""What the scheduler refuses."""

from __future__ import annotations

from crosswalks.errors import Error


class SchedulerError(Error):
    """The work could not be done: {reason}"""


class AlreadyRunning(SchedulerError):
    """Source {name} is being harvested by another worker. Wait until it has ended:
    lienthong runs list
    """

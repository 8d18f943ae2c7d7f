"""What can be wrong with the survey of libraries that want to join."""

from __future__ import annotations

from typing import ClassVar

from scheduler.errors import SchedulerError


class SurveyUnreadable(SchedulerError):
    """The questions of the survey cannot be read from {file}: {reason}. Correct the file, or leave
    [joining] survey empty for those that come with the program.
    """


class BadAnswers(SchedulerError):
    """The survey is not filled in as it has to be: {wrong}. Correct these answers and send it
    again.
    """

    wrong_use: ClassVar[bool] = True


class NoPublicFiles(SchedulerError):
    """An applicant cannot name files of the hub's own machine: {address}. Leave the address empty
    and send the files to the staff.
    """

    wrong_use: ClassVar[bool] = True

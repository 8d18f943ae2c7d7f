"""What the scheduler refuses."""

from __future__ import annotations

from typing import ClassVar

from crosswalks.errors import Error


class SchedulerError(Error):
    """The work could not be done: {reason}"""


class AlreadyRunning(SchedulerError):
    """Source {name} is being harvested by another worker. Wait until it has ended:
    lienthong runs list
    """


class LibraryLeft(SchedulerError):
    """Source {name} is not harvested: its library {library} has left. If it comes back, first run:
    lienthong libraries restore {library}
    """


class StoppedBySomebody(SchedulerError):
    """Somebody stopped this run. What had come is kept; go on with: lienthong runs resume {run}"""


class NothingToStop(SchedulerError):
    """No harvest of {source} is under way or queued. See the runs with: lienthong runs list"""

    wrong_use: ClassVar[bool] = True


class NothingToResume(SchedulerError):
    """Run {run} did not break off, or cannot be gone on with. Harvest what is new with:
    lienthong harvest {source}
    """

    wrong_use: ClassVar[bool] = True


class NotTheLatest(SchedulerError):
    """Run {run} is not the latest of {source}: only that can be gone on with, by
    lienthong runs resume {latest}
    """

    wrong_use: ClassVar[bool] = True


class NoDates(SchedulerError):
    """Between which dates is what was changed to be fetched again? Give the first day, the last
    one, or both.
    """

    wrong_use: ClassVar[bool] = True


class DatesTurned(SchedulerError):
    """{start} is later than {until}, so nothing can lie between. Give the earlier day first."""

    wrong_use: ClassVar[bool] = True


class NotByDates(SchedulerError):
    """Source {name} does not list its records by dates; only OAI-PMH does. Ask for everything from
    the beginning.
    """

    wrong_use: ClassVar[bool] = True


class UnexpectedFailure(SchedulerError):
    """The program itself failed: {reason}. What had come is kept. Harvest again; if it stays,
    send this message to those who keep the hub.
    """


class BadSchedule(SchedulerError):
    """{words} is not a schedule. Write it like one of these, or leave it empty to harvest by hand:
    every 15 minutes; every 2 hours; daily 02:30; mondays, thursdays 02:30; first of the month
    02:30; on the 15th 02:30; last of the month 02:30; cron 30 2 * * 1-5
    """

    wrong_use: ClassVar[bool] = True


class NoSuchDay(BadSchedule):
    """{words}: not every month has a day {day}. Write a day from 1 to 28, or for the last day of
    each month: last of the month 02:30
    """


class BadCron(BadSchedule):
    """{words} is not a schedule of cron: look at '{part}'. Write five parts after cron: minute
    (0-59), hour (0-23), day of the month (1-31), month (1-12) and day of the week (0-7, 0 and 7
    are Sunday), like: cron 30 2 * * 1-5
    """


class BadMoment(SchedulerError):
    """{words} is not a moment. Write a time of day, 06:00, for the next one, or a date with it:
    2026-12-31 06:00 or 31/12/2026 06:00. It is meant in the time zone {zone}.
    """

    wrong_use: ClassVar[bool] = True


class RebuildBusy(SchedulerError):
    """Another process places records just now. Try again when it has ended, or stop it first."""


class PolicyEffectBusy(SchedulerError):
    """Another process is working out what the matching policy {version} would do. Wait until it has
    ended.
    """


class EffectBusy(SchedulerError):
    """The effect of crosswalk {name} is being worked out by another process. Wait until it has
    ended.
    """


class RetryBusy(SchedulerError):
    """Another process reads again what is in quarantine. Wait until it has ended, then see what is
    left with: lienthong records quarantine list
    """


class QuietHoursBegun(SchedulerError):
    """The quiet hours of source {name} have begun, so this harvest ended after its page. It goes on
    by itself at {until}.
    """


class MaintenanceBegun(SchedulerError):
    """All harvests are paused for maintenance, so that of source {name} ended after its page. It
    goes on by itself afterwards; see until when with: lienthong clock next
    """


class SourcePaused(SchedulerError):
    """Source {name} was paused, so this harvest ended after its page. Let it go on with:
    lienthong sources resume {name}
    """


class ReportBusy(SchedulerError):
    """The report of {name} is being made just now. See it in a moment with: lienthong reports show
    {name}
    """


class DumpBusy(SchedulerError):
    """A dump of {name} is being made just now. See when it is there with: lienthong export list"""


class MailNotSet(SchedulerError):
    """No mail can be sent: the hub knows no mail server. Name it as [mail] host in
    instance/lienthong.toml, or as LIENTHONG_MAIL__HOST. What waits is sent once it is known.
    """


class MailWithoutPassword(SchedulerError):
    """The credentials {name} that [mail] credentials names are no user name and password. Keep such
    with: lienthong sources credentials set {name} --kind basic --user NAME
    """

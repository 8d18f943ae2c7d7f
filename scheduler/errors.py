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


class UnexpectedFailure(SchedulerError):
    """The program itself failed: {reason}. What had come is kept. Harvest again; if it stays,
    send this message to those who keep the hub.
    """


class BadSchedule(SchedulerError):
    """{words} is not a schedule. Write 'every 15 minutes', 'every 6 hours' or 'daily 02:30', or
    leave it empty to harvest by hand.
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


class SourcePaused(SchedulerError):
    """Source {name} was paused, so this harvest ended after its page. Let it go on with:
    lienthong sources resume {name}
    """


class MailNotSet(SchedulerError):
    """No mail can be sent: the hub knows no mail server. Name it as [mail] host in
    instance/lienthong.toml, or as LIENTHONG_MAIL__HOST. What waits is sent once it is known.
    """


class MailWithoutPassword(SchedulerError):
    """The credentials {name} that [mail] credentials names are no user name and password. Keep such
    with: lienthong sources credentials set {name} --kind basic --user NAME
    """

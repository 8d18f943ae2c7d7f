"""What comes next, in words, for the command line and the staff pages alike."""

from __future__ import annotations

from scheduler.upcoming import Next, Outlook, Reason
from web.language import Translate, mark

CHORES = {
    "prune": mark("removing what need not be kept any longer"),
    "reindex": mark("making the search index again"),
    "dump": mark("the dumps of the settings"),
    "report": mark("the report of the last month"),
    "quality": mark("counting how complete records are"),
}
"""What the hub does for itself, by kind."""
_REMARKS = {
    Reason.PAUSED: mark("paused: it waits until somebody resumes the source"),
    Reason.MAINTENANCE: mark("it waits for the end of the maintenance"),
    Reason.QUIET: mark("it waits for the end of the quiet hours"),
    Reason.UNREADABLE: mark("its schedule cannot be read; give it another"),
}


def what(each: Next, translate: Translate) -> str:
    """Return what it is that comes."""
    return each.source or translate(CHORES[each.kind])


def remark(each: Next, translate: Translate) -> str:
    """Return what stands against it, or where it is already; empty where all is as usual."""
    if each.reason:
        return translate(_REMARKS[each.reason])
    return translate("in the queue") if each.queued else ""


def clock_word(found: Outlook, translate: Translate) -> str:
    """Return whether a clock runs."""
    if found.led:
        return translate("a clock runs")
    return translate("no clock runs: start one with lienthong serve --all or lienthong clock")

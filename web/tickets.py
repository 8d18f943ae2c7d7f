"""What is said of reports of errors, the same for readers, members, staff and commands."""

from __future__ import annotations

from catalogue.tickets.model import Kind, State
from web.language import mark

KINDS = {
    Kind.DESCRIPTION: mark("the description is wrong (title, author, year, subject)"),
    Kind.HOLDING: mark("a library does not have it, or keeps it elsewhere"),
    Kind.LINK: mark("a link does not work, or leads elsewhere"),
    Kind.MIXED: mark("two different publications are shown as one"),
    Kind.DOUBLE: mark("the same publication is in the catalogue twice"),
    Kind.OTHER: mark("something else"),
}
STATES = {
    State.OPEN: mark("not looked at yet"),
    State.LOOKING: mark("being looked at"),
    State.MENDED: mark("mended"),
    State.NO_ERROR: mark("not an error"),
}
BADGES = {
    State.OPEN: "warning",
    State.LOOKING: "queued",
    State.MENDED: "ok",
    State.NO_ERROR: "off",
}
"""How states look on staff pages."""
UNTITLED = mark("Untitled")

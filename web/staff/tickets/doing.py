"""What the pages of tickets, staff's and members', read of their addresses and forms."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import request

from catalogue.database import Database
from catalogue.tickets import working
from catalogue.tickets.model import By, State, Ticket, Wanted
from web.numbers import whole
from web.tickets import BADGES, KINDS, STATES

PER_PAGE = 50
ALL = "all"
NOT_FINISHED = ""


def wanted(library: str) -> Wanted:
    """Return which tickets an address asks for, one more than a page shows."""
    state = request.args.get("state", "")
    return Wanted(
        state=State(state) if state in set(State) else None,
        finished=state == ALL,
        library=library,
        before=whole(request.args.get("before", "")),
        limit=PER_PAGE + 1,
    )


def page(found: list[Ticket]) -> dict[str, Any]:
    """Return what a template needs for a page of a list."""
    state = request.args.get("state", "")
    return {
        "found": found[:PER_PAGE],
        "more": found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
        "state": state if state == ALL or state in set(State) else NOT_FINISHED,
        **said(),
    }


def said() -> dict[str, Any]:
    """Return the words of all pages of tickets."""
    return {"kinds": KINDS, "states": STATES, "badges": BADGES}


def done(database: Database, number: int, by: By) -> bool:
    """Do what the form asks for, and tell whether that was new: a note, or another state.

    Raises what ``working`` does.
    """
    was, given = request.form.get("was", ""), request.form.get("state", "")
    text = request.form.get("text", "")
    # What cannot be read fits no revision there is.
    seen = whole(request.form.get("seen", ""))
    by = replace(by, seen=-1 if seen is None else seen)
    if given in set(State) and given != was:
        return working.move(database, number, State(given), text, by)
    return working.note(database, number, text, by)

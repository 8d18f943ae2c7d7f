"""What staff see and do: sources, harvests, matching, what is given out, and who may sign in.

One folder per screen group, with the same file names in each. Everything works by plain forms;
htmx only keeps pages up to date while something runs.
"""

from __future__ import annotations

from flask import Flask

from web.staff import (
    access,
    alerts,
    clock,
    consumers,
    deliveries,
    entry,
    failures,
    hidden,
    holdings,
    home,
    live,
    matches,
    members,
    people,
    policy,
    quarantine,
    reports,
    runs,
    sets,
    sources,
    standing,
    uploads,
    words,
)
from web.staff.room import StaffRoom, furnish

_GROUPS = (
    *(entry, home, alerts, sources, runs, clock, deliveries, quarantine, holdings, matches, policy),
    *(members, sets, consumers, hidden, reports, standing, live, people),
)
for _group in _GROUPS:
    access.guard(_group.blueprint)
    words.teach(_group.blueprint)
    failures.explain(_group.blueprint)


def install(app: Flask, room: StaffRoom) -> None:
    """Add the staff pages to an application."""
    furnish(app, room)
    uploads.install(app)
    access.install(app, room.session_key)
    for group in _GROUPS:
        app.register_blueprint(group.blueprint)

"""What staff see and do: sources, harvests, matching, what is given out, and who may sign in.

One folder per screen group, with the same file names in each. Everything works by plain forms;
htmx only keeps pages up to date while something runs.
"""

from __future__ import annotations

from flask import Blueprint, Flask

from web.staff import (
    access,
    alerts,
    audit,
    authorities,
    clock,
    consumers,
    corrections,
    crosswalks,
    deliveries,
    dumps,
    entry,
    failures,
    hidden,
    holdings,
    home,
    joining,
    live,
    matches,
    members,
    people,
    policy,
    problems,
    publishing,
    quarantine,
    reports,
    runs,
    sets,
    sources,
    standing,
    system,
    tickets,
    uploads,
    wording,
    words,
)
from web.staff.room import StaffRoom, furnish

_DOORS = {"staff": "/staff", "member": "/member"}
_GROUPS = (
    *(entry, home, alerts, sources, runs, clock, deliveries, quarantine, holdings, matches, policy),
    *(problems, crosswalks, corrections, members, joining, sets, consumers, hidden, reports),
    tickets,
    *(authorities, publishing, dumps, standing, live, people, audit, wording, system),
)


def guard(blueprint: Blueprint) -> None:
    """Put a blueprint behind a door, with the words and the failures of what is there."""
    access.guard(blueprint)
    words.teach(blueprint)
    failures.explain(blueprint)


for _group in _GROUPS:
    guard(_group.blueprint)


def install(app: Flask, room: StaffRoom) -> None:
    """Add the staff pages to an application."""
    furnish(app, room)
    uploads.install(app)
    access.install(app, room.session_key)
    for group in _GROUPS:
        if group is not entry:
            app.register_blueprint(group.blueprint)
    for name, address in _DOORS.items():
        app.register_blueprint(entry.blueprint, name=name, url_prefix=address)

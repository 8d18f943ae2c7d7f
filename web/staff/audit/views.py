"""``/staff/audit`` lists who changed what, the newest first, with what was and what is."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, render_template, request

from catalogue import users
from catalogue.audit import store
from catalogue.audit.acting import Way
from catalogue.audit.store import Entry, Wanted
from catalogue.users import Role
from web.language import mark
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.audit.words import FIELDS, KINDS
from web.staff.permissions import label
from web.staff.room import current_room

blueprint = Blueprint("audit", __name__, url_prefix="/staff", template_folder="../templates")

PER_PAGE = 50


@blueprint.get("/audit")
@access.needs(Role.ADMIN)
def listing() -> str:
    """Show what was changed, by one person or one kind of thing or all, a page at a time."""
    database = current_site().database
    before = request.args.get("before", type=int)
    asked = {name: request.args.get(name, "").strip() for name in ("who", "kind", "object")}
    day = request.args.get("day", "")
    since, until = _day(day)
    wanted = Wanted(**asked, since=since, until=until)
    found = store.entries(
        database,
        wanted,
        limit=PER_PAGE + 1,
        before=None if before is None else access.fitting(before),
    )
    return render_template(
        "staff/audit/list.html",
        entries=found[:PER_PAGE],
        older=found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
        asked=asked | {"day": day if since else ""},
        kinds=KINDS,
        names=[user.name for user in users.all(database)],
        done=done,
        side=side,
        fields=FIELDS,
    )


def done(entry: Entry) -> str:
    """Return what was done, as a message; of a command, as it was given."""
    return label(entry.act) if entry.way == Way.WEB else entry.act


def side(value: Any) -> str:
    """Return one side of what differs, as people read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return words()(mark("yes") if value else mark("no"))
    return value if isinstance(value, str) else str(value)


def _day(told: str) -> tuple[int, int]:
    """Return a day's beginning and end in the hub's time zone, epoch seconds; 0, 0 for none."""
    try:
        begins = datetime.strptime(told, "%Y-%m-%d").replace(tzinfo=current_room().line.zone)
        return int(begins.timestamp()), int((begins + timedelta(days=1)).timestamp())
    except (ValueError, OverflowError):
        return 0, 0

"""``/staff/quarantine``: by source and reason, and each version as it was delivered."""

from __future__ import annotations

import re
from http import HTTPStatus
from threading import Event

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalogue import quarantine, quarantine_lists
from catalogue.users import Role
from scheduler.retry import retry_now
from web.attached import attached
from web.language import mark
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.room import current_room
from web.staff.shown import MOST, shown

blueprint = Blueprint(
    "quarantine", __name__, url_prefix="/staff/quarantine", template_folder="../templates"
)

PER_PAGE = 50
AT_ONCE = 1000
"""So many are read again while somebody waits; more by command."""
_READ = mark("Read again: {read} can be read now, {left} still cannot.")
_STRANGE = re.compile(r"[^A-Za-z0-9._-]+")


@blueprint.get("")
def listing() -> str:
    """Show how many versions are kept aside, by source and reason."""
    found = quarantine_lists.reasons(current_site().database)
    return render_template("staff/quarantine/list.html", reasons=found)


@blueprint.get("/source/<name>")
def of_source(name: str) -> str:
    """Show what is kept aside of a source, for one reason or for any, a page at a time."""
    database, code = current_site().database, request.args.get("reason", "")
    after = request.args.get("after", 0, type=int)
    found = quarantine_lists.lines(database, name, code, access.fitting(after), PER_PAGE + 1)
    count = quarantine.count(database, name)
    return render_template(
        "staff/quarantine/source.html",
        name=name,
        reason=code,
        lines=found[:PER_PAGE],
        more=found[PER_PAGE - 1].key if len(found) > PER_PAGE else None,
        count=count,
        at_once=AT_ONCE,
    )


@blueprint.get("/record/<int:key>")
def record(key: int) -> str:
    """Show one version: why it could not be read, where it lies, and its bytes."""
    found = _found(key)
    return render_template(
        "staff/quarantine/record.html",
        found=found,
        raw=shown(found.raw),
        cut=len(found.raw) > MOST,
    )


@blueprint.get("/record/<int:key>/raw")
def raw(key: int) -> Response:
    """Give the bytes as they were delivered, as a file to keep and never to open here."""
    found = _found(key)
    name = _STRANGE.sub("-", found.identifier).strip("-")[:80] or "record"
    answer = Response(found.raw, mimetype="application/octet-stream")
    return attached(answer, f"{name}.bin")


@blueprint.post("/record/<int:key>/retry")
@access.needs(Role.CATALOGUER)
def retry(key: int) -> AnyResponse:
    """Read one version again."""
    line = quarantine_lists.line(current_site().database, access.fitting(key))
    done = retry_now(current_room().line, [line.source], Event(), key=key)
    flash(words()(_READ).format(read=done.read, left=done.left))
    if done.left:
        return redirect(url_for("quarantine.record", key=key))
    return redirect(url_for("quarantine.of_source", name=line.source))


@blueprint.post("/source/<name>/retry")
@access.needs(Role.CATALOGUER)
def retry_all(name: str) -> AnyResponse:
    """Read again what is kept aside of a source, where that takes no longer than one can wait."""
    if quarantine.count(current_site().database, name) > AT_ONCE:
        abort(HTTPStatus.CONFLICT)
    done = retry_now(current_room().line, [name], Event())
    flash(words()(_READ).format(read=done.read, left=done.left))
    return redirect(url_for("quarantine.of_source", name=name))


def _found(key: int) -> quarantine.Quarantined:
    database = current_site().database
    line = quarantine_lists.line(database, access.fitting(key))
    return quarantine.get(database, line.source, line.identifier)

"""``/member/records/<key>``: one of a library's own records, as delivered and as understood."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import NamedTuple

from flask import Response, abort, render_template

from catalogue import owned, quarantine, records, source_records
from catalogue.errors import NotInQuarantine
from catalogue.model import StoredRecord
from catalogue.source_records import RecordStory
from catalogue.users import Role
from crosswalks import trials
from web.attached import attached
from web.member.room import blueprint
from web.member.systems import steps, system_for
from web.site import current_site
from web.staff import access
from web.staff.shown import MOST, shown
from web.staff.sources.words import STATES

_STRANGE = re.compile(r"[^A-Za-z0-9._-]+")


class _Own(NamedTuple):
    """A record of one's own, with the version that was delivered last."""

    story: RecordStory
    stored: StoredRecord
    raw: bytes
    refused: bool
    """Whether that version could not be read."""


@blueprint.get("/records/<int:key>")
@access.needs(Role.MEMBER)
def record(key: int) -> str:
    """Show a record: what was delivered, what was made of it, what is wrong, where it is public."""
    found = _found(key)
    source = found.story.line.source
    system = system_for(current_site().database, access.me().library, source)
    problems = found.stored.problems
    return render_template(
        "member/record.html",
        story=found.story,
        problems=[(each, steps(each["code"], system)) for each in problems],
        raw=shown(found.raw),
        cut=len(found.raw) > MOST,
        refused=found.refused,
        mapped="\n".join(trials.lines(found.stored.record)) if found.stored.record else "",
        states=STATES,
    )


@blueprint.get("/records/<int:key>/raw")
@access.needs(Role.MEMBER)
def raw(key: int) -> Response:
    """Give the record's bytes as they were delivered last, never to be opened here."""
    found = _found(key)
    name = _STRANGE.sub("-", found.stored.identifier).strip("-")[:80] or "record"
    return attached(Response(found.raw, mimetype="application/octet-stream"), f"{name}.bin")


def _found(key: int) -> _Own:
    database = current_site().database
    source = owned.source_of_record(database, access.me().library, access.fitting(key))
    if source is None:
        abort(HTTPStatus.NOT_FOUND)
    story = source_records.story(database, source, key)
    stored = records.get(database, source, story.line.identifier)
    if stored.id != key:
        # Its source was taken over by another in this very moment.
        abort(HTTPStatus.NOT_FOUND)
    try:
        aside = quarantine.get(database, source, stored.identifier)
    except NotInQuarantine:
        return _Own(story, stored, stored.raw, refused=False)
    return _Own(story, stored, aside.raw, refused=True)

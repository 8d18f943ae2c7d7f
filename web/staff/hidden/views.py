"""``/staff/hidden``: what is hidden and why; a record, a field or a cluster is hidden at once."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from catalogue.cluster.place import place_first
from catalogue.membership import suppressing
from catalogue.membership.hiding import Kind
from catalogue.membership.standing import By
from catalogue.membership.suppressing import Target
from catalogue.users import Role
from crosswalks.errors import Error
from scheduler.moments import moment
from web.hidden import KINDS
from web.language import mark, message
from web.numbers import whole
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.room import current_room

blueprint = Blueprint(
    "hidden", __name__, url_prefix="/staff/hidden", template_folder="../templates"
)

SHOWN = 50
_HIDDEN = mark("Hidden at every door from now on: records {records}.")
_LIFTED = mark("Shown again at every door.")
_LIFTED_BEFORE = mark("Somebody had shown it again already; nothing was changed.")


@blueprint.get("")
def listing() -> str:
    """List what is hidden, or all that ever was, and ask for more."""
    return _page(request.args.get("kind", ""), request.args.get("name", ""))


@blueprint.post("/add")
@access.needs(Role.OPERATOR)
def add() -> Response | tuple[str, int]:
    """Hide something at once."""
    database, form = current_site().database, request.form
    try:
        target, until = _target(form), _until(form.get("until", ""))
        if number := _same(target):
            # Pressed twice.
            records = suppressing.records_of(database, number)
        else:
            by = By(person=access.me().name, reason=form.get("reason", ""))
            number = suppressing.suppress(database, target, by, until)
            records = suppressing.records_of(database, number)
            place_first(database, current_site().identity, records)
    except Error as error:
        return _page(refused=message(error, words())), HTTPStatus.BAD_REQUEST
    flash(words()(_HIDDEN).format(records=len(records)))
    return redirect(url_for("hidden.listing"))


@blueprint.post("/<int:number>/lift")
@access.needs(Role.OPERATOR)
def lift(number: int) -> Response:
    """Show something again at once."""
    database = current_site().database
    lifted = suppressing.lift(database, access.fitting(number), access.me().name)
    records = suppressing.records_of(database, number)
    place_first(database, current_site().identity, records)
    flash(words()(_LIFTED if lifted else _LIFTED_BEFORE))
    return redirect(url_for("hidden.listing"))


def _target(form: MultiDict[str, str]) -> Target:
    kind = form.get("kind", "")
    return Target(
        kind=Kind(kind) if kind in KINDS else Kind.RECORD,
        name=form.get("name", "").strip(),
        field=form.get("field", "").strip(),
        value=form.get("value", "").strip(),
    )


def _same(target: Target) -> int:
    """Return the number of the latest suppression if it is the same, in force, else 0."""
    latest = suppressing.all(current_site().database, limit=1)
    return latest[0].id if latest and latest[0].target == target else 0


def _until(text: str) -> int | None:
    if not text.strip():
        return None
    return int(moment(text, current_room().line.zone, datetime.now(UTC)).timestamp())


def _page(kind: str = "", name: str = "", refused: str = "") -> str:
    lifted = request.args.get("all") == "1"
    found = suppressing.all(
        current_site().database,
        lifted=lifted,
        before=whole(request.args.get("before", "")),
        limit=SHOWN + 1,
    )
    return render_template(
        "staff/hidden/list.html",
        found=found[:SHOWN],
        more=found[SHOWN - 1].id if len(found) > SHOWN else 0,
        lifted=lifted,
        kinds=KINDS,
        given=request.form if refused else {"kind": kind, "name": name},
        refused=refused,
    )

"""``/member/hold/<id>``: a library says that it has a record, or has it no more."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import browse, libraries
from catalogue.browse import PublicRecord
from catalogue.holdings import one
from catalogue.holdings.one import LONGEST, Having, Place
from catalogue.improved import giving
from catalogue.users import Role
from crosswalks.errors import Error
from crosswalks.model import Record
from web.holdings import FOUND
from web.language import mark, message
from web.member.room import blueprint
from web.public import display
from web.site import current_site
from web.speech import words
from web.staff import access

_HELD = mark("Your library is shown as having it within minutes.")
_ALREADY = mark("You had said just that before.")
_DROPPED = mark("Your library is shown as having it no more within minutes.")


def address(public_id: str) -> str:
    """Return where a library says that it has a record."""
    return url_for("own.hold", public_id=public_id)


@blueprint.get("/hold/<public_id>")
@access.needs(Role.MEMBER)
def hold(public_id: str) -> str | Response:
    """Show what one's library has of a record, and ask for what it has beside."""
    found = _shown(public_id)
    if found.record is None:
        return redirect(url_for("own.hold", public_id=found.successor))
    return _page(public_id, found.record, found)


@blueprint.post("/hold/<public_id>")
@access.needs(Role.MEMBER)
def say_held(public_id: str) -> Response | tuple[str, int]:
    """Say that one's library has it; the same twice is once."""
    found, site = _shown(public_id), current_site()
    if found.record is None:
        return redirect(url_for("own.hold", public_id=found.successor))
    names = Having.__slots__
    said = Having(**{name: request.form.get(name, "") for name in names})
    try:
        is_new = one.hold(site.database, site.identity, _place(public_id), said, access.me().name)
    except Error as error:
        page = _page(public_id, found.record, found, said, message(error, words()))
        return page, HTTPStatus.BAD_REQUEST
    flash(words()(_HELD if is_new else _ALREADY))
    return redirect(url_for("own.hold", public_id=public_id))


@blueprint.post("/hold/<public_id>/drop")
@access.needs(Role.MEMBER)
def say_dropped(public_id: str) -> Response:
    """Take back what was said; pressed twice it is gone once."""
    identity = request.form.get("identity", "")
    if identity:
        one.drop(current_site().database, _place(public_id), identity)
        flash(words()(_DROPPED))
    return redirect(url_for("own.hold", public_id=public_id))


def _place(public_id: str) -> Place:
    return Place(library=access.me().library, public_id=public_id)


def _shown(public_id: str) -> PublicRecord:
    """Return a record as members see it, or answer that there is none, or none any more."""
    database = current_site().database
    found = browse.public_record(database, public_id, giving.members_view(database))
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    if found.record is None and not found.successor:
        abort(HTTPStatus.GONE)
    return found


def _page(
    public_id: str,
    record: Record,
    found: PublicRecord,
    given: Having | None = None,
    refused: str = "",
) -> str:
    database, place = current_site().database, _place(public_id)
    library = libraries.get(database, place.library)
    told = one.told(database, place)
    by_hand = {each.identity for each in told}
    return render_template(
        "member/hold.html",
        public_id=public_id,
        title=display.title(record),
        library=library,
        told=told,
        kinds=FOUND,
        others=[
            each
            for each in found.holdings
            if each.library == library.code and each.identifier not in by_hand
        ],
        given=given or Having(),
        longest=LONGEST,
        refused=refused,
    )

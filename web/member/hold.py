"""``/member/hold/<id>``: a library says that it has a record, or has it no more."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import libraries
from catalogue.holdings import one
from catalogue.holdings.one import LONGEST, Having, Place
from catalogue.improved import giving
from catalogue.users import Role
from crosswalks.errors import Error
from web.holdings import FOUND
from web.language import mark, message
from web.member.room import blueprint
from web.public import display, lookup
from web.public.lookup import Found
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
def hold(public_id: str) -> str:
    """Show what one's library has of a record, and ask for what it has beside."""
    return _page(_shown(public_id))


@blueprint.post("/hold/<public_id>")
@access.needs(Role.MEMBER)
def say_held(public_id: str) -> Response | tuple[str, int]:
    """Say that one's library has it; the same twice is once."""
    found, site = _shown(public_id), current_site()
    names = Having.__slots__
    said = Having(**{name: request.form.get(name, "") for name in names})
    try:
        is_new = one.hold(site.database, site.identity, _place(public_id), said, access.me().name)
    except Error as error:
        return _page(found, said, message(error, words())), HTTPStatus.BAD_REQUEST
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


def _shown(public_id: str) -> Found:
    """Return a record as members see it, or end the request."""
    return lookup.found(public_id, giving.members_view(current_site().database), "own.hold")


def _page(found: Found, given: Having | None = None, refused: str = "") -> str:
    database, place = current_site().database, _place(found.public_id)
    library = libraries.get(database, place.library)
    told = one.told(database, place)
    by_hand = {each.identity for each in told}
    return render_template(
        "member/hold.html",
        public_id=found.public_id,
        title=display.title(found.record),
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

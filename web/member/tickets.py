"""``/member/tickets``: what readers reported of records of one's library, and of no other's."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue.tickets import looking
from catalogue.tickets.model import By
from catalogue.users import Role
from crosswalks.errors import Error
from web.language import message
from web.member.room import blueprint
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.tickets import doing
from web.staff.tickets.views import KEPT, SAME
from web.tickets import STATES


@blueprint.get("/tickets")
@access.needs(Role.MEMBER)
def tickets() -> str:
    """List the reports that concern one's library, the newest first."""
    wanted = doing.wanted(access.me().library)
    found = looking.listing(current_site().database, wanted)
    return render_template("member/tickets.html", **doing.page(found))


@blueprint.get("/tickets/<int:number>")
@access.needs(Role.MEMBER)
def ticket(number: int) -> str:
    """Show a report that concerns one's library."""
    return _page(number)


@blueprint.post("/tickets/<int:number>")
@access.needs(Role.MEMBER)
def change_ticket(number: int) -> Response | tuple[str, int]:
    """Keep a note, or say how far it is, unless somebody else did meanwhile."""
    me, database = access.me(), current_site().database
    # Before anything else: of what is not theirs they learn nothing.
    looking.get(database, access.fitting(number), me.library)
    try:
        new = doing.done(database, number, By(person=me.name, library=me.library))
    except Error as error:
        return _page(number, message(error, words())), HTTPStatus.BAD_REQUEST
    flash(words()(KEPT if new else SAME).format(number=number))
    return redirect(url_for("own.ticket", number=number))


def _page(number: int, refused: str = "") -> str:
    found = looking.get(current_site().database, access.fitting(number), access.me().library)
    ticket = found.ticket
    alone = len(ticket.libraries) == 1
    return render_template(
        "member/ticket.html",
        whole=found,
        # What concerns others too, staff close.
        choices={
            each: word
            for each, word in STATES.items()
            if alone or not each.is_closed or each is ticket.state
        },
        refused=refused,
        given=request.form,
        **doing.said(),
    )

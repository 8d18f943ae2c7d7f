"""``/staff/tickets``: what readers reported, what is done about it, and the answer at the end."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import libraries
from catalogue.tickets import looking
from catalogue.tickets.model import By
from catalogue.users import Role
from crosswalks.errors import Error
from web.language import mark, message
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.tickets import doing

blueprint = Blueprint(
    "tickets", __name__, url_prefix="/staff/tickets", template_folder="../templates"
)

KEPT = mark("Report {number} is kept as you said.")
SAME = mark("Report {number} was like that already; nothing was changed.")


@blueprint.get("")
def listing() -> str:
    """List reports, the newest first: those to work on, of a state, of a library, or all."""
    database, library = current_site().database, request.args.get("library", "")
    return render_template(
        "staff/tickets/list.html",
        library=library,
        libraries=libraries.all(database),
        **doing.page(looking.listing(database, doing.wanted(library))),
    )


@blueprint.get("/<int:number>")
def show(number: int) -> str:
    """Show a report with the record that it is about, and what was done."""
    return _page(number)


@blueprint.post("/<int:number>")
@access.needs(Role.CATALOGUER)
def change(number: int) -> Response | tuple[str, int]:
    """Keep a note, or say how far it is, unless somebody else did meanwhile."""
    try:
        by = By(person=access.me().name)
        new = doing.done(current_site().database, access.fitting(number), by)
    except Error as error:
        return _page(number, message(error, words())), HTTPStatus.BAD_REQUEST
    flash(words()(KEPT if new else SAME).format(number=number))
    return redirect(url_for("tickets.show", number=number))


def _page(number: int, refused: str = "") -> str:
    return render_template(
        "staff/tickets/show.html",
        whole=looking.get(current_site().database, access.fitting(number)),
        refused=refused,
        given=request.form,
        **doing.said(),
    )

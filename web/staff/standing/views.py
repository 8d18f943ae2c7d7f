"""``/staff/standing/<code>``: hide a library for a time or for good, or show it again."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import libraries
from catalogue.cluster.place import waiting
from catalogue.membership.effect import effect
from catalogue.membership.model import Membership
from catalogue.membership.standing import By, history, set_standing
from catalogue.users import Role
from crosswalks.errors import Error
from web.hidden import STANDINGS, WORDS
from web.language import mark, message
from web.site import current_site
from web.speech import words
from web.staff import access

blueprint = Blueprint(
    "standing", __name__, url_prefix="/staff/standing", template_folder="../templates"
)

_WAITING = 100_000
"""Records that wait are counted no further."""
_DONE = mark("{name} is {standing} from now on. A worker brings all doors in line.")
_SAME = mark("{name} was {standing} already; nothing was changed.")
_MEANWHILE = mark("Somebody changed how {name} stands since you opened this page. Look again.")


@blueprint.get("/<code>")
def show(code: str) -> str:
    """Show how a library stands, what it has in the catalogue, and what may be done."""
    return _page(code)


@blueprint.post("/<code>")
@access.needs(Role.OPERATOR)
def change(code: str) -> Response | tuple[str, int]:
    """Hide a library, or show it."""
    database, form = current_site().database, request.form
    library = libraries.get(database, code)
    wanted = form.get("standing", "")
    after = Membership(wanted) if wanted in STANDINGS else library.standing
    name, say = library.name or library.code, words()
    if form.get("seen") != library.standing and library.standing is not after:
        return _page(code, say(_MEANWHILE).format(name=name)), HTTPStatus.CONFLICT
    try:
        by = By(person=access.me().name, reason=form.get("reason", "").strip())
        changed = set_standing(database, code, after, by)
    except Error as error:
        return _page(code, message(error, say)), HTTPStatus.BAD_REQUEST
    standing = say(STANDINGS[after])
    flash(say(_DONE if changed else _SAME).format(name=name, standing=standing))
    return redirect(url_for("standing.show", code=library.code))


def _page(code: str, refused: str = "") -> str:
    database = current_site().database
    return render_template(
        "staff/standing/show.html",
        library=libraries.get(database, code),
        effect=effect(database, code),
        events=history(database, code),
        waiting=waiting(database, _WAITING),
        standings=STANDINGS,
        words=WORDS,
        refused=refused,
    )

"""Links that let in once: a forgotten password, an invitation, the first start of a hub."""

from __future__ import annotations

from http import HTTPStatus

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import passwords, sign_in
from catalogue.accounts import tickets
from catalogue.accounts.errors import (
    BadMail,
    BadUserName,
    CommonPassword,
    TooManyTries,
    WeakPassword,
)
from catalogue.audit import acting
from catalogue.users import User
from web.language import mark, message
from web.site import current_site
from web.speech import language, words
from web.staff import access
from web.staff.entry import letters
from web.staff.entry.views import blueprint
from web.staff.room import current_room

_CHOSEN = mark("Your password is kept. Please sign in with it.")
_DIFFERENT = mark("The password was not the same twice.")

Answer = str | Response | tuple[str, int]


@blueprint.route("/forgotten", methods=["GET", "POST"])
@access.for_everybody
def forgotten() -> Answer:
    """Send a link to whoever forgot the password; the answer is the same for every name."""
    if request.method == "GET":
        return render_template("staff/forgotten.html", possible=letters.are_sent())
    name, database = request.form.get("name", ""), current_site().database
    try:
        # Counted as tries to sign in are, so that nobody is flooded with mail.
        sign_in.begin(database, f"forgotten {name.casefold()}", request.remote_addr or "")
    except TooManyTries as error:
        said = message(error, words())
        page = render_template("staff/forgotten.html", possible=letters.are_sent(), refused=said)
        return page, HTTPStatus.TOO_MANY_REQUESTS
    letters.answer_forgotten(name, language(), current_room().accounts.reset)
    return render_template("staff/forgotten.html", possible=letters.are_sent(), asked=True)


@blueprint.route("/link/<token>", methods=["GET", "POST"])
@access.for_everybody
def ticket(token: str) -> Answer:
    """Let somebody who was invited, or forgot the password, choose one."""
    database = current_site().database
    user = tickets.holder(database, token)
    acting.by(user.name)
    by_service = _by_service(token, user)
    if request.method == "GET":
        return _choose(user.name, by_service=by_service)
    try:
        refused = _differing()
        if not refused:
            tickets.use(database, token, request.form.get("new", ""))
            if not user.invited:
                letters.tell(user, letters.PASSWORD, language())
    except (CommonPassword, WeakPassword) as error:
        refused = message(error, words())
    if refused:
        return _choose(user.name, refused, by_service), HTTPStatus.BAD_REQUEST
    return _welcome()


@blueprint.route("/setup/<token>", methods=["GET", "POST"])
@access.for_everybody
def setup(token: str) -> Answer:
    """Make the first administrator of a hub; nothing is here once there is a user."""
    database = current_site().database
    if access.door() != "staff" or not tickets.is_setup(database, token):
        abort(HTTPStatus.NOT_FOUND)
    if request.method == "GET":
        return _begin()
    acting.by(request.form.get("name", "").strip())
    name, mail = (request.form.get(each, "").strip() for each in ("name", "mail"))
    try:
        refused = _differing()
        if not refused:
            tickets.set_up(database, token, name, request.form.get("new", ""), mail)
    except (BadMail, BadUserName, CommonPassword, WeakPassword) as error:
        refused = message(error, words())
    return (_begin(refused), HTTPStatus.BAD_REQUEST) if refused else _welcome()


def _welcome() -> Response:
    access.leave()
    flash(words()(_CHOSEN))
    return redirect(url_for(".login"))


def _differing() -> str:
    same = request.form.get("new", "") == request.form.get("again", "")
    return "" if same else words()(_DIFFERENT)


def _by_service(token: str, user: User) -> str:
    """Return where who was invited signs in by a service instead; nothing where that cannot be."""
    offered = user.invited and current_room().single_sign_on is not None
    return url_for(".sso_ticket", token=token) if offered else ""


def _choose(name: str, refused: str = "", by_service: str = "") -> str:
    told = {"name": name, "refused": refused, "by_service": by_service}
    return render_template("staff/choose.html", shortest=passwords.SHORTEST, **told)


def _begin(refused: str = "") -> str:
    return render_template("staff/setup.html", refused=refused, shortest=passwords.SHORTEST)

"""Signing in and out and one's own account, behind both doors: ``/staff/login``, ``/member/login``.

The blueprint is registered twice, so that each door has addresses and a session of its own.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from catalogue import passwords, users
from catalogue.accounts import factor
from catalogue.accounts.errors import (
    CommonPassword,
    SignInRefused,
    TooManyTries,
    WeakPassword,
)
from web.language import mark, message
from web.site import current_site
from web.speech import language, words
from web.staff import access
from web.staff.entry import letters

blueprint = Blueprint("staff", __name__, url_prefix="/staff", template_folder="../templates")
_HOMES = {"staff": "home.show", "member": "own.home"}

_CHANGED = mark("Your password has been changed. Elsewhere you are signed out.")
_EVERYWHERE = mark("You are signed out everywhere else.")
_WRONG = mark("That is not your present password.")
_DIFFERENT = mark("The new password was not the same twice.")


@blueprint.route("/login", methods=["GET", "POST"])
@access.for_everybody
def login() -> str | Response | tuple[str, int]:
    """Ask for name and password, and go on to the page that was wanted."""
    wanted = access.inside(request.values.get("next", "")) or home()
    if request.method == "GET":
        if current_user.is_authenticated:
            return redirect(wanted)
        return render_template("staff/login.html", wanted=wanted)
    try:
        user = users.enter(
            current_site().database,
            request.form.get("name", ""),
            request.form.get("password", ""),
            request.remote_addr or "",
        )
    except (SignInRefused, TooManyTries) as error:
        slow = isinstance(error, TooManyTries)
        status = HTTPStatus.TOO_MANY_REQUESTS if slow else HTTPStatus.FORBIDDEN
        said = message(error, words())
        return render_template("staff/login.html", wanted=wanted, refused=said), status
    if not access.belongs(user):
        return render_template("staff/login.html", wanted=wanted, other=other_door()), 403
    if user.has_factor:
        access.half_enter(user)
        return redirect(url_for(".code", next=wanted))
    access.enter(user)
    return redirect(wanted)


@blueprint.post("/logout")
@access.for_everybody
def logout() -> Response:
    """End the session."""
    access.leave()
    return redirect(url_for(".login"))


@blueprint.get("/account")
@access.even_without_factor
@access.for_whoever_is_signed_in
def account() -> str:
    """Show who one is, with a form for another password."""
    me = access.me()
    left = factor.left(current_site().database, me.id) if me.has_factor else 0
    return render_template("staff/account.html", user=me, shortest=passwords.SHORTEST, left=left)


@blueprint.post("/account/password")
@access.even_without_factor
@access.for_whoever_is_signed_in
def password() -> Response | tuple[str, int]:
    """Give oneself another password."""
    refused = _refusal(request.form.get("old", ""), request.form.get("new", ""))
    if refused:
        user = access.me()
        page = render_template(
            "staff/account.html", user=user, shortest=passwords.SHORTEST, refused=refused
        )
        return page, HTTPStatus.BAD_REQUEST
    flash(words()(_CHANGED))
    return redirect(url_for(".account"))


def home() -> str:
    """Return the address of what people look at first behind this door."""
    return url_for(_HOMES[access.door()])


def other_door() -> str:
    """Return where those sign in who do not belong to this door."""
    return url_for("staff.login" if access.door() == "member" else "member.login")


def _refusal(old: str, new: str) -> str:
    """Change the password, or return why not."""
    database, me = current_site().database, access.me()
    try:
        if not users.fits(database, me, old, request.remote_addr or ""):
            return words()(_WRONG)
        if new != request.form.get("again", ""):
            return words()(_DIFFERENT)
        access.enter(users.set_password(database, me.name, new))
        letters.tell(me, letters.PASSWORD, language())
    except (CommonPassword, TooManyTries, WeakPassword) as error:
        return message(error, words())
    return ""


@blueprint.post("/account/everywhere")
@access.for_whoever_is_signed_in
def everywhere() -> Response:
    """End all other sessions of one's own."""
    access.enter(users.end_sessions(current_site().database, access.me().name))
    flash(words()(_EVERYWHERE))
    return redirect(url_for(".account"))

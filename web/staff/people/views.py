"""``/staff/users`` lists who may sign in; an administrator adds, changes and takes away."""

from __future__ import annotations

import time
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import libraries, passwords, users
from catalogue.errors import NameTaken, WrongUse
from catalogue.users import Role, User
from crosswalks.errors import Error
from web.language import mark, message
from web.roles import ROLES
from web.site import current_site
from web.speech import words
from web.staff import access

blueprint = Blueprint("people", __name__, url_prefix="/staff/users", template_folder="../templates")

_ADDED = mark("{name} may sign in as {role}, with this password: {password}")
_AGAIN = mark("{name} has a new password: {password}")
_TELL = mark("Tell it to nobody else; it is shown only now. It can be changed after signing in.")
_ROLE = mark("{name} is {role} from now on and has to sign in again.")
_JUST_NOW = 60
"""Seconds within which a form that comes again was pressed twice."""
_GONE = mark("{name} may no longer sign in.")


@blueprint.get("")
@access.needs(Role.ADMIN)
def listing() -> str:
    """Show all users, with what can be changed of each."""
    return _page()


@blueprint.post("/add")
@access.needs(Role.ADMIN)
def add() -> str | tuple[str, int]:
    """Add a user with a password made up for the purpose."""
    password = passwords.made_up()
    name, role = request.form.get("name", "").strip(), _role()
    try:
        user = _added(name, password, role)
    except Error as error:
        return _page(message(error, words())), HTTPStatus.BAD_REQUEST
    said = words()(_ADDED).format(name=user.name, role=words()(ROLES[user.role]), password=password)
    # Not kept for a next page: a password has no place in a cookie.
    return _page(told=(said, words()(_TELL)))


@blueprint.post("/<name>/password")
@access.needs(Role.ADMIN)
def password(name: str) -> str:
    """Give a user who forgot the password another one."""
    made = passwords.made_up()
    user = users.set_password(current_site().database, name, made)
    said = words()(_AGAIN).format(name=user.name, password=made)
    return _page(told=(said, words()(_TELL)))


@blueprint.post("/<name>/role")
@access.needs(Role.ADMIN)
def role(name: str) -> Response:
    """Give a user another role."""
    user = users.set_role(current_site().database, name, _role(), _library())
    return _told(words()(_ROLE).format(name=user.name, role=words()(ROLES[user.role])))


@blueprint.post("/<name>/remove")
@access.needs(Role.ADMIN)
def remove(name: str) -> Response:
    """Let a user no longer sign in."""
    user = users.remove(current_site().database, name)
    return _told(words()(_GONE).format(name=user.name))


def _added(name: str, password: str, role: Role) -> User:
    """Add a user; who was added just now gets another password: the one shown then is not seen."""
    database = current_site().database
    try:
        mail = request.form.get("mail", "")
        return users.add(database, name, password, role, library=_library(), mail=mail)
    except NameTaken:
        known = users.get(database, name)
        new = known.last_login is None and time.time() - known.created < _JUST_NOW
        if not new or known.role is not role:
            raise
        return users.set_password(database, name, password)


def _role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError as error:
        raise WrongUse(reason=mark("there is no such role")) from error


def _library() -> str:
    """Return the library of a member; of all others the box does not count."""
    chosen = request.form.get("library", "").strip()
    return chosen if request.form.get("role") == Role.MEMBER else ""


def _told(said: str) -> Response:
    flash(said)
    return redirect(url_for("people.listing"))


def _page(refused: str = "", told: tuple[str, ...] = ()) -> str:
    return render_template(
        "staff/people/list.html",
        users=users.all(current_site().database),
        roles=ROLES,
        libraries=libraries.all(current_site().database),
        me=access.me(),
        refused=refused,
        told=told,
    )

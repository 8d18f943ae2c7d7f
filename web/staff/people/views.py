"""``/staff/users`` lists who may sign in; an administrator adds, changes and takes away."""

from __future__ import annotations

import time
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import libraries, users
from catalogue.accounts import factor as factors
from catalogue.accounts import identities, tickets
from catalogue.accounts.errors import FactorNotSetUp
from catalogue.errors import NameTaken, WrongUse
from catalogue.users import Role, User, Wanted
from crosswalks.errors import Error
from web.language import mark, message
from web.roles import ROLES
from web.site import current_site
from web.speech import language, words
from web.staff import access
from web.staff.entry import letters
from web.staff.room import current_room

blueprint = Blueprint("people", __name__, url_prefix="/staff/users", template_folder="../templates")

_LINK = mark("Give {name} this link, by which the password is chosen: {link}")
_MAILED = mark("{name} gets a link by mail, by which the password is chosen: {mail}")
_TELL = mark("It is shown only now, and lets in once. Give it to nobody else.")
_ROLE = mark("{name} is {role} from now on and has to sign in again.")
_JUST_NOW = 60
"""Seconds within which a form that comes again was pressed twice."""
_GONE = mark("{name} may no longer sign in.")
_WITHOUT = mark("{name} signs in with the password alone from now on.")
_PARTED = mark("{name} can no longer sign in with the account of the organisation.")
_WRITTEN = mark("{name} is written to at {mail}.")
_NOT_WRITTEN = mark("{name} is not written to.")


@blueprint.get("")
@access.needs(Role.ADMIN)
def listing() -> str:
    """Show all users, with what can be changed of each."""
    return _page()


@blueprint.post("/add")
@access.needs(Role.ADMIN)
def add() -> str | tuple[str, int]:
    """Invite a user, who chooses the password."""
    name, seconds = request.form.get("name", "").strip(), current_room().accounts.invitation
    try:
        wanted = Wanted(_role(), _library(), request.form.get("mail", ""))
        user, token = _invited(name, wanted, seconds)
    except Error as error:
        return _page(message(error, words())), HTTPStatus.BAD_REQUEST
    return _page(told=_handed_over(user, token))


@blueprint.post("/<name>/password")
@access.needs(Role.ADMIN)
def password(name: str) -> str:
    """Give a user who forgot the password a link to choose another one."""
    accounts = current_room().accounts
    user, token = tickets.renew(current_site().database, name, accounts.invitation)
    return _page(told=_handed_over(user, token))


@blueprint.post("/<name>/factor")
@access.needs(Role.ADMIN)
def factor(name: str) -> Response:
    """Take away the second factor of a user who lost it."""
    database = current_site().database
    user = users.get(database, name)
    if not user.has_factor:
        raise FactorNotSetUp(name=user.name)
    factors.take_away(database, user.id)
    letters.tell(user, letters.NO_FACTOR, language())
    return _told(words()(_WITHOUT).format(name=user.name))


@blueprint.post("/<name>/unlink")
@access.needs(Role.ADMIN)
def unlink(name: str) -> Response:
    """Part an account from that of a sign-in service, and end its sessions."""
    user = identities.unlink(current_site().database, name)
    letters.tell(user, letters.PARTED, language())
    return _told(words()(_PARTED).format(name=user.name))


@blueprint.post("/<name>/mail")
@access.needs(Role.ADMIN)
def mail(name: str) -> Response:
    """Say where a user is written to."""
    database = current_site().database
    before = users.get(database, name)
    user = users.set_mail(database, name, request.form.get("mail", ""))
    if user.mail != before.mail:
        # To the old one: who has taken over the account reads the new one.
        letters.tell(before, letters.ADDRESS, language())
    said = _WRITTEN if user.mail else _NOT_WRITTEN
    return _told(words()(said).format(name=user.name, mail=user.mail))


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


def _invited(name: str, wanted: Wanted, seconds: int) -> tuple[User, str]:
    """Invite a user; who was invited just now gets another link: the one shown then is not seen."""
    database = current_site().database
    try:
        return tickets.invite(database, name, wanted, seconds)
    except NameTaken:
        known = users.get(database, name)
        new = known.invited and time.time() - known.created < _JUST_NOW
        if not new or known.role is not wanted.role:
            raise
        return tickets.renew(database, name, seconds)


def _handed_over(user: User, token: str) -> tuple[str, ...]:
    """Send a link by mail where that can be done, and return what is said to the administrator."""
    link = letters.link(user, token)
    if letters.invite(user, link, language(), current_room().accounts.invitation):
        return (words()(_MAILED).format(name=user.name, mail=user.mail),)
    # Not kept for a next page: it has no place in a cookie.
    return words()(_LINK).format(name=user.name, link=link), words()(_TELL)


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

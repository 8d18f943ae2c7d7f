"""Signing in by a service that people have an account of already, and linking that to one here.

What begins is a link and not a form: browsers let no form lead to another site where the policy of
a page says that forms stay (CSP ``form-action``). Nothing is changed by it; what comes back counts
only in the browser that began.
"""

from __future__ import annotations

import time
from http import HTTPStatus
from typing import NamedTuple

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from catalogue import sign_in, users
from catalogue.accounts import identities, tickets
from catalogue.accounts.errors import TooManyTries
from catalogue.accounts.identities import Identity
from catalogue.audit import acting
from catalogue.audit.telling import tell
from catalogue.errors import CatalogueError
from catalogue.users import User
from crosswalks.errors import Error
from harvester.oidc.errors import AnswerNotOurs, IssuerError, IssuerUnreachable
from harvester.oidc.model import Begun, Person
from web.language import mark, message
from web.site import current_site
from web.speech import language, words
from web.staff import access
from web.staff.entry import admission, letters
from web.staff.entry.views import blueprint, home, other_door
from web.staff.room import SingleSignOn, current_room

_WITHIN = 600
"""Seconds within which somebody has to come back."""
_LINKED = mark("From now on you may also sign in by that account.")
_WRONG = mark("That is not your present password.")
_LONGEST_SHOWN = 100

Answer = str | Response | tuple[str, int]


class _Waiting(NamedTuple):
    """What the session keeps while somebody is away at the service."""

    begun: Begun
    at: int
    wanted: str
    """Where to go on to."""
    token: str
    """Of an invitation that is taken up; or empty."""
    user: int
    """Whose account is to be linked; 0 where somebody signs in."""


@blueprint.get("/sso")
@access.for_everybody
def sso() -> Answer:
    """Send somebody to the service who wants to sign in by it."""
    return _send(access.inside(request.args.get("next", "")) or home())


@blueprint.get("/link/<token>/sso")
@access.for_everybody
def sso_ticket(token: str) -> Answer:
    """Send somebody to the service who was invited, and wants to sign in by it from now on."""
    _rules()
    tickets.holder(current_site().database, token)
    return _send(home(), token=token)


@blueprint.get("/account/sso")
@access.for_whoever_is_signed_in
def sso_link() -> Answer:
    """Send somebody to the service who is signed in, to link both accounts."""
    return _send(url_for(".account"), user=access.me().id)


@blueprint.get("/sso/back")
@access.for_everybody
def sso_back() -> Answer:
    """Take what the service says of somebody who comes back, and let in who may."""
    rules, waiting = _rules(), _remembered()
    if waiting is None:
        return _refused(AnswerNotOurs())
    acting.begin(access.act())
    database = current_site().database
    try:
        # By the address alone: each try has a name of its own.
        tried = sign_in.begin(
            database, f"single sign-on {waiting.begun.state}", request.remote_addr or ""
        )
        person = rules.service.finish(waiting.begun, _back(), request.args)
        sign_in.succeed(database, tried)
        if waiting.user:
            return _ask(waiting, person)
        return _let_in(rules, waiting, person)
    except (IssuerError, CatalogueError) as error:
        tell(database, "sign_in", "", single_sign_on=False, refused=error.code())
        return _refused(error)


@blueprint.get("/account/sso/found")
@access.for_whoever_is_signed_in
def sso_found() -> Answer:
    """Show which account was found there, and ask whether that is right."""
    found = _found()
    return _confirm(found[1]) if found else redirect(url_for(".account"))


@blueprint.post("/account/sso/found")
@access.for_whoever_is_signed_in
def sso_keep() -> Answer:
    """Link both accounts, for whoever knows the password of the one here."""
    found, me, database = _found(), access.me(), current_site().database
    if found is None:
        return _refused(AnswerNotOurs())
    identity, shown = found
    try:
        given, address = request.form.get("old", ""), request.remote_addr or ""
        if not users.fits(database, me, given, address):
            return _confirm(shown, words()(_WRONG)), HTTPStatus.BAD_REQUEST
        acting.upon(me.name)
        identities.link(database, me.id, identity)
    except CatalogueError as error:
        return _confirm(shown, message(error, words())), HTTPStatus.BAD_REQUEST
    session.pop("found", None)
    letters.tell(me, letters.LINKED, language())
    flash(words()(_LINKED))
    return redirect(url_for(".account"))


def _send(wanted: str, token: str = "", user: int = 0) -> Answer:
    try:
        address, begun = _rules().service.begin(_back())
    except IssuerError as error:
        return _refused(error)
    session.pop("found", None)
    session["away"] = [*begun, int(time.time()), wanted, token, user]
    return redirect(address)


def _let_in(rules: SingleSignOn, waiting: _Waiting, person: Person) -> Answer:
    database, identity = current_site().database, admission.identity_of(person)
    acting.upon(waiting.token and tickets.holder(database, waiting.token).name)
    if waiting.token:
        user = identities.take_up(database, waiting.token, identity)
    else:
        staff = access.door() == "staff"
        user = admission.admitted(database, rules, person, staff=staff)
    acting.by(user.name)
    if not access.belongs(user):
        tell(database, "sign_in", user.name, single_sign_on=False, refused="other-door")
        return render_template("staff/login.html", wanted=home(), other=other_door()), 403
    identities.signed_in(database, user, identity)
    asked = admission.factor_asked(rules, person)
    tell(database, "sign_in", user.name, single_sign_on=True, second_factor_there=asked)
    return _enter(user, waiting.wanted, asked=asked)


def _enter(user: User, wanted: str, *, asked: bool) -> Response:
    """Begin a session, or ask for the code first where the service asked for none."""
    if user.has_factor and not asked:
        access.half_enter(user, by_service=True)
        return redirect(url_for(".code", next=wanted))
    access.enter(user, by_service=True, factor=asked)
    return redirect(wanted)


def _ask(waiting: _Waiting, person: Person) -> Answer:
    """Remember which account was found, and have its owner here confirm it.

    Whoever is led to the service unawares may be signed in there as somebody else.
    """
    if not current_user.is_authenticated or access.me().id != waiting.user:
        return _refused(AnswerNotOurs())
    told = admission.name_of(_rules(), person) or str(person.claims.get("email", ""))
    shown = told[:_LONGEST_SHOWN] or person.subject
    session["found"] = [person.issuer, person.subject, shown, access.me().id, int(time.time())]
    return redirect(url_for(".sso_found"))


def _found() -> tuple[Identity, str] | None:
    """Return which account was found a moment ago for whoever is signed in, and its name."""
    _rules()
    try:
        issuer, subject, shown, user, at = session.get("found", ())
    except ValueError:
        return None
    fresh = user == access.me().id and time.time() - at <= _WITHIN
    return (Identity(issuer, subject), shown) if fresh else None


def _remembered() -> _Waiting | None:
    """Return what was begun in this browser a moment ago; it is remembered no longer."""
    try:
        state, nonce, verifier, at, *rest = session.pop("away", ())
        waiting = _Waiting(Begun(state, nonce, verifier), at, *rest)
    except (TypeError, ValueError):
        return None
    return waiting if time.time() - waiting.at <= _WITHIN else None


def _rules() -> SingleSignOn:
    rules = current_room().single_sign_on
    if rules is None:
        abort(HTTPStatus.NOT_FOUND)
    return rules


def _back() -> str:
    """Return the address that the service answers to; it is known there, letter by letter."""
    return current_site().identity.base_url.rstrip("/") + url_for(".sso_back")


def _confirm(shown: str, refused: str = "") -> str:
    return render_template("staff/sso_found.html", user=access.me(), shown=shown, refused=refused)


def _refused(error: Error) -> Answer:
    """Say what went wrong where somebody can go on: beside the password, or in one's account."""
    said = message(error, words())
    if current_user.is_authenticated:
        flash(said)
        return redirect(url_for(".account"))
    return render_template("staff/login.html", refused=said, wanted=home()), _status(error)


def _status(error: Error) -> HTTPStatus:
    if isinstance(error, TooManyTries):
        return HTTPStatus.TOO_MANY_REQUESTS
    down = isinstance(error, IssuerUnreachable)
    return HTTPStatus.SERVICE_UNAVAILABLE if down else HTTPStatus.FORBIDDEN

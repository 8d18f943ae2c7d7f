"""The second factor: asked for after the password, set up and given up under one's account."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import users
from catalogue.accounts import factor as factors
from catalogue.accounts import totp
from catalogue.accounts.errors import FactorSetUpAnew, TooManyTries, WrongCode
from catalogue.audit import acting
from catalogue.audit.telling import tell
from crosswalks.errors import Error
from web.language import mark, message
from web.qrcode import picture
from web.site import current_site
from web.speech import language, words
from web.staff import access
from web.staff.entry import letters
from web.staff.entry.views import blueprint, home
from web.staff.room import current_room

_OFF = mark("You sign in with your password alone from now on.")
_WRONG = mark("That is not your present password.")
_COME_AGAIN = mark("Sign out and in again first: it has to be certain who you are.")
_DEMANDED = mark("Your role cannot do without a second factor.")
_PICTURE = mark("QR code of the secret that stands below")

Answer = str | Response | tuple[str, int]


@blueprint.route("/code", methods=["GET", "POST"])
@access.for_everybody
def code() -> Answer:
    """Ask for the code after the password, and let in whoever has it."""
    wanted = access.inside(request.values.get("next", "")) or home()
    user = access.half_entered()
    if user is None:
        return redirect(url_for(".login", next=wanted))
    if request.method == "GET":
        return render_template("staff/code.html", wanted=wanted)
    acting.by(user.name)
    try:
        _check(user.id, request.form.get("code", ""))
    except (TooManyTries, WrongCode) as error:
        tell(current_site().database, "sign_in", user.name, second_factor=False)
        said = message(error, words())
        return render_template("staff/code.html", wanted=wanted, refused=said), _status(error)
    tell(current_site().database, "sign_in", user.name, second_factor=True)
    access.enter(user, by_service=access.came_by_service())
    return redirect(wanted)


@blueprint.get("/account/factor")
@access.even_without_factor
@access.for_whoever_is_signed_in
def factor() -> str:
    """Show a new secret, for a program that makes codes of it."""
    return _show()


@blueprint.post("/account/factor")
@access.even_without_factor
@access.for_whoever_is_signed_in
def keep_factor() -> Answer:
    """Keep the secret once a code proves that it works, and show the codes for its loss once."""
    database, me = current_site().database, access.me()
    sealed = request.form.get("sealed", "")
    try:
        if not _is_me():
            return _show(words()(_not_me()), sealed), HTTPStatus.BAD_REQUEST
        given = request.form.get("code", "")
        codes = factors.set_up(database, _key(), me.id, sealed, given)
    except (TooManyTries, WrongCode) as error:
        return _show(message(error, words()), sealed), _status(error)
    except FactorSetUpAnew as error:
        return _show(message(error, words())), HTTPStatus.BAD_REQUEST
    letters.tell(me, letters.FACTOR, language())
    # Whoever is signed in elsewhere came in without a code.
    access.enter(users.end_sessions(database, me.name))
    return render_template("staff/factor_kept.html", codes=codes)


@blueprint.post("/account/factor/off")
@access.for_whoever_is_signed_in
def drop_factor() -> Answer:
    """Give up the second factor, where the role can do without."""
    me = access.me()
    if me.role in current_room().accounts.factor_for:
        flash(words()(_DEMANDED))
    elif not _is_me():
        flash(words()(_not_me()))
    else:
        factors.take_away(current_site().database, me.id)
        access.enter(users.end_sessions(current_site().database, me.name))
        letters.tell(me, letters.NO_FACTOR, language())
        flash(words()(_OFF))
    return redirect(url_for(".account"))


def _show(refused: str = "", sealed: str = "") -> str:
    me = access.me()
    secret, sealed = (factors.opened(_key(), sealed), sealed) if sealed else factors.begin(_key())
    address = totp.address(secret, current_site().identity.name, me.name)
    return render_template(
        "staff/factor.html",
        user=me,
        secret=totp.written(secret),
        address=address,
        picture=picture(address, words()(_PICTURE)),
        sealed=sealed,
        refused=refused,
        demanded=access.lacks_factor(me),
    )


def _is_me() -> bool:
    """Tell whether it is certain who this is: by the password, or just now by a service."""
    if access.me().invited:
        return access.just_came_by_service()
    address = request.remote_addr or ""
    given = request.form.get("old", "")
    return users.fits(current_site().database, access.me(), given, address)


def _not_me() -> str:
    return _COME_AGAIN if access.me().invited else _WRONG


def _check(user_id: int, given: str) -> None:
    address = request.remote_addr or ""
    factors.check(current_site().database, _key(), user_id, given, address)


def _key() -> bytes:
    return current_room().session_key


def _status(error: Error) -> HTTPStatus:
    slow = isinstance(error, TooManyTries)
    return HTTPStatus.TOO_MANY_REQUESTS if slow else HTTPStatus.FORBIDDEN

"""Who may see and do what: every page behind a door asks for a signed-in user, some for a role.

There are two doors, one for staff and one for member libraries, each with a session of its own. A
view says what it needs by a decorator; one that says nothing can be seen by all staff and changed
by none, so what is forgotten is closed. Forms and htmx carry a token, so that no other site can
send them. ``permissions.tsv`` says of each address what it needs; tests hold both to each other.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, current_app, redirect, request, session, url_for
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, current_user, login_user, logout_user
from flask_wtf.csrf import CSRFProtect, generate_csrf
from werkzeug.wrappers import Response

from catalogue import users
from catalogue.audit import acting
from catalogue.audit.acting import Act, Way
from catalogue.users import Role, User
from web.security import WITH_OUR_SCRIPT
from web.site import current_site
from web.staff.room import current_room

View = TypeVar("View", bound=Callable[..., Any])

_HALF_WAY = 300
"""Seconds within which the code has to follow the password."""
_TOO_LARGE = 2**63
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_NEEDS = "_needed_role"
_ANY_ROLE = "_for_whoever_is_signed_in"
_WITHOUT_FACTOR = "_even_without_a_factor"
_OPEN = "_for_everybody"
_POLLS = "_asked_by_a_page"


class _Logins(LoginManager):  # type: ignore[misc]
    """Flask-Login without its cookie that remembers people."""

    def _update_remember_cookie(self, response: Response) -> Response:
        # To look for that cookie would make every public answer depend on cookies.
        return response


class _Sessions(SecureCookieSessionInterface):
    """Flask's signed cookies, one for each door: neither is sent to the other's pages."""

    def get_cookie_path(self, _app: Flask) -> str:
        """Return the addresses that this session is for."""
        return f"/{door()}"


_csrf = CSRFProtect()
_logins = _Logins()


class Person:
    """A signed-in user as Flask-Login wants one."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, user: User) -> None:
        self.user = user

    def get_id(self) -> str:
        """Return what the session names the user by: an epoch that passes ends the session."""
        return f"{self.user.id}.{self.user.epoch}"


def needs(role: Role) -> Callable[[View], View]:
    """Say which role a view needs, and that it may be posted to by those who have it."""

    def decorate(view: View) -> View:
        setattr(view, _NEEDS, role)
        return view

    return decorate


def for_whoever_is_signed_in(view: View) -> View:
    """Say that a view is for staff and members alike: their own account."""
    setattr(view, _ANY_ROLE, True)
    return view


def even_without_factor(view: View) -> View:
    """Say that a view is for those as well who still have to set up a second factor."""
    setattr(view, _WITHOUT_FACTOR, True)
    return view


def lacks_factor(user: User) -> bool:
    """Tell whether somebody's role cannot do without a second factor, and there is none.

    One that a sign-in service asked for counts for the session that it began.
    """
    wanted = user.role in current_room().accounts.factor_for
    return wanted and not user.has_factor and not session.get("factor")


def for_everybody(view: View) -> View:
    """Say that a view is for those who are not signed in as well."""
    setattr(view, _OPEN, True)
    return view


def asked_by_a_page(view: View) -> View:
    """Say that an open page asks for this by itself: nobody need be there, so it keeps none in."""
    setattr(view, _POLLS, True)
    return view


def install(app: Flask, key: bytes) -> None:
    """Set up sessions, logins and the protection of forms."""
    secure = current_secure(app)
    app.session_interface = _Sessions()
    app.config.update(
        SECRET_KEY=key,
        SESSION_COOKIE_NAME="lienthong",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    _csrf.init_app(app)
    _logins.init_app(app, add_context_processor=False)
    app.teardown_request(_acted)
    # Behind a library's proxies one person comes from several addresses.
    _logins.session_protection = None
    _logins.user_loader(_load)


def current_secure(app: Flask) -> bool:
    """Tell whether browsers are to send cookies over HTTPS only."""
    with app.app_context():
        return current_site().identity.base_url.startswith("https:")


def door() -> str:
    """Return by which door this request came: ``staff`` or ``member``, as addresses begin."""
    path = request.path
    return "member" if path == "/member" or path.startswith("/member/") else "staff"


def belongs(user: User) -> bool:
    """Tell whether a user comes in by the door of this request."""
    return (user.role is Role.MEMBER) is (door() == "member")


def guard(blueprint: Blueprint) -> None:
    """Let nobody past the door of a blueprint who may not be there, and no answer into a cache."""
    blueprint.before_request(_guard)
    blueprint.after_request(_keep_private)


def enter(user: User, *, by_service: bool = False, factor: bool = False) -> None:
    """Begin the session of a user, with nothing of an earlier one in it.

    ``by_service``: a sign-in service said who it is; ``factor``: it asked for a second one.
    """
    session.clear()
    now = int(time.time())
    session["opened"], session["seen"] = now, now
    if by_service:
        session["service"] = now
    if factor:
        session["factor"] = True
    login_user(Person(user))


def came_by_service() -> bool:
    """Tell whether a sign-in service said who this is."""
    return "service" in session


def just_came_by_service() -> bool:
    """Tell whether a sign-in service said a moment ago who this is: as good as a password then."""
    return time.time() - int(session.get("service", 0)) <= _HALF_WAY


def half_enter(user: User, *, by_service: bool = False) -> None:
    """Remember whose password was right, or whom a sign-in service named, until the code is."""
    session.clear()
    session["half"] = [user.id, user.epoch, int(time.time())]
    if by_service:
        session["service"] = int(time.time())


def half_entered() -> User | None:
    """Return whose password was right a moment ago and whose code is still to come."""
    try:
        user_id, epoch, at = map(int, session.get("half", ()))
    except (TypeError, ValueError):
        return None
    if time.time() - at > _HALF_WAY:
        return None
    return users.in_session(current_site().database, user_id, epoch)


def leave() -> None:
    """End the session."""
    logout_user()
    session.clear()


def me() -> User:
    """Return the user of the request under way."""
    user: User = current_user.user
    return user


def may(role: Role) -> bool:
    """Tell whether the user of this request has a role."""
    return bool(current_user.is_authenticated and me().role.may(role))


def token() -> str:
    """Return the token that forms of this session carry."""
    return str(generate_csrf())


def fitting(number: int) -> int:
    """Return a number that a database keeps, or answer that there is nothing under it."""
    if not 0 <= number < _TOO_LARGE:
        abort(HTTPStatus.NOT_FOUND)
    return number


def inside(address: str) -> str:
    """Return an address behind this door to go on to, or an empty string for any other."""
    parts = urlsplit(address)
    fine = address.isprintable() and "\\" not in address and not address.startswith("//")
    within = parts.path == f"/{door()}" or parts.path.startswith(f"/{door()}/")
    return address if fine and within and not (parts.scheme or parts.netloc) else ""


def _load(name: str) -> Person | None:
    user_id, _, epoch = name.partition(".")
    if not (user_id.isdecimal() and epoch.isdecimal()) or _timed_out():
        return None
    user = users.in_session(current_site().database, int(user_id), int(epoch))
    return Person(user) if user else None


def _timed_out() -> bool:
    now, accounts = int(time.time()), current_room().accounts
    idle = now - int(session.get("seen", 0)) > accounts.idle
    return idle or now - int(session.get("opened", 0)) > accounts.session


def _guard() -> Response | None:
    view = current_app.view_functions[request.endpoint or ""]
    if _holds_nul():
        abort(HTTPStatus.BAD_REQUEST)
    if request.method not in _SAFE:
        _csrf.protect()
        acting.begin(act())
    if getattr(view, _OPEN, False):
        return None
    if not current_user.is_authenticated:
        return _to_login()
    if not _allowed(view):
        abort(HTTPStatus.FORBIDDEN)
    if not getattr(view, _WITHOUT_FACTOR, False) and lacks_factor(me()):
        return redirect(url_for(f"{door()}.factor"))
    if not getattr(view, _POLLS, False):
        session["seen"] = int(time.time())
    return None


def act() -> Act:
    """Return what is asked for, as it is written down with what it changes."""
    named = {name: each for name, each in (request.view_args or {}).items() if name != "token"}
    return Act(
        who=me().name if current_user.is_authenticated else "",
        way=Way.WEB,
        address=request.remote_addr or "",
        act=request.endpoint or "",
        object="/".join(map(str, named.values())),
    )


def _acted(_error: BaseException | None = None) -> None:
    acting.begin(None)


def _allowed(view: Any) -> bool:
    if getattr(view, _ANY_ROLE, False):
        return belongs(me())
    needed = getattr(view, _NEEDS, Role.VIEWER if request.method in _SAFE else None)
    return needed is not None and me().role.may(needed)


def _holds_nul() -> bool:
    """Tell whether something was sent that PostgreSQL keeps in no text."""
    given = (*request.values.items(multi=True), *(request.view_args or {}).items())
    return any("\0" in str(part) for pair in given for part in pair)


def _to_login() -> Response:
    # What was posted cannot be posted again for them; the page it was sent from can be shown.
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    address = url_for(f"{door()}.login", next=inside(wanted) or None)
    if "HX-Request" in request.headers:
        shown = urlsplit(request.headers.get("HX-Current-URL", ""))
        back = inside(shown.path)
        return Response(headers={"HX-Redirect": url_for(f"{door()}.login", next=back or None)})
    return redirect(address)


def _keep_private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = WITH_OUR_SCRIPT
    return response

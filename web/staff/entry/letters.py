"""Mail with a link that lets in once; sent beside the request, so that no answer waits for it."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

from flask import current_app

from catalogue import users
from catalogue.accounts import tickets
from catalogue.accounts.errors import NoSuchUser
from catalogue.alerts.model import Channel, ChannelKind
from catalogue.audit import acting
from catalogue.clock import wall_clock
from catalogue.users import Role, User
from crosswalks.errors import Error
from scheduler.alerts.model import Letter, Teller
from scheduler.alerts.sending import mail
from web.alerts.paragraphs import wrapped
from web.language import Translate, mark, translator
from web.site import current_site
from web.staff.room import current_room

_log = logging.getLogger(__name__)

_FORGOTTEN = mark("Another password for {hub}")
_INVITED = mark("You are invited to {hub}")
_FOR_ANOTHER = mark(
    "Somebody asked for another password for {name} at {hub}. If that was you, choose it here"
    " within {minutes} minutes:"
)
_NOT_ME = mark("If it was not you, nothing has to be done: your password stays as it is.")
_FOR_FIRST = mark(
    "You may sign in to {hub} as {name}. Choose your password here within {days} days:"
)


_CHANGED = mark("Your account at {hub} was changed")
_IF_NOT_ME = mark("If that was not you, tell an administrator at once.")
PASSWORD = mark("{name} has another password at {hub}.")
FACTOR = mark("{name} has a new second factor at {hub}.")
NO_FACTOR = mark("{name} has no second factor at {hub} any more.")
LINKED = mark("{name} may sign in to {hub} by an account of another service from now on.")
PARTED = mark("{name} can no longer sign in to {hub} by an account of another service.")
KEY = mark("A key for programs was made for {name} at {hub}.")
ADDRESS = mark("{name} is written to at another address by {hub} from now on.")


def are_sent() -> bool:
    """Tell whether mail goes out from here."""
    teller = current_room().teller
    return teller is not None and teller.mail is not None


def link(user: User, token: str) -> str:
    """Return the address at which somebody chooses a password."""
    door = "member" if user.role is Role.MEMBER else "staff"
    return f"{current_site().identity.base_url.rstrip('/')}/{door}/link/{token}"


def answer_forgotten(name: str, language: str, seconds: int) -> None:
    """Have a link sent to a user of this name who has a mail address, if there is one.

    All of it happens beside the request: how long that takes must not tell who has an account.
    """
    _beside(lambda teller: _send_forgotten(teller, name, language, seconds))


def tell(user: User, what: str, language: str) -> None:
    """Tell a user of a change of the account, so that it is noticed if somebody else made it."""
    if user.mail:
        _beside(lambda teller: _send(teller, user, _of_change(user, what, language), language))


def _beside(work: Callable[[Teller], None]) -> None:
    """Do something that sends mail beside the request under way, on the same person's behalf."""
    teller = current_room().teller
    if teller is None or teller.mail is None:
        return
    app = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001
    act = acting.current()

    def run() -> None:
        with app.app_context(), acting.during(act):
            try:
                work(teller)
            except Error:
                _log.exception("A mail about an account was not sent.")

    Thread(target=run, daemon=True).start()


def _send_forgotten(teller: Teller, name: str, language: str, seconds: int) -> None:
    database = current_site().database
    with suppress(NoSuchUser):
        user = users.get(database, name)
        if user.active and user.mail:
            user, token = tickets.renew(database, name, seconds)
            letter = _of_forgotten(user, link(user, token), seconds, translator(language))
            _send(teller, user, letter, language)


def invite(user: User, address: str, language: str, seconds: int) -> bool:
    """Send an invitation; tell whether the mail server took it."""
    teller = current_room().teller
    if teller is None or teller.mail is None or not user.mail:
        return False
    try:
        _send(teller, user, _of_invitation(user, address, seconds, translator(language)), language)
    except Error:
        _log.exception("An invitation was not sent.")
        return False
    return True


def _of_forgotten(user: User, address: str, seconds: int, translate: Translate) -> Letter:
    hub = current_site().identity.name
    said = translate(_FOR_ANOTHER).format(name=user.name, hub=hub, minutes=seconds // 60)
    text = "\n\n".join((wrapped(said), address, wrapped(translate(_NOT_ME))))
    return Letter(translate(_FORGOTTEN).format(hub=hub), f"{text}\n")


def _of_change(user: User, what: str, language: str) -> Letter:
    translate, hub = translator(language), current_site().identity.name
    said = f"{translate(what).format(name=user.name, hub=hub)} {translate(_IF_NOT_ME)}"
    return Letter(translate(_CHANGED).format(hub=hub), f"{wrapped(said)}\n")


def _of_invitation(user: User, address: str, seconds: int, translate: Translate) -> Letter:
    hub = current_site().identity.name
    said = translate(_FOR_FIRST).format(name=user.name, hub=hub, days=seconds // 86400)
    return Letter(translate(_INVITED).format(hub=hub), f"{wrapped(said)}\n\n{address}\n")


def _send(teller: Teller, user: User, letter: Letter, language: str) -> None:
    to = Channel(name=user.name, kind=ChannelKind.MAIL, target=user.mail, language=language)
    mail(teller, to, letter, secrets.token_hex(16), wall_clock())

"""Mail with a link that lets in once; sent beside the request, so that no answer waits for it."""

from __future__ import annotations

import logging
import secrets
from threading import Thread

from flask import current_app, url_for

from catalogue import users
from catalogue.accounts import tickets
from catalogue.accounts.errors import NoSuchUser
from catalogue.alerts.model import Channel, ChannelKind
from catalogue.audit import acting
from catalogue.clock import wall_clock
from catalogue.database import Database
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


def are_sent() -> bool:
    """Tell whether mail goes out from here."""
    teller = current_room().teller
    return teller is not None and teller.mail is not None


def link(user: User, token: str) -> str:
    """Return the address at which somebody chooses a password."""
    door = "member" if user.role is Role.MEMBER else "staff"
    path = url_for(f"{door}.ticket", token=token)
    return f"{current_site().identity.base_url.rstrip('/')}{path}"


def answer_forgotten(name: str, language: str, seconds: int) -> None:
    """Have a link sent to a user of this name who has a mail address, if there is one.

    All of it happens beside the request: how long that takes must not tell who has an account.
    """
    teller = current_room().teller
    if teller is None or teller.mail is None:
        return
    app = current_app._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001
    base, database = current_site().identity.base_url, current_site().database

    act = acting.current()

    def work() -> None:
        with app.test_request_context(base_url=base), acting.during(act):
            _send_forgotten(teller, database, name, language, seconds)

    Thread(target=work, daemon=True).start()


def _send_forgotten(
    teller: Teller, database: Database, name: str, language: str, seconds: int
) -> None:
    try:
        user = users.get(database, name)
        if user.active and user.mail:
            user, token = tickets.renew(database, name, seconds)
            letter = _of_forgotten(user, link(user, token), seconds, translator(language))
            _send(teller, user, letter, language)
    except NoSuchUser:
        return
    except Error:
        _log.exception("The mail for a forgotten password was not sent.")


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


def _of_invitation(user: User, address: str, seconds: int, translate: Translate) -> Letter:
    hub = current_site().identity.name
    said = translate(_FOR_FIRST).format(name=user.name, hub=hub, days=seconds // 86400)
    return Letter(translate(_INVITED).format(hub=hub), f"{wrapped(said)}\n\n{address}\n")


def _send(teller: Teller, user: User, letter: Letter, language: str) -> None:
    to = Channel(name=user.name, kind=ChannelKind.MAIL, target=user.mail, language=language)
    mail(teller, to, letter, secrets.token_hex(16), wall_clock())

"""The forms of a member's contacts and agreements; names and numbers stand in the query."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, NamedTuple

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import libraries
from catalogue.database import Database
from catalogue.members import agreements, contacts
from catalogue.members.errors import NoSuchAgreement, NoSuchContact
from catalogue.members.model import Agreement, Contact
from catalogue.users import Role
from crosswalks.errors import Error
from web.language import mark, message
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.members.room import blueprint

_CONTACT = ("name", "role", "mail", "phone", "notes")
_AGREEMENT = Agreement.__slots__
_KEPT = mark("{name} is kept.")
_GONE = mark("{name} is taken away.")


class _Opened(NamedTuple):
    """What a form was opened on: its name or number, empty for a new one, and how it was then."""

    was: str
    seen: str


@blueprint.get("/members/<code>/contact")
@access.needs(Role.OPERATOR)
def contact(code: str) -> str:
    """Show a contact to be changed, or ask for a new one."""
    name = request.args.get("name", "")
    found = contacts.get(current_site().database, code, name) if name else Contact(name="")
    return _form("contact", code, found, _Opened(found.name, found.fingerprint))


@blueprint.post("/members/<code>/contact")
@access.needs(Role.OPERATOR)
def keep_contact(code: str) -> Response | tuple[str, int]:
    """Keep a contact, unless somebody else changed it meanwhile."""
    wanted = Contact(**_given(_CONTACT))

    def keep(database: Database, was: str, seen: str) -> None:
        known = {each.name: each for each in contacts.all(database, code)}
        sound = contacts.sound(wanted)
        there = known.get(sound.name)
        if there is not None and there.fingerprint == sound.fingerprint:
            # The button was pressed twice, or nothing is new.
            return
        if was:
            contacts.change(database, code, was, wanted, seen)
        else:
            contacts.add(database, code, wanted)

    return _kept("contact", code, wanted, keep)


@blueprint.post("/members/<code>/contact/remove")
@access.needs(Role.OPERATOR)
def remove_contact(code: str) -> Response:
    """Forget a contact, if the person ticked that it is meant; pressed twice it is gone once."""
    name = request.form.get("name", "")
    if "sure" in request.form:
        with suppress(NoSuchContact):
            contacts.remove(current_site().database, code, name)
        flash(words()(_GONE).format(name=name))
    return redirect(url_for("members.show", code=code))


@blueprint.get("/members/<code>/agreement")
@access.needs(Role.OPERATOR)
def agreement(code: str) -> str:
    """Show an agreement to be changed, or ask for a new one."""
    number = request.args.get("number", "")
    database = current_site().database
    found = agreements.get(database, code, number) if number else Agreement(number="")
    return _form("agreement", code, found, _Opened(found.number, found.fingerprint))


@blueprint.post("/members/<code>/agreement")
@access.needs(Role.OPERATOR)
def keep_agreement(code: str) -> Response | tuple[str, int]:
    """Keep an agreement, unless somebody else changed it meanwhile."""
    wanted = Agreement(**_given(_AGREEMENT))

    def keep(database: Database, was: str, seen: str) -> None:
        known = {each.number: each for each in agreements.all(database, code)}
        sound = agreements.sound(wanted)
        if known.get(sound.number) == sound:
            return
        if was:
            agreements.change(database, code, was, wanted, seen)
        else:
            agreements.add(database, code, wanted)

    return _kept("agreement", code, wanted, keep)


@blueprint.post("/members/<code>/agreement/remove")
@access.needs(Role.OPERATOR)
def remove_agreement(code: str) -> Response:
    """Forget an agreement that was entered by mistake, if the person ticked that it was."""
    number = request.form.get("number", "")
    if "sure" in request.form:
        with suppress(NoSuchAgreement):
            agreements.remove(current_site().database, code, number)
        flash(words()(_GONE).format(name=number))
    return redirect(url_for("members.show", code=code))


def _given(names: tuple[str, ...]) -> dict[str, Any]:
    return {name: request.form.get(name, "") for name in names}


def _kept(
    what: str,
    code: str,
    wanted: Contact | Agreement,
    keep: Callable[[Database, str, str], None],
) -> Response | tuple[str, int]:
    opened = _Opened(request.form.get("was", ""), request.form.get("seen", "") or "-")
    try:
        keep(current_site().database, *opened)
    except Error as error:
        page = _form(what, code, wanted, opened, message(error, words()))
        return page, HTTPStatus.BAD_REQUEST
    name = wanted.name if isinstance(wanted, Contact) else wanted.number
    flash(words()(_KEPT).format(name=name.strip()))
    return redirect(url_for("members.show", code=code))


def _form(
    what: str, code: str, value: Contact | Agreement, opened: _Opened, refused: str = ""
) -> str:
    return render_template(
        f"staff/members/{what}.html",
        library=libraries.get(current_site().database, code),
        value=value,
        was=opened.was,
        seen=opened.seen,
        refused=refused,
    )

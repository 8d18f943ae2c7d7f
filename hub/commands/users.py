"""``lienthong users``: who may sign in to the staff pages.

A password is asked for, or read from a file; as an argument everybody on the machine could see it.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Any

import click

from catalogue import users
from catalogue.accounts import factor, identities, keys, tickets
from catalogue.accounts.errors import FactorNotSetUp
from catalogue.accounts.keys import PersonKey
from catalogue.errors import WrongUse
from catalogue.users import Role, User, Wanted
from hub.errors import NoPassword, UnreadableFile
from hub.instance import Hub
from hub.options import GREATEST, json_option
from web.language import mark
from web.roles import ROLES

_roles = click.Choice([role.value for role in Role])
_role = click.option(
    "--role",
    type=_roles,
    default=Role.VIEWER.value,
    show_default=True,
    help="What the user may do; each role of the staff includes those before it.",
)
_from_file = click.option(
    "--password-from",
    "file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="Read the password from the first line of this file; - is standard input.",
)

_library = click.option(
    "--library", default="", help="The code of the library that a member belongs to."
)
_mail = click.option("--mail", help="The mail address for a forgotten password.")


@click.group("users")
def group() -> None:
    """Say who may sign in to the staff pages."""


@group.command("list")
@json_option
@click.pass_obj
def list_users(hub: Hub, *, as_json: bool) -> None:
    """List the users, those who may no longer sign in as well."""
    with hub.catalogue() as db:
        found = users.all(db)
    if as_json:
        return hub.output.values(map(as_result, found))
    rows = (
        (
            one.name,
            hub.translate(ROLES[one.role]),
            one.library,
            hub.translate("yes" if one.active else "no"),
            hub.translate("yes" if one.has_factor else "no"),
            _when(one.created),
            _when(one.last_login),
        )
        for one in found
    )
    return hub.output.table(
        ("Name", "Role", "Library", "May sign in", "Second factor", "Added", "Last signed in"), rows
    )


@group.command("add")
@click.argument("name")
@_role
@_library
@_mail
@_from_file
@json_option
@click.pass_obj
def add(
    hub: Hub, /, name: str, role: str, file: str | None, *, as_json: bool, **given: Any
) -> None:
    """Let somebody sign in under a name; one who was taken away comes back."""
    password = _password(hub, file)
    with hub.catalogue() as db:
        about = {"library": given["library"], "mail": given["mail"] or ""}
        _say(hub, users.add(db, name, password, Role(role), **about), as_json=as_json)


@group.command("passwd")
@click.argument("name")
@_from_file
@json_option
@click.pass_obj
def passwd(hub: Hub, name: str, file: str | None, *, as_json: bool) -> None:
    """Give a user another password; who is signed in has to do so again."""
    with hub.catalogue() as db:
        users.get(db, name)
        _say(hub, users.set_password(db, name, _password(hub, file)), as_json=as_json)


@group.command("change")
@click.argument("name")
@click.option("--role", type=_roles, help="The new role.")
@_library
@_mail
@json_option
@click.pass_obj
def change(hub: Hub, /, name: str, role: str | None, *, as_json: bool, **given: Any) -> None:
    """Give a user another role or mail address; who is signed in has to do so again."""
    library, mail = given["library"], given["mail"]
    if role is None and mail is None:
        raise WrongUse(reason=mark("say what is to be changed: --role or --mail"))
    with hub.catalogue() as db:
        if role is not None:
            users.set_role(db, name, Role(role), library)
        if mail is not None:
            users.set_mail(db, name, mail)
        _say(hub, users.get(db, name), as_json=as_json)


@group.command("invite")
@click.argument("name")
@_role
@_library
@_mail
@json_option
@click.pass_obj
def invite(hub: Hub, /, name: str, role: str, *, as_json: bool, **given: Any) -> None:
    """Let somebody sign in who chooses the password by a link."""
    wanted = Wanted(Role(role), given["library"], given["mail"] or "")
    with hub.catalogue() as db:
        user, token = tickets.invite(db, name, wanted, _invitation(hub))
    _hand_over(hub, user, token, as_json=as_json)


@group.command("link")
@click.argument("name")
@json_option
@click.pass_obj
def link(hub: Hub, name: str, *, as_json: bool) -> None:
    """Print a link by which a user chooses another password; the present one works until then."""
    with hub.catalogue() as db:
        user, token = tickets.renew(db, name, _invitation(hub))
    _hand_over(hub, user, token, as_json=as_json)


@group.command("drop-factor")
@click.argument("name")
@json_option
@click.pass_obj
def drop_factor(hub: Hub, name: str, *, as_json: bool) -> None:
    """Take away the second factor of a user who lost it."""
    with hub.catalogue() as db:
        user = users.get(db, name)
        if not user.has_factor:
            raise FactorNotSetUp(name=user.name)
        factor.take_away(db, user.id)
        _say(hub, users.get(db, name), as_json=as_json)


@group.command("unlink")
@click.argument("name")
@json_option
@click.pass_obj
def unlink(hub: Hub, name: str, *, as_json: bool) -> None:
    """Part a user from the account of a sign-in service; who is signed in has to do so again."""
    with hub.catalogue() as db:
        _say(hub, identities.unlink(db, name), as_json=as_json)


@group.command("key")
@click.argument("name")
@click.option("--title", default="", help="What it is for.")
@click.option(
    "--days",
    type=click.IntRange(1, keys.MOST_DAYS),
    default=keys.USUAL_DAYS,
    show_default=True,
    help="For how many days it is good.",
)
@json_option
@click.pass_obj
def key(hub: Hub, name: str, title: str, days: int, *, as_json: bool) -> None:
    """Print a key by which a program does at the REST interface what a user may."""
    with hub.catalogue() as db:
        made, opens = keys.make(db, name, title, days)
    if as_json:
        return hub.output.value({**_as_key(made), "key": opens})
    hub.output.line(opens)
    return hub.output.notice("It is shown this once. Keep it as a password.")


@group.command("keys")
@json_option
@click.pass_obj
def list_keys(hub: Hub, *, as_json: bool) -> None:
    """List the keys of users, those that open nothing any more as well."""
    with hub.catalogue() as db:
        found = keys.all(db)
    if as_json:
        return hub.output.values(map(_as_key, found))
    rows = (
        (
            *(each.id, each.user, each.title),
            hub.translate("yes" if each.valid else "no"),
            *(_when(each.made), _when(each.expires), _when(each.used)),
        )
        for each in found
    )
    return hub.output.table(
        ("Number", "User", "What for", "Valid", "Made", "Until", "Last used"), rows
    )


@group.command("revoke-key")
@click.argument("number", type=click.IntRange(1, GREATEST))
@json_option
@click.pass_obj
def revoke_key(hub: Hub, number: int, *, as_json: bool) -> None:
    """Make a key of a user void."""
    with hub.catalogue() as db:
        keys.revoke(db, number)
    if as_json:
        return hub.output.value({"number": number})
    return hub.output.notice("Key {number} opens nothing any more.", number=number)


def _as_key(each: PersonKey) -> dict[str, Any]:
    return {
        "number": each.id,
        "user": each.user,
        "title": each.title,
        "valid": each.valid,
        "made": _when(each.made),
        "until": _when(each.expires),
        "last_used": _when(each.used),
    }


@group.command("remove")
@click.argument("name")
@json_option
@click.pass_obj
def remove(hub: Hub, name: str, *, as_json: bool) -> None:
    """Let a user no longer sign in."""
    with hub.catalogue() as db:
        _say(hub, users.remove(db, name), as_json=as_json)


def as_result(user: User) -> dict[str, Any]:
    """Return a user as scripts see one: without what only sessions need."""
    return {
        "name": user.name,
        "role": user.role.value,
        "library": user.library,
        "mail": user.mail,
        "active": user.active,
        "invited": user.invited,
        "second_factor": user.has_factor,
        "linked": user.linked,
        "created": _when(user.created),
        "last_login": _when(user.last_login),
    }


def _invitation(hub: Hub) -> int:
    return hub.settings.accounts.invitation_days * 24 * 3600


def _hand_over(hub: Hub, user: User, token: str, *, as_json: bool) -> None:
    door = "member" if user.role is Role.MEMBER else "staff"
    address = f"{hub.identity().base_url}/{door}/link/{token}"
    if as_json:
        return hub.output.value({**as_result(user), "link": address})
    hub.output.line(address)
    return hub.output.notice("It lets {name} in once. Give it to nobody else.", name=user.name)


def _say(hub: Hub, user: User, *, as_json: bool) -> None:
    if as_json:
        return hub.output.value(as_result(user))
    said = hub.translate(
        "{name} may sign in as {role}." if user.active else "{name} may no longer sign in."
    )
    return hub.output.line(said.format(name=user.name, role=hub.translate(ROLES[user.role])))


def _password(hub: Hub, file: str | None) -> str:
    if file is not None:
        return _first_line(file)
    if not sys.stdin.isatty():
        raise NoPassword
    asked: str = click.prompt(
        hub.translate("Password"),
        hide_input=True,
        confirmation_prompt=hub.translate("The same once more"),
        err=True,
    )
    return asked


def _first_line(file: str) -> str:
    try:
        with click.open_file(file, encoding="utf-8") as opened:
            return str(opened.readline()).rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(path=file, reason=error) from error


def _when(seconds: int | None) -> str:
    if seconds is None:
        return ""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")

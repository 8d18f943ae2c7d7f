"""``lienthong sources credentials``: what sources sign in with; no secret is ever shown."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import click

from catalogue import credentials
from catalogue.credentials import Credentials, Kind
from hub.errors import UnreadableFile, WrongUse
from hub.harvesting import credentials_key
from hub.instance import Hub
from hub.options import json_option

_KINDS = click.Choice([kind.value for kind in Kind])
_LONGEST = 65_536


@click.group("credentials")
def group() -> None:
    """Keep what sources sign in with; secrets are encrypted and never shown."""


@group.command("set")
@click.argument("name")
@click.option("--kind", type=_KINDS, default=Kind.BASIC.value, help="How one signs in.")
@click.option("--user", default="", help="User name, of basic authentication.")
@click.option("--where", default="", help="Name of the header or argument that carries a key.")
@click.option(
    "--from",
    "file",
    metavar="FILE",
    help="File whose first line is the password or key, - for standard input; default: ask.",
)
@json_option
@click.pass_obj
def set_(hub: Hub, /, name: str, file: str | None, *, as_json: bool, **told: str) -> None:
    """Keep a password or key under a name, in place of the one there was."""
    secret = _ask(hub) if file is None else first_line(file)
    given = Credentials(
        name=name, kind=Kind(told["kind"]), secret=secret, user=told["user"], where=told["where"]
    )
    with hub.catalogue() as db:
        credentials.put(db, credentials_key(hub), given)
        _show(hub, [each for each in credentials.all(db) if each.name == name], as_json=as_json)


@group.command("list")
@json_option
@click.pass_obj
def list_(hub: Hub, *, as_json: bool) -> None:
    """List the credentials: names, kinds and which sources use them."""
    with hub.catalogue() as db:
        _show(hub, credentials.all(db), as_json=as_json)


@group.command("remove")
@click.argument("name")
@json_option
@click.pass_obj
def remove(hub: Hub, name: str, *, as_json: bool) -> None:
    """Forget credentials that no source uses any more."""
    with hub.catalogue() as db:
        credentials.remove(db, name)
        _show(hub, credentials.all(db), as_json=as_json)


def _show(hub: Hub, found: list[credentials.Stored], *, as_json: bool) -> None:
    if as_json:
        return hub.output.values(found)
    rows = ((each.name, each.kind, _day(each.made), each.sources) for each in found)
    return hub.output.table(("Name", "Kind", "Set", "Sources"), rows)


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d")


def _ask(hub: Hub) -> str:
    if not sys.stdin.isatty():
        raise WrongUse(reason=hub.translate("give the password or key with --from FILE"))
    return str(click.prompt(hub.translate("Password or key"), hide_input=True, err=True))


def first_line(path: str) -> str:
    """Return the first line of a file, or of standard input for -; raise UnreadableFile."""
    try:
        # Editors on Windows put a mark before the first letter.
        with click.open_file(path, encoding="utf-8-sig") as file:
            return str(file.read(_LONGEST)).partition("\n")[0].rstrip("\r")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(path=path, reason=error) from error


def from_file(name: str, path: str | None) -> Credentials | None:
    """Return what a file says, ``user:password`` or a token; None where none is named.

    Raises UnreadableFile or BadCredentials.
    """
    if path is None:
        return None
    user, colon, password = first_line(path).partition(":")
    if colon:
        made = Credentials(name=name, kind=Kind.BASIC, user=user, secret=password)
    else:
        made = Credentials(name=name, kind=Kind.BEARER, secret=user)
    return credentials.check(made)

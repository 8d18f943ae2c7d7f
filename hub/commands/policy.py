"""``lienthong policy``: by which figures records are matched, tried and switched on by staff."""

from __future__ import annotations

import sys
from typing import Any

import click

from catalogue import policies
from catalogue.authorities.naming import same_persons
from catalogue.clock import told
from catalogue.errors import PolicyUnreadable
from catalogue.match import figures, kept_policy, with_names, with_reused
from catalogue.policies import Effect, Version
from catalogue.reused import LEAST, reused
from hub.commands.crosswalk import author_option, note_option
from hub.crosswalks import author_of, print_lines, read_bytes
from hub.effects import in_words, print_effect
from hub.errors import PolicyNotConfirmed
from hub.instance import Hub
from hub.options import json_option
from scheduler.policies import work_out
from web.language import mark
from web.policies import STATES, changes, state

_WAITING = mark("Records still wait to be placed: the figures are rough until none does.")
_OUTDATED = mark("Another policy was in use when this was worked out: look at it again.")


@click.group("policy")
def group() -> None:
    """Look at the policies that records are matched by, try another, switch it on."""


@group.command("list")
@json_option
@click.pass_obj
def list_policies(hub: Hub, *, as_json: bool) -> None:
    """List the policies, the newest first, with the one in use."""
    with hub.catalogue() as db:
        rows = [_header(each) for each in policies.all(db)]
    if as_json:
        return hub.output.values(rows)
    return hub.output.table(
        ("Policy", "Status", "Author", "Date", "Note", "Effect"),
        (
            (
                row["version"],
                hub.translate(STATES[row["state"]]),
                row["author"],
                row["made"],
                row["note"],
                hub.translate(_SEEN[row["effect"]]),
            )
            for row in rows
        ),
    )


_SEEN = {
    "none": mark("not looked at"),
    "known": mark("worked out"),
    "outdated": mark("to be looked at again"),
}


def _header(each: Version) -> dict[str, Any]:
    known = "none" if each.effect is None else "outdated" if each.effect.outdated else "known"
    return {
        "version": each.version,
        "state": state(each),
        "author": each.author,
        "made": told(each.made),
        "note": each.note,
        "used": None if each.used is None else told(each.used),
        "used_by": each.used_by,
        "effect": known,
    }


@group.command("show")
@click.argument("version", default="")
@json_option
@click.pass_obj
def show(hub: Hub, version: str, *, as_json: bool) -> None:
    """Print the text of a policy, by default of the one in use: copy it to make another."""
    with hub.catalogue() as db:
        found = policies.get(db, version)
    if as_json:
        return hub.output.value(_header(found) | {"text": found.text})
    return print_lines(hub, found.text.splitlines())


@group.command("new")
@click.argument("file", metavar="POLICY.toml")
@author_option
@note_option
@json_option
@click.pass_obj
def new(hub: Hub, file: str, *, author: str, note: str, as_json: bool) -> None:
    """Keep another policy, to be tried; records are matched as before."""
    text = _text(read_bytes(file))
    with hub.catalogue() as db:
        kept = policies.add(db, text, author_of(hub, author), note)
    _print_kept(hub, kept, as_json=as_json)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise PolicyUnreadable(line=line, text="") from error


def _print_kept(hub: Hub, kept: Version, *, as_json: bool) -> None:
    if as_json:
        return hub.output.value(_header(kept))
    return hub.output.notice(
        "The policy {version} is kept. See what it would do: lienthong policy effect {version}",
        version=kept.version,
    )


@group.command("diff")
@click.argument("one")
@click.argument("other", default="")
@json_option
@click.pass_obj
def diff(hub: Hub, one: str, other: str, *, as_json: bool) -> None:
    """Show which figures of two policies differ: of one and the one in use, if not said."""
    with hub.catalogue() as db:
        texts = [policies.get(db, name).text for name in (other, one)]
    before, after = (figures(kept_policy(text)) for text in texts)
    rows = changes(before, after)
    if as_json:
        return hub.output.values(row._asdict() for row in rows)
    return hub.output.table(("Figure", "Before", "After"), rows)


@group.command("effect")
@click.argument("version")
@click.option("--again", is_flag=True, help="Work it out anew although it is known.")
@json_option
@click.pass_obj
def effect(hub: Hub, version: str, *, again: bool, as_json: bool) -> None:
    """Say what a policy would join and part if it were in use."""
    with hub.catalogue() as db:
        found = policies.get(db, version).effect
        if found is None or found.outdated or again:
            found = work_out(db, version)
    if as_json:
        return hub.output.value(in_words(hub, found.told))
    return _print_effect(hub, found)


def _print_effect(hub: Hub, found: Effect) -> None:
    out, effect = hub.output, found.told
    if effect["waiting"]:
        out.notice(_WAITING)
    if found.outdated:
        out.notice(_OUTDATED)
    out.pairs({"Worked out": told(effect["made"])})
    print_effect(hub, effect)


@group.command("switch")
@click.argument("version")
@click.option("--yes", is_flag=True, help="Do not ask.")
@author_option
@json_option
@click.pass_obj
def switch(hub: Hub, version: str, *, yes: bool, author: str, as_json: bool) -> int:
    """Put a policy to use whose effect was worked out: all records are placed again by it."""
    with hub.catalogue() as db:
        found = policies.get(db, version)
        seen = found.effect
        if seen and not found.live and not as_json:
            _print_effect(hub, seen)
        if not (yes or found.live or _confirmed(hub, version)):
            return 1
        is_new = policies.switch(db, version, seen.token if seen else "", author_of(hub, author))
    if as_json:
        hub.output.value({"version": version, "switched": is_new})
    elif is_new:
        hub.output.notice(
            "The policy {version} is in use. A worker places all records again.", version=version
        )
    else:
        hub.output.notice("The policy {version} is in use already.", version=version)
    return 0


def _confirmed(hub: Hub, version: str) -> bool:
    question = hub.translate("Put the policy {version} to use?").format(version=version)
    if not sys.stdin.isatty():
        raise PolicyNotConfirmed(version=version)
    return click.confirm(question, err=True)


@group.command("discard")
@click.argument("version")
@json_option
@click.pass_obj
def discard(hub: Hub, version: str, *, as_json: bool) -> None:
    """Throw a policy away that was never in use."""
    with hub.catalogue() as db:
        policies.discard(db, version)
    if as_json:
        return hub.output.value({"version": version, "discarded": True})
    return hub.output.notice("The policy {version} is thrown away.", version=version)


@group.command("reused")
@click.option(
    "--least",
    type=click.IntRange(min=2),
    default=LEAST,
    show_default=True,
    help="On at least so many publications of unlike titles.",
)
@click.option("--as", "version", default="", help="Keep the policy in use with these, as this.")
@author_option
@json_option
@click.pass_obj
def list_reused(hub: Hub, *, least: int, version: str, author: str, as_json: bool) -> None:
    """List ISBNs that stand on several publications; they can be kept in a policy."""
    with hub.catalogue() as db:
        found = list(reused(db, least))
        if version:
            live = policies.get(db)
            isbns = kept_policy(live.text).reused | {each.isbn for each in found}
            text = with_reused(live.text, version, isbns)
            kept = policies.add(db, text, author_of(hub, author), hub.translate(_REUSED))
            return _print_kept(hub, kept, as_json=as_json)
    if as_json:
        return hub.output.values(each._asdict() for each in found)
    return hub.output.table(
        ("ISBN", "Titles"), ((each.isbn, "; ".join(each.titles)) for each in found)
    )


@group.command("names")
@click.option("--as", "version", default="", help="Keep the policy in use with these, as this.")
@author_option
@json_option
@click.pass_obj
def list_names(hub: Hub, *, version: str, author: str, as_json: bool) -> None:
    """List persons who have records under several names; they can be kept in a policy."""
    with hub.catalogue() as db:
        found = same_persons(db)
        if version:
            text = with_names(policies.get(db).text, version, found)
            kept = policies.add(db, text, author_of(hub, author), hub.translate(_NAMES))
            return _print_kept(hub, kept, as_json=as_json)
    if as_json:
        return hub.output.values({"names": names} for names in found)
    return hub.output.table(("Names of one person",), (("; ".join(names),) for names in found))


_NAMES = mark("Names of one person")
_REUSED = mark("ISBNs used again")

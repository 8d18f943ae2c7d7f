"""``lienthong libraries suspend|withdraw|restore|standing``: who is shown, and who is not."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from catalogue import libraries
from catalogue.clock import told
from catalogue.database import Database
from catalogue.membership.effect import Effect, effect
from catalogue.membership.model import Membership
from catalogue.membership.standing import By, history, set_standing
from hub.commands.crosswalk import author_option
from hub.crosswalks import author_of
from hub.harvesting import settle
from hub.instance import Hub
from hub.options import json_option, with_options
from web.hidden import WORDS

_options = with_options(
    click.argument("code"),
    click.option("--reason", default="", help="Why, for those who come later."),
    author_option,
    click.option("--dry-run", is_flag=True, help="Only tell what would become of it."),
    json_option,
    click.pass_obj,
)


@click.command("suspend")
@_options
def suspend(hub: Hub, /, code: str, **given: Any) -> None:
    """Hide all of a member for a time; it comes back as it was, under the same ids."""
    _change(hub, code, Membership.SUSPENDED, given)


@click.command("withdraw")
@_options
def withdraw(hub: Hub, /, code: str, **given: Any) -> None:
    """Hide all of a member that leaves; what it contributed stays in the history."""
    _change(hub, code, Membership.WITHDRAWN, given)


@click.command("restore")
@_options
def restore(hub: Hub, /, code: str, **given: Any) -> None:
    """Show all of a member again that was suspended or had left."""
    _change(hub, code, Membership.MEMBER, given)


@click.command("standing")
@click.argument("code")
@json_option
@click.pass_obj
def standing(hub: Hub, code: str, *, as_json: bool) -> None:
    """Show how a library's standing and its sources' stages changed, the newest first."""
    with hub.catalogue() as db:
        events = history(db, code)
    if as_json:
        return hub.output.values(events)
    return hub.output.table(
        ("When", "Source", "Before", "After", "Done by", "Reason"),
        [
            (
                told(each.at),
                each.source,
                hub.translate(WORDS[each.before]),
                hub.translate(WORDS[each.after]),
                each.person,
                each.reason,
            )
            for each in events
        ],
    )


def _change(hub: Hub, code: str, after: Membership, given: dict[str, Any]) -> None:
    with hub.catalogue() as db:
        known, seen = libraries.get(db, code), effect(db, code)
        by = By(person=author_of(hub, given["author"]), reason=given["reason"])
        changed = not given["dry_run"] and set_standing(db, code, after, by)
        if changed:
            settle(hub, db)
        _tell(hub, db, (known.code, seen), as_json=given["as_json"])


def _tell(hub: Hub, db: Database, told: tuple[str, Effect], *, as_json: bool) -> None:
    code, seen = told
    now = libraries.get(db, code).standing
    if as_json:
        return hub.output.value({"library": code, "standing": now.value, **asdict(seen)})
    return hub.output.pairs(
        {
            "Library": code,
            "Standing": hub.translate(WORDS[now]),
            "Its records": seen.records,
            "Clusters it was in": seen.clusters,
            "Of these without any other library": seen.alone,
            "Rows of its lists": seen.rows,
            "Its sources": seen.sources,
        }
    )

"""``lienthong db``: the database itself."""

from __future__ import annotations

import sys

import click

from catalogue import database
from catalogue.cluster.place import try_again
from catalogue.digest import digest
from catalogue.moving import copying
from catalogue.search import waiting
from hub.instance import Hub
from hub.options import json_option


@click.group("db")
def group() -> None:
    """Look after the database."""


@group.command("upgrade")
@json_option
@click.pass_obj
def upgrade(hub: Hub, *, as_json: bool) -> None:
    """Bring the database's tables to what this version needs."""
    url = hub.settings.database_url
    before = database.schema_of(url)
    database.upgrade(url)
    after = database.schema_of(url)
    with hub.catalogue() as db:
        try_again(db)
    if as_json:
        return hub.output.value({"before": before, "after": after})
    return hub.output.notice("The database is at schema {after}.", after=after)


@group.command("digest")
@json_option
@click.pass_obj
def show_digest(hub: Hub, *, as_json: bool) -> None:
    """Print a hash of clusters, master records, records and verdicts, free of ids and order."""
    with hub.catalogue() as db:
        found = digest(db)
    if as_json:
        return hub.output.value({"digest": found})
    return hub.output.line(found)


@group.command("move")
@click.argument("url", envvar="LIENTHONG_MOVE_URL")
@json_option
@click.pass_obj
def move(hub: Hub, /, url: str, *, as_json: bool) -> None:
    """Copy this hub from SQLite into an empty PostgreSQL database, and compare what arrived.

    URL is like postgresql+psycopg://USER:PASSWORD@HOST:5432/NAME; in LIENTHONG_MOVE_URL nobody else
    sees the password. Nothing of the hub is changed.
    """

    def told(each: copying.Moved) -> None:
        if not as_json and each.rows:
            hub.output.line(f"{each.table}: {each.rows}")

    with hub.catalogue() as db:
        found = copying.move(db, url, told)
    if as_json:
        tables = [{"table": one.table, "rows": one.rows, "checksum": one.checksum} for one in found]
        return hub.output.value({"tables": tables})
    hub.output.notice("All of it arrived, each table with as many rows and the same checksum.")
    return hub.output.notice(
        "Now name the new database in [database] url of {path}, and start the hub: the worker makes"
        " the search index there.",
        path=hub.settings.folder / "lienthong.toml",
    )


@group.command("reindex")
@json_option
@click.pass_obj
def reindex(hub: Hub, *, as_json: bool) -> None:
    """Make the search index again; what is in it goes on being found meanwhile."""
    with hub.catalogue() as db:
        total = waiting.begin_anew(db)
        # Drawn for people only: nothing of it is printed where standard error is no terminal.
        with click.progressbar(length=total, file=sys.stderr) as bar:
            while some := waiting.settle(db):
                bar.update(some)
    if as_json:
        return hub.output.value({"records": total})
    return hub.output.notice("Indexed: {records}", records=total)

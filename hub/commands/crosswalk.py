"""``lienthong crosswalk``: how records are mapped, read, changed, tried and published by staff."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from threading import Event
from typing import Any

import click

from catalogue import crosswalks
from catalogue.crosswalks import REMAP, REWRITE, Version
from catalogue.database import Database
from catalogue.errors import NothingDrafted, SavedTestsFailed
from catalogue.store.remap import STEP
from crosswalks import trials
from crosswalks.language.errors import CrosswalkSyntax
from crosswalks.shelf import Shelf, Written
from crosswalks.trials import Trial
from hub.crosswalks import (
    author_of,
    beginning,
    changes,
    edited,
    point_at,
    print_failed,
    print_lines,
    read_bytes,
    read_file,
)
from hub.instance import Hub
from hub.options import json_option
from hub.stopping import stopped_by_signals
from scheduler.effect import Effect, Wanted
from scheduler.effect import effect as work_out
from scheduler.remaining import remaining_work
from web.language import mark, message

author_option = click.option("--author", default="", help="Who does it; else this machine's user.")
note_option = click.option("--note", default="", help="Why, in a few words.")
version_option = click.option(
    "--version", "number", type=click.IntRange(min=0), help="This version; 0 is what is shipped."
)


_EVERY = 5000
"""Records after which the person hears how far it is."""


@click.group("crosswalk")
def group() -> None:
    """Read and change the rules by which records are mapped."""


@group.command("list")
@json_option
@click.pass_obj
def list_crosswalks(hub: Hub, *, as_json: bool) -> None:
    """List all crosswalks with the version in use."""
    with hub.catalogue() as db:
        rows = [_row(db, name) for name in crosswalks.names(db)]
    if as_json:
        return hub.output.values(rows)
    return hub.output.table(
        ("Name", "Version", "Author", "Date", "Draft", "Saved tests"),
        (tuple(row.values()) for row in rows),
    )


def _row(db: Database, name: str) -> dict[str, Any]:
    found, draft = crosswalks.versions(db, name), crosswalks.draft(db, name)
    used = found[0] if found else None
    return {
        "name": name,
        "version": used.version if used else None,
        "author": used.author if used else "",
        "date": used.made if used else "",
        "draft": draft.made if draft else "",
        "tests": len(crosswalks.saved_tests(db, name)),
    }


@group.command("show")
@click.argument("name")
@version_option
@click.option("--draft", is_flag=True, help="The draft, not what is in use.")
@json_option
@click.pass_obj
def show(hub: Hub, name: str, *, number: int | None, draft: bool, as_json: bool) -> None:
    """Show a crosswalk's text, its tables and the history of its versions."""
    with hub.catalogue() as db:
        found = _drafted(db, name) if draft else crosswalks.version(db, name, number)
        history = crosswalks.versions(db, name)
    if as_json:
        return hub.output.value(_plain(found) | {"history": [_header(each) for each in history]})
    hub.output.table(
        ("Version", "Author", "Date", "Note"), (tuple(_header(each).values()) for each in history)
    )
    hub.output.line("")
    print_lines(hub, found.written.text.splitlines())
    for table, text in found.written.tables:
        print_lines(hub, ["", f"{table}.tsv", *text.splitlines()])
    return None


@group.command("edit")
@click.argument("name")
@click.option("--file", "path", help="Take the text from a file, not from your editor.")
@click.option("--table", "tables", multiple=True, metavar="NAME=FILE", help="A table to look up.")
@author_option
@note_option
@json_option
@click.pass_obj
def edit(hub: Hub, /, name: str, *, as_json: bool, **given: Any) -> None:
    """Change a crosswalk: what you write becomes its draft."""
    with hub.catalogue() as db:
        before = beginning(db, name)
        tables = dict(before.written.tables) | dict(map(_table, given["tables"]))
        text = read_file(given["path"]) if given["path"] else edited(before.written.text)
        if text is None and not given["tables"]:
            return hub.output.notice("Nothing was changed.")
        written = Written(text=text or before.written.text, tables=tuple(sorted(tables.items())))
        author = author_of(hub, given["author"])
        wanted = Version(
            name=name, version=None, author=author, note=given["note"], written=written
        )
        kept = _kept(hub, db, wanted, again=not given["path"])
    if as_json:
        return hub.output.value(_plain(kept))
    return hub.output.notice(
        "The draft of {name} is kept. Try it with: lienthong crosswalk effect {name}", name=name
    )


def _kept(hub: Hub, db: Database, wanted: Version, *, again: bool) -> Version:
    """Keep a draft; show what is wrong in it, and let the person mend it if they can."""
    while True:
        try:
            crosswalks.put_draft(db, wanted)
        except CrosswalkSyntax as error:
            if error.details["name"] == wanted.name:
                point_at(hub, error, wanted.written.text)
            mended = edited(wanted.written.text) if again and _mends(hub, error) else None
            if mended is None:
                raise
            wanted = replace(wanted, written=replace(wanted.written, text=mended))
        else:
            return wanted


def _mends(hub: Hub, error: CrosswalkSyntax) -> bool:
    hub.output.aside(message(error, hub.translate))
    return click.confirm(hub.translate("Edit it again?"), default=True, err=True)


def _table(given: str) -> tuple[str, str]:
    name, equals, path = given.partition("=")
    if not equals:
        raise click.BadParameter(given, param_hint="--table NAME=FILE")
    return name, read_file(path)


@group.command("test")
@click.argument("name")
@click.option("--add", "title", default="", help="Save a test under this title.")
@click.option("--record", "record", default="", help="File with the record of the new test.")
@click.option("--expected", default="", help="File with what must come out; else what does now.")
@click.option("--remove", default="", help="Forget the test with this title.")
@author_option
@json_option
@click.pass_obj
def test(hub: Hub, /, name: str, *, as_json: bool, **given: Any) -> int:
    """Run the saved tests of a crosswalk by its draft, or else by what is in use."""
    with hub.catalogue() as db:
        tried = _tried(db, name)
        if given["title"]:
            trial = _new_test(tried, name, given)
            crosswalks.save_test(db, name, trial, author_of(hub, given["author"]))
        if given["remove"]:
            crosswalks.remove_test(db, name, given["remove"])
        failed = crosswalks.try_all(db, tried, name)
        failing = {(each.crosswalk, each.title): each for each in failed}
        rows = [
            {
                "crosswalk": user,
                "title": trial.title,
                "passed": (user, trial.title) not in failing,
                "difference": getattr(failing.get((user, trial.title)), "difference", ()),
            }
            for user in tried.users(name)
            for trial in crosswalks.saved_tests(db, user)
        ]
    if as_json:
        hub.output.values(rows)
    else:
        hub.output.table(
            ("Crosswalk", "Test", "Passed"),
            ((row["crosswalk"], row["title"], _yes(hub, row["passed"])) for row in rows),
        )
        print_failed(hub, failed)
    return 1 if failed else 0


def _yes(hub: Hub, passed: object) -> str:
    return hub.translate("yes") if passed else hub.translate("no")


def _new_test(tried: Shelf, name: str, given: dict[str, Any]) -> Trial:
    if not given["record"]:
        raise click.MissingParameter(param_hint="--record", param_type="option")
    trial = Trial(title=given["title"], given=read_bytes(given["record"]), expected="")
    if given["expected"]:
        return replace(trial, expected=read_file(given["expected"]))
    return replace(trial, expected="\n".join(trials.lines(trials.outcome(tried, name, trial))))


@group.command("diff")
@click.argument("name")
@click.option("--from", "old", type=click.IntRange(min=0), help="The older version.")
@click.option("--to", "new", type=click.IntRange(min=0), help="The newer one; else the draft.")
@json_option
@click.pass_obj
def diff(hub: Hub, name: str, *, old: int | None, new: int | None, as_json: bool) -> None:
    """Show by which lines two versions differ: what is in use and the draft, if not said."""
    with hub.catalogue() as db:
        before = crosswalks.version(db, name, old)
        after = _drafted(db, name) if new is None else crosswalks.version(db, name, new)
    lines = changes(before.written, after.written)
    if as_json:
        return hub.output.value({"from": before.version, "to": after.version, "lines": lines})
    return print_lines(hub, lines)


@group.command("publish")
@click.argument("name")
@author_option
@note_option
@json_option
@click.pass_obj
def publish(hub: Hub, name: str, *, author: str, note: str, as_json: bool) -> None:
    """Put a draft to use, if its saved tests pass; a worker then does what follows from it."""
    with hub.catalogue() as db:
        try:
            made = crosswalks.publish(db, name, author_of(hub, author), note)
        except SavedTestsFailed as error:
            print_failed(hub, error.failed)
            raise
        jobs = crosswalks.jobs_of(crosswalks.shelf(db), name)
    _print_published(hub, made, jobs, as_json=as_json)


@group.command("rollback")
@click.argument("name")
@click.argument("number", type=click.IntRange(min=0), metavar="VERSION")
@author_option
@note_option
@json_option
@click.pass_obj
def rollback(hub: Hub, /, name: str, number: int, *, as_json: bool, **given: str) -> None:
    """Put an older version to use again, as a new one; 0 is what is shipped."""
    with hub.catalogue() as db:
        author = author_of(hub, given["author"])
        try:
            made = crosswalks.roll_back(db, name, number, author, given["note"])
        except SavedTestsFailed as error:
            print_failed(hub, error.failed)
            raise
        jobs = crosswalks.jobs_of(crosswalks.shelf(db), name)
    _print_published(hub, made, jobs, as_json=as_json)


_FOLLOWS = {
    REMAP: mark("A worker maps the records again."),
    REWRITE: mark("A worker makes what is given out anew."),
}
"""What is said of each job that publishing queues."""
_WORK = {REMAP: mark("Mapping records again"), REWRITE: mark("Making anew what is given out")}


def _print_published(hub: Hub, made: Version, jobs: Sequence[str], *, as_json: bool) -> None:
    if as_json:
        return hub.output.value(_header(made) | {"name": made.name, "jobs": jobs})
    hub.output.notice(
        "Version {version} of {name} is in use.", version=made.version, name=made.name
    )
    for job in jobs:
        hub.output.notice(_FOLLOWS[job])
    return None


@group.command("status")
@json_option
@click.pass_obj
def status(hub: Hub, *, as_json: bool) -> None:
    """Tell how far the work is that follows from publishing."""
    with hub.catalogue() as db:
        found = remaining_work(db)
    if as_json:
        return hub.output.values(each._asdict() for each in found)
    return hub.output.table(
        ("Work", "Status", "Left"),
        (
            (hub.translate(_WORK[each.kind]), each.state and hub.translate(each.state), each.left)
            for each in found
        ),
    )


@group.command("effect")
@click.argument("name")
@version_option
@json_option
@click.pass_obj
def effect(hub: Hub, name: str, *, number: int | None, as_json: bool) -> int:
    """Tell what a draft, or an older version, would make of all records of the hub."""
    stopping = Event()

    def told(so_far: Effect) -> None:
        if so_far.records // _EVERY > (so_far.records - STEP) // _EVERY:
            hub.output.notice("{count} records so far", count=so_far.records)

    with hub.catalogue() as db, stopped_by_signals(stopping.set):
        then = _drafted(db, name) if number is None else crosswalks.version(db, name, number)
        shelf = crosswalks.shelf(db)
        wanted = Wanted(name=name, now=shelf, then=shelf.with_draft(name, then.written))
        found = work_out(db, wanted, told, stopping)
    _print_effect(hub, found, as_json=as_json)
    if not found.complete:
        hub.output.notice("Not all records were looked at. The same command goes on from here.")
    return 0 if found.complete else 1


def _print_effect(hub: Hub, found: Effect, *, as_json: bool) -> None:
    if as_json:
        return hub.output.value(asdict(found))
    hub.output.pairs(
        {
            "Records": found.records,
            "Of these given out": found.given_out,
            "Changed": found.changed,
            "Unchanged": found.unchanged,
            "Mapped for the first time": found.appearing,
            "No longer mapped": found.vanishing,
            "Failing rules": found.failing,
        }
    )
    hub.output.line("")
    fields = sorted(found.fields.items(), key=lambda each: (-each[1], each[0]))
    if len(found.crosswalks) > 1:
        hub.output.table(("Crosswalk", "Changed"), sorted(found.crosswalks.items()))
        hub.output.line("")
    hub.output.table(("Field", "Records"), fields)
    for sample in found.samples:
        print_lines(hub, ["", sample.name, *sample.difference])
    return None


def _drafted(db: Database, name: str) -> Version:
    found = crosswalks.draft(db, name)
    if found is None:
        raise NothingDrafted(name=name)
    return found


def _tried(db: Database, name: str) -> Shelf:
    """Return the shelf that tests are run by: with the draft, if there is one."""
    shelf, draft = crosswalks.shelf(db), crosswalks.draft(db, name)
    if draft is None:
        crosswalks.version(db, name)
        return shelf
    return shelf.with_draft(name, draft.written)


def _header(found: Version) -> dict[str, Any]:
    return {
        "version": found.version,
        "author": found.author,
        "date": found.made,
        "note": found.note,
    }


def _plain(found: Version) -> dict[str, Any]:
    told = {"name": found.name, **_header(found)}
    return told | {"text": found.written.text, "tables": dict(found.written.tables)}

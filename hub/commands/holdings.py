"""``lienthong libraries holdings``: what libraries without records hold, by lists."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click

from catalogue.database import Database
from catalogue.holdings import listing
from catalogue.holdings.model import Choice, Found, HoldingList, Stored
from catalogue.holdings.put import Giving, remove, retry
from crosswalks.encodings import LEGACY
from hub.filing import opened, outgoing
from hub.harvesting import line_of
from hub.instance import Hub
from hub.options import json_option, limit_option
from scheduler import pipeline
from scheduler.givenlists import take_at_once
from scheduler.holdings import File, Taken
from web.holdings import FOUND, Listed, told, work_file
from web.language import mark
from web.quality.words import meaning

_SHOWN = 20
"""Problems of rows told one by one."""
_list_option = click.option("--list", "name", default="", help="Only this list.")


@click.group("holdings")
def group() -> None:
    """Take in lists of libraries that have no records, and see what was found for them."""


@group.command("put")
@click.argument("library")
@click.argument("file")
@click.option("--list", "name", default="main", show_default=True, help="Name of the list.")
@click.option("--columns", default="", help="What columns hold: 'Heading = title; ...'.")
@click.option(
    "--encoding", type=click.Choice(sorted(LEGACY)), help="Of text that is not in Unicode."
)
@click.option("--dry-run", is_flag=True, help="Say what would change and be found, store nothing.")
@click.option("--yes", "accepts", is_flag=True, help="Also where the file lacks much of the list.")
@json_option
@click.pass_obj
def put_list(
    hub: Hub, /, library: str, file: str, *, name: str, encoding: str | None, **ways: Any
) -> None:
    """Make a library's list what a file says, and match its rows with the union catalogue."""
    as_json = ways.pop("as_json")
    giving = Giving(library=library, list=name, **ways)
    with hub.catalogue() as db:
        with opened(file) as stream:
            given = File(stream, Path(file).name, encoding or "")
            taken = take_at_once(db, hub.identity(), given, giving)
        if not giving.dry_run:
            _settle(hub, db)
        _tell(hub, db, taken, dry_run=giving.dry_run, as_json=as_json)


@group.command("list")
@json_option
@click.pass_obj
def list_lists(hub: Hub, *, as_json: bool) -> None:
    """List the lists of all libraries, and what came of their rows."""
    with hub.catalogue() as db:
        found = listing.lists(db)
    if as_json:
        return hub.output.values(found)
    headings = ("Library", "List", "Rows", "Found", "Work list", "Waiting", "Given")
    return hub.output.table(headings, (_line(hub, each) for each in found))


@group.command("show")
@click.argument("library")
@_list_option
@limit_option
@json_option
@click.pass_obj
def show(hub: Hub, library: str, name: str, *, limit: int, as_json: bool) -> None:
    """Show a library's rows and what was found for each."""
    with hub.catalogue() as db:
        found = listing.rows(db, library, name)
        if as_json:
            return hub.output.values(_plain(*each) for each in found)
        rows = [each for each, _ in zip(found, range(limit + 1), strict=False)]
        _table(hub, rows[:limit])
    if len(rows) > limit:
        hub.output.notice("There are more rows; see more with --limit.")
    return None


@group.command("work")
@click.argument("library")
@_list_option
@click.option("--csv", "path", default="", help="Write all of it to this file, - for the screen.")
@limit_option
@json_option
@click.pass_obj
def work(hub: Hub, /, library: str, *, name: str, path: str, limit: int, **form: bool) -> None:
    """Show the rows that a person has to look at: what could not be matched, and why."""
    with hub.catalogue() as db:
        found = listing.rows(db, library, name, work=True)
        if form["as_json"]:
            return hub.output.values(_plain(*each) for each in found)
        if path:
            with outgoing(path) as out:
                out.writelines(work_file(found, hub.identity().code, hub.translate))
            return None
        rows = [each for each, _ in zip(found, range(limit + 1), strict=False)]
        _table(hub, rows[:limit])
    if len(rows) > limit:
        hub.output.notice("There are more rows; see more with --limit, or all with --csv FILE.")
    return None


@group.command("retry")
@click.argument("library", default="")
@click.option("--all", "all_rows", is_flag=True, help="Also rows that were found.")
@json_option
@click.pass_obj
def retry_rows(hub: Hub, library: str, *, all_rows: bool, as_json: bool) -> None:
    """Match again what was not found, of one library or of all."""
    with hub.catalogue() as db:
        before = _matched(db, library)
        tried = retry(db, library, all_rows=all_rows)
        _settle(hub, db)
        more = _matched(db, library) - before
    if as_json:
        return hub.output.value({"tried": tried, "more": more})
    return hub.output.notice(
        "{tried} rows were tried, {more} more are found.", tried=tried, more=more
    )


@group.command("remove")
@click.argument("library")
@click.argument("name", metavar="LIST")
@json_option
@click.pass_obj
def remove_list(hub: Hub, library: str, name: str, *, as_json: bool) -> None:
    """Take a list away, and with it the holdings that came of it."""
    with hub.catalogue() as db:
        rows = remove(db, library, name)
        _settle(hub, db)
    if as_json:
        return hub.output.value({"library": library, "list": name, "rows": rows})
    return hub.output.notice("List {name} is gone; it had {rows} rows.", name=name, rows=rows)


def _settle(hub: Hub, db: Database) -> None:
    """Match what waits and make the clusters concerned anew, so that every reader sees it."""
    pipeline.settle(line_of(hub, db))


def _matched(db: Database, library: str) -> int:
    return sum(each.matched for each in listing.lists(db, library))


def _tell(hub: Hub, db: Database, taken: Taken, *, dry_run: bool, as_json: bool) -> None:
    done = taken.done
    found = taken.found if dry_run else listing.counts(db, done.library, done.list)
    if as_json:
        return hub.output.value(
            {
                "library": done.library,
                "list": done.list,
                "dry_run": dry_run,
                **{name: getattr(done, name) for name in _FIGURES},
                "found": {each.value or "waiting": count for each, count in found.items()},
                "problems": dict(taken.problems.counts),
                "told": [(each.line, each.problem) for each in taken.problems.told],
            }
        )
    hub.output.pairs(
        {word: getattr(done, name) for name, word in _FIGURES.items()}
        | {FOUND[each]: count for each, count in found.items()}
    )
    _tell_problems(hub, taken)
    if not dry_run and any(found.get(each) for each in found if each is not Found.MATCHED):
        hub.output.notice(
            "See what was not found, and why, with: lienthong libraries holdings work {library}",
            library=done.library,
        )
    return None


_FIGURES = {
    "rows": mark("Rows"),
    "added": mark("added"),
    "changed": mark("changed"),
    "unchanged": mark("unchanged"),
    "withdrawn": mark("withdrawn"),
    "repeated": mark("repeated"),
}


def _tell_problems(hub: Hub, taken: Taken) -> None:
    for line, problem in taken.problems.told[:_SHOWN]:
        hub.output.notice(
            "Row {line}: {what} {sample}",
            line=line,
            what=hub.translate(meaning(problem.code)),
            sample=problem.sample,
        )
    more = sum(taken.problems.counts.values()) - _SHOWN
    if more > 0:
        hub.output.notice("{count} more problems; see them with --json.", count=more)


def _line(hub: Hub, each: HoldingList) -> tuple[object, ...]:
    when = datetime.fromtimestamp(each.put, UTC).strftime("%Y-%m-%d %H:%M")
    given = when if each.whole else f"{when} ({hub.translate('not whole: give it again')})"
    return (each.library, each.name, each.rows, each.matched, each.work, each.waiting, given)


def _table(hub: Hub, rows: list[Listed]) -> None:
    hub.output.table(
        ("List", "Row", "Number", "Title", "What came of it", "What may be meant"),
        (
            (
                name,
                each.line,
                each.row.local_number or each.row.isbn or each.row.issn or each.row.identifier,
                each.row.title,
                hub.translate(FOUND[each.found]),
                f"{each.cluster} {each.title}".strip() or "; ".join(_choices(hub, each.choices)),
            )
            for name, each in rows
        ),
    )


def _choices(hub: Hub, choices: tuple[Choice, ...]) -> list[str]:
    code = hub.identity().code
    return [told(choice, code, hub.translate) for choice in choices]


def _plain(name: str, each: Stored) -> dict[str, Any]:
    return {
        "list": name,
        "row": each.line,
        "found": each.found.value or "waiting",
        "waits": each.waits,
        "cluster": each.cluster,
        "title": each.title,
        "choices": [choice._asdict() for choice in each.choices],
        "says": json.loads(each.row.to_json()),
    }

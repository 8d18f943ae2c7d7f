"""``lienthong overlays bulk``: correcting all records that a search finds."""

from __future__ import annotations

from typing import Any

import click

from catalogue.clock import told
from catalogue.database import Database
from catalogue.overlays import bulk
from catalogue.overlays.bulk import Bulk, Trouble, Wanted
from catalogue.querysets import defining
from catalogue.querysets.model import Language
from hub.commands.crosswalk import author_option
from hub.crosswalks import author_of, read_file
from hub.errors import NoSearch
from hub.harvesting import line_of, stopping_by_signals
from hub.instance import Hub
from hub.options import GREATEST, json_option, limit_option
from scheduler import bulk as working
from web.overlays.words import FATES, PHASES, figures_told
from web.told import run_message

_number = click.argument("number", type=click.IntRange(1, GREATEST))


@click.group("bulk")
def group() -> None:
    """Correct all records that a search finds: look first, then carry it out, or take it off."""


@group.command("preview")
@click.option("--words", default="", help="Correct what these words find.")
@click.option("--cql", default="", metavar="QUERY", help="Or what a query in CQL finds.")
@click.option("--pqf", default="", metavar="QUERY", help="Or what a query in PQF finds.")
@click.option("--set", "of_set", default="", metavar="NAME", help="Or what a set by query holds.")
@click.option("--rule", multiple=True, help="A rule in the language of crosswalks; several may be.")
@click.option("--rules", "path", default="", metavar="FILE", help="Or a file of rules; - is stdin.")
@click.option("--reason", required=True, help="Why, for those who come later.")
@author_option
@json_option
@click.pass_obj
def preview(hub: Hub, /, *, as_json: bool, **given: Any) -> None:
    """Work out what a bulk correction would do, for each record found; nothing is corrected."""
    with hub.catalogue() as db:
        wanted = _wanted(db, given)
        number = bulk.ask(db, wanted, author_of(hub, given["author"]))
        found = _done(hub, db, number)
        _print(hub, db, found, as_json=as_json)
    if not as_json and found.figures.would:
        hub.output.notice(
            "Carry it out with: lienthong overlays bulk apply {number}", number=number
        )


def _wanted(db: Database, given: dict[str, Any]) -> Wanted:
    queries = [(each, given[each.value]) for each in Language if given[each.value]]
    if given["of_set"]:
        of_set = defining.get(db, given["of_set"])
        queries.append((of_set.language, of_set.query))
    if len(queries) != 1:
        raise NoSearch
    [(language, query)] = queries
    rules = read_file(given["path"]) if given["path"] else "\n".join(given["rule"])
    return Wanted(language=language, query=query, rules=rules, reason=given["reason"])


@group.command("apply")
@_number
@author_option
@json_option
@click.pass_obj
def apply(hub: Hub, number: int, author: str, *, as_json: bool) -> None:
    """Carry out a bulk correction that was looked at; again does nothing twice."""
    with hub.catalogue() as db:
        bulk.agree(db, number, author_of(hub, author))
        _print(hub, db, _done(hub, db, number), as_json=as_json)


@group.command("undo")
@_number
@author_option
@json_option
@click.pass_obj
def undo(hub: Hub, number: int, author: str, *, as_json: bool) -> None:
    """Take all corrections of a bulk off again."""
    with hub.catalogue() as db:
        bulk.undo(db, number, author_of(hub, author))
        _print(hub, db, _done(hub, db, number), as_json=as_json)


@group.command("show")
@_number
@limit_option
@json_option
@click.pass_obj
def show(hub: Hub, number: int, limit: int, *, as_json: bool) -> None:
    """Show what a bulk correction would do or did, and the records that it cannot change."""
    with hub.catalogue() as db:
        _print(hub, db, bulk.get(db, number), as_json=as_json, limit=limit)


@group.command("list")
@limit_option
@json_option
@click.pass_obj
def list_bulks(hub: Hub, limit: int, *, as_json: bool) -> None:
    """List bulk corrections, the newest first."""
    with hub.catalogue() as db:
        found = bulk.all(db, limit=limit)
    if as_json:
        return hub.output.values(map(as_result, found))
    return hub.output.table(
        ("Number", "State", "Query", "Records found", "To be changed", "Changed", "Done by"),
        (
            (
                *(each.id, hub.translate(PHASES[each.phase])),
                f"{each.wanted.language.value}: {each.wanted.query}",
                *(each.figures.found, each.figures.would, each.figures.done, each.person),
            )
            for each in found
        ),
    )


def _done(hub: Hub, db: Database, number: int) -> Bulk:
    """Have it done here, or wait for the worker that is at it; tell how far it is."""

    def tell(found: Bulk) -> None:
        figures = found.figures
        hub.output.notice(
            "{phase}: {done} of {found} records",
            phase=hub.translate(PHASES[found.phase]),
            done=figures.done + figures.failed if found.agreed_at else figures.looked,
            found=figures.found,
        )

    with stopping_by_signals(hub) as stopping:
        return working.carry_out(line_of(hub, db), number, stopping, tell)


def _print(hub: Hub, db: Database, found: Bulk, *, as_json: bool, limit: int = 20) -> None:
    troubles = bulk.troubles(db, found.id, limit=limit)
    if as_json:
        rows = [_trouble(hub, each) for each in troubles]
        return hub.output.value(as_result(found) | {"troubles": rows})
    out, figures = hub.output, found.figures
    out.pairs({"Number": found.id, "State": hub.translate(PHASES[found.phase])})
    out.pairs(dict(figures_told(figures, found.phase)))
    if figures.code:
        out.line(run_message(figures.why, hub.translate))
    for tag, count in sorted(figures.fields.items()):
        out.line(f"  {tag}  {count}")
    for sample in figures.samples:
        out.line(f"\n{sample.cluster}")
        for each in sample.lines:
            out.line("\n".join(f"  {sign} {text}" for sign, text in _signed(each) if text))
    if troubles:
        out.line("")
        out.table(
            ("Cluster", "State", "Reason"),
            [
                (each.cluster, hub.translate(FATES[each.fate]), _told(hub, each))
                for each in troubles
            ],
        )
    return None


def _signed(line: bulk.Line) -> tuple[tuple[str, str], ...]:
    return ("-", line.beneath), ("+", line.over)


def _told(hub: Hub, each: Trouble) -> str:
    return run_message(each, hub.translate)


def _trouble(hub: Hub, each: Trouble) -> dict[str, object]:
    return {
        "cluster": each.cluster,
        "state": each.fate.value,
        "code": each.code,
        "reason": _told(hub, each),
    }


def as_result(each: Bulk) -> dict[str, object]:
    """Return a bulk correction as one object."""
    figures = each.figures
    counts = ("found", "looked", "same", "refused", "would", "done", "failed", "overlays", "undone")
    return {
        "number": each.id,
        "state": each.phase.value,
        "language": each.wanted.language.value,
        "query": each.wanted.query,
        "rules": each.wanted.rules,
        "reason": each.wanted.reason,
        "person": each.person,
        "at": told(each.at),
        **{name: getattr(figures, name) for name in counts},
        "fields": figures.fields,
        "samples": [
            {"cluster": cluster, "changes": [line._asdict() for line in lines]}
            for cluster, lines in figures.samples
        ],
        "error": figures.code,
        "agreed_by": each.agreed_by,
        "agreed_at": None if each.agreed_at is None else told(each.agreed_at),
        "undone_by": each.undone_by,
        "undone_at": None if each.undone_at is None else told(each.undone_at),
    }

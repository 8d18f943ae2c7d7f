"""``/member/runs``: the harvests of a library's own sources, and what each one brought."""

from __future__ import annotations

from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from flask import abort, render_template, request

from catalogue import logs, owned, problem_samples, watch
from catalogue.database import Database
from catalogue.model import Run
from catalogue.users import Role
from web import runlog
from web.language import mark
from web.member.room import blueprint
from web.member.systems import steps, system_for
from web.site import current_site
from web.speech import number as counted
from web.speech import words
from web.staff import access
from web.staff.runs import display
from web.staff.shown import shown as shown_bytes

PER_PAGE = 50
LINES = 50
"""Of the log."""
SAMPLES = 10
RAW_SHOWN = 6_000
_LISTS = frozenset({"ListRecords", "ListIdentifiers"})
ACTIONS = {
    "added": mark("added"),
    "changed": mark("changed"),
    "deleted": mark("deleted"),
    "quarantined": mark("quarantined"),
    "absent": mark("missing from the complete list"),
}


class Window(NamedTuple):
    """Of which time changes were asked for, as the server was asked; empty: without that end."""

    since: str
    until: str


@blueprint.get("/runs")
@access.needs(Role.MEMBER)
def runs() -> str:
    """Show the newest harvests first, of one source or of all of the library's."""
    database, library = current_site().database, access.me().library
    source = request.args.get("source", "")
    before = request.args.get("before", type=int)
    if before is not None:
        access.fitting(before)
    found = owned.runs_of(database, library, source, before, PER_PAGE + 1)
    return render_template(
        "member/runs.html",
        runs=found[:PER_PAGE],
        older=found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
        source=source,
        names=own_names(database, library, source),
    )


@blueprint.get("/runs/<int:number>")
@access.needs(Role.MEMBER)
def run(number: int) -> str:
    """Show what one harvest asked for, what it counted, what happened, and some of its records."""
    database, found = current_site().database, _found(number)
    log, translate = logs.read(database, number, LINES), words()
    return render_template(
        "member/run.html",
        shown=display.shown(found, translate),
        window=window(owned.first_address(database, number)),
        problems=watch.problems(database, number),
        delivered=owned.delivered(database, number, SAMPLES),
        actions=ACTIONS,
        log=[(each, runlog.at(each), runlog.words(each, translate, counted)) for each in log.lines],
        log_kinds=runlog.KINDS,
        log_lines=log.total,
    )


@blueprint.get("/runs/<int:number>/problems/<code>")
@access.needs(Role.MEMBER)
def samples(number: int, code: str) -> str:
    """Show records with one kind of problem of a harvest, with their bytes as delivered."""
    database, found = current_site().database, _found(number)
    system = system_for(database, access.me().library, found.source)
    samples = problem_samples.samples(database, number, code, SAMPLES)
    return render_template(
        "member/samples.html",
        run=found,
        code=code,
        samples=[(each, shown_bytes(each.raw, RAW_SHOWN)) for each in samples],
        most=SAMPLES,
        steps=steps(code, system),
    )


def own_names(database: Database, library: str, wanted: str) -> list[str]:
    """Return the names of a library's sources; nothing is there under the name of another's."""
    names = [each.name for each in owned.sources_of(database, library)]
    if wanted and wanted not in names:
        abort(HTTPStatus.NOT_FOUND)
    return names


def window(address: str) -> Window | None:
    """Return of which time a list was asked for; None where the address does not tell."""
    told = parse_qs(urlsplit(address).query)
    if told.get("verb", [""])[0] not in _LISTS or "resumptionToken" in told:
        return None
    return Window(told.get("from", [""])[0], told.get("until", [""])[0])


def _found(number: int) -> Run:
    found = owned.run(current_site().database, access.me().library, access.fitting(number))
    if found is None:
        abort(HTTPStatus.NOT_FOUND)
    return found

"""``/member/problems``: what is wrong with a library's own records, and how it mends that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain, groupby
from typing import Any

from flask import Response, render_template, request

from catalogue import problem_figures, problem_lists
from catalogue.problem_lists import Filter, Line, Place
from catalogue.users import Role
from web import spreadsheet
from web.alerts.members import own_step
from web.attached import attached
from web.language import Translate, mark
from web.member.harvests import own_names
from web.member.room import blueprint
from web.member.systems import SYSTEMS, steps, system_for
from web.site import current_site
from web.speech import words
from web.staff import access

PER_PAGE = 50
_ROWS = 500
"""Rows of a file that are sent together."""
_FIELDS = 20
"""Fields of a record that are named in its row."""
_COLUMNS = (
    *(mark("Record"), mark("Source"), mark("How often"), mark("Field"), mark("Sample")),
    *(mark("Technical detail"), mark("Harvest"), mark("Code")),
)
"""Of the file."""


@blueprint.get("/problems")
@access.needs(Role.MEMBER)
def problems() -> str:
    """Show how much is wrong of which kind; of one kind, how it is mended and which records."""
    database, wanted = current_site().database, _wanted()
    names = own_names(database, wanted.library, wanted.source)
    listed = _lines(wanted) if wanted.code else []
    return render_template(
        "member/problems.html",
        wanted=wanted,
        given={"source": wanted.source} if wanted.source else {},
        names=names,
        figures=problem_figures.figures(database, wanted),
        lines=listed[:PER_PAGE],
        more=listed[PER_PAGE - 1].place if len(listed) > PER_PAGE else None,
        **_mending(wanted),
    )


@blueprint.get("/problems/records.csv")
@access.needs(Role.MEMBER)
def problem_file() -> Response:
    """Give the identifiers of all records with a problem as a file, sent while it is read."""
    database, wanted = current_site().database, _wanted()
    names = own_names(database, wanted.library, wanted.source)
    # One source after the other: in each of them what one record has stands together.
    theirs = [replace(wanted, source=name) for name in names if wanted.source in ("", name)]
    found = chain.from_iterable(problem_lists.listing(database, each) for each in theirs)
    answer = Response(_file(found, words()), mimetype="text/csv")
    return attached(answer, "records.csv")


def _mending(wanted: Filter) -> Mapping[str, Any]:
    """Return in which system something is mended, and how."""
    if not wanted.code:
        return {}
    chosen = request.args.get("system", "")
    known = system_for(current_site().database, wanted.library, wanted.source)
    system = chosen if chosen in SYSTEMS else known
    return {"systems": SYSTEMS, "system": system, "steps": steps(wanted.code, system)}


def _wanted() -> Filter:
    code, source = (request.args.get(name, "").strip() for name in ("code", "source"))
    return Filter(code=code, library=access.me().library, source=source)


def _lines(wanted: Filter) -> list[Line]:
    number = request.args.get("after", type=int)
    after = None if number is None else Place(wanted.code, access.fitting(number))
    return problem_lists.lines(current_site().database, wanted, after, PER_PAGE + 1)


def _file(found: Iterable[Line], say: Translate) -> Iterator[bytes]:
    some = bytearray(spreadsheet.BEGINNING + spreadsheet.row(map(say, _COLUMNS)))
    for number, (_, lines) in enumerate(groupby(found, key=_record), 1):
        some += spreadsheet.row(_cells(lines))
        if number % _ROWS == 0:
            yield bytes(some)
            some.clear()
    yield bytes(some)


def _record(line: Line) -> tuple[str, str, str]:
    return line.source, line.identifier, line.code


def _cells(lines: Iterator[Line]) -> tuple[object, ...]:
    """Return the row of one record, of all that it has of one kind."""
    first = next(lines)
    fields, times = {first.field: None}, 1
    for line in lines:
        times += 1
        if len(fields) < _FIELDS:
            fields[line.field] = None
    named = ", ".join(filter(None, fields))
    told = (first.identifier, first.source, times, named, first.sample, first.detail)
    return (*told, first.run, first.code)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"own_step": own_step}

"""``/staff/problems``: by kind, library, source and harvest, each with the record as delivered."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for

from catalogue import problem_figures, problem_lists
from catalogue.problem_lists import Filter, Line, Place
from web import spreadsheet
from web.attached import attached
from web.language import Translate, mark
from web.quality.words import meaning, next_step
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.shown import MOST, shown

blueprint = Blueprint(
    "problems", __name__, url_prefix="/staff/problems", template_folder="../templates"
)

PER_PAGE = 50
NAMES = 300
"""Sources and libraries that are offered while somebody types."""
_ROWS = 500
"""Rows of a file that are sent together."""
_STRANGE = re.compile(r"[^A-Za-z0-9._-]+")
_COLUMNS = (
    *(mark("Problem"), mark("Severity"), mark("What to do"), mark("Library"), mark("Source")),
    *(mark("Harvest"), mark("Record"), mark("Field"), mark("Sample"), mark("Technical detail")),
    mark("Code"),
)
"""Of the file."""


@blueprint.get("")
def listing() -> str:
    """Show how many problems there are of which kind, and the records that have them."""
    database, wanted = current_site().database, _wanted()
    found = problem_lists.lines(database, wanted, _after(wanted), PER_PAGE + 1)
    sources, libraries = problem_figures.names(database, NAMES)
    return render_template(
        "staff/problems/list.html",
        wanted=wanted,
        given=_given(wanted),
        figures=problem_figures.figures(database, wanted) if wanted.run is None else None,
        of_run=problem_lists.of_run(database, wanted.run) if wanted.run is not None else [],
        lines=found[:PER_PAGE],
        more=found[PER_PAGE - 1].place if len(found) > PER_PAGE else None,
        sources=sources,
        libraries=libraries,
    )


@blueprint.get("/file.csv")
def as_file() -> Response:
    """Give all problems that are asked for as a file, sent while it is read."""
    found = problem_lists.listing(current_site().database, _wanted())
    answer = Response(_file(found, words()), mimetype="text/csv")
    return attached(answer, "problems.csv")


@blueprint.get("/problem/<int:number>")
def show(number: int) -> str:
    """Show one problem: what it means, how it is mended, and the record as it was delivered."""
    found = _found(number)
    return render_template(
        "staff/problems/show.html",
        found=found,
        raw=shown(found.raw) if found.raw else "",
        cut=len(found.raw or b"") > MOST,
    )


@blueprint.get("/problem/<int:number>/raw")
def raw(number: int) -> Response:
    """Give the record's bytes as they were delivered, as a file never to be opened here."""
    found = _found(number)
    if found.raw is None:
        abort(404)
    name = _STRANGE.sub("-", found.line.identifier).strip("-")[:80] or "record"
    answer = Response(found.raw, mimetype="application/octet-stream")
    return attached(answer, f"{name}.bin")


def _found(number: int) -> problem_lists.Whole:
    return problem_lists.get(current_site().database, access.fitting(number))


def _wanted() -> Filter:
    args = request.args
    code, library, source = (args.get(name, "").strip() for name in ("code", "library", "source"))
    run = args.get("run", type=int)
    return Filter(
        code=code,
        library=library,
        source=source,
        run=None if run is None else access.fitting(run),
    )


def _after(wanted: Filter) -> Place | None:
    """Return where the page before ended: its last problem's kind and number."""
    number = request.args.get("after", type=int)
    if number is None:
        return None
    return Place(request.args.get("at", "") or wanted.code, access.fitting(number))


def _given(wanted: Filter) -> dict[str, Any]:
    """Return what addresses of further pages say of the filter."""
    told = {"library": wanted.library, "source": wanted.source, "run": wanted.run}
    return {name: value for name, value in told.items() if value not in ("", None)}


def _file(found: Iterable[Line], say: Translate) -> Iterator[bytes]:
    yield spreadsheet.BEGINNING + spreadsheet.row(map(say, _COLUMNS))
    some = bytearray()
    for number, line in enumerate(found, 1):
        some += spreadsheet.row(_cells(line, say))
        if number % _ROWS == 0:
            yield bytes(some)
            some.clear()
    yield bytes(some)


def _cells(line: Line, say: Translate) -> tuple[object, ...]:
    step = next_step(line.code)
    return (
        say(meaning(line.code)),
        say(line.severity),
        say(step) if step else "",
        line.library,
        line.source,
        line.run,
        line.identifier,
        line.field,
        line.sample,
        line.detail,
        line.code,
    )


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"address": lambda **more: url_for("problems.listing", **more)}

"""The tabs of a source beside how it fares: each an address of its own, for all staff to read."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalogue import records, runs, source_notes, source_problems, source_records, sources
from catalogue.errors import NoSuchRecord, NoteChanged
from catalogue.members import contacts
from catalogue.source_notes import SourceNote
from catalogue.users import Role
from crosswalks import trials
from crosswalks.errors import Error
from scheduler.mapped_by import mapped_by
from web import spreadsheet
from web.attached import attached
from web.language import Translate, mark, message
from web.quality.words import meaning
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.shown import MOST, shown
from web.staff.sources.views import blueprint
from web.staff.sources.words import STATES

PER_PAGE = 50
_COLUMNS = (
    mark("Identifier"),
    mark("Problem"),
    mark("Meaning"),
    mark("Severity"),
    mark("Field"),
    mark("For example"),
    mark("Technical detail"),
)
_NOTED = mark("The note on {name} is kept.")
_NOT_FOUND = mark("{name} has no record with the identifier {identifier}.")


@blueprint.get("/sources/<name>/runs")
def history(name: str) -> str:
    """Show the harvests of a source, the newest first, a page at a time."""
    before = request.args.get("before", type=int)
    if before is not None:
        access.fitting(before)
    database = current_site().database
    found = runs.all(database, name, limit=PER_PAGE + 1, before=before)
    return render_template(
        "staff/sources/runs.html",
        source=sources.get(database, name),
        runs=found[:PER_PAGE],
        older=found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
    )


@blueprint.get("/sources/<name>/records")
def stored(name: str) -> str | AnyResponse:
    """Show the records of a source, a page at a time, or lead to the one that is looked for."""
    database, wanted = current_site().database, request.args.get("find", "").strip()
    source = sources.get(database, name)
    refused = ""
    if wanted:
        found = source_records.find(database, name, wanted)
        if found is not None:
            return redirect(url_for("sources.record", name=name, key=found.key))
        refused = words()(_NOT_FOUND).format(name=name, identifier=wanted)
    after = access.fitting(request.args.get("after", 0, type=int))
    lines = source_records.listing(database, name, after, PER_PAGE + 1)
    return render_template(
        "staff/sources/records.html",
        source=source,
        lines=lines[:PER_PAGE],
        more=lines[PER_PAGE - 1].key if len(lines) > PER_PAGE else None,
        wanted=wanted,
        refused=refused,
        states=STATES,
    )


@blueprint.get("/sources/<name>/records/<int:key>")
def record(name: str, key: int) -> str:
    """Show how far one record came: delivered, mapped, matched, given out."""
    database = current_site().database
    story = source_records.story(database, name, access.fitting(key))
    found = records.get(database, name, story.line.identifier)
    if found.id != story.line.key:
        # Its source was taken over by another in this very moment.
        raise NoSuchRecord(name=f"{name}/{key}")
    return render_template(
        "staff/sources/record.html",
        source=sources.get(database, name),
        story=story,
        problems=found.problems,
        raw=shown(found.raw),
        cut=len(found.raw) > MOST,
        mapped="\n".join(trials.lines(found.record)) if found.record else "",
        states=STATES,
    )


@blueprint.get("/sources/<name>/problems")
def problems(name: str) -> str:
    """Show what is wrong with what is stored of a source, and what was in its last harvest."""
    found = source_problems.overview(current_site().database, name)
    return render_template(
        "staff/sources/problems.html",
        source=found.source,
        found=found,
        most=source_problems.LOOKED_AT,
    )


@blueprint.get("/sources/<name>/problems.csv")
def problems_as_file(name: str) -> Response:
    """Give all that is wrong with the stored records of a source as a file for its library."""
    found = source_problems.each(current_site().database, name)
    answer = Response(_file(found, words()), mimetype="text/csv")
    return attached(answer, "problems.csv")


@blueprint.get("/sources/<name>/mapping")
def mapping(name: str) -> str:
    """Show by which crosswalk the records of a source are mapped, and why."""
    database = current_site().database
    return render_template(
        "staff/sources/mapping.html",
        source=sources.get(database, name),
        mapped=mapped_by(database, name),
    )


@blueprint.get("/sources/<name>/notes")
def notes(name: str) -> str:
    """Show who is written to, and what staff note of a source."""
    found = source_notes.get(current_site().database, name)
    return _notes(name, found, found, found.fingerprint)


@blueprint.post("/sources/<name>/notes")
@access.needs(Role.OPERATOR)
def keep_notes(name: str) -> AnyResponse | tuple[str, int]:
    """Keep a note, unless somebody else changed it meanwhile; pressed twice it is kept once."""
    database, form = current_site().database, request.form
    wanted = SourceNote(
        manager=form.get("manager", ""), note=form.get("note", ""), author=access.me().name
    )
    seen = form.get("seen", "")
    try:
        source_notes.keep(database, name, wanted, seen)
    except NoteChanged as error:
        found = source_notes.get(database, name)
        # What was typed stays, and is kept over what is shown beside it, if that is meant.
        page = _notes(name, found, wanted, found.fingerprint, message(error, words()))
        return page, HTTPStatus.CONFLICT
    except Error as error:
        sources.get(database, name)
        found = source_notes.get(database, name)
        page = _notes(name, found, wanted, seen, message(error, words()))
        return page, HTTPStatus.BAD_REQUEST
    flash(words()(_NOTED).format(name=name))
    return redirect(url_for("sources.notes", name=name))


def _notes(name: str, found: SourceNote, typed: SourceNote, seen: str, refused: str = "") -> str:
    database = current_site().database
    source = sources.get(database, name)
    return render_template(
        "staff/sources/notes.html",
        source=source,
        found=found,
        typed=typed,
        seen=seen,
        refused=refused,
        contacts=contacts.all(database, source.library),
        longest=source_notes.LONGEST,
        longest_name=source_notes.LONGEST_NAME,
    )


def _file(found: Iterator[source_problems.Told], translate: Translate) -> Iterator[bytes]:
    yield spreadsheet.BEGINNING
    yield spreadsheet.row([translate(word) for word in _COLUMNS])
    for each in found:
        yield spreadsheet.row(
            (
                each.identifier,
                each.code,
                translate(meaning(each.code)),
                translate(each.severity),
                each.field,
                each.sample,
                each.detail,
            )
        )

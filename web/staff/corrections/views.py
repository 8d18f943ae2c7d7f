"""``/staff/corrections``: the corrections there are, and a record's fields to be corrected."""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import libraries
from catalogue.cluster.place import place_first
from catalogue.overlays import making, offering
from catalogue.overlays.errors import NothingChanges
from catalogue.overlays.making import OURS, By, Master
from catalogue.overlays.model import LEADER, Change, Kind
from catalogue.overlays.notation import as_line, read, write
from catalogue.users import Role
from crosswalks.errors import Error
from crosswalks.model import Control, Field, Problem
from web.language import mark, message
from web.overlays.files import as_file
from web.overlays.help import help_of
from web.overlays.words import PARTED, STATES, kind_word
from web.quality.words import meaning
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.corrections.looking import look
from web.staff.corrections.room import PER_PAGE, blueprint

_MADE = mark("Corrected under the number {number}; it is at every door.")
_UNDONE = mark("Correction {number} is taken off.")
_WAS_UNDONE = mark("Correction {number} was taken off before.")


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "kind_word": kind_word,
        "states": STATES,
        "parted": PARTED,
        "line": as_line,
        "problem_word": meaning,
        "help_of": help_of,
    }


@blueprint.get("")
def listing() -> str | Response:
    """Show corrections, the newest first; those to be looked at, or all; or lead to a record."""
    if record := request.args.get("record", "").strip():
        return redirect(url_for("corrections.show", public_id=record))
    before = request.args.get("before", type=int)
    doubtful = "doubtful" in request.args
    found = making.all(
        current_site().database,
        doubtful=doubtful,
        undone=not doubtful,
        before=None if before is None else access.fitting(before),
        limit=PER_PAGE + 1,
    )
    return render_template(
        "staff/corrections/list.html",
        found=found[:PER_PAGE],
        older=found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
        doubtful=doubtful,
    )


@blueprint.get("/record/<public_id>")
def show(public_id: str) -> str:
    """Show a record's fields, and what was corrected of it."""
    return _page(public_id)


@blueprint.post("/record/<public_id>")
@access.needs(Role.CATALOGUER)
def make(public_id: str) -> str | Response | tuple[str, int]:
    """Show what a correction would do, or lay it over the record."""
    database = current_site().database
    typed = _typed()
    by = By(access.me().name, typed["reason"], request.form.get("seen", "") or "-")
    try:
        changes = _changes(typed)
        if "look" in request.form:
            return _page(public_id, typed=typed, changes=changes)
        numbers = making.make_all(database, public_id, changes, by)
    except Error as error:
        page = _page(public_id, typed=typed, refused=message(error, words()))
        return page, HTTPStatus.BAD_REQUEST
    place_first(database, current_site().identity, making.records_of(database, numbers[0]))
    flash(words()(_MADE).format(number=", ".join(map(str, numbers))))
    return redirect(url_for("corrections.show", public_id=public_id, kept=numbers[0]))


@blueprint.post("/record/<public_id>/check")
@access.needs(Role.CATALOGUER)
def check(public_id: str) -> str:
    """Tell whoever types what is wrong with a field so far, and what fields of its tag hold."""
    typed = _typed()
    wrong: list[str] = []
    problems: Sequence[Problem] = ()
    try:
        found = making.master(current_site().database, public_id)
        problems = look(found.record, _changes(typed)).problems
    except NothingChanges:
        pass
    except Error as error:
        wrong.append(message(error, words()))
    return render_template(
        "staff/corrections/check.html",
        wrong=wrong,
        problems=problems,
        tag=typed["over"].lstrip()[:3],
        at=request.args.get("at", 0, type=int),
    )


@blueprint.post("/undo/<int:number>")
@access.needs(Role.CATALOGUER)
def undo(number: int) -> Response:
    """Take a correction off."""
    database = current_site().database
    undone = making.undo(database, access.fitting(number), access.me().name)
    place_first(database, current_site().identity, making.records_of(database, number))
    flash(words()(_UNDONE if undone else _WAS_UNDONE).format(number=number))
    to = access.inside(request.form.get("back", "")) or url_for("corrections.listing")
    return redirect(to)


@blueprint.get("/library/<code>/file.<any(csv, mrc, xml):form>")
def offer(code: str, form: str) -> Response:
    """Give what was corrected of a library's records as a file for it."""
    database = current_site().database
    # Before anything is sent: once a file has begun, nothing can be said of what is not there.
    library = libraries.get(database, code).code
    return as_file(offering.offered(database, library), form)


def _typed() -> dict[str, str]:
    names = ("beneath", "over", "reason", "kind", "parts")
    typed = {name: request.form.get(name, "") for name in names}
    return typed | ({"kind": Kind.SUPPRESS.value} if "out" in request.form else {})


def _changes(typed: dict[str, str]) -> list[Change]:
    """Return the corrections that a form asks for. Raises BadFieldLine or NothingChanges."""
    kind = Kind(typed["kind"]) if typed["kind"] in set(Kind) else Kind.ADD
    beneath = None if kind is Kind.ADD else read(typed["beneath"])
    over = None if kind is Kind.SUPPRESS else read(typed["over"])
    if beneath and over and (typed["parts"] or beneath.tag == LEADER):
        return making.parts(beneath, over)
    return [Change(kind=kind, beneath=beneath, over=over)]


def _page(
    public_id: str,
    *,
    typed: dict[str, str] | None = None,
    changes: Sequence[Change] = (),
    refused: str = "",
) -> str:
    database = current_site().database
    master = making.master(database, public_id)
    return render_template(
        "staff/corrections/record.html",
        master=master,
        fields=_fields(master),
        overlays=making.of_cluster(database, master.cluster),
        typed=typed or {},
        refused=refused,
        looked=look(master.record, changes) if changes else None,
        kept="kept" in request.args,
    )


def _fields(master: Master) -> list[tuple[str, str, bool]]:
    """Return tag and line of each field, and whether it may be corrected."""
    return [
        (each.tag, write(each), each.tag not in OURS)
        for each in (Control(LEADER, master.record.leader), *master.record.fields)
        if isinstance(each, Control | Field)
    ]

"""The text of a crosswalk, to be changed: checked line by line, and kept as its draft.

Who keeps a text while somebody else kept another has it kept beside that, sees what differs, and
decides.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import crosswalk_drafts, crosswalks
from catalogue.crosswalks import Version
from catalogue.errors import NothingDrafted
from catalogue.users import Role
from crosswalks.errors import Error, UnknownCrosswalk
from crosswalks.mistakes import Mistake, mistakes
from crosswalks.model import Schema
from crosswalks.shelf import SHIPPED_ONLY, Written
from web.crosswalks import next_step, reason
from web.language import mark, message
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.crosswalks.room import blueprint, called, text_of
from web.staff.crosswalks.views import differences

_SPARE = 300
"""Line numbers beyond the end of a text: it may grow while nobody counts."""
_KEPT = mark("Draft {number} is kept. It is not in use before it is published.")
_FINE = mark("Nothing is wrong with it. It is not kept yet.")
_TAKEN = mark("There is a crosswalk of this name already; this is its page.")
_NEW = """crosswalk {name} version 1
from {source} to {target}
{keep}
# {hint}
{include}
"""
_HINT = mark("Without what is written anew here, the rules of the crosswalk included below:")
_EMPTY = mark("One rule a line: target <- source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the editor shows beside the text."""

    found: tuple[Mistake, ...] = ()
    refused: str = ""
    said: str = ""
    other: Version | None = None
    """What somebody else kept meanwhile."""
    number: int = 0
    """Under which what was typed is kept beside that."""


@blueprint.get("/new")
@access.needs(Role.CATALOGUER)
def new() -> str | Response | tuple[str, int]:
    """Ask what a new crosswalk is called and what it maps; then show its first lines."""
    name, source = request.args.get("name", "").strip(), request.args.get("source", "")
    target = request.args.get("target", "")
    if not name:
        return _asking("")
    try:
        crosswalks.check_name(name)
    except Error as error:
        return _asking(message(error, words())), HTTPStatus.BAD_REQUEST
    if name in crosswalks.names(current_site().database):
        flash(words()(_TAKEN))
        return redirect(url_for("crosswalks.show", name=name))
    return redirect(url_for("crosswalks.edit", name=name, source=source, target=target))


def _asking(refused: str) -> str:
    return render_template(
        "staff/crosswalks/new.html",
        schemas=[each.value for each in Schema],
        refused=refused,
        values=request.args,
    )


@blueprint.get("/of/<name>/edit")
@access.needs(Role.CATALOGUER)
def edit(name: str) -> str:
    """Show the draft to be changed; else what is in use, or another text that is named."""
    database = current_site().database
    crosswalks.check_name(name)
    seen = crosswalk_drafts.standing(database, name)
    return _page(_beginning(name), seen, Shown())


@blueprint.post("/of/<name>/edit")
@access.needs(Role.CATALOGUER)
def keep(name: str) -> str | Response | tuple[str, int]:
    """Tell what is wrong with a text; or keep it as the draft, or beside another's."""
    database, seen = current_site().database, request.form.get("seen", "")
    wanted = _typed(name)
    try:
        crosswalks.check_name(name)
        found = tuple(mistakes(crosswalks.shelf(database), name, wanted.written))
        if found:
            return _page(wanted, seen, Shown(found=found)), HTTPStatus.BAD_REQUEST
        if "check" in request.form:
            crosswalks.check_draft(database, wanted)
            return _page(wanted, seen, Shown(said=words()(_FINE)))
        kept = crosswalk_drafts.keep(database, wanted, seen)
    except Error as error:
        page = _page(wanted, seen, Shown(refused=message(error, words())))
        return page, HTTPStatus.BAD_REQUEST
    if not kept.is_draft:
        return _beside(wanted, kept.number), HTTPStatus.CONFLICT
    flash(words()(_KEPT).format(number=kept.number))
    if "try" in request.form:
        return redirect(url_for("crosswalks.trial", name=name))
    return redirect(url_for("crosswalks.show", name=name))


def _typed(name: str) -> Version:
    form = request.form
    # Browsers send CR LF; what is kept is a text as files have it.
    named = zip(form.getlist("table"), form.getlist("rows"), strict=False)
    tables = {title.strip(): rows.replace("\r\n", "\n") for title, rows in named if title.strip()}
    text = form.get("text", "").replace("\r\n", "\n")
    return Version(
        name=name,
        version=None,
        author=access.me().name,
        note=" ".join(form.get("note", "").split()),
        written=Written(text=text, tables=tuple(sorted(tables.items()))),
    )


def _beginning(name: str) -> Version:
    """Return what editing begins with."""
    database, of = current_site().database, request.args.get("of", "")
    if of:
        return replace(text_of(database, name, of), note="")
    draft = crosswalks.draft(database, name)
    if draft is not None:
        return draft
    try:
        return replace(text_of(database, name, ""), note="")
    except UnknownCrosswalk:
        return Version(name=name, version=None, written=Written(text=_first_lines(name)))


def _first_lines(name: str) -> str:
    source, target = (request.args.get(each, "") for each in ("source", "target"))
    source = source if source in set(Schema) else Schema.OAI_DC
    target = target if target in set(Schema) else Schema.MARC21
    stands_on = f"{source}-{target}"
    is_there = stands_on in SHIPPED_ONLY.names() and stands_on != name
    hint = words()(_HINT if is_there else _EMPTY)
    include = f"include {stands_on}" if is_there else ""
    told = {"name": name, "source": source, "target": target, "hint": hint, "include": include}
    # Between records of MARC 21 what no rule takes is to stay.
    keep = "keep\n" if source == target == Schema.MARC21 else ""
    return _NEW.format(keep=keep, **told).rstrip() + "\n"


def _beside(wanted: Version, number: int) -> str:
    """Return the editor with what somebody else did meanwhile, to be decided anew."""
    database, name = current_site().database, wanted.name
    seen = crosswalk_drafts.standing(database, name)
    try:
        other = text_of(database, name, "draft")
    except NothingDrafted:
        other = crosswalks.version(database, name)
    return _page(wanted, seen, Shown(other=other, number=number))


def _page(wanted: Version, seen: str, shown: Shown) -> str:
    lines = wanted.written.text.splitlines()
    marked = {each.line: each for each in shown.found}
    return render_template(
        "staff/crosswalks/edit.html",
        name=wanted.name,
        wanted=wanted,
        seen=seen,
        shown=shown,
        lines=lines,
        numbers=range(1, len(lines) + _SPARE),
        marked=marked,
        mistakes=[_told(each, lines, wanted.name) for each in shown.found],
        # One more, to be filled.
        tables=[*wanted.written.tables, ("", "")],
        texts=differences(shown.other.written, wanted.written) if shown.other else [],
        other_called=called(shown.other) if shown.other else "",
    )


def _told(mistake: Mistake, lines: list[str], name: str) -> dict[str, object]:
    """Return a mistake as the page tells it: where, the line in two parts, why and what to do."""
    line = lines[mistake.line - 1] if mistake.line else ""
    at = max(0, mistake.column - 1)
    return {
        "line": mistake.line,
        "column": mistake.column,
        "file": mistake.error.details["name"],
        "before": line[:at],
        "after": line[at:],
        "reason": reason(mistake.error, words()),
        "step": next_step(mistake.error, is_here=mistake.error.details["name"] == name),
    }

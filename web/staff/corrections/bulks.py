"""``/staff/corrections/bulk``: correcting all that a search finds, looked at before it is done.

A worker does the work; the pages say what is wanted, and show how far it is.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue.overlays import bulk, rules
from catalogue.overlays.bulk import Bulk, Phase, Wanted
from catalogue.querysets import defining
from catalogue.querysets.model import Language
from catalogue.users import Role
from crosswalks.errors import Error
from protocols.errors import EmptyTerm, QueryError
from web.language import mark, message
from web.overlays.words import FATES, PHASES, figures_told
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.corrections.room import PER_PAGE, blueprint
from web.staff.sets.views import LANGUAGES, NOTHING
from web.told import run_message

_AGREED = mark("A worker carries it out; this page shows how far it is.")
_WAS_AGREED = mark("It was carried out before, or is being carried out.")
_UNDOING = mark("A worker takes all of its corrections off; this page shows how far it is.")
_WAS_UNDONE = mark("They were taken off before, or are being taken off.")
_FINE = mark("Nothing is wrong with search and rules.")


@blueprint.context_processor
def _phases() -> dict[str, Any]:
    return {"phases": PHASES, "fates": FATES, "ways": LANGUAGES, "why": _why}


@blueprint.get("/bulk")
def bulks() -> str:
    """Show bulk corrections, the newest first."""
    before = request.args.get("before", type=int)
    found = bulk.all(
        current_site().database,
        before=None if before is None else access.fitting(before),
        limit=PER_PAGE + 1,
    )
    return render_template(
        "staff/corrections/bulks.html",
        found=found[:PER_PAGE],
        older=found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
    )


@blueprint.get("/bulk/new")
@access.needs(Role.CATALOGUER)
def new_bulk() -> str:
    """Ask which records are to be corrected, how, and why; as another one was, if it is named."""
    like = request.args.get("like", type=int)
    if like is None:
        return _form({"language": Language.WORDS.value, "query": request.args.get("query", "")})
    wanted = bulk.get(current_site().database, access.fitting(like)).wanted
    return _form(
        {
            "language": wanted.language.value,
            "query": wanted.query,
            "rules": wanted.rules,
            "reason": wanted.reason,
        }
    )


@blueprint.post("/bulk/new")
@access.needs(Role.CATALOGUER)
def ask_bulk() -> Response | tuple[str, int]:
    """Have it worked out what a bulk correction would do."""
    try:
        number = bulk.ask(current_site().database, _wanted(), access.me().name)
    except (Error, QueryError) as error:
        page = _form(dict(request.form), refused=_said(error))
        return page, HTTPStatus.BAD_REQUEST
    return redirect(url_for("corrections.show_bulk", number=number, kept="yes"))


@blueprint.post("/bulk/check")
@access.needs(Role.CATALOGUER)
def check_bulk() -> str:
    """Tell whoever types what is wrong with search and rules so far."""
    wrong = []
    try:
        wanted = _wanted()
        for each in (lambda: bulk.expression(wanted), lambda: rules.read(wanted.rules)):
            try:
                each()
            except (Error, QueryError) as error:
                wrong.append(_said(error))
    except Error as error:
        wrong.append(_said(error))
    return render_template("staff/corrections/wrong.html", wrong=wrong, fine=words()(_FINE))


@blueprint.get("/bulk/<int:number>")
def show_bulk(number: int) -> str:
    """Show what a bulk correction would do, or did, and the records that it cannot change."""
    database = current_site().database
    found = bulk.get(database, access.fitting(number))
    after = request.args.get("after", 0, type=int)
    troubles = bulk.troubles(database, found.id, after=access.fitting(after), limit=PER_PAGE + 1)
    return render_template(
        "staff/corrections/bulk.html",
        troubles=troubles[:PER_PAGE],
        more=troubles[PER_PAGE - 1].key if len(troubles) > PER_PAGE else None,
        **_shown(found),
    )


@blueprint.get("/bulk/<int:number>/wait")
@access.asked_by_a_page
def wait_bulk(number: int) -> Response:
    """Tell an open page how far a bulk correction is; once it is done, have it shown anew."""
    found = bulk.get(current_site().database, access.fitting(number))
    page = render_template("staff/corrections/wait.html", **_shown(found))
    answer = Response(page, mimetype="text/html")
    if not found.phase.is_busy:
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.post("/bulk/<int:number>/apply")
@access.needs(Role.CATALOGUER)
def apply_bulk(number: int) -> Response:
    """Have a bulk correction carried out, once however often it is asked for."""
    is_new = bulk.agree(current_site().database, access.fitting(number), access.me().name)
    flash(words()(_AGREED if is_new else _WAS_AGREED))
    return redirect(url_for("corrections.show_bulk", number=number))


@blueprint.post("/bulk/<int:number>/undo")
@access.needs(Role.CATALOGUER)
def undo_bulk(number: int) -> Response:
    """Have all corrections of a bulk taken off, once however often it is asked for."""
    is_new = bulk.undo(current_site().database, access.fitting(number), access.me().name)
    flash(words()(_UNDOING if is_new else _WAS_UNDONE))
    return redirect(url_for("corrections.show_bulk", number=number))


def _wanted() -> Wanted:
    """Return what the form asks for. Raises NoSuchSet."""
    form = request.form
    of_set = form.get("set", "")
    language, query = form.get("language", ""), form.get("query", "")
    if of_set:
        found = defining.get(current_site().database, of_set)
        language, query = found.language.value, found.query
    return Wanted(
        language=Language(language) if language in set(Language) else Language.WORDS,
        query=query,
        rules=form.get("rules", ""),
        reason=form.get("reason", ""),
    )


def _form(typed: dict[str, str], *, refused: str = "") -> str:
    return render_template(
        "staff/corrections/new_bulk.html",
        typed=typed,
        refused=refused,
        sets=defining.all(current_site().database),
    )


def _shown(found: Bulk) -> dict[str, Any]:
    figures = found.figures
    is_asked = found.phase in (Phase.LOOKING, Phase.LOOKED, Phase.FAILED)
    done = figures.looked if is_asked else figures.done + figures.failed
    return {
        "bulk": found,
        "told": figures_told(figures, found.phase),
        "done": figures.undone if found.phase is Phase.UNDOING else done,
        "of": figures.overlays if found.phase is Phase.UNDOING else figures.found,
        "kept": "kept" in request.args,
    }


def _said(error: Error | QueryError) -> str:
    return words()(NOTHING) if isinstance(error, EmptyTerm) else message(error, words())


def _why(told: Any) -> str:
    return run_message(told, words())

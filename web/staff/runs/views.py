"""``/staff/runs`` lists the harvests, ``/staff/runs/<number>`` shows one, live while it runs."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalogue import decisions, logs, problem_samples, runs, watch
from catalogue.intake import rows as intake
from catalogue.model import RunStatus
from catalogue.users import Role
from catalogue.wishes import Came
from scheduler import control, replay
from web import runlog
from web.language import mark
from web.site import current_site
from web.speech import number as counted
from web.speech import words
from web.staff import access
from web.staff.runs import display
from web.staff.shown import shown as shown_bytes

blueprint = Blueprint("runs", __name__, url_prefix="/staff", template_folder="../templates")

PER_PAGE = 50
LINES = 20
"""Of the log, on the page of a harvest; the log's own page has all."""
SAMPLES = 10
RAW_SHOWN = 6_000
_REPLAYED = {
    Came.QUEUED: mark(
        "The pages of harvest {number} are read once more; a worker takes it up. The library is"
        " asked for nothing."
    ),
    Came.SAME: mark("This harvest of {name} is waiting already; it was not queued twice."),
    Came.OTHER: mark(
        "Another harvest of {name} waits in the queue, and nothing was changed. Let it end or"
        " stop it first, then ask again."
    ),
}
_APPROVED = mark("Harvest {number} is approved; a worker carries out what it holds.")
_DISCARDED = mark("What harvest {number} held is dropped; its records stay as they are.")
_RESUMED = mark("The harvest of {name} is queued; a worker goes on where it ended.")
_WAITS = mark("A harvest of {name} is waiting already; it was not queued twice.")
_DECIDED = mark("Harvest {number} does not wait for a decision any more.")


@blueprint.get("/runs")
def listing() -> str:
    """Show the newest harvests first, of one source or of all, a page at a time."""
    source = request.args.get("source", "")
    before = request.args.get("before", type=int)
    if before is not None:
        access.fitting(before)
    found = runs.all(current_site().database, source, limit=PER_PAGE + 1, before=before)
    return render_template(
        "staff/runs/list.html",
        runs=found[:PER_PAGE],
        older=found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
        source=source,
    )


@blueprint.get("/runs/<int:number>")
def show(number: int) -> str:
    """Show one harvest with all it counted and what was wrong with its records."""
    shown = _shown(number)
    database = current_site().database
    waits = shown.run.status is RunStatus.WAITING
    return render_template(
        "staff/runs/show.html",
        shown=shown,
        problems=watch.problems(database, number),
        proposal=decisions.proposal(database, number) if waits else None,
        deliveries=intake.of_run(database, number),
        **_log(number),
    )


@blueprint.get("/runs/<int:number>/progress")
@access.asked_by_a_page
def progress(number: int) -> Response:
    """Return how far a harvest is; once it has ended, have the page shown anew."""
    shown = _shown(number)
    told = {"shown": shown, **_log(number)}
    log_too = render_template("staff/runs/log_box.html", apart=True, **told)
    answer = Response(render_template("staff/runs/progress.html", **told) + log_too)
    if not shown.is_running:
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.get("/runs/<int:number>/log")
def log(number: int) -> str:
    """Show what happened in one harvest, line by line, as far as it is kept."""
    shown = _shown(number)
    return render_template("staff/runs/log.html", shown=shown, **_log(number, logs.MOST))


@blueprint.get("/runs/<int:number>/problems/<code>")
def samples(number: int, code: str) -> str:
    """Show records with one kind of problem of a harvest, with their bytes as delivered."""
    run = _shown(number).run
    found = problem_samples.samples(current_site().database, number, code, SAMPLES)
    return render_template(
        "staff/runs/samples.html",
        run=run,
        code=code,
        samples=[(each, shown_bytes(each.raw, RAW_SHOWN)) for each in found],
        most=SAMPLES,
    )


@blueprint.post("/runs/<int:number>/replay")
@access.needs(Role.OPERATOR)
def rerun(number: int) -> AnyResponse:
    """Have the kept pages of a harvest read and mapped once more: queued, once."""
    came = replay.ask(current_site().database, access.fitting(number))
    name = _shown(number).run.source
    flash(words()(_REPLAYED[came]).format(name=name, number=number))
    return redirect(url_for("sources.show", name=name))


@blueprint.post("/runs/<int:number>/resume")
@access.needs(Role.OPERATOR)
def resume(number: int) -> AnyResponse:
    """Go on with a harvest that was stopped or broke off: queued, once."""
    database = current_site().database
    name, options = control.to_resume(database, str(access.fitting(number)))
    anew = control.ask_for(database, name, options)
    flash(words()(_RESUMED if anew else _WAITS).format(name=name))
    return redirect(url_for("sources.show", name=name))


@blueprint.get("/runs/<int:number>/<any(approve, discard):choice>")
@access.needs(Role.OPERATOR)
def ask(number: int, choice: str) -> str | AnyResponse:
    """Tell what approving or discarding a waiting harvest would do, and ask."""
    shown = _shown(number)
    found = decisions.proposal(current_site().database, number)
    if shown.run.status is not RunStatus.WAITING or found.decision:
        flash(words()(_DECIDED).format(number=number))
        return redirect(url_for("runs.show", number=number))
    return render_template("staff/runs/decide.html", shown=shown, proposal=found, choice=choice)


@blueprint.post("/runs/<int:number>/<any(approve, discard):choice>")
@access.needs(Role.OPERATOR)
def decide(number: int, choice: str) -> AnyResponse:
    """Approve or discard a waiting harvest; twice is as good as once."""
    database = current_site().database
    if choice == "approve":
        decisions.approve(database, access.fitting(number))
    else:
        decisions.discard(database, access.fitting(number))
    flash(words()(_APPROVED if choice == "approve" else _DISCARDED).format(number=number))
    return redirect(url_for("runs.show", number=number))


def _log(number: int, newest: int = LINES) -> dict[str, Any]:
    """Return the last lines of a harvest's log, in words, and how many there were."""
    found, translate = logs.read(current_site().database, number, newest), words()
    told = [(each, runlog.at(each), runlog.words(each, translate, counted)) for each in found.lines]
    return {
        "log": told,
        "log_lines": found.total,
        "log_kinds": runlog.KINDS,
        "has_pages": found.has_pages,
    }


def _shown(number: int) -> display.Shown:
    return display.shown(runs.get(current_site().database, access.fitting(number)), words())

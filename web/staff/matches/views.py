"""``/staff/matches``: what matching asks, clusters side by side and their history, doubles."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from catalogue import (
    judging,
    libraries,
    mates,
    moves,
    pairs,
    preliminary,
    questions,
    records,
    verdicts,
    why,
)
from catalogue.questions import Place
from catalogue.users import Role
from catalogue.verdicts import Said, Verdict
from web import sidebyside
from web.attached import attached
from web.language import mark
from web.matches import (
    BY_MATCHING,
    CROWDED,
    DECISIONS,
    EVENTS,
    SETTLES,
    VERDICTS,
    cause_words,
    doubles_file,
    heading,
    month,
    step_words,
)
from web.quality import reasons
from web.site import current_site
from web.speech import words
from web.staff import access

blueprint = Blueprint(
    "matches", __name__, url_prefix="/staff/matches", template_folder="../templates"
)

PER_PAGE = 30
BESIDE = 4
"""Records of a cluster that are shown beside the first one at a time."""
_WHERE = ("first", "after")
_REVERTED = mark("It is taken back by decision {number}; the clusters follow in a moment.")
KEPT = mark("Decision {number} is kept; the clusters follow in a moment.")
AS_BEFORE = mark("That is decided already.")
_UNDONE = mark("Decision {number} is taken back; the clusters follow in a moment.")


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "decisions": DECISIONS,
        "crowded": CROWDED,
        "verdicts": VERDICTS,
        "settles": SETTLES,
        "heading": heading,
        "month": month,
        "events": EVENTS,
        "by_matching": BY_MATCHING,
        "reason_words": lambda given: reasons.words(given, words()),
        "step_words": lambda step: step_words(step, words()),
        "cause_words": lambda cause, number: cause_words(cause, words(), number),
    }


@blueprint.get("")
def asked() -> str:
    """Show what matching cannot decide, those first whose answer settles the most."""
    database = current_site().database
    library = request.args.get("library", "")
    found = questions.asked(database, library, place_of(request.args), PER_PAGE + 1)
    more = found[PER_PAGE - 1].place if len(found) > PER_PAGE else None
    return render_template(
        "staff/matches/list.html",
        questions=found[:PER_PAGE],
        more=more._asdict() if more else None,
        library=library,
        libraries=libraries.all(database),
        crowds=pairs.crowds(database, PER_PAGE),
    )


@blueprint.get("/compare")
def compare() -> str:
    """Show two records side by side, by their names, and why they are one or are not."""
    names = [request.args.get(side, "") for side in ("one", "two")]
    if not all(names):
        return render_template("staff/matches/compare.html", names=names, found=None)
    database = current_site().database
    one, two = (records.parted(name) for name in names)
    found = why.why(database, one, two)
    sides = (found.judged.a, found.judged.b)
    return render_template(
        "staff/matches/compare.html",
        names=names,
        found=found,
        sides=sides,
        rows=sidebyside.rows([side.record for side in sides]),
        seen=verdicts.seen_now(database, sides[0].id, sides[1].id),
    )


@blueprint.get("/cluster/<public_id>")
def cluster(public_id: str) -> str:
    """Show some records of a cluster side by side, why they are one, and what happened to it."""
    database = current_site().database
    first, after = (access.fitting(request.args.get(name, 0, type=int)) for name in _WHERE)
    found = mates.beside(database, public_id, first, after, BESIDE)
    shown = [found.first, *(each.side for each in found.others)] if found.first else []
    return render_template(
        "staff/matches/cluster.html",
        cluster=found,
        shown=shown,
        after=after,
        rows=sidebyside.rows([side.record for side in shown]) if shown else [],
        moves=moves.of_cluster(database, public_id, limit=PER_PAGE),
        decided=verdicts.of_cluster(database, public_id),
    )


@blueprint.post("/decide")
@access.needs(Role.CATALOGUER)
def decide() -> Response:
    """Keep what somebody says of two records; once, however often they press."""
    one, two = (records.parted(request.form.get(side, "")) for side in ("one", "two"))
    wanted = verdict(request.form.get("decision", ""))
    number = judging.decide(current_site().database, one, two, wanted, said())
    flash(words()(KEPT if number else AS_BEFORE).format(number=number))
    return _back()


@blueprint.post("/undo/<int:number>")
@access.needs(Role.CATALOGUER)
def undo(number: int) -> Response:
    """Take a decision back."""
    verdicts.undo(current_site().database, access.fitting(number), said())
    flash(words()(_UNDONE).format(number=number))
    return _back()


@blueprint.post("/revert/<int:number>")
@access.needs(Role.CATALOGUER)
def revert(number: int) -> Response:
    """Take back what matching did to a cluster."""
    decision = judging.revert(current_site().database, access.fitting(number), said())
    flash(words()(_REVERTED).format(number=decision))
    return _back()


@blueprint.get("/history")
def history() -> str:
    """Show what was decided, the newest first, a page at a time."""
    before = access.fitting(request.args.get("before", 0, type=int))
    found = verdicts.history(current_site().database, before=before, limit=PER_PAGE + 1)
    more = found[PER_PAGE - 1].id if len(found) > PER_PAGE else None
    return render_template("staff/matches/history.html", decided=found[:PER_PAGE], more=more)


def verdict(word: str) -> Verdict:
    """Return what a button says of a pair; anything else is no request of our pages."""
    if word not in set(Verdict):
        abort(HTTPStatus.BAD_REQUEST)
    return Verdict(word)


def said() -> Said:
    """Return who decides, why, and what was on the page."""
    return Said(
        author=access.me().name,
        reason=request.form.get("reason", "").strip(),
        seen=request.form.get("seen", ""),
    )


def _back() -> Response:
    to = access.inside(request.form.get("back", "")) or url_for("matches.asked")
    return cast(Response, redirect(to))


@blueprint.get("/cip")
def cip() -> str:
    """Show publications that only CIP records describe for too long, a page at a time."""
    since, cluster = (
        access.fitting(request.args.get(name, 0, type=int)) for name in ("since", "cluster")
    )
    after = preliminary.Place(since, cluster) if cluster else None
    found = preliminary.overdue(current_site().database, after=after, limit=PER_PAGE + 1)
    more = found[PER_PAGE - 1].place if len(found) > PER_PAGE else None
    return render_template(
        "staff/matches/cip.html",
        found=found[:PER_PAGE],
        months=preliminary.MONTHS,
        more=more._asdict() if more else None,
    )


@blueprint.get("/doubles/<library>")
def doubles(library: str) -> str:
    """Show what a library has more than one record of, a page at a time."""
    after = access.fitting(request.args.get("after", 0, type=int))
    found = pairs.within(current_site().database, library, after, PER_PAGE)
    return render_template("staff/matches/doubles.html", library=library, doubles=found)


@blueprint.get("/doubles/<library>/file.csv")
def doubles_as_file(library: str) -> Response:
    """Give what a library has more than one record of as a file for it."""
    # Before anything is sent: once a file has begun, nothing can be said of what is not there.
    code = libraries.get(current_site().database, library).code
    found = pairs.all_within(current_site().database, code)
    answer = Response(doubles_file(found, words()), mimetype="text/csv")
    return attached(answer, "duplicates.csv")


def place_of(asked: MultiDict[str, str]) -> Place | None:
    """Return the place in the queue that a request names, if it does."""
    score = asked.get("score", type=float)
    if score is None:
        return None
    pairs, records, one, other = (
        access.fitting(asked.get(name, 0, type=int))
        for name in ("pairs", "records", "one", "other")
    )
    return Place(pairs, records, score, one, other)

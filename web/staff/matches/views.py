"""``/staff/matches``: pairs that matching asks about, clusters and their reasons, doubles."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, cast

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for

from catalogue import browse, libraries, pairs, questions, records, verdicts
from catalogue.questions import Place
from catalogue.users import Role
from catalogue.verdicts import Said, Verdict
from web.language import mark
from web.matches import CROWDED, DECISIONS, SETTLES, VERDICTS, doubles_file, heading
from web.quality import reasons
from web.site import current_site
from web.speech import words
from web.staff import access

blueprint = Blueprint(
    "matches", __name__, url_prefix="/staff/matches", template_folder="../templates"
)

PER_PAGE = 30
_KEPT = mark("Decision {number} is kept; the clusters follow in a moment.")
_AS_BEFORE = mark("That is decided already.")
_UNDONE = mark("Decision {number} is taken back; the clusters follow in a moment.")


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "decisions": DECISIONS,
        "crowded": CROWDED,
        "verdicts": VERDICTS,
        "settles": SETTLES,
        "heading": heading,
        "reason_words": lambda given: reasons.words(given, words()),
    }


@blueprint.get("")
def asked() -> str:
    """Show what matching cannot decide, those first whose answer settles the most."""
    database = current_site().database
    library = request.args.get("library", "")
    found = questions.asked(database, library, _after(), PER_PAGE + 1)
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
    """Show what matching says of two records, by their names."""
    names = [request.args.get(side, "") for side in ("one", "two")]
    judged = None
    if all(names):
        one, two = (records.parted(name) for name in names)
        judged = pairs.compare(current_site().database, one, two)
    return render_template("staff/matches/compare.html", names=names, judged=judged)


@blueprint.get("/cluster/<public_id>")
def cluster(public_id: str) -> str:
    """Show the records of a cluster, why they are one, and what people decided about them."""
    database = current_site().database
    found = browse.cluster(database, public_id)
    decided = verdicts.of_cluster(database, public_id)
    return render_template("staff/matches/cluster.html", cluster=found, decided=decided)


@blueprint.post("/decide")
@access.needs(Role.CATALOGUER)
def decide() -> Response:
    """Keep what somebody says of two records; once, however often they press."""
    one, two = (records.parted(request.form.get(side, "")) for side in ("one", "two"))
    wanted = _verdict(request.form.get("decision", ""))
    seen = request.form.get("seen", "")
    number = verdicts.decide(current_site().database, one, two, wanted, _said(), seen)
    flash(words()(_KEPT if number else _AS_BEFORE).format(number=number))
    return _back()


@blueprint.post("/undo/<int:number>")
@access.needs(Role.CATALOGUER)
def undo(number: int) -> Response:
    """Take a decision back."""
    verdicts.undo(current_site().database, access.fitting(number), _said())
    flash(words()(_UNDONE).format(number=number))
    return _back()


@blueprint.get("/history")
def history() -> str:
    """Show what was decided, the newest first, a page at a time."""
    before = access.fitting(request.args.get("before", 0, type=int))
    found = verdicts.history(current_site().database, before=before, limit=PER_PAGE + 1)
    more = found[PER_PAGE - 1].id if len(found) > PER_PAGE else None
    return render_template("staff/matches/history.html", decided=found[:PER_PAGE], more=more)


def _verdict(word: str) -> Verdict:
    if word not in set(Verdict):
        abort(HTTPStatus.BAD_REQUEST)
    return Verdict(word)


def _said() -> Said:
    return Said(author=access.me().name, reason=request.form.get("reason", "").strip())


def _back() -> Response:
    to = access.inside(request.form.get("back", "")) or url_for("matches.asked")
    return cast(Response, redirect(to))


@blueprint.get("/doubles/<library>")
def doubles(library: str) -> str:
    """Show what a library has more than one record of, a page at a time."""
    after = access.fitting(request.args.get("after", 0, type=int))
    found = pairs.within(current_site().database, library, after, PER_PAGE)
    return render_template("staff/matches/doubles.html", library=library, doubles=found)


@blueprint.get("/doubles/<library>/file.csv")
def doubles_as_file(library: str) -> Response:
    """Give what a library has more than one record of as a file for it."""
    found = pairs.all_within(current_site().database, library)
    answer = Response(doubles_file(found, words()), mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="duplicates.csv"'
    return answer


def _after() -> Place | None:
    score = request.args.get("score", type=float)
    if score is None:
        return None
    pairs, records, one, other = (
        access.fitting(request.args.get(name, 0, type=int))
        for name in ("pairs", "records", "one", "other")
    )
    return Place(pairs, records, score, one, other)

"""``/staff/matches/review``: one doubtful pair after the other, decided by a key each.

Where somebody stands in the queue is in the address: two people at it, a page that is left open
and the back button meet nothing that is remembered between requests.
"""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import judging, questions, records, verdicts, why
from catalogue.database import Database
from catalogue.pairs import Judged
from catalogue.questions import Place
from catalogue.users import Role
from web import sidebyside
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.matches.views import AS_BEFORE, KEPT, blueprint, place_of, said, verdict


@blueprint.get("/review")
@access.needs(Role.CATALOGUER)
def review() -> str:
    """Show the next doubtful pair, or the one that is named; ``done`` is the decision before."""
    database = current_site().database
    came = place_of(request.args)
    asked, seen, place = _pair(database, came)
    sides = (asked.a, asked.b) if asked else ()
    return render_template(
        "staff/matches/review.html",
        asked=asked,
        sides=sides,
        rows=sidebyside.rows([side.record for side in sides]) if asked else [],
        seen=seen,
        carried=_carried(),
        here=_carried() | (came._asdict() if came else {}),
        onward=_carried() | (place._asdict() if place else {}),
        done=access.fitting(request.args.get("done", 0, type=int)),
        before={name: request.args.get(f"was_{name}", "") for name in ("a", "b")},
    )


@blueprint.post("/review")
@access.needs(Role.CATALOGUER)
def judge() -> Response:
    """Keep what somebody says of a pair, once however often it is sent, and go on to the next."""
    names = {side: request.form.get(side, "") for side in ("a", "b")}
    wanted = verdict(request.form.get("decision", ""))
    one, two = (records.parted(names[side]) for side in ("a", "b"))
    number = judging.decide(current_site().database, one, two, wanted, said())
    flash(words()(KEPT if number else AS_BEFORE).format(number=number))
    place = place_of(request.form)
    gone_on = {
        **_carried(),
        **(place._asdict() if place else {}),
        **({"done": number, "was_a": names["a"], "was_b": names["b"]} if number else {}),
    }
    return redirect(url_for("matches.review", **gone_on))


def _pair(database: Database, came: Place | None) -> tuple[Judged | None, str, Place | None]:
    """Return the pair after a place, what its decision is given back with, and its own place."""
    names = [request.args.get(side, "") for side in ("a", "b")]
    if all(names):
        one, two = (records.parted(name) for name in names)
        found = why.why(database, one, two).judged
        return found, verdicts.seen_now(database, found.a.id, found.b.id), came
    asked = questions.asked(database, request.args.get("library", ""), came, 1)
    if not asked:
        return None, "", None
    return asked[0].judged, asked[0].seen, asked[0].place


def _carried() -> dict[str, Any]:
    """Return what goes on from page to page: whose records, and whether keys decide."""
    kept = {name: request.values.get(name, "") for name in ("library", "keys")}
    return {name: value for name, value in kept.items() if value}

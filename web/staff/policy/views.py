"""``/staff/policy``: by which figures records are matched, tried and switched on by staff.

What a policy would do is worked out by a worker and shown on the page of the policy; only there
can it be switched on, and only while what is shown is what is known.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import hindsight, policies
from catalogue.match import figures, kept_policy
from catalogue.users import Role
from crosswalks.errors import Error
from scheduler.policies import ask_for, is_asked_for
from web.language import mark, message
from web.matches import DECISIONS, VERDICTS, heading
from web.policies import STATES, changes, figures_told, state
from web.quality import reasons
from web.site import current_site
from web.speech import words
from web.staff import access

blueprint = Blueprint(
    "policy", __name__, url_prefix="/staff/policy", template_folder="../templates"
)

_ASKED = mark("A worker works it out; this page shows it when it is done.")
_SWITCHED = mark("The policy {version} is in use. A worker places all records again.")
_LIVE = mark("The policy {version} is in use already.")
_KEPT = mark("The policy {version} is kept. See what it would do before it is switched on.")
_GONE = mark("The policy {version} is thrown away.")


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {
        "states": STATES,
        "state": state,
        "decisions": DECISIONS,
        "heading": heading,
        "figures_told": figures_told,
        "reason_words": lambda given: reasons.words(given, words()),
    }


@blueprint.get("")
def listing() -> str:
    """Show all policies, the newest first."""
    return render_template("staff/policy/list.html", policies=policies.all(current_site().database))


@blueprint.get("/version/<version>")
def show(version: str) -> str:
    """Show a policy, by what it differs from the one in use, and what it would do."""
    database = current_site().database
    found, live = policies.get(database, version), policies.get(database)
    before, after = (figures(kept_policy(each.text)) for each in (live, found))
    return render_template(
        "staff/policy/show.html",
        policy=found,
        version=found.version,
        live=live,
        changes=changes(before, after),
        asked=is_asked_for(database, version),
    )


@blueprint.get("/version/<version>/decided")
def decided(version: str) -> str:
    """Show how a policy would have judged what people decided."""
    database = current_site().database
    return render_template(
        "staff/policy/decided.html",
        policy=policies.get(database, version),
        found=hindsight.hindsight(database, version),
        most=hindsight.MOST,
        verdicts=VERDICTS,
    )


@blueprint.get("/version/<version>/effect")
@access.asked_by_a_page
def wait(version: str) -> Response:
    """Tell an open page whether the effect is there; once it is, have the page shown anew."""
    answer = Response(render_template("staff/policy/wait.html", version=version))
    if not is_asked_for(current_site().database, version):
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.post("/version/<version>/effect")
@access.needs(Role.OPERATOR)
def effect(version: str) -> Response:
    """Have it worked out what a policy would do; once, however often it is asked for."""
    ask_for(current_site().database, version)
    return _done(version, _ASKED)


@blueprint.post("/version/<version>/switch")
@access.needs(Role.ADMIN)
def switch(version: str) -> str | Response | tuple[str, int]:
    """Put a policy to use, if what it would do was looked at on the page that asks for it."""
    seen = request.form.get("seen", "")
    is_new = policies.switch(current_site().database, version, seen, access.me().name)
    return _done(version, _SWITCHED if is_new else _LIVE)


@blueprint.post("/version/<version>/discard")
@access.needs(Role.OPERATOR)
def discard(version: str) -> Response:
    """Throw a policy away that was never in use."""
    policies.discard(current_site().database, version)
    flash(words()(_GONE).format(version=version))
    return redirect(url_for("policy.listing"))


@blueprint.get("/new")
@access.needs(Role.OPERATOR)
def new() -> str:
    """Ask for another policy, beginning with the text of one there is."""
    found = policies.get(current_site().database, request.args.get("of", ""))
    return render_template("staff/policy/new.html", text=found.text, note="", refused="")


@blueprint.post("/new")
@access.needs(Role.OPERATOR)
def add() -> str | Response | tuple[str, int]:
    """Keep another policy, or show what is wrong with it."""
    # Browsers send CR LF; what is kept is a text as files have it.
    text = request.form.get("text", "").replace("\r\n", "\n")
    note = request.form.get("note", "").strip()
    try:
        kept = policies.add(current_site().database, text, access.me().name, note)
    except Error as error:
        refused = message(error, words())
        page = render_template("staff/policy/new.html", text=text, note=note, refused=refused)
        return page, HTTPStatus.BAD_REQUEST
    return _done(kept.version, _KEPT)


def _done(version: str, said: str) -> Response:
    flash(words()(said).format(version=version))
    return redirect(url_for("policy.show", version=version))

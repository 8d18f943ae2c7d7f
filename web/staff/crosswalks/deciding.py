"""What a text of a crosswalk would do to all records, and putting it to use once that was seen."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import crosswalk_drafts, crosswalk_lists, crosswalks
from catalogue.crosswalks import REMAP, REWRITE, Version
from catalogue.database import Database
from catalogue.errors import CrosswalkEffectUnknown, NothingDrafted
from catalogue.users import Role
from scheduler import crosswalk_effects
from web.language import mark
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.crosswalks.room import DRAFT, blueprint
from web.staff.crosswalks.using import Using

_ASKED = mark("A worker works it out; this page shows it when it is done.")
_PUBLISHED = mark("Version {version} of {name} is in use.")
_IS_THERE = mark("This text of {name} is in use already.")
_GONE = mark("{name} has no draft any more. What was drafted stays in the list.")
FOLLOWS = {
    REMAP: mark("A worker maps the records again."),
    REWRITE: mark("A worker makes what is given out anew."),
}
"""What is said of each job that publishing queues."""


@blueprint.get("/of/<name>/effect")
def effect(name: str) -> str:
    """Show what a text would do, and ask whether it shall be in use."""
    database, of = current_site().database, _asked()
    found = crosswalk_effects.text_of(database, name, of)
    shelf = crosswalks.shelf(database)
    tried = shelf.with_draft(name, found.written)
    return render_template(
        "staff/crosswalks/effect.html",
        name=name,
        of=of,
        found=found,
        in_use=_is_in_use(database, found),
        looked=crosswalk_effects.look(database, name, of),
        asked=crosswalk_effects.is_asked_for(database, name, of),
        so_far=crosswalk_effects.looked_at(database, name, of),
        failed=crosswalks.try_all(database, tried, name),
        follows=[FOLLOWS[job] for job in crosswalks.jobs_of(tried, name)],
        uses=Using(tried, crosswalk_lists.named_by(database)).of(name),
    )


@blueprint.get("/of/<name>/effect/wait")
@access.asked_by_a_page
def wait(name: str) -> Response:
    """Tell an open page whether the effect is there; once it is, have the page shown anew."""
    of = _asked()
    database = current_site().database
    so_far = crosswalk_effects.looked_at(database, name, of)
    page = render_template("staff/crosswalks/wait.html", name=name, of=of, so_far=so_far)
    answer = Response(page, mimetype="text/html")
    if not crosswalk_effects.is_asked_for(database, name, of):
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.post("/of/<name>/effect")
@access.needs(Role.CATALOGUER)
def work_out(name: str) -> Response:
    """Have it worked out what a text would do; once, however often it is asked for."""
    of = request.form.get("of", DRAFT)
    crosswalk_effects.ask_for(current_site().database, name, of)
    flash(words()(_ASKED))
    return redirect(url_for("crosswalks.effect", name=name, of=of))


@blueprint.post("/of/<name>/publish")
@access.needs(Role.ADMIN)
def publish(name: str) -> Response:
    """Put a text to use whose effect was looked at on the page that asks for it."""
    database, form = current_site().database, request.form
    of, back = form.get("of", DRAFT), redirect(url_for("crosswalks.show", name=name))
    if _pressed_twice(database, name, of):
        flash(words()(_IS_THERE).format(name=name))
        return back
    found = crosswalk_effects.text_of(database, name, of)
    looked = crosswalk_effects.look(database, name, of)
    if looked.known is None or not looked.holds or looked.known.token != form.get("seen", ""):
        raise CrosswalkEffectUnknown(name=name)
    note = " ".join(form.get("note", "").split())
    made = crosswalk_effects.publish(database, looked.known, found, access.me().name, note)
    said = [words()(_PUBLISHED).format(version=made.version, name=name)]
    said += [words()(FOLLOWS[job]) for job in crosswalks.jobs_of(crosswalks.shelf(database), name)]
    flash(" ".join(said))
    return back


@blueprint.post("/of/<name>/discard")
@access.needs(Role.CATALOGUER)
def discard(name: str) -> Response:
    """Throw a draft away that was seen; it stays among the earlier ones."""
    database = current_site().database
    crosswalk_drafts.discard(database, name, request.form.get("seen", ""))
    flash(words()(_GONE).format(name=name))
    return redirect(url_for("crosswalks.show", name=name))


def _asked() -> str:
    return request.args.get("of", "") or DRAFT


def _is_in_use(database: Database, found: Version) -> bool:
    """Tell whether publishing a text would change nothing."""
    versions = crosswalks.versions(database, found.name)
    return bool(versions) and versions[0].written == found.written


def _pressed_twice(database: Database, name: str, of: str) -> bool:
    """Tell whether what is to be published is in use already, and no other draft is there."""
    number = request.form.get("number", 0, type=int)
    try:
        found = crosswalk_effects.text_of(database, name, of)
    except NothingDrafted:
        if not number:
            raise
        found = crosswalk_drafts.get(database, name, number)
    return _is_in_use(database, found)

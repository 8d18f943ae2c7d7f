"""``/staff/sources/<name>/stage``: a source is tried out, or published once its library agrees."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalogue import sources
from catalogue.membership.standing import By
from catalogue.observed import Stage
from catalogue.previews import store
from catalogue.users import Role
from crosswalks.errors import Error
from web import previewed
from web.hidden import WORDS
from web.language import mark, message
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.sources.views import blueprint

_PUBLISHED = mark("{name} is published: a worker brings its records to all doors.")
_TRIED = mark("{name} is tried out: its records are stored and mapped, and at no door.")
_SAME = mark("{name} was so already; nothing was changed.")
_ASKED = mark("A worker makes the preview; this page shows it when it is done.")


@blueprint.get("/sources/<name>/stage")
def stage(name: str) -> str:
    """Show whether a source is given out, what it would bring, and what its library says."""
    return _page(name)


@blueprint.get("/sources/<name>/stage/wait")
@access.asked_by_a_page
def wait_preview(name: str) -> Response:
    """Tell an open page how far a preview is; once it is made, have the page shown anew."""
    found = store.standing(current_site().database, name)
    page = render_template("staff/previews/wait.html", found=found, address=_waits(name))
    answer = Response(page)
    if not found.is_asked:
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.post("/sources/<name>/stage")
@access.needs(Role.OPERATOR)
def set_stage(name: str) -> AnyResponse | tuple[str, int]:
    """Publish a source, or have it tried out first; twice is as good as once."""
    database, form = current_site().database, request.form
    after = Stage.TEST if form.get("stage") == Stage.TEST.value else Stage.LIVE
    by = By(person=access.me().name, reason=form.get("reason", "").strip())
    sources.get(database, name)
    try:
        changed = store.set_stage(database, name, after, by, form.get("seen", ""))
    except Error as error:
        status = HTTPStatus.BAD_REQUEST if error.wrong_use else HTTPStatus.CONFLICT
        return _page(name, message(error, words()), by.reason), status
    said = (_TRIED if after is Stage.TEST else _PUBLISHED) if changed else _SAME
    flash(words()(said).format(name=name))
    return redirect(url_for("sources.stage", name=name))


@blueprint.post("/sources/<name>/stage/preview")
@access.needs(Role.OPERATOR)
def make_preview(name: str) -> AnyResponse:
    """Have a preview made, once however often it is asked for."""
    store.ask(current_site().database, name)
    flash(words()(_ASKED))
    return redirect(url_for("sources.stage", name=name))


def _page(name: str, refused: str = "", reason: str = "") -> str:
    database = current_site().database
    source, found = sources.get(database, name), store.standing(database, name)
    return render_template(
        "staff/sources/stage.html",
        source=source,
        found=found,
        is_test=source.stage is Stage.TEST,
        seen=store.stage_token(source.stage, found.sign),
        stages=WORDS,
        address=_waits(name),
        verdicts=previewed.VERDICTS,
        badges=previewed.BADGES,
        refused=refused,
        reason=reason,
    )


def _waits(name: str) -> str:
    return url_for("sources.wait_preview", name=name)

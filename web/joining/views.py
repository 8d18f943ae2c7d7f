"""``/joining/<token>``: what a library that joins sees and does, without an account.

The token in the address is the secret, so a form needs no other: nobody else knows where to send
one. The address is not told to other sites, not kept and not indexed.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalogue.audit import acting
from catalogue.audit.acting import Act, Way
from catalogue.joining import checks, signing, store
from catalogue.joining.model import Application, By, Side, State
from catalogue.joining.stream import Stream, stream
from crosswalks.errors import Error
from crosswalks.formats import mrk
from crosswalks.text import storable
from scheduler.joining import survey
from web.joining import report
from web.joining.words import AWAITED, SIDES, STATES, VERDICTS
from web.language import message
from web.numbers import whole
from web.quality.words import meaning
from web.site import current_site
from web.speech import language, words
from web.staff.room import current_room

blueprint = Blueprint("joining_door", __name__, url_prefix="/joining", template_folder="templates")

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
_SHOWN = 10
"""Records of the test stream on the page."""


@blueprint.get("/<token>")
def show(token: str) -> Response:
    """Show state, survey, report and test stream."""
    return _page(token)


@blueprint.post("/<token>/survey")
def answer(token: str) -> Response | AnyResponse:
    """Keep answers; a complete survey goes to the hub."""
    found = _found(token)
    if found is None:
        return _nothing()
    complete = "part" not in request.form
    try:
        read = survey.checked(_questions(), request.form.getlist, language(), complete=complete)
        survey.check_public(read)
        with acting.during(_act(found)):
            store.answer(current_site().database, found.code, read, _by(found), complete=complete)
    except Error as error:
        return _page(token, refused=message(error, words()), given=request.form.to_dict(flat=False))
    return redirect(url_for("joining_door.show", token=token))


@blueprint.post("/<token>/sign")
def sign(token: str) -> Response | AnyResponse:
    """Agree on behalf of the library, or name what is to be mended."""
    found = _found(token)
    if found is None:
        return _nothing()
    database, number = current_site().database, request.form.get("check", "")
    try:
        with acting.during(_act(found)):
            if "mend" in request.form:
                signing.objecting(database, found.code, _by(found))
            else:
                signing.sign(database, found.code, Side.MEMBER, _number(number), _by(found))
    except Error as error:
        return _page(token, refused=message(error, words()))
    now = store.get(database, found.code)
    if now.state is State.CONNECTED:
        return _said(render_template("joining/done.html", found=now))
    return redirect(url_for("joining_door.show", token=token))


def _questions() -> tuple[survey.Question, ...]:
    return survey.questions(current_room().line.joining.survey)


def _found(token: str) -> Application | None:
    return store.by_token(current_site().database, token)


def _by(found: Application) -> By:
    seen = request.form.get("seen", "")
    note = storable(request.form.get("note", "").strip())
    return By(_who(found), note, _number(seen) if seen else None)


def _who(found: Application) -> str:
    return found.contact or found.name or found.code


def _act(found: Application) -> Act:
    """Return what is done by the link, as it is written down with what it changes."""
    return Act(
        who=_who(found),
        way=Way.WEB,
        address=request.remote_addr or "",
        act=str(request.endpoint),
        object=found.code,
    )


def _number(text: str) -> int:
    """Return a number that a form carries; what is none fits nothing there is."""
    found = whole(text)
    return -1 if found is None else found


def _nothing() -> Response:
    return _said(render_template("joining/nothing.html"), HTTPStatus.NOT_FOUND)


def _page(token: str, refused: str = "", given: dict[str, list[str]] | None = None) -> Response:
    found = _found(token)
    if found is None:
        return _nothing()
    database, say = current_site().database, words()
    done = checks.all(database, found.code)
    newest = done[0] if done else None
    page = render_template(
        "joining/show.html",
        token=token,
        found=found,
        asked=_questions(),
        given=_given(found) if given is None else given,
        spoken=language(),
        newest=newest,
        findings=list(report.findings(newest.report, say)) if newest else [],
        facts=report.facts(newest.report, say) if newest else [],
        signs={each.side for each in signing.signs(database, found.code)},
        stream=_stream(found),
        refused=refused,
        words={"states": STATES, "awaited": AWAITED, "sides": SIDES},
        verdicts=VERDICTS,
        meaning=meaning,
        as_text=lambda record: mrk.write(record).decode(),
    )
    return _said(page, HTTPStatus.BAD_REQUEST if refused else HTTPStatus.OK)


def _given(found: Application) -> dict[str, list[Any]]:
    return {
        name: [each] if isinstance(each, str) else list(each)
        for name, each in found.answers.items()
    }


def _stream(found: Application) -> Stream | None:
    return stream(current_site().database, found.source, _SHOWN) if found.source else None


def _said(page: str, status: HTTPStatus = HTTPStatus.OK) -> Response:
    answer = make_response(page, status)
    answer.headers.update(_HEADERS)
    return answer

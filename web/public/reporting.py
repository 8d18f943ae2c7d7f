"""``/record/<id>/report``: readers say what is wrong with a record, without signing in.

What keeps programs off: a signed token with the time at which the form was shown, a box that people
do not see, so many forms a minute from an address, and so many unread reports of a record.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalogue.audit import acting
from catalogue.audit.acting import Act, Way
from catalogue.tickets import looking
from catalogue.tickets.errors import NoSuchTicket
from catalogue.tickets.model import Kind, Report
from catalogue.tickets.opening import LONGEST, open_ticket
from crosswalks.errors import Error
from web.language import mark, message
from web.numbers import whole
from web.public import display, formtoken
from web.public.lookup import Found, found_here
from web.public.views import blueprint
from web.site import current_site
from web.speech import language, words
from web.tickets import KINDS

_TOO_OFTEN = mark("Too many reports came from your address. Please try again in {seconds} seconds.")
_STALE = mark("This form was open for too long. Please look over it and send it once more.")
_QUICK = mark("That was very quick. Please look over it and send it once more.")
_TRAP = mark("Please leave the box empty that is not for you, and send the form once more.")


@blueprint.get("/record/<public_id>/report")
def ask_report(public_id: str) -> str:
    """Ask what is wrong with a record."""
    return _form(found_here(public_id))


@blueprint.post("/record/<public_id>/report")
def send_report(public_id: str) -> AnyResponse:
    """Open a ticket for what is wrong with a record, once however often it is sent."""
    shown, site = found_here(public_id), current_site()
    rules = site.doors.reports
    if seconds := site.meter.wait(f"report {request.remote_addr}", rules.per_minute):
        refused = words()(_TOO_OFTEN).format(seconds=seconds)
        answer = make_response(_form(shown, refused), HTTPStatus.TOO_MANY_REQUESTS)
        answer.headers["Retry-After"] = str(seconds)
        return answer
    if refused := _by_a_program(shown, rules.least_seconds):
        return _again(shown, words()(refused))
    holders = {each.library for each in shown.holdings}
    title = display.title(shown.record)
    try:
        with acting.during(_act(shown)):
            number = open_ticket(site.database, shown.public_id, title, _said(), holders)
    except Error as error:
        return _again(shown, message(error, words()))
    address = url_for("public.reported", public_id=shown.public_id, number=number)
    return redirect(address, HTTPStatus.SEE_OTHER)


@blueprint.get("/record/<public_id>/report/<int:number>")
def reported(public_id: str, number: int) -> str:
    """Tell a reader the number of a report; of the report itself nothing is shown."""
    shown = found_here(public_id)
    if whole(str(number)) is None:
        abort(HTTPStatus.NOT_FOUND)
    try:
        ticket = looking.get(current_site().database, number).ticket
    except NoSuchTicket:
        abort(HTTPStatus.NOT_FOUND)
    if ticket.record != shown.public_id:
        abort(HTTPStatus.NOT_FOUND)
    return render_template(
        "public/reported.html",
        public_id=shown.public_id,
        title=display.title(shown.record),
        number=number,
    )


def _by_a_program(shown: Found, least_seconds: int) -> str:
    """Return what is said to whoever sends a form as no person does, or nothing."""
    passed = formtoken.age(current_site().token_key, _named(shown), request.form.get("token", ""))
    if passed is None:
        return _STALE
    if request.form.get("website"):
        return _TRAP
    return _QUICK if passed < least_seconds else ""


def _said() -> Report:
    kind = request.form.get("kind", "")
    # Without a mail server nobody is asked for an address, so none is kept.
    mail = request.form.get("mail", "").strip() if current_site().doors.reports.mails else ""
    return Report(
        kind=Kind(kind) if kind in set(Kind) else Kind.OTHER,
        text=request.form.get("text", ""),
        mail=mail,
        language=language(),
    )


def _act(shown: Found) -> Act:
    """Return what is done, as it is written down: of a reader not even the address."""
    return Act(who="", way=Way.WEB, address="", act=str(request.endpoint), object=shown.public_id)


def _named(shown: Found) -> str:
    return f"report {shown.public_id}"


def _again(shown: Found, refused: str) -> Response:
    return make_response(_form(shown, refused), HTTPStatus.BAD_REQUEST)


def _form(shown: Found, refused: str = "") -> str:
    site = current_site()
    given = request.form.get("token", "")
    if formtoken.age(site.token_key, _named(shown), given) is None:
        given = formtoken.token(site.token_key, _named(shown))
    return render_template(
        "public/report.html",
        public_id=shown.public_id,
        title=display.title(shown.record),
        kinds=KINDS,
        longest=LONGEST,
        rules=site.doors.reports,
        given=request.form,
        token=given,
        refused=refused,
    )

"""``/staff/deliveries``: send files, read what they would do, apply them or throw them away.

Nothing is checked while somebody waits for a page: a worker does it, and the page tells how far.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from catalogue import sources
from catalogue.intake import rows, watching
from catalogue.intake.errors import DeliveryApplied, DeliveryEmpty
from catalogue.intake.model import Arrived, Intake, Kind
from catalogue.intake.rows import FILES, Received
from catalogue.intake.spool import Draft
from catalogue.users import Role
from crosswalks.errors import Error
from scheduler import arriving
from web.language import mark, message
from web.site import current_site
from web.speech import words
from web.staff import access, uploads
from web.staff.deliveries import display
from web.staff.room import current_room

blueprint = Blueprint(
    "deliveries", __name__, url_prefix="/staff/deliveries", template_folder="../templates"
)

PER_PAGE = 50
MOST_FILES = 20
"""So many with one form."""
_NO_FILE = mark("Choose the files first.")
_TOO_MANY = mark("Send at most {most} files with one form.")
_TAKEN_IN = mark("{count} files are taken in; a worker checks them.")
_WAITS = mark("{name} waits already, as delivery {number}.")
_APPLIED = mark("Delivery {number} counts; a worker harvests it.")
_PAUSED = mark("Source {name} is paused: delivery {number} is harvested once it is resumed.")
_BEFORE = mark("Delivery {number} was applied before.")
_DISCARDED = mark("Delivery {number} is thrown away.")
_AGAIN = mark("Delivery {number} is checked again.")


@blueprint.before_request
def _let_files_in() -> None:
    """Take in more than a form's worth, from those who may send files."""
    if request.endpoint == "deliveries.send" and access.may(Role.OPERATOR):
        uploads.expect(arriving.spool_of(current_room().line))


blueprint.teardown_request(uploads.drop)


@blueprint.get("")
def listing() -> str:
    """Show the newest deliveries first, to one source or to all, a page at a time."""
    source = request.args.get("source", "")
    before = request.args.get("before", type=int)
    if before is not None:
        access.fitting(before)
    found = rows.all(current_site().database, source, limit=PER_PAGE + 1, before=before)
    return render_template(
        "staff/deliveries/list.html",
        deliveries=[display.shown(each, words()) for each in found[:PER_PAGE]],
        older=found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
        source=source,
    )


@blueprint.get("/send")
@access.needs(Role.OPERATOR)
def ask() -> str:
    """Show the form that files are sent with."""
    return _form(request.args.get("source", ""))


@blueprint.post("/send")
@access.needs(Role.OPERATOR)
def send() -> str | AnyResponse | tuple[str, int]:
    """Take files in and have them checked; the same file again is the delivery it was."""
    source, kind = request.form.get("source", ""), _kind(request.form.get("kind", ""))
    files = [each for each in request.files.getlist("files") if each.filename]
    if not files or len(files) > MOST_FILES:
        said = words()(_TOO_MANY if files else _NO_FILE).format(most=MOST_FILES)
        return _form(source, kind, said), HTTPStatus.BAD_REQUEST
    try:
        rows.of_files(current_site().database, source)
        received = [_receive(each, source, kind) for each in files]
    except Error as error:
        return _form(source, kind, message(error, words())), HTTPStatus.BAD_REQUEST
    _tell(received)
    if len(received) == 1:
        return redirect(url_for("deliveries.show", number=received[0].intake.id))
    return redirect(url_for("deliveries.listing", source=source))


@blueprint.get("/<int:number>")
def show(number: int) -> str:
    """Show one delivery: how it stands, what it would do, what is wrong with it."""
    intake = _get(number)
    database = current_site().database
    return render_template(
        "staff/deliveries/show.html",
        shown=display.shown(intake, words(), rows.twin(database, intake)),
        progress=watching.progress(database, intake.id),
        paused=sources.get(database, intake.source).paused,
    )


@blueprint.get("/<int:number>/progress")
@access.asked_by_a_page
def progress(number: int) -> Response:
    """Return how far a delivery is; once it rests, have the page shown anew."""
    intake = _get(number)
    found = watching.progress(current_site().database, intake.id)
    shown = display.shown(intake, words())
    answer = Response(
        render_template("staff/deliveries/progress.html", shown=shown, progress=found)
    )
    if not (found.is_busy or shown.is_applying):
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.post("/<int:number>/apply")
@access.needs(Role.OPERATOR)
def apply(number: int) -> AnyResponse:
    """Say that a delivery counts, and queue its harvest; twice is as good as once."""
    line = current_room().line
    try:
        intake = arriving.put_into_inbox(line, access.fitting(number), access.me().name)
    except DeliveryApplied:
        return _back(number, _BEFORE)
    arriving.queue_harvest(line, intake.source)
    paused = sources.get(line.db, intake.source).paused
    return _back(number, _PAUSED if paused else _APPLIED, name=intake.source)


@blueprint.post("/<int:number>/discard")
@access.needs(Role.OPERATOR)
def discard(number: int) -> AnyResponse:
    """Throw a delivery away; twice is as good as once."""
    arriving.discard(current_room().line, access.fitting(number), access.me().name)
    return _back(number, _DISCARDED)


@blueprint.post("/<int:number>/check")
@access.needs(Role.OPERATOR)
def check(number: int) -> AnyResponse:
    """Have a delivery checked again."""
    rows.check_again(current_site().database, access.fitting(number))
    return _back(number, _AGAIN)


def _receive(file: FileStorage, source: str, kind: Kind) -> Received:
    draft = cast(Draft, file.stream)
    if not draft.size:
        raise DeliveryEmpty(name=file.filename or "")
    arrived = Arrived(
        source=source,
        name=file.filename or "",
        sha256=draft.sha256(),
        size=draft.size,
        kind=kind,
        author=access.me().name,
    )
    return arriving.receive(current_room().line, draft, arrived)


def _tell(received: list[Received]) -> None:
    new = sum(each.is_new for each in received)
    if new:
        flash(words()(_TAKEN_IN).format(count=new))
    for each in received:
        if not each.is_new:
            flash(words()(_WAITS).format(name=each.intake.name, number=each.intake.id))


def _form(source: str, kind: Kind = Kind.AUTO, refused: str = "") -> str:
    found = sources.all(current_site().database)
    return render_template(
        "staff/deliveries/send.html",
        sources=[each.name for each in found if each.protocol == FILES],
        source=source,
        kinds=display.KINDS,
        kind=kind,
        refused=refused,
        largest=display.size(current_room().line.file_limits.file_bytes),
    )


def _kind(text: str) -> Kind:
    return Kind(text) if text in list(Kind) else Kind.AUTO


def _get(number: int) -> Intake:
    return rows.get(current_site().database, access.fitting(number))


def _back(number: int, said: str, **told: object) -> AnyResponse:
    flash(words()(said).format(number=number, **told))
    return redirect(url_for("deliveries.show", number=number))

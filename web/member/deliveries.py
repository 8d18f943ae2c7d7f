"""``/member/deliveries``: a library sends files for its own sources, first to be checked alone.

What the check found is read before the file counts. Where something speaks against it, the staff of
the hub decide.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from catalogue import owned, sources
from catalogue.intake import own, rows, watching
from catalogue.intake.errors import (
    DeliveryApplied,
    DeliveryDoubtful,
    DeliveryEmpty,
    DeliveryTwice,
    TooManyWaiting,
)
from catalogue.intake.model import Arrived, Intake, Kind, State
from catalogue.intake.rows import FILES, Received
from catalogue.intake.spool import Draft
from catalogue.model import Source
from catalogue.users import Role
from crosswalks.errors import Error
from scheduler import arriving
from web import delivered
from web.language import mark, message
from web.member.room import blueprint
from web.site import current_site
from web.speech import words
from web.staff import access, uploads
from web.staff.deliveries import display
from web.staff.room import current_room

PER_PAGE = 50
MOST_WAITING = 20
"""Deliveries to one source that may wait for a decision: each keeps a file on the disk."""
_NO_FILE = mark("Choose the file first.")
_NO_SOURCE = mark("Choose the source first.")
_TAKEN_IN = mark("The file is taken in; a worker checks it. Nothing of it counts yet.")
_WAITS = mark("This very file waits already, as delivery {number}; it was not taken in twice.")
_SENT = mark("Delivery {number} counts now; a worker takes its records in.")
_BEFORE = mark("Delivery {number} was sent before; nothing was changed.")
_DISCARDED = mark("Delivery {number} is thrown away.")
_AGAIN = mark("Delivery {number} is checked again.")


@blueprint.before_request
def _let_file_in() -> None:
    """Take in more than a form's worth, from those who may send files."""
    if request.endpoint == "own.send_delivery" and access.may(Role.MEMBER):
        uploads.expect(arriving.spool_of(current_room().line))


blueprint.teardown_request(uploads.drop)


@blueprint.get("/deliveries")
@access.needs(Role.MEMBER)
def deliveries() -> str:
    """Show the form for files, and the deliveries of one's library, the newest first."""
    return _page(request.args.get("source", ""))


@blueprint.post("/deliveries")
@access.needs(Role.MEMBER)
def send_delivery() -> AnyResponse | tuple[str, int]:
    """Take a file in and have it checked; the same file again is the delivery it was."""
    name = request.form.get("source", "")
    kind = request.form.get("kind", "")
    file = request.files.get("file")
    if not name or file is None or not file.filename:
        said = words()(_NO_FILE if name else _NO_SOURCE)
        return _page(name, said), HTTPStatus.BAD_REQUEST
    source = _own_source(name)
    try:
        found = _receive(file, source, Kind(kind) if kind in list(Kind) else Kind.AUTO)
    except Error as error:
        status = HTTPStatus.BAD_REQUEST if error.wrong_use else HTTPStatus.CONFLICT
        return _page(name, message(error, words())), status
    number = found.intake.id
    flash(words()(_TAKEN_IN if found.is_new else _WAITS).format(number=number))
    return redirect(url_for("own.delivery", number=number))


@blueprint.get("/deliveries/<int:number>")
@access.needs(Role.MEMBER)
def delivery(number: int) -> str:
    """Show one delivery: how it stands, what it would do, what is wrong with it."""
    intake, database = _own(number), current_site().database
    return render_template(
        "member/delivery.html",
        shown=display.shown(intake, words(), rows.twin(database, intake)),
        progress=watching.progress(database, intake.id),
        paused=sources.get(database, intake.source).paused,
    )


@blueprint.get("/deliveries/<int:number>/progress")
@access.needs(Role.MEMBER)
@access.asked_by_a_page
def delivery_progress(number: int) -> Response:
    """Return how far a delivery is; once it rests, have the page shown anew."""
    intake = _own(number)
    found = watching.progress(current_site().database, intake.id)
    shown = display.shown(intake, words())
    answer = Response(render_template("member/delivery_state.html", shown=shown, progress=found))
    if not (found.is_busy or shown.is_applying):
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.post("/deliveries/<int:number>/apply")
@access.needs(Role.MEMBER)
def apply_delivery(number: int) -> AnyResponse:
    """Say that a checked delivery counts, unless something speaks against it."""
    intake, line = _own(number), current_room().line
    if intake.state is State.CHECKED and not intake.outdated and delivered.stands_against(intake):
        raise DeliveryDoubtful(number=intake.id)
    try:
        arriving.put_into_inbox(line, intake.id, access.me().name)
    except DeliveryApplied:
        return _back(intake, _BEFORE)
    arriving.queue_harvest(line, intake.source)
    return _back(intake, _SENT)


@blueprint.post("/deliveries/<int:number>/discard")
@access.needs(Role.MEMBER)
def discard_delivery(number: int) -> AnyResponse:
    """Throw a delivery away that does not count yet; twice is as good as once."""
    intake = _own(number)
    if intake.state is State.APPLYING:
        raise DeliveryApplied(number=intake.id)
    arriving.discard(current_room().line, intake.id, access.me().name)
    return _back(intake, _DISCARDED)


@blueprint.post("/deliveries/<int:number>/check")
@access.needs(Role.MEMBER)
def check_delivery(number: int) -> AnyResponse:
    """Have a delivery checked again."""
    intake = _own(number)
    rows.check_again(current_site().database, intake.id)
    return _back(intake, _AGAIN)


def _receive(file: FileStorage, source: Source, kind: Kind) -> Received:
    database, draft = current_site().database, cast(Draft, file.stream)
    name, sha256 = file.filename or "", draft.sha256()
    if not draft.size:
        raise DeliveryEmpty(name=name)
    rows.of_files(database, source.name)
    last = own.last_applied(database, source.name)
    if last is not None and (last.sha256, last.kind) == (sha256, kind):
        raise DeliveryTwice(name=name, source=source.name, number=last.id)
    count = own.waiting(database, source.name)
    if count >= MOST_WAITING:
        raise TooManyWaiting(count=count, source=source.name)
    arrived = Arrived(
        source=source.name,
        name=name,
        sha256=sha256,
        size=draft.size,
        kind=kind,
        author=access.me().name,
    )
    return arriving.receive(current_room().line, draft, arrived)


def _page(name: str, refused: str = "") -> str:
    database, before = current_site().database, request.args.get("before", type=int)
    if before is not None:
        access.fitting(before)
    mine = owned.sources_of(database, access.me().library)
    files = [each.name for each in mine if each.protocol == FILES]
    found = own.listing(database, files, limit=PER_PAGE + 1, before=before)
    return render_template(
        "member/deliveries.html",
        sources=files,
        source=name,
        kinds=display.KINDS,
        kind=request.form.get("kind", Kind.CHANGES.value),
        deliveries=[display.shown(each, words()) for each in found[:PER_PAGE]],
        older=found[PER_PAGE - 1].id if len(found) > PER_PAGE else None,
        refused=refused,
        largest=display.size(current_room().line.file_limits.file_bytes),
    )


def _own(number: int) -> Intake:
    return own.get(current_site().database, access.me().library, access.fitting(number))


def _own_source(name: str) -> Source:
    return owned.source(current_site().database, access.me().library, name)


def _back(intake: Intake, said: str) -> AnyResponse:
    flash(words()(said).format(number=intake.id))
    return redirect(url_for("own.delivery", number=intake.id))

"""``/live``: the union and members' servers asked at once, for everybody.

The page is sent bit by bit and needs no script: a browser shows each line as it comes, and hides
the lines once the whole list has come.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import NamedTuple, cast

from flask import (
    Blueprint,
    Flask,
    Response,
    current_app,
    make_response,
    render_template,
    request,
    stream_template,
)
from flask.blueprints import BlueprintSetupState

from catalogue.errors import ViewNotSearched
from protocols.errors import QueryError
from provider.federation.model import Asked, Limits, LiveTarget, Sight
from provider.federation.search import search
from web.failures import RETRY_AFTER
from web.language import mark, message
from web.public.asking import FIELDS, YEAR
from web.public.facets import Naming
from web.public.live import asking
from web.public.live.asking import Wanted
from web.public.live.coming import Arriving
from web.public.live.offered import Asking, Offered, Remembered, offered
from web.public.live.turns import Turns
from web.site import current_site, site_of
from web.speech import language, words

blueprint = Blueprint("public_live", __name__, template_folder="../templates")

_NAME = "lienthong-live"
_SOON = "5"
"""Seconds after which there may be room again."""
_NOTHING = mark("There is nothing to look for. Write at least one word.")
_NOBODY = mark("No library was ticked, so there is nobody to ask. Tick at least one.")
_TOO_MANY = mark("One search asks {most} libraries at most: take some of the {count} off.")
_BUSY = mark("Others are searching live just now. Please try again in a few seconds.")
_TOO_OFTEN = mark(
    "Too many live searches came from your address in the last minute. Please try again in"
    " {seconds} seconds."
)
_NO_YEAR = mark(
    "A year is written with four digits. 1990-1999 means all years from the first to the last,"
    " and 199* those that begin so."
)
_NOT_READY = mark(
    "The catalogue is being made ready for searching. Please try again in a few minutes."
)


class Room(NamedTuple):
    """What the live searches of one application share."""

    turns: Turns
    known: Remembered


@blueprint.record
def _furnish(state: BlueprintSetupState) -> None:
    rules = site_of(cast(Flask, state.app)).doors.hall.live
    state.app.extensions[_NAME] = Room(Turns(rules), Remembered())


def room_of(app: Flask) -> Room:
    """Return what the live searches of an application share."""
    return cast(Room, app.extensions[_NAME])


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    return {"is_searched_live": _is_any}


def _is_any() -> bool:
    """Tell whether there is any server that the public may ask."""
    site = current_site()
    return site.doors.hall.line is not None and room_of(current_app).known.is_any(site.database)


@blueprint.get("/live")
def ask() -> Response:
    """Ask for what to look for, or show what is found, as it is found."""
    wanted, there = asking.read(request.args), _offered()
    room_of(current_app).known.hear(is_any=bool(there))
    if not wanted.words or not there or _is_no_reader():
        nothing = "form" in request.args and there and not wanted.words
        return _form(wanted, there, words()(_NOTHING) if nothing else "")
    chosen = wanted.chosen(there)
    if unfit := _unfit(wanted, chosen):
        return _form(wanted, there, unfit, HTTPStatus.BAD_REQUEST)
    site = current_site()
    seconds = site.meter.wait(f"live {request.remote_addr}", site.doors.hall.live.per_minute)
    if seconds:
        said = words()(_TOO_OFTEN).format(seconds=seconds)
        return _later(_form(wanted, there, said, HTTPStatus.TOO_MANY_REQUESTS), str(seconds))
    turns = room_of(current_app).turns
    if not turns.begin():
        return _later(_form(wanted, there, words()(_BUSY), HTTPStatus.SERVICE_UNAVAILABLE), _SOON)
    return _begun(wanted, there, chosen, turns)


def _begun(
    wanted: Wanted, there: Sequence[Offered], chosen: Sequence[Offered], turns: Turns
) -> Response:
    """Return the page that tells what comes; the place is given back at its end."""
    try:
        answer = _answer(wanted, there, chosen, turns)
    except QueryError as error:
        turns.end()
        return _form(wanted, there, _refusal(wanted, error), HTTPStatus.BAD_REQUEST)
    except ViewNotSearched:
        turns.end()
        said = words()(_NOT_READY)
        return _later(_form(wanted, there, said, HTTPStatus.SERVICE_UNAVAILABLE), RETRY_AFTER)
    except BaseException:
        turns.end()
        raise
    answer.call_on_close(turns.end)
    return answer


def _offered() -> list[Offered]:
    site = current_site()
    return offered(site.database) if site.doors.hall.line is not None else []


def _is_no_reader() -> bool:
    """Tell whether somebody else's page set a browser going, or nobody wants to read the answer.

    Neither may set this hub asking; the form is filled in, and one click does it.
    """
    is_elsewhere = request.headers.get("Sec-Fetch-Site") == "cross-site"
    return is_elsewhere or request.method == "HEAD" or "Sec-Purpose" in request.headers


def _unfit(wanted: Wanted, chosen: Sequence[Offered]) -> str:
    """Return why nobody can be asked this, or nothing."""
    say = words()
    try:
        is_empty = wanted.query() is None
    except QueryError as error:
        return _refusal(wanted, error)
    if is_empty:
        return say(_NOTHING)
    if not chosen:
        return say(_NOBODY)
    many = say(_TOO_MANY).format(most=asking.MOST, count=len(chosen))
    return many if len(chosen) > asking.MOST else ""


def _refusal(wanted: Wanted, error: QueryError) -> str:
    return words()(_NO_YEAR) if wanted.field == YEAR else message(error, words())


def _answer(
    wanted: Wanted, there: Sequence[Offered], chosen: Sequence[Offered], turns: Turns
) -> Response:
    query = wanted.query()
    assert query is not None
    limits = Limits(seconds=float(_seconds()), records=asking.RECORDS)
    asked = Asked(query=query, limits=limits)
    sights = search(current_site().database, asked, _targets(chosen, turns))
    # The union is asked with the first of it: what it cannot do is told before the page begins.
    labels = {each.source.name: each.label for each in chosen}
    coming = _arriving(sights, next(sights), labels)
    page = stream_template("public/live.html", coming=coming, **_boxes(wanted, there))
    answer = Response(page, mimetype="text/html")
    # nginx would keep it back until it is whole.
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _targets(chosen: Sequence[Offered], turns: Turns) -> list[LiveTarget]:
    site = current_site()
    line = site.doors.hall.line
    assert line is not None
    return Asking(line, turns, site.meter, _seconds()).targets(chosen)


def _arriving(sights: Iterator[Sight], first: Sight, labels: dict[str, str]) -> Arriving:
    naming = Naming(translate=words(), language=language(), libraries={})
    return Arriving(sights, first, naming, labels)


def _seconds() -> int:
    return current_site().doors.hall.live.seconds


def _form(
    wanted: Wanted, there: Sequence[Offered], refused: str, status: HTTPStatus = HTTPStatus.OK
) -> Response:
    page = render_template(
        "public/live.html", coming=None, refused=refused, **_boxes(wanted, there)
    )
    return make_response(page, status)


def _later(answer: Response, seconds: str) -> Response:
    answer.headers["Retry-After"] = seconds
    return answer


def _boxes(wanted: Wanted, there: Sequence[Offered]) -> dict[str, object]:
    return {
        "wanted": wanted,
        "fields": FIELDS,
        "offered": there,
        "chosen": {each.source.name for each in wanted.chosen(there)},
        "seconds": _seconds(),
        "most": asking.MOST,
    }

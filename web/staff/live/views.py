"""``/staff/live``: the union and other servers asked at once, shown as they answer.

The page is sent bit by bit and needs no script: a browser shows each line as it comes, and hides
the lines once the list that is sorted and can be chosen from has come. A few such pages at a time:
each keeps a thread of the web server until its time limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from threading import BoundedSemaphore

from flask import Blueprint, flash, redirect, render_template, request, stream_template, url_for
from werkzeug.wrappers import Response

from catalogue import sources
from catalogue.model import Source
from catalogue.users import Role
from crosswalks.errors import CrosswalkError, Error
from crosswalks.model import Record
from protocols.errors import QueryError
from provider.federation.model import Asked, Sight
from provider.federation.search import search
from scheduler.outgoing import SEARCHED
from web import basket as baskets
from web.attached import attached
from web.language import mark, message
from web.live import target
from web.public.display import title
from web.public.facets import Naming
from web.site import current_site
from web.speech import language, words
from web.staff import access
from web.staff.live import asking, chosen
from web.staff.live.asking import Wanted
from web.staff.live.coming import Coming
from web.staff.room import current_room

blueprint = Blueprint("live", __name__, url_prefix="/staff/live", template_folder="../templates")

AT_ONCE = 3
doors = BoundedSemaphore(AT_ONCE)
"""Held by each page that is being answered."""
_NOTHING = mark("There is nothing to look for. Write at least one word.")
_TOO_MANY = mark("One search asks {most} servers at most: take some of the {count} off.")
_BUSY = mark("Several searches are under way just now. Please try again in a few seconds.")
_PUT = mark("In the basket: {new} more, {all} in all.")
_KNOWN = mark("{count} were in it already.")
_FULL = mark("{count} found no room: a basket holds {most}. Take its file, empty it, go on.")
_GONE = mark("{count} could not be put in: the union does not show them any more. Search again.")
_NONE = mark("Nothing was chosen: tick the records that you want first.")
_NO_DISK = mark("The basket could not be kept: {reason}. Tell those who keep the hub.")
_EMPTIED = mark("The basket is empty; {count} records were taken out.")
_TOO_LONG = mark("“{title}” is too long for ISO 2709. Take the file in MARCXML, or take it out.")


@blueprint.get("")
@access.needs(Role.CATALOGUER)
def ask() -> str | Response | tuple[str, int]:
    """Ask for what to look for, or show what is found, as it is found."""
    wanted = asking.read(request.args)
    # A link on somebody else's page must not set this hub asking; it fills in the form.
    if not wanted.words or request.headers.get("Sec-Fetch-Site") == "cross-site":
        return _form(wanted, words()(_NOTHING) if "form" in request.args else "")
    asked = [each for each in _searched() if wanted.chooses(each)]
    unfit = _unfit(wanted, len(asked))
    if unfit:
        return _form(wanted, unfit), HTTPStatus.BAD_REQUEST
    if not doors.acquire(blocking=False):
        return _form(wanted, words()(_BUSY)), HTTPStatus.SERVICE_UNAVAILABLE
    try:
        answer = _answer(wanted, asked)
    except (Error, QueryError) as error:
        doors.release()
        return _form(wanted, message(error, words())), HTTPStatus.BAD_REQUEST
    except BaseException:
        doors.release()
        raise
    answer.call_on_close(doors.release)
    return answer


@blueprint.get("/basket")
@access.needs(Role.CATALOGUER)
def basket() -> str:
    """Show what was chosen."""
    return render_template(
        "staff/live/basket.html",
        kept=chosen.basket().all(),
        title=title,
        statement=_statement,
        most=baskets.MOST,
        back=access.inside(request.args.get("back", "")),
    )


@blueprint.post("/basket")
@access.needs(Role.CATALOGUER)
def put() -> Response:
    """Put what was chosen into the basket."""
    tokens = request.form.getlist("pick")
    there = url_for("live.basket", back=access.inside(request.form.get("back", "")) or None)
    if not tokens:
        flash(words()(_NONE))
        return redirect(there)
    held = chosen.basket()
    found, gone = chosen.records(tokens)
    try:
        came = held.put(found)
    except OSError as error:
        flash(words()(_NO_DISK).format(reason=error.strerror or error))
        return redirect(there)
    said = [words()(_PUT).format(new=came.new, all=len(held))]
    said += [
        words()(text).format(count=n) for text, n in ((_KNOWN, came.known), (_GONE, gone)) if n
    ]
    if came.left:
        said.append(words()(_FULL).format(count=came.left, most=baskets.MOST))
    flash(" ".join(said))
    return redirect(there)


@blueprint.post("/basket/remove")
@access.needs(Role.CATALOGUER)
def remove() -> Response:
    """Take one record out."""
    chosen.basket().remove(request.form.get("name", ""))
    return redirect(url_for("live.basket"))


@blueprint.post("/basket/empty")
@access.needs(Role.CATALOGUER)
def empty() -> Response:
    """Take all records out."""
    flash(words()(_EMPTIED).format(count=chosen.basket().empty()))
    return redirect(url_for("live.basket"))


@blueprint.get("/basket/file.<any(mrc, xml):form>")
@access.needs(Role.CATALOGUER)
def file(form: str) -> Response:
    """Give the basket as a file for a library's own system: ``mrc`` or ``xml``."""
    records = [each.record for each in chosen.basket().all()]
    if form == "xml":
        return _file(baskets.as_marcxml(records), "xml", "application/xml")
    for record in records:
        try:
            baskets.as_marc([record])
        except CrosswalkError:
            flash(words()(_TOO_LONG).format(title=title(record)))
            return redirect(url_for("live.basket"))
    return _file(baskets.as_marc(records), "mrc", "application/marc")


def _unfit(wanted: Wanted, count: int) -> str:
    """Return why nobody can be asked this, or nothing."""
    try:
        is_empty = wanted.query() is None
    except QueryError as error:
        return message(error, words())
    if is_empty:
        return words()(_NOTHING)
    return words()(_TOO_MANY).format(most=asking.MOST, count=count) if count > asking.MOST else ""


def _answer(wanted: Wanted, asked: list[Source]) -> Response:
    query = wanted.query()
    assert query is not None
    line = current_room().line
    targets = [target(line, each, wanted.limits.seconds) for each in asked]
    sights = search(current_site().database, Asked(query=query, limits=wanted.limits), targets)
    # The union is asked with the first of it: what it cannot do is told before the page begins.
    coming = _coming(sights, next(sights))
    answer = Response(
        stream_template(
            "staff/live/found.html",
            coming=coming,
            address=request.full_path,
            **_boxes(wanted),
        ),
        mimetype="text/html",
    )
    # nginx would keep it back until it is whole.
    answer.headers["X-Accel-Buffering"] = "no"
    return answer


def _coming(sights: Iterator[Sight], first: Sight) -> Coming:
    naming = Naming(translate=words(), language=language(), libraries={})
    return Coming(sights, first, naming, chosen.signed)


def _searched() -> list[Source]:
    return [each for each in sources.all(current_site().database) if each.protocol in SEARCHED]


def _form(wanted: Wanted, refused: str) -> str:
    return render_template("staff/live/ask.html", refused=refused, **_boxes(wanted))


def _boxes(wanted: Wanted) -> dict[str, object]:
    return {
        "wanted": wanted,
        "where": asking.WHERE,
        "searched": _searched(),
        "seconds": asking.SECONDS,
        "records": asking.RECORDS,
        "most": asking.MOST,
        "held": len(chosen.basket()),
    }


def _statement(record: Record) -> str:
    """Return who a record is by, and the year that it names."""
    who = [*record.values("100", "a"), *record.values("110", "a"), *record.values("700", "a")]
    when = [*record.values("264", "c"), *record.values("260", "c")]
    return ", ".join((*who[:1], *when[:1]))


def _file(body: bytes, ending: str, kind: str) -> Response:
    name = f"basket-{datetime.now(current_room().line.zone):%Y-%m-%d}.{ending}"
    answer = Response(body, mimetype=kind)
    return attached(answer, name)

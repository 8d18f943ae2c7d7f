"""``/staff/authorities``: the lists there are, headings in them, and a form to give a list."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue.authorities import importing, keeping, looking, review
from catalogue.authorities.importing import File, Giving
from catalogue.authorities.looking import Wanted
from catalogue.authorities.model import Address, Answer, Outcome
from catalogue.users import Role
from crosswalks.authorities.model import Kind
from crosswalks.authorities.reading import FORMS, HEAD
from crosswalks.errors import Error
from web.authorities.words import ANSWERS, FIGURES, KINDS, RELATIONS, reason
from web.language import mark, message
from web.site import current_site
from web.speech import words
from web.staff import access, uploads

blueprint = Blueprint(
    "authorities", __name__, url_prefix="/staff/authorities", template_folder="../templates"
)

PER_PAGE = 50
LARGEST = 100 * 1024 * 1024
"""Bytes of a list that is given on the page; larger ones are given by command."""
blueprint.before_request(uploads.let_in("authorities.give", LARGEST, Role.OPERATOR))
_SHOWN = 100
"""Records that could not be taken in, told on a page."""
_LATELY = 20
"""Answers shown beside the questions."""
_ANSWERED = mark("Your answer is kept, and searches go by it from now on.")
_UNDONE = mark("Answer {number} is taken back.")
_NO_FILE = mark("Choose the file with the list first.")
_WIDENS = mark("List {code} widens searches.")
_WIDENS_NOT = mark("List {code} widens no searches.")
_REMOVED = mark("List {code} is gone; it had {headings} headings.")


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"kinds": KINDS, "relations": RELATIONS}


@blueprint.get("")
def overview() -> str:
    """Show the lists, the headings that words lead to, and the form to give a list."""
    return _overview()


@blueprint.post("")
@access.needs(Role.OPERATOR)
def give() -> str | tuple[str, int]:
    """Take a list in, and show what came of it."""
    try:
        done = _taken()
    except Error as error:
        return _overview(message(error, words())), HTTPStatus.BAD_REQUEST
    if done is None:
        return _overview(words()(_NO_FILE)), HTTPStatus.BAD_REQUEST
    return render_template(
        "staff/authorities/given.html",
        done=done,
        figures={word: getattr(done, name) for name, word in FIGURES.items()},
        problems=[(each.place, reason(each, words())) for each in done.told[:_SHOWN]],
        more=max(0, done.problems - _SHOWN),
    )


@blueprint.get("/list/<code>")
def show(code: str) -> str:
    """Show the headings of a list, a page at a time."""
    found = looking.find(current_site().database, _wanted(code))
    return render_template(
        "staff/authorities/list.html",
        listed=looking.one_list(current_site().database, code),
        found=found.headings,
        more=_more(found.more, code=code),
        asked=request.args.get("q", "").strip(),
    )


@blueprint.get("/list/<code>/heading")
def heading(code: str) -> str:
    """Show one heading with what leads to it and where it leads."""
    found = looking.show(current_site().database, Address(code, request.args.get("number", "")))
    return render_template("staff/authorities/heading.html", found=found, entry=found.entry)


@blueprint.post("/list/<code>/widen")
@access.needs(Role.OPERATOR)
def widen(code: str) -> Response:
    """Say whether see-references of a list widen searches."""
    widens = request.form.get("widens") == "yes"
    keeping.set_widening(current_site().database, code, widens=widens)
    flash(words()(_WIDENS if widens else _WIDENS_NOT).format(code=code))
    return redirect(url_for("authorities.show", code=code))


@blueprint.post("/list/<code>/remove")
@access.needs(Role.OPERATOR)
def take_away(code: str) -> Response:
    """Take a list away, if the person ticked that this is meant."""
    if "sure" not in request.form:
        return redirect(url_for("authorities.show", code=code))
    headings = keeping.remove(current_site().database, code)
    flash(words()(_REMOVED).format(code=code, headings=headings))
    return redirect(url_for("authorities.overview"))


@blueprint.get("/asked")
def asked() -> str:
    """Show headings that one name leads to, to be answered, and the answers given lately."""
    after = (request.args.get("one", ""), request.args.get("other", ""))
    found = review.questions(current_site().database, after, PER_PAGE + 1)
    last = found[PER_PAGE - 1] if len(found) > PER_PAGE else None
    return render_template(
        "staff/authorities/asked.html",
        found=found[:PER_PAGE],
        more={"one": str(last.one.address), "other": str(last.other.address)} if last else None,
        answered=review.answered(current_site().database, limit=_LATELY),
        answers=ANSWERS,
    )


@blueprint.post("/asked")
@access.needs(Role.CATALOGUER)
def answer() -> Response:
    """Keep what a person says of two headings."""
    said = request.form.get("answer", "")
    one, other = (Address.read(request.form.get(name, "")) for name in ("one", "other"))
    if said in set(Answer):
        review.answer(current_site().database, one, other, Answer(said), access.me().name)
        flash(words()(_ANSWERED))
    return redirect(url_for("authorities.asked"))


@blueprint.post("/asked/<int:number>/undo")
@access.needs(Role.CATALOGUER)
def undo(number: int) -> Response:
    """Take an answer back."""
    review.undo(current_site().database, access.fitting(number), access.me().name)
    flash(words()(_UNDONE).format(number=number))
    return redirect(url_for("authorities.asked"))


def _overview(refused: str = "") -> str:
    database = current_site().database
    asked = request.args.get("q", "").strip()
    found = looking.find(database, _wanted()) if asked else None
    return render_template(
        "staff/authorities/overview.html",
        lists=looking.all_lists(database),
        asked=asked,
        found=found.headings if found else [],
        more=_more(found.more) if found else "",
        forms=FORMS,
        given=request.form,
        refused=refused,
    )


def _wanted(code: str = "") -> Wanted:
    place, number = request.args.get("place", ""), request.args.get("number", 0, type=int)
    return Wanted(
        words=request.args.get("q", "").replace("\0", " ").strip(),
        code=code,
        after=(place.replace("\0", " "), access.fitting(number)),
        limit=PER_PAGE,
    )


def _more(place: tuple[str, int] | None, **where: str) -> str:
    """Return the address of the next page, nothing at the end."""
    if place is None:
        return ""
    endpoint = "authorities.show" if where else "authorities.overview"
    after = {"q": request.args.get("q", ""), "place": place[0], "number": str(place[1])}
    address: dict[str, Any] = where | after
    return url_for(endpoint, **address)


def _taken() -> Outcome | None:
    sent, form = request.files.get("file"), request.form
    if sent is None or not sent.filename:
        return None
    kind = form.get("kind", "")
    giving = Giving(
        code=form.get("list", "").strip(),
        name=form.get("name", "").strip(),
        kind=Kind(kind) if kind in set(Kind) else None,
        author=access.me().name,
        accepts="accepts" in form,
    )
    head = sent.stream.read(HEAD)
    sent.stream.seek(0)
    file = File(head, sent.stream, form.get("form", ""))
    return importing.take_file(current_site().database, giving, file)

"""``/staff/holdings``: give a library's list, see what came of it, and take the work list along."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalogue import libraries
from catalogue.holdings import listing
from catalogue.holdings.model import Found, HoldingList
from catalogue.holdings.put import Giving, remove, retry
from catalogue.users import Role
from crosswalks.encodings import LEGACY
from crosswalks.errors import Error
from scheduler.givenlists import take_at_once
from scheduler.holdings import File, Taken
from web.holdings import FOUND
from web.language import mark, message
from web.site import current_site
from web.speech import words
from web.staff import access, uploads
from web.staff.holdings.rows import PER_PAGE, rows_of, work_list

blueprint = Blueprint(
    "holdings", __name__, url_prefix="/staff/holdings", template_folder="../templates"
)

LARGEST = 50 * 1024 * 1024
"""Bytes of a list that is given on the page; larger ones are given by command."""
blueprint.before_request(uploads.let_in("holdings.give", LARGEST, Role.OPERATOR))
_SHOWN = 100
"""Problems of rows told on a page."""
_NO_FILE = mark("Choose the file with the list first.")
_TRIED = mark("{count} rows are tried again; look at this page in a minute.")
_REMOVED = mark("List {name} is gone; it had {rows} rows.")


@blueprint.get("")
def overview() -> str:
    """Show the lists of all libraries, a page at a time, and the form to give one."""
    return _overview()


@blueprint.post("")
@access.needs(Role.OPERATOR)
def give() -> str | tuple[str, int]:
    """Check a list, or take it in, and show what came of it."""
    try:
        taken = _taken()
    except Error as error:
        return _overview(message(error, words())), HTTPStatus.BAD_REQUEST
    if taken is None:
        return _overview(words()(_NO_FILE)), HTTPStatus.BAD_REQUEST
    return render_template(
        "staff/holdings/given.html",
        done=taken.done,
        checked="check" in request.form,
        found={FOUND[state]: taken.found[state] for state in Found if state in taken.found},
        problems=taken.problems.told[:_SHOWN],
        more=max(0, sum(taken.problems.counts.values()) - _SHOWN),
    )


@blueprint.get("/<library>/<name>")
def show(library: str, name: str) -> str:
    """Show what came of a list, and its rows of one kind, a page at a time."""
    return render_template("staff/holdings/show.html", **rows_of(library, name))


@blueprint.get("/<library>/<name>/work.csv")
def work(library: str, name: str) -> Response:
    """Give the work list as a file."""
    return work_list(library, name)


@blueprint.post("/<library>/<name>/retry")
@access.needs(Role.OPERATOR)
def again(library: str, name: str) -> AnyResponse:
    """Have what was not found matched again."""
    count = retry(current_site().database, library)
    flash(words()(_TRIED).format(count=count))
    return redirect(url_for("holdings.show", library=library, name=name))


@blueprint.post("/<library>/<name>/remove")
@access.needs(Role.OPERATOR)
def take_away(library: str, name: str) -> AnyResponse:
    """Take a list away, if the person ticked that this is meant."""
    if "sure" in request.form:
        rows = remove(current_site().database, library, name)
        flash(words()(_REMOVED).format(name=name, rows=rows))
        return redirect(url_for("holdings.overview"))
    return redirect(url_for("holdings.show", library=library, name=name))


def _taken() -> Taken | None:
    sent, form = request.files.get("file"), request.form
    if sent is None or not sent.filename:
        return None
    giving = Giving(
        library=form.get("library", ""),
        list=form.get("list", "").strip() or "main",
        columns=form.get("columns", "").strip(),
        author=access.me().name,
        accepts="accepts" in form,
        dry_run="check" in form,
    )
    file = File(sent.stream, sent.filename, form.get("encoding", ""))
    site = current_site()
    return take_at_once(site.database, site.identity, file, giving)


def _overview(refused: str = "") -> str:
    database = current_site().database
    after = (request.args.get("library", ""), request.args.get("list", ""))
    found = listing.lists(database, after=after, limit=PER_PAGE + 1)
    return render_template(
        "staff/holdings/list.html",
        lists=found[:PER_PAGE],
        more=_name(found[PER_PAGE - 1]) if len(found) > PER_PAGE else None,
        libraries=libraries.all(database),
        encodings=sorted(LEGACY),
        given=request.form,
        refused=refused,
    )


def _name(each: HoldingList) -> dict[str, str]:
    return {"library": each.library, "list": each.name}

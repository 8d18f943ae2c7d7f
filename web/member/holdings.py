"""``/member/holdings``: a library's own lists: checked, taken in, looked at, taken away."""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalogue.holdings import deliveries, listing
from catalogue.holdings.deliveries import Delivery
from catalogue.holdings.errors import CheckedBefore, NoSuchHoldingList, WouldWithdraw
from catalogue.holdings.model import Found
from catalogue.holdings.put import BY_HAND, remove, retry
from catalogue.users import Role
from crosswalks.encodings import LEGACY
from crosswalks.errors import Error
from scheduler import givenlists
from web.holdings import FOUND
from web.language import mark, message
from web.member.room import blueprint
from web.site import current_site
from web.speech import words
from web.staff import access, uploads
from web.staff.holdings.rows import PER_PAGE, rows_of, work_list

LARGEST = 20 * 1024 * 1024
"""Bytes of a list: while it waits it is kept in the database."""
blueprint.before_request(uploads.let_in("own.check_list", LARGEST, Role.MEMBER))
_NO_FILE = mark("Choose the file with the list first.")
_TAKEN = mark("List {name} is taken in. Its rows are matched with the union catalogue now.")
_DISCARDED = mark("The file is thrown away, and nothing was changed.")
_TRIED = mark("{count} rows are tried again; look at this page in a minute.")
_REMOVED = mark("List {name} is taken away.")


@blueprint.get("/holdings")
@access.needs(Role.MEMBER)
def holdings() -> str:
    """Show the lists of one's library, files that wait, those of before, and a form for one."""
    return _overview()


@blueprint.post("/holdings")
@access.needs(Role.MEMBER)
def check_list() -> AnyResponse | tuple[str, int]:
    """Check a list and keep its file until somebody says yes."""
    sent, form, site = request.files.get("file"), request.form, current_site()
    if sent is None or not sent.filename:
        return _overview(words()(_NO_FILE)), HTTPStatus.BAD_REQUEST
    given = Delivery(
        list=form.get("list", "").strip() or "main",
        file=sent.filename,
        author=access.me().name,
        columns=form.get("columns", "").strip(),
        encoding=form.get("encoding", ""),
    )
    library = access.me().library
    try:
        number = givenlists.check(site.database, site.identity, library, given, sent.read())
    except Error as error:
        return _overview(message(error, words())), HTTPStatus.BAD_REQUEST
    return redirect(url_for("own.checked_list", number=number))


@blueprint.get("/holdings/file/<int:number>")
@access.needs(Role.MEMBER)
def checked_list(number: int) -> str:
    """Show what a file would change, or changed."""
    return _checked(access.fitting(number))


@blueprint.post("/holdings/file/<int:number>/take")
@access.needs(Role.MEMBER)
def take_list(number: int) -> AnyResponse | tuple[str, int]:
    """Take in what was checked, if the list is still the one it was compared with."""
    site, library = current_site(), access.me().library
    accepts = "accepts" in request.form
    try:
        done = givenlists.take_in(
            site.database, site.identity, library, access.fitting(number), accepts=accepts
        )
    except (CheckedBefore, WouldWithdraw) as error:
        return _checked(number, message(error, words())), HTTPStatus.CONFLICT
    flash(words()(_TAKEN).format(name=done.list))
    return redirect(url_for("own.list_rows", name=done.list))


@blueprint.post("/holdings/file/<int:number>/discard")
@access.needs(Role.MEMBER)
def discard_list(number: int) -> AnyResponse:
    """Throw a file away that waits; pressed twice it is gone once."""
    deliveries.discard(current_site().database, access.me().library, access.fitting(number))
    flash(words()(_DISCARDED))
    return redirect(url_for("own.holdings"))


@blueprint.get("/holdings/list/<name>")
@access.needs(Role.MEMBER)
def list_rows(name: str) -> str:
    """Show what came of a list, and its rows of one kind, a page at a time."""
    return render_template(
        "member/list.html", by_hand=BY_HAND, **rows_of(access.me().library, name)
    )


@blueprint.get("/holdings/list/<name>/work.csv")
@access.needs(Role.MEMBER)
def list_work(name: str) -> Response:
    """Give the work list of a list as a file."""
    return work_list(access.me().library, name)


@blueprint.post("/holdings/list/<name>/retry")
@access.needs(Role.MEMBER)
def retry_list(name: str) -> AnyResponse:
    """Have what was not found in one's lists matched again."""
    listing.counts(current_site().database, access.me().library, name)
    count = retry(current_site().database, access.me().library)
    flash(words()(_TRIED).format(count=count))
    return redirect(url_for("own.list_rows", name=name))


@blueprint.post("/holdings/list/<name>/remove")
@access.needs(Role.MEMBER)
def remove_list(name: str) -> AnyResponse:
    """Take a list away, if the person ticked that it is meant; pressed twice it is gone once."""
    if "sure" not in request.form:
        return redirect(url_for("own.list_rows", name=name))
    with suppress(NoSuchHoldingList):
        remove(current_site().database, access.me().library, name)
    flash(words()(_REMOVED).format(name=name))
    return redirect(url_for("own.holdings"))


def _overview(refused: str = "") -> str:
    database, library = current_site().database, access.me().library
    after = (library, request.args.get("list", "")) if "list" in request.args else ("", "")
    before = access.fitting(request.args.get("before", 0, type=int))
    lists = listing.lists(database, library, after=after, limit=PER_PAGE + 1)
    past = deliveries.history(database, library, before, PER_PAGE + 1)
    return render_template(
        "member/holdings.html",
        lists=lists[:PER_PAGE],
        more=lists[PER_PAGE - 1].name if len(lists) > PER_PAGE else None,
        waiting=deliveries.waiting(database, library),
        past=past[:PER_PAGE],
        older=past[PER_PAGE - 1].id if len(past) > PER_PAGE else None,
        by_hand=BY_HAND,
        encodings=sorted(LEGACY),
        given=request.form,
        refused=refused,
    )


def _checked(number: int, refused: str = "") -> str:
    database, library = current_site().database, access.me().library
    found = deliveries.get(database, library, number)
    same = None if found.taken else deliveries.last_same(database, library, found)
    report = found.report
    return render_template(
        "member/checked.html",
        file=found,
        report=report,
        found={FOUND[Found(state)]: count for state, count in report.get("found", {}).items()},
        same=same,
        refused=refused,
    )

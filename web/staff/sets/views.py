"""``/staff/sets``: what harvesters can ask for by a query of ours, looked at before it counts.

Who belongs to a set is worked out by a worker: the pages only say what is wanted.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue.consumers import store
from catalogue.model import Sharing
from catalogue.querysets import defining
from catalogue.querysets.model import Language, QuerySet
from catalogue.users import Role
from crosswalks.errors import Error
from protocols.errors import EmptyTerm, QueryError
from web.language import mark, message
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.sets.looking import FIRST, Looked, look

blueprint = Blueprint("sets", __name__, url_prefix="/staff/sets", template_folder="../templates")

LANGUAGES = {
    Language.WORDS: mark("words"),
    Language.CQL: mark("CQL"),
    Language.PQF: mark("PQF"),
}
"""How a query is written, in words."""
NOTHING = mark("There is nothing to look for. Write at least one word.")
_ADDED = mark("{spec} is defined. A worker finds its records; this page shows how far it is.")
_CHANGED = mark("{spec} is changed. A worker finds what comes into it and what leaves it.")
_SAME_QUERY = mark("{spec} is changed. Its records are the same.")
_REMOVED = mark("{spec} is removed. A worker has its records leave it, and harvesters are told.")


@blueprint.get("")
def listing() -> str:
    """Show all sets, with how many records each view has in them."""
    database = current_site().database
    return render_template(
        "staff/sets/list.html",
        sets=defining.all(database),
        sizes=defining.sizes_by_view(database),
        views=defining.views(database),
        ways=LANGUAGES,
        most=defining.MOST,
    )


@blueprint.get("/wait")
@access.asked_by_a_page
def wait() -> Response:
    """Tell an open page whether all sets are complete; once they are, have it shown anew."""
    answer = Response(render_template("staff/sets/wait.html"), mimetype="text/html")
    if all(each.known for each in defining.all(current_site().database)):
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.get("/add")
@access.needs(Role.OPERATOR)
def new() -> str:
    """Ask for what a set shall be."""
    return _form(QuerySet(name="", title="", language=Language.WORDS, query=""))


@blueprint.post("/add")
@access.needs(Role.OPERATOR)
def add() -> str | Response | tuple[str, int]:
    """Show what a query finds, or define the set."""
    wanted = _filled(request.form.get("name", "").strip())
    if "look" in request.form:
        return _looked(wanted)
    try:
        defining.add(current_site().database, wanted)
    except (Error, QueryError) as error:
        if _is_there(wanted):
            return _done(_ADDED, wanted)
        return _form(wanted, refused=error), HTTPStatus.BAD_REQUEST
    return _done(_ADDED, wanted)


@blueprint.get("/set/<name>")
@access.needs(Role.OPERATOR)
def show(name: str) -> str:
    """Show what a set is, to be changed."""
    found = defining.get(current_site().database, name)
    return _form(found, seen=found.fingerprint, is_known=True)


@blueprint.post("/set/<name>")
@access.needs(Role.OPERATOR)
def change(name: str) -> str | Response | tuple[str, int]:
    """Show what a query finds, or give the set what the form says."""
    database = current_site().database
    before, wanted, seen = defining.get(database, name), _filled(name), request.form.get("seen", "")
    if "look" in request.form:
        return _looked(wanted, seen=seen, is_known=True)
    if before.fingerprint == wanted.fingerprint:
        return _done(_SAME_QUERY, wanted)
    try:
        defining.change(database, wanted, seen or "-")
    except (Error, QueryError) as error:
        page = _form(wanted, refused=error, seen=seen, is_known=True)
        return page, HTTPStatus.BAD_REQUEST
    is_same = (before.language, before.query) == (wanted.language, wanted.query)
    return _done(_SAME_QUERY if is_same else _CHANGED, wanted)


@blueprint.get("/set/<name>/remove")
@access.needs(Role.OPERATOR)
def ask(name: str) -> str:
    """Show what removing a set would do."""
    database = current_site().database
    found = defining.get(database, name)
    return render_template(
        "staff/sets/remove.html",
        set=found,
        sizes=defining.sizes_by_view(database).get(name, {}),
        limited=[each for each in store.all(database) if found.spec in each.sets],
    )


@blueprint.post("/set/<name>/remove")
@access.needs(Role.OPERATOR)
def remove(name: str) -> Response:
    """Have all records leave a set, as it was shown."""
    database = current_site().database
    found = defining.get(database, name)
    defining.remove(database, name, request.form.get("seen", "") or "-")
    return _done(_REMOVED, found)


def _filled(name: str) -> QuerySet:
    form = request.form
    given = form.get("language", "")
    return QuerySet(
        name=name,
        title=form.get("title", "").strip() or name,
        description=" ".join(form.get("description", "").split()),
        language=Language(given) if given in set(Language) else Language.WORDS,
        query=" ".join(form.get("query", "").split()),
    )


def _is_there(wanted: QuerySet) -> bool:
    """Tell whether the very same set is defined already: the button was pressed twice."""
    known = {each.name: each for each in defining.all(current_site().database)}
    return wanted.name in known and known[wanted.name].fingerprint == wanted.fingerprint


def _looked(wanted: QuerySet, **more: Any) -> str | tuple[str, int]:
    try:
        found = look(current_site().database, wanted)
    except (Error, QueryError) as error:
        return _form(wanted, refused=error, **more), HTTPStatus.BAD_REQUEST
    return _form(wanted, looked=found, **more)


def _form(
    wanted: QuerySet,
    *,
    refused: Error | QueryError | None = None,
    looked: Looked | None = None,
    seen: str = "",
    is_known: bool = False,
) -> str:
    return render_template(
        "staff/sets/form.html",
        set=wanted,
        refused=_why(refused, wanted) if refused else "",
        looked=looked,
        first=FIRST,
        seen=seen,
        is_known=is_known,
        ways=LANGUAGES,
        public=Sharing.PUBLIC.value,
    )


def _why(refused: Error | QueryError, wanted: QuerySet) -> str:
    # Of plain words no relation stands anywhere, which the error's own message is about.
    is_empty = isinstance(refused, EmptyTerm) and wanted.language is Language.WORDS
    return words()(NOTHING) if is_empty else message(refused, words())


def _done(said: str, which: QuerySet) -> Response:
    flash(words()(said).format(spec=which.spec))
    return redirect(url_for("sets.listing"))

"""The pages of the checks of one source's server: the same for staff and for its library."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from flask import Response, flash, jsonify, redirect, render_template
from werkzeug.wrappers import Response as AnyResponse

from catalogue.model import Source
from catalogue.validations import store
from catalogue.validations.errors import NoSuchValidation
from web.attached import attached
from web.language import mark
from web.site import current_site
from web.speech import words
from web.validation import kept
from web.validation.telling import STAGES, as_plain

_ASKED = mark("A worker checks the server of {name}; this page shows it when it is done.")
_IS_ASKED = mark("The server of {name} is being checked already; it was not asked twice.")


class Places(NamedTuple):
    """Where the pages of a door are: each takes the name of a source, the last two a number."""

    listing: Callable[[str], str]
    ask: Callable[[str], str]
    wait: Callable[[str], str]
    report: Callable[[str, int], str]
    data: Callable[[str, int], str]


def ask(source: Source, author: str, places: Places) -> AnyResponse:
    """Have a server checked, once however often it is asked for."""
    is_new = store.ask(current_site().database, source.name, author)
    flash(words()(_ASKED if is_new else _IS_ASKED).format(name=source.name))
    return redirect(places.listing(source.name))


def listing(source: Source, places: Places, *, may_ask: bool) -> str:
    """Show the checks of a server that are kept, and how far the one under way is."""
    database = current_site().database
    return render_template(
        "staff/validator/list.html",
        source=source,
        checks=store.all(database, source.name),
        progress=store.progress(database, source.name),
        places=places,
        may_ask=may_ask,
        verdicts=kept.VERDICTS,
        badges=kept.BADGES,
        stages=STAGES,
    )


def wait(source: Source, places: Places) -> Response:
    """Tell an open page how far a check is; once it is done, have the page shown anew."""
    found = store.progress(current_site().database, source.name)
    answer = Response(
        render_template(
            "staff/validator/wait.html",
            source=source,
            progress=found,
            places=places,
            stages=STAGES,
        )
    )
    if not found.is_busy:
        answer.headers["HX-Refresh"] = "true"
    return answer


def report(source: Source, number: int, places: Places) -> str:
    """Show what one check found, and what is new since the one before. Raises NoSuchValidation."""
    database = current_site().database
    found = _told(source, number)
    return render_template(
        "staff/validator/report.html",
        source=source,
        shown=kept.shown(found, store.before(database, found), words()),
        places=places,
        verdicts=kept.VERDICTS,
    )


def data(source: Source, number: int) -> Response:
    """Give the same as ``lienthong validate --json`` does. Raises NoSuchValidation."""
    found = _told(source, number)
    answer = jsonify(as_plain(kept.report_of(found.report), words()))
    return attached(answer, f"{source.name}-{number}.json")


def _told(source: Source, number: int) -> store.Validation:
    found = store.get(current_site().database, source.name, number)
    if not found.is_told:
        raise NoSuchValidation(name=source.name, number=number)
    return found

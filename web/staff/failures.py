"""What goes wrong on a staff page, in words: the error's own message with its next step."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, make_response, render_template
from flask_wtf.csrf import CSRFError

from catalogue.errors import DatabaseUnreachable
from crosswalks.errors import Error
from web.language import mark, message
from web.speech import words

_NOTHING = ("no-such-", "not-in-")
_STALE = mark("This form could not be accepted")
_STALE_TEXT = mark(
    "It was open for too long, or in a browser that keeps no cookies. Please go back, reload the"
    " page and send it again."
)
_REFUSED = mark("This cannot be done")


def explain(blueprint: Blueprint) -> None:
    """Answer the errors of every room with a page in the reader's language."""
    blueprint.register_error_handler(Error, _told)
    blueprint.register_error_handler(CSRFError, _stale)


def _told(error: Error) -> Response:
    if isinstance(error, DatabaseUnreachable):
        raise error
    status = HTTPStatus.BAD_REQUEST if error.wrong_use else HTTPStatus.CONFLICT
    if error.code().startswith(_NOTHING):
        status = HTTPStatus.NOT_FOUND
    return _page(words()(_REFUSED), message(error, words()), status)


def _stale(_error: CSRFError) -> Response:
    return _page(words()(_STALE), words()(_STALE_TEXT), HTTPStatus.BAD_REQUEST)


def _page(heading: str, text: str, status: HTTPStatus) -> Response:
    page = render_template("staff/failure.html", heading=heading, text=text)
    return make_response(page, status)

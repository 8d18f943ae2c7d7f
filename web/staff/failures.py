"""What goes wrong on a staff page, in words: the error's own message with its next step.

htmx shows nothing of an answer that is a failure, so it is told to show its page anew, which says
what went wrong above all else.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, Response, flash, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from catalogue.errors import DatabaseUnreachable
from crosswalks.errors import Error
from web.failures import RETRY_AFTER, words_for
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
    blueprint.register_error_handler(DatabaseUnreachable, _unreachable)
    blueprint.register_error_handler(CSRFError, _stale)
    blueprint.register_error_handler(HTTPException, _failed)


def _told(error: Error) -> Response:
    status = HTTPStatus.BAD_REQUEST if error.wrong_use else HTTPStatus.CONFLICT
    if error.code().startswith(_NOTHING):
        status = HTTPStatus.NOT_FOUND
    return _page(words()(_REFUSED), message(error, words()), status)


def _unreachable(_error: DatabaseUnreachable) -> Response:
    # In bare words: a page of ours would ask the database who is signed in.
    said = words_for(HTTPStatus.SERVICE_UNAVAILABLE)
    page = render_template("failure.html", words=said)
    answer = make_response(page, HTTPStatus.SERVICE_UNAVAILABLE)
    answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def _stale(_error: CSRFError) -> Response:
    return _page(words()(_STALE), words()(_STALE_TEXT), HTTPStatus.BAD_REQUEST)


def _failed(error: HTTPException) -> Response:
    if error.response is not None or error.code is None:
        return make_response(error.get_response())
    said = words_for(error.code)
    return _page(words()(said.heading), words()(said.text), HTTPStatus(error.code))


def _page(heading: str, text: str, status: HTTPStatus) -> Response:
    if "HX-Request" in request.headers and status < HTTPStatus.INTERNAL_SERVER_ERROR:
        flash(text)
        return Response(status=status, headers={"HX-Refresh": "true"})
    page = render_template("staff/failure.html", heading=heading, text=text)
    return make_response(page, status)

"""Pages for what went wrong: each says what happened and where to go on."""

from __future__ import annotations

from http import HTTPStatus
from typing import NamedTuple

from flask import Flask, Response, make_response, render_template
from werkzeug.exceptions import HTTPException

from catalogue.errors import DatabaseUnreachable
from web.language import mark


class Words(NamedTuple):
    """What a page of failure says."""

    heading: str
    text: str


_OTHER = Words(
    mark("This request cannot be answered"),
    mark("Please go back, or begin with a new search."),
)
_WORDS = {
    HTTPStatus.FORBIDDEN: Words(
        mark("You may not do this"),
        mark("Your role does not include it. An administrator can give you another one."),
    ),
    HTTPStatus.NOT_FOUND: Words(
        mark("Page not found"),
        mark("There is nothing at this address. Please check it, or search the union catalogue."),
    ),
    HTTPStatus.GONE: Words(
        mark("This record has been withdrawn"),
        mark("No library holds it in the union catalogue any more."),
    ),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: Words(
        mark("This is too large to be sent here"),
        mark("Please go back and send less at once, for instance a file in several parts."),
    ),
    HTTPStatus.INTERNAL_SERVER_ERROR: Words(
        mark("Something went wrong on our side"),
        mark("The fault has been noted. Please try again later."),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: Words(
        mark("The union catalogue cannot be reached at the moment"),
        mark("Please try again in a few minutes."),
    ),
}
RETRY_AFTER = "60"
"""Seconds after which one may try again where the database does not answer."""


def install(app: Flask) -> None:
    """Answer every failure with a page in the reader's language."""
    app.register_error_handler(HTTPException, _failed)
    app.register_error_handler(DatabaseUnreachable, _unreachable)


def words_for(status: int) -> Words:
    """Return what a page of failure says."""
    return _WORDS.get(HTTPStatus(status), _OTHER)


def _failed(error: HTTPException) -> Response:
    if error.response is not None or error.code is None:
        return make_response(error.get_response())
    response = _page(error.code)
    for name, value in error.get_headers():
        if name != "Content-Type":
            response.headers[name] = value
    return response


def _unreachable(_error: DatabaseUnreachable) -> Response:
    response = _page(HTTPStatus.SERVICE_UNAVAILABLE)
    response.headers["Retry-After"] = RETRY_AFTER
    return response


def _page(status: int) -> Response:
    page = render_template("failure.html", words=words_for(status))
    return make_response(page, status)

"""What stands at the addresses of records: a record, one that took over from it, or nothing."""

from __future__ import annotations

from http import HTTPStatus
from typing import NamedTuple

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response as Redirection

from catalogue.served import Served, served
from crosswalks.model import Record
from web.site import current_site


class Found(NamedTuple):
    """A record that the public sees."""

    served: Served
    record: Record


def found(public_id: str) -> Found | Redirection:
    """Return a record, or what leads on to the one that took over from it, which may change again.

    Aborts the request where there is neither.
    """
    shown = None
    if public_id.isprintable():  # PostgreSQL refuses text with a NUL in it
        shown = served(current_site().database, public_id, "public")
    if shown is None:
        abort(HTTPStatus.NOT_FOUND)
    if shown.record is None and not shown.successor:
        abort(HTTPStatus.GONE)
    if shown.record is None:
        return redirect(url_for(str(request.endpoint), public_id=shown.successor))
    return Found(shown, shown.record)

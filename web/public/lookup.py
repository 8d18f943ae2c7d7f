"""What stands at the addresses of records: a record, one that took over from it, or nothing."""

from __future__ import annotations

from http import HTTPStatus
from typing import NamedTuple

from flask import abort, redirect, request, url_for

from catalogue.model import Holding
from catalogue.served import Served, served
from crosswalks.model import Record
from web.site import current_site


class Found(NamedTuple):
    """A record that a view shows."""

    served: Served
    record: Record

    @property
    def public_id(self) -> str:
        """Return its number."""
        return self.served.public_id

    @property
    def holdings(self) -> tuple[Holding, ...]:
        """Return who has it, as the view sees that."""
        return self.served.holdings

    @property
    def address(self) -> str:
        """Return the address of its page, host and all."""
        return f"{current_site().identity.base_url.rstrip('/')}/record/{self.public_id}"


def found(public_id: str, view: str = "public", to: str = "") -> Found:
    """Return a record, or end the request: there is none, or none any more, or another took over.

    Which one that is may change again. The way leads to the endpoint ``to``, or to this page of it.
    """
    shown = _shown(public_id, view)
    if shown.record is None:
        abort(redirect(_way(shown.successor, to or str(request.endpoint))))
    return Found(shown, shown.record)


def found_here(public_id: str) -> Found:
    """Return a record as ``found`` does, where what is asked for beside it is kept on the way."""
    shown = _shown(public_id, "public")
    if shown.record is None:
        # As it came, after the address: no name in it can be taken for one of ours.
        asked = request.query_string.decode("latin-1")
        way = _way(shown.successor, str(request.endpoint))
        abort(redirect(f"{way}?{asked}" if asked else way))
    return Found(shown, shown.record)


def _shown(public_id: str, view: str) -> Served:
    """Return a record, or what tells which one took over from it."""
    shown = None
    if public_id.isprintable():  # PostgreSQL refuses text with a NUL in it
        shown = served(current_site().database, public_id, view)
    if shown is None:
        abort(HTTPStatus.NOT_FOUND)
    if shown.record is None and not shown.successor:
        abort(HTTPStatus.GONE)
    return shown


def _way(successor: str, endpoint: str) -> str:
    return url_for(endpoint, **{**(request.view_args or {}), "public_id": successor})

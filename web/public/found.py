"""The record that a public page below ``/record/<id>`` is about."""

from __future__ import annotations

from http import HTTPStatus
from typing import NamedTuple

from flask import abort, redirect, request, url_for

from catalogue import browse
from catalogue.model import Holding
from crosswalks.model import Record
from web.site import current_site


class Found(NamedTuple):
    """A record that the public sees."""

    public_id: str
    record: Record
    holdings: tuple[Holding, ...]

    @property
    def address(self) -> str:
        """Return the address of its page, host and all."""
        return f"{current_site().identity.base_url.rstrip('/')}/record/{self.public_id}"


def found(public_id: str) -> Found:
    """Return a record, or answer that there is none, or with this page of its successor."""
    shown = None
    if public_id.isprintable():  # PostgreSQL refuses text with a NUL in it
        shown = browse.public_record(current_site().database, public_id)
    if shown is None:
        abort(HTTPStatus.NOT_FOUND)
    if shown.record is None and shown.successor:
        told = {**(request.view_args or {}), **request.args.to_dict(), "public_id": shown.successor}
        abort(redirect(url_for(str(request.endpoint), **told)))
    if shown.record is None:
        abort(HTTPStatus.GONE)
    return Found(shown.public_id, shown.record, shown.holdings)

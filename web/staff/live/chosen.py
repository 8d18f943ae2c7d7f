"""What a form sends for a publication that was chosen, and the basket that it goes into.

Nothing that a live search finds is kept by the hub: the page itself carries the records, signed, so
that what comes back is what the hub gave out. Of what the union has it carries the id alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from flask import Blueprint, current_app, request
from itsdangerous import BadData, URLSafeSerializer

from catalogue.users import Role
from crosswalks.formats import marcxml
from crosswalks.model import Record
from provider.federation.model import Publication
from provider.lookup import Lookup
from web.basket import Basket
from web.site import current_site
from web.staff import access
from web.staff.room import current_room

LARGEST = 8 * 1024 * 1024
"""Bytes of a form with what was chosen."""
_SALT = "chosen in a live search"


def install(blueprint: Blueprint) -> None:
    """Let the form with what was chosen in, from those who may choose."""
    blueprint.before_request(_let_records_in)


def signed(each: Publication) -> str:
    """Return what the form sends for a publication."""
    if each.public_id:
        return _signer().dumps({"id": each.public_id})
    record = marcxml.write(each.copies[0].record).decode()
    return _signer().dumps({"record": record})


def records(tokens: Iterable[str]) -> tuple[list[Record], int]:
    """Return the records that were chosen, and how many are not there any more or are not ours."""
    told = [_read(token) for token in tokens]
    ids = [each["id"] for each in told if "id" in each]
    union = Lookup(current_site().database).records(ids)
    found = [
        marcxml.read(each["record"].encode()) if "record" in each else union[each["id"]].record
        for each in told
        if "record" in each or each.get("id") in union
    ]
    return found, len(told) - len(found)


def basket() -> Basket:
    """Return the basket of whoever asks."""
    return Basket(current_room().baskets / str(access.me().id))


def _read(token: str) -> dict[str, str]:
    try:
        return cast("dict[str, str]", _signer().loads(token))
    except BadData:
        return {}


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(cast(bytes, current_app.secret_key), salt=_SALT)


def _let_records_in() -> None:
    if request.endpoint == "live.put" and access.may(Role.CATALOGUER):
        request.max_content_length = LARGEST
        request.max_form_memory_size = LARGEST

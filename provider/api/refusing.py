"""By which HTTP statuses refusals are told, and which of them any address may give."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from catalogue.errors import NoSuchCluster
from catalogue.overlays.errors import (
    MasterChanged,
    NoSuchField,
    NoSuchOverlay,
    NothingChanges,
    NowhereShown,
)
from crosswalks.errors import Error
from provider.api.errors import ApiError, MethodUnknown, NoSuchResource, NothingAcceptable
from provider.errors import KeyUnknown, NotYetHere, TooOften

OF_ALL: tuple[type[Error], ...] = (
    NoSuchResource,
    MethodUnknown,
    NothingAcceptable,
    KeyUnknown,
    TooOften,
    NotYetHere,
)
"""What any address may refuse."""
_STATUSES: Mapping[type[Error], HTTPStatus] = {
    NoSuchCluster: HTTPStatus.NOT_FOUND,
    NoSuchOverlay: HTTPStatus.NOT_FOUND,
    MasterChanged: HTTPStatus.CONFLICT,
    NoSuchField: HTTPStatus.CONFLICT,
    NothingChanges: HTTPStatus.CONFLICT,
    NowhereShown: HTTPStatus.CONFLICT,
    NotYetHere: HTTPStatus.SERVICE_UNAVAILABLE,
}
"""Statuses of what other rooms refuse; of any other wrong use it is 400."""


def status_of(error: type[Error]) -> HTTPStatus:
    """Return the status by which a refusal is told."""
    if issubclass(error, ApiError):
        return error.status
    return _STATUSES.get(error, HTTPStatus.BAD_REQUEST)

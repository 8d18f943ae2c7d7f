"""Which faults another way may lead round, and which only time or people can mend."""

from __future__ import annotations

from http import HTTPStatus

from harvester.errors import (
    BadArgument,
    BadResumptionToken,
    BadVerb,
    EndlessList,
    FarTooLong,
    HarvestError,
    HttpStatus,
    NotOai,
    PageBroken,
    PageLost,
    ProtocolRefused,
    TooLarge,
    TooSlow,
)
from harvester.oai.position import Position

_OF_THE_LIST = (
    BadResumptionToken,
    BadVerb,
    EndlessList,
    FarTooLong,
    NotOai,
    PageBroken,
    PageLost,
    TooLarge,
    TooSlow,
)
_CLOSED = {
    HTTPStatus.UNAUTHORIZED,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.PROXY_AUTHENTICATION_REQUIRED,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.SERVICE_UNAVAILABLE,
}
"""The server is there and wants to be left alone."""


def is_worth_another_way(fault: HarvestError, position: Position) -> bool:
    """Tell whether smaller lists, or single records, may come where this list does not."""
    if isinstance(fault, HttpStatus):
        return fault.details["status"] not in _CLOSED
    if isinstance(fault, BadArgument):
        # What it calls a bad argument can only be the token.
        return bool(position.token)
    return isinstance(fault, _OF_THE_LIST) or type(fault) is ProtocolRefused

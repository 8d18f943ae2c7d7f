"""What the REST interface refuses: each a problem document (RFC 9457) with its HTTP status."""

from __future__ import annotations

from http import HTTPStatus
from typing import ClassVar

from provider.errors import ProviderError


class ApiError(ProviderError):
    """This request of the REST interface cannot be answered: {reason}"""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST


class BadParameter(ApiError):
    """The parameter {name} is wrong: {reason}"""


class BadCursor(ApiError):
    """What the parameter after holds was not given out here for this list. Begin the list again
    without it, and follow the address that each page gives as next.
    """


class NoSuchResource(ApiError):
    """There is nothing at this address. What there is stands at /api/v1."""

    status = HTTPStatus.NOT_FOUND


class NoSuchPublicRecord(ApiError):
    """There never was a record {name} here."""

    status = HTTPStatus.NOT_FOUND


class NoSuchMember(ApiError):
    """There is no library {name} here. See /api/v1/libraries."""

    status = HTTPStatus.NOT_FOUND


class NoSuchPublicSource(ApiError):
    """There is no source {name} here. See /api/v1/sources."""

    status = HTTPStatus.NOT_FOUND


class RecordMoved(ApiError):
    """Record {name} is one with record {successor} now. Ask for that one."""

    status = HTTPStatus.TEMPORARY_REDIRECT


class RecordWithdrawn(ApiError):
    """Record {name} has been withdrawn: no library shows it here any more."""

    status = HTTPStatus.GONE


class MethodUnknown(ApiError):
    """This address knows these methods only: {known}"""

    status = HTTPStatus.METHOD_NOT_ALLOWED


class NothingAcceptable(ApiError):
    """None of the types that the header Accept asks for is given here. These are: {known}"""

    status = HTTPStatus.NOT_ACCEPTABLE


class NotInFormat(ApiError):
    """Record {name} cannot be had as {format}. Take another format: see /api/v1/formats."""

    status = HTTPStatus.NOT_ACCEPTABLE


class KeyNeeded(ApiError):
    """Only those with a key may see this. Send it as: Authorization: Bearer KEY"""

    status = HTTPStatus.UNAUTHORIZED


class KeyTooNarrow(ApiError):
    """This key does not open this: {reason}"""

    status = HTTPStatus.FORBIDDEN


class SearchNotReady(ApiError):
    """The catalogue is being made ready for searching. Ask again in a few minutes."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class PersonNeeded(ApiError):
    """This is for the staff, with a key of their own: lienthong users key NAME. Send it as:
    Authorization: Bearer KEY
    """

    status = HTTPStatus.UNAUTHORIZED


class MemberNeeded(ApiError):
    """This is for member libraries, with a key that a person of theirs makes on the page of keys,
    /member/keys. Send it as: Authorization: Bearer KEY
    """

    status = HTTPStatus.UNAUTHORIZED


class RoleTooLow(ApiError):
    """The role of {name} does not include this. An administrator can give another one."""

    status = HTTPStatus.FORBIDDEN


class BadBody(ApiError):
    """What is sent cannot be taken: {reason}"""


class BodyTypeUnknown(ApiError):
    """Send what is to be done as JSON, with the header Content-Type: application/json"""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE

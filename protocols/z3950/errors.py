"""What can be wrong with a message of Z39.50; nothing else comes out of this package."""

from __future__ import annotations

from protocols.errors import ProtocolError, QueryError


class PduError(ProtocolError):
    """What the other side sent cannot be read as a message of Z39.50. Check that its address and
    port are those of a Z39.50 server.
    """


class PduMalformed(PduError):
    """The message of the other side breaks the encoding rules of Z39.50 at byte {at}. Its software
    is at fault, or something on the way damaged the message.
    """


class PduTruncated(PduMalformed):
    """The message of the other side is not whole: what begins at byte {at} is longer than what
    holds it. Its software is at fault, or something on the way damaged the message.
    """


class ElementMissing(PduMalformed):
    """In the message of the other side, {kind} at byte {at} lacks {element}, which Z39.50 wants
    there. Its software is at fault.
    """


class ElementTwice(PduMalformed):
    """In the message of the other side, {kind} at byte {at} gives {element} twice. Its software
    is at fault.
    """


class NotZ3950(PduError):
    """What the other side sent begins with byte {first}, as no message of Z39.50 does. Check that
    its address and port are those of a Z39.50 server.
    """


class PduUnknown(PduError):
    """The other side sent a message of the kind {kind}, which is not known here."""


class PduTooLarge(PduError):
    """A message of the other side is longer than {most} bytes. Ask for fewer records at a time."""


class PduTooDeep(PduError):
    """A message of the other side is nested deeper than {most} levels. Ask in several queries."""


class Unwritable(PduError):
    """{element} cannot be written in a message of Z39.50: {value}"""


class QueryTypeUnsupported(QueryError):
    """Queries of the type {addinfo} are not understood. Use Type-1, or CQL as Type-104."""

    bib1, sru = 107, 48

"""What can be wrong with a request of SRU besides its query, each with its number in SRU's list."""

from __future__ import annotations

from typing import ClassVar

from protocols.errors import ProtocolError


class SruError(ProtocolError):
    """This SRU request cannot be answered: {addinfo}"""

    sru: ClassVar[int] = 1
    """The number among the SRU diagnostics."""

    def __init__(self, addinfo: object = "", **details: object) -> None:
        self.addinfo = str(addinfo)
        """The part of the request it is about, sent beside the number."""
        super().__init__(addinfo=self.addinfo, **details)


class NotAvailable(SruError):
    """The catalogue cannot be searched at the moment. Please try again in a few minutes."""

    sru = 2


class OperationUnsupported(SruError):
    """There is no operation {addinfo}. Use explain, searchRetrieve or scan."""

    sru = 4


class VersionUnsupported(SruError):
    """SRU {asked} is not spoken here. Use 1.1, 1.2 or {addinfo}."""

    sru = 5


class ValueUnsupported(SruError):
    """The parameter {addinfo} cannot have the value "{given}". Correct it, or leave it out."""

    sru = 6


class ParameterMissing(SruError):
    """The parameter {addinfo} is missing. Add it to the request."""

    sru = 7


class ParameterUnsupported(SruError):
    """The parameter {addinfo} is not supported and was left aside."""

    sru = 8


class QueryTypeUnsupported(SruError):
    """There is no kind of query {addinfo} here. Use cql or searchTerms."""

    sru = 11


class QueryTooLong(SruError):
    """The query is longer than {addinfo} characters. Ask in several queries."""

    sru = 12


class FirstRecordOutOfRange(SruError):
    """There is no record number {addinfo} in this result of {total}."""

    sru = 61


class TooFarBehind(FirstRecordOutOfRange):
    """Records are given up to number {most} of a result; {addinfo} is behind it. Make the query
    narrower, for instance by years.
    """


class CountNegative(SruError):
    """A number of records cannot be negative: {addinfo}"""

    sru = 62


class RecordGone(SruError):
    """The record {addinfo} was withdrawn after it had been found."""

    sru = 65


class SchemaUnknown(SruError):
    """There are no records in the schema {addinfo}. Use one of: {known}"""

    sru = 66


class NotInSchema(SruError):
    """The record {addinfo} cannot be given in this schema. Ask for marcxml."""

    sru = 67


class PackingUnsupported(SruError):
    """Records cannot be packed as {addinfo}. Use xml or string."""

    sru = 71


class XPathUnsupported(SruError):
    """Parts of records cannot be fetched by XPath ({addinfo}). Leave recordXPath out."""

    sru = 72


class PathUnsupported(SruError):
    """{addinfo} cannot be sorted by. Use title, author, date or rec.modified."""

    sru = 88


class DirectionUnsupported(SruError):
    """Results can be sorted upwards (1) or downwards (0), not {addinfo}."""

    sru = 90


class CaseUnsupported(SruError):
    """Capitals and small letters are sorted alike; {addinfo} cannot be had."""

    sru = 91


class MissingUnsupported(SruError):
    """What has no value to sort by stands last; {addinfo} cannot be had."""

    sru = 92


class TwoOrders(SruError):
    """The query and sortKeys both ask for an order. That of the query holds."""

    sru = 94


class StylesheetUnsupported(SruError):
    """The stylesheet {addinfo} is not one of this server's. Leave it out."""

    sru = 111


class ScanPositionUnsupported(SruError):
    """The term cannot stand at place {addinfo} of the list. Use a number from 0 to one more than
    maximumTerms.
    """

    sru = 120

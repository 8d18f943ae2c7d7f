"""The parameters of a request, in whatever version it is made.

What older and newer clients leave out is taken as they mean it: a request with a query is a search
although it names no operation, and one without a version is answered in 2.0 if it names no
operation, as 2.0 has none, else in 1.2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from protocols.sru.errors import (
    CountNegative,
    OperationUnsupported,
    PackingUnsupported,
    ParameterMissing,
    SchemaUnknown,
    ValueUnsupported,
    VersionUnsupported,
)
from protocols.sru.model import Asked
from protocols.sru.names import (
    NEWEST,
    SCHEMAS,
    Operation,
    Packing,
    RecordSchema,
    Version,
    schema_of,
)

DEFAULT_RECORDS = 10
DEFAULT_TERMS = 20
_SEARCHED = (
    *("query", "queryType", "startRecord", "maximumRecords", "recordPacking", "recordXMLEscaping"),
    *("recordSchema", "resultSetTTL", "sortKeys", "stylesheet", "facetLimit", "facetStart"),
    *("facetSort", "facetCount", "facetRangeField", "facetLowValue", "facetHighValue"),
    *("httpAccept", "renderedBy", "responseType", "recordXPath"),
)
KNOWN: Mapping[Operation, tuple[str, ...]] = {
    Operation.SEARCH: _SEARCHED,
    Operation.SCAN: (
        *("scanClause", "responsePosition", "maximumTerms", "stylesheet"),
        *("httpAccept", "responseType"),
    ),
    Operation.EXPLAIN: ("recordPacking", "recordXMLEscaping", "stylesheet", "httpAccept"),
}
"""Parameters by operation; ``extraRequestData`` and what begins with x- are for other servers."""
_VERSION = re.compile(r"[0-9]{1,3}(\.[0-9]{1,3})?")
_NUMBER = re.compile(r"-?[0-9]{1,9}")
# XML 1.0 s2.2 Char; lone surrogates stand for bytes that were not UTF-8.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """What was sent: each known parameter once, and which version and operation are meant."""

    version: Version
    operation: Operation
    values: Mapping[str, str]

    def asked(self) -> Asked:
        """Return what an answer says of the request."""
        return Asked(
            version=self.version,
            operation=self.operation,
            echoed={name: legible(value) for name, value in self.values.items()},
        )

    def required(self, name: str) -> str:
        """Return a parameter that has to be there; raises ParameterMissing."""
        value = self.values.get(name, "")
        if not value.strip():
            raise ParameterMissing(name)
        return value

    def number(self, name: str, default: int, least: int = 0) -> int:
        """Return a whole number; raises ValueUnsupported, or CountNegative for maximumRecords."""
        text = self.values.get(name, "").strip()
        if not text:
            return default
        value = int(text) if _NUMBER.fullmatch(text) else None
        if value is not None and value < 0 and name == "maximumRecords":
            raise CountNegative(text)
        if value is None or value < least:
            raise ValueUnsupported(name, given=short(text))
        return value

    @property
    def packing(self) -> Packing:
        """How records are packed; raises PackingUnsupported.

        2.0 calls it recordXMLEscaping, and recordPacking something that changes nothing here.
        """
        text = self.values.get("recordXMLEscaping") or self.values.get("recordPacking") or "xml"
        if self.version is Version.V2_0 and text in {"packed", "unpacked"}:
            return Packing.XML
        try:
            return Packing(text.strip().lower())
        except ValueError as unknown:
            raise PackingUnsupported(short(text)) from unknown

    @property
    def schema(self) -> RecordSchema:
        """The schema of records, the first one where none is asked for; raises SchemaUnknown."""
        text = self.values.get("recordSchema", "").strip()
        found = schema_of(text) if text else SCHEMAS[0]
        if found is None:
            raise SchemaUnknown(short(text), known=", ".join(each.name for each in SCHEMAS))
        return found


def read(pairs: Sequence[tuple[str, str]]) -> Parameters:
    """Return the parameters of a request; of those given twice the first."""
    given: dict[str, str] = {}
    for name, value in pairs:
        given.setdefault(name, value)
    operation = _operation(given)
    known = {name: given[name] for name in KNOWN[operation] if name in given}
    return Parameters(version=_version(given), operation=operation, values=known)


def check(pairs: Sequence[tuple[str, str]]) -> None:
    """Raise the error for a version, an operation or text that cannot be answered to."""
    given: dict[str, str] = {}
    for name, value in pairs:
        if given.setdefault(name, value) != value and _is_known(name):
            raise ValueUnsupported(name, given=short(value))
    version, operation = given.get("version", "").strip(), given.get("operation", "").strip()
    if version and _spoken(version) is None:
        raise VersionUnsupported(NEWEST, asked=short(version))
    if operation and operation not in set(Operation):
        raise OperationUnsupported(short(operation))
    for name, value in given.items():
        if _NOT_XML.search(value) and _is_known(name):
            raise ValueUnsupported(name, given=short(value))


def legible(text: str) -> str:
    """Return text that XML can carry: what it cannot is put as a replacement character."""
    return _NOT_XML.sub("\ufffd", text)


def short(text: str) -> str:
    """Return text that can stand in a message."""
    return legible(text[:_LONGEST_NAME])


def _is_known(name: str) -> bool:
    return name in {"version", "operation"} or any(name in names for names in KNOWN.values())


def _operation(given: Mapping[str, str]) -> Operation:
    named = given.get("operation", "").strip()
    if named:
        return Operation(named) if named in set(Operation) else Operation.EXPLAIN
    if "query" in given:
        return Operation.SEARCH
    return Operation.SCAN if "scanClause" in given else Operation.EXPLAIN


def _version(given: Mapping[str, str]) -> Version:
    """Return the highest version that is not above the one asked for (SRU 1.2, Versions)."""
    asked = given.get("version", "").strip()
    if asked:
        return _spoken(asked) or Version.V1_1
    says = not given.get("operation") and ("query" in given or "scanClause" in given)
    return Version.V2_0 if says or "recordXMLEscaping" in given else Version.V1_2


def _spoken(asked: str) -> Version | None:
    if not _VERSION.fullmatch(asked):
        return None
    wanted = _parts(asked)
    return next((each for each in reversed(Version) if _parts(each) <= wanted), None)


def _parts(version: str) -> tuple[int, int]:
    major, _, minor = version.partition(".")
    return int(major), int(minor or "0")

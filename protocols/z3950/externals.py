"""What an external holds, whichever of its three encodings the other side chose, and back.

Servers differ in which they choose (Z39.50 appendix EXT): MARC comes in octets mostly, but as an
element as well; text, holdings and trees come as an element, but in octets as well.
"""

from __future__ import annotations

from typing import cast

from protocols.z3950 import oids
from protocols.z3950.ber import Ends, element, joined_octets, octets
from protocols.z3950.binding import codec
from protocols.z3950.errors import PduMalformed, PduUnknown
from protocols.z3950.values.common import (
    Arbitrary,
    External,
    OctetAligned,
    OtherInfo,
    SingleAsn1Type,
)
from protocols.z3950.values.contents import (
    CharSetandLanguageNegotiation,
    GenericRecord,
    OPACRecord,
    SubqueryInfo,
)
from protocols.z3950.values.explain import ExplainRecord

_STRINGS = frozenset({0x04, 0x0C, 0x12, 0x13, 0x14, 0x15, 0x16, 0x19, 0x1A, 0x1B})
"""The identifiers of OCTET STRING and of strings of letters."""
_CONSTRUCTED = 0x20


def payload(external: External) -> bytes:
    """Return the octets of a record, a query or whatever else is octets; else PduMalformed."""
    match external.encoding:
        case OctetAligned(value):
            return value
        case SingleAsn1Type(value):
            return _string(value)
        case Arbitrary(value) if value.unused == 0:
            return value.octets
    raise PduMalformed(at=0)


def _string(data: bytes) -> bytes:
    ends: Ends = {}
    identifier, begin, end, _ = element(data, 0, len(data), ends)
    if identifier in _STRINGS:
        return octets(data, begin, end, ends)
    if identifier ^ _CONSTRUCTED in _STRINGS:
        return joined_octets(data, begin, end, ends)
    raise PduMalformed(at=0)


def octet_aligned(oid: str, octets_of: bytes) -> External:
    """Return an external that holds octets: a MARC record, XML."""
    return External(direct_reference=oid, encoding=OctetAligned(octets_of))


def sutrs(text: str) -> External:
    """Return a record that is text to be shown."""
    return _external(oids.SUTRS, "SutrsRecord", text)


def read_opac(external: External) -> OPACRecord:
    """Return the record of an external, with what libraries have of it."""
    return cast("OPACRecord", _read(external, "OPACRecord"))


def opac(record: OPACRecord) -> External:
    """Return an external that holds a record with what libraries have of it."""
    return _external(oids.OPAC, "OPACRecord", record)


def read_generic(external: External) -> GenericRecord:
    """Return the record of an external that is a tree."""
    return cast("GenericRecord", _read(external, "GenericRecord"))


def generic(record: GenericRecord) -> External:
    """Return an external that holds a record that is a tree."""
    return _external(oids.GRS1, "GenericRecord", record)


def read_explain(external: External) -> ExplainRecord:
    """Return what a server says of itself; a PduUnknown for one of the categories left out."""
    return cast("ExplainRecord", _read(external, "ExplainRecord"))


def explain(record: ExplainRecord) -> External:
    """Return an external in which a server says something of itself."""
    return _external(oids.EXPLAIN, "ExplainRecord", record)


def read_report(external: External) -> tuple[SubqueryInfo, ...]:
    """Return how a search was carried out, part by part."""
    return cast("tuple[SubqueryInfo, ...]", _read(external, "SearchInfoReport"))


def report(parts: tuple[SubqueryInfo, ...]) -> External:
    """Return an external that says how a search was carried out."""
    return _external(oids.SEARCH_RESULT, "SearchInfoReport", parts)


def read_negotiation(external: External) -> CharSetandLanguageNegotiation:
    """Return which character sets are proposed, or which one was chosen."""
    return cast("CharSetandLanguageNegotiation", _read(external, "CharSetandLanguageNegotiation"))


def negotiation(said: CharSetandLanguageNegotiation) -> External:
    """Return an external that proposes character sets, or says which one was chosen."""
    return _external(oids.NEGOTIATION, "CharSetandLanguageNegotiation", said)


def found_in(information: tuple[OtherInfo, ...] | None, oid: str) -> External | None:
    """Return the first external of a form among other information, None where there is none."""
    for each in information or ():
        if isinstance(each.information, External) and each.information.direct_reference == oid:
            return each.information
    return None


def _external(oid: str, name: str, value: object) -> External:
    return External(direct_reference=oid, encoding=SingleAsn1Type(codec(name).write(value)))


def _read(external: External, name: str) -> object:
    match external.encoding:
        case OctetAligned(data) | SingleAsn1Type(data):
            return read_as(name, data)
        case Arbitrary(value):
            return read_as(name, value.octets)


def read_as(name: str, data: bytes) -> object:
    """Return these octets, all of them, as a value of a type of the schema; else a PduError."""
    ends: Ends = {}
    identifier, begin, end, after = element(data, 0, len(data), ends)
    if after != len(data):
        raise PduMalformed(at=after)
    read = codec(name).readers.get(identifier)
    if read is None:
        raise PduUnknown(kind=f"{name} {identifier:#x}")
    found: object = read(data, begin, end, ends)
    return found

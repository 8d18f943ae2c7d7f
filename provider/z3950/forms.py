"""In which forms records are given: record syntaxes, schemas and element sets (Z39.50 s3.2.3.1.5).

Names of element sets are taken liberally, since clients differ: F, full and none are everything,
B and brief is a part, and a schema by its name makes XML of that schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from types import MappingProxyType

from catalogue import forms
from crosswalks.errors import CrosswalkError
from crosswalks.formats import iso2709, marcxml
from crosswalks.model import Control, Element, Field, Record, Schema
from crosswalks.shelf import Shelf
from protocols.z3950 import externals, oids
from protocols.z3950.values.common import External, OctetAligned
from protocols.z3950.values.records import (
    CompSpec,
    DatabaseElementSetNames,
    ElementSetName,
    ElementSetNames,
    RecordComposition,
    SimpleComposition,
    Specification,
)
from provider.lookup import Master
from provider.z3950 import holdings
from provider.z3950.model import Condition, Refused

_XML = "1.2.840.10003.5.109.10"
_MARCXML, _DC, _MODS = "marcxml", "oai_dc", "mods"
_SCHEMAS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("marcxml", "marc21", "usmarc", "marc", "marc21-xml"), _MARCXML),
        **dict.fromkeys(
            ("http://www.loc.gov/marc21/slim", "info:srw/schema/1/marcxml-v1.1"), _MARCXML
        ),
        **dict.fromkeys(("dc", "oai_dc", "oai-dc", "info:srw/schema/1/dc-v1.1"), _DC),
        "http://www.openarchives.org/oai/2.0/oai_dc/": _DC,
        **dict.fromkeys(("mods", "mods3", "http://www.loc.gov/mods/v3"), _MODS),
        "info:srw/schema/1/mods-v3.7": _MODS,
    }
)
_FULL = frozenset({"", "f", "full", "opac", "a", "all"})
_BRIEF = frozenset({"b", "brief", "s", "summary"})
_IN_BRIEF = frozenset(
    (
        *("001", "003", "005", "008", "010", "020", "022", "100", "110", "111"),
        *("245", "250", "260", "264", "300", "773", "852", "880"),
    )
)


class Syntax(StrEnum):
    """The record syntaxes that are given."""

    USMARC = "usmarc"
    UNIMARC = "unimarc"
    XML = "xml"
    SUTRS = "sutrs"
    OPAC = "opac"


_SYNTAXES: Mapping[str, Syntax] = MappingProxyType(
    {
        oids.USMARC: Syntax.USMARC,
        oids.UNIMARC: Syntax.UNIMARC,
        oids.XML: Syntax.XML,
        oids.oid_of(oids.Kind.SYNTAX, "application-xml") or "": Syntax.XML,
        oids.SUTRS: Syntax.SUTRS,
        oids.OPAC: Syntax.OPAC,
    }
)


@dataclass(frozen=True, slots=True)
class How:
    """In which form records are wanted."""

    syntax: Syntax = Syntax.USMARC
    schema: str = _MARCXML
    brief: bool = False
    marc8: bool = False


def how(composition: RecordComposition | None, syntax: str | None, *, marc8: bool = False) -> How:
    """Return the form that a request asks for.

    Raises Refused for a syntax that is not given, and an element set or schema that is nonsense.
    """
    name, given = "", syntax
    match composition:
        case SimpleComposition(names):
            name = _named(names)
        case CompSpec(generic=specification):
            name = _specified(specification)
            given = next((each for each in composition.record_syntax or ()), syntax)
    return of_name(name, given, marc8=marc8)


def of_names(names: ElementSetNames | None, syntax: str | None, *, marc8: bool = False) -> How:
    """Return the form that a search asks for its first records to be in."""
    return of_name("" if names is None else _named(names), syntax, marc8=marc8)


def of_name(name: str, syntax: str | None, *, marc8: bool = False) -> How:
    """Return a form by the name of its element set or schema."""
    found = _SYNTAXES.get(syntax or oids.USMARC)
    if found is None:
        raise Refused(Condition.SYNTAX, oids.name_of(syntax or ""))
    folded = name.strip().lower()
    if folded in _FULL or folded in _BRIEF:
        return How(found, brief=folded in _BRIEF, marc8=marc8)
    if folded not in _SCHEMAS:
        raise Refused(Condition.ELEMENT_SET, name)
    return How(found, _SCHEMAS[folded], marc8=marc8)


def _named(names: ElementSetNames) -> str:
    if isinstance(names, DatabaseElementSetNames):
        return names.value[0].esn if names.value else ""
    return names.value


def _specified(specification: Specification | None) -> str:
    """Return the schema that is asked for, else the element set."""
    if specification is None:
        return ""
    if specification.schema is not None:
        return specification.schema.value
    element = specification.element_spec
    return element.value if isinstance(element, ElementSetName) else ""


def made(master: Master, wanted: How, shelf: Shelf) -> External:
    """Return a record in a form. Raises Refused where it cannot be in that form."""
    record = _brief(master.record) if wanted.brief else master.record
    try:
        return _made(record, master, wanted, shelf)
    except CrosswalkError as error:
        raise Refused(Condition.SYNTAX_OF_RECORD, error) from error


def _made(record: Record, master: Master, wanted: How, shelf: Shelf) -> External:
    match wanted.syntax:
        case Syntax.USMARC:
            return externals.octet_aligned(oids.USMARC, _usmarc(record, wanted))
        case Syntax.UNIMARC:
            return externals.octet_aligned(oids.UNIMARC, _mapped(record, Schema.UNIMARC, shelf))
        case Syntax.XML:
            return externals.octet_aligned(_XML, _xml(record, wanted, shelf))
        case Syntax.SUTRS:
            return externals.sutrs(_text(record))
        case Syntax.OPAC:
            within = externals.octet_aligned(oids.USMARC, _usmarc(record, wanted))
            return externals.opac(holdings.record(within, master.holdings))


def _usmarc(record: Record, wanted: How) -> bytes:
    return iso2709.write_marc8(record) if wanted.marc8 else iso2709.write(record)


def _xml(record: Record, wanted: How, shelf: Shelf) -> bytes:
    if wanted.schema == _MARCXML:
        return marcxml.write(record)
    return _mapped(record, Schema.OAI_DC if wanted.schema == _DC else Schema.MODS, shelf)


def _mapped(record: Record, schema: Schema, shelf: Shelf) -> bytes:
    body = forms.make(record, f"{Schema.MARC21}-{schema}", shelf).body
    if body is None:
        raise Refused(Condition.SYNTAX_OF_RECORD, schema)
    return body


def _text(record: Record) -> str:
    """Return a record as lines for people to read."""
    return "".join(f"{line}\n" for line in (record.leader, *map(_line, record.fields)))


def _line(field: Control | Field | Element) -> str:
    if not isinstance(field, Field):
        return f"{field[0]} {field.value if isinstance(field, Control) else field.text}"
    parts = (f"${code} {value}" for code, value in field.subfields)
    return " ".join((field.tag, field.indicators, *parts))


def _brief(record: Record) -> Record:
    kept = tuple(field for field in record.fields if field[0] in _IN_BRIEF)
    return replace(record, fields=kept)


def size(record: External) -> int:
    """Return how many bytes a record takes in an answer, nearly."""
    encoding = record.encoding
    return len(encoding.value) if isinstance(encoding, OctetAligned) else len(encoding.value or b"")

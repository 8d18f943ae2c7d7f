"""The forms in which one record can be had: stored ones, and those made when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from catalogue import forms
from crosswalks import formats
from crosswalks.crosswalk import PIVOT
from crosswalks.errors import CrosswalkError
from crosswalks.formats import Writable
from crosswalks.model import Record, Schema
from crosswalks.shelf import Shelf
from provider.oai.formats import FORMATS as STORED

JSON = "application/json"
XML = "application/xml"
PLAIN = "json"
"""The form that is given where no other is asked for."""
_DECLARED = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_WHOLE_FILES = frozenset({"bibframe", "csv"})
"""Forms whose records mean something within their file alone."""


class Form(NamedTuple):
    """A form of a record: its name, its type, and which kind of making it."""

    name: str
    type: str
    """Its media type."""
    stored: str = ""
    """The prefix of the form that OAI-PMH gives, where it is one."""
    written: str = ""
    """The name of the format that writes it otherwise."""
    schema: str = ""
    namespace: str = ""
    about: str = ""


def _of_oai(name: str, kind: str, about: str, prefix: str = "") -> Form:
    found = next(each for each in STORED if each.prefix == (prefix or name))
    return Form(name, kind, found.prefix, "", found.schema, found.namespace, about)


FORMS: Sequence[Form] = (
    Form(PLAIN, JSON, about="plain fields, and MARC 21 in JSON"),
    _of_oai("marcxml", "application/marcxml+xml", "MARC 21 in XML", "marc21"),
    Form("marcjson", "application/marc+json", written="marcjson", about="MARC 21 in JSON"),
    Form("iso2709", "application/marc", written="iso2709", about="MARC 21 in ISO 2709"),
    Form("unimarc", "application/marc", written="unimarc", about="UNIMARC in ISO 2709"),
    _of_oai("mods", "application/mods+xml", "MODS 3.7"),
    _of_oai("oai_dc", XML, "Dublin Core"),
    _of_oai("qdc", XML, "qualified Dublin Core"),
    _of_oai("edm", "application/rdf+xml", "the Europeana Data Model"),
    _of_oai("etdms", XML, "ETD-MS, of theses alone"),
    Form("bibframe", "application/rdf+xml", written="bibframe", about="BIBFRAME 2 in RDF/XML"),
    Form("jsonld", "application/ld+json", written="jsonld", about="schema.org in JSON-LD"),
    Form("ris", "application/x-research-info-systems", written="ris", about="RIS"),
    Form("bibtex", "application/x-bibtex", written="bibtex", about="BibTeX"),
    Form("csv", "text/csv", written="csv", about="a table of one line"),
)
NAMES = tuple(form.name for form in FORMS)
TYPES = tuple(dict.fromkeys(form.type for form in FORMS))


def named(name: str) -> Form:
    """Return the form of this name, which is one of NAMES."""
    return next(form for form in FORMS if form.name == name)


def of_type(kind: str) -> Form:
    """Return the first form of a type, which is one of TYPES."""
    return next(form for form in FORMS if form.type == kind)


def document(body: bytes) -> bytes:
    """Return an XML element as a whole document."""
    return _DECLARED + body


def write(record: Record, form: Form, shelf: Shelf) -> bytes | None:
    """Return a record in a form that is not stored; None where it cannot be said in it."""
    writer = next(each for each in formats.WRITTEN if form.written == each.NAME)
    body = _body(record, writer, shelf)
    if body is None:
        return None
    if writer.NAME in _WHOLE_FILES:
        return b"".join(formats.file_of(writer, [body]))
    return document(body) if form.type.endswith("+xml") else body


def _body(record: Record, writer: Writable, shelf: Shelf) -> bytes | None:
    if writer.SCHEMA is not Schema.MARC21:
        crosswalk = f"{PIVOT}-{writer.SCHEMA}"
        return forms.make(forms.undated(record), crosswalk, shelf).body
    try:
        return writer.write(record)
    except CrosswalkError:
        return None

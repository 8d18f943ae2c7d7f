"""Elements that only point at another one of their record, as RDF does (``rdf:resource``).

A crosswalk that says ``resolve`` sees the label of what is pointed at as the element's own text.
"""

from __future__ import annotations

from dataclasses import replace

from crosswalks.model import Control, Element, Field, Record

_ABOUT, _RESOURCE, _LANGUAGE = "rdf:about", "rdf:resource", "xml:lang"
_LABELS = ("skos:prefLabel", "foaf:name", "rdfs:label")
_WEB = ("http://", "https://")
_PREFERRED = ("", "vi", "en")


def resolved(record: Record) -> Record:
    """Return the record with the text of labels, or else a web address, in elements that point.

    What points at something that is not there, and not on the web, says nothing.
    """
    labels = {
        about: label
        for field in record.fields
        if isinstance(field, Element)
        and (about := _attribute(field, _ABOUT).strip())
        and (label := _label(field))
    }
    fields = [_field(field, labels) for field in record.fields]
    return replace(record, fields=tuple(fields))


def _field(field: Control | Field | Element, labels: dict[str, str]) -> Control | Field | Element:
    return _resolved(field, labels) if isinstance(field, Element) else field


def _resolved(element: Element, labels: dict[str, str]) -> Element:
    children = tuple([_resolved(child, labels) for child in element.children])
    if element.text.strip():
        return element._replace(children=children)
    pointed = _attribute(element, _RESOURCE).strip()
    address = pointed if pointed.startswith(_WEB) else ""
    return element._replace(text=labels.get(pointed) or address, children=children)


def _label(element: Element) -> str:
    """Return the label in the language that comes first among those preferred, or any."""
    found = [
        (_attribute(child, _LANGUAGE).partition("-")[0], child.text)
        for child in element.children
        if child.name in _LABELS and child.text.strip()
    ]
    if not found:
        return ""
    return min(found, key=lambda each: _rank(each[0]))[1]


def _rank(language: str) -> int:
    return _PREFERRED.index(language) if language in _PREFERRED else len(_PREFERRED)


def _attribute(element: Element, name: str) -> str:
    return next((value for key, value in element.attributes if key == name), "")

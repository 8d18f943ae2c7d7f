"""Concepts of SKOS: preferred labels are headings, alternative and hidden ones lead to them.

Where there are preferred labels in several languages, the Vietnamese one is the heading, else the
English one, else the first; the others lead to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from lxml import etree

from crosswalks.authorities.model import Entry, Kind, Name, Related, Relation, clean
from crosswalks.formats.xml import parse

SKOS = "http://www.w3.org/2004/02/skos/core#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_OWL = "http://www.w3.org/2002/07/owl#"
_XML = "http://www.w3.org/XML/1998/namespace"
_LANGUAGES = ("vi", "en")
_RELATIONS: Mapping[str, Relation] = MappingProxyType(
    {
        f"{SKOS}related": Relation.ALSO,
        f"{SKOS}broader": Relation.BROADER,
        f"{SKOS}narrower": Relation.NARROWER,
    }
)
_SAME = (f"{SKOS}exactMatch", f"{_OWL}sameAs")
_CLOSE = f"{SKOS}closeMatch"
_NOTES = tuple(f"{SKOS}{name}" for name in ("scopeNote", "definition", "note", "historyNote"))
_OTHER = (f"{SKOS}altLabel", f"{SKOS}hiddenLabel")
_PREFERRED = f"{SKOS}prefLabel"
_CONCEPT = f"{SKOS}Concept"
_TYPE = f"{RDF}type"
_DEPRECATED = f"{_OWL}deprecated"


class Statement(NamedTuple):
    """One statement about a concept: a property, what it says, in which language."""

    name: str
    value: str
    language: str = ""


def statements(data: bytes) -> tuple[str, list[Statement]]:
    """Return the concept that one element of RDF/XML is about, and what is said of it.

    Raises FormatError.
    """
    root = parse(data, "skos")
    found = [Statement(_TYPE, _whole(root))]
    for child in root:
        if isinstance(child.tag, str):
            value = child.get(f"{{{RDF}}}resource")
            inner = next((each for each in child if isinstance(each.tag, str)), None)
            if value is None and inner is not None:
                value = inner.get(f"{{{RDF}}}about")
            text = "".join(child.itertext()) if value is None else value
            found.append(Statement(_whole(child), text, _language(child)))
    # Properties may stand as attributes, too (RDF/XML section 2.5).
    found += [
        Statement(_expanded(str(name)), str(value), _language(root))
        for name, value in root.attrib.items()
        if str(name).startswith(f"{{{SKOS}}}")
    ]
    return root.get(f"{{{RDF}}}about", ""), found


def entry(number: str, said: Iterable[Statement], kind: Kind) -> Entry | None:
    """Return the authority that statements make, None where they are about no concept in use."""
    found = list(said)
    labels = [each for each in found if each.name == _PREFERRED and each.value.strip()]
    is_concept = any(each.name == _TYPE and each.value == _CONCEPT for each in found)
    is_gone = any(each.name == _DEPRECATED and each.value.strip() == "true" for each in found)
    if is_gone or not (labels or is_concept):
        return None
    preferred = min(labels, key=lambda each: _rank(each.language)) if labels else Statement("", "")
    heading = clean(preferred.value)
    others = [each for each in labels if each is not preferred]
    others += [each for each in found if each.name in _OTHER]
    names = (Name(clean(each.value), each.language) for each in others)
    return Entry(
        number=clean(number),
        kind=kind,
        heading=heading,
        names=tuple(dict.fromkeys(each for each in names if each.text and each.text != heading)),
        related=tuple(dict.fromkeys(_related(found))),
        same=tuple(dict.fromkeys(clean(each.value) for each in found if each.name in _SAME)),
        notes=tuple(_notes(found)),
    )


def _rank(language: str) -> int:
    main = language.partition("-")[0].casefold()
    return _LANGUAGES.index(main) if main in _LANGUAGES else len(_LANGUAGES)


def _related(found: Iterable[Statement]) -> Iterator[Related]:
    for each in found:
        if each.name in _RELATIONS:
            yield Related(_RELATIONS[each.name], "", clean(each.value))


def _notes(found: Iterable[Statement]) -> Iterator[str]:
    for each in found:
        if each.name in _NOTES or each.name == _CLOSE:
            text = clean(each.value)
            if text:
                # Nearly the same is not the same: it is told, and never gone by.
                yield f"≈ {text}" if each.name == _CLOSE else text


def _whole(element: etree._Element) -> str:
    return _expanded(str(element.tag))


def _expanded(name: str) -> str:
    return name[1:].replace("}", "", 1) if name.startswith("{") else name


def _language(element: etree._Element) -> str:
    return element.get(f"{{{_XML}}}lang", "")

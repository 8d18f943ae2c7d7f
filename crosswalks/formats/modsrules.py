"""What MODS 3.7 allows where, from its tables: a tree is fitted so that its markup is valid.

What has no place in the schema gives way: misplaced text goes to the element that can hold it,
attributes with values outside their list and elements of other names are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from crosswalks import tables
from crosswalks.model import Element

_GROUPS: Mapping[str, str] = {
    "@language": "lang xml:lang=language script transliteration",
    "@authority": "authority authorityURI=uri valueURI=uri",
    "@xlink": (
        "xlink:href=uri xlink:role=uri xlink:arcrole=uri xlink:title xlink:type=xlink-type "
        "xlink:show=xlink-show xlink:actuate=xlink-actuate"
    ),
}
_NAME = "[A-Za-z_][A-Za-z0-9._-]*"
_URI = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://[A-Za-z0-9.-]*(?::[0-9]{1,5})?(?=[/?#]|$))?"
    r"(?:[A-Za-z0-9\-._~!$&'()*+,;=@/]|%[0-9A-Fa-f]{2})(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*"
    r"(?:#(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/?]|%[0-9A-Fa-f]{2})*)?|"
)
_PATTERNS: Mapping[str, re.Pattern[str]] = {
    "uri": _URI,
    "id": re.compile(_NAME),
    "integer": re.compile("[+-]?[0-9]+"),
    "ordinal": re.compile("[+]?0*[1-9][0-9]*"),
    "language": re.compile("[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|"),
}
_LISTS = {name: frozenset(values.split(" | ")) for name, values in tables.rows("mods-values.tsv")}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Child:
    kind: str
    once: bool
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """One line of the table."""

    holds: str
    needs_child: bool
    children: Mapping[str, _Child]
    attributes: Mapping[str, str]


@dataclass(slots=True)
class _Document:
    """What has to be one of a kind in a document."""

    identifiers: set[str] = field(default_factory=set)


def names() -> frozenset[str]:
    """Return the local names of all MODS elements."""
    return frozenset(name for kind in _kinds().values() for name in kind.children)


def fitted(elements: tuple[Element, ...]) -> tuple[Element, ...]:
    """Return the elements of a MODS record as far as the schema has room for them."""
    return tuple(_children(elements, _kinds()["mods"], _Document()))


@lru_cache(maxsize=1)
def _kinds() -> Mapping[str, _Kind]:
    return {
        kind: _Kind(
            holds=holds,
            needs_child=needs == "+",
            children=dict(_child(place, word) for place, word in enumerate(children.split())),
            attributes=dict(_attribute(word) for word in _expanded(attributes)),
        )
        for kind, holds, needs, children, attributes in tables.rows("mods.tsv")
    }


@lru_cache(maxsize=1)
def _global_kinds() -> Mapping[str, str]:
    """Return the kind of each element of MODS where it stands by itself: that of its own name."""
    inner = {
        name: child.kind for kind in _kinds().values() for name, child in kind.children.items()
    }
    return inner | {name: name for name in _kinds() if name in inner}


def _child(place: int, word: str) -> tuple[str, _Child]:
    name, _, kind = word.partition("=")
    plain = name.rstrip("?")
    return plain, _Child(kind=kind or plain, once=name != plain, place=place)


def _expanded(attributes: str) -> list[str]:
    return " ".join(_GROUPS.get(word, word) for word in attributes.split()).split()


def _attribute(word: str) -> tuple[str, str]:
    name, _, values = word.partition("=")
    return name, values


def _children(elements: tuple[Element, ...], kind: _Kind, document: _Document) -> Iterator[Element]:
    found = [(kind.children[each.name], each) for each in elements if each.name in kind.children]
    if kind.holds == "ordered":
        found.sort(key=lambda pair: pair[0].place)
    seen: set[str] = set()
    for child, element in found:
        fit = None if child.once and element.name in seen else _fit(element, child.kind, document)
        if fit is not None:
            seen.add(element.name)
            yield fit


def _fit(element: Element, name: str, document: _Document) -> Element | None:
    """Return an element as a kind allows it, or None if it cannot stand at all."""
    if name.startswith("word:"):
        word = element.text.strip()
        return Element(element.name, (), word) if _is_among(word, name[5:]) else None
    if name == "name" and any(child.name == "etal" for child in element.children):
        name = "nameEtal"
    kind = _kinds()[name]
    attributes = tuple(_attributes(element, kind, document))
    if kind.holds == "anything":
        return element._replace(
            attributes=attributes, children=tuple(_loose(element.children, document))
        )
    if kind.holds in ("text", "uri"):
        text = _text(element)
        return Element(element.name, attributes, _uri(text) if kind.holds == "uri" else text)
    children = tuple(_children(element.children, kind, document))
    if kind.needs_child and not children:
        return None
    return Element(element.name, attributes, "", children)


def _loose(elements: tuple[Element, ...], document: _Document) -> Iterator[Element]:
    """Yield what stands where anything may: elements of MODS have to be right there too."""
    for element in elements:
        kind = _global_kinds().get(element.name)
        if kind is not None:
            fit = _fit(element, kind, document)
            if fit is not None:
                yield fit
        else:
            yield element._replace(children=tuple(_loose(element.children, document)))


def _attributes(element: Element, kind: _Kind, document: _Document) -> Iterator[tuple[str, str]]:
    for name, value in element.attributes:
        values = kind.attributes.get(name)
        if values is None or not _is_among(value, values):
            continue
        if values == "id":
            if value in document.identifiers:
                continue
            document.identifiers.add(value)
        yield name, value


def _is_among(value: str, values: str) -> bool:
    if not values:
        return True
    pattern = _PATTERNS.get(values)
    return bool(pattern.fullmatch(value)) if pattern else value in _LISTS[values]


def _text(element: Element) -> str:
    """Return the text of an element that may only hold text, that of its children included."""
    parts = [element.text.strip() if element.children else element.text]
    parts += map(_text, element.children)
    return " ".join(part for part in parts if part)


def _uri(text: str) -> str:
    """Return an address with what no address can hold written by its code (RFC 3986 s2.1)."""
    stripped = text.strip()
    return text if _URI.fullmatch(stripped) else _UNSAFE.sub(_by_code, stripped)


_UNSAFE = re.compile(r"[^A-Za-z0-9\-._~!$&'()*+,;=:@/?#%]|%(?![0-9A-Fa-f]{2})|(?<=#)#|:(?=[^/0-9])")


def _by_code(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "replace"))

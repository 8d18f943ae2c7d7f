"""How an XML element must be built, as values, and a judge of that.

Rules say in which order children stand and how often, which attributes there may be, and what a
text must look like; of attributes and elements that no rule names, each is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from lxml import etree
from lxml.etree import _Element

from protocols.oai import XSI

MANY = 1 << 60
_SAMPLE = 60
_SPACE = re.compile(r"[ \t\r\n]+")
_XML = "http://www.w3.org/XML/1998/namespace"
LANG = f"{{{_XML}}}lang"


class Text(NamedTuple):
    """What a text must look like."""

    pattern: str = ""
    """The whole text; empty = any."""
    collapse: bool = True
    """Whether white space around it is none of it."""

    def fits(self, text: str) -> bool:
        """Tell whether a text is as it must be."""
        if self.collapse:
            text = _SPACE.sub(" ", text).strip(" ")
        return not self.pattern or re.fullmatch(self.pattern, text, re.DOTALL) is not None


ANY = Text(collapse=False)
URI = Text()


class Part(NamedTuple):
    """A child, or one of several, and how often it stands there."""

    names: tuple[str, ...]
    least: int = 1
    most: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How an element is built."""

    parts: tuple[Part, ...] = ()
    text: Text | None = None
    """None: it holds no text."""
    attributes: Mapping[str, Text] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    foreign: str = ""
    """A namespace: it holds one element, that is of any other."""


class Fault(NamedTuple):
    """What is wrong, where, and what stands there."""

    kind: str
    """``unexpected``, ``missing``, ``value``, ``attribute``, ``text`` or ``foreign``."""
    place: str
    """The path of names from the element that was judged."""
    value: str = ""


Grammar = Mapping[str, Rule]
"""Rules by the name of the element, as lxml writes it."""


def name_of(element: _Element) -> str:
    """Return the name of an element as lxml writes it."""
    return str(element.tag)


def local(tag: str) -> str:
    """Return a name without its namespace."""
    return tag.rpartition("}")[2]


def elements(element: _Element) -> list[_Element]:
    """Return the children that are elements, not comments."""
    return [child for child in element if isinstance(child.tag, str)]


def judge(element: _Element, grammar: Grammar, above: str = "") -> Iterator[Fault]:
    """Yield what is wrong with an element and all below it that there are rules for."""
    place = f"{above}/{local(name_of(element))}" if above else local(name_of(element))
    rule = grammar[name_of(element)]
    yield from _attributes(element, rule, place)
    children = elements(element)
    if rule.text is None:
        loose = _loose(element)
        if loose:
            yield Fault("text", place, loose)
    elif children:
        yield Fault("unexpected", f"{place}/{local(name_of(children[0]))}")
    else:
        text = _own(element)
        if not rule.text.fits(text):
            yield Fault("value", place, text.strip()[:_SAMPLE])
    if rule.foreign:
        yield from _foreign(children, rule.foreign, place)
    elif rule.text is None:
        yield from _children(children, rule, grammar, place)


def _own(element: _Element) -> str:
    """Return the text of an element without children, comments in it left out."""
    return (element.text or "") + "".join(child.tail or "" for child in element)


def _loose(element: _Element) -> str:
    return _own(element).strip()[:_SAMPLE]


def _attributes(element: _Element, rule: Rule, place: str) -> Iterator[Fault]:
    for name, value in element.attrib.items():
        if name.startswith(f"{{{XSI}}}"):
            continue
        known = rule.attributes.get(name)
        if known is None:
            yield Fault("attribute", f"{place}/@{local(name)}", value[:_SAMPLE])
        elif not known.fits(value):
            yield Fault("value", f"{place}/@{local(name)}", value[:_SAMPLE])
    for name in rule.required:
        if name not in element.attrib:
            yield Fault("missing", f"{place}/@{name}")


def _foreign(children: list[_Element], namespace: str, place: str) -> Iterator[Fault]:
    if not children:
        yield Fault("missing", f"{place}/*")
        return
    if len(children) > 1:
        yield Fault("unexpected", f"{place}/{local(name_of(children[1]))}")
    held = etree.QName(children[0]).namespace or ""
    if held in ("", namespace):
        yield Fault("foreign", f"{place}/{local(name_of(children[0]))}", held)


def _children(
    children: list[_Element], rule: Rule, grammar: Grammar, place: str
) -> Iterator[Fault]:
    at, count = 0, 0
    for child in children:
        found = next(
            (n for n in range(at, len(rule.parts)) if child.tag in rule.parts[n].names), None
        )
        if found is None or (found == at and count >= rule.parts[at].most):
            yield Fault("unexpected", f"{place}/{local(name_of(child))}", _namespace(child, rule))
            continue
        if found != at:
            yield from _short(rule, (at, found), count, place)
            at, count = found, 0
        count += 1
        yield from judge(child, grammar, place)
    yield from _short(rule, (at, len(rule.parts)), count, place)


def _namespace(child: _Element, rule: Rule) -> str:
    """Return the namespace of a child that is right but for that."""
    name = etree.QName(child)
    names = {local(one) for part in rule.parts for one in part.names}
    wrong = name.localname in names and child.tag not in {n for p in rule.parts for n in p.names}
    return (name.namespace or "(none)") if wrong else ""


def _short(rule: Rule, span: tuple[int, int], count: int, place: str) -> Iterator[Fault]:
    for n in range(*span):
        part = rule.parts[n]
        if (count if n == span[0] else 0) < part.least:
            yield Fault("missing", f"{place}/{'|'.join(map(local, part.names))}")

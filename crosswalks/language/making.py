"""Where values go: what a rule's target makes of each value, and the record that comes of it all.

A Sink gathers what the rules of one block make: fields of a record, subfields of a field, or the
children of an element.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crosswalks.language.errors import Misplaced
from crosswalks.language.syntax import Kind, Path, Script
from crosswalks.model import Control, Element, Field, Record, Schema, Subfield

Emit = Callable[["Sink", str], None]
_LEADER = "LDR"
_MARC = (Schema.MARC21, Schema.UNIMARC)


class Sink:
    """What has been made so far, of the record (``top``) or of one field or element in it."""

    __slots__ = ("attributes", "controls", "indicators", "items", "text", "top")

    def __init__(self, top: Sink | None = None, indicators: str = "  ") -> None:
        self.top = top or self
        self.items: list[Any] = []
        self.controls: dict[str, str] = {}
        self.attributes: list[tuple[str, str]] = []
        self.indicators = indicators
        self.text = ""

    def has(self, name: str) -> bool:
        """Tell whether a field or element of this name has been made."""
        return any(item[0] == name for item in self.items)

    def overlay(self, tag: str, start: int, value: str) -> None:
        """Put a value at a position of a control field, which grows as needed."""
        before = self.controls.get(tag, "").ljust(start)
        self.controls[tag] = before[:start] + value + before[start + len(value) :]


def emitter(path: Path) -> Emit:
    """Return what a target does with one value; raise Misplaced if it can do nothing."""
    maker = _EMITTERS.get(path.kind)
    if maker is None:
        raise Misplaced(path.column, "this can be a source, but not a target")
    return maker(path)


def maker(path: Path) -> Callable[[str], object] | None:
    """Return what a target makes of one bare value, where that is one item and nothing else."""
    if path.kind is Kind.ELEMENT:
        name, attributes = path.parts[-1].name, path.constants
        if len(path.parts) > 1:
            return lambda text: wrapped(path, Element(name, attributes, text))
        new = tuple.__new__
        return lambda text: new(Element, (name, attributes, text, ()))
    if path.kind is Kind.FIELD and len(path.codes) == 1:
        tag, indicators, code = path.tag, fixed_indicators(path), path.codes
        return lambda text: Field(tag, indicators, ((code, text), *path.constants))
    if path.kind is Kind.SUBFIELDS and len(path.codes) == 1:
        return lambda text: (path.codes, text)
    return None


def fixed_indicators(path: Path) -> str:
    """Return a target's indicators; blank where none are given or they are copied (``.``)."""
    return (path.indicators or "  ").replace(".", " ")


def wrapped(path: Path, element: Element) -> Element:
    """Return an element inside the ancestors that its target path names."""
    for part in reversed(path.parts[:-1]):
        element = Element(part.name, (), "", (element,))
    return element


def finished(script: Script, sink: Sink) -> Record:
    """Return the record that all rules together have made."""
    if script.target not in _MARC:
        items = _distinct(sink.items) if script.distinct else sink.items
        return Record(schema=script.target, fields=tuple(items))
    controls = [Control(tag, value) for tag, value in sink.controls.items() if tag != _LEADER]
    fields = [*controls, *sink.items]
    if script.sort:
        fields.sort(key=lambda field: field[0])
    leader = sink.controls.get(_LEADER, "")
    return Record(schema=script.target, leader=leader, fields=tuple(fields))


def _distinct(items: list[Element]) -> list[Element]:
    seen: set[tuple[str, str]] = set()
    kept = []
    for item in items:
        if len(once := dict.fromkeys(item[3])) < len(item[3]):
            item = item._replace(children=tuple(once))  # noqa: PLW2901 - the same, said once
        key = (item[0], item[2].casefold())
        if key not in seen or not item[2]:
            seen.add(key)
            kept.append(item)
    return kept


def _control(path: Path) -> Emit:
    tag, start, width = path.tag, path.start, path.end - path.start + 1

    def whole(sink: Sink, value: str) -> None:
        sink.top.controls[tag] = value

    def part(sink: Sink, value: str) -> None:
        sink.top.overlay(tag, start, value[:width].ljust(width))

    return whole if start < 0 else part


def _item(path: Path) -> Emit:
    make = maker(path)
    if make is None:
        raise Misplaced(path.column, "one subfield is missing ($a), or | as ..., or lines below")

    def emit(sink: Sink, value: str) -> None:
        if text := value.strip():
            sink.items.append(make(text))

    return emit


def _indicator(path: Path) -> Emit:
    at = int(path.text) - 1

    def emit(sink: Sink, value: str) -> None:
        before = sink.indicators
        sink.indicators = before[:at] + value[:1].ljust(1) + before[at + 1 :]

    return emit


def _attribute(path: Path) -> Emit:
    name = path.text

    def emit(sink: Sink, value: str) -> None:
        if text := value.strip():
            sink.attributes.append((name, text))

    return emit


def _self(_: Path) -> Emit:
    def emit(sink: Sink, value: str) -> None:
        sink.text = value.strip()

    return emit


def shaped(path: Path, shape: Callable[[str], tuple[Subfield, ...]]) -> Emit:
    """Return what a target does with a value that becomes several subfields (``as ...``)."""
    tag, indicators, constants = path.tag, fixed_indicators(path), path.constants
    if path.codes or path.kind not in (Kind.FIELD, Kind.SUBFIELDS):
        raise Misplaced(path.column, "as makes the subfields: the target is a field without any")

    def field(sink: Sink, value: str) -> None:
        if text := value.strip():
            sink.items.append(Field(tag, indicators, (*shape(text), *constants)))

    def subfields(sink: Sink, value: str) -> None:
        if text := value.strip():
            sink.items.extend(shape(text))

    return field if path.kind is Kind.FIELD else subfields


def field_of(path: Path, sink: Sink) -> Field | None:
    """Return the field that a block has made, or None if nothing came into it."""
    if not sink.items:
        return None
    subfields: tuple[Subfield, ...] = (*sink.items, *path.constants)
    return Field(path.tag, sink.indicators, subfields)


def element_of(path: Path, sink: Sink) -> Element | None:
    """Return the element that a block has made, or None if nothing came into it."""
    if not (sink.items or sink.text or sink.attributes):
        return None
    attributes = (*path.constants, *sink.attributes)
    element = Element(path.parts[-1].name, attributes, sink.text, tuple(sink.items))
    return wrapped(path, element)


_EMITTERS: dict[Kind, Callable[[Path], Emit]] = {
    Kind.CONTROL: _control,
    Kind.FIELD: _item,
    Kind.SUBFIELDS: _item,
    Kind.INDICATOR: _indicator,
    Kind.ELEMENT: _item,
    Kind.ATTRIBUTE: _attribute,
    Kind.SELF: _self,
}

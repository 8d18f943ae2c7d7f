"""Where values come from: each path of a source as two functions, occurrences and their values.

An occurrence is what a rule goes through one by one: a field, an element, the record, or a text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeAlias

from crosswalks.language.errors import Misplaced
from crosswalks.language.syntax import Kind, Path
from crosswalks.language.walking import Walk, walk
from crosswalks.model import Control, Element, Field, Record

Occurrence: TypeAlias = Control | Field | Element | Record | str | None
_ByAttribute: TypeAlias = dict[tuple[str, str], list[Element]]
Text: TypeAlias = Callable[[str], str]

_DATA = 3
_FIRST_DATA_TAG = "010"
_NOTHING: list[Any] = []
_NOTHING_LINKED: dict[str, list[Field]] = {}


class Input:
    """A record with its fields by tag, or its elements by name.

    ``linked`` has the 880 fields by the tag that their $6 names (MARC 21, appendix A).
    """

    __slots__ = ("_told", "index", "linked", "record")

    def __init__(self, record: Record) -> None:
        self.record = record
        self.index: dict[str, list[Any]] = {}
        index = self.index
        for field in record.fields:
            name = field[0]
            # A control field under a data tag has no subfields that a rule could name, a data
            # field under a control tag no positions: with these gone, a tag tells the kind.
            size = len(field)
            if size > _DATA or (size == _DATA) is (name >= _FIRST_DATA_TAG):
                if name in index:
                    index[name].append(field)
                else:
                    index[name] = [field]
        if record.leader:
            index["LDR"] = [Control("LDR", record.leader)]
        self.linked = _linked(index["880"]) if "880" in index else _NOTHING_LINKED
        self._told: dict[str, tuple[list[Any], _ByAttribute]] = {}

    def told(self, name: str) -> _ByAttribute:
        """Return the elements of a name by what each of their attributes tells."""
        elements = self.index.get(name, _NOTHING)
        found = self._told.get(name)
        # A name may come to stand for other elements while a record is made ready.
        if found is None or found[0] is not elements:
            by_attribute: _ByAttribute = {}
            for element in elements:
                for attribute in element[1]:
                    by_attribute.setdefault(attribute, []).append(element)
            found = self._told[name] = (elements, by_attribute)
        return found[1]


def _linked(fields: list[Field]) -> dict[str, list[Field]]:
    linked: dict[str, list[Field]] = {}
    for field in fields:
        linked.setdefault(field.first("6")[:3], []).append(field)
    return linked


class Taking(NamedTuple):
    """A compiled path: what it goes through, and which values each gives."""

    occurrences: Callable[[Input, Occurrence], Iterable[Occurrence]]
    values: Callable[[Occurrence], list[str]]
    needs: str = ""
    """The one tag or name without which there is nothing to take."""
    linked: bool = False
    """Or the 880 fields linked to that tag."""
    fits: Callable[[Any], bool] | None = None
    """Where all there is to take are the fields of that tag: which of them."""
    by_tag: bool = False
    """All there is to take are the fields of that tag which fit."""
    told: tuple[str, str] | None = None
    """The one attribute, of elements of the name needed, without which there is nothing to take."""
    local: bool = False
    """All there is to take is what the line above took."""


def taking(path: Path, *, top: bool, clean: Text | None) -> Taking:
    """Return a path as functions; raise Misplaced for one that cannot be a source here."""
    if top and path.kind in (Kind.SUBFIELDS, Kind.INDICATOR, Kind.TAG):
        raise Misplaced(path.column, "this needs a field: begin with its tag, or indent the line")
    return _BY_KIND[path.kind](path, top, clean)


def _literal(path: Path, _top: bool, _clean: Text | None) -> Taking:  # noqa: FBT001 - a table of these
    text = path.text
    return Taking(_context, lambda _: [text], local=True)


def _record(_path: Path, _top: bool, _clean: Text | None) -> Taking:  # noqa: FBT001
    return Taking(lambda source, _: (source.record,), lambda _: [])


def _self(_path: Path, _top: bool, clean: Text | None) -> Taking:  # noqa: FBT001
    def values(occurrence: Occurrence) -> list[str]:
        if isinstance(occurrence, Element):
            return [clean(occurrence.text) if clean else occurrence.text]
        if isinstance(occurrence, Control):
            return [occurrence.value]
        return [occurrence] if isinstance(occurrence, str) else []

    return Taking(_context, values, local=True)


def _control(path: Path, _top: bool, _clean: Text | None) -> Taking:  # noqa: FBT001
    tag, start, end = path.tag, path.start, path.end + 1
    none: tuple[Control, ...] = ()

    def occurrences(source: Input, _: Occurrence) -> Iterable[Occurrence]:
        return source.index.get(tag, none)

    def whole(occurrence: Occurrence) -> list[str]:
        return [occurrence[1]] if isinstance(occurrence, Control) else []

    def part(occurrence: Occurrence) -> list[str]:
        return [occurrence[1][start:end]] if isinstance(occurrence, Control) else []

    return Taking(occurrences, whole if start < 0 else part, tag, by_tag=True)


def _field(path: Path, _top: bool, _clean: Text | None) -> Taking:  # noqa: FBT001
    values = _subfield_values(path)
    if "." in path.tag:
        return Taking(_like(path), values)
    tag, fits = path.tag, _indicators(path.indicators)
    none: list[Occurrence] = []
    chosen = fits if path.indicators.strip(".") else None

    def occurrences(source: Input, _: Occurrence) -> Iterable[Occurrence]:
        found = source.index.get(tag, none)
        if path.linked and source.linked:
            found = [*found, *source.linked.get(tag, none)]
        return [field for field in found if fits(field)] if chosen else found

    return Taking(occurrences, values, tag, linked=path.linked, fits=chosen, by_tag=True)


def _like(path: Path) -> Callable[[Input, Occurrence], Iterable[Occurrence]]:
    """Return what finds the fields whose tag is like 6.., in the order delivered."""
    fits = _indicators(path.indicators)
    wanted = [(at, letter) for at, letter in enumerate(path.tag) if letter != "."]
    if not wanted and not path.indicators.strip("."):
        return lambda source, _: [each for each in source.record.fields if isinstance(each, Field)]

    def occurrences(source: Input, _: Occurrence) -> Iterable[Occurrence]:
        return [
            field
            for field in source.record.fields
            if isinstance(field, Field)
            and all(field.tag[at : at + 1] == letter for at, letter in wanted)
            and fits(field)
        ]

    return occurrences


def _indicators(wanted: str) -> Callable[[Occurrence], bool]:
    first, second = wanted[:1] or ".", wanted[1:2] or "."

    def fits(field: Occurrence) -> bool:
        have = field[1] if isinstance(field, Field) else "??"
        return first in (".", have[:1]) and second in (".", have[1:2])

    return fits


def _subfields(path: Path, _top: bool, _clean: Text | None) -> Taking:  # noqa: FBT001
    return Taking(_context, _subfield_values(path), local=True)


def _subfield_values(path: Path) -> Callable[[Any], list[str]]:
    codes = path.codes

    def one(field: Field) -> list[str]:
        return [value for code, value in field[2] if code == codes]

    def some(field: Field) -> list[str]:
        return [value for code, value in field[2] if code in codes]

    def others(field: Field) -> list[str]:
        return [value for code, value in field[2] if code not in codes]

    if path.behind:
        return _with_behind(codes, path.behind)
    if path.counted:
        return _counted(path.counted - 1, codes)
    if path.group:
        return _grouped(path.group, codes)
    if path.excluded or not codes:
        return others
    return one if len(codes) == 1 else some


def _with_behind(codes: str, behind: str) -> Callable[[Any], list[str]]:
    def values(field: Field) -> list[str]:
        found: list[str] = []
        for code, value in field[2]:
            if code in codes:
                found.append(value)
            elif code in behind and found:
                found[-1] += f" {value}"
        return found

    return values


def _counted(at: int, codes: str) -> Callable[[Any], list[str]]:
    def values(field: Field) -> list[str]:
        found = [value for code, value in field[2] if code in codes]
        return [field[1][at : at + 1].ljust(1) + found[0], *found[1:]] if found else found

    return values


def _grouped(group: str, codes: str) -> Callable[[Any], list[str]]:
    def values(field: Field) -> list[str]:
        first = [text for code, value in field[2] if code in group and (text := value.strip())]
        others = [value for code, value in field[2] if code in codes]
        return [" ".join(first), *others] if first else others

    return values


def _indicator(path: Path, _top: bool, _clean: Text | None) -> Taking:  # noqa: FBT001
    at = int(path.text) - 1

    def values(field: Occurrence) -> list[str]:
        return [field[1][at : at + 1]] if isinstance(field, Field) else []

    return Taking(_context, values, local=True)


def _tag(_path: Path, _top: bool, _clean: Text | None) -> Taking:  # noqa: FBT001
    def values(field: Occurrence) -> list[str]:
        if isinstance(field, Field):
            return [field.first("6")[:3] if field.tag == "880" else field.tag]
        return []

    return Taking(_context, values, local=True)


def _element(path: Path, top: bool, clean: Text | None) -> Taking:  # noqa: FBT001
    occurrences, needs, told = walk(path, top=top)

    def values(element: Occurrence) -> list[str]:
        return [element[2]] if isinstance(element, Element) else []

    def cleaned(element: Occurrence) -> list[str]:
        return [clean(element[2])] if clean and isinstance(element, Element) else []

    return Taking(occurrences, cleaned if clean else values, needs, told=told)


def _attribute(path: Path, top: bool, _clean: Text | None) -> Taking:  # noqa: FBT001
    name = path.text
    occurrences, needs, told = walk(path, top=top) if path.parts else Walk(_context)

    def values(element: Occurrence) -> list[str]:
        if isinstance(element, Element):
            return [value for key, value in element.attributes if key == name]
        return []

    return Taking(occurrences, values, needs, told=told)


def _context(_: Input, context: Occurrence) -> Iterable[Occurrence]:
    return (context,)


_BY_KIND = {
    Kind.LITERAL: _literal,
    Kind.RECORD: _record,
    Kind.SELF: _self,
    Kind.CONTROL: _control,
    Kind.FIELD: _field,
    Kind.SUBFIELDS: _subfields,
    Kind.INDICATOR: _indicator,
    Kind.TAG: _tag,
    Kind.ELEMENT: _element,
    Kind.ATTRIBUTE: _attribute,
}

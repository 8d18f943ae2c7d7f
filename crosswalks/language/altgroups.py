"""One element in two scripts: MODS repeats it (altRepGroup), MARC 21 has 880 beside it ($6).

What is repeated is mapped by the rules as if it stood in the record alone, and becomes the 880 of
the field that the same rules make of what it repeats.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import NamedTuple

from crosswalks import tables
from crosswalks.model import Control, Element, Field, Record

Map = Callable[[Record], Record]
Fields = list[Control | Field | Element]

_GROUP, _SCRIPT = "altRepGroup", "script"
_LINK, _OTHER, _UNLINKED = "6", "880", "00"
_CODES = {script: code for code, script in reversed(tables.rows("mods-scripts.tsv"))}
_ISO_15924 = re.compile("[A-Z][a-z]{3}")
_NUMBERS = 100


class _Repeated(NamedTuple):
    """Elements, and the same in another script (as $6 names it)."""

    mains: tuple[Element, ...]
    others: tuple[Element, ...]
    script: str


def grouped(mapped: Map) -> Map:
    """Return a crosswalk from MODS that links what is told in two scripts."""

    def both(record: Record) -> Record:
        found = list(_repeated(record))
        if not found:
            return mapped(record)
        others = {id(element) for each in found for element in each.others}
        plain = tuple(each for each in record.fields if id(each) not in others)
        made = mapped(replace(record, fields=plain))
        fields: Fields = list(made.fields)
        for each in found:
            _link(record, mapped, each, fields)
        return replace(made, fields=tuple(fields))

    return both


def _repeated(record: Record) -> Iterator[_Repeated]:
    groups: dict[str, dict[str, list[Element]]] = {}
    for element in record.fields:
        told = dict(element.attributes) if isinstance(element, Element) else {}
        if isinstance(element, Element) and told.get(_GROUP):
            by_script = groups.setdefault(told[_GROUP], {})
            by_script.setdefault(told.get(_SCRIPT, ""), []).append(element)
    for mains, *others in [list(group.items()) for group in groups.values()]:
        for script, elements in others:
            yield _Repeated(tuple(mains[1]), tuple(elements), _code(script))


def _code(script: str) -> str:
    known = script if _ISO_15924.fullmatch(script) else ""
    return _CODES.get(script, known)


def _link(record: Record, mapped: Map, repeated: _Repeated, fields: Fields) -> None:
    """Put the 880 of what is repeated into the fields made so far."""
    mains = _alone(record, mapped, repeated.mains)
    ending = f"/{repeated.script}" if repeated.script else ""
    for other in _alone(record, mapped, repeated.others):
        main = next((each for each in mains if each.tag == other.tag), None)
        at = _find(fields, main) if main else -1
        number = _UNLINKED if at < 0 else f"{_count(fields) % _NUMBERS:02}"
        if at >= 0:
            fields[at] = _with_link(fields[at], f"{_OTHER}-{number}")
        subfields = ((_LINK, f"{other.tag}-{number}{ending}"), *other.subfields)
        fields.append(Field(_OTHER, other.indicators, subfields))


def _alone(record: Record, mapped: Map, elements: tuple[Element, ...]) -> list[Field]:
    made = mapped(replace(record, fields=elements))
    return [each for each in made.fields if isinstance(each, Field)]


def _find(fields: Fields, wanted: Field) -> int:
    """Return where a field without a link stands; else the first of its tag; else -1."""
    free = [
        at
        for at, each in enumerate(fields)
        if isinstance(each, Field) and each.tag == wanted.tag and not each.first(_LINK)
    ]
    exact = [at for at in free if fields[at][2:] == (wanted.subfields,)]
    return next(iter([*exact, *free]), -1)


def _with_link(field: Control | Field | Element, link: str) -> Control | Field | Element:
    if not isinstance(field, Field):
        return field
    return field._replace(subfields=((_LINK, link), *field.subfields))


def _count(fields: Fields) -> int:
    """Return the number of the next pair."""
    return 1 + sum(isinstance(each, Field) and each.tag == _OTHER for each in fields)

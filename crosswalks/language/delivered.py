"""MARC fields as systems deliver them: those that stay as they are, and those without subfields.

``keep`` lets a crosswalk say only what it changes; ``bare`` lets it read systems such as CDS/ISIS,
where a field is text with or without subfields in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace

from crosswalks.formats.marcfields import bare_field
from crosswalks.language.making import Sink
from crosswalks.language.syntax import Rule, Script
from crosswalks.model import Control, Element, Field, Record

Fields = list[Control | Field | Element]
Keep = Callable[[Record, Sink], Fields]

_LEADER, _FIRST_DATA_TAG = "LDR", "010"
_CAPITAL = re.compile(r"\^[A-Z]")
_TEXT, _BEFORE = "a", "?"
"""The subfield that a bare text becomes, and the one by which readers keep it."""


def keeping(script: Script) -> Keep:
    """Return what gives the fields of a record that no rule takes, if a crosswalk says ``keep``.

    Leader and control fields that stand once go into what is being made, so that rules can put
    single positions over them.
    """
    if not script.keep:
        return lambda _record, _sink: []
    taken = re.compile("|".join(sorted(_tags(script.rules))) or "(?!)")

    def kept(record: Record, sink: Sink) -> Fields:
        rest = [field for field in record.fields if not taken.fullmatch(field[0])]
        tags = [field[0] for field in rest]
        once = [each for each in rest if isinstance(each, Control) and _stands_once(each, tags)]
        sink.controls.update({_LEADER: record.leader} if record.leader else {}, **dict(once))
        return [field for field in rest if field not in once]

    return kept


def _stands_once(field: Control, tags: list[str]) -> bool:
    return field.tag < _FIRST_DATA_TAG and tags.count(field.tag) == 1


def _tags(rules: Iterable[Rule]) -> set[str]:
    """Return the tags that rules begin with; a dot in them is any character, here as there."""
    return {source.tag for rule in rules for source in rule.sources if source.tag} - {_LEADER}


def between(made: Record, kept: Fields) -> Record:
    """Return what was made with the fields that were kept, each behind those of lower tags."""
    if not kept:
        return made
    fields = [*kept]
    for field in made.fields:
        lower = [at for at, each in enumerate(fields, 1) if each[0] <= field[0]]
        fields.insert(lower[-1] if lower else 0, field)
    return replace(made, fields=tuple(fields))


def with_subfields(record: Record) -> Record:
    """Return a record in which all text of data fields is in subfields, the first being $a."""
    return replace(record, fields=tuple(map(_whole, record.fields)))


def _lower(code: re.Match[str]) -> str:
    return code[0].lower()


def _whole(field: Control | Field | Element) -> Control | Field | Element:
    if isinstance(field, Control) and field.tag >= _FIRST_DATA_TAG:
        field = bare_field(field.tag, _CAPITAL.sub(_lower, field.value))
        if isinstance(field, Control):
            return Field(field.tag, "  ", ((_TEXT, field.value),))
    if isinstance(field, Field) and field.subfields[:1] and field.subfields[0][0] == _BEFORE:
        return field._replace(subfields=((_TEXT, field.subfields[0][1]), *field.subfields[1:]))
    return field

"""One field in two scripts: UNIMARC repeats it ($6, $7), MARC 21 has 880 beside it ($6).

A crosswalk that says ``scripts`` maps every such field by its own rules, as if it stood in the
record alone, and joins the two again by the links of the other format.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from crosswalks import tables
from crosswalks.language.altgroups import grouped
from crosswalks.language.syntax import Script
from crosswalks.model import Control, Element, Field, Record, Schema, Subfield

Map = Callable[[Record], Record]
Fields = list[Control | Field | Element]

_LINK, _SCRIPT, _OTHER = "6", "7", "880"
_UNIMARC_LINK = re.compile(r"\D?(\d\d)")
_MARC21_LINK = re.compile(r"([0-9]{3})-(\d\d)(?:/(\S+?)(?:/r)?)?\s*")
_TO_MARC21 = {row[0]: row[1] for row in tables.rows("unimarc-scripts.tsv")}
_TO_UNIMARC = {marc21: unimarc for unimarc, marc21 in reversed(_TO_MARC21.items()) if marc21}
_CODES = 2


class _Pair(NamedTuple):
    """A field and the same in another script; ``main`` is None where the link leads nowhere."""

    main: Field | None
    other: Field
    script: str


def scripted(script: Script, mapped: Map) -> Map:
    """Return a crosswalk that minds fields in other scripts, if it says so."""
    if not script.scripts:
        return mapped
    if script.source is Schema.MODS:
        return grouped(mapped)
    to_marc21 = script.target is Schema.MARC21
    split = _of_unimarc if to_marc21 else _of_marc21
    link = _linked_in_marc21 if to_marc21 else _linked_in_unimarc

    def both(record: Record) -> Record:
        if not _has_links(record):
            return mapped(record)
        plain, pairs = split(record)
        made = mapped(replace(record, fields=tuple(plain)))
        fields = list(made.fields)
        for number, pair in enumerate(pairs, 1):
            _join(_Joint(record, mapped, link), pair, number, fields)
        return replace(made, fields=tuple(fields))

    return both


class _Joint(NamedTuple):
    """What it takes to map and link one field: the record it is of, the rules, the links."""

    record: Record
    mapped: Map
    link: Callable[[Field, Field | None, str, int], tuple[Field, Field | None]]

    def alone(self, field: Field) -> list[Field]:
        """Return the fields that the rules make of a field when it is alone in its record."""
        made = self.mapped(replace(self.record, fields=(field,)))
        return [each for each in made.fields if isinstance(each, Field)]


def _join(joint: _Joint, pair: _Pair, number: int, fields: Fields) -> None:
    """Put a pair into the fields made so far, linked by this number."""
    others = joint.alone(pair.other)
    mains = joint.alone(pair.main) if pair.main else []
    if not others:
        return
    tag = mains[0].tag if mains else others[0].tag
    other = next((each for each in others if each.tag == tag), others[0])
    at = _find(fields, mains[0]) if mains else -1
    main = fields[at] if at >= 0 else None
    linked, main = joint.link(other, main if isinstance(main, Field) else None, pair.script, number)
    if main is not None:
        fields[at] = main
    fields.append(linked)


def _find(fields: Fields, wanted: Field) -> int:
    """Return where a field stands, whatever its indicators; else the first of its tag; else -1."""
    same = [at for at, each in enumerate(fields) if each[0] == wanted.tag]
    exact = [at for at in same if fields[at][2:] == (wanted.subfields,)]
    return next(iter([*exact, *same]), -1)


def _has_links(record: Record) -> bool:
    return any(
        isinstance(field, Field) and (field.tag == _OTHER or field.first(_LINK))
        for field in record.fields
    )


def _without_link(field: Field) -> Field:
    codes = (_LINK, _SCRIPT)
    return field._replace(subfields=tuple(each for each in field.subfields if each[0] not in codes))


def _of_unimarc(record: Record) -> tuple[Fields, list[_Pair]]:
    """Return the fields but those that repeat another in another script, and the pairs."""
    plain: Fields = []
    pairs: list[_Pair] = []
    mains: dict[tuple[str, str], Field] = {}
    for field in record.fields:
        number = _UNIMARC_LINK.match(field.first(_LINK)) if isinstance(field, Field) else None
        if number is None or not isinstance(field, Field):
            plain.append(field)
            continue
        bare, key = _without_link(field), (field.tag, number[1])
        if key in mains:
            pairs.append(_Pair(mains[key], bare, field.first(_SCRIPT)[:_CODES]))
        else:
            mains[key] = bare
            plain.append(bare)
    return plain, pairs


def _of_marc21(record: Record) -> tuple[Fields, list[_Pair]]:
    """Return the fields but the 880, and these with the fields they are linked to."""
    plain: Fields = []
    pairs: list[_Pair] = []
    for field in record.fields:
        link = _MARC21_LINK.fullmatch(field.first(_LINK)) if isinstance(field, Field) else None
        if not isinstance(field, Field) or not link or field.tag != _OTHER:
            plain.append(field)
            continue
        own = _without_link(field)._replace(tag=link[1])
        pairs.append(_Pair(_main_of(record, own.tag, link[2]), own, link[3] or ""))
    return plain, pairs


def _main_of(record: Record, tag: str, number: str) -> Field | None:
    wanted = f"{_OTHER}-{number}"
    for field in record.data(tag):
        if field.first(_LINK).startswith(wanted):
            return _without_link(field)
    return None


def _linked_in_marc21(
    other: Field, main: Field | None, script: str, number: int
) -> tuple[Field, Field | None]:
    code = _TO_MARC21.get(script, "")
    count = f"{number % 100:02}" if main else "00"
    target = f"{other.tag}-{count}" + (f"/{code}" if code else "")
    linked = Field(_OTHER, other.indicators, _first((_LINK, target), other))
    return linked, main and main._replace(subfields=_first((_LINK, f"{_OTHER}-{count}"), main))


def _linked_in_unimarc(
    other: Field, main: Field | None, script: str, number: int
) -> tuple[Field, Field | None]:
    code = _TO_UNIMARC.get(script, "")
    link = (_LINK, f"a{number % 100:02}")
    named: tuple[Subfield, ...] = ((_SCRIPT, code),) if code else ()
    if main is None:
        return other._replace(subfields=(*named, *other.subfields)), None
    linked = other._replace(subfields=(link, *named, *other.subfields))
    return linked, main._replace(subfields=_first(link, main))


def _first(link: Subfield, field: Field) -> tuple[Subfield, ...]:
    return (link, *field.subfields)

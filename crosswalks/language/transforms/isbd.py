"""Fields of UNIMARC as those of MARC 21, and back: the one leaves ISBD's punctuation to programs.

What stands between two subfields is written at the end of the first one, as MARC 21 does it. The
tables say what becomes what.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from crosswalks import tables
from crosswalks.language.transforms.registry import of_field
from crosswalks.model import Field, Subfield

_AGAIN, _EACH, _LAST, _SAME, _GROUP = "+", "*", "!", "=", "("
_TRAILING = re.compile(r"\s+[:;/=,]$")
_SUBDIVISIONS = {"j": "v", "x": "x", "y": "z", "z": "y"}
_IN_ORDER = ("person", "link", "traced", "stated")
"""Where the order of the table is the order of MARC 21; elsewhere it is as delivered."""


class Piece(NamedTuple):
    """What becomes of one subfield: see the head of unimarc-isbd.tsv."""

    to: str
    mark: str
    around: str
    rank: int
    each: bool = False
    last: bool = False


@dataclass(slots=True)
class _Part:
    """A subfield of MARC 21 while more may still come into it."""

    code: str
    text: str
    grouped: bool
    last: bool


def _areas() -> dict[str, dict[str, Piece]]:
    areas: dict[str, dict[str, Piece]] = {}
    for rank, (area, code, to, mark, around) in enumerate(tables.rows("unimarc-isbd.tsv")):
        piece = Piece(to[0], mark, around, rank, each=_EACH in to, last=_LAST in to)
        areas.setdefault(area, {})[code] = piece
    return areas


AREAS = _areas()
"""The subfields of each area, by their codes in UNIMARC."""
_EMBEDDED = {(tag, code): to for tag, code, to in tables.rows("unimarc-embedded.tsv")}


@of_field("isbd-title")
def _title(field: Field) -> tuple[Subfield, ...]:
    """Make a title (245) of UNIMARC's 200, with ISBD's punctuation in the order delivered."""
    return written("title", field.subfields)


@of_field("isbd-edition")
def _edition(field: Field) -> tuple[Subfield, ...]:
    """Make an edition (250) of UNIMARC's 205."""
    return written("edition", field.subfields)


@of_field("isbd-imprint")
def _imprint(field: Field) -> tuple[Subfield, ...]:
    """Make an imprint (260, 264) of UNIMARC's 210 or 214."""
    return written("imprint", field.subfields)


@of_field("isbd-extent")
def _extent(field: Field) -> tuple[Subfield, ...]:
    """Make a physical description (300) of UNIMARC's 215."""
    return written("extent", field.subfields)


@of_field("isbd-series")
def _series(field: Field) -> tuple[Subfield, ...]:
    """Make a series statement (490) of UNIMARC's 225."""
    return written("series", field.subfields)


@of_field("person")
def _person(field: Field) -> tuple[Subfield, ...]:
    """Make a person's heading of UNIMARC's 600 or 70X: "surname, forenames" in one subfield."""
    return written("person", field.subfields)


@of_field("body")
def _body(field: Field) -> tuple[Subfield, ...]:
    """Make a corporate body's heading of UNIMARC's 601 or 71X."""
    return written("body", field.subfields)


@of_field("meeting")
def _meeting(field: Field) -> tuple[Subfield, ...]:
    """Make a meeting's heading of UNIMARC's 601 or 71X."""
    return written("meeting", field.subfields)


@of_field("family")
def _family(field: Field) -> tuple[Subfield, ...]:
    """Make a family's heading of UNIMARC's 602 or 72X."""
    return written("family", field.subfields)


@of_field("heading")
def _heading(field: Field) -> tuple[Subfield, ...]:
    """Make a uniform title's heading of UNIMARC's 500, 501, 503 or 605."""
    return written("heading", field.subfields)


@of_field("link")
def _link(field: Field) -> tuple[Subfield, ...]:
    """Make a link to another record (760 to 787) of UNIMARC's 4XX, by either of its techniques."""
    return written("link", _titled(_unfolded(field)))


@of_field("traced-series")
def _traced(field: Field) -> tuple[Subfield, ...]:
    """Make a traced series (830) of UNIMARC's 410 or 411, by either technique."""
    return written("traced", _titled(_unfolded(field)))


@of_field("name-and-title")
def _name_and_title(field: Field) -> tuple[Subfield, ...]:
    """Make a heading of a name, a title and subdivisions of UNIMARC's 604, which embeds them."""
    parts: dict[str, list[Subfield]] = {"7": [], "5": [], "6": []}
    kind, body = "", False
    for code, value in field.subfields:
        if code == "1":
            kind, body = value[:1], body or value[:2] == "71"
        elif kind in parts:
            parts["6" if code in _SUBDIVISIONS else kind].append((code, value))
    name = written("body" if body else "person", tuple(parts["7"]))
    title = [("t", value) for code, value in parts["5"] if code == "a"]
    divided = [(_SUBDIVISIONS[code], value) for code, value in parts["6"] if code in _SUBDIVISIONS]
    return (*name, *title, *divided)


@of_field("stated-series")
def _stated(field: Field) -> tuple[Subfield, ...]:
    """Make a series statement (490) of UNIMARC's 410 or 411, where there is no 225."""
    return written("stated", _titled(_unfolded(field)))


def written(area: str, subfields: tuple[Subfield, ...]) -> tuple[Subfield, ...]:
    """Return the subfields of MARC 21 for those of an area of UNIMARC."""
    pieces = list(_pieces(AREAS[area], subfields))
    if area in _IN_ORDER:
        pieces.sort(key=lambda each: each[0].rank)
    parts: list[_Part] = []
    for piece, text in pieces:
        _put(parts, piece, text)
    if parts and parts[-1].grouped:
        parts[-1].text += ")"
    return tuple([(part.code, part.text) for part in parts])


def _pieces(
    known: dict[str, Piece], subfields: tuple[Subfield, ...]
) -> Iterator[tuple[Piece, str]]:
    seen: set[str] = set()
    before = ""
    for code, value in subfields:
        text = _TRAILING.sub("", value.strip())
        piece = known.get(before + code) or (known.get(code + _AGAIN) if code in seen else None)
        piece = piece or known.get(code)
        if piece and (text := _without(piece.mark.strip(), text)):
            seen.add(code)
            before = code
            yield piece, text


def _without(mark: str, text: str) -> str:
    """Return a text without the mark that some libraries deliver at its start."""
    return text[len(mark) :].lstrip() if mark and text.startswith(mark) else text


def _put(parts: list[_Part], piece: Piece, text: str) -> None:
    """Put a piece behind the others: into the subfield it continues, or as a new one."""
    if len(piece.around) > 1 and not text.startswith(piece.around[0]):
        text = piece.around[0] + text + piece.around[1]
    grouped = piece.around == _GROUP
    if not parts:
        code = "a" if piece.to == _SAME else piece.to
        parts.append(_Part(code, f"({text}" if grouped else text, grouped, piece.last))
        return
    last = parts[-1]
    if _continues(parts, piece):
        last.text = _marked(last.text, piece.mark) + text
        return
    if last.grouped and not grouped:
        last.text += ")"
    if not grouped or last.grouped:
        last.text = _marked(last.text, piece.mark.rstrip())
    opened = f"({text}" if grouped and not last.grouped else text
    parts.append(_Part(piece.to, opened, grouped, piece.last))


def _continues(parts: list[_Part], piece: Piece) -> bool:
    if piece.to == _SAME or parts[-1].last:
        return True
    return not piece.each and any(part.code == piece.to for part in parts)


def _marked(text: str, mark: str) -> str:
    """Return a text with a mark behind it, of which no full stop or comma stands twice."""
    if mark[:1] in ".," and mark[:1] and text.endswith((mark[0], "!", "?")):
        return text + mark[1:]
    return text + mark


def _titled(subfields: tuple[Subfield, ...]) -> tuple[Subfield, ...]:
    """Return subfields of 4XX where the only name given is the title's, whatever its code."""
    codes = {code for code, _ in subfields}
    if "t" in codes or "a" not in codes:
        return subfields
    return tuple([("t" if code == "a" else code, value) for code, value in subfields])


def _unfolded(field: Field) -> tuple[Subfield, ...]:
    """Return a field of 4XX with its embedded fields ($1) as plain subfields."""
    if not any(code == "1" for code, _ in field.subfields):
        return field.subfields
    found: list[Subfield] = []
    tag, named, taking_name = "", False, True
    for code, value in field.subfields:
        if code != "1":
            to = _EMBEDDED.get((tag, code), "") if tag else code
            if to and (taking_name or tag[0] != "7"):
                found.append((to, value))
            continue
        tag = value[:3]
        if tag[:1] == "7":
            taking_name, named = not named, True
        if (tag, "") in _EMBEDDED:
            found.append((_EMBEDDED[tag, ""], value[3:]))
    return tuple(found)

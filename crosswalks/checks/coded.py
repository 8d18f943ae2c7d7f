"""MARC 21 coded positions: leader, 006, 007 and 008, by the kind of material.

What is fixed by a table is judged once for each value and remembered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from crosswalks import tables
from crosswalks.checks.codes import CURRENT, OLDER, CodeList
from crosswalks.checks.problems import Fault
from crosswalks.checks.problems import problem as _problem
from crosswalks.formats.leader import LENGTH
from crosswalks.model import Problem, Severity

LENGTH_008 = 40
_LENGTH_006 = 18
_FILL = "|"
_YEAR = "[0-9u]{4}"
_SHAPES = {
    "y": rf"(?:{_YEAR}|\|{{4}})",
    "_": r"(?: {4}|\|{4})",
    "u": "uuuu",
    "9": "9999",
    "d": r"[0-1u ][0-9u ][0-3u ][0-9u ]",
}
_TOO_LATE = 2100


class Position(NamedTuple):
    """One coded place: where, what may stand there, and what it is called."""

    start: int
    end: int
    how: str
    codes: frozenset[str]
    older: frozenset[str]
    name: str


def leader_faults(leader: str) -> tuple[Fault, ...]:
    """Return what is wrong with the coded positions of a leader of 24 characters."""
    return _fixed("LDR", "", leader[5:12], 5) + _fixed("LDR", "", leader[17:LENGTH], 17)


def check_008(value: str, leader: str) -> Sequence[Problem]:
    """Return the problems of field 008; the leader says how to read 008/18-34."""
    if len(value) != LENGTH_008:
        return (_problem("bad-008", "008", value, f"{len(value)} characters in place of 40"),)
    faults = (
        _fixed("008", kind_of(leader[6:7], leader[7:8]), value[18:35], 18)
        + _fixed("008", "", value[6], 6)
        + _fixed("008", "", value[38:], 38)
        + _dates(value[6:15])
        + _place_and_language(value[15:18], value[35:38])
    )
    return [fault.at("008", value) for fault in faults]


def check_006(value: str) -> Sequence[Problem]:
    """Return the problems of a field 006."""
    kind = kind_of(value[:1], "")
    if len(value) != _LENGTH_006 or not kind:
        wrong = f"{len(value)} characters in place of 18" if kind else "its first letter is none"
        return (_problem("bad-006", "006", value, wrong),)
    return [fault.at("006", value) for fault in _fixed("008", kind, value[1:], 18)]


def check_007(value: str) -> Sequence[Problem]:
    """Return the problems of a field 007."""
    least, most = _LENGTHS.get(value[:1], (0, 0))
    if not least <= len(value) <= most:
        wrong = (
            f"{len(value)} characters in place of {most}" if most else "its first letter is none"
        )
        return (_problem("bad-007", "007", value, wrong),)
    return [fault.at("007", value) for fault in _fixed("007", value[:1], value, 0)]


@lru_cache(maxsize=64)
def kind_of(type_: str, level: str) -> str:
    """Return the kind of material of leader/06-07, or of 006/00; empty if there is none."""
    return _KINDS.get((type_, level)) or _KINDS.get((type_, ""), "")


@lru_cache(maxsize=1 << 13)
def _fixed(part: str, kind: str, value: str, begin: int) -> tuple[Fault, ...]:
    """Return the faults in a stretch of a coded field that begins at this position.

    Of what is only unusual the first is told: where one code is missing, most are.
    """
    found = [
        fault
        for position in _POSITIONS.get((part, kind), ())
        if begin <= position.start and position.end <= begin + len(value)
        for fault in _position(part, position, value[position.start - begin : position.end - begin])
    ]
    wrong = [fault for fault in found if fault.severity is not Severity.INFO]
    unusual = [fault for fault in found if fault.severity is Severity.INFO]
    return (*wrong, *unusual[:1])


def _position(part: str, position: Position, value: str) -> Iterator[Fault]:
    for given in value if position.how == "each" else (value,):
        if given in position.codes or not given.strip(_FILL) or _is_number(position, given):
            continue
        known = given in position.older or (part != "LDR" and not given.strip())
        code = "bad-leader" if part == "LDR" else "bad-code"
        at = f"{position.start:02}" + (
            "" if position.end == position.start + 1 else f"-{position.end - 1:02}"
        )
        why = f"{part}/{at} ({position.name}) is {given!r}, " + (
            "an older code or one system's own"
            if given in position.older
            else "which is no code there"
        )
        yield Fault(code, Severity.INFO if known else Severity.WARNING, why)
        return


def _is_number(position: Position, given: str) -> bool:
    return position.how == "number" and given.isdigit()


@lru_cache(maxsize=1 << 13)
def _dates(value: str) -> tuple[Fault, ...]:
    """Return the faults of 008/06-14: a type of date and the two dates it calls for."""
    rule = _DATES.get(value[0])
    if rule is None:
        return ()
    first, second = value[1:5], value[5:]
    if not rule.first.fullmatch(first) or not rule.second.fullmatch(second):
        why = f"dates {first!r} and {second!r} do not go with type {value[0]}"
        return (Fault("bad-date", Severity.WARNING, why),)
    if rule.ordered and first.isdigit() and second.isdigit() and first > second:
        return (Fault("bad-date", Severity.WARNING, f"{first} is later than {second}"),)
    if first.isdigit() and int(first) >= _TOO_LATE and first != "9999":
        return (Fault("bad-date", Severity.WARNING, f"{first} has yet to come"),)
    return ()


@lru_cache(maxsize=1 << 12)
def _place_and_language(place: str, language: str) -> tuple[Fault, ...]:
    return (
        *_listed(place.rstrip(), CodeList.COUNTRY, "unknown-country", "008/15-17"),
        *_listed(language, CodeList.LANGUAGE, "unknown-language", "008/35-37"),
    )


def _listed(code: str, within: CodeList, name: str, at: str) -> Iterator[Fault]:
    if not code.strip() or not code.strip(_FILL) or code in CURRENT[within]:
        return
    if code in OLDER[within]:
        yield Fault("obsolete", Severity.INFO, f"{at}: {code} is no longer used")
    else:
        yield Fault(name, Severity.WARNING, f"{at}: {code!r} is not in the code list")


class _DateRule(NamedTuple):
    first: re.Pattern[str]
    second: re.Pattern[str]
    ordered: bool


def _positions() -> Mapping[tuple[str, str], tuple[Position, ...]]:
    found: dict[tuple[str, str], list[Position]] = {}
    for part, kind, at, how, codes, older, name in tables.rows("marc21-positions.tsv"):
        start, _, end = at.partition("-")
        position = Position(
            start=int(start),
            end=int(end or start) + 1,
            how=how,
            codes=_codes(codes, how),
            older=_codes(older, how),
            name=name,
        )
        found.setdefault((part, kind), []).append(position)
    return {key: tuple(each) for key, each in found.items()}


def _codes(cell: str, how: str) -> frozenset[str]:
    spread = cell.replace("_", " ") if how == "each" else cell
    return frozenset(spread if how == "each" else [w.replace("_", " ") for w in spread.split()])


def _date_rules() -> Iterator[tuple[str, _DateRule]]:
    for kind, first, second, order in tables.rows("marc21-dates.tsv"):
        patterns = [re.compile("|".join(_SHAPES[one] for one in cell)) for cell in (first, second)]
        yield kind, _DateRule(patterns[0], patterns[1], ordered=bool(order))


_POSITIONS = _positions()
_KINDS = {
    (type_, level): kind
    for type_, levels, kind in tables.rows("marc21-kinds.tsv")
    for level in levels or ("",)
}
_LENGTHS = {
    first: (int(least), int(most)) for first, least, most in tables.rows("marc21-lengths.tsv")
}
_DATES = dict(_date_rules())

"""MARC 21 fields by their shape: tag, indicators and the subfield codes in their order.

Real records repeat a few thousand shapes for ever, so each is judged once and remembered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from crosswalks import tables
from crosswalks.checks.damage import LOST
from crosswalks.checks.problems import Fault
from crosswalks.model import Severity

_LINKING = "6 7* 8*"
_LOCAL = "9"
_TAG = re.compile("[0-9A-Z]{3}|[0-9a-z]{3}")
_CODE = re.compile("[0-9A-Za-z!-/:-?[-`{}~]")
_RANGE = re.compile(r"(\d)-(\d)")
_DIGITS = "0123456789"
_LINKED = "880"


class Rule(NamedTuple):
    """What MARC 21 says of one tag."""

    repeatable: bool
    indicators: tuple[str, str]
    subfields: dict[str, bool] | None
    """Each code, and whether it may be repeated; None where any may stand."""
    obsolete_indicators: tuple[str, str] = ("", "")
    obsolete_subfields: str = ""


def faults(tag: str, indicators: str, codes: tuple[str, ...]) -> tuple[Fault, ...]:
    """Return what is wrong with every field of this shape."""
    return tuple(_faults(tag, indicators, codes))


def _faults(tag: str, indicators: str, codes: tuple[str, ...]) -> Iterator[Fault]:
    if not _TAG.fullmatch(tag):
        yield Fault("bad-tag", Severity.WARNING, "")
    if "\ufffd" in indicators:
        yield Fault("damaged-text", Severity.WARNING, LOST)
    if not codes:
        yield Fault("no-subfields", Severity.WARNING, "")
    if bad := [code for code in codes if not _CODE.fullmatch(code)]:
        yield Fault("bad-subfield-code", Severity.WARNING, f"code {bad[0]!r}")
    elif rule := RULES.get(tag):
        yield from _indicators(rule, indicators) if "\ufffd" not in indicators else ()
        yield from _subfields(rule, codes)
    elif now := OBSOLETE.get(tag):
        yield Fault("obsolete", Severity.INFO, f"the field is no longer used; see {now}")
    elif _LOCAL not in tag and tag.isdigit() and tag != _LINKED:
        yield Fault("undefined-tag", Severity.WARNING, "MARC 21 has no such field")


def _indicators(rule: Rule, indicators: str) -> Iterator[Fault]:
    for place, (allowed, old) in enumerate(
        zip(rule.indicators, rule.obsolete_indicators, strict=True)
    ):
        yield from _indicator(place + 1, indicators[place : place + 1], allowed, old)


def _indicator(place: int, value: str, allowed: str, old: str) -> Iterator[Fault]:
    if not value or value not in allowed:
        known = bool(value) and value in old
        code, severity = (
            ("obsolete", Severity.INFO) if known else ("bad-indicator", Severity.WARNING)
        )
        wanted = ", ".join(map(_named, allowed))
        why = f"indicator {place} is {_named(value)}, not one of: {wanted}"
        yield Fault(code, severity, why)


def _named(indicator: str) -> str:
    return {" ": "blank", "": "missing"}.get(indicator, indicator)


def _subfields(rule: Rule, codes: tuple[str, ...]) -> Iterator[Fault]:
    subfields = rule.subfields
    for code in dict.fromkeys(codes):
        if subfields is None or code == _LOCAL:
            continue
        if code not in subfields:
            old = code in rule.obsolete_subfields
            kind, severity = (
                ("obsolete", Severity.INFO) if old else ("undefined-subfield", Severity.WARNING)
            )
            yield Fault(kind, severity, f"${code} is not used in this field")
        elif not subfields[code] and codes.count(code) > 1:
            yield Fault("repeated-subfield", Severity.WARNING, f"${code} may stand only once")


def _rules() -> Iterator[tuple[str, Rule]]:
    for tag, _, repeat, first, second, subfields, obsolete in tables.rows("marc21-fields.tsv"):
        old = {place: "".join(codes) for place, codes in _obsolete(obsolete).items()}
        yield (
            tag,
            Rule(
                repeatable=repeat == "R",
                indicators=(_set(first), _set(second)),
                subfields=None if subfields == "." else _repeats(subfields),
                obsolete_indicators=(_set(old.get("1", "")), _set(old.get("2", ""))),
                obsolete_subfields=old.get("$", ""),
            ),
        )


def _obsolete(cell: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for part in cell.replace("$", " $").split():
        place, codes = (part[0], part[2:]) if part[1] == ":" else ("$", part[1:])
        found.setdefault(place, []).append(codes)
    return found


def _set(cell: str) -> str:
    """Return the characters that a cell such as ``_0-3`` stands for."""
    spread = _RANGE.sub(lambda found: _DIGITS[int(found[1]) : int(found[2]) + 1], cell)
    return spread.replace("_", " ")


def _repeats(cell: str) -> dict[str, bool]:
    repeats: dict[str, bool] = {}
    for part in cell.replace("L", _LINKING).split():
        repeats.setdefault(part[0], part.endswith("*"))
    return repeats


RULES = dict(_rules())
OBSOLETE = {row[0]: row[1] for row in tables.rows("marc21-obsolete.tsv")}
ONCE = frozenset(tag for tag, rule in RULES.items() if not rule.repeatable)
"""Tags that a record may have only once."""

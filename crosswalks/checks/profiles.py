"""Dublin Core against a profile: what must be there, what should, and which form values take.

At least one value of an element must be as the profile wants it: repositories give the same thing
in several forms, and one is enough for who reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from crosswalks import tables
from crosswalks.checks.codes import CURRENT, CodeList
from crosswalks.checks.problems import problem as _problem
from crosswalks.model import Element, Problem, Record, Schema, Severity

DC_SCHEMAS = frozenset((Schema.OAI_DC, Schema.QDC, Schema.DIM))
"""The schemas that a profile can be held against."""


class Need(StrEnum):
    """How much a profile wants an element."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"
    OPTIONAL = "optional"


class Wanted(NamedTuple):
    """One element of a profile."""

    element: str
    names: tuple[str, ...]
    need: Need
    rule: str

    def holds(self, name: str) -> bool:
        """Tell whether an element with this name is the one wanted."""
        return any(
            name.startswith(each[:-1]) if each.endswith("*") else name == each
            for each in self.names
        )


def check_profile(record: Record, profile: str) -> tuple[Problem, ...]:
    """Return what a record lacks for a profile of ``PROFILES``; nothing if it is no Dublin Core."""
    if record.schema not in DC_SCHEMAS:
        return ()
    elements = [field for field in record.fields if isinstance(field, Element)]
    wanted = PROFILES[profile]
    return (*_empty(elements), *_unknown(elements, wanted), *_lacking(elements, wanted))


def _empty(elements: Sequence[Element]) -> Iterator[Problem]:
    for name in dict.fromkeys(each.name for each in elements if not _text(each)):
        yield _problem("empty-element", name, "", "there is no text in it", Severity.INFO)


def _unknown(elements: Sequence[Element], wanted: Sequence[Wanted]) -> Iterator[Problem]:
    # Only a profile that lists all of Dublin Core can tell what is not part of it.
    if not any(each.element == _ALL_ELSE for each in wanted):
        return
    for name in dict.fromkeys(each.name for each in elements):
        if not any(each.holds(name) for each in wanted):
            yield _problem("unknown-element", name, "", "Dublin Core has no such element")


def _lacking(elements: Sequence[Element], wanted: Sequence[Wanted]) -> Iterator[Problem]:
    for each in wanted:
        values = [_text(one) for one in elements if each.holds(one.name) and _text(one)]
        must = each.need is Need.REQUIRED
        severity = Severity.WARNING if must else Severity.INFO
        if not values and each.need is not Need.OPTIONAL:
            yield _problem("missing-element", each.element, "", f"it is {each.need}", severity)
        elif values and each.rule and not any(map(_RULES[each.rule], values)):
            why = _WHY[each.rule]
            yield _problem("bad-value", each.element, values[0], why, severity)


def _text(element: Element) -> str:
    return element.text.strip()


_ALL_ELSE = "other"
_W3CDTF = re.compile(
    r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01])"
    r"(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?)?)?"
)
_LANGUAGE = re.compile(r"([a-z]{2,3})([-_][A-Za-z0-9]{2,8})*")
_RESOLVABLE = re.compile(
    r"https?://[^\s/]+\.[^\s/]+\S*|(doi:|hdl:|info:doi/)?10\.\d{4,9}/\S+|hdl:[\d.]+/\S+|urn:\S+:\S+",
    re.IGNORECASE,
)
_LOCAL = re.compile(r"https?://(localhost|127\.|10\.|192\.168\.|hdl\.handle\.net/123456789/)")


def _is_language(value: str) -> bool:
    found = _LANGUAGE.fullmatch(value)
    code = found[1] if found else ""
    return len(code) == _SHORT or code in CURRENT[CodeList.LANGUAGE] or _is_iso(code)


_SHORT = 2


def _is_resolvable(value: str) -> bool:
    return bool(_RESOLVABLE.fullmatch(value)) and not _LOCAL.match(value)


def _listed(rule: str) -> Callable[[str], bool]:
    values = [value for name, value in tables.rows("dc-values.tsv") if name == rule]
    exact = frozenset(values)
    prefixes = tuple(value[:-1] for value in values if value.endswith("*"))
    return lambda value: value.lower() in exact or value.lower().startswith(prefixes)


_is_iso = _listed("language")
"""ISO 639-2/T codes, where MARC uses the other one."""
_RULES: Mapping[str, Callable[[str], bool]] = {
    "w3cdtf": lambda value: bool(_W3CDTF.fullmatch(value)),
    "language": _is_language,
    "resolvable": _is_resolvable,
    "type": _listed("type"),
    "rights": _listed("rights"),
}
_WHY = {
    "w3cdtf": "no date is written as 2024, 2024-05 or 2024-05-31",
    "language": "no ISO 639 code of two or three letters",
    "resolvable": "no web address, DOI, handle or URN that leads to it from outside",
    "type": "no type of the vocabularies of OpenAIRE, COAR or DCMI",
    "rights": "no access right of OpenAIRE or COAR, no licence of Creative Commons",
}


def _profiles() -> dict[str, tuple[Wanted, ...]]:
    found: dict[str, list[Wanted]] = {}
    for profile, element, names, need, rule in tables.rows("dc-profiles.tsv"):
        wanted = Wanted(element, tuple(names.split()), Need(need), rule)
        found.setdefault(profile, []).append(wanted)
    return {name: tuple(each) for name, each in found.items()}


PROFILES: Mapping[str, tuple[Wanted, ...]] = _profiles()
"""The profiles by name."""

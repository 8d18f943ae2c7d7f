"""The policy a decision is made under: weights and thresholds as values, read from a file."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any, TypeGuard

from catalogue.errors import (
    PolicyIncomplete,
    PolicyNoIsbn,
    PolicyNoName,
    PolicyNoNames,
    PolicyNoNumber,
    PolicyNoText,
    PolicyOutOfOrder,
    PolicyUnknown,
    PolicyUnreadable,
)
from catalogue.match.codes import AND, CODES, kind_of
from catalogue.match.identifiers import isbn13


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of the matching policy; what each figure means is said in ``policy.toml``."""

    version: str
    block_cap: int
    component_cap: int
    theta: float
    same: float
    ask: float
    sure: float
    title_least: float
    title_close: float
    marks_least: float
    name_close: float
    name_near: float
    publisher_close: float
    publisher_near: float
    yearly_countries: tuple[str, ...]
    yearly_languages: tuple[str, ...]
    base: float
    weights: Mapping[str, float]
    together: Mapping[tuple[str, str], float] = field(default_factory=dict)
    """Points two codes have besides where both are given."""
    reused: frozenset[str] = frozenset()
    """ISBN-13s that stand on several books: equal or not, they say nothing."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Names by ``name_key`` that mean one person, each with the first of them."""


RULES = "3"
"""Raise it whenever a pair might be judged otherwise by the same text: by other comparisons, vetoes
or holds, or when ``keys`` or ``refined`` give others. All records are then placed again."""
LIMITS = ("block_cap", "component_cap")
"""Whole numbers."""
SHARES = tuple(each.name for each in fields(Policy) if each.type == "float" and each.name != "base")
"""Numbers between 0 and 1."""
LISTS = ("yearly_countries", "yearly_languages")
_MOST_POINTS = 100
_SHOWN = 60
_MOST_RECORDS = 1_000_000_000
_RISING = (
    *(("ask", "same"), ("same", "sure")),
    *(("name_near", "name_close"), ("publisher_near", "publisher_close")),
)
"""Figures that must not be above another."""
_SECTIONS = {
    "limits": {*LIMITS, "theta"},
    "thresholds": {*SHARES, *LISTS} - {"theta"},
    "weights": set(CODES),
}
_WHOLE = {"version", "base", *_SECTIONS}
_REUSED = "reused"
_TOGETHER = "together"
_NAMES = "names"
_OPTIONAL = (_REUSED, _TOGETHER, _NAMES)
_BETWEEN = " = "
"""Stands between the names of one person."""
_NAME = re.compile(r"[\w.-]{1,40}")
_VERSION = re.compile(r'(?m)^version\s*=\s*(["\']).*?\1')
_SECTION = re.compile(r"(?ms)^\[reused\].*?(?=^\[|\Z)")
_NAMED = re.compile(r"(?ms)^\[names\].*?(?=^\[|\Z)")
_LINE = re.compile(r"at line (\d+)")


def read_policy(text: str) -> Policy:
    """Return the policy written in TOML, as ``policy.toml`` explains it.

    Raise ``PolicyError`` where it is no TOML, lacks a figure, names one that nothing is known by,
    gives what is no number in its range, or thresholds that contradict each other.
    """
    return _made(_read(text))


def kept_policy(text: str) -> Policy:
    """Return a policy that was kept, perhaps under an earlier version of the program.

    What it does not speak of counts as in the shipped one; what nothing is known by any more is
    passed over.
    """
    said, shipped = _read(text), _read(shipped_text())
    for section, names in _SECTIONS.items():
        said[section] = shipped[section] | {
            name: value for name, value in said[section].items() if name in names
        }
    said[_TOGETHER] = {
        name: value
        for name, value in said.get(_TOGETHER, {}).items()
        if AND.join(_two(name)) in _pairs()
    }
    return _made(
        {
            name: value
            for name, value in said.items()
            if name in {*_WHOLE, _REUSED, _TOGETHER, _NAMES}
        }
    )


def _made(said: dict[str, Any]) -> Policy:
    reused, together = said.pop(_REUSED, {"isbn": []}), said.pop(_TOGETHER, {})
    names = said.pop(_NAMES, {"same": []})
    _check_names(said, _WHOLE, "")
    _check_pairs(together)
    lists = {_REUSED: reused, _NAMES: names}
    for section, wanted in {**_SECTIONS, _REUSED: {"isbn"}, _NAMES: {"same"}}.items():
        found = lists[section] if section in lists else said[section]
        if not isinstance(found, dict):
            raise PolicyIncomplete(names=section)
        _check_names(found, wanted, f"{section}.")
    _check_values(said)
    made = Policy(
        version=said["version"],
        base=said["base"],
        **said["limits"],
        **said["thresholds"],
        weights=said["weights"],
        together={_two(name): points for name, points in together.items()},
        reused=_isbns(reused["isbn"]),
        names=_same_names(names["same"]),
    )
    for low, high in _RISING:
        if getattr(made, low) > getattr(made, high):
            raise PolicyOutOfOrder(
                low=low, high=high, less=getattr(made, low), more=getattr(made, high)
            )
    return made


def _read(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        lines = text.splitlines() or [""]
        found = _LINE.search(str(error))
        line = min(int(found[1]) if found else len(lines), len(lines))
        raise PolicyUnreadable(line=line, text=lines[line - 1].strip()[:_SHOWN]) from error


def _check_names(said: Mapping[str, object], wanted: Collection[str], within: str) -> None:
    unknown = sorted(set(said) - set(wanted))
    if unknown:
        close = get_close_matches(unknown[0], sorted(wanted), n=1, cutoff=0)
        raise PolicyUnknown(name=f"{within}{unknown[0]}", close=f"{within}{close[0]}")
    missing = sorted(set(wanted) - set(said))
    if missing:
        raise PolicyIncomplete(names=", ".join(within + name for name in missing))


@cache
def _pairs() -> frozenset[str]:
    """Return every two codes that one pair of records can have, as they are written."""
    return frozenset(
        f"{a}{AND}{b}" for a in CODES for b in CODES if a < b and kind_of(a) != kind_of(b)
    )


def _two(name: str) -> tuple[str, str]:
    """Return two codes as they are sorted, in whichever order they are written."""
    one, _, other = name.partition(AND)
    return (one, other) if one < other else (other, one)


def _check_pairs(said: object) -> None:
    if not isinstance(said, dict):
        raise PolicyIncomplete(names=_TOGETHER)
    for name, points in said.items():
        ordered = AND.join(_two(name))
        if ordered not in _pairs():
            close = get_close_matches(ordered, _pairs(), n=1, cutoff=0)
            raise PolicyUnknown(name=f"{_TOGETHER}.{name}", close=f"{_TOGETHER}.{close[0]}")
        _check_number(f"{_TOGETHER}.{name}", points, -_MOST_POINTS, _MOST_POINTS)


def _check_values(said: Mapping[str, Any]) -> None:
    limits, thresholds = said["limits"], said["thresholds"]
    if not isinstance(said["version"], str):
        raise PolicyNoText(name="version", value=said["version"])
    if not _NAME.fullmatch(said["version"]):
        raise PolicyNoName(value=said["version"])
    for name in LISTS:
        if not _is_texts(thresholds[name]):
            raise PolicyNoText(name=f"thresholds.{name}", value=thresholds[name])
    for name in LIMITS:
        _check_number(f"limits.{name}", limits[name], 2, _MOST_RECORDS, whole=True)
    for name in SHARES:
        within = "limits" if name in limits else "thresholds"
        _check_number(f"{within}.{name}", said[within][name], 0, 1)
    for name, points in (("base", said["base"]), *said["weights"].items()):
        _check_number(name, points, -_MOST_POINTS, _MOST_POINTS)


def _check_number(
    name: str, value: object, least: float, most: float, *, whole: bool = False
) -> None:
    kinds = (int,) if whole else (int, float)
    if type(value) not in kinds or not least <= float(str(value)) <= most:
        raise PolicyNoNumber(name=name, value=value, least=f"{least:.0f}", most=f"{most:.0f}")


def _isbns(said: object) -> frozenset[str]:
    if not _is_texts(said):
        raise PolicyNoText(name=f"{_REUSED}.isbn", value=said)
    found = {text: isbn13(text) for text in said}
    wrong = next((text for text, number in found.items() if not number), None)
    if wrong is not None:
        raise PolicyNoIsbn(name=f"{_REUSED}.isbn", value=wrong)
    return frozenset(found.values())


def _same_names(said: object) -> Mapping[str, str]:
    if not _is_texts(said):
        raise PolicyNoText(name=f"{_NAMES}.same", value=said)
    found: dict[str, str] = {}
    for line in said:
        first, *others = (name.strip() for name in line.split(_BETWEEN.strip()))
        if not others or not all((first, *others)) or not {first, *others}.isdisjoint(found):
            raise PolicyNoNames(name=f"{_NAMES}.same", value=line)
        found |= dict.fromkeys((first, *others), first)
    return found


def _is_texts(value: object) -> TypeGuard[list[str]]:
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value)


def figures(made: Policy) -> dict[str, str]:
    """Return all that a policy says but its name, as ``section.name`` and a text."""
    weights = {f"weights.{name}": points for name, points in made.weights.items()}
    limits = {f"limits.{name}": getattr(made, name) for name in _SECTIONS["limits"]}
    shares = {f"thresholds.{name}": getattr(made, name) for name in _SECTIONS["thresholds"]}
    together = {f"{_TOGETHER}.{AND.join(two)}": points for two, points in made.together.items()}
    said = {"base": made.base, **limits, **shares, **weights, **together}
    found = {name: _told(value) for name, value in sorted(said.items())}
    lists = {f"{_REUSED}.isbn": ", ".join(sorted(made.reused))}
    return found | lists | {f"{_NAMES}.same": "; ".join(same_names(made))}


def _told(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple | list) else f"{value:g}"


def with_reused(text: str, version: str, isbns: Collection[str]) -> str:
    """Return the text of a policy under another name, with these as its reused ISBNs."""
    kept = _SECTION.sub("", text).rstrip("\n")
    listed = "".join(f'  "{isbn}",\n' for isbn in sorted(isbns))
    renamed = _VERSION.sub(lambda _: f'version = "{version}"', kept, count=1)
    return f"{renamed}\n\n[{_REUSED}]\nisbn = [\n{listed}]\n"


def same_names(made: Policy) -> list[str]:
    """Return the names that mean one person, a line each person."""
    groups: dict[str, list[str]] = {}
    for name, first in made.names.items():
        groups.setdefault(first, []).append(name)
    return sorted(_BETWEEN.join(names) for names in groups.values())


def with_names(text: str, version: str, groups: Collection[Collection[str]]) -> str:
    """Return the text of a policy under another name, with these as names of one person each."""
    kept = _NAMED.sub("", text).rstrip("\n")
    lines = sorted(_BETWEEN.join(sorted(group)) for group in groups)
    listed = "".join(f'  "{line}",\n' for line in lines)
    renamed = _VERSION.sub(lambda _: f'version = "{version}"', kept, count=1)
    return f"{renamed}\n\n[{_NAMES}]\nsame = [\n{listed}]\n"


@cache
def policy() -> Policy:
    """Return the policy that comes with the program: what a hub begins with."""
    return read_policy(shipped_text())


@cache
def shipped_text() -> str:
    """Return the text of that policy, with what it explains."""
    return files("catalogue.match").joinpath("policy.toml").read_text("utf-8")

"""Crosswalks whose every rule looks at one field alone, run field by field: one pass over a record.

Most maps down from MARC are of this kind, and they run on every record that is given out. The
meaning is that of ``compile``'s general way after ``normalise``, which a test compares; only the
order of the work differs, and that the text which is kept is brought into NFC, not all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from crosswalks.language.conditions import When
from crosswalks.language.errors import MappingFailed
from crosswalks.language.lines import Taken, composed
from crosswalks.language.syntax import Kind, Path, Rule, Script
from crosswalks.language.taking import Taking
from crosswalks.language.transforms import Made, Scope
from crosswalks.language.transforms.registry import OnValue
from crosswalks.language.transforms.text import Joining
from crosswalks.model import Control, Element, Record
from crosswalks.text import nfc, storable

Found: TypeAlias = list[tuple[int, str]]
"""What rules gave so far: the rule's number and a text."""
Take: TypeAlias = Callable[[Any, Found], None]

_LINKED, _LINK = "880", "6"
_number: Callable[[tuple[int, str]], int] = itemgetter(0)


class _Numbered(NamedTuple):
    """A rule as a function of one field; ``only_first``: not if its element is there already."""

    target: Path
    only_first: bool
    by_tag: tuple[tuple[str, bool, Take], ...]


class Plan(NamedTuple):
    """All rules of a crosswalk by the tag that they look at."""

    by_tag: dict[str, tuple[Take, ...]]
    linked: dict[str, tuple[Take, ...]]
    """Those that look at the 880 fields linked to a tag as well."""
    names: tuple[str, ...]
    attributes: tuple[tuple[tuple[str, str], ...], ...]
    only_first: frozenset[int]


def plan(script: Script, taken: Iterable[tuple[Rule, Taken]]) -> Plan | None:
    """Return the rules by tag, or None if one of them needs more than a field at a time."""
    if script.names or script.resolve or script.nonsort or script.scripts or not script.distinct:
        return None
    numbered = [_numbered(number, rule, got) for number, (rule, got) in enumerate(taken)]
    rules = [rule for rule in numbered if rule is not None]
    if len(rules) < len(numbered):
        return None
    by_tag: dict[str, tuple[Take, ...]] = {}
    linked: dict[str, tuple[Take, ...]] = {}
    for rule in rules:
        for tag, also_linked, take in rule.by_tag:
            by_tag[tag] = (*by_tag.get(tag, ()), take)
            if also_linked:
                linked[tag] = (*linked.get(tag, ()), take)
    return Plan(
        by_tag,
        linked,
        tuple(rule.target.parts[-1].name for rule in rules),
        tuple(rule.target.constants for rule in rules),
        frozenset(number for number, rule in enumerate(rules) if rule.only_first),
    )


def mapped_by(rules: Plan, script: Script) -> Callable[[Record], Record]:
    """Return the crosswalk as a function; it raises MappingFailed where a rule fails."""

    def mapped(record: Record) -> Record:
        try:
            found = _found(rules, record)
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise MappingFailed(name=script.name, line=0, reason=repr(error)) from error
        return Record(schema=script.target, fields=tuple(_distinct(rules, found)))

    return mapped


def _found(rules: Plan, record: Record) -> Found:
    """Return what the rules take from a record, in the order of the rules."""
    found: Found = []
    get = rules.by_tag.get
    for field in record.fields:
        if takes := get(field[0]):
            for take in takes:
                take(field, found)
    if rules.linked:
        for field in record.data(_LINKED):
            for take in rules.linked.get(field.first(_LINK)[:3], ()):
                take(field, found)
    if record.leader:
        leader = Control("LDR", record.leader)
        for take in get("LDR", ()):
            take(leader, found)
    found.sort(key=_number)
    return found


def _distinct(rules: Plan, found: Found) -> list[Element]:
    names, attributes, only_first = rules.names, rules.attributes, rules.only_first
    new = tuple.__new__
    first: dict[str, tuple[int, str]] = {}
    seen: set[tuple[str, str]] = set()
    kept = []
    for each in found:
        number, text = each
        if not text.isascii() or "\0" in text:
            text = nfc(storable(text))
        name = names[number]
        earlier = first.setdefault(name, each)
        if earlier is not each:
            # Most names come once, and then there is nothing to compare.
            if earlier[0] < number and number in only_first:
                continue
            seen.add((name, earlier[1].casefold()))
            key = (name, text.casefold())
            if key in seen:
                continue
            seen.add(key)
        kept.append(new(Element, (name, attributes[number], text, ())))
    return kept


def _numbered(number: int, rule: Rule, taken: Taken) -> _Numbered | None:
    if taken.steps.over_all or taken.steps.shape or rule.children:
        return None
    if rule.target.kind is not Kind.ELEMENT or len(rule.target.parts) != 1:
        return None
    if not all(source.by_tag for source in taken.sources):
        return None
    only_first = _is_only_first(rule)
    condition = None if only_first else taken.when
    if condition and not condition.alone:
        return None
    takes = [
        (
            source.needs,
            source.linked,
            _guarded(source, condition, _take(number, path, source, taken)),
        )
        for path, source in zip(rule.sources, taken.sources, strict=True)
    ]
    return _Numbered(rule.target, only_first, tuple(takes))


def _is_only_first(rule: Rule) -> bool:
    """Tell whether a rule's one condition is that its own element has not been made."""
    if len(rule.conditions) != 1 or len(rule.conditions[0]) != 1:
        return False
    only = rule.conditions[0][0]
    return only.made and only.negated and only.test is None and only.path.parts == rule.target.parts


def _take(number: int, path: Path, source: Taking, taken: Taken) -> Take:
    steps = taken.steps.within
    scopes = [made.scope for made in steps]
    if set(scopes) <= {Scope.VALUE}:
        transform = composed(steps) or str.strip
        codes = _plain_codes(path)
        return _each_code(number, codes, transform) if codes else _each(number, source, transform)
    if headed := _headed_take(number, path, steps):
        return headed
    codes = _plain_codes(path)
    joining = steps[0].to_one
    if codes and isinstance(joining, Joining) and set(scopes[1:]) <= {Scope.VALUE}:
        return _joined(number, codes, joining.between, composed(steps[1:]) or str)
    return _all(number, source, steps)


def _plain_codes(path: Path) -> str:
    """Return the codes where a path takes just these, all alike; else nothing."""
    return "" if path.kind is not Kind.FIELD or path.excluded or path.group else path.codes


def _each(number: int, source: Taking, transform: OnValue) -> Take:
    values_of = source.values

    def take(field: Any, found: Found) -> None:
        for value in values_of(field):
            if text := transform(value).strip():
                found.append((number, text))

    return take


def _each_code(number: int, codes: str, transform: OnValue) -> Take:
    def take(field: Any, found: Found) -> None:
        for code, value in field[2]:
            if code in codes and (text := transform(value).strip()):
                found.append((number, text))

    return take


def _joined(number: int, codes: str, between: str, transform: OnValue) -> Take:
    """Return what joins subfields without making a list of them, the most common thing of all."""

    def take(field: Any, found: Found) -> None:
        text = ""
        for code, value in field[2]:
            if code in codes and (part := value.strip()):
                text = f"{text}{between}{part}" if text else part
        if text and (text := transform(text)):
            found.append((number, text))

    return take


def _headed_take(number: int, path: Path, steps: tuple[Made, ...]) -> Take | None:
    """Return a short way for ``650 $(abcd)xyzv | trim | join "--"``, or None if it is not that."""
    if not path.group or len(steps) != 2:  # noqa: PLR2004 - just these two
        return None
    transform, joining = steps[0].on_value, steps[1].to_one
    if transform is None or not isinstance(joining, Joining):
        return None
    group, codes, between = path.group, path.codes, joining.between
    each = transform

    def take(field: Any, found: Found) -> None:
        head = rest = ""
        for code, value in field[2]:
            if code in group:
                head = (
                    f"{head} {part}" if head and (part := value.strip()) else head or value.strip()
                )
            elif code in codes and (part := each(value).strip()):
                rest = f"{rest}{between}{part}"
        head = each(head).strip() if head else ""
        if text := head + rest if head else rest[len(between) :]:
            found.append((number, text))

    return take


def _all(number: int, source: Taking, steps: tuple[Made, ...]) -> Take:
    values_of, runs = source.values, [made.run for made in steps]

    def take(field: Any, found: Found) -> None:
        values = values_of(field)
        for run in runs:
            values = run(values)
        found += [(number, text) for value in values if (text := value.strip())]

    return take


def _guarded(source: Taking, condition: When | None, take: Take) -> Take:
    """Return what looks at indicators and conditions first, if there are any."""
    fits = source.fits
    if fits is None and condition is None:
        return take
    nothing: Any = None

    def guarded(field: Any, found: Found) -> None:
        if fits is not None and not fits(field):
            return
        if condition is None or condition.holds(nothing, nothing, field, nothing):
            take(field, found)

    return guarded

"""Crosswalks whose every rule looks at one field alone, run field by field: one pass over a record.

Most maps down from MARC are of this kind, and they run on every record that is given out. The
meaning is that of ``compile``'s general way after ``normalise``, which a test compares; only the
order of the work differs, and that the text which is kept is brought into NFC, not all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache, partial
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from crosswalks.language.conditions import when
from crosswalks.language.errors import MappingFailed
from crosswalks.language.lines import Taken, composed
from crosswalks.language.syntax import Kind, Path, Rule, Script
from crosswalks.language.transforms import Made, Scope
from crosswalks.language.transforms.registry import OnValue
from crosswalks.language.transforms.text import Joining
from crosswalks.language.ways import FIELDS, TEXTS, ValuesOf, Way
from crosswalks.model import Columns, Control, Record, Undivided
from crosswalks.text import nfc, storable

Found: TypeAlias = list[tuple[int, Any]]
"""What rules gave so far: the rule's number and a text; of a rule that waits, the field."""
Take: TypeAlias = Callable[[Any, Found], None]

_LINKED, _LEADER = "880", "LDR"
_CODED = 4096
"""How many values of coded positions are remembered: there are only so many."""
_NONE = -1
"""The number of no rule."""
_number: Callable[[tuple[int, Any]], int] = itemgetter(0)


class _Rules(NamedTuple):
    """All rules of a crosswalk by the tag that they look at, for one way of getting at fields."""

    by_tag: dict[str, tuple[Take, ...]]
    linked: dict[str, tuple[Take, ...]]
    """Those that look at the 880 fields linked to a tag as well."""
    waiting: dict[int, tuple[Take, frozenset[int]]]
    """Those that count only where their element has not been made, and what makes it."""
    link: ValuesOf


class Plan(NamedTuple):
    """A crosswalk that runs field by field."""

    fields: Callable[[], _Rules]
    """Made when first asked for, as ``texts``: hardly anybody asks for both."""
    texts: Callable[[], _Rules]
    names: tuple[str, ...]
    attributes: tuple[tuple[tuple[str, str], ...], ...]
    """Of what each rule makes; empty where no rule gives any."""
    script: Script

    def of_record(self, record: Record) -> Record:
        """Return a record mapped; raise MappingFailed."""
        tags = [field[0] for field in record.fields]
        leader = Control(_LEADER, record.leader) if record.leader else None
        return self._mapped(self.fields(), leader, tags, record.fields).record()

    def of_texts(self, record: Undivided) -> Columns:
        """Return a record mapped whose fields are still text; raise MappingFailed."""
        return self._mapped(self.texts(), record.leader or None, record.tags, record.texts)

    def _mapped(
        self, rules: _Rules, leader: object, tags: Sequence[str], fields: Iterable[Any]
    ) -> Columns:
        try:
            found = _found(rules, leader, tags, fields)
            numbers = [number for number, _ in found]
            if not rules.waiting.keys().isdisjoint(numbers):
                found = _settled(rules, found, numbers)
                numbers = [number for number, _ in found]
            return _kept(self, numbers, [text for _, text in found])
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise MappingFailed(name=self.script.name, line=0, reason=repr(error)) from error


def plan(script: Script, taken: Sequence[tuple[Rule, Taken]]) -> Plan | None:
    """Return a crosswalk by tag, or None if one of its rules needs more than a field at a time."""
    if script.names or script.resolve or script.nonsort or script.scripts or not script.distinct:
        return None
    if not all(_is_alone(rule, got) for rule, got in taken):
        return None
    rules = [rule for rule, _ in taken]
    return Plan(
        cache(partial(_rules, taken, FIELDS)),
        cache(partial(_rules, taken, TEXTS)),
        tuple(rule.target.parts[-1].name for rule in rules),
        tuple([rule.target.constants for rule in rules])
        if any(rule.target.constants for rule in rules)
        else (),
        script,
    )


def _is_alone(rule: Rule, taken: Taken) -> bool:
    """Tell whether a rule makes plain elements of one field at a time, whatever else there is."""
    if taken.steps.over_all or taken.steps.shape or rule.children:
        return False
    if rule.target.kind is not Kind.ELEMENT or len(rule.target.parts) != 1:
        return False
    waits = _waits(rule)
    alone = waits or taken.when is None or taken.when.alone
    return alone and all(source.by_tag for source in taken.sources)


def _waits(rule: Rule) -> bool:
    """Tell whether a rule's one condition is that its own element has not been made."""
    if len(rule.conditions) != 1 or len(rule.conditions[0]) != 1:
        return False
    only = rule.conditions[0][0]
    return only.made and only.negated and only.test is None and only.path.parts == rule.target.parts


def _rules(taken: Sequence[tuple[Rule, Taken]], way: Way) -> _Rules:
    by_tag: dict[str, tuple[Take, ...]] = {}
    linked: dict[str, tuple[Take, ...]] = {}
    waiting: dict[int, tuple[Take, frozenset[int]]] = {}
    for number, (rule, got) in enumerate(taken):
        for path, source in zip(rule.sources, got.sources, strict=True):
            take = _guarded(rule, path, way, _take(number, path, way, got.steps.within))
            if _waits(rule):
                waiting[number] = (take, _rivals(number, rule, taken))
                take = _later(number)
            by_tag[source.needs] = (*by_tag.get(source.needs, ()), take)
            if source.linked:
                linked[source.needs] = (*linked.get(source.needs, ()), take)
    return _Rules(by_tag, linked, waiting, way.link)


def _rivals(number: int, rule: Rule, taken: Iterable[tuple[Rule, Taken]]) -> frozenset[int]:
    """Return the other rules that make the same element."""
    name = rule.target.parts[-1].name
    same = [at for at, (each, _) in enumerate(taken) if each.target.parts[-1].name == name]
    return frozenset(same) - {number}


def _found(rules: _Rules, leader: object, tags: Sequence[str], fields: Iterable[Any]) -> Found:
    """Return what the rules take from a record, in the order of the rules."""
    found: Found = []
    get = rules.by_tag.get
    for tag, field in zip(tags, fields, strict=True):
        if takes := get(tag):
            for take in takes:
                take(field, found)
    if leader is not None:
        for take in get(_LEADER, ()):
            take(leader, found)
    if rules.linked and _LINKED in tags:
        for tag, field in zip(tags, fields, strict=True):
            if tag == _LINKED:
                for take in rules.linked.get("".join(rules.link(field)[:1])[:3], ()):
                    take(field, found)
    found.sort(key=_number)
    return found


def _settled(rules: _Rules, found: Found, numbers: list[int]) -> Found:
    """Return what there is once the rules that waited for others have given theirs, or not.

    ``numbers`` are those in ``found``.
    """
    waiting = rules.waiting
    settled = []
    for at in [at for at, number in enumerate(numbers) if number in waiting]:
        take, rivals = waiting[numbers[at]]
        given: Found = []
        if rivals.isdisjoint(numbers[:at]):
            take(found[at][1], given)
        if not given:
            numbers[at] = _NONE
        settled.append((at, given))
    for at, given in reversed(settled):
        found[at : at + 1] = given
    return found


def _kept(plan: Plan, numbers: Sequence[int], texts: Sequence[str]) -> Columns:
    """Return the elements that are made of what rules gave, none twice."""
    if not numbers:
        return Columns(plan.script.target, (), (), ())
    # One look at all of it: most records are of plain letters, and say nothing twice.
    whole = "\0".join(texts)
    if not whole.isascii() or whole.count("\0") >= len(texts):
        texts = [text if _is_plain(text) else nfc(storable(text)) for text in texts]
        whole = "\0".join(texts)
    if len(set(whole.casefold().split("\0"))) < len(texts):
        numbers, texts = _once(plan.names, numbers, texts)
    attributes = [plan.attributes[number] for number in numbers] if plan.attributes else ()
    names = [plan.names[number] for number in numbers]
    return Columns(plan.script.target, names, attributes, texts)


def _is_plain(text: str) -> bool:
    return text.isascii() and "\0" not in text


def _once(
    names: Sequence[str], numbers: Sequence[int], texts: Sequence[str]
) -> tuple[tuple[int, ...], tuple[str, ...]]:
    first: dict[tuple[str, str], tuple[int, str]] = {}
    for number, text in zip(numbers, texts, strict=True):
        first.setdefault((names[number], text.casefold()), (number, text))
    once, kept = zip(*first.values(), strict=True)
    return once, kept


def _take(number: int, path: Path, way: Way, steps: tuple[Made, ...]) -> Take:
    values_of = way.values(path)
    scopes = [made.scope for made in steps]
    if set(scopes) <= {Scope.VALUE}:
        transform = composed(steps) or str.strip
        if path.kind is Kind.CONTROL and path.start >= 0:
            transform = lru_cache(_CODED)(transform)
        return _each(number, values_of, transform)
    at = scopes.index(Scope.ONE) if Scope.ONE in scopes else 0
    joining = steps[at].to_one
    if isinstance(joining, Joining) and set(scopes[:at] + scopes[at + 1 :]) <= {Scope.VALUE}:
        before, after = composed(steps[:at]), composed(steps[at + 1 :])
        return _joined(number, values_of, before, (joining.between, after))
    return _all(number, values_of, steps)


def _each(number: int, values_of: ValuesOf, transform: OnValue) -> Take:
    def take(field: Any, found: Found) -> None:
        for value in values_of(field):
            if text := transform(value).strip():
                found.append((number, text))

    return take


def _joined(
    number: int, values_of: ValuesOf, before: OnValue | None, then: tuple[str, OnValue | None]
) -> Take:
    between, after = then

    def take(field: Any, found: Found) -> None:
        text = ""
        # There are so few that a list of them to join costs more than it saves.
        for value in values_of(field):
            if part := (value if before is None else before(value)).strip():
                text = f"{text}{between}{part}" if text else part
        if text and after is not None:
            text = after(text)
        if text:
            found.append((number, text))

    return take


def _all(number: int, values_of: ValuesOf, steps: tuple[Made, ...]) -> Take:
    runs = [made.run for made in steps]

    def take(field: Any, found: Found) -> None:
        values = values_of(field)
        for run in runs:
            values = run(values)
        found += [(number, text) for value in values if (text := value.strip())]

    return take


def _later(number: int) -> Take:
    return lambda field, found: found.append((number, field))


def _guarded(rule: Rule, path: Path, way: Way, take: Take) -> Take:
    """Return what looks at indicators and conditions first, if there are any."""
    fits = way.fits(path)
    tag = path.tag if len(rule.sources) == 1 else ""
    condition = None
    if not _waits(rule):
        condition = when(rule.conditions, top=True, clean=None, of=tag, own_values=way.values)
    if fits is None and condition is None:
        return take
    nothing: Any = None
    holds = None if condition is None else condition.holds

    def guarded(field: Any, found: Found) -> None:
        if fits is not None and not fits(field):
            return
        if holds is None or holds(nothing, nothing, field, nothing):
            take(field, found)

    return guarded

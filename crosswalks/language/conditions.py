"""When a rule applies: conditions as functions of the record, what the rule took, what was made.

Element paths and tags are seen from where the rule stands; ``$a``, ``^1``, ``@type`` and ``.``
belong to what the rule took.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from crosswalks.language.errors import Misplaced
from crosswalks.language.making import Sink
from crosswalks.language.syntax import Condition, Conditions, Kind, Path
from crosswalks.language.taking import Input, Occurrence, Text, taking
from crosswalks.language.tests import test

_OWN = (Kind.SUBFIELDS, Kind.INDICATOR, Kind.TAG, Kind.SELF)

Check = Callable[[Input, Occurrence, Occurrence, Sink], bool]
"""Of the input, what the line above took, what this rule took, and the sink."""


class _Seen(NamedTuple):
    """From where conditions are seen; the arguments of ``when``."""

    top: bool
    clean: Text | None
    of: str
    own_values: Callable[[Path], Callable[[Any], list[str]]] | None


class When(NamedTuple):
    """All conditions of a rule."""

    holds: Check
    own: bool
    """One of them depends on what the rule took."""
    alone: bool
    """They depend on nothing else."""


def when(
    conditions: Conditions,
    *,
    top: bool,
    clean: Text | None,
    of: str = "",
    own_values: Callable[[Path], Callable[[Any], list[str]]] | None = None,
) -> When | None:
    """Return a rule's conditions as one function, or None if it has none.

    ``of`` is the one tag that the rule takes: other positions of that field are its own too.
    ``own_values`` is how to get at what the rule took, where that is no field or element.
    """
    if not conditions:
        return None
    seen = _Seen(top, clean, of, own_values)
    groups = [[_check(each, seen) for each in group] for group in conditions]
    own = [_is_own(each, of) for group in conditions for each in group]
    if len(own) == 1:
        return When(groups[0][0], *own, *own)

    if len(groups) == 1:
        return When(_every(groups[0]), any(own), all(own))

    def holds(source: Input, context: Occurrence, taken: Occurrence, sink: Sink) -> bool:
        return any(all(each(source, context, taken, sink) for each in group) for group in groups)

    return When(holds, any(own), all(own))


def _every(checks: list[Check]) -> Check:
    def holds(source: Input, context: Occurrence, taken: Occurrence, sink: Sink) -> bool:
        for check in checks:  # noqa: SIM110 - a generator costs more than the checks
            if not check(source, context, taken, sink):
                return False
        return True

    return holds


def _is_own(condition: Condition, of: str) -> bool:
    path = condition.path
    return not condition.made and (
        path.kind in _OWN
        or (path.kind is Kind.ATTRIBUTE and not path.parts)
        or (path.kind is Kind.CONTROL and path.tag == of)
    )


def _check(condition: Condition, seen: _Seen) -> Check:
    step = condition.test
    passes = test(step.name, step.arguments, step.column) if step else _anything
    negated = condition.negated
    if condition.made:
        find = _made(condition.path)
    elif _is_own(condition, seen.of):
        find = _owned(condition.path, seen)
    else:
        find = _taken(condition.path, seen)

    def check(source: Input, context: Occurrence, taken: Occurrence, sink: Sink) -> bool:
        values = find(source, context, taken, sink)
        return any(map(passes, values)) is not negated if values else negated

    return check


Find = Callable[[Input, Occurrence, Occurrence, Sink], list[str]]


def _owned(path: Path, seen: _Seen) -> Find:
    if seen.own_values is not None:
        values = seen.own_values(path)
    else:
        values = taking(path, top=False, clean=seen.clean).values
    return lambda _source, _context, taken, _sink: values(taken)


def _taken(path: Path, seen: _Seen) -> Find:
    got = taking(path, top=seen.top, clean=seen.clean)
    if path.kind is not Kind.ELEMENT:
        occurrences_of, values_of = got.occurrences, got.values
        return lambda source, context, _taken, _sink: [
            value for each in occurrences_of(source, context) for value in values_of(each)
        ]

    def find(source: Input, context: Occurrence, _: Occurrence, _sink: Sink) -> list[str]:
        occurrences = got.occurrences(source, context)
        return [value for each in occurrences for value in _present(got.values(each))]

    return find


def _present(values: list[str]) -> list[str]:
    """Return an element's value even if it has none of its own: it is there."""
    return ["."] if values == [""] else values


def _made(path: Path) -> Find:
    if path.kind is Kind.CONTROL:
        tag, start, end = path.tag, max(path.start, 0), path.end + 1 or None
        return lambda _s, _c, _t, sink: [sink.top.controls.get(tag, "")[start:end]]
    if path.kind is Kind.FIELD:
        tag = path.tag
        return lambda _s, _c, _t, sink: ["."] if sink.top.has(tag) else []
    if path.kind is Kind.SUBFIELDS:
        codes = path.codes
        return lambda _s, _c, _t, sink: [text for code, text in sink.items if code in codes]
    if path.kind is Kind.SELF:
        return lambda _s, _c, _t, sink: ["."] if sink.items or sink.text else []
    if path.kind is Kind.ELEMENT and len(path.parts) == 1:
        name = path.parts[0].name
        return lambda _s, _c, _t, sink: [item[2] or "." for item in sink.items if item[0] == name]
    raise Misplaced(path.column, "made takes a tag, positions, a subfield, an element or .")


def _anything(value: str) -> bool:
    return bool(value.strip())


def holds_for(conditions: Conditions) -> Callable[[Input], bool]:
    """Return conditions that stand alone as a function of a record."""
    found = when(conditions, top=True, clean=None)
    empty = Sink()
    return lambda source: found is not None and found.holds(source, None, None, empty)

"""Rules that keep the order in which things were delivered, each with a name or code of its own.

``topic, geographic <- $xz`` makes an element of each subfield x and z as they stand in the field;
``$xz <- topic, geographic`` makes a subfield of each such child as they stand in the element.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from crosswalks.language.errors import Misplaced
from crosswalks.language.lines import Run, Taken
from crosswalks.language.making import Emit, Sink, emitter
from crosswalks.language.syntax import Kind, Path, Rule
from crosswalks.language.taking import Input, Occurrence
from crosswalks.language.transforms import Made
from crosswalks.model import Element, Field

_CHOOSING = ("first", "rest", "last", "several")
_WITH_SUBFIELDS = (Kind.FIELD, Kind.SUBFIELDS)


def in_order(rule: Rule) -> bool:
    """Tell whether a rule has a target for each subfield, or a subfield for each source."""
    return bool(rule.others) or (
        rule.target.kind is Kind.SUBFIELDS
        and len(rule.target.codes) > 1
        and all(source.kind is Kind.ELEMENT for source in rule.sources)
    )


def ordered(rule: Rule, taken: Taken) -> Run:
    """Return such a rule as a function; raise Misplaced where its two sides do not match."""
    over_all = rule.steps[len(taken.steps.within) :]
    if (rule.others and over_all) or any(step.name not in _CHOOSING for step in over_all):
        raise Misplaced(over_all[0].column, "values that keep their order are made one by one")
    return _elements(rule, taken) if rule.others else _subfields(rule, taken)


def _elements(rule: Rule, taken: Taken) -> Run:
    targets, [path, *more] = (rule.target, *rule.others), rule.sources
    if more or path.kind not in _WITH_SUBFIELDS or len(path.codes) != len(targets):
        raise Misplaced(rule.target.column, "as many subfields are wanted as there are targets")
    emitters = {code: emitter(each) for code, each in zip(path.codes, targets, strict=True)}
    occurrences, steps = taken.sources[0].occurrences, taken.steps.within

    def run(source: Input, context: Occurrence, sink: Sink) -> None:
        for each in occurrences(source, context):
            if isinstance(each, Field) and _holds(taken, source, (context, each), sink):
                for code, value in each.subfields:
                    if code in emitters:
                        _emit(emitters[code], steps, value, sink)

    return run


def _subfields(rule: Rule, taken: Taken) -> Run:
    codes = rule.target.codes
    if len(codes) != len(rule.sources) or any(_is_deep(path) for path in rule.sources):
        raise Misplaced(rule.target.column, "as many children are wanted as there are subfields")
    emitters = [emitter(_single(rule.target, code)) for code in codes]
    pairs, steps = list(zip(taken.sources, emitters, strict=True)), taken.steps

    def run(source: Input, context: Occurrence, sink: Sink) -> None:
        if not isinstance(context, Element) or not _holds(taken, source, (context, None), sink):
            return
        emit_of = {
            id(each): emit for from_, emit in pairs for each in from_.occurrences(source, context)
        }
        found = [
            _Kept(value, emit_of[id(child)])
            for child in context.children
            if id(child) in emit_of
            for value in _values(steps.within, child.text)
        ]
        for made in steps.over_all:
            found = made.run(found)  # type: ignore[assignment, arg-type] # they only choose
        for kept in found:
            kept.emit(sink, kept)

    return run


class _Kept(str):
    """A value that remembers where it goes, while transforms choose among several."""

    __slots__ = ("emit",)

    emit: Emit

    def __new__(cls, value: str, emit: Emit) -> Self:
        kept = super().__new__(cls, value)
        kept.emit = emit
        return kept


def _is_deep(path: Path) -> bool:
    return path.absolute or len(path.parts) != 1


def _single(target: Path, code: str) -> Path:
    return Path(kind=target.kind, column=target.column, absolute=target.absolute, codes=code)


def _holds(taken: Taken, source: Input, seen: tuple[Occurrence, Occurrence], sink: Sink) -> bool:
    return taken.when is None or taken.when.holds(source, *seen, sink)


def _emit(emit: Emit, steps: Sequence[Made], value: str, sink: Sink) -> None:
    for each in _values(steps, value):
        emit(sink, each)


def _values(steps: Sequence[Made], value: str) -> list[str]:
    values = [value]
    for made in steps:
        values = made.run(values)
    return values

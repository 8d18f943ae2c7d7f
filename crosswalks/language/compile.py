"""A Script as a function: Record in, Record out. Rules run from top to bottom, each once.

A rule goes through what it takes; transforms of one occurrence come first, and from the first one
that looks at all values on, all values are one list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from crosswalks.language.conditions import When, when
from crosswalks.language.copying import copies, copying
from crosswalks.language.errors import CrosswalkSyntax, MappingFailed, Misplaced
from crosswalks.language.making import (
    Emit,
    Sink,
    element_of,
    emitter,
    field_of,
    finished,
    fixed_indicators,
    shaped,
)
from crosswalks.language.syntax import Kind, Path, Rule, Script, Step
from crosswalks.language.taking import Input, Occurrence, Taking, Text, taking
from crosswalks.language.transforms import Scope, make, shape
from crosswalks.language.transforms.registry import OnValues, Shape
from crosswalks.language.transforms.text import clean
from crosswalks.model import Record

Run = Callable[[Input, Occurrence, Sink], None]
_AS = "as"


class _Ready(NamedTuple):
    """A top-level rule: the one tag it needs (empty: none), how it runs, where it stands."""

    needs: str
    run: Run
    line: int


class _Steps(NamedTuple):
    """A rule's transforms: those within one occurrence, those over all values, the last shape."""

    within: tuple[OnValues, ...]
    over_all: tuple[OnValues, ...]
    shape: Shape | None


class _Taken(NamedTuple):
    """What a rule takes and when, compiled."""

    sources: list[Taking]
    steps: _Steps
    when: When | None


def compiled(script: Script) -> Callable[[Record], Record]:
    """Return what maps a record; raise CrosswalkSyntax for a rule that cannot be.

    The function raises MappingFailed, with the line, where a rule fails on a record.
    """
    text = clean if script.clean else None
    rules = [_ready(rule, script.name, text) for rule in script.rules]

    def mapped(record: Record) -> Record:
        source, sink = Input(record), Sink()
        index, line = source.index, 0
        try:
            for needs, run, line in rules:  # noqa: B007 - told where a rule fails
                if not needs or needs in index:
                    run(source, record, sink)
            return finished(script, sink)
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise MappingFailed(name=script.name, line=line, reason=repr(error)) from error

    return mapped


def _ready(rule: Rule, name: str, text: Text | None) -> _Ready:
    run, taken = _compiled(rule, name, text, top=True)
    needs = {source.needs for source in taken.sources}
    # A transform over all values may make something of nothing.
    single = needs.pop() if len(needs) == 1 and not taken.steps.over_all else ""
    return _Ready(single, run, rule.line)


def _compiled(rule: Rule, name: str, text: Text | None, *, top: bool) -> tuple[Run, _Taken]:
    try:
        taken = _Taken(
            [taking(path, top=top, clean=text) for path in rule.sources],
            _steps(rule.steps),
            when(rule.conditions, top=top, clean=text),
        )
        if rule.children:
            return _block(rule, taken, _children(rule, name, text)), taken
        return _line(rule, taken), taken
    except Misplaced as wrong:
        raise CrosswalkSyntax(
            name=name, line=rule.line, column=wrong.column, reason=wrong.reason
        ) from wrong


def _children(rule: Rule, name: str, text: Text | None) -> list[Run]:
    return [_compiled(child, name, text, top=False)[0] for child in rule.children]


def _steps(steps: tuple[Step, ...]) -> _Steps:
    last = None
    if steps and steps[-1].name == _AS:
        *steps_before, final = steps
        if len(final.arguments) != 1:
            raise Misplaced(final.column, "as takes one name")
        steps, last = tuple(steps_before), shape(final.arguments[0])
    made = [make(step) for step in steps]
    wide = [at for at, each in enumerate(made) if each.scope is Scope.ALL]
    cut = wide[0] if wide else len(made)
    runs = [each.run for each in made]
    return _Steps(tuple(runs[:cut]), tuple(runs[cut:]), last)


def _line(rule: Rule, taken: _Taken) -> Run:
    """Return a rule without lines below it as a function."""
    if copies(rule):
        if taken.steps.over_all:
            raise Misplaced(rule.steps[0].column, "whole fields are copied one by one")
        return _each(taken, copying(rule, taken.steps.within))
    emit = shaped(rule.target, taken.steps.shape) if taken.steps.shape else emitter(rule.target)
    if taken.steps.over_all:
        return _gathered(taken, emit)
    return _straight(taken, emit)


def _straight(taken: _Taken, emit: Emit) -> Run:
    values = [(source, taken.steps.within) for source in taken.sources]
    condition = taken.when

    def run(source: Input, context: Occurrence, sink: Sink) -> None:
        if condition and not condition.own and not condition.holds(source, context, None, sink):
            return
        for (occurrences, values_of, _), transforms in values:
            for each in occurrences(source, context):
                if condition and condition.own and not condition.holds(source, context, each, sink):
                    continue
                got = values_of(each)
                for transform in transforms:
                    got = transform(got)
                for value in got:
                    emit(sink, value)

    return run


def _gathered(taken: _Taken, emit: Emit) -> Run:
    over_all = taken.steps.over_all

    def run(source: Input, context: Occurrence, sink: Sink) -> None:
        condition = taken.when
        if condition and not condition.own and not _allowed(condition, source, context, sink):
            return
        got = [value for _, values in _found(taken, source, context, sink) for value in values]
        for transform in over_all:
            got = transform(got)
        for value in got:
            emit(sink, value)

    return run


def _each(taken: _Taken, act: Callable[[Occurrence, Sink], None]) -> Run:
    def run(source: Input, context: Occurrence, sink: Sink) -> None:
        for occurrence, _ in _found(taken, source, context, sink):
            act(occurrence, sink)

    return run


def _block(rule: Rule, taken: _Taken, children: list[Run]) -> Run:
    """Return a rule with lines below it: these run for each thing, or value, that it takes."""
    finish = _finish(rule.target)
    indicators = fixed_indicators(rule.target)
    by_value = bool(rule.steps)

    def run(source: Input, context: Occurrence, sink: Sink) -> None:
        found = list(_found(taken, source, context, sink))
        below: list[Occurrence] = [occurrence for occurrence, _ in found]
        if by_value:
            texts = [value for _, values in found for value in values]
            for transform in taken.steps.over_all:
                texts = transform(texts)
            below = [*texts]
        for each in below:
            inner = Sink(sink.top, indicators)
            for child in children:
                child(source, each, inner)
            made = finish(inner)
            if made is not None:
                sink.items.append(made)

    return run


def _finish(target: Path) -> Callable[[Sink], object]:
    if target.kind is Kind.FIELD and not target.codes:
        return lambda sink: field_of(target, sink)
    if target.kind is Kind.ELEMENT:
        return lambda sink: element_of(target, sink)
    raise Misplaced(target.column, "lines can stand only below a field or an element")


def _found(
    taken: _Taken, source: Input, context: Occurrence, sink: Sink
) -> Iterator[tuple[Occurrence, list[str]]]:
    """Yield what a rule takes where its conditions hold, each with its values."""
    condition = taken.when
    if condition and not condition.own and not _allowed(condition, source, context, sink):
        return
    for occurrences, values_of, _ in taken.sources:
        for each in occurrences(source, context):
            if condition and condition.own and not condition.holds(source, context, each, sink):
                continue
            got = values_of(each)
            for transform in taken.steps.within:
                got = transform(got)
            yield each, got


def _allowed(condition: When, source: Input, context: Occurrence, sink: Sink) -> bool:
    return condition.holds(source, context, None, sink)

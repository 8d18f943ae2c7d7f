"""Rules of one line as functions: what they take, what their transforms make of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import groupby
from typing import NamedTuple

from crosswalks.language.conditions import When
from crosswalks.language.making import Emit, Sink
from crosswalks.language.taking import Input, Occurrence, Taking
from crosswalks.language.transforms import Made
from crosswalks.language.transforms.registry import OnValue, OnValues, Shape

Run = Callable[[Input, Occurrence, Sink], None]


class Steps(NamedTuple):
    """A rule's transforms: those within one occurrence, those over all values, the last shape."""

    within: tuple[Made, ...]
    over_all: tuple[Made, ...]
    shape: Shape | None


class Taken(NamedTuple):
    """What a rule takes and when, compiled."""

    sources: list[Taking]
    steps: Steps
    when: When | None


def general(taken: Taken, emit: Emit) -> Run:
    """Return a rule that hands each of its values to ``emit``."""
    if len(taken.sources) == 1 and not taken.steps.over_all:
        only = taken.sources[0]
        if only.local or only.by_tag:
            return _simple(taken, only, emit)
    return _by_value(taken, emit) if _can_gather(taken) else _one_by_one(taken, emit)


def _can_gather(taken: Taken) -> bool:
    own = taken.when and taken.when.own
    return not own and all(each.on_value for each in taken.steps.within)


def _one_by_one(taken: Taken, emit: Emit) -> Run:
    """Return a rule that asks its conditions, and runs its transforms, thing by thing."""
    over_all = [made.run for made in taken.steps.over_all]

    def run(source: Input, context: Occurrence, sink: Sink) -> None:
        if not over_all:
            for _, values in found(taken, source, context, sink):
                for value in values:
                    emit(sink, value)
            return
        if taken.when and not taken.when.own and not allowed(taken.when, source, context, sink):
            return
        got = [value for _, values in found(taken, source, context, sink) for value in values]
        for value in _through(over_all, got):
            emit(sink, value)

    return run


def _by_value(taken: Taken, emit: Emit) -> Run:
    """Return a rule whose values can be gathered first: the quicker general way."""
    pairs = [(each.occurrences, each.values) for each in taken.sources]
    condition, one = taken.when, composed(taken.steps.within)
    over_all = [made.run for made in taken.steps.over_all]
    of_nothing = bool(_through(over_all, []))

    def run(source: Input, context: Occurrence, sink: Sink) -> None:
        got = [
            value
            for occurrences, values_of in pairs
            for each in occurrences(source, context)
            for value in values_of(each)
        ]
        # Most rules find nothing, so that what they find is looked for before their conditions.
        if not got and not of_nothing:
            return
        if condition and not allowed(condition, source, context, sink):
            return
        if one is not None:
            got = [new for old in got if (new := one(old))]
        for value in _through(over_all, got):
            emit(sink, value)

    return run


def _through(over_all: list[OnValues], values: list[str]) -> list[str]:
    for transform in over_all:
        values = transform(values)
    return values


def _simple(taken: Taken, only: Taking, emit: Emit) -> Run:
    """Return a rule whose one source is what the line above took, or the fields of a tag.

    It does what the general way does, quicker: most rules are of this kind, and most find nothing.
    """
    values_of, condition = only.values, taken.when
    transforms = _few(taken.steps.within)

    def of(each: Occurrence, source: Input, context: Occurrence, sink: Sink) -> None:
        values = values_of(each)
        if not values or (condition and not condition.holds(source, context, each, sink)):
            return
        for transform in transforms:
            values = transform(values)
        for value in values:
            emit(sink, value)

    if only.local:
        return lambda source, context, sink: of(context, source, context, sink)
    occurrences = only.occurrences

    def run(source: Input, context: Occurrence, sink: Sink) -> None:
        for each in occurrences(source, context):
            of(each, source, context, sink)

    return run


def _few(steps: tuple[Made, ...]) -> list[OnValues]:
    """Return transforms of lists, those of single values put together where they follow on."""
    few: list[OnValues] = []
    for of_values, group in groupby(steps, key=lambda made: made.on_value is not None):
        made = tuple(group)
        one = composed(made) if of_values else None
        few += [each.run for each in made] if one is None else [_on_each(one)]
    return few


def _on_each(function: OnValue) -> OnValues:
    return lambda values: [new for old in values if (new := function(old))]


def found(
    taken: Taken, source: Input, context: Occurrence, sink: Sink
) -> Iterator[tuple[Occurrence, list[str]]]:
    """Yield what a rule takes where its conditions hold, each with its values."""
    condition = taken.when
    own = condition if condition and condition.own else None
    others = condition if condition and not condition.own else None
    for occurrences, values_of, *_ in taken.sources:
        for each in occurrences(source, context):
            if others and not allowed(others, source, context, sink):
                return
            others = None
            if own and not own.holds(source, context, each, sink):
                continue
            got = values_of(each)
            for made in taken.steps.within:
                got = made.run(got)
            yield each, got


def allowed(condition: When, source: Input, context: Occurrence, sink: Sink) -> bool:
    """Tell whether conditions that do not depend on what the rule takes hold."""
    return condition.holds(source, context, None, sink)


def composed(steps: tuple[Made, ...]) -> OnValue | None:
    """Return transforms of one value as one function, or None if there are none."""
    functions = [made.on_value for made in steps if made.on_value is not None]
    if len(functions) < 2:  # noqa: PLR2004 - nothing to put together
        return functions[0] if functions else None

    def run(value: str) -> str:
        for function in functions:
            value = function(value)
            if not value:
                break
        return value

    return run

"""A Script as a function: Record in, Record out. Rules run from top to bottom, each once.

A rule goes through what it takes; transforms of one occurrence come first, and from the first one
that looks at all values on, all values are one list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from crosswalks.language import byfield
from crosswalks.language.conditions import when
from crosswalks.language.copying import copies, copying
from crosswalks.language.delivered import between, keeping
from crosswalks.language.errors import CrosswalkSyntax, MappingFailed, Misplaced
from crosswalks.language.lines import Run, Steps, Taken, found, general
from crosswalks.language.making import (
    Sink,
    element_of,
    emitter,
    field_of,
    finished,
    fixed_indicators,
    shaped,
)
from crosswalks.language.naming import preparing
from crosswalks.language.nonsort import nonsorting
from crosswalks.language.ordered import in_order, ordered
from crosswalks.language.scripts import scripted
from crosswalks.language.syntax import Kind, Path, Rule, Script, Step
from crosswalks.language.taking import Input, Occurrence, Text, taking
from crosswalks.language.transforms import Scope, make, shape
from crosswalks.model import Columns, Record, Undivided

_AS = "as"
_DEFAULT = "default"
"""The one transform that makes something of nothing."""


class Program(NamedTuple):
    """A crosswalk that runs; ``normalises`` if it brings text into NFC itself."""

    run: Callable[[Record], Record]
    normalises: bool
    of_texts: Callable[[Undivided], Columns] | None = None
    """The same of a record whose fields are still text, where that can be done."""


class _Ready(NamedTuple):
    """A rule: the tags or names of which it needs one (empty: none), and how it runs."""

    needs: frozenset[str]
    told: frozenset[tuple[str, tuple[str, str]]]
    """The names and attributes of which it needs one, where a name alone does not do."""
    linked: bool
    run: Run
    taken: Taken
    rule: Rule


def compiled(script: Script) -> Program:
    """Return what maps a record; raise CrosswalkSyntax for a rule that cannot be.

    The function raises MappingFailed, with the line, where a rule fails on a record.
    """
    rules = [_ready(rule, None, top=True) for rule in script.rules]
    by_field = byfield.plan(script, [(rule.rule, rule.taken) for rule in rules])
    if by_field is not None:
        return Program(by_field.of_record, normalises=True, of_texts=by_field.of_texts)
    prepare, due, keep = preparing(script), _due(rules), keeping(script)

    def mapped(record: Record) -> Record:
        source, sink = prepare(record), Sink()
        record, rule = source.record, None
        kept = keep(record, sink)
        try:
            for rule in due(source):
                rule.run(source, record, sink)
            return between(finished(script, sink), kept)
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            file, line = (rule.rule.file, rule.rule.line) if rule else (script.name, 0)
            raise MappingFailed(name=file, line=line, reason=repr(error)) from error

    return Program(scripted(script, nonsorting(script, mapped)), normalises=False)


def _due(rules: list[_Ready]) -> Callable[[Input], Iterator[_Ready]]:
    """Return what picks the rules that find what they need in a record, in their order.

    Most rules of a large crosswalk find nothing, so it is the record's tags that are looked at.
    """
    always = [number for number, rule in enumerate(rules) if not rule.needs]
    by_tag, by_link = _by_needs(rules)
    by_attribute = _by_attribute(rules)

    def due(source: Input) -> Iterator[_Ready]:
        numbers = {*always}
        for tag in source.index:
            if tag in by_tag:
                numbers.update(by_tag[tag])
            if tag in by_attribute:
                wanted = by_attribute[tag]
                for pair in source.told(tag):
                    numbers.update(wanted.get(pair, ()))
        for tag in source.linked:
            if tag in by_link:
                numbers.update(by_link[tag])
        return map(rules.__getitem__, sorted(numbers))

    return due


def _by_needs(rules: list[_Ready]) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    by_tag: dict[str, list[int]] = {}
    by_link: dict[str, list[int]] = {}
    for number, rule in enumerate(rules):
        for tag in () if rule.told else rule.needs:
            by_tag.setdefault(tag, []).append(number)
            if rule.linked:
                by_link.setdefault(tag, []).append(number)
    return by_tag, by_link


def _by_attribute(rules: list[_Ready]) -> dict[str, dict[tuple[str, str], list[int]]]:
    by_attribute: dict[str, dict[tuple[str, str], list[int]]] = {}
    for number, rule in enumerate(rules):
        for name, pair in rule.told:
            by_attribute.setdefault(name, {}).setdefault(pair, []).append(number)
    return by_attribute


def _ready(rule: Rule, text: Text | None, *, top: bool) -> _Ready:
    run, taken = _compiled(rule, text, top=top)
    needs = frozenset(source.needs for source in taken.sources)
    if "" in needs or any(step.name == _DEFAULT for step in rule.steps):
        needs = frozenset()
    told = frozenset((source.needs, source.told) for source in taken.sources if source.told)
    if not needs or any(source.told is None for source in taken.sources):
        told = frozenset()
    linked = any(source.linked for source in taken.sources)
    return _Ready(needs, told, linked, run, taken, rule)


def _compiled(rule: Rule, text: Text | None, *, top: bool) -> tuple[Run, Taken]:
    try:
        sources = [taking(path, top=top, clean=text) for path in rule.sources]
        tag = sources[0].needs if len(sources) == 1 else ""
        condition = when(rule.conditions, top=top, clean=text, of=tag)
        taken = Taken(sources, _steps(rule.steps), condition)
        if rule.children:
            children = [_ready(child, text, top=False) for child in rule.children]
            return _block(rule, taken, children), taken
        return _line(rule, taken), taken
    except Misplaced as wrong:
        raise CrosswalkSyntax(
            name=rule.file, line=rule.line, column=wrong.column, reason=wrong.reason
        ) from wrong


def _steps(steps: tuple[Step, ...]) -> Steps:
    last = None
    if steps and steps[-1].name == _AS:
        *steps_before, final = steps
        if len(final.arguments) != 1:
            raise Misplaced(final.column, "as takes one name")
        steps, last = tuple(steps_before), shape(final.arguments[0])
    made = [make(step) for step in steps]
    cut = next((at for at, each in enumerate(made) if each.scope is Scope.ALL), len(made))
    return Steps(tuple(made[:cut]), tuple(made[cut:]), last)


def _line(rule: Rule, taken: Taken) -> Run:
    """Return a rule without lines below it as a function."""
    if in_order(rule):
        return ordered(rule, taken)
    if copies(rule):
        if taken.steps.over_all:
            raise Misplaced(rule.steps[0].column, "whole fields are copied one by one")
        return _copy(taken, copying(rule, [made.run for made in taken.steps.within]))
    emit = shaped(rule.target, taken.steps.shape) if taken.steps.shape else emitter(rule.target)
    return general(taken, emit)


def _copy(taken: Taken, act: Callable[[Occurrence, Sink], None]) -> Run:
    def run(source: Input, context: Occurrence, sink: Sink) -> None:
        for occurrence, _ in found(taken, source, context, sink):
            act(occurrence, sink)

    return run


def _block(rule: Rule, taken: Taken, children: list[_Ready]) -> Run:
    """Return a rule with lines below it: these run for each thing, or value, that it takes."""
    finish = _finish(rule.target)
    indicators = fixed_indicators(rule.target)
    due = _due(children) if any(child.needs for child in children) else None
    below = _below(rule, taken)

    def run(source: Input, context: Occurrence, sink: Sink) -> None:
        for each in below(source, context, sink):
            inner = Sink(sink.top, indicators)
            for child in children if due is None else due(source):
                child.run(source, each, inner)
            made = finish(inner)
            if made is not None:
                sink.items.append(made)

    return run


def _below(rule: Rule, taken: Taken) -> Callable[[Input, Occurrence, Sink], Iterable[Occurrence]]:
    """Return what finds the things, or the values, that the lines below a rule run for."""

    def things(source: Input, context: Occurrence, sink: Sink) -> Iterable[Occurrence]:
        return [occurrence for occurrence, _ in found(taken, source, context, sink)]

    def texts(source: Input, context: Occurrence, sink: Sink) -> Iterable[Occurrence]:
        values = [text for _, texts in found(taken, source, context, sink) for text in texts]
        for made in taken.steps.over_all:
            values = made.run(values)
        return values

    if rule.steps:
        return texts
    if taken.when is None and len(taken.sources) == 1:
        occurrences = taken.sources[0].occurrences
        return lambda source, context, _: occurrences(source, context)
    return things


def _finish(target: Path) -> Callable[[Sink], object]:
    if target.kind is Kind.FIELD and not target.codes:
        return lambda sink: field_of(target, sink)
    if target.kind is Kind.ELEMENT:
        return lambda sink: element_of(target, sink)
    raise Misplaced(target.column, "lines can stand only below a field or an element")

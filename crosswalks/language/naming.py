"""What a record looks like to the rules: cleaned, resolved, its elements under the rules' names.

``dc:creator is dc.contributor.author, dc.creator | distinct`` lets all rules that take dc:creator
find both, so that one file of rules serves several dialects, and what is told is told once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from itertools import groupby
from typing import Self

from crosswalks.language.delivered import with_subfields
from crosswalks.language.errors import CrosswalkSyntax, Misplaced
from crosswalks.language.lines import composed
from crosswalks.language.pointing import resolved
from crosswalks.language.syntax import Naming, Script
from crosswalks.language.taking import Input, taking
from crosswalks.language.transforms import Made, Scope, make
from crosswalks.language.transforms.registry import OnValue
from crosswalks.language.transforms.text import clean
from crosswalks.model import Control, Element, Field, Record

Elements = list[Element]

_new = tuple.__new__


def preparing(script: Script) -> Callable[[Record], Input]:
    """Return what makes the Input of a record; raise CrosswalkSyntax where a name cannot be."""
    names = [naming(each) for each in script.names]

    def prepare(record: Record) -> Input:
        if script.clean:
            record = replace(record, fields=tuple([_cleaned(each) for each in record.fields]))
        if script.resolve:
            record = resolved(record)
        if script.bare:
            record = with_subfields(record)
        source = Input(record)
        for put in names:
            put(source)
        return source

    return prepare


def naming(named: Naming) -> Callable[[Input], None]:
    """Return what puts elements under their new name; raise CrosswalkSyntax where it cannot be."""
    try:
        sources = [taking(path, top=True, clean=None) for path in named.sources]
        steps = _few([make(step) for step in named.steps])
    except Misplaced as wrong:
        raise CrosswalkSyntax(
            name=named.file, line=named.line, column=wrong.column, reason=wrong.reason
        ) from wrong
    name, found = named.name, [each.occurrences for each in sources]
    needs = frozenset(each.needs for each in sources)
    always = "" in needs

    def put(source: Input) -> None:
        index = source.index
        if not always and needs.isdisjoint(index):
            index.pop(name, None)
            return
        elements: Elements = [
            each  # type: ignore[misc] # names are of elements only
            for occurrences in found
            for each in occurrences(source, source.record)
        ]
        for step in steps:
            elements = step(elements)
        if elements:
            index[name] = [
                each if each[0] == name else _new(Element, (name, *each[1:])) for each in elements
            ]
        else:
            index.pop(name, None)

    return put


def _few(steps: list[Made]) -> list[Callable[[Elements], Elements]]:
    """Return transforms as functions of elements, those of single values put together."""
    few: list[Callable[[Elements], Elements]] = []
    for of_values, group in groupby(steps, key=lambda made: made.on_value is not None):
        made = tuple(group)
        one = composed(made) if of_values else None
        few += [partial(_changed, step=each) for each in made] if one is None else [_each(one)]
    return few


def _each(one: OnValue) -> Callable[[Elements], Elements]:
    def run(elements: Elements) -> Elements:
        return [
            each if text == each[2] else each._replace(text=text)
            for each in elements
            if (text := one(each[2]))
        ]

    return run


def _changed(elements: Elements, step: Made) -> Elements:
    """Return elements with what a transform makes of their text; attributes stay where they can."""
    if step.scope is Scope.ALL:
        texts = step.run([_Told(each) for each in elements])
        return list(_matched(elements, texts))
    return [
        each if text == each.text else each._replace(text=text)
        for each in elements
        for text in step.run([each.text])
    ]


def _matched(elements: Elements, texts: list[str]) -> Iterable[Element]:
    """Yield an element for each text: one that had it before, in its order, or a bare one."""
    left = list(elements)
    for text in texts:
        if isinstance(text, _Told):
            yield text.element
            continue
        at = next((at for at, each in enumerate(left) if each.text == text), None)
        yield Element("", (), text) if at is None else left.pop(at)


class _Told(str):
    """The text of an element that remembers it: what a transform only chooses keeps its place."""

    __slots__ = ("element",)

    element: Element

    def __new__(cls, element: Element) -> Self:
        told = super().__new__(cls, element.text)
        told.element = element
        return told


def _cleaned(field: Control | Field | Element) -> Control | Field | Element:
    return _cleaned_element(field) if isinstance(field, Element) else field


def _cleaned_element(element: Element) -> Element:
    name, attributes, text, children = element
    if children:
        children = tuple([_cleaned_element(child) for child in children])
    return _new(Element, (name, attributes, text and clean(text), children))

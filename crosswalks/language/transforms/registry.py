"""The register of transforms: how a name and its arguments become a function."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from crosswalks.language.errors import Misplaced
from crosswalks.language.syntax import Argument, Step
from crosswalks.model import Subfield

Values: TypeAlias = list[str]
OnValue: TypeAlias = Callable[[str], str]
OnValues: TypeAlias = Callable[[Values], Values]
Shape: TypeAlias = Callable[[str], tuple[Subfield, ...]]


class Scope(Enum):
    """What a transform sees at a time."""

    VALUE = "each value"
    OCCURRENCE = "the values of one field or element"
    ALL = "all values"


@dataclass(frozen=True, slots=True)
class Made:
    """A transform ready to run: values in, values out."""

    scope: Scope
    run: OnValues


@dataclass(frozen=True, slots=True)
class _Entry:
    scope: Scope
    build: Callable[..., Callable[..., object]]


_TRANSFORMS: dict[str, _Entry] = {}
_SHAPES: dict[str, Shape] = {}


def value(name: str) -> Callable[[Callable[..., OnValue]], Callable[..., OnValue]]:
    """Register what makes one value of one value; an empty one is dropped."""

    def register(build: Callable[..., OnValue]) -> Callable[..., OnValue]:
        _TRANSFORMS[name] = _Entry(Scope.VALUE, build)
        return build

    return register


def occurrence(name: str) -> Callable[[Callable[..., OnValues]], Callable[..., OnValues]]:
    """Register what needs all values of one field or element at once."""

    def register(build: Callable[..., OnValues]) -> Callable[..., OnValues]:
        _TRANSFORMS[name] = _Entry(Scope.OCCURRENCE, build)
        return build

    return register


def over_all(name: str) -> Callable[[Callable[..., OnValues]], Callable[..., OnValues]]:
    """Register what needs all values of the record that the rule took."""

    def register(build: Callable[..., OnValues]) -> Callable[..., OnValues]:
        _TRANSFORMS[name] = _Entry(Scope.ALL, build)
        return build

    return register


def into_subfields(name: str) -> Callable[[Shape], Shape]:
    """Register what makes subfields of one value, used as ``| as NAME`` at a rule's end."""

    def register(build: Shape) -> Shape:
        _SHAPES[name] = build
        return build

    return register


def make(step: Step) -> Made:
    """Return the transform of a step; raise Misplaced for an unknown name or wrong arguments."""
    entry = _TRANSFORMS.get(step.name)
    if entry is None:
        raise Misplaced(step.column, f"there is no transform {step.name}")
    try:
        inspect.signature(entry.build).bind(*step.arguments)
    except TypeError as error:
        wanted = _usage(step.name, entry)
        raise Misplaced(step.column, f"{step.name} is used as: {wanted}") from error
    built = entry.build(*step.arguments)
    run = _on_each(built) if entry.scope is Scope.VALUE else built
    return Made(entry.scope, run)  # type: ignore[arg-type] # the scope says what was built


def shape(argument: Argument) -> Shape:
    """Return a way to make subfields of a value; raise Misplaced if there is none of this name."""
    if argument.text not in _SHAPES:
        known_ones = ", ".join(sorted(_SHAPES))
        raise Misplaced(argument.column, f"there is no {argument.text}, only {known_ones}")
    return _SHAPES[argument.text]


def known() -> Iterator[tuple[str, str, str]]:
    """Yield each transform's usage, what it sees, and what it does, by name."""
    for name, entry in sorted(_TRANSFORMS.items()):
        told = " ".join((inspect.getdoc(entry.build) or "").split())
        yield _usage(name, entry), entry.scope.value, told


def shapes() -> Iterator[tuple[str, str]]:
    """Yield each way to make subfields, and what it does, by name."""
    for name, build in sorted(_SHAPES.items()):
        yield f"as {name}", " ".join((inspect.getdoc(build) or "").split())


def _usage(name: str, entry: _Entry) -> str:
    words = [name]
    for parameter in inspect.signature(entry.build).parameters.values():
        word = parameter.name.upper().rstrip("_")
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            words.append(f"{word}...")
        else:
            optional = parameter.default is not inspect.Parameter.empty
            words.append(f"[{word}]" if optional else word)
    return " ".join(words)


def _on_each(function: Callable[..., object]) -> OnValues:
    def run(values: Values) -> Values:
        return [new for old in values if (new := function(old))]  # type: ignore[misc] # a str

    return run

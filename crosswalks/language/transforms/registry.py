"""The register of transforms: how a name and its arguments become a function."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeAlias

from crosswalks.language.errors import Misplaced
from crosswalks.language.syntax import Argument, Step
from crosswalks.model import Field, Subfield

Values: TypeAlias = list[str]
OnValue: TypeAlias = Callable[[str], str]
OnValues: TypeAlias = Callable[[Values], Values]
ToOne: TypeAlias = Callable[[Values], str]
Shape: TypeAlias = Callable[[str], tuple[Subfield, ...]]
FieldShape: TypeAlias = Callable[[Field], tuple[Subfield, ...]]


class Scope(Enum):
    """What a transform sees at a time."""

    VALUE = "each value"
    ONE = "the values of one field or element, of which it makes one"
    OCCURRENCE = "the values of one field or element"
    ALL = "all values"


@dataclass(frozen=True, slots=True)
class Made:
    """A transform ready to run: values in, values out, whatever its scope."""

    scope: Scope
    run: OnValues
    on_value: OnValue | None = None
    """The same for one value, where the scope is that."""
    to_one: ToOne | None = None
    """The same, as the one value it makes."""


@dataclass(frozen=True, slots=True)
class _Entry:
    scope: Scope
    build: Callable[..., object]


_TRANSFORMS: dict[str, _Entry] = {}
_SHAPES: dict[str, Shape] = {}
_FIELD_SHAPES: dict[str, FieldShape] = {}


def _claim(name: str, *taken: Mapping[str, object]) -> None:
    """Raise ValueError for a name that is registered already: the later would silently win."""
    if any(name in each for each in taken):
        raise ValueError(name)


def value(name: str) -> Callable[[Callable[..., OnValue]], Callable[..., OnValue]]:
    """Register what makes one value of one value; an empty one is dropped."""

    def register(build: Callable[..., OnValue]) -> Callable[..., OnValue]:
        _claim(name, _TRANSFORMS)
        _TRANSFORMS[name] = _Entry(Scope.VALUE, build)
        return build

    return register


def to_one(name: str) -> Callable[[Callable[..., ToOne]], Callable[..., ToOne]]:
    """Register what makes one value of all those of a field or element; an empty one is dropped."""

    def register(build: Callable[..., ToOne]) -> Callable[..., ToOne]:
        _claim(name, _TRANSFORMS)
        _TRANSFORMS[name] = _Entry(Scope.ONE, build)
        return build

    return register


def occurrence(name: str) -> Callable[[Callable[..., OnValues]], Callable[..., OnValues]]:
    """Register what needs all values of one field or element at once."""

    def register(build: Callable[..., OnValues]) -> Callable[..., OnValues]:
        _claim(name, _TRANSFORMS)
        _TRANSFORMS[name] = _Entry(Scope.OCCURRENCE, build)
        return build

    return register


def over_all(name: str) -> Callable[[Callable[..., OnValues]], Callable[..., OnValues]]:
    """Register what needs all values of the record that the rule took."""

    def register(build: Callable[..., OnValues]) -> Callable[..., OnValues]:
        _claim(name, _TRANSFORMS)
        _TRANSFORMS[name] = _Entry(Scope.ALL, build)
        return build

    return register


def into_subfields(name: str) -> Callable[[Shape], Shape]:
    """Register what makes subfields of one value, used as ``| as NAME`` at a rule's end."""

    def register(build: Shape) -> Shape:
        _claim(name, _SHAPES, _FIELD_SHAPES)
        _SHAPES[name] = build
        return build

    return register


def of_field(name: str) -> Callable[[FieldShape], FieldShape]:
    """Register what makes subfields of a whole field, used as ``| as NAME`` behind its tag."""

    def register(build: FieldShape) -> FieldShape:
        _claim(name, _SHAPES, _FIELD_SHAPES)
        _FIELD_SHAPES[name] = build
        return build

    return register


def field_shape(step: Step) -> FieldShape | None:
    """Return the way to make subfields of a whole field that a step names, or None."""
    return _FIELD_SHAPES.get(step.arguments[0].text) if step.arguments else None


def make(step: Step) -> Made:
    """Return the transform of a step; raise Misplaced for an unknown name or wrong arguments."""
    entry = _TRANSFORMS.get(step.name)
    if entry is None:
        raise Misplaced(step.column, "there is no transform {text}", text=step.name)
    try:
        inspect.signature(entry.build).bind(*step.arguments)
    except TypeError as error:
        wanted = _usage(step.name, entry)
        raise Misplaced(
            step.column, "{text} is used as: {wanted}", text=step.name, wanted=wanted
        ) from error
    built: Any = entry.build(*step.arguments)
    if entry.scope is Scope.VALUE:
        return Made(entry.scope, _on_each(built), on_value=built)
    if entry.scope is Scope.ONE:
        return Made(entry.scope, _as_list(built), to_one=built)
    return Made(entry.scope, built)


def shape(argument: Argument) -> Shape:
    """Return a way to make subfields of a value; raise Misplaced if there is none of this name."""
    if argument.text in _FIELD_SHAPES:
        build = _FIELD_SHAPES[argument.text]
        return lambda text: build(Field("", "  ", (("a", text),)))
    if argument.text not in _SHAPES:
        known_ones = ", ".join(sorted([*_SHAPES, *_FIELD_SHAPES]))
        raise Misplaced(
            argument.column,
            "there is no {text}, only {known}",
            text=argument.text,
            known=known_ones,
        )
    return _SHAPES[argument.text]


def known() -> Iterator[tuple[str, str, str]]:
    """Yield each transform's usage, what it sees, and what it does, by name."""
    for name, entry in sorted(_TRANSFORMS.items()):
        told = " ".join((inspect.getdoc(entry.build) or "").split())
        yield _usage(name, entry), entry.scope.value, told


def shapes() -> Iterator[tuple[str, str]]:
    """Yield each way to make subfields, and what it does, by name."""
    for name, build in sorted({**_SHAPES, **_FIELD_SHAPES}.items()):
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


def _on_each(function: OnValue) -> OnValues:
    return lambda values: [new for old in values if (new := function(old))]


def _as_list(function: ToOne) -> OnValues:
    return lambda values: [one] if (one := function(values)) else []

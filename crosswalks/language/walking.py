"""Element paths as functions: ``name[@type="personal"]/namePart`` gives elements, in their order.

A record of elements is walked by hundreds of rules, most of which find nothing: each part of a
path becomes the least that tells so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

from crosswalks.language.syntax import Part, Path, Predicate
from crosswalks.model import Element

Check: TypeAlias = Callable[[Element], bool]
Step: TypeAlias = Callable[[Sequence[Element]], Sequence[Element]]
Occurrences: TypeAlias = Callable[[Any, Any], Iterable[Any]]
"""Of the input, and of what the line above took."""

_NONE: tuple[Element, ...] = ()


class Walk(NamedTuple):
    """What finds a path's elements; the name, and the attribute, without which there are none."""

    occurrences: Occurrences
    needs: str = ""
    told: tuple[str, str] | None = None


def walk(path: Path, *, top: bool) -> Walk:
    """Return an element path as functions."""
    first, *rest = path.parts
    deeper = [_children(part) for part in rest]
    if not top and not path.absolute:
        return Walk(_from_context([_children(first), *deeper]))
    if first.name.endswith("*"):
        return Walk(_from_record([_among(first), *deeper]))
    pairs, others = _split(first.predicates)
    if pairs:
        pair = (pairs[0].name[1:], pairs[0].value or "")
        check = _check([*pairs[1:], *others])
        return Walk(_from_pair(first.name, pair, check, deeper), first.name, pair)
    return Walk(_from_index(first.name, _check(others), deeper), first.name)


def _from_index(name: str, check: Check | None, deeper: list[Step]) -> Occurrences:
    """Return what begins with a name in the index: what stands under it is all that has it."""

    def plain(source: Any, _: Any) -> Iterable[Element]:
        found: Sequence[Element] = source.index.get(name, _NONE)
        return found

    def occurrences(source: Any, _: Any) -> Iterable[Element]:
        found: Sequence[Element] = source.index.get(name, _NONE)
        if check is not None:
            found = [each for each in found if check(each)]
        for step in deeper:
            if not found:
                break
            found = step(found)
        return found

    return occurrences if deeper or check is not None else plain


def _split(predicates: Sequence[Predicate]) -> tuple[list[Predicate], list[Predicate]]:
    """Return those that want an attribute to have a value, and the others."""
    wanting = [each for each in predicates if each.name.startswith("@") and not each.negated]
    pairs = [each for each in wanting if each.value is not None]
    return pairs, [each for each in predicates if each not in pairs]


def _from_pair(
    name: str, pair: tuple[str, str], check: Check | None, deeper: list[Step]
) -> Occurrences:
    """Return what begins with a name in the index and a value of an attribute."""

    def occurrences(source: Any, _: Any) -> Iterable[Element]:
        found: Sequence[Element] = source.told(name).get(pair, _NONE)
        if found and check is not None:
            found = [each for each in found if check(each)]
        for step in deeper:
            if not found:
                break
            found = step(found)
        return found

    return occurrences


def _from_context(steps: list[Step]) -> Occurrences:
    """Return what begins with the children of what the line above took."""
    from_record = _from_record(steps)

    def occurrences(source: Any, context: Any) -> Iterable[Element]:
        if not isinstance(context, Element):
            return from_record(source, context)
        found: Sequence[Element] = (context,)
        for step in steps:
            found = step(found)
        return found

    return occurrences


def _from_record(steps: list[Step]) -> Occurrences:
    def occurrences(source: Any, _: Any) -> Iterable[Element]:
        fields = tuple(each for each in source.record.fields if isinstance(each, Element))
        found: Sequence[Element] = fields
        for step in steps:
            found = step(found)
        return found

    return occurrences


def _among(part: Part) -> Step:
    """Return what chooses the elements themselves."""
    named, check = _named(part.name), _check(part.predicates)
    return lambda found: [
        each for each in found if named(each[0]) and (check is None or check(each))
    ]


def _children(part: Part) -> Step:
    """Return what chooses among the children of elements."""
    name, named, check = part.name, _named(part.name), _check(part.predicates)
    if name.endswith("*"):
        return lambda found: [
            child
            for each in found
            for child in each[3]
            if named(child[0]) and (check is None or check(child))
        ]
    if check is None:
        return lambda found: [child for each in found for child in each[3] if child[0] == name]
    return lambda found: [
        child for each in found for child in each[3] if child[0] == name and check(child)
    ]


def _named(name: str) -> Callable[[str], bool]:
    beginning = name.removesuffix("*")
    return name.__eq__ if beginning == name else lambda other: other.startswith(beginning)


def _check(predicates: Sequence[Predicate]) -> Check | None:
    checks = [_predicate(each) for each in predicates]
    if len(checks) < 2:  # noqa: PLR2004 - nothing to put together
        return checks[0] if checks else None

    def holds(element: Element) -> bool:
        for check in checks:  # noqa: SIM110 - a generator costs more than the checks
            if not check(element):
                return False
        return True

    return holds


def _predicate(predicate: Predicate) -> Check:
    name, wanted, negated = predicate.name, predicate.value, predicate.negated
    if predicate.first:
        return lambda element: (element[3][:1] != () and element[3][0][0] == name) is not negated
    if name.startswith("@") and wanted is not None:
        pair = (name[1:], wanted)
        return lambda element: (pair in element[1]) is not negated

    def holds(element: Element) -> bool:
        found = _told(element, name)
        return (bool(found) if wanted is None else wanted in found) is not negated

    return holds


def _told(element: Element, name: str) -> list[str]:
    """Return what an element's attributes (``@type``), children or their children tell."""
    if name.startswith("@"):
        return [value for key, value in element[1] if key == name[1:]]
    child_name, _, rest = name.partition("/")
    children = [child for child in element[3] if child[0] == child_name]
    if rest:
        return [value for child in children for value in _told(child, rest)]
    return [child[2].strip() for child in children]

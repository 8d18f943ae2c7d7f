"""Which records their own library keeps from its readers: they are stored, and never given out.

What tells so differs from system to system; conditions of the crosswalk language say it, those in
``maps/suppressed.conditions`` where a source has none of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from importlib.resources import files

from crosswalks.language.conditions import holds_for
from crosswalks.language.parse import conditions
from crosswalks.language.syntax import Kind
from crosswalks.language.taking import Input
from crosswalks.model import Problem, Record, Severity

CODE = "suppressed"
"""The Problem that marks such a record."""

_TAGGED = (Kind.CONTROL, Kind.FIELD)
_LINKED = "880"
_DEFAULT = "default"
_FILE = "suppressed.conditions"


def suppressed(record: Record, rules: tuple[str, ...] = ()) -> Problem | None:
    """Return the Problem that marks a suppressed MARC 21 record, or None if it is not one."""
    wanted, tags = _compiled(rules)
    if tags is not None:
        fields = tuple([field for field in record.fields if field[0] in tags])
        record = Record(schema=record.schema, leader=record.leader, fields=fields)
    source = Input(record)
    for text, holds in wanted:
        if holds(source):
            return Problem(code=CODE, severity=Severity.INFO, detail=text)
    return None


def check(rules: Iterable[str]) -> None:
    """Raise CrosswalkSyntax for a condition that is none."""
    _compiled(tuple(rules))


@lru_cache(maxsize=256)
def _compiled(
    rules: tuple[str, ...],
) -> tuple[list[tuple[str, Callable[[Input], bool]]], frozenset[str] | None]:
    """Return the conditions as functions, and the tags of all that they look at if it is known."""
    texts = [each for rule in rules or (_DEFAULT,) for each in _spelt_out(rule)]
    wanted = [conditions(text) for text in texts]
    paths = [each.path for one in wanted for group in one for each in group]
    is_known = all(path.kind in _TAGGED and "." not in path.tag for path in paths)
    tags = frozenset(path.tag for path in paths) | {_LINKED} if is_known else None
    return [(text, holds_for(one)) for text, one in zip(texts, wanted, strict=True)], tags


def _spelt_out(rule: str) -> list[str]:
    if rule.strip() != _DEFAULT:
        return [rule]
    text = files("crosswalks.maps").joinpath(_FILE).read_text("utf-8")
    lines = [line.partition("#")[0].strip() for line in text.splitlines()]
    return [line for line in lines if line]

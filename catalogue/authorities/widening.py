"""Searches widened by see-references: who looks for one name finds what stands under the others.

Only a whole name or phrase is looked up, in any order of a person's, and only where names or
subjects are searched. What was typed is always looked for as well, and nothing that is indexed is
changed. The work is bounded: so many names looked up, so many more looked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from sqlalchemy import Connection

from catalogue.authorities.forms import COLUMNS, LONGEST, Form, forms
from catalogue.authorities.leading import Led, leading
from catalogue.authorities.used import used
from catalogue.search.columns import TEXT
from catalogue.search.expression import (
    AllOf,
    AnyOf,
    Except,
    Expression,
    Words,
    all_of,
    any_of,
    fold,
    parts_of,
    preorder,
    without,
)
from catalogue.search.model import Also
from catalogue.search.tokens import marked
from crosswalks.authorities.model import Kind

_MOST_KEYS = 16
"""Names of one query that are looked up."""
_MOST_PHRASES = 16
"""Ways of writing other names that are looked for besides one."""
_MOST_ASKED = 100
"""Ways of writing them that are looked up in the index; only those that stand there count."""
_PEOPLE = frozenset({Kind.PERSON, Kind.CORPORATE, Kind.MEETING})
_LOOKED = frozenset(column for columns in COLUMNS.values() for column in columns)


class Widened(NamedTuple):
    """What is looked for now, and by which see-references."""

    wanted: Expression
    also: tuple[Also, ...]


@dataclass(frozen=True, slots=True)
class _Group:
    """Words of one query that may be a whole name: side by side, or all of them somewhere."""

    columns: tuple[str, ...]
    parts: tuple[Words, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for part in self.parts for word in part.words)

    @property
    def key(self) -> str:
        return " ".join(self.words)[:LONGEST]

    @property
    def exact(self) -> str:
        """The same as written, if it was written with marks: these have to agree then."""
        if not any(part.has_marks for part in self.parts):
            return ""
        return " ".join(word for part in self.parts for word in part.exact)

    def covers(self, words: Sequence[str]) -> bool:
        """Tell whether whoever looks for this finds the words anyway."""
        own = self.words
        if len(self.parts) > 1:
            return set(own) <= set(words)
        places = range(len(words) - len(own) + 1)
        return any(tuple(words[at : at + len(own)]) == own for at in places)


def widened(connection: Connection, wanted: Expression) -> Widened:
    """Return what is looked for with what see-references add to it."""
    groups = list(dict.fromkeys(_groups(wanted)))[:_MOST_KEYS]
    if not groups:
        return Widened(wanted, ())
    led = leading(connection, {group.key: group.exact for group in groups})
    found: dict[_Group, Expression] = {}
    also: list[Also] = []
    for group in groups:
        more, told = _more(connection, group, led.get(group.key, ()))
        if more:
            found[group] = any_of(more)
            also += told
    return Widened(_with(wanted, found), tuple(also)) if found else Widened(wanted, ())


def _groups(wanted: Expression) -> Iterator[_Group]:
    """Yield what may be a name, whole queries before phrases within them."""
    left_out: set[int] = set()
    if isinstance(wanted, Words):
        yield from _group((wanted,))
    for _, node in preorder(wanted):
        if id(node) in left_out:
            left_out |= {id(part) for part in parts_of(node)}
        elif isinstance(node, Except):
            # What is not wanted is left out as it was typed, and nothing more.
            left_out.add(id(node.left_out))
            if isinstance(node.kept, Words):
                yield from _group((node.kept,))
        else:
            yield from _within(node)


def _within(node: Expression) -> Iterator[_Group]:
    if isinstance(node, AnyOf):
        for part in node.parts:
            if isinstance(part, Words):
                yield from _group((part,))
    elif isinstance(node, AllOf):
        for parts in _together(node):
            yield from _group(parts)
            if len(parts) > 1:
                for part in parts:
                    if len(part.words) > 1:
                        yield from _group((part,))


def _together(node: AllOf) -> list[tuple[Words, ...]]:
    """Return the words that are to be in the same columns, those of a name perhaps."""
    found: dict[tuple[str, ...], list[Words]] = {}
    for part in node.parts:
        if isinstance(part, Words):
            found.setdefault(part.columns, []).append(part)
    return [tuple(parts) for parts in found.values()]


def _group(parts: tuple[Words, ...]) -> Iterator[_Group]:
    columns = parts[0].columns
    if _LOOKED.isdisjoint(columns) or any(part.prefix or part.marked for part in parts):
        return
    yield _Group(columns, parts)


def _more(
    connection: Connection, group: _Group, led: Sequence[Led]
) -> tuple[list[Words], list[Also]]:
    """Return what to look for besides a group, and what to say of it."""
    fitting = [each for each in led if _fits(group, each)]
    if not fitting:
        return [], []
    asked: dict[tuple[Words, str], tuple[int, str]] = {}
    for at, each in enumerate(fitting):
        columns = tuple(name for name in COLUMNS[each.kind] if name in group.columns)
        for name in each.names:
            for form in _others(group, name, each.kind):
                for words in _phrases(form, columns):
                    asked.setdefault((words, form.key), (at, name))
    whose = list(asked.values())
    kept = list(used(connection, list(asked)[:_MOST_ASKED]).items())[:_MOST_PHRASES]
    names: dict[int, dict[str, None]] = {}
    for place, _ in sorted(kept, key=itemgetter(0)):
        at, name = whose[place]
        names.setdefault(at, {})[name] = None
    also = [_also(group, fitting[at], tuple(some)) for at, some in names.items()]
    return [words for _, words in kept], also


def _also(group: _Group, led: Led, names: tuple[str, ...]) -> Also:
    return Also(typed=group.key, heading=led.heading, code=led.code, number=led.number, names=names)


def _fits(group: _Group, led: Led) -> bool:
    """Tell whether an authority is what may be meant where a group is looked for."""
    if set(group.columns).isdisjoint(COLUMNS[led.kind]):
        return False
    # One word alone is a name only where names are looked for.
    is_anywhere = set(TEXT) <= set(group.columns)
    return not (is_anywhere and len(group.words) == 1 and led.kind in _PEOPLE)


def _others(group: _Group, name: str, kind: Kind) -> Iterator[Form]:
    for form in forms(name, kind):
        is_one = kind in _PEOPLE and len(form.words) == 1
        if not is_one and not group.covers(form.words):
            yield form


def _phrases(form: Form, columns: tuple[str, ...]) -> Iterator[Words]:
    """Yield a name as it is written, and without its marks: with other marks it is another."""
    plain = marked(" ".join(form.words))
    if form.exact == plain:
        yield Words(columns=columns, words=form.words)
        return
    yield Words(columns=columns, words=form.exact, marked=True)
    yield Words(columns=columns, words=plain, marked=True)


def _with(wanted: Expression, found: Mapping[_Group, Expression]) -> Expression:
    """Return a query in which each group is itself or what its see-references lead to."""

    def make(node: Expression, parts: list[Expression]) -> Expression:
        if isinstance(node, AllOf):
            return _all(node, parts, found)
        if isinstance(node, AnyOf):
            return any_of(_single(*each, found) for each in zip(node.parts, parts, strict=True))
        if isinstance(node, Except):
            return without(_single(node.kept, parts[0], found), node.left_out)
        return node

    return _single(wanted, fold(wanted, make), found)


def _single(typed: Expression, made: Expression, found: Mapping[_Group, Expression]) -> Expression:
    if isinstance(typed, Words) and (more := found.get(_Group(typed.columns, (typed,)))):
        return any_of((made, more))
    return made


def _all(
    node: AllOf, parts: Iterable[Expression], found: Mapping[_Group, Expression]
) -> Expression:
    whole = {
        parts[0].columns: parts
        for parts in _together(node)
        if _Group(parts[0].columns, parts) in found
    }
    made: list[Expression] = []
    done: set[tuple[str, ...]] = set()
    for typed, part in zip(node.parts, parts, strict=True):
        words = whole.get(typed.columns) if isinstance(typed, Words) else None
        if words is None:
            made.append(_single(typed, part, found))
        elif words[0].columns not in done:
            done.add(words[0].columns)
            made.append(any_of((all_of(words), found[_Group(words[0].columns, words)])))
    return all_of(made)

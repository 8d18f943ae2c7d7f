"""The tables that rules name: ``types``, or ``types.leader06`` for another column than the second.

A key is found as written, else by its folded words (no case, no marks, no punctuation).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from crosswalks import tables
from crosswalks.language.beside import Rows, own_table
from crosswalks.language.errors import Misplaced
from crosswalks.language.syntax import Argument
from crosswalks.text import fold

_MANY = "|"


# The same few words come with record after record.
_folded = lru_cache(maxsize=4096)(fold)


class Table(dict[str, str]):
    """Keys to values; ``find`` gives a value, or an empty string."""

    def find(self, key: str) -> str:
        """Return the value of a key as written or folded."""
        found = self.get(key)
        return found if found is not None else self.get(_folded(key), "")

    def holds(self, key: str) -> bool:
        """Tell whether there is such a key, as written or folded."""
        return key in self or _folded(key) in self


def table(argument: Argument) -> Table:
    """Return the table that a rule names; raise Misplaced if there is none, or no such column."""
    name, _, column = argument.text.partition(".")
    own = own_table(name)
    if own is None and not tables.exists(f"{name}.tsv"):
        raise Misplaced(argument.column, "there is no table {text}", text=name)
    names = own[0] if own else tables.heading(f"{name}.tsv")
    if column and column not in names:
        known = ", ".join(names)
        raise Misplaced(
            argument.column,
            "table {text} has no column {named}, it has: {known}",
            text=name,
            named=column,
            known=known,
        )
    at = names.index(column) if column else min(1, len(names) - 1)
    return _made(own[1:], at) if own else _table(name, at)


@lru_cache(maxsize=256)
def _table(name: str, column: int) -> Table:
    return _made(tables.rows(f"{name}.tsv"), column)


def _made(rows: Rows, column: int) -> Table:
    found = Table()
    for row in rows:
        for key in row[0].split(_MANY) if len(row[0]) > 1 else [row[0]]:
            found.setdefault(key, row[column])
            found.setdefault(fold(key), row[column])
    found.pop("", None)
    return found


def within(argument: Argument) -> Callable[[str], str]:
    """Return what gives the value of the first key of a table whose words stand in a text."""
    keyed = [(f" {key} ", value) for key, value in table(argument).items() if key == fold(key)]

    def find(text: str) -> str:
        words = f" {fold(text)} "
        return next((value for key, value in keyed if key in words), "")

    return find

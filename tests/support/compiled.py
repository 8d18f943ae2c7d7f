"""What a process compiles once, for all the hubs that its tests begin one after the other.

A hub compiles addresses and statements when it meets them first, and lives for months. Tests begin
hubs by the thousand in a process, and a third of their time went into compiling the same again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar

import pytest
import sqlalchemy
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from catalogue import database

_STATEMENTS = 2000
"""Those used last are kept; an engine by itself keeps five hundred."""

Builder = Callable[..., tuple[str, str]]


class _Statements:
    """What engines keep compiled statements in; those of one kind keep them together."""

    def __init__(self) -> None:
        self._kept: LRUCache[tuple[object, ...], Any] = LRUCache(_STATEMENTS)

    def get(self, key: tuple[Any, ...]) -> Any:
        """Return the statement that was compiled for a dialect, which comes first, None if none."""
        return self._kept.get(_for_any_engine(key))

    def __setitem__(self, key: tuple[Any, ...], compiled: object) -> None:
        self._kept[_for_any_engine(key)] = compiled


def _for_any_engine(key: tuple[Any, ...]) -> tuple[object, ...]:
    # Each engine has a dialect of its own; with one name and driver they all say the same.
    dialect, *rest = key
    return (dialect.name, dialect.driver, *rest)


class _Rule(Rule):
    """An address that asks what another of its kind compiled in order to build addresses."""

    kept: ClassVar[dict[object, Builder]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        # What is compiled speaks of the rule's own converters, and has none of them.
        key = (self.rule, repr(self.defaults), tuple(self._trace), append_unknown)
        if key not in self.kept:
            self.kept[key] = super()._compile_builder(append_unknown)
        return self.kept[key]


@cache
def share_statements() -> None:
    """Have all databases of this process use what one of them compiled."""
    kept = _Statements()

    def create_engine(*arguments: Any, **named: Any) -> Engine:
        engine: Engine = sqlalchemy.create_engine(*arguments, **named)
        engine.update_execution_options(compiled_cache=kept)
        return engine

    pytest.MonkeyPatch().setattr(database, "create_engine", create_engine)


def share_addresses() -> None:
    """Have all applications of this process use what one of them compiled to build addresses."""
    Flask.url_rule_class = _Rule

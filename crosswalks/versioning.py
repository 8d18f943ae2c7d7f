"""What a crosswalk's results depend on besides its own text: tables, and the code that runs it.

A digest of it is part of each version, so that what was mapped by an earlier release is mapped
again where another one may come out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from crosswalks import tables
from crosswalks.language.syntax import Condition, Rule, Script, Step

CODE = 2
"""To be raised with a change of code that makes other records of the same: a transform, a reader
of a format, a rule of the language. A house rule, since nothing can tell it from the code."""
_NAMED = re.compile(r'"((?!quality-)[a-z0-9-]+)\.tsv"')
"""A table in the program's text; those of quality's marks change nothing that is stored."""
_SUFFIX = ".tsv"
_SIZE = 6


def digest(texts: Iterable[str], script: Script) -> str:
    """Return what stands for all that decides what a crosswalk makes, its texts included."""
    told = [str(CODE), *texts, _of_code()]
    told += [f"{name} {_content(name)}" for name in sorted(tables_of(script))]
    return hashlib.blake2b("\0".join(told).encode(), digest_size=_SIZE).hexdigest()


def tables_of(script: Script) -> frozenset[str]:
    """Return the names of the shipped tables that a crosswalk's rules name."""
    words = {
        argument.text.partition(".")[0] for step in _steps(script) for argument in step.arguments
    }
    return frozenset(word for word in words if f"{word}{_SUFFIX}" in _all())


def _steps(script: Script) -> Iterator[Step]:
    for naming in script.names:
        yield from naming.steps
    yield from _of_rules(script.rules)


def _of_rules(rules: Iterable[Rule]) -> Iterator[Step]:
    for rule in rules:
        yield from rule.steps
        yield from (test for group in rule.conditions for test in map(_test, group) if test)
        yield from _of_rules(rule.children)


def _test(condition: Condition) -> Step | None:
    return condition.test


@lru_cache(maxsize=1)
def _of_code() -> str:
    """Return what stands for the tables that code reads, whichever crosswalk it works for."""
    named = {name for text in _sources(files("crosswalks")) for name in _NAMED.findall(text)}
    told = [f"{name} {_content(name)}" for name in sorted(named) if f"{name}{_SUFFIX}" in _all()]
    return hashlib.blake2b("\0".join(told).encode(), digest_size=_SIZE).hexdigest()


def _sources(folder: Traversable) -> Iterator[str]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _sources(each)
        elif each.name.endswith(".py"):
            yield each.read_text("utf-8")


@lru_cache(maxsize=1)
def _all() -> frozenset[str]:
    return frozenset(
        each.name for each in files(tables.__name__).iterdir() if each.name.endswith(_SUFFIX)
    )


@lru_cache(maxsize=256)
def _content(name: str) -> str:
    data = files(tables.__name__).joinpath(f"{name}{_SUFFIX}").read_bytes()
    return hashlib.blake2b(data, digest_size=_SIZE).hexdigest()

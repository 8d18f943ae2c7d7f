"""The crosswalks that come with the program, read from ``maps/`` when first asked for."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

from crosswalks.language.compile import Program, compiled
from crosswalks.language.parse import parse
from crosswalks.language.syntax import Script

_SUFFIX = ".crosswalk"
_INCLUDED = ".rules"


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """Return the names of all crosswalks that are shipped, in alphabetical order."""
    return tuple(
        sorted(
            each.name.removesuffix(_SUFFIX)
            for each in files("crosswalks.maps").iterdir()
            if each.name.endswith(_SUFFIX)
        )
    )


@lru_cache(maxsize=1)
def rule_names() -> tuple[str, ...]:
    """Return the names of the rules that are shipped for others to include, in their order."""
    found = (each.name for each in files("crosswalks.maps").iterdir())
    return tuple(sorted(name.removesuffix(_INCLUDED) for name in found if name.endswith(_INCLUDED)))


@lru_cache(maxsize=64)
def script(name: str) -> Script:
    """Return a shipped crosswalk as its rules."""
    return parse(text(name), name, rules)


@lru_cache(maxsize=64)
def program(name: str) -> Program:
    """Return a shipped crosswalk as a function."""
    return compiled(script(name))


def text(name: str) -> str:
    """Return a shipped crosswalk as it is written."""
    return files("crosswalks.maps").joinpath(name + _SUFFIX).read_text("utf-8")


def rules(name: str) -> str:
    """Return what crosswalks include, rules or another crosswalk; raise LookupError."""
    if name in names():
        return text(name)
    file = files("crosswalks.maps").joinpath(name + _INCLUDED)
    if not file.is_file():
        raise LookupError(name)
    return file.read_text("utf-8")

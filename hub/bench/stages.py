"""Which stage of the line is at work, told from a stack of frames by a table (``stages.tsv``)."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from types import CodeType, FrameType
from typing import Any, NamedTuple

from crosswalks.tables import parse
from web.language import mark

OTHER, CREW = "other", "crew"
"""What no function tells: work of another kind, and that of processes which a worker began."""
NAMES = {
    "fetch": mark("fetch"),
    "read": mark("read and map"),
    "check": mark("check"),
    "match": mark("match"),
    "store": mark("store (T1)"),
    "cluster": mark("cluster"),
    "merge": mark("merge and render"),
    "index": mark("index"),
    "write": mark("write (T2)"),
    CREW: mark("at once, in several processes"),
    "figures": mark("figures for people"),
    "run": mark("queue and runs"),
    OTHER: mark("other"),
}
"""The stages in the order of a record's way, and what each is called."""
PLACING = frozenset({"match", "cluster", "merge", "index", "write", CREW})
"""Those in which clusters are made and given out; matching begins where a record is stored."""


class _Rule(NamedTuple):
    stage: str
    within: str


class Stages:
    """The table, with each function that it names found."""

    def __init__(self) -> None:
        """Find them. Raises ImportError or AttributeError where one is not there any more."""
        self._modules: dict[str, _Rule] = {}
        self._codes: dict[CodeType, _Rule] = {}
        for stage, place, within in parse(files("hub.bench"), "stages.tsv"):
            module, _, name = place.partition(":")
            found = importlib.import_module(module)
            if name:
                self._codes |= dict.fromkeys(codes(found, name), _Rule(stage, within))
            else:
                self._modules[module] = _Rule(stage, within)
        self._known: dict[CodeType, _Rule | None] = {}

    @property
    def named(self) -> set[str]:
        """The stages that have any function."""
        return {rule.stage for rule in (*self._modules.values(), *self._codes.values())}

    def of(self, frame: FrameType | None) -> str:
        """Return the stage that a stack is in, from its innermost frame outwards."""
        waiting: list[_Rule] = []
        while frame is not None:
            rule = self._rule(frame)
            if rule is not None:
                if not rule.within:
                    return next(
                        (one.stage for one in waiting if one.within == rule.stage), rule.stage
                    )
                waiting.append(rule)
            frame = frame.f_back
        return OTHER

    def _rule(self, frame: FrameType) -> _Rule | None:
        code = frame.f_code
        try:
            return self._known[code]
        except KeyError:
            found = self._codes.get(code) or self._of_module(frame.f_globals.get("__name__", ""))
            self._known[code] = found
            return found

    def _of_module(self, name: str) -> _Rule | None:
        """Return what is said of a module, or of the nearest package around it."""
        while name and name not in self._modules:
            name = name.rpartition(".")[0]
        return self._modules.get(name)


def codes(module: object, name: str) -> Iterator[CodeType]:
    """Yield the code of a function of a module, or of all functions of a class."""
    found: Any = module
    for part in name.split("."):
        found = getattr(found, part)
    members = vars(found).values() if inspect.isclass(found) else (found,)
    for each in members:
        code = getattr(inspect.unwrap(each), "__code__", None) if callable(each) else None
        if code is not None:
            yield code


@cache
def stages() -> Stages:
    """Return the table, read once."""
    return Stages()

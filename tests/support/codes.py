"""Every code of a problem that the program can find, gathered from where it is made."""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from crosswalks.errors import CrosswalkError

REPOSITORY = Path(__file__).parents[2]
ROOMS = ("crosswalks", "harvester", "catalogue", "provider", "scheduler", "hub")
_MAKERS = {"_problem", "_error", "_Repair", "note", "self._tell"}


@cache
def problem_codes() -> frozenset[str]:
    """Return the codes that stand in the code, and those of the errors that become problems."""
    importlib.import_module("crosswalks.language.errors")
    found = {code for room in ROOMS for code in _in_room(REPOSITORY / room)}
    return frozenset(found | {kind.code() for kind in _descendants(CrosswalkError)})


def _in_room(room: Path) -> Iterator[str]:
    for path in room.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constants = _constants(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (code := _code(node, constants)):
                yield code


def _constants(tree: ast.Module) -> dict[str, str]:
    """Return the texts that a module gives names to."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }


def _code(call: ast.Call, constants: dict[str, str]) -> str:
    made_by = ast.unparse(call.func)
    named = [word.value for word in call.keywords if word.arg == "code"]
    given = named if made_by == "Problem" else call.args[:1] if made_by in _MAKERS else []
    match given:
        case [ast.Constant(value=str(code)), *_]:
            return code
        case [ast.Name(id=name), *_]:
            return constants.get(name, "")
    return ""


def _descendants(kind: type[CrosswalkError]) -> Iterator[type[CrosswalkError]]:
    for below in kind.__subclasses__():
        if not below.__module__.startswith("test"):
            yield below
        yield from _descendants(below)

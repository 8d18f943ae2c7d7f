"""What must hold for every file of the repository."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
ROOMS = ("crosswalks", "protocols", "harvester", "catalogue", "provider", "scheduler", "web", "hub")
LONGEST_FILE = 400
LONGEST_FUNCTION = 60

REGISTRY = re.compile(r"py[p]i[.]org|python[h]osted|np[m]js[.]|crate[s][.]io|ruby[g]ems[.]org")
MACHINE = re.compile(r"(?<![\w.<>/})-])/(work(?=/[a-z.])|root|home|tmp|Users|mnt)/")
"""A work of the catalogue has a page of its own, by an id that is no name of a folder."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    paths = [REPOSITORY / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]


def modules(*, below: str = "") -> Iterator[Path]:
    for room in ROOMS:
        if room == below:
            return
        yield from (REPOSITORY / room).rglob("*.py")


def nodes(path: Path) -> Iterator[ast.AST]:
    yield from ast.walk(ast.parse(path.read_text(encoding="utf-8")))


def place(path: Path, line: int = 1) -> str:
    return f"{path.relative_to(REPOSITORY)}:{line}"


def lines_matching(pattern: re.Pattern[str]) -> list[str]:
    return [
        place(path, number)
        for path in tracked()
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1)
        if pattern.search(line)
    ]


def length(function: Function) -> int:
    lines = (function.end_lineno or 0) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function) is not None:
        lines -= (first.end_lineno or 0) - first.lineno + 1
    return lines


def ends_or_prints(call: ast.Call) -> bool:
    return ast.unparse(call.func) in {"print", "sys.exit", "exit", "quit", "os._exit"}


def test_no_file_names_a_package_registry():
    assert lines_matching(REGISTRY) == []


def test_no_file_names_a_path_of_one_machine():
    assert lines_matching(MACHINE) == []


def test_every_requirement_in_the_lock_is_hashed():
    lock = (REPOSITORY / "requirements.lock").read_text().replace("\\\n", " ")
    unhashed = [line for line in lock.splitlines() if "--hash=sha256:" not in line]

    assert unhashed == []


def test_no_module_is_too_long_to_read():
    written = [path for path in modules() if "versions" not in path.parts]

    assert [
        place(path)
        for path in written
        if len(path.read_text(encoding="utf-8").splitlines()) > LONGEST_FILE
    ] == []


def test_no_function_is_too_long_to_read():
    written = [path for path in modules() if "versions" not in path.parts]

    assert [
        f"{place(path, node.lineno)} {node.name}"
        for path in written
        for node in nodes(path)
        if isinstance(node, Function) and length(node) > LONGEST_FUNCTION
    ] == []


def test_nothing_below_hub_prints_or_ends_the_process():
    assert [
        place(path, node.lineno)
        for path in modules(below="hub")
        for node in nodes(path)
        if isinstance(node, ast.Call) and ends_or_prints(node)
    ] == []


def test_no_exception_is_caught_without_its_name():
    assert [
        place(path, node.lineno)
        for path in modules()
        for node in nodes(path)
        if isinstance(node, ast.ExceptHandler) and node.type is None
    ] == []

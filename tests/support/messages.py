"""Every English string a person may be shown, gathered from code, templates, tables and errors."""

from __future__ import annotations

import ast
import csv
import importlib
import pkgutil
from collections.abc import Iterator
from dataclasses import fields
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TypeVar

import click
import jinja2
from jinja2.ext import extract_from_ast

from catalogue.model import Counts, RecordState, RunStatus, Sharing
from crosswalks.errors import Error
from protocols.errors import ProtocolError

T = TypeVar("T", Error, ProtocolError)
ROOMS = ("crosswalks", "protocols", "harvester", "catalogue", "provider", "scheduler", "web", "hub")
REPOSITORY = Path(__file__).parents[2]
_SAYING = {"_", "mark", "translate", "notice", "Said"}
_SAID_AT = {"Misplaced": 1, "Said": 0}
"""Which argument of those is what people are told."""
_ENUMS: tuple[type[Enum], ...] = (RunStatus, RecordState, Sharing)


@cache
def all_messages() -> dict[str, str]:
    """Return every message with a place where it stands."""
    sources = (
        _in_code(),
        _in_crosswalk_language(),
        _in_templates(),
        _in_tables(),
        _in_errors(),
        _in_values(),
        _in_commands(),
    )
    return {message: place for source in sources for message, place in source if message.strip()}


def _in_code() -> Iterator[tuple[str, str]]:
    for room in ("harvester", "catalogue", "provider", "scheduler", "web", "hub"):
        for path in sorted((REPOSITORY / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    for message in _said(node):
                        yield message, f"{path.relative_to(REPOSITORY)}:{node.lineno}"


def _in_crosswalk_language() -> Iterator[tuple[str, str]]:
    """Yield what is said of a mistake in a crosswalk or a file: by a Misplaced or a Said."""
    for path in sorted((REPOSITORY / "crosswalks").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            said = _SAID_AT.get(ast.unparse(node.func)) if isinstance(node, ast.Call) else None
            if isinstance(node, ast.Call) and said is not None:
                for message in _strings(node.args[said]):
                    yield message, f"{path.relative_to(REPOSITORY)}:{node.lineno}"


def _said(call: ast.Call) -> Iterator[str]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    first = call.args[0] if call.args else None
    if name in _SAYING:
        yield from _strings(first)
    elif name == "table" and isinstance(first, ast.Tuple):
        yield from (text for heading in first.elts for text in _strings(heading))
    elif name == "pairs" and isinstance(first, ast.Dict):
        yield from (text for key in first.keys for text in _strings(key))
    for keyword in call.keywords:
        if keyword.arg == "wanted":
            yield from _strings(keyword.value)


def _strings(node: ast.expr | None) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_strings(node.body), *_strings(node.orelse))


def _in_templates() -> Iterator[tuple[str, str]]:
    environment = jinja2.Environment(autoescape=True)
    for path in sorted((REPOSITORY / "web").rglob("*.html")):
        tree = environment.parse(path.read_text(encoding="utf-8"))
        for line, _, message in extract_from_ast(tree, ["_"]):
            if isinstance(message, str):
                yield message, f"{path.relative_to(REPOSITORY)}:{line}"


def _in_tables() -> Iterator[tuple[str, str]]:
    for path in sorted((REPOSITORY / "web").rglob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as table:
            for row in csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE):
                for column in ("label", "step"):
                    yield row.get(column) or "", str(path.relative_to(REPOSITORY))


def _in_errors() -> Iterator[tuple[str, str]]:
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if module.name.rpartition(".")[2] == "errors":
                importlib.import_module(module.name)
    errors: tuple[type[Error | ProtocolError], ...] = (
        *_descendants(Error),
        *_descendants(ProtocolError),
    )
    for error in errors:
        if error.__module__.partition(".")[0] in ROOMS:
            yield error.template(), f"{error.__module__}.{error.__name__}"


def _descendants(error: type[T]) -> Iterator[type[T]]:
    yield error
    for below in error.__subclasses__():
        yield from _descendants(below)


def _in_values() -> Iterator[tuple[str, str]]:
    for enum in _ENUMS:
        yield from ((member.value, enum.__name__) for member in enum)
    yield from ((field.name, "Counts") for field in fields(Counts))


def _in_commands() -> Iterator[tuple[str, str]]:
    cli = importlib.import_module("hub.cli")
    groups = [value for value in vars(cli).values() if isinstance(value, click.Group)]
    for group in groups:
        yield from _in_command(group)


def _in_command(command: click.Command) -> Iterator[tuple[str, str]]:
    yield " ".join((command.help or "").split()), f"command {command.name}"
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            yield parameter.help, f"command {command.name}"
    if isinstance(command, click.Group):
        for below in command.commands.values():
            yield from _in_command(below)

"""How crosswalks are written down, and shown with what is wrong in them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from catalogue import crosswalks
from catalogue.crosswalks import Failed, Version
from catalogue.database import Database
from crosswalks.errors import UnknownCrosswalk
from crosswalks.language.errors import CrosswalkSyntax
from crosswalks.shelf import Written
from crosswalks.trials import difference
from hub.errors import UnreadableFile
from hub.instance import Hub

_NEW = """crosswalk {name} version 1
from oai_dc to marc21

# Without what is written anew here, the rules of the crosswalk that comes with the program:
# without 655
# 655 _4 $a <- dc:type | distinct
include shipped/oai_dc-marc21
"""
_BEFORE = ("USER", "LOGNAME", "USERNAME")


def author_of(hub: Hub, given: str) -> str:
    """Return who changes something: as said, else the user of this machine."""
    named = (hub.environment.get(variable, "") for variable in _BEFORE)
    return given or next(filter(None, named), "")


def read_file(path: str) -> str:
    """Return a text that a person wrote; raise UnreadableFile."""
    try:
        return Path(path).read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(path=path, reason=str(error)) from error


def read_bytes(path: str) -> bytes:
    """Return a file as it is; raise UnreadableFile."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UnreadableFile(path=path, reason=str(error)) from error


def beginning(database: Database, name: str) -> Version:
    """Return what editing begins with: the draft, else what is in use, else a first few lines."""
    found = crosswalks.draft(database, name)
    if found is not None:
        return found
    try:
        return crosswalks.version(database, name)
    except UnknownCrosswalk:
        return Version(name=name, version=None, written=Written(text=_NEW.format(name=name)))


def point_at(hub: Hub, error: CrosswalkSyntax, text: str) -> None:
    """Show the line that a mistake is in, with a mark below the place, on standard error."""
    lines = text.splitlines()
    if not 0 < error.line <= len(lines):
        return
    line = lines[error.line - 1]
    number = f"{error.line:>5} | "
    hub.output.aside(number + line.replace("\t", " "))
    before = line[: max(0, error.column - 1)]
    hub.output.aside(" " * (len(number) + _width(before)) + "^")


def _width(text: str) -> int:
    """Return how many places a text takes on a terminal: marks stand above letters."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    return len(text) + wide - sum(map(bool, map(unicodedata.combining, text)))


def changes(before: Written, after: Written) -> tuple[str, ...]:
    """Return by which lines two versions differ, their tables included."""
    told = list(difference(before.text.splitlines(), after.text.splitlines()))
    old, new = dict(before.tables), dict(after.tables)
    for name in sorted({*old, *new}):
        lines = difference(old.get(name, "").splitlines(), new.get(name, "").splitlines())
        told += [f"{name}.tsv", *lines] if lines else []
    return tuple(told)


def print_lines(hub: Hub, lines: Iterable[str]) -> None:
    """Print lines, each as it is."""
    for line in lines:
        hub.output.line(line)


def print_failed(hub: Hub, failed: Sequence[Failed]) -> None:
    """Show which saved tests failed, and how what came out differs, on standard error."""
    for each in failed:
        hub.output.aside(f"{each.crosswalk}/{each.title}")
        for line in each.difference:
            hub.output.aside(f"  {line}")


def edited(text: str) -> str | None:
    """Return a text as the person left it in their editor, or None where they changed nothing."""
    after = click.edit(text, extension=".crosswalk")
    return None if after is None or after == text else after

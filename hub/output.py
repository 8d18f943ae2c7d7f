"""What the commands say: data on standard output as a table or JSON, notices on standard error."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import click

from crosswalks.model import Record
from hub.plain import plain
from web.language import Translate

# What a server sent must not be able to steer the terminal it is shown on (ESC, CSI and the like).
_STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_WIDE = 10_000


def harmless(text: str) -> str:
    """Return text without the characters that steer a terminal."""
    return _STEERING.sub("\N{REPLACEMENT CHARACTER}", text)


def as_json(value: object) -> str:
    """Return a value of any room as one line of JSON."""
    return json.dumps(plain(value), ensure_ascii=False)


class Output:
    """Prints for one command, in one language."""

    def __init__(self, translate: Translate) -> None:
        self.translate = translate

    def values(self, values: Iterable[object]) -> None:
        """Print each value as a line of JSON, as they come."""
        for value in values:
            click.echo(as_json(value))

    def value(self, value: object) -> None:
        """Print one value as one line of JSON."""
        click.echo(as_json(value))

    def line(self, text: str) -> None:
        """Print a line of data, made harmless for a terminal."""
        click.echo(harmless(text))

    def record(self, record: Record) -> None:
        """Print a MARC record as lines for people."""
        from crosswalks.formats import mrk  # noqa: PLC0415 - brings every format there is

        self.line(mrk.write(record).decode().rstrip("\n"))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print rows under translated headings; too wide to be cut when it goes into a pipe."""
        from rich.console import Console  # noqa: PLC0415 - most commands print no table
        from rich.table import Table  # noqa: PLC0415 - as above
        from rich.text import Text  # noqa: PLC0415 - as above

        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in columns:
            table.add_column(self.translate(column), overflow="fold")
        for row in rows:
            table.add_row(*(Text(_cell(cell)) for cell in row))
        console = Console(highlight=False)
        console.width = console.width if console.is_terminal else _WIDE
        console.print(table)

    def pairs(self, pairs: Mapping[str, object]) -> None:
        """Print named values, a line each; names are translated."""
        names = {name: self.translate(name) for name in pairs}
        width = max(map(len, names.values()), default=0)
        for name, value in pairs.items():
            self.line(f"{names[name]:<{width}}  {_cell(value)}".rstrip())

    def aside(self, text: str) -> None:
        """Show a line of something that is not data, as it is, on standard error."""
        click.echo(harmless(text), err=True)

    def notice(self, text: str, **details: Any) -> None:
        """Say something to the person, translated, on standard error."""
        click.echo(harmless(self.translate(text).format(**details)), err=True)


def _cell(value: object) -> str:
    shown = plain(value)
    if shown is None:
        return ""
    if isinstance(shown, list):
        return ", ".join(map(str, shown))
    return harmless(str(shown))

"""The reference names every setting and every command with its options."""

from collections.abc import Iterator
from dataclasses import fields

import click
import pytest

from hub.cli import lienthong
from hub.sections import SECTIONS
from hub.settings import ALIASES
from support.processes import REPOSITORY

REFERENCE = (REPOSITORY / "docs" / "reference.md").read_text(encoding="utf-8")
SETTINGS = [f"[{name}] {one.name}" for name, section in SECTIONS.items() for one in fields(section)]


def commands(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    if not isinstance(command, click.Group):
        yield path, command
        return
    for name, below in command.commands.items():
        yield from commands(below, f"{path} {name}")


COMMANDS = dict(commands(lienthong, "lienthong"))
NO_DATA = {f"lienthong {name}" for name in ("serve", "worker", "clock", "demo")}


@pytest.mark.parametrize("setting", SETTINGS)
def test_every_setting_is_in_the_reference(setting):
    assert f"| `{setting}` |" in REFERENCE


@pytest.mark.parametrize("variable", [*ALIASES, "LIENTHONG_INSTANCE"])
def test_every_short_variable_is_in_the_reference(variable):
    assert variable in REFERENCE


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_is_in_the_reference_with_its_options(path):
    begins = (f"| `{path} ", f"| `{path}`")
    lines = [line for line in REFERENCE.splitlines() if line.startswith(begins)]
    assert len(lines) == 1

    options = [option for one in COMMANDS[path].params for option in one.opts]
    told = lines[0] if "change" not in path else REFERENCE
    missing = {one for one in options if one.startswith("--")} - {"--json"}
    assert {one for one in missing if one not in told} == set()


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_that_prints_data_can_print_json(path):
    options = [option for one in COMMANDS[path].params for option in one.opts]

    assert "--json" in options or path in NO_DATA

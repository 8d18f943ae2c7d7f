"""A command imports what it needs, and does not wait for what only others do."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from hub.cli import COMMANDS
from hub.cli import lienthong as whole
from hub.language import in_language
from support.processes import REPOSITORY
from web.language import translator

SCRIPT = """
import json, os, sys
from hub.cli import run
run(sys.argv[1:], os.environ)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""
DATABASE = {"sqlalchemy", "psycopg"}
FORMATS = {"lxml", "pymarc"}
MIGRATIONS = {"alembic", "mako"}
NETWORK = {"httpx2", "requests", "sickle"}
SCREENS = {"flask", "jinja2", "waitress", "babel"}
SECRETS = {"cryptography", "argon2"}
OTHERS = {"apscheduler", "ruamel", "numpy"}
STORED = MIGRATIONS | NETWORK | SCREENS | SECRETS | OTHERS | FORMATS
WORK = MIGRATIONS | NETWORK | SCREENS | SECRETS | OTHERS | {"psycopg"}
EVERYTHING = STORED | DATABASE | {"rich"}


@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        (["--version"], EVERYTHING),
        (["text", "fold"], EVERYTHING),
        (["text", "same", "--field", "title"], EVERYTHING),
        (["search", "kieu"], STORED | {"psycopg"}),
        (["records", "list", "--source", "s1"], WORK | {"rich"}),
        (["libraries", "list"], WORK),
        (["runs", "list"], WORK - {"babel", "jinja2"}),
        (["convert", "--list"], WORK),
        (["harvest", "--all"], MIGRATIONS | SCREENS | {"psycopg", "argon2", "ruamel"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_command_imports_nothing_that_only_others_need(lienthong, tmp_path, arguments, unneeded):
    lienthong("libraries", "list")

    assert unneeded & imported_by(arguments, str(tmp_path / "instance")) == set()


def imported_by(arguments, instance) -> set[str]:
    """Return the names of all that a Python of its own has imported after a command."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *arguments],
        cwd=REPOSITORY,
        env={**os.environ, "LIENTHONG_INSTANCE": instance, "LANG": "C.UTF-8"},
        input=b"",
        capture_output=True,
        check=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_what_was_joined_to_a_group_stands_beside_what_the_group_has_of_its_own():
    runs = whole.commands["runs"].commands

    assert {"list", "approve", "discard"} <= set(runs)
    assert (runs["approve"].name, len(runs)) == ("approve", len(set(runs)))


def test_a_command_in_another_language_leaves_the_command_as_it_was():
    vietnamese = in_language(whole, translator("vi"))
    told = [each.commands["text"].commands["fold"].help for each in (vietnamese, whole)]

    assert told[0] != told[1] == " ".join(whole.commands["text"].commands["fold"].help.split())


@pytest.mark.parametrize("path", COMMANDS)
def test_a_command_is_called_what_it_is_listed_as(path):
    command = whole
    for word in path.split():
        command = command.commands[word]

    assert command.name == path.split()[-1]

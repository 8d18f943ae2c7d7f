"""The documents say what is there: commands, messages, problems and links, in both languages."""

from __future__ import annotations

import importlib
import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import click
import pytest

from crosswalks.errors import Error
from hub.cli import lienthong
from hub.sections import SECTIONS
from hub.settings import ALIASES
from support.codes import problem_codes
from support.processes import REPOSITORY
from web.language import translator

DOCS = REPOSITORY / "docs"
LANGUAGES = ("en", "vi")
PAGES = [
    *REPOSITORY.glob("*.md"),
    *DOCS.rglob("*.md"),
    *REPOSITORY.glob("instance/*.md"),
]
ROOMS = (
    *("crosswalks", "harvester", "catalogue", "provider.oai", "provider.api"),
    *("scheduler", "hub"),
)
EXPLAINED_ON = ("failures.md", "publish.md", "api.md")

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^(?: {4,})(.+)$|`([^`\n]+)`", re.MULTILINE)
ASSIGNMENT = re.compile(r"^[A-Z_]+=\S*$")
SHELL = {"|", ">", "&&", ";", "#"}


def name(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def errors() -> list[type[Error]]:
    for room in ROOMS:
        importlib.import_module(f"{room}.errors")
    return [Error, *descendants(Error)]


def descendants(kind: type[Error]) -> Iterator[type[Error]]:
    for below in kind.__subclasses__():
        if not below.__module__.startswith("test"):
            yield below
        yield from descendants(below)


def command_lines(page: Path) -> list[list[str]]:
    """Return the words after ``lienthong`` of every command that a page shows."""
    return [
        words[1:]
        for block, inline in CODE.findall(page.read_text(encoding="utf-8"))
        if (words := words_of(block or inline)) and words[0] == "lienthong"
    ]


def words_of(code: str) -> list[str]:
    try:
        words = shlex.split(code)
    except ValueError:
        return []
    while words and (ASSIGNMENT.match(words[0]) or words[0] == "export"):
        del words[0]
    end = next((place for place, word in enumerate(words) if word in SHELL), len(words))
    return words[:end]


def addressed(words: list[str]) -> tuple[str, list[str]]:
    """Return the command a line names, and the options on it that this command does not have."""
    command: click.Command = lienthong
    path = []
    options = [word.partition("=")[0] for word in words if word.startswith("--")]
    for word in words:
        if isinstance(command, click.Group) and word in command.commands:
            command = command.commands[word]
            path.append(word)
    known = {"--help", "--version", "--lang"} | {opt for one in command.params for opt in one.opts}
    return " ".join(path), [option for option in options if option not in known]


def names_a_command(words: list[str]) -> bool:
    return not words or words[0].startswith(("-", "...")) or bool(addressed(words)[0])


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_to_another_page_leads_somewhere(page: Path):
    targets = [target for target in LINK.findall(page.read_text("utf-8")) if ":" not in target]

    assert [t for t in targets if not (page.parent / t.partition("#")[0]).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_shown_is_one_that_can_be_given(page: Path):
    lines = command_lines(page)

    assert [words for words in lines if not names_a_command(words) or addressed(words)[1]] == []


def test_every_guide_is_there_in_both_languages():
    english, vietnamese = ({path.name for path in (DOCS / each).iterdir()} for each in LANGUAGES)

    # The English ones of these stand beside both.
    assert vietnamese == english | {"reference.md", "security.md"}


@pytest.mark.parametrize("guide", sorted((DOCS / "en").iterdir()), ids=name)
def test_a_guide_shows_the_same_commands_in_both_languages(guide: Path):
    english, vietnamese = (
        sorted(map(addressed, command_lines(DOCS / each / guide.name))) for each in LANGUAGES
    )

    assert vietnamese == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_message_is_explained(language: str):
    explained = "".join((DOCS / language / page).read_text("utf-8") for page in EXPLAINED_ON)
    say = translator(language)

    assert [e.__name__ for e in errors() if say(e.template()) not in explained] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_problem_of_a_record_is_explained(language: str):
    explained = (DOCS / language / "records.md").read_text("utf-8")

    assert {code for code in problem_codes() if f"`{code}`" not in explained} == set()


def test_the_vietnamese_reference_names_every_setting():
    told = (DOCS / "vi" / "reference.md").read_text("utf-8")
    settings = [f"[{group}] {one.name}" for group, kind in SECTIONS.items() for one in fields(kind)]

    assert [each for each in settings if f"| `{each}` |" not in told] == []
    assert [each for each in ALIASES if each not in told] == []


def test_the_vietnamese_reference_names_the_same_commands_as_the_english():
    english, vietnamese = (
        {
            (cells[1], frozenset(re.findall(r"--[a-z-]+", line)))
            for line in path.read_text("utf-8").splitlines()
            if (cells := line.split("|"))[1:2] and cells[1].startswith(" `lienthong ")
        }
        for path in (DOCS / "reference.md", DOCS / "vi" / "reference.md")
    )

    assert {command for command, _ in vietnamese} == {command for command, _ in english}
    assert all(
        any(command == other and options <= more for other, more in vietnamese)
        for command, options in english
    )

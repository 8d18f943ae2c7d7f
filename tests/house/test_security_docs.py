"""What is said of security is shown: by tests that are there, and by the table of permissions."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from support.processes import REPOSITORY
from web.language import translator
from web.roles import ROLES
from web.staff.permissions import permissions

PAGES = {
    "en": REPOSITORY / "docs" / "security.md",
    "vi": REPOSITORY / "docs" / "vi" / "security.md",
}
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
SHOWN = re.compile(r"^\| ([\d., to]+|[\d., đến]+) \| .* \| `tests/", re.MULTILINE)
ADDRESS = re.compile(r"^\| `(/[^`]*)` \| (\w+) \| (.+) \|$", re.MULTILINE)


@cache
def functions_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("language", PAGES)
def test_every_test_that_is_named_is_there(language: str):
    named = NAMED.findall(PAGES[language].read_text("utf-8"))

    assert len(named) > 50
    assert [each for each in named if not (REPOSITORY / each[0]).is_file()] == []
    assert [each for each in named if each[1] not in functions_of(REPOSITORY / each[0])] == []


def test_both_languages_name_the_same_points_and_tests():
    english, vietnamese = (PAGES[each].read_text("utf-8") for each in ("en", "vi"))

    assert NAMED.findall(english) == NAMED.findall(vietnamese)
    assert len(SHOWN.findall(english)) == len(SHOWN.findall(vietnamese)) > 30


@pytest.mark.parametrize("language", PAGES)
def test_who_may_what_is_said_as_it_is(language: str):
    say = translator(language)
    told = ADDRESS.findall(PAGES[language].read_text("utf-8"))
    pairs = list(zip(told, permissions(), strict=True))

    assert [each[:2] for each in told] == [(each.address, each.method) for each in permissions()]
    words = {role.value: say(word) for role, word in ROLES.items()}
    wrong = [
        (place, who)
        for (place, _, who), each in pairs
        if each.role in words and not who.startswith(words[each.role])
    ]
    others = {who for (_, _, who), each in pairs if each.role not in words}

    assert wrong == []
    assert len(others) == 2

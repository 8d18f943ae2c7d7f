"""What is said of security is shown: by tests that are there, and by the table of permissions."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from support.permissions import PAGES, written
from support.processes import REPOSITORY

NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
SHOWN = re.compile(r"^\| [\d., tođến]+ \| .* \| `tests/", re.MULTILINE)


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
    told = PAGES[language].read_text("utf-8")

    assert told.endswith(f"\n\n{written(language)}"), "see tests/support/permissions.py"

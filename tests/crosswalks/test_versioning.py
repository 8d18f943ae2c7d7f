"""A crosswalk's version tells all that decides what it makes."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

import crosswalks
from crosswalks import shipped, versioning
from crosswalks.shelf import Shelf
from support.processes import run

NAMES = ("oai_dc-marc21", "marc21-mods")
FOLDER = Path(crosswalks.__file__).parent


TELL = f"from crosswalks.shelf import Shelf; print(*map(Shelf({{}}).version, {NAMES}))"


def changed(folder: Path, file: str, added: str) -> list[bool]:
    """Return which versions change with a line at the end of a file of the program."""
    shutil.copytree(FOLDER, folder / "crosswalks", ignore=shutil.ignore_patterns("__pycache__"))
    with (folder / "crosswalks" / file).open("a", encoding="utf-8") as stream:
        stream.write(added)
    before = [Shelf({}).version(name) for name in NAMES]
    [after] = run([sys.executable, "-P", "-c", TELL], env={"PYTHONPATH": str(folder)})
    return [one != other for one, other in zip(before, after.out.split(), strict=True)]


@pytest.mark.parametrize(
    ("file", "added", "expected"),
    [
        ("tables/types.tsv", "nonsuch\ta\n", [True, False]),
        ("tables/mods-genres.tsv", "nonsuch\ta\n", [False, True]),
        ("tables/roles.tsv", "xyz\tnonsuch\n", [True, True]),
        ("tables/quality-weights.tsv", "# nothing\n", [False, False]),
        ("maps/dublin-core.rules", "# nothing\n", [True, False]),
        ("versioning.py", "\nCODE = -1\n", [True, True]),
    ],
)
def test_what_a_crosswalk_uses_is_in_its_version(tmp_path, file, added, expected):
    assert changed(tmp_path, file, added) == expected


def test_tables_are_found_in_rules_namings_and_conditions():
    found = versioning.tables_of(shipped.script("oai_dc-marc21"))

    assert {"types", "versions", "publisher-countries"} <= found

"""The pictures of the how-tos: each is there, said in words, used, and can be made again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.pictured.walk import FOLDER, make, pictures
from support.processes import REPOSITORY
from web.language import LANGUAGES
from web.manual.pictures import size

DOCS = REPOSITORY / "docs"
PICTURE = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
MOST_BYTES = 4_000_000
MARKS = re.compile("[ăâđêôơưạảấầẩậắằặẹẻếềểệỉịọỏốồổộớờởợụủứừửữựỳỵỷỹáàãéèíìóòõúùý]", re.IGNORECASE)


def used(language: str) -> dict[str, str]:
    """Return what is said of each picture in the pages of a language, by its path below docs."""
    return {
        str((page.parent / target).resolve().relative_to(DOCS)): said
        for page in sorted((DOCS / language).glob("*.md"))
        for said, target in PICTURE.findall(page.read_text("utf-8"))
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_there_is_is_in_a_page_of_its_language_and_no_other(language: str):
    there = {f"pictures/{language}/{path.name}" for path in (FOLDER / language).iterdir()}

    assert set(used(language)) == there
    assert there == {f"pictures/{language}/{each.name}.webp" for each in pictures()}


def test_every_picture_is_said_in_the_words_of_its_page():
    vietnamese, english = used("vi"), used("en")

    assert [path for path, said in vietnamese.items() if not MARKS.search(said)] == []
    assert [path for path, said in english.items() if not said or MARKS.search(said)] == []


def test_pictures_are_as_wide_as_the_screens_and_not_too_heavy_to_carry():
    narrow = [
        (language, each.name)
        for language in LANGUAGES
        for each in pictures()
        if (found := size(f"pictures/{language}/{each.name}.webp")) is None
        or found[0] != each.width
        or found[1] > each.height
    ]

    assert narrow == []
    assert sum(path.stat().st_size for path in FOLDER.rglob("*.webp")) < MOST_BYTES


@pytest.mark.soak
def test_the_pictures_can_be_made_again(tmp_path: Path):
    make(tmp_path, (), print)

    made = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.webp")}
    assert made == {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.webp")}

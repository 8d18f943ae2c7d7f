"""Which pages of help there are, and their texts: the how-tos of ``docs`` as they are written.

An installed hub has them in its package; one that runs from its repository reads them there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from crosswalks.tables import parse
from web.language import LANGUAGES, mark

_INSTALLED = Path(__file__).parent / "docs"
FOLDER = _INSTALLED if _INSTALLED.is_dir() else Path(__file__).parents[2] / "docs"
PICTURES = FOLDER / "pictures"
START = "README"
"""The page that lists the others."""
_BESIDE = ("crosswalk-language", "glossary", "reference", "security")
"""Pages of which English, or the only, text lies in ``docs`` itself."""
GROUPS = {
    "find": mark("Find records and take them along"),
    "members": mark("For member libraries"),
    "sources": mark("Libraries and their sources"),
    "harvests": mark("Harvests and what they bring"),
    "records": mark("Matching and correcting"),
    "giving": mark("Give the catalogue out"),
    "running": mark("Run the hub"),
    "": mark("Other guides"),
}
"""Headings of the list of pages, in its order; what no table puts elsewhere is in the last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """The text of one page in one language."""

    name: str
    language: str
    """The language it is written in; not the one asked for where there is only one text."""
    place: str
    """Its path below ``docs``, to which its links are relative."""
    text: str
    """Markdown."""


@cache
def names() -> tuple[str, ...]:
    """Return the names of all pages but the list, in alphabetical order."""
    found = {path.stem for path in (FOLDER / "en").glob("*.md")} - {START}
    return tuple(sorted(found | {name for name in _BESIDE if (FOLDER / f"{name}.md").exists()}))


@cache
def guide(name: str, language: str) -> Guide | None:
    """Return a page in a language, or the one text there is; ``None`` for a name of no page."""
    if name != START and name not in names():
        return None
    for place, written in ((f"{language}/{name}.md", language), (f"{name}.md", "en")):
        path = FOLDER / place
        if path.exists():
            return Guide(name=name, language=written, place=place, text=path.read_text("utf-8"))
    return None


def named(place: str) -> tuple[str, str] | None:
    """Return the name and language of the page at a path below ``docs``, if it is one.

    The language is empty where the path does not say it.
    """
    folder, _, file = place.rpartition("/")
    name, dot, kind = file.partition(".")
    known = name == START if folder in LANGUAGES else name in _BESIDE
    if dot and kind == "md" and folder in ("", *LANGUAGES) and (known or name in names()):
        return name, folder
    return None


@cache
def group_of(name: str) -> str:
    """Return under which heading of the list a page stands."""
    rows = parse(files("web.manual"), "groups.tsv")
    return next((group for page, group in rows if page == name), "")

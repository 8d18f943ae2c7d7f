"""The blueprint that the pages of crosswalks share, and how they name the texts of one."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask import Blueprint

from catalogue import crosswalk_drafts, crosswalks
from catalogue.crosswalks import Version
from catalogue.database import Database
from catalogue.errors import NoSuchCrosswalkVersion, NothingDrafted
from crosswalks.crosswalk import IDENTITY, PIVOT
from crosswalks.shelf import Written
from web.crosswalks import FIGURES
from web.language import mark
from web.speech import words

blueprint = Blueprint(
    "crosswalks", __name__, url_prefix="/staff/crosswalks", template_folder="../templates"
)

DRAFT = "draft"
"""The draft that would be published; an earlier one is ``d`` and its number, a version a number."""
DRAFTS = 100
"""Earlier drafts that are listed, the latest."""
_VERSION = mark("Version {number}")
_SHIPPED = mark("Version 0, as it comes with the program")
_DRAFTED = mark("Draft {number}")
_LONGEST = 9
"""Digits of a number that any database keeps."""


_PLAIN = Version(
    name=IDENTITY,
    version=0,
    written=Written(
        text=f"crosswalk {IDENTITY} version 1\nfrom {PIVOT} to {PIVOT}\nkeep\n", stored=False
    ),
)
"""What the program does by itself, where nothing stands under that name."""


class Choice(NamedTuple):
    """A text of a crosswalk, for a list to choose from."""

    of: str
    label: str


def text_of(database: Database, name: str, of: str) -> Version:
    """Return a text of a crosswalk by what pages call it; empty: the one in use.

    Raises NothingDrafted, NoSuchCrosswalkDraft, NoSuchCrosswalkVersion or UnknownCrosswalk.
    """
    if name == IDENTITY and of in ("", "0"):
        return versions_of(database, name)[-1 if of else 0]
    if not of:
        return crosswalks.version(database, name)
    if of == DRAFT:
        found = crosswalks.draft(database, name)
        if found is None:
            raise NothingDrafted(name=name)
        return found
    number = of.removeprefix("d")
    if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST):
        raise NoSuchCrosswalkVersion(name=name, version=of)
    if of.startswith("d"):
        return crosswalk_drafts.get(database, name, int(number))
    return crosswalks.version(database, name, int(number))


def versions_of(database: Database, name: str) -> list[Version]:
    """Return the versions of a crosswalk, the newest first; the one without a text has one too."""
    found = crosswalks.versions(database, name)
    return [*found, _PLAIN] if name == IDENTITY else found


def called(found: Version) -> str:
    """Return what a text of a crosswalk is called, in the reader's language."""
    if found.version is None:
        return words()(_DRAFTED).format(number=found.number)
    return words()(_VERSION).format(number=found.version) if found.version else words()(_SHIPPED)


def choices(database: Database, name: str) -> list[Choice]:
    """Return all texts of a crosswalk, what is newest first, drafts before versions."""
    drafts = [
        Choice(f"d{each.number}", words()(_DRAFTED).format(number=each.number))
        for each in crosswalk_drafts.headers(database, name, DRAFTS)
    ]
    versions = [Choice(str(each.version), called(each)) for each in versions_of(database, name)]
    return [*drafts, *versions]


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"called": called, "figures": FIGURES}

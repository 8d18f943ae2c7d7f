"""Where each message stands in the program: found in its own files, once for all.

A message is a text between quotation marks, in code, a template or the first lines of an error, or
a cell of a table. The file tells on which pages people meet it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from web.language import mark

PROGRAM = Path(__file__).parents[3]
_ROOMS = (
    "crosswalks",
    "protocols",
    "harvester",
    "catalogue",
    "provider",
    "scheduler",
    "web",
    "hub",
)
_KINDS = frozenset({".py", ".html", ".tsv"})
_DOCUMENTED = re.compile(r'"""(.*?)"""', re.DOTALL)
_JOINED = re.compile(r'"\s*\n\s*"')
_QUOTED = re.compile(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'')
_SAID = re.compile(r"""\b(?:_|translate)\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")""")

_ESCAPED = re.compile(r"\\(.)")
_FIELD = re.compile(r"^    (\w+): ", re.MULTILINE)

COMMANDS = mark("commands")
STAFF = mark("staff pages")
MEMBERS = mark("pages of member libraries")
PUBLIC = mark("public pages")
LETTERS = mark("letters and reports")
ERRORS = mark("messages about errors")
MACHINES = mark("answers to other programs")
HARVESTS = mark("harvests")
RECORDS = mark("mapping and checks of records")
PAGES = mark("pages of several kinds")
ELSEWHERE = mark("elsewhere")
WHERE = (
    *(PUBLIC, STAFF, MEMBERS, LETTERS, ERRORS, HARVESTS, RECORDS, COMMANDS, MACHINES, PAGES),
    ELSEWHERE,
)
"""What there is, in the order that a reader meets it."""

_BY_FOLDER: Mapping[str, str] = MappingProxyType(
    {
        "web/public": PUBLIC,
        "web/templates": PUBLIC,
        "web/staff/templates/member": MEMBERS,
        "web/member": MEMBERS,
        "web/joining/letters": LETTERS,
        "web/joining": MEMBERS,
        "web/alerts": LETTERS,
        "web/reports": LETTERS,
        "web/staff/entry/letters": LETTERS,
        "web/staff": STAFF,
        "web/quality": STAFF,
        "web/": PAGES,
        "scheduler": HARVESTS,
        "harvester": HARVESTS,
        "crosswalks": RECORDS,
        "protocols": MACHINES,
        "provider": MACHINES,
        "hub": COMMANDS,
    }
)
"""By the beginning of a path, the first that fits."""


def where(path: str) -> str:
    """Return where people meet what a file says, as a message."""
    if path.endswith("errors.py"):
        return ERRORS
    found = (word for folder, word in _BY_FOLDER.items() if path.startswith(folder))
    return next(found, ELSEWHERE)


@cache
def places(messages: Collection[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the files that each message stands in, from the folder of the program on."""
    found: dict[str, set[str]] = {}
    for path in _files():
        name = path.relative_to(PROGRAM).as_posix()
        for text in _texts(path):
            if text in messages:
                found.setdefault(text, set()).add(name)
    return {text: tuple(sorted(names)) for text, names in found.items()}


def _files() -> Iterator[Path]:
    for room in _ROOMS:
        for path in sorted((PROGRAM / room).rglob("*")):
            if path.suffix in _KINDS and "migrations" not in path.parts:
                yield path


def _texts(path: Path) -> Iterator[str]:
    """Yield every text of a file that may be a message."""
    text = path.read_text("utf-8")
    if path.suffix == ".tsv":
        yield from (cell for line in text.splitlines() for cell in line.split("\t"))
        return
    yield from (_plain(single or double) for single, double in _SAID.findall(text))
    if path.suffix == ".html":
        return
    # The first lines of a command are all of its message, those of an error too.
    yield from (" ".join(found.split()) for found in _DOCUMENTED.findall(text))
    for double, single in _QUOTED.findall(_JOINED.sub("", text)):
        yield _plain(double or single)
    # What a class counts is named as its fields are.
    yield from _FIELD.findall(text)


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text

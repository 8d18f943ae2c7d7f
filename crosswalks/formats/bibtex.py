"""BibTeX in UTF-8, for LaTeX and reference managers; only given out.

Names in direct order (Nguyễn Nhật Ánh) and names of bodies stand in braces, so that BibTeX takes
them whole; so do titles, which its styles would write in lower case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from zlib import crc32

from crosswalks.formats.plain import one_line
from crosswalks.model import Element, Record, Schema
from crosswalks.text import fold

NAME = "bibtex"
SCHEMA = Schema.BIBTEX
OPENING = b""
BETWEEN = b"\n"
CLOSING = b""

_TYPE, _OTHER = "entry", "misc"
_NAMES = ("author", "editor", "translator")
_TITLES = ("title", "booktitle", "journal", "series")
_BETWEEN = {"note": "; ", "abstract": " "}
_VERBATIM = ("url", "doi")
_ID = "id"
_TELLING = ("author", "editor", "title", "year", "edition", "isbn", "volume", "number", "pages")
_FIELD = re.compile("[a-z]+")
_WORD = re.compile("[a-z0-9]+")
_KEY_WORDS = 4
_NOT_LATEX = str.maketrans(
    {
        **{sign: f"\\{sign}" for sign in "$&#_%"},
        # Braces have to be balanced even behind a backslash.
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "\\": r"{\textbackslash}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
    }
)
_NOT_VERBATIM = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C", " ": "%20"})


def write(record: Record) -> bytes:
    """Return the record as one entry, in UTF-8; its elements are the fields by their names."""
    told = _told(record)
    kind = told.pop(_TYPE, [Element(_TYPE, (), _OTHER)])[0].text
    lines = [
        f"  {name} = {{{_value(name, fields)}}},\n" for name, fields in told.items() if name != _ID
    ]
    return f"@{kind}{{{_key(told)},\n{''.join(lines)}}}\n".encode("utf-8", "replace")


def _told(record: Record) -> dict[str, list[Element]]:
    """Return the elements that say something, by name."""
    told: dict[str, list[Element]] = {}
    for field in record.fields:
        if isinstance(field, Element) and _FIELD.fullmatch(field.name):
            text = one_line(field.text)
            if text:
                told.setdefault(field.name, []).append(field._replace(text=text))
    return told


def _value(name: str, fields: list[Element]) -> str:
    if name in _NAMES:
        return " and ".join([_name(field) for field in fields])
    if name in _VERBATIM:
        return fields[0].text.translate(_NOT_VERBATIM)
    text = _BETWEEN.get(name, ", ").join([field.text for field in fields]).translate(_NOT_LATEX)
    return f"{{{text}}}" if name in _TITLES else text


def _name(field: Element) -> str:
    """Return a name as BibTeX reads it: bare only if it is surely "Family, Given"."""
    text = field.text.translate(_NOT_LATEX)
    is_inverted = ("order", "inverted") in field.attributes and field.text.count(",") == 1
    has_and = " and " in f" {field.text.lower()} "
    return text if is_inverted and not has_and else f"{{{text}}}"


def _key(told: dict[str, list[Element]]) -> str:
    """Return author, year, the first words of the title, and a few signs that tell editions apart.

    In ASCII, and the same every time: it is what people cite by.
    """
    words = "-".join(filter(None, _key_parts(told))) or "record"
    own = told.get(_ID) or [field for name in _TELLING for field in told.get(name, [])]
    return f"{words}-{crc32(' '.join([field.text for field in own]).encode()) & 0xFFFFF:05x}"


def _key_parts(told: dict[str, list[Element]]) -> Iterator[str]:
    authors = told.get("author") or told.get("editor")
    if authors:
        yield "".join(_words(authors[0].text.partition(",")[0])[:_KEY_WORDS])
    for name in ("year", "title"):
        if name in told:
            yield "".join(_words(told[name][0].text)[:_KEY_WORDS])


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text))

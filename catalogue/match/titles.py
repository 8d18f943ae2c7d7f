"""The title proper, what follows it, and what makes it another book of the same name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from catalogue.match.numbering import split_volume, volume_number
from catalogue.match.tagged import Marc
from catalogue.match.words import bare, bare_words, phrase_pattern, rows
from crosswalks.model import Field
from crosswalks.text import word_key

_KINDS = {bare_words(phrase): (group, kind) for phrase, kind, group in rows("title_kinds")}
_KIND = phrase_pattern(_KINDS)
_RESPONSIBILITY = re.compile(r"\s+/\s")
_BREAK = re.compile(r"\s+[:=]\s")
_PLAIN = {"kind": "", "variant": ""}


class Title(NamedTuple):
    """A title as compared: ``key`` with marks, the rest bare; the volume number taken out."""

    key: str = ""
    bare: str = ""
    """The same without marks."""
    subtitle: str = ""
    volume: str = ""
    kind: str = ""
    """Teacher's book, exercise book, ...: silence means the plain book."""
    variant: str = ""
    """Thesis level, school series: silence means nothing."""


def title(record: Marc) -> Title:
    """Return the title of a record, empty if it has none."""
    field = next(record.data("245"), None)
    if field is None:
        return Title()
    proper, subtitle = _parts(field)
    main = split_volume(f"{proper} {' '.join(field.all('p'))}")
    key = word_key(main.rest) or word_key(proper)
    rest = split_volume(subtitle)
    numbered = ".".join(filter(None, map(volume_number, field.all("n"))))
    bare_subtitle = bare_words(rest.rest)
    thesis = bare_words(" ".join(record.values("502", "ab")))
    bare_key = bare(key)
    found = _kinds(f"{bare_key} {bare_subtitle} {thesis}")
    return Title(
        key=key,
        bare=bare_key,
        subtitle=bare_subtitle,
        volume=numbered or main.number or rest.number,
        kind=found["kind"],
        variant=found["variant"],
    )


def _parts(field: Field) -> tuple[str, str]:
    """Return title proper and subtitle, also where $a holds all (Dublin Core)."""
    said = " : ".join([*field.all("a"), *field.all("b")])
    if "/" in said:
        said = _RESPONSIBILITY.split(said)[0]
    title, *rest = _BREAK.split(said, maxsplit=1)
    return title, " ".join(rest)


def _kinds(text: str) -> Mapping[str, str]:
    phrases = _KIND.findall(text)
    if not phrases:
        return _PLAIN
    found: dict[str, set[str]] = {"kind": set(), "variant": set()}
    for phrase in phrases:
        group, kind = _KINDS[phrase]
        found[group].add(kind)
    return {group: "+".join(sorted(kinds - {""})) for group, kinds in found.items()}

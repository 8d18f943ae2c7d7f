"""Damaged markup as it was surely meant, each repair told with what was there before."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from crosswalks.encodings import as_seen
from crosswalks.formats import xmlmend
from crosswalks.model import Problem, Severity

_DECLARATION = re.compile(r"<\?xml\s[^<>]*\?>")
_BEYOND = re.compile("[^\0-\x7f]")
_TAG = re.compile(r"<[A-Za-z_][^<>]*>")
_ATTRIBUTE = re.compile(r"\s([\w:.-]+)\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')")
_BARE = re.compile(r"&(?!#[0-9]+;|#x[0-9A-Fa-f]+;|(?:amp|lt|gt|quot|apos);)")
_AROUND = 30


class _Repair(NamedTuple):
    """A repair: its code, what it does to markup, and what it shows of it as it was."""

    code: str
    repair: Callable[[str], str]
    sample: Callable[[str], str]


def mended(data: bytes, encoding: str) -> tuple[str, tuple[Problem, ...]]:
    """Return bytes that were declared to be in an encoding as well-formed text, if it can be."""
    text, problems = _decoded(data, encoding)
    for code, repair, sample in _REPAIRS:
        better = repair(text)
        if better != text:
            problems.append(_problem(code, sample(text)))
            text = better
    return text, tuple(problems)


def with_prefixes(text: str) -> tuple[str, tuple[Problem, ...]]:
    """Return markup with the prefixes declared that it uses and declares nowhere."""
    prefixes = xmlmend.undeclared_prefixes(text)
    if not prefixes:
        return text, ()
    return xmlmend.declare(text, prefixes), (_problem("undeclared-prefix", " ".join(prefixes)),)


def _decoded(data: bytes, encoding: str) -> tuple[str, list[Problem]]:
    """Return bytes as text, those that are wrong by what the rest of the record is.

    Next to good UTF-8, a wrong byte is a damaged character; where there is none at all, the text is
    in an encoding of single bytes and is kept as such, so that it can be repaired by its source's.
    """
    declared_as_utf8 = encoding.lower() in ("utf-8", "utf8")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        at = error.start
    else:
        lie = not declared_as_utf8 and not text.isascii()
        told = _problem("wrong-encoding-declared", _first_beyond(text), f"declared as {encoding}")
        return text, [told] if lie else []
    sample = data[max(0, at - _AROUND) : at + _AROUND].decode("latin-1")
    told = _problem("bad-encoding", sample, f"not {encoding}")
    if not declared_as_utf8:
        try:
            return data.decode(encoding), []
        except (UnicodeDecodeError, LookupError):
            return as_seen(data), [told]
    replaced = data.decode("utf-8", "replace")
    wrong = replaced.count("\N{REPLACEMENT CHARACTER}")
    right = sum(1 for char in replaced if char > "\x7f") - wrong
    return (replaced if right else as_seen(data)), [told]


def _first_beyond(text: str) -> str:
    found = _BEYOND.search(text)
    return text[max(0, found.start() - _AROUND) : found.start() + _AROUND] if found else ""


def _without_declarations(text: str) -> str:
    return _DECLARATION.sub("", text)


def _without_repeated_attributes(text: str) -> str:
    return _TAG.sub(lambda tag: _with_each_once(tag[0]), text)


def _with_each_once(tag: str) -> str:
    names = [found[1] for found in _ATTRIBUTE.finditer(tag)]
    if len(names) == len(set(names)):
        return tag
    seen: set[str] = set()

    def once(found: re.Match[str]) -> str:
        if found[1] in seen:
            return ""
        seen.add(found[1])
        return found[0]

    return _ATTRIBUTE.sub(once, tag)


def _first_repeated(text: str) -> str:
    tags = (found[0] for found in _TAG.finditer(text))
    return next((tag for tag in tags if _with_each_once(tag) != tag), "")


def _first_bare(text: str) -> str:
    found = _BARE.search(text)
    return text[max(0, found.start() - _AROUND) : found.start() + _AROUND] if found else ""


def _first_declaration(text: str) -> str:
    found = _DECLARATION.search(text)
    return found[0] if found else ""


_REPAIRS = (
    _Repair("inner-declaration", _without_declarations, _first_declaration),
    _Repair("illegal-character", xmlmend.drop_illegal, xmlmend.first_illegal),
    _Repair("html-entity", xmlmend.resolve_entities, xmlmend.first_entity),
    _Repair("bare-ampersand", xmlmend.escape_ampersands, _first_bare),
    _Repair("repeated-attribute", _without_repeated_attributes, _first_repeated),
)


def _problem(code: str, sample: str, detail: str = "mended as surely meant") -> Problem:
    return Problem(code=code, severity=Severity.WARNING, sample=sample, detail=detail)

"""What each page is for, in the words of the list that the how-tos begin with."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from functools import cache
from itertools import pairwise

from markdown_it.token import Token

from web.manual.guides import START, guide, named
from web.manual.rendering import parsed, said


@cache
def tasks(language: str) -> Mapping[str, str]:
    """Return what one wants to do who reads a page, by its name, in the order of the list."""
    found = guide(START, language)
    if found is None:
        return {}
    made = {}
    task = ""
    for inline in _cells(parsed(found)):
        target = _target(inline)
        reached = named(posixpath.normpath(posixpath.join(language, target))) if target else None
        if reached is not None and task:
            made[reached[0]] = task
        task = "" if target else said(inline)
    return made


def _cells(tokens: list[Token]) -> list[Token]:
    return [inline for opened, inline in pairwise(tokens) if opened.type == "td_open"]


def _target(inline: Token) -> str:
    """Return where the link in a cell leads; empty where there is none."""
    links = (each for each in inline.children or () if each.type == "link_open")
    return next((str(link.attrs["href"]) for link in links), "")

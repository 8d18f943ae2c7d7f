"""Roles around names as relator codes: ``B.s.:`` before, ``(ch.b.)`` or ``chủ biên`` behind."""

from __future__ import annotations

import re
from functools import lru_cache

from crosswalks.text import word_key
from crosswalks.values.words import Phrases, phrases

_FRONT = re.compile(r"\s*([^:,;()\[\]]{1,40}?)\s*:\s*")
_TABLE = "vn-roles.tsv"


def role_before(text: str) -> tuple[str, str]:
    """Return the role that a statement begins with and a colon follows, and the rest of it."""
    found = _FRONT.match(text)
    code = is_role(found[1]) if found else ""
    return (code, text[found.end() :]) if found and code else ("", text)


def is_role(text: str) -> str:
    """Return the relator code of a text that is nothing but roles (the first), or nothing."""
    parts = [part for part in re.split(r"\s*(?:,|;|\s&\s|\bvà\b|\band\b)\s*", text) if part.strip()]
    codes = [_roles().whole(tuple(word_key(part).split())) for part in parts]
    return codes[0] or "" if codes and all(codes) else ""


def cut_role(text: str) -> tuple[str, list[str]]:
    """Return a name without the roles behind it, and their codes.

    Behind a comma any role is one; without a comma it has to be in small letters or have full
    stops, for a given name may read like it.
    """
    codes: list[str] = []
    while True:
        name, comma, last = text.rpartition(",")
        if comma and (code := is_role(last)):
            text = name
            codes.append(code)
            continue
        cut = _cut_last(text)
        if cut is None:
            return text, codes[::-1]
        text, code = cut
        codes.append(code)


def _cut_last(text: str) -> tuple[str, str] | None:
    pieces = text.split()
    for length in range(min(4, len(pieces) - 1), 0, -1):
        said = " ".join(pieces[-length:])
        code = is_role(said)
        if code and said == said.lower() and len(pieces) - length > 1:
            return " ".join(pieces[:-length]), code
    return None


@lru_cache(maxsize=1)
def _roles() -> Phrases:
    return phrases(_TABLE)

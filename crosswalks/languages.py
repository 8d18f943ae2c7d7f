"""MARC language codes from whatever sources write: vi, vi_VN, vn, Tiếng Việt, Vietnamese."""

from __future__ import annotations

import re
from functools import lru_cache

from crosswalks import tables
from crosswalks.text import fold

_REGION = re.compile(r"[-_]")


@lru_cache(maxsize=4096)
def marc_code(text: str) -> str:
    """Return the MARC code of a language given by code or name, or an empty string."""
    whole = _CODES.get(fold(text), "")
    return whole or _CODES.get(fold(_REGION.split(text, maxsplit=1)[0]), "")


def _codes() -> dict[str, str]:
    lists = tables.rows("marc21-codes.tsv")
    current = [row[2] for row in lists if row[:2] == ("language", "current")]
    codes = {code: code for several in current for code in several.split()}
    for code, names in tables.rows("languages.tsv"):
        codes[code] = code
        codes.update({fold(name): code for name in names.split("|")})
    return codes


_CODES = _codes()

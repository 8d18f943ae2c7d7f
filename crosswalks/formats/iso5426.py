"""ISO 5426, the extended Latin set of UNIMARC: like MARC-8, marks come before their letter."""

from __future__ import annotations

import re
from functools import lru_cache

from crosswalks.tables import rows

_TABLE = {chr(int(code, 16)): chr(int(to, 16)) for code, to, *_ in rows("iso5426.tsv")}
_MARKS = frozenset(chr(int(code, 16)) for code, _, mark, _ in rows("iso5426.tsv") if mark)
_SPECIAL = re.compile("([\xc0-\xdf]+[^\x1e\x1f\xc0-\xdf]?|[\x80-\xbf\xe0-\xff])").split


def decode(data: bytes) -> str:
    """Return fields or a part of one as text; raise UnicodeError for what has no meaning."""
    if data.isascii() and b"\x1b" not in data:
        return data.decode("ascii")
    if b"\x1b" in data:
        raise UnicodeError("an escape sequence")  # noqa: EM101, TRY003
    parts = _SPECIAL(data.decode("latin-1"))
    parts[1::2] = map(_meaning, parts[1::2])
    return "".join(parts)


@lru_cache(maxsize=8192)
def _meaning(special: str) -> str:
    """Return a character, or a letter with its marks behind it."""
    marks, letter = (special, "") if special[-1] in _MARKS else (special[:-1], special[-1])
    found = letter if letter.isascii() else _TABLE.get(letter, "")
    if not _MARKS.issuperset(marks) or len(found) != len(letter) or (marks and not found.isalpha()):
        raise UnicodeError(f"not ISO 5426: {special!r}")  # noqa: EM102, TRY003
    return found + "".join([_TABLE[mark] for mark in marks])

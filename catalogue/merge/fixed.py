"""Leader and 008 of a master: the base's, made valid where they are not."""

from __future__ import annotations

from catalogue.match.imprint import years
from crosswalks.formats.leader import valid
from crosswalks.model import Record

_LENGTH = 40
_DELETED = "d"


def leader(base: Record) -> str:
    """Return the base's leader for a live record in UTF-8 (leader/05, 09)."""
    told = valid(base.leader)
    status = "c" if told[5] == _DELETED else told[5]
    return f"{told[:5]}{status}{told[6:9]}a{told[10:]}"


def fixed_data(base: Record) -> str:
    """Return the base's 008, or where that is none the little that is known: 40 characters."""
    told = base.control("008")
    return told if len(told) == _LENGTH else _unknown(base)


def _unknown(base: Record) -> str:
    year = next(iter(years(base)), None)
    dates = f"s{year}    " if year else "nuuuuuuuu"
    language = next((code for code in base.values("041", "a") if _is_code(code)), "und")
    return f"000000{dates}xx {'|' * 17}{language}||"


def _is_code(code: str) -> bool:
    return len(code) == 3 and code.isascii() and code.islower()  # noqa: PLR2004 - ISO 639-2

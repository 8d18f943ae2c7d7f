"""Leader and 008 of a master: the base's, made valid where they are not."""

from __future__ import annotations

from catalogue.match.imprint import years
from catalogue.model import HubIdentity
from crosswalks.formats.leader import valid
from crosswalks.languages import marc_code
from crosswalks.model import Field, Record

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


def no_title(hub: HubIdentity) -> Field:
    """Return what stands for a title that no member has: MARC 21 245 must not be missing."""
    told = "[Không có nhan đề]" if hub.cataloguing_language == "vie" else "[Untitled]"
    return Field("245", "00", (("a", told),))


def _unknown(base: Record) -> str:
    year = next(iter(years(base)), None)
    dates = f"s{year}    " if year else "nuuuuuuuu"
    language = next(filter(None, map(marc_code, base.values("041", "a"))), "und")
    return f"000000{dates}xx {'|' * 17}{language}||"

"""Types of libraries: those of Viet Nam's law have a code, what else is written is kept.

The table is ``kinds.tsv`` (Law on Libraries 46/2019/QH14, article 9).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from crosswalks.text import fold
from protocols.tables import rows


class Kind(NamedTuple):
    """A type that has a code, and what it is called."""

    code: str
    en: str
    vi: str

    def name(self, language: str) -> str:
        """Return what it is called in a language: ``vi``, or English for any other."""
        return self.vi if language == "vi" else self.en


_ROWS = rows("catalogue.members", "kinds.tsv")
KINDS: Mapping[str, Kind] = MappingProxyType(
    {code: Kind(code, en, vi) for code, en, vi, _ in _ROWS}
)
"""The types by code, as the law lists them."""
_NAMED = {
    fold(name).strip(): code
    for code, en, vi, also in _ROWS
    for name in (code, en, vi, *also.split(";"))
}


def code_of(text: str) -> str:
    """Return the code of a type named by it or by a name; what has none is kept as written.

    Capitals and marks of Vietnamese do not matter.
    """
    written = " ".join(text.split())
    return _NAMED.get(fold(written), written)


def name_of(kind: str, language: str) -> str:
    """Return what a type is called in a language; without a code it is its own name."""
    return KINDS[kind].name(language) if kind in KINDS else kind


def label(kind: str) -> str:
    """Return a type in both languages at once, as sets are named (OAI-PMH 2.0 s4.6)."""
    return f"{KINDS[kind].vi} ({KINDS[kind].en})" if kind in KINDS else kind

"""The diagnostics of Z39.50 (Bib-1) and of SRU, in words, and which means which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from protocols.tables import rows

UNSPECIFIED_BIB1, UNSPECIFIED_SRU = 100, 1


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A number of one list, what it means, and the number in the other list that says the same.

    ``same`` is None where the other list has nothing near it.
    """

    number: int
    english: str
    vietnamese: str
    same: int | None


def _listed(name: str) -> Mapping[int, Diagnostic]:
    return MappingProxyType(
        {
            int(number): Diagnostic(int(number), english, vietnamese, int(same) if same else None)
            for number, english, vietnamese, same in rows(__name__, name)
        }
    )


BIB1: Mapping[int, Diagnostic] = _listed("bib1.tsv")
SRU: Mapping[int, Diagnostic] = _listed("sru.tsv")


def sru_for(bib1: int) -> int:
    """Return the SRU number for one of Bib-1: that of a system error where none says the same."""
    found = BIB1.get(bib1)
    return UNSPECIFIED_SRU if found is None or found.same is None else found.same


def bib1_for(sru: int) -> int:
    """Return the Bib-1 number for one of SRU: the unspecified error where none says the same."""
    found = SRU.get(sru)
    return UNSPECIFIED_BIB1 if found is None or found.same is None else found.same

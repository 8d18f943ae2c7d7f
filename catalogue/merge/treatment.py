"""What becomes of a member's fields in the master, and what of them is for all to see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from catalogue.merge import tables
from crosswalks.model import Field, Record

_TREATMENTS = [(re.compile(row[0]), row[1]) for row in tables.rows("treatment.tsv")]
_ONCE = re.compile("|".join(row[0] for row in tables.rows("non-repeatable.tsv")))
WRITTEN = frozenset({"note", "extent"})
"""What is said in the language of description."""
_LINK = frozenset("6")
_LOCAL_CODES = frozenset("59")
"""$5: for the institution named there only; $9: local."""


@cache
def treatment_of(tag: str) -> str:
    """Return what becomes of fields with a tag: a word of ``treatment.tsv``."""
    return next((told for pattern, told in _TREATMENTS if pattern.fullmatch(tag)), "drop")


@cache
def may_repeat(tag: str) -> bool:
    """Tell whether a record may have several fields with a tag."""
    return _ONCE.fullmatch(tag) is None


def kept_by_libraries() -> list[str]:
    """Return patterns of the tags of what stays as a library has it, whatever it gets back."""
    given_back = {"00.", "040"}
    dropped = [pattern.pattern for pattern, told in _TREATMENTS if told == "drop"]
    return ["035", *(each for each in dropped if "^" not in each and each not in given_back)]


def labelled(field: Field, language: str) -> Field:
    """Return a field that says first in which language it is: ``[eng] Includes index``."""
    parts = list(field.subfields)
    for place, (code, value) in enumerate(parts):
        if code.isalpha() and code not in "uw":
            parts[place] = (code, f"[{language}] {value}")
            break
    return field._replace(subfields=tuple(parts))


_LABEL = re.compile(r"\[[a-z]{3}\] ")


def is_labelled(field: Field) -> bool:
    """Tell whether a field says first in which language it is, as ``labelled`` has it do."""
    told = next(
        (value for code, value in field.subfields if code.isalpha() and code not in "uw"), ""
    )
    return _LABEL.match(told) is not None


_OTHERS = frozenset({"drop", "base"})
"""Of no use but in the base."""


def public_fields(record: Record, *, whole: bool) -> Iterator[Field]:
    """Yield the data fields that say something to all, without subfields that do not.

    Of a record that is not the base only those that are united, and other scripts.
    """
    for field in record.fields:
        if not (whole or field[0] == "880") and treatment_of(field[0]) in _OTHERS:
            continue
        if not isinstance(field, Field):
            continue
        codes = {code for code, _ in field.subfields}
        if "5" in codes and field.first("5"):
            continue
        kept = [part for part in field.subfields if part[0] not in _LOCAL_CODES and part[1].strip()]
        if len(kept) == len(field.subfields) and codes - _LINK:
            # As most fields are.
            yield field
        elif any(code != "6" for code, _ in kept):
            yield field._replace(subfields=tuple(kept))

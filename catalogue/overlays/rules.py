"""Rules in the language of crosswalks, from MARC 21 to MARC 21, as corrections of one record.

What no rule takes stays as it is. Rules stand by themselves: what they include could be another
text tomorrow than it was when people looked at what they would do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from catalogue.overlays.differing import of_record
from catalogue.overlays.errors import BadRules, NoRules
from catalogue.overlays.making import Master, check
from catalogue.overlays.model import Change
from crosswalks.crosswalk import normalise
from crosswalks.language.compile import compiled
from crosswalks.language.errors import CrosswalkSyntax
from crosswalks.language.parse import parse
from crosswalks.model import Record

_NAME = "bulk"
_HEADING = f"crosswalk {_NAME} version 1\nfrom marc21 to marc21\nkeep\n"
_ABOVE = _HEADING.count("\n")


@lru_cache(maxsize=16)
def read(text: str) -> Callable[[Record], Record]:
    """Return what rules make of a record. Raises BadRules or NoRules."""
    plain = text.replace("\r\n", "\n")
    if not any(line.partition("#")[0].strip() for line in plain.splitlines()):
        raise NoRules
    try:
        return compiled(parse(_HEADING + plain, _NAME)).run
    except CrosswalkSyntax as error:
        line, reason = max(1, error.line - _ABOVE), error.details["reason"]
        raise BadRules(line=line, column=error.column, reason=reason) from error


def changes(text: str, found: Master) -> Sequence[Change]:
    """Return the corrections by which a master becomes what rules make of it; none: as it is.

    Raises NotTold, NotOverlaid, NotOpen, or MappingFailed where a rule fails on it.
    """
    after = read(text)(normalise(found.record))
    made = of_record(found.record, after)
    check(found, made)
    return made

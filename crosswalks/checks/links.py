"""Linked fields of two scripts: each 880 names its partner in $6, and is named by it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from crosswalks.checks.problems import problem as _problem
from crosswalks.model import Field, Problem

_LINK = re.compile(r"(?P<tag>\d{3})-(?P<number>\d{2,})(?:/.*)?")
_ALONE = "00"
_LINKED = "880"


def linked_tag(field: Field) -> str:
    """Return the tag whose content an 880 holds in another script, or an empty string."""
    found = _LINK.match(field.first("6").strip())
    return found["tag"] if found else ""


def check_links(fields: Sequence[Field]) -> Iterator[Problem]:
    """Yield the links of these fields (all of a record that have $6) that lead nowhere."""
    links = [(field, _LINK.fullmatch(field.first("6").strip())) for field in fields]
    present = Counter(_ends(field, found) for field, found in links if found)
    for field, found in links:
        if not found:
            yield _problem("bad-link", field.tag, field.first("6"), "$6 is not tag-number")
        elif found["number"] != _ALONE and (field.tag == _LINKED) == (found["tag"] != _LINKED):
            if (found["tag"], field.tag, found["number"]) not in present:
                why = f"there is no {found['tag']} that it is linked with"
                yield _problem("unpaired-880", field.tag, field.first("6"), why)
        elif found["number"] != _ALONE:
            yield _problem("bad-link", field.tag, field.first("6"), "one end must be an 880")


def _ends(field: Field, found: re.Match[str]) -> tuple[str, str, str]:
    return field.tag, found["tag"], found["number"]

"""Transforms of names, and of the roles written behind them."""

from __future__ import annotations

import re

from crosswalks import tables
from crosswalks.language.transforms.registry import OnValue, into_subfields, value
from crosswalks.model import Subfield
from crosswalks.text import fold

_ROLES = {fold(word): code for code, words in tables.rows("roles.tsv") for word in words.split("|")}
_ROLE = re.compile(r"(?P<name>.+?)\s*(?:\((?P<inner>[^()]+)\)|[,;:]\s+(?P<tail>[^,;:()]+))\s*\.?")


@into_subfields("name")
def _name(text: str) -> tuple[Subfield, ...]:
    """Make $a of a name, and $4 of a role written behind it, as in "Lê Văn A (dịch)"."""
    name, code = with_role(text)
    return (("a", name), ("4", code)) if code else (("a", name),)


@into_subfields("contributor")
def _contributor(text: str) -> tuple[Subfield, ...]:
    """Make $a of a name, and $4 of the role written behind it, else of contributor."""
    name, code = with_role(text)
    return (("a", name), ("4", code or "ctb"))


@into_subfields("creator")
def _creator(text: str) -> tuple[Subfield, ...]:
    """Make $a of a name, and $4 of the role written behind it, else of creator."""
    name, code = with_role(text)
    return (("a", name), ("4", code or "cre"))


@value("bare-name")
def _bare() -> OnValue:
    """Keep a name without the role written behind it."""
    return lambda text: with_role(text)[0]


def with_role(text: str) -> tuple[str, str]:
    """Return a name, and the MARC relator code of the role written behind it if it is one."""
    found = _ROLE.fullmatch(text)
    code = _ROLES.get(fold(found["inner"] or found["tail"]), "") if found else ""
    return (found["name"], code) if found and code else (text, "")

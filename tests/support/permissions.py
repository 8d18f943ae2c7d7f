"""The table of who may what, as the two pages about security show it.

After a change of ``web/staff/permissions.tsv`` both are brought up to date with

    PYTHONPATH=.:tests .venv/bin/python -m support.permissions
"""

from __future__ import annotations

from support.processes import REPOSITORY
from web.language import translator
from web.roles import ROLES
from web.staff.permissions import permissions

PAGES = {
    "en": REPOSITORY / "docs" / "security.md",
    "vi": REPOSITORY / "docs" / "vi" / "security.md",
}
_HEADS = {"en": ("address", "who"), "vi": ("địa chỉ", "ai")}
_ABOVE = {"en": " and above", "vi": " trở lên"}
_OTHERS = {
    "en": {"everybody": "everybody", "signed-in": "whoever is signed in by this door"},
    "vi": {"everybody": "mọi người", "signed-in": "ai đã đăng nhập qua cửa này"},
}
_LAST = ("admin", "member")
"""Roles that no other one includes."""


def written(language: str) -> str:
    """Return the table in a language."""
    say, (address, who) = translator(language), _HEADS[language]
    words = dict(_OTHERS[language])
    for role, word in ROLES.items():
        words[role.value] = say(word) + ("" if role in _LAST else _ABOVE[language])
    rows = (f"| `{each.address}` | {each.method} | {words[each.role]} |" for each in permissions())
    return "\n".join((f"| {address} | | {who} |", "| --- | --- | --- |", *rows, ""))


def main() -> None:
    """Write the table at the end of both pages."""
    for language, path in PAGES.items():
        text = path.read_text("utf-8")
        head = written(language).partition("\n")[0]
        path.write_text(text[: text.index(head)] + written(language), "utf-8")


if __name__ == "__main__":
    main()

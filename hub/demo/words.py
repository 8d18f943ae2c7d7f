"""The words of a description that every format shares: responsibility, edition, ISBN, notes."""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import groupby

from stdnum import isbn

from hub.demo.member import Copy
from hub.demo.spelling import with_lone_i, with_new_tones
from hub.demo.works import Work, table

_EDITOR = "ch.b."
_ORDINALS = {1: "1st", 2: "2nd", 3: "3rd"}
_REVISED_FROM = 2
"""University textbooks are revised with their second reprint, in this demo."""


def responsibility(work: Work) -> str:
    """Return the statement of responsibility: ``Tô Hoài ; Minh họa: Tạ Thúc Bình``."""
    text = ""
    before = ""
    for role, names in groupby(work.names, key=lambda name: name.role):
        joined = ", ".join(name.direct for name in names)
        separator = ", " if before == _EDITOR else " ; "
        text += (separator if text else "") + statement(role).format(joined)
        before = role
    return text


@cache
def statement(role: str) -> str:
    """Return the pattern of words for a role."""
    return next((row["statement"] for row in table("roles") if row["role"] == role), "{}")


@cache
def relator(role: str) -> str:
    """Return the MARC relator code of a role."""
    return next((row["relator"] for row in table("roles") if row["role"] == role), "aut")


def edition(copy: Copy) -> str:
    """Return the edition statement, or an empty string."""
    printing, habit = copy.book.printing, copy.habit("edition")
    if not printing or habit == "none":
        return ""
    if copy.language == "vie":
        return _vietnamese_edition(copy, "TB lần" if habit == "short" else "Tái bản lần thứ")
    if copy.language == "eng":
        return f"{_ORDINALS.get(printing, f'{printing}th')} ed."
    return f"{printing}e éd."


def _vietnamese_edition(copy: Copy, words: str) -> str:
    printing = copy.book.printing
    textbook = copy.book.work.genre == "Giáo trình"
    revised = ", có sửa chữa, bổ sung" if textbook and printing >= _REVISED_FROM else ""
    return f"{words} {printing}{revised}"


def isbn_of(copy: Copy) -> str:
    """Return the ISBN as the record writes it, or an empty string where it is left out."""
    number, habit = copy.book.isbn, copy.habit("isbn")
    if not number or habit == "none":
        return ""
    return isbn.format(number) if habit == "hyphens" else number


def title(copy: Copy) -> str:
    """Return title, subtitle and volume as one text, the way Dublin Core has it."""
    work, volume = copy.book.work, copy.volume()
    text = work.title
    if work.subtitle:
        text = copy.habit("title").format(title=work.title, rest=work.subtitle)
    text = f"{text}. {volume}" if volume else text
    return text.upper() if copy.habit("capitals") == "all" else text


@cache
def language(code: str) -> dict[str, str]:
    """Return what is known of a language by its MARC code."""
    return next(row for row in table("languages") if row["marc"] == code)


def spelled(copy: Copy, text: str) -> str:
    """Return text as the record spells it, in the member's normal form."""
    if copy.habit("tone") == "new":
        text = with_new_tones(text)
    return normal(copy, with_lone_i(text) if copy.habit("lone_y") == "i" else text)


def normal(copy: Copy, text: str) -> str:
    """Return text in the member's normal form: one of them delivers everything decomposed."""
    return unicodedata.normalize("NFD" if copy.member.habit("form") == "NFD" else "NFC", text)

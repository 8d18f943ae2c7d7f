"""Vietnamese and English: every message has its English text as its name, gettext-fashion.

The .po file is read as it stands, so a librarian's correction needs no build step.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeAlias

from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from crosswalks.errors import Error, Said
from protocols.errors import ProtocolError

Translate: TypeAlias = Callable[[str], str]
"""From an English message to the same in another language."""

LANGUAGES: Mapping[str, str] = {"vi": "Tiếng Việt", "en": "English"}
"""The languages spoken, first the one preferred, each with its own name."""
DEFAULT = "vi"
TRANSLATIONS = Path(__file__).parent / "translations"

_OURS = frozenset({"reason", "wanted"})
"""Details of errors that we word; the others hold what people and servers called things."""


def translator(language: str) -> Translate:
    """Return the function that says a message in a language; untranslated it stays English."""
    messages = _messages(language)

    def translate(message: str) -> str:
        return messages.get(message, message)

    return translate


@lru_cache(maxsize=256)
def of_client(accepted: str) -> str:
    """Return the language that a program is answered in, by its Accept-Language.

    English where it names none: what is told there is for whoever looks after it.
    """
    found = parse_accept_header(accepted, LanguageAccept)
    return found.best_match(sorted(LANGUAGES), "en")


def mark(message: str) -> str:
    """Return a message as it is: names it as one that ``_`` will translate later."""
    return message


def message(error: Error | ProtocolError, translate: Translate) -> str:
    """Return an error's message in a language; details that are words of ours are translated."""
    details = {name: _detail(name, value, translate) for name, value in error.details.items()}
    return translate(type(error).template()).format(**details)


def said(text: Said, translate: Translate) -> str:
    """Return a sentence of ours in a language."""
    details = {name: _detail(name, value, translate) for name, value in text.details.items()}
    return translate(text.template).format(**details)


def _detail(name: str, value: object, translate: Translate) -> object:
    if isinstance(value, Said):
        return said(value, translate)
    return translate(value) if name in _OURS and isinstance(value, str) and value else value


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """Return every message of a language that there is a line for, by its English text.

    One that nobody has said in that language yet has an empty text.
    """
    path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    if not path.exists():
        return {}
    from babel.messages.pofile import read_po  # noqa: PLC0415 - English needs none of it

    with path.open("rb") as lines:
        catalog = read_po(lines, locale=language)
    # The first entry, of an empty name, tells of the file itself.
    found = {str(message.id): str(message.string) for message in catalog if message.id}
    return {**(_diagnostics() if language == "vi" else {}), **found}


@cache
def _messages(language: str) -> Mapping[str, str]:
    return {english: said for english, said in catalogue(language).items() if said}


def _diagnostics() -> Mapping[str, str]:
    """Return what the diagnostics of Z39.50 and SRU mean: their tables have both languages."""
    from protocols.diagnostics import BIB1, SRU  # noqa: PLC0415 - English needs none of it

    return {each.english: each.vietnamese for each in (*SRU.values(), *BIB1.values())}

"""Arguments of transforms and tests, read as what they have to be."""

from __future__ import annotations

import re

from crosswalks.language.beside import is_guarded
from crosswalks.language.errors import Misplaced
from crosswalks.language.guard import Endless, Guarded, guarded
from crosswalks.language.syntax import Argument


def pattern(argument: Argument) -> re.Pattern[str] | Guarded:
    """Return a regular expression; raise Misplaced where it is none, or might never end."""
    try:
        compiled = re.compile(argument.text)
        return guarded(compiled) if is_guarded() else compiled
    except (re.error, RecursionError, OverflowError) as error:
        raise Misplaced(
            argument.column, "{text} is no pattern: {error}", text=argument.text, error=str(error)
        ) from error
    except Endless as error:
        raise Misplaced(
            argument.column,
            "{text} could take for ever on some texts: a repeat must not stand inside another"
            " that can share its text with it, nor many beside each other",
            text=argument.text,
        ) from error


def number(argument: Argument) -> int:
    """Return a whole number; raise Misplaced where it is none."""
    if not argument.text.isdecimal():
        raise Misplaced(argument.column, "{text} is no number", text=argument.text)
    return int(argument.text)

"""Arguments of transforms and tests, read as what they have to be."""

from __future__ import annotations

import re

from crosswalks.language.errors import Misplaced
from crosswalks.language.syntax import Argument


def pattern(argument: Argument) -> re.Pattern[str]:
    """Return a regular expression; raise Misplaced where it is none."""
    try:
        return re.compile(argument.text)
    except re.error as error:
        raise Misplaced(
            argument.column, "{text} is no pattern: {error}", text=argument.text, error=str(error)
        ) from error


def number(argument: Argument) -> int:
    """Return a whole number; raise Misplaced where it is none."""
    if not argument.text.isdecimal():
        raise Misplaced(argument.column, "{text} is no number", text=argument.text)
    return int(argument.text)

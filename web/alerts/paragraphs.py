"""Plain text in lines that a reader of mail shows as they are."""

from __future__ import annotations

import textwrap

WIDTH = 76
"""Characters a line: what is quoted in an answer still fits (RFC 5322 s2.1.1 recommends 78)."""


def wrapped(text: str, indent: str = "") -> str:
    """Return a paragraph in lines; addresses and commands stay whole.

    What a server sent must not steer the program that shows it: only what can be printed stays.
    """
    printed = "".join(sign if sign.isprintable() else " " for sign in text)
    return textwrap.fill(
        " ".join(printed.split()),
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )

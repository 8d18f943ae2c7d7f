"""What the columns of a member's table mean; the work is done in ``formats.columns``."""

from __future__ import annotations

from crosswalks.formats.columns import (
    HEADING,
    UNKNOWN,
    Entry,
    Target,
    is_heading,
    is_like,
    known,
    letter,
    meaning,
    named,
    parse,
    recognise,
)

__all__ = ["HEADING", "UNKNOWN", "Entry", "Target", "is_heading", "is_like", "known", "letter"]
__all__ += ["meaning", "named", "parse", "recognise"]

"""What the formats of plain lines share: a value on one line, without characters nobody can see."""

from __future__ import annotations

import re

_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufeff]")


def one_line(text: str) -> str:
    """Return a text with single spaces for line breaks and runs of spaces, and no control codes."""
    return " ".join(_CONTROL.sub("", text).split())

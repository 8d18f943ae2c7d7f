"""Whole numbers that people and forms send as text."""

from __future__ import annotations

_DIGITS = 15
"""More has no key in a database."""


def whole(text: str) -> int | None:
    """Return a whole number from 0 written in digits, None for any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS else None

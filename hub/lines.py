"""Standard input as lines of text, whatever is on them: for commands that are filters."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from crosswalks import encodings

_HEX = b"hex:"


def lines() -> Iterator[bytes]:
    """Yield the lines of standard input without their ends."""
    for line in sys.stdin.buffer:
        yield line.rstrip(b"\r\n")


def raw(value: bytes) -> bytes:
    """Return the bytes that a value stands for: those written after ``hex:``, or its own."""
    if not value.startswith(_HEX):
        return value
    try:
        return bytes.fromhex(value[len(_HEX) :].decode("ascii"))
    except ValueError:
        return value


def as_seen(value: bytes) -> str:
    """Return a value as text; bytes that are not UTF-8 as Windows-1252 shows them."""
    data = raw(value)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return encodings.as_seen(data)


def meanings(value: bytes) -> tuple[str, ...]:
    """Return what a value may say, the likeliest first."""
    return encodings.meanings(raw(value))


def one_line(text: str) -> str:
    """Return text that is one cell of one line, whatever came of its bytes."""
    return " ".join(text.splitlines()).replace("\t", " ")

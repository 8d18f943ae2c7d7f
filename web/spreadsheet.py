"""A table as a file that a spreadsheet opens."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

BEGINNING = b"\xef\xbb\xbf"
"""What tells a spreadsheet that a CSV file is in UTF-8."""


def row(cells: Iterable[object]) -> bytes:
    """Return a row of a CSV file."""
    out = io.StringIO()
    csv.writer(out).writerow([_harmless(str(cell)) for cell in cells])
    return out.getvalue().encode()


def _harmless(text: str) -> str:
    """Keep a spreadsheet from taking what somebody wrote for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") and text[1:] else text

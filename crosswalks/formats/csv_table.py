"""CSV (RFC 4180) that a spreadsheet opens as it should: a record a line, the same columns for all.

It begins with a byte order mark, because Excel takes a file without one for an old code page, and
no cell can be taken for a formula.
"""

from __future__ import annotations

import csv
import io

from crosswalks.formats.plain import one_line
from crosswalks.model import Element, Record, Schema

NAME = "csv"
SCHEMA = Schema.CSV
COLUMNS = (
    *("id", "title", "author", "contributors", "publisher", "place", "year", "edition", "extent"),
    *("series", "isbn", "issn", "language", "subjects", "description", "type", "url"),
    "identifiers",
)
"""The names of the columns, which are those of the elements of a record."""
SEPARATOR = " | "
"""What stands between several values of one cell."""
OPENING = "\ufeff".encode() + f"{','.join(COLUMNS)}\r\n".encode()
BETWEEN = b""
CLOSING = b""

# What spreadsheets take for a formula, and would run (CWE-1236).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def write(record: Record) -> bytes:
    """Return the record as one line with its end, in UTF-8; other elements are left out."""
    cells: dict[str, list[str]] = {name: [] for name in COLUMNS}
    for field in record.fields:
        if isinstance(field, Element) and field.name in cells:
            cells[field.name].append(one_line(field.text))
    line = io.StringIO()
    csv.writer(line).writerow([_harmless(SEPARATOR.join(filter(None, c))) for c in cells.values()])
    return line.getvalue().encode("utf-8", "replace")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell

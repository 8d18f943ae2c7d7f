"""The child process that opens one spreadsheet: it may fail, be stopped or run out of memory alone.

Run by its path, isolated, with the path of the spreadsheet and the number of the process
that started it, with which it ends. On standard output a line of JSON each:
``{"sheet": NAME}`` where one begins, ``[ROW, [CELL, ...]]`` for each row that is not empty, rows
from 1, and ``{"end": true}``; or ``{"failed": KIND, "reason": TEXT}`` at any time.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, TypeAlias

from python_calamine import (
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

Cell: TypeAlias = int | float | str | bool | date | datetime | time | timedelta

_PR_SET_PDEATHSIG = 1
"""prctl(2)."""
_MEMORY = 2 << 30
_SECONDS = 900
_EXACT = 10**15
"""Whole numbers below are told digit for digit; Excel keeps fifteen."""
_LONGEST = 1 << 20
_MOST_MERGED = 100_000


class _TooLong(Exception):
    def __str__(self) -> str:
        return f"row {self.args[0]} is longer than {_LONGEST} characters"


def main(path: str, out: IO[str]) -> None:
    """Write what is in a spreadsheet."""
    _bind()
    try:
        for told in told_of(path):
            out.write(json.dumps(told, ensure_ascii=True) + "\n")
        out.write('{"end": true}\n')
    except PasswordError:
        _fail(out, "locked", "")
    except MemoryError:
        _fail(out, "large", "")
    # A panic of the library that reads it is no Exception; nothing else of this process matters.
    except BaseException as error:  # noqa: BLE001
        _fail(out, "damaged", str(error)[:200])
    out.flush()


def told_of(path: str) -> Iterator[object]:
    """Yield what is written of a spreadsheet, line by line."""
    with CalamineWorkbook.from_path(path) as book:
        for sheet in book.sheets_metadata:
            is_shown = sheet.visible is SheetVisibleEnum.Visible
            if is_shown and sheet.typ is SheetTypeEnum.WorkSheet:
                yield {"sheet": sheet.name}
                yield from _rows(book.get_sheet_by_name(sheet.name))


def text(cell: Cell) -> str:
    """Return a cell as people read it: 9786041234567 and 2019, never 9.78604E+12 or 2019.0."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return _number(cell)
    if isinstance(cell, datetime):
        is_day = not (cell.hour or cell.minute or cell.second)
        return cell.date().isoformat() if is_day else cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _number(cell: float) -> str:
    if cell.is_integer():
        return str(int(cell)) if abs(cell) < _EXACT else format(cell, ".0f")
    return format(cell, ".15g")


def _rows(sheet: CalamineSheet) -> Iterator[tuple[int, list[str]]]:
    if sheet.start is None:
        return
    # Rows come from the first of the sheet on, cells from the first column that holds any.
    _, left = sheet.start
    merged = _merged(sheet)
    held: dict[int, tuple[int, str]] = {}
    for number, cells in enumerate(sheet.iter_rows()):
        texts = [""] * left + [text(cell) for cell in cells]
        _fill(texts, number, held)
        held |= {
            column: (last, texts[column])
            for column, last in merged.get(number, ())
            if column < len(texts)
        }
        while texts and not texts[-1].strip():
            texts.pop()
        if sum(map(len, texts)) > _LONGEST:
            raise _TooLong(number + 1)
        if texts:
            yield number + 1, texts


def _fill(texts: list[str], number: int, held: dict[int, tuple[int, str]]) -> None:
    """Put the texts of cells that reach down from above into a row."""
    for column, (last, value) in list(held.items()):
        if number <= last:
            texts[column] = value
        else:
            del held[column]


def _merged(sheet: CalamineSheet) -> dict[int, list[tuple[int, int]]]:
    """Return cells that stand for several rows below each other: columns with last rows, by row."""
    found: dict[int, list[tuple[int, int]]] = {}
    for (top, left), (bottom, right) in (sheet.merged_cell_ranges or ())[:_MOST_MERGED]:
        if left == right and top < bottom:
            found.setdefault(top, []).append((left, bottom))
    return found


def _fail(out: IO[str], kind: str, reason: str) -> None:
    out.write(json.dumps({"failed": kind, "reason": reason}) + "\n")


def _bind() -> None:
    """Limit what a harmful spreadsheet could take: memory, time, files."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def end_with(parent: int) -> None:
    """Have Linux end this process when the one that started it does, however that ends.

    No thread could: what opens a workbook lets no other run until it is done.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            signal.raise_signal(signal.SIGKILL)


if __name__ == "__main__":
    end_with(int(sys.argv[2]))
    main(sys.argv[1], sys.stdout)

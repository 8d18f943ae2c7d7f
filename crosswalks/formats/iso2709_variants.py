"""What some systems call ISO 2709: ``#`` and ``$`` for its delimiters, or lines of 80 characters.

Both come down from CDS/ISIS and live on in Vietnamese systems. The directory still tells where
each field ends, so the delimiters proper are put back there and nowhere else.
"""

from __future__ import annotations

import re
from itertools import pairwise

from crosswalks.formats.directory import ENTRY, FIELD_END, LEADER, RECORD_END
from crosswalks.model import Problem, Severity

_PRINTED_END = b"#"
_LINE = 80
_BREAKS = re.compile(rb"\r?\n")
_NO_BREAKS = b"\r\n"
# A sum of money has a digit behind it too, but a space or bracket before; so has the script of 880
# $6, which is called $1 after a stroke.
_PRINTED_CODE = re.compile(rb"\$(?=[a-z])|(?<![ (/])\$(?=[0-9])|(?<=^..)\$(?=[0-9])", re.DOTALL)


def variant_end(held: bytes, start: int, length: int) -> int:
    """Return where a record of such a kind ends, or 0 if this is none or not sound."""
    if length <= LEADER:
        return 0
    if _ends_in_print(held[start : start + length]):
        return start + length
    return _end_of_lines(held, start, length)


def plain(data: bytes) -> tuple[bytes, list[Problem]]:
    """Return a record with the delimiters of ISO 2709, and what had to be done for that."""
    problems = []
    whole = data.strip(_NO_BREAKS)
    if whole[:5].isdigit() and len(whole) != int(whole[:5]) and _is_in_lines(whole):
        data = whole = whole.translate(None, _NO_BREAKS)
        problems.append(_noted("broken into lines of 80 characters, which were joined"))
    if _ends_in_print(whole):
        data = _with_delimiters(whole)
        problems.append(_noted("# and $ in place of the delimiters 1E, 1D and 1F"))
    return data, problems


def _ends_in_print(data: bytes) -> bool:
    """Tell whether ``#`` ends the directory, the last field and the record."""
    base = _base(data)
    return base > LEADER and data[base - 1 : base] == _PRINTED_END and data[-2:] == b"##"


def _end_of_lines(held: bytes, start: int, length: int) -> int:
    """Return where as many characters as stated end, if they stand in lines of 80."""
    longest = length + 2 * (length // _LINE + 1)
    piece = held[start : start + longest]
    if not _is_in_lines(piece[: _LINE + 2]):
        return 0
    breaks = [found.span() for found in _BREAKS.finditer(piece)]
    end = length
    for begin, after in breaks:
        end += after - begin if begin < end else 0
    whole = piece[:end].translate(None, _NO_BREAKS)
    sound = len(whole) == length and (whole[-1:] == RECORD_END or _ends_in_print(whole))
    return start + end if sound else 0


def _is_in_lines(data: bytes) -> bool:
    return _BREAKS.match(data, _LINE) is not None and not _BREAKS.search(data, 0, _LINE)


def _with_delimiters(data: bytes) -> bytes:
    """Put the delimiters in at the places that the directory names."""
    base = _base(data)
    directory, body = data[LEADER : base - 1], data[base:-1]
    ends = sorted(_ends(directory, len(body)))
    fields = [body[begin : end - 1] for begin, end in pairwise([0, *ends])]
    coded = [_PRINTED_CODE.sub(b"\x1f", field) for field in fields]
    return data[: base - 1] + FIELD_END + b"".join([f + FIELD_END for f in coded]) + RECORD_END


def _ends(directory: bytes, length: int) -> set[int]:
    ends = set()
    for at in range(3, len(directory) - 8, ENTRY):
        size, start = directory[at : at + 4], directory[at + 4 : at + 9]
        if size.isdigit() and start.isdigit():
            ends.add(min(int(start) + int(size), length))
    return ends | {length}


def _base(data: bytes) -> int:
    return int(data[12:17]) if data[12:17].isdigit() else 0


def _noted(detail: str) -> Problem:
    return Problem(code="not-quite-iso2709", severity=Severity.WARNING, detail=detail)

"""The words of matching's pairs, and a library's doubles as a file for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from catalogue.pairs import Doubled
from crosswalks.model import Record
from web import spreadsheet
from web.language import Translate, mark

DECISIONS = {
    "same": mark("one publication"),
    "ask": mark("perhaps one publication: a person has to look"),
    "different": mark("two publications"),
}
"""What matching says of a pair."""
VERDICTS = {
    "same": mark("one publication"),
    "different": mark("two publications"),
    "": mark("left to matching"),
}
"""What people say of a pair."""
CROWDED = {
    False: mark("too many with the same key"),
    True: mark("too many held together by links"),
}
"""Why records are a crowd."""
SETTLES = mark("An answer settles {pairs} pairs, {records} records in all.")
"""How much a question settles."""
_COLUMNS = (mark("Publication"), mark("Record number"), mark("Description"))


def heading(record: Record) -> str:
    """Return a record in one line: title and responsibility, imprint, extent."""
    title = " ".join(record.values("245", "abcnp"))
    said = (
        title if record.values("245", "c") else " / ".join(filter(None, (title, _author(record)))),
        " ".join([*record.values("250", "ab")]),
        " ".join([*record.values("260", "abc"), *record.values("264", "abc")]),
        " ".join(record.values("300", "ac")),
        " ".join(record.values("020", "a")),
    )
    return " – ".join(part.strip() for part in said if part.strip())


def _author(record: Record) -> str:
    return next((name for tag in ("100", "110", "111") for name in record.values(tag, "a")), "")


def doubles_file(found: Iterable[Doubled], translate: Translate) -> Iterator[bytes]:
    """Yield what a library has more than one record of as CSV: UTF-8 with a mark, for Excel."""
    yield spreadsheet.BEGINNING
    yield spreadsheet.row([translate(word) for word in _COLUMNS])
    for each in found:
        for side in each.records:
            number = side.name.partition("/")[2]
            yield spreadsheet.row((each.cluster, number, heading(side.record)))

"""Where versions that could not be read or mapped lie: noted with the page, gone when read."""

from __future__ import annotations

from sqlalchemy import Connection

from catalogue.model import RunHandle
from catalogue.sql import delete_keys, upsert
from catalogue.store.apply import Applied
from catalogue.tables import QuarantineRow
from crosswalks.model import Page


def note(
    connection: Connection, run: RunHandle, applied: Applied, page: Page, start: tuple[int, int]
) -> None:
    """Note which records of a page were quarantined, and which are read now.

    ``start`` has how many records and pages of the run came before this page.
    """
    records, pages = start
    rows = [
        {
            "record_id": applied.ids[each.raw.identifier],
            "source_id": run.source_id,
            "run_id": run.run_id,
            "seq": records + each.raw.position,
            "page": pages + 1,
            "position": each.raw.position + 1,
            "place": _place(page.raw, each.raw.body),
            "datestamp": each.raw.datestamp,
            "format": each.raw.format,
        }
        for each, action in applied.actions
        if action == "quarantined"
    ]
    upsert(connection, QuarantineRow, rows)
    delete_keys(connection, QuarantineRow, [(key,) for key in applied.read_again])


def _place(page: bytes, body: bytes) -> int | None:
    """Return the byte at which a record begins, or None where it was not cut out as it stood."""
    found = page.find(body) if body else -1
    return None if found < 0 else found

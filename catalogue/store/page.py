"""put_page: one page into the catalogue, all of it or nothing (T1)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from catalogue import crosswalks, queue, sources
from catalogue.database import Database, refuses_value
from catalogue.match import FEATURES_VERSION
from catalogue.model import Counts, Mapped, PageResult, RecordState, RunHandle
from catalogue.raw import name_of
from catalogue.sql import Lookup, Prepared, chunks, table
from catalogue.store import held, quarantined
from catalogue.store.apply import Applied, Known, Writer, apply, judge
from catalogue.store.naming import named, raw_hash
from catalogue.store.prepare import Incoming, prepare
from catalogue.store.problems import write_page_problems
from catalogue.tables import HeldRow, RawPageRow, RecordRow, RunRow, SourceRow
from crosswalks.model import Page, Problem
from crosswalks.text import storable


def unchanged(database: Database, run: RunHandle, page: Page) -> frozenset[int]:
    """Return the positions whose bytes are stored already: these need no mapping.

    A record mapped by what is no current version counts as changed, and so does one
    whose last version was refused: its problems have to be found again.
    """
    records = [named(raw).raw for raw in page.records]
    with database.reading_primary() as connection:
        known = known_records(connection, run.source_id, [raw.identifier for raw in records])
    return frozenset(
        raw.position
        for raw in records
        if not raw.deleted
        and raw.identifier in known
        and known[raw.identifier].same_bytes(raw_hash(raw), run.versions)
    )


def put_page(
    database: Database,
    run: RunHandle,
    page: Page,
    mapped: Mapping[int, Mapped],
    problems: Mapping[int, Sequence[Problem]],
) -> PageResult:
    """Store a page: raw, parsed, features, keys, problems, dirty rows, counts and checkpoint.

    ``mapped`` and ``problems`` go by ``RawRecord.position``: a record that is only in ``problems``
    was not readable and is quarantined, one that is in neither was left out since it is known byte
    for byte. Deletions are held (``catalogue.store.held``). The raw page itself must be in the raw
    store already. Raises LeaseLost,
    SourceChanged, CrosswalksChanged or PageOutdated, and then nothing is written.
    """
    incoming = prepare(page, mapped, problems)

    def work(connection: Connection) -> PageResult:
        queue.renew(connection, run.lease)
        sources.check_generation(connection, run.source_id, run.generation)
        if run.edition is not None:
            crosswalks.check_edition(connection, run.edition)
        known = known_records(connection, run.source_id, [each.raw.identifier for each in incoming])
        start = _start(connection, run)
        applied = _apply(connection, run, incoming, known)
        applied.log(connection, run.run_id, start[0])
        held.hold(connection, run, applied, known, start[0])
        quarantined.note(connection, run, applied, page, start)
        counts = _counts(page, applied)
        write_page_problems(connection, run, page.problems)
        _finish(connection, run, page, counts, start[1] + 1)
        return PageResult(counts=counts, dirty=applied.dirty)

    return database.writing(work)


def foresee(
    database: Database,
    name: str,
    page: Page,
    mapped: Mapping[int, Mapped],
    versions: Collection[str],
) -> Counts:
    """Return what put_page would do with a page of this source; nothing is written.

    Deletions count as deleted: what a guard would say of them only the whole list tells.
    Each page is judged by what is stored: a new record that comes on two pages counts as added
    twice, since the identifiers of a whole list may not fit into memory.
    """
    incoming = prepare(page, mapped, {raw.position: () for raw in page.records})
    with database.reading() as connection:
        source = sources.configured(connection, name)
        known = known_records(connection, source.id, [each.raw.identifier for each in incoming])
    writer = Writer(0, source.id, waits=source.source.waits)
    counts = _counts(page, judge(writer, incoming, known, versions))
    return replace(counts, deleted=counts.held, held=0)


def _apply(
    connection: Connection, run: RunHandle, incoming: Sequence[Incoming], known: Mapping[str, Known]
) -> Applied:
    """Write the records of a page, with those that the engine does not take quarantined."""
    if not incoming:
        return Applied()
    try:
        with connection.begin_nested():
            return apply(connection, run, incoming, known)
    except Exception as error:
        if not refuses_value(error):
            raise
    tried = [_tried(connection, run, each, known) for each in incoming]
    return apply(connection, run, tried, known)


def _tried(
    connection: Connection, run: RunHandle, each: Incoming, known: Mapping[str, Known]
) -> Incoming:
    """Return a record as it is if the engine takes it, else as refused; nothing is left of it."""
    attempt = connection.begin_nested()
    try:
        apply(connection, run, [each], known)
    except Exception as error:
        if not refuses_value(error):
            raise
        return each.refused(error)
    finally:
        attempt.rollback()
    return each


def known_records(
    connection: Connection, source_id: int, identifiers: list[str]
) -> dict[str, Known]:
    """Return what the catalogue holds of these identifiers of a source."""
    found: dict[str, Known] = {}
    for chunk in chunks(identifiers):
        for row in _KNOWN.tuples(connection, chunk, b_source=source_id):
            each = _Found(*row)
            found[each.identifier] = Known(
                id=each.id,
                state=RecordState(each.state),
                rev=each.rev,
                raw_hash=each.raw_hash,
                content_hash=each.content_hash,
                crosswalk_version=each.crosswalk_version,
                features_current=each.features_version == FEATURES_VERSION,
                refused=bool(each.refused),
                seen_run=each.seen_run,
                held=each.held is not None,
            )
    return found


class _Found(NamedTuple):
    """A row as ``_KNOWN`` has it."""

    id: int
    identifier: str
    state: str
    rev: int
    raw_hash: bytes
    content_hash: bytes
    crosswalk_version: str
    features_version: int
    refused: bool
    seen_run: int
    held: int | None


def _start(connection: Connection, run: RunHandle) -> tuple[int, int]:
    """Return how many records and pages the run has brought before this page."""
    [(delivered, pages)] = _BROUGHT.rows(connection, b_run=run.run_id)
    return delivered, pages


def _counts(page: Page, applied: Applied) -> Counts:
    actions = Counter(action for _, action in applied.actions)
    # Earlier versions of an identifier on the same page change nothing.
    actions["unchanged"] += len(page.records) - len(applied.actions)
    return Counts(delivered=len(page.records), pages=1, **actions)


def _finish(
    connection: Connection, run: RunHandle, page: Page, counts: Counts, number: int
) -> None:
    """Count the page, which is that one of the run, and note where its bytes lie."""
    counted = {f"b_{name}": getattr(counts, name) for name in Counts.__slots__}
    connection.execute(_COUNTED, {"b_run": run.run_id, **counted})
    # Of large pages the name takes time, and this is time that other writers wait.
    name = page.kept or name_of(page.raw)
    came = {"b_hash": name, "b_url": storable(page.url), "b_size": len(page.raw)}
    connection.execute(_CAME, {"b_run": run.run_id, "b_number": number, **came})
    if run.moves_checkpoint:
        passed = {
            "b_source": run.source_id,
            "b_checkpoint": json.dumps(dict(page.next_checkpoint)),
            "b_list_run": run.list_run,
            "b_list_done": bool(run.list_run) and (run.list_done or page.last),
        }
        connection.execute(_PASSED, passed)


# Made once: to make them for each page takes longer than to carry them out.
_record = table(RecordRow).c
_KNOWN = Lookup(
    select(
        _record.id,
        _record.identifier,
        _record.state,
        _record.rev,
        _record.raw_hash,
        _record.content_hash,
        _record.crosswalk_version,
        _record.features_version,
        _record.refused,
        _record.seen_run,
        table(HeldRow).c.record_id.label("held"),
    )
    .outerjoin(HeldRow, HeldRow.record_id == _record.id)
    .where(_record.source_id == bindparam("b_source")),
    _record.identifier,
)
_BROUGHT = Prepared(select(RunRow.delivered, RunRow.pages).where(RunRow.id == bindparam("b_run")))
_COUNTED = (
    update(RunRow)
    .where(RunRow.id == bindparam("b_run"))
    .values({name: getattr(RunRow, name) + bindparam(f"b_{name}") for name in Counts.__slots__})
)
_CAME = insert(RawPageRow).values(
    run_id=bindparam("b_run"),
    number=bindparam("b_number"),
    hash=bindparam("b_hash"),
    url=bindparam("b_url"),
    size=bindparam("b_size"),
)
_PASSED = (
    update(SourceRow)
    .where(SourceRow.id == bindparam("b_source"))
    .values(
        checkpoint=bindparam("b_checkpoint"),
        list_run=bindparam("b_list_run"),
        list_done=bindparam("b_list_done"),
    )
)

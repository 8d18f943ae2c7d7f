"""What a placement reads of records to merge them: their content, and who shows it to whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from catalogue.cluster.sets import Place
from catalogue.licences import Terms
from catalogue.members.chains import groups_of_libraries, predecessors
from catalogue.membership.fields import limited, without
from catalogue.membership.hiding import NOTHING, Hidden, hidden
from catalogue.model import Sharing
from catalogue.origins import Origin, origin_of
from catalogue.sql import Lookup
from catalogue.tables import LibraryRow, RecordRow, SourceRow
from crosswalks import stored
from crosswalks.model import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A record as merging sees it."""

    name: tuple[str, str]
    library: str
    sharing: Sharing
    weight: int
    datestamp: str
    record: Record
    """The library's own version."""
    held: Record | None
    """What came back from the hub in its stead."""
    origin: Origin | None = None
    """Where it was harvested by OAI-PMH."""
    hidden: Hidden = NOTHING
    """What staff hide of it; such fields are not in it any more."""
    fields: str = ""
    """Those that its library shares beyond the hub's staff; empty = all."""
    terms: Terms

    def for_all(self) -> Delivered:
        """Return what its library shares of it beyond the hub's staff."""
        held = None if self.held is None else limited(self.held, self.fields)
        return replace(self, record=limited(self.record, self.fields), held=held)


_DELIVERED = Lookup(
    select(
        RecordRow.id,
        SourceRow.code.label("source"),
        RecordRow.identifier,
        LibraryRow.code.label("library"),
        LibraryRow.sharing_level,
        SourceRow.weight,
        RecordRow.datestamp,
        RecordRow.parsed,
        RecordRow.own,
        RecordRow.format,
        RecordRow.arrived,
        SourceRow.settings,
        LibraryRow.fields,
        LibraryRow.licence,
        LibraryRow.rights,
    )
    .join(SourceRow, SourceRow.id == RecordRow.source_id)
    .join(LibraryRow, LibraryRow.id == SourceRow.library_id),
    RecordRow.id,
)


def delivered(connection: Connection, records: Collection[int]) -> dict[int, Delivered]:
    """Return these records with their content, as far as it may be shown, and their origin."""
    covered = hidden(connection, records)
    return {
        row.id: _delivered(row, covered.get(row.id, NOTHING))
        for row in _DELIVERED.rows(connection, records)
    }


def _delivered(row: Any, covered: Hidden) -> Delivered:
    own = stored.from_json(row.own) if row.own else None
    record = without(stored.from_json(row.parsed), covered.fields)
    return Delivered(
        name=(row.source, row.identifier),
        library=row.library,
        sharing=Sharing(row.sharing_level),
        weight=row.weight,
        datestamp=row.datestamp,
        record=record if own is None else without(own, covered.fields),
        held=None if own is None else record,
        origin=origin_of(row.identifier, row.datestamp, row.format, row.arrived, row.settings),
        hidden=covered,
        fields=row.fields,
        terms=Terms(row.library, row.licence, row.rights),
    )


def places(connection: Connection) -> dict[str, Place]:
    """Return the type, region, groups and predecessors of each library that has any."""
    told = select(LibraryRow.id, LibraryRow.code, LibraryRow.kind, LibraryRow.region)
    groups, before = groups_of_libraries(connection), predecessors(connection)
    found = {
        code: Place(kind, region, tuple(groups.get(key, ())), tuple(before.get(code, ())))
        for key, code, kind, region in connection.execute(told)
    }
    return {code: place for code, place in found.items() if place != Place()}

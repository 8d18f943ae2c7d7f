"""What staff hide of records, as placements and doors read it."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, select

from catalogue.membership.fields import HiddenField
from catalogue.membership.tables import SuppressedRecordRow, SuppressionRow
from catalogue.sql import Lookup


class Kind(StrEnum):
    """What a suppression hides."""

    RECORD = "record"
    FIELD = "field"
    CLUSTER = "cluster"


class Hidden(NamedTuple):
    """What of a record is hidden."""

    record: bool = False
    cluster: bool = False
    """With all that goes together with it."""
    fields: tuple[HiddenField, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether nothing of it may be shown."""
        return self.record or self.cluster


NOTHING = Hidden()
_HIDDEN = Lookup(
    select(
        SuppressedRecordRow.record_id,
        SuppressionRow.kind,
        SuppressionRow.field,
        SuppressionRow.value,
    )
    .join(SuppressionRow, SuppressionRow.id == SuppressedRecordRow.suppression_id)
    .where(SuppressionRow.lifted_at.is_(None)),
    SuppressedRecordRow.record_id,
)


def hidden(connection: Connection, records: Iterable[int]) -> dict[int, Hidden]:
    """Return what is hidden of these records, for those of which anything is."""
    found: dict[int, Hidden] = {}
    for record, kind, field, value in _HIDDEN.rows(connection, sorted(records)):
        one = found.get(record, NOTHING)
        match Kind(kind):
            case Kind.RECORD:
                one = one._replace(record=True)
            case Kind.CLUSTER:
                one = one._replace(cluster=True)
            case Kind.FIELD:
                one = one._replace(fields=(*one.fields, HiddenField(field, value)))
        found[record] = one
    return found

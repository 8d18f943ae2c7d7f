"""Which records count, as conditions of SQL."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ColumnElement, literal_column

from catalogue.membership.model import Membership
from catalogue.model import RecordState
from catalogue.observed import Stage
from catalogue.tables import LibraryRow, RecordRow, SourceRow


def is_connected() -> ColumnElement[bool]:
    """Return that the library is a member and the source live."""
    # Written out: with parameters each query would be another, and these never come from outside.
    return (LibraryRow.standing == _word(Membership.MEMBER)) & (
        SourceRow.stage == _word(Stage.LIVE)
    )


def counts() -> ColumnElement[bool]:
    """Return that a record is to be in a cluster: active, of a live source of a member."""
    return (RecordRow.state == _word(RecordState.ACTIVE)) & is_connected()


def _word(value: StrEnum) -> ColumnElement[str]:
    return literal_column(f"'{value.value}'")

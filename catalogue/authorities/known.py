"""Which rows of authorities hold now, for whoever asks for any of them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_

from catalogue.authorities.tables import AuthorityRow, ListRow
from catalogue.sql import table

lists, rows = table(ListRow).c, table(AuthorityRow).c


def holds() -> ColumnElement[bool]:
    """Return the condition that an authority holds, where it is joined with its list."""
    return and_(rows.list_id == lists.id, rows.since <= lists.version, rows.seen >= lists.version)

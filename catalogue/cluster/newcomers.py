"""Records that wait and never were in a cluster: very many of them are placed at once."""

from __future__ import annotations

from sqlalchemy import Connection, exists, func, select

from catalogue import policies
from catalogue.cluster import read
from catalogue.database import Database
from catalogue.membership.tables import LeftClusterRow
from catalogue.sql import Query, table
from catalogue.tables import DirtyRow, MemberRow, RecordRow

AT_ONCE = 10_000
"""So many are worth working out the whole partition."""
_SHARE = 4
"""They have to be a quarter of all there is: the rest is looked at as well."""


def waiting(policy_id: int) -> Query:
    """Return the query for their ids."""
    columns = table(DirtyRow).c
    return select(columns.record_id).where(
        columns.policy_id == policy_id,
        read.not_failed(),
        ~exists().where(MemberRow.record_id == columns.record_id),
        ~exists().where(LeftClusterRow.record_id == columns.record_id),
    )


def are_many(database: Database, after: int = 0) -> bool:
    """Tell whether so many wait, with higher ids than that, that they are better placed at once."""
    with database.reading_primary() as connection:
        enough = _enough(connection)
        found = waiting(policies.live(connection).id)
        query = found.where(table(DirtyRow).c.record_id > after).limit(enough).subquery()
        return connection.execute(select(func.count()).select_from(query)).scalar_one() == enough


def would_be_many(database: Database, records: int) -> bool:
    """Tell whether that would be so if so many more came."""
    with database.reading_primary() as connection:
        return records >= _enough(connection)


def last(database: Database) -> int:
    """Return the highest id of a record, 0 where there is none."""
    with database.reading_primary() as connection:
        return _last(connection)


def _last(connection: Connection) -> int:
    return int(connection.execute(select(func.max(RecordRow.id))).scalar() or 0)


def _enough(connection: Connection) -> int:
    # Ids are never given twice, so the last is no less than there are: to count takes a while.
    return max(AT_ONCE, _last(connection) // _SHARE)

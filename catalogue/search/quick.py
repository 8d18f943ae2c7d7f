"""Ids of hits inside SQLite for queries of nothing but text, by statements whose text is made once.

To make it anew took SQLAlchemy longer than SQLite took to answer.
"""

from __future__ import annotations

from sqlalchemy import Connection, Integer, and_, bindparam, column, func, or_, select
from sqlalchemy import table as sql_table

from catalogue.search import ranking
from catalogue.search.expression import Expression
from catalogue.search.postings import match
from catalogue.sql import Prepared, table
from catalogue.tables import DocumentRow

_text = sql_table("search_text", column("rowid", Integer), column("search_text"))
_documents = table(DocumentRow).c
_tables = _text.join(table(DocumentRow), _documents.id == _text.c.rowid)
_hidden = _documents.hidden
_holds = and_(
    _text.c.search_text.op("MATCH")(bindparam("match")),
    or_(_hidden == "", _hidden.not_like(bindparam("hidden"))),
)
_COUNT = Prepared(select(func.count()).select_from(_tables).where(_holds))
_NEXT = Prepared(
    select(_text.c.rowid)
    .select_from(_tables)
    .where(_holds, _text.c.rowid > bindparam("last"))
    .order_by(_text.c.rowid)
    .limit(bindparam("most"))
)


def numbers(
    connection: Connection, wanted: Expression, view: int, most: int
) -> tuple[int, list[int]]:
    """Return how many documents are found, and the numbers of the first, by rank."""
    hidden = f"% {view} %"
    found: dict[int, None] = {}
    for tier in ranking.tiers(wanted):
        text = match(tier, postgresql=False)
        last = -1
        while len(found) < most:
            rows = _NEXT.rows(connection, match=text, hidden=hidden, last=last, most=most)
            found.update(dict.fromkeys([row[0] for row in rows]))
            if len(rows) < most:
                break
            last = rows[-1][0]
    if len(found) < most:
        return len(found), list(found)
    counted = _COUNT.rows(connection, match=match(wanted, postgresql=False), hidden=hidden)
    return counted[0][0], list(found)[:most]

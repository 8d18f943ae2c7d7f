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
from catalogue.tables import DocumentRow, SearchedViewRow, ViewRow

_text = sql_table("search_text", column("rowid", Integer), column("search_text"))
_documents, _views, _searched = table(DocumentRow).c, table(ViewRow).c, table(SearchedViewRow).c
_tables = _text.join(table(DocumentRow), _documents.id == _text.c.rowid)
_hidden = _documents.hidden
_holds = and_(
    _text.c.search_text.op("MATCH")(bindparam("match")),
    or_(_hidden == "", _hidden.not_like(bindparam("hidden"))),
)
_VIEW = Prepared(
    select(_views.id, _searched.ready)
    .join_from(table(ViewRow), table(SearchedViewRow), _searched.view_id == _views.id)
    .where(_views.name == bindparam("name"))
)
_COUNT = Prepared(select(func.count()).select_from(_tables).where(_holds))
_NEXT = Prepared(
    select(_text.c.rowid)
    .select_from(_tables)
    .where(_holds, _text.c.rowid > bindparam("last"))
    .order_by(_text.c.rowid)
    .limit(bindparam("most"))
)


def ready_view(connection: Connection, name: str) -> int | None:
    """Return the number of a view that is indexed, None for any other."""
    found = _VIEW.rows(connection, name=name)
    return found[0].id if found and found[0].ready else None


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

"""Ids of hits inside SQLite for queries of nothing but text, by statements whose text is made once.

To make it anew took SQLAlchemy longer than SQLite took to answer. And where all views see all
documents, which is asked first, none has to be looked at to be counted: that takes a fourth.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Integer, and_, bindparam, column, func, or_, select, text
from sqlalchemy import table as sql_table

from catalogue.search.postings import match
from catalogue.search.sqlengine import Sought
from catalogue.search_tables import HIDDEN
from catalogue.sql import Prepared, table
from catalogue.tables import DocumentRow

_text = sql_table("search_text", column("rowid", Integer), column("search_text"))
_documents = table(DocumentRow).c
_hidden = _documents.hidden
_fits = _text.c.search_text.op("MATCH")(bindparam("match"))
_seen = or_(_hidden == "", _hidden.not_like(bindparam("hidden")))
_both = _text.join(table(DocumentRow), _documents.id == _text.c.rowid)
_HIDES = Prepared(select(_documents.id).where(text(HIDDEN)).limit(1))


class _Statements:
    """How many documents are found, and the next of them behind a number."""

    def __init__(self, tables: Any, holds: Any) -> None:
        self.count = Prepared(select(func.count()).select_from(tables).where(holds))
        self.following = Prepared(
            select(_text.c.rowid)
            .select_from(tables)
            .where(holds, _text.c.rowid > bindparam("last"))
            .order_by(_text.c.rowid)
            .limit(bindparam("most"))
        )


_OF_ALL = _Statements(_text, _fits)
_OF_SOME = _Statements(_both, and_(_fits, _seen))


def numbers(connection: Connection, sought: Sought, view: int, most: int) -> tuple[int, list[int]]:
    """Return how many documents are found, and the numbers of the first, by rank."""
    hides = _HIDES.rows(connection)
    ask = _OF_SOME if hides else _OF_ALL
    given = {"hidden": f"% {view} %"} if hides else {}
    found: dict[int, None] = {}
    for tier in sought.tiers():
        words = match(tier, postgresql=False)
        last = -1
        while len(found) < most:
            rows = ask.following.rows(connection, match=words, last=last, most=most, **given)
            found.update(dict.fromkeys([row[0] for row in rows]))
            if len(rows) < most:
                break
            last = rows[-1][0]
    if len(found) < most:
        return len(found), list(found)
    counted = ask.count.rows(connection, match=match(sought.wanted, postgresql=False), **given)
    return counted[0][0], list(found)[:most]

"""Plain search over what a view gives out: every word must be there, marks do not matter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, column, func, literal_column, select
from sqlalchemy import table as sql_table
from sqlalchemy.dialects.postgresql import ARRAY

from catalogue.database import Database
from catalogue.model import Hit, Hits
from catalogue.search_words import split
from catalogue.tables import ClusterRow, SearchRow, ViewRow

_ISBN = re.compile(r"\b(?:\d-?){9,12}[\dXx]\b")
"""An ISBN as printed on books; it is indexed as it is stored, without hyphens."""


def search(
    database: Database, words: str, *, limit: int = 20, offset: int = 0, view: str = "public"
) -> Hits:
    """Return clusters that hold all the words; no words find nothing.

    Those whose title begins with them come first, then the newest.
    """
    wanted = split(_ISBN.sub(_without_hyphens, words))
    if not wanted:
        return Hits(total=0, hits=())
    found = _found(wanted, postgresql=database.postgresql)
    view_id = select(ViewRow.id).where(ViewRow.name == view).scalar_subquery()
    query = (
        select(SearchRow, ClusterRow.public_id)
        .join(ClusterRow, ClusterRow.id == SearchRow.cluster_id)
        .where(found, SearchRow.view_id == view_id)
    )
    with database.reading() as connection:
        total = connection.execute(
            select(func.count()).select_from(SearchRow).where(found, SearchRow.view_id == view_id)
        ).scalar_one()
        titled = SearchRow.words.startswith(" ".join(wanted))
        page = query.order_by(titled.desc(), SearchRow.cluster_id.desc())
        page = page.limit(limit).offset(offset)
        return Hits(total=total, hits=tuple(_hit(row) for row in connection.execute(page)))


def _without_hyphens(number: re.Match[str]) -> str:
    return number[0].replace("-", "")


def _found(wanted: Sequence[str], *, postgresql: bool) -> ColumnElement[bool]:
    if postgresql:
        words = func.string_to_array(SearchRow.words, literal_column("' '"))
        return words.op("@>")(cast(list(wanted), ARRAY(Text)))
    # Folded words hold letters and digits only, so the quotes cannot be broken out of.
    expression = " AND ".join(f'"{word}"' for word in wanted)
    index = sql_table("search_words", column("rowid"), column("search_words"))
    ids = select(index.c.rowid).where(index.c.search_words.op("MATCH")(expression))
    return SearchRow.id.in_(ids)


def _hit(row: Any) -> Hit:
    return Hit(
        public_id=row.public_id,
        title=row.title,
        author=row.author,
        year=row.year,
        libraries=tuple(row.libraries.split()),
    )

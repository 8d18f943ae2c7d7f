"""Searches as tests ask for them."""

from __future__ import annotations

from typing import Any

from catalogue.database import Database
from catalogue.search import Hits, Request, engine, planned, sorted_by
from catalogue.search.model import SortField, Sorting
from catalogue.search.plain import query
from protocols import cql, pqf
from protocols.rpn.tree import Query


def search(database: Database, words: str, **more: Any) -> Hits:
    """Search for plain words, editions of a work one by one."""
    return ask(database, query(words), **more)


def search_cql(database: Database, text: str, **more: Any) -> Hits:
    """Search by CQL."""
    return ask(database, cql.read(text), **more)


def search_pqf(database: Database, text: str, **more: Any) -> Hits:
    """Search by PQF."""
    return ask(database, pqf.read(text), **more)


def ask(database: Database, asked: Query | None, **more: Any) -> Hits:
    """Search by a query tree."""
    if asked is None:
        return Hits(total=0, clusters=0, hits=())
    sort = tuple(Sorting(SortField(name), down) for name, down in sorted_by(asked))
    request = Request(wanted=planned(asked), **{"by_work": False, "sort": sort, **more})
    return engine(database).search(request)

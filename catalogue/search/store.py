"""Documents written in the transaction that changes what they are made of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, select, update

from catalogue.search import postings
from catalogue.search.columns import LETTERS
from catalogue.search.document import Document, Heading
from catalogue.search.ranking import MAX_VARIANTS, document_id
from catalogue.search.tokens import GAP, folded, marked
from catalogue.sql import Lookup, delete_tuples, insert_tuples, table
from catalogue.tables import (
    DocumentRow,
    HeadingOfRow,
    HeadingRow,
    ShownRow,
    ViewRow,
    WordRow,
    WorkMemberRow,
)
from crosswalks.collation import order

_ORDERED = 80
"""Letters of a text that results are sorted by."""
_shown, _documents, _works = table(ShownRow).c, table(DocumentRow).c, table(WorkMemberRow).c
_STORED = Lookup(select(_shown.id), _shown.cluster_id)
_WORK_OF = Lookup(select(_works.cluster_id, _works.work_id), _works.cluster_id)
_SIZES = Lookup(select(_works.work_id, func.count()).group_by(_works.work_id), _works.work_id)
ALONE = 0
"""Stands for the work of a cluster that is all there is of it: such need not be told apart."""
_KNOWN_WORDS = Lookup(select(table(WordRow).c.word), table(WordRow).c.word)
_KNOWN_HEADINGS = Lookup(select(table(HeadingRow).c.id), table(HeadingRow).c.id)
_IDS_OF = Lookup(select(_shown.cluster_id, _shown.id), _shown.cluster_id)


class Indexed(NamedTuple):
    """A document, the cluster it is of, the views that see it, and when it last changed."""

    cluster: int
    document: Document
    views: frozenset[int]
    stamp: int


def replace(connection: Connection, clusters: Collection[int], found: Sequence[Indexed]) -> None:
    """Have these clusters found as these documents and in no other way.

    The caller holds the hub clock's lock, or nobody else writes.
    """
    _remove(connection, clusters)
    if found:
        _add(connection, found)


def move_works(connection: Connection, works: Mapping[int, int]) -> None:
    """Have clusters found as parts of these works, of which ``ALONE`` is none."""
    moved = [
        {"b_id": each, "b_work": works[cluster]}
        for cluster, each in _IDS_OF.tuples(connection, works.keys())
    ]
    if moved:
        connection.execute(
            update(table(DocumentRow))
            .where(_documents.id == bindparam("b_id"))
            .values(work_id=bindparam("b_work")),
            moved,
        )


def works_of(connection: Connection, clusters: Iterable[int]) -> dict[int, int]:
    """Return the works that clusters are of, ``ALONE`` for what is of no work with others."""
    works = dict(_WORK_OF.tuples(connection, clusters))
    sizes = dict(_SIZES.tuples(connection, set(works.values())))
    return {cluster: work if sizes[work] > 1 else ALONE for cluster, work in works.items()}


def _remove(connection: Connection, clusters: Collection[int]) -> None:
    gone = [(number,) for (number,) in _STORED.tuples(connection, clusters)]
    if not gone:
        return
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DELETE FROM search_text WHERE rowid = ?", gone)
    delete_tuples(connection, HeadingOfRow, ("document_id",), gone)
    delete_tuples(connection, ShownRow, ("id",), gone)
    delete_tuples(connection, DocumentRow, ("id",), gone)


_PUT = (
    f"INSERT INTO search_text (rowid, {', '.join(postings.NAMES)})"  # noqa: S608 - our own names
    f" VALUES (?, {', '.join('?' * len(postings.NAMES))})"
)


def _add(connection: Connection, found: Sequence[Indexed]) -> None:
    numbered = _numbered(found)
    _add_documents(connection, numbered)
    insert_tuples(connection, ShownRow, _SHOWN, [_shown_row(*each) for each in numbered])
    _add_headings(connection, numbered)
    words = {word for each in found for tokens in each.document.words.values() for word in tokens}
    known = {word for (word,) in _KNOWN_WORDS.tuples(connection, words)}
    new = [(word,) for word in sorted(words - known - {GAP})]
    insert_tuples(connection, WordRow, ("word",), new, missing=True)


def _numbered(found: Sequence[Indexed]) -> list[tuple[int, Indexed]]:
    counts: dict[int, int] = {}
    numbered = []
    for each in found:
        variant = counts.get(each.cluster, 0)
        counts[each.cluster] = variant + 1
        if variant < MAX_VARIANTS:
            numbered.append((document_id(each.document, each.cluster, variant), each))
    return numbered


def _add_documents(connection: Connection, numbered: Sequence[tuple[int, Indexed]]) -> None:
    """Add documents with their tokens."""
    works = works_of(connection, {each.cluster for _, each in numbered})
    views = list(connection.execute(select(table(ViewRow).c.id)).scalars())
    rows = [
        _document(number, each, works.get(each.cluster, ALONE), views) for number, each in numbered
    ]
    if connection.dialect.name == "sqlite":
        insert_tuples(connection, DocumentRow, _DOCUMENT, rows)
        connection.exec_driver_sql(_PUT, [_text(*each) for each in numbered])
        return
    tokens = [postings.tsvector(each.document) for _, each in numbered]
    with_tokens = [(*row, held) for row, held in zip(rows, tokens, strict=True)]
    insert_tuples(connection, DocumentRow, (*_DOCUMENT, "tokens"), with_tokens)


def _text(number: int, each: Indexed) -> tuple[int | str | None, ...]:
    held = postings.columns(each.document)
    return (number, *map(held.get, postings.NAMES))


_DOCUMENT = ("id", "work_id", "year", "changed", "material", "language", "hidden")
_SHOWN = (
    *("id", "cluster_id", "title", "author", "libraries"),
    *("title_order", "author_order"),
)
_HEADING = ("id", "field", "text", "key", "exact", "order")


def _document(number: int, each: Indexed, work: int, views: Iterable[int]) -> tuple[Any, ...]:
    document = each.document
    changed = int(datetime.fromtimestamp(each.stamp, UTC).strftime("%Y%m%d"))
    unseen = [str(view) for view in views if view not in each.views]
    hidden = f" {' '.join(unseen)} " if unseen else ""
    return (number, work, document.year, changed, document.material, document.language, hidden)


def _shown_row(number: int, each: Indexed) -> tuple[Any, ...]:
    document = each.document
    return (
        *(number, each.cluster, document.title, document.author, " ".join(document.libraries)),
        *(_sorted(document.title), _sorted(document.author)),
    )


def _sorted(text: str) -> str:
    """Return what hits are sorted by, nothing where there is nothing."""
    return order(text[:_ORDERED]) if text else ""


def _add_headings(connection: Connection, numbered: Iterable[tuple[int, Indexed]]) -> None:
    headings: dict[int, Heading] = {}
    links: dict[tuple[int, int], bool] = {}
    for number, each in numbered:
        for heading in each.document.headings:
            key = heading_id(heading)
            headings.setdefault(key, heading)
            links[key, number] = links.get((key, number), True) and heading.short
    known = {key for (key,) in _KNOWN_HEADINGS.tuples(connection, headings)}
    new = [_heading(*each) for each in sorted(headings.items()) if each[0] not in known]
    insert_tuples(connection, HeadingRow, _HEADING, new, missing=True)
    of = [(*key, LETTERS[headings[key[0]].column], short) for key, short in sorted(links.items())]
    insert_tuples(connection, HeadingOfRow, ("heading_id", "document_id", "field", "short"), of)


@lru_cache(maxsize=1 << 13)
def heading_id(heading: Heading) -> int:
    """Return the number of a heading, made of what it says: so none has to be looked up first."""
    told = f"{heading.column}\0{heading.text}".encode()
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "big") >> 1


def _heading(key: int, heading: Heading) -> tuple[Any, ...]:
    text = heading.text
    return (
        *(key, heading.column, text, " ".join(folded(text)), " ".join(marked(text))),
        order(text[:_ORDERED]),
    )

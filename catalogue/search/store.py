"""Documents written in the transaction that changes what they are made of."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, text, update

from catalogue.search import postings
from catalogue.search.document import Document, Heading
from catalogue.search.ranking import MAX_VARIANTS, document_id
from catalogue.search.tokens import GAP, folded, marked
from catalogue.sql import Lookup, delete_rows, insert_missing, table
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
_STORED = Lookup(select(_shown.id, _shown.tokens), _shown.cluster_id)
_WORK_OF = Lookup(select(_works.cluster_id, _works.work_id), _works.cluster_id)
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
    """Have clusters found as parts of these works."""
    moved = [
        {"b_id": each, "b_work": works[cluster]}
        for cluster, each in _IDS_OF.rows(connection, works.keys())
    ]
    if moved:
        connection.execute(
            update(table(DocumentRow))
            .where(_documents.id == bindparam("b_id"))
            .values(work_id=bindparam("b_work")),
            moved,
        )


def _remove(connection: Connection, clusters: Collection[int]) -> None:
    gone = [(row.id, row.tokens) for row in _STORED.rows(connection, clusters)]
    if not gone:
        return
    if connection.dialect.name == "sqlite":
        _take_out(connection, [(each, json.loads(tokens)) for each, tokens in gone])
    ids = [(each,) for each, _ in gone]
    delete_rows(connection, HeadingOfRow, ("document_id",), ids)
    delete_rows(connection, ShownRow, ("id",), ids)
    delete_rows(connection, DocumentRow, ("id",), ids)


def _take_out(connection: Connection, gone: Iterable[tuple[int, dict[str, str]]]) -> None:
    """Take documents out of SQLite's index, which has to be told what it holds of them."""
    for each, tokens in gone:
        names = ", ".join(tokens)
        marks = ", ".join("?" * len(tokens))
        connection.exec_driver_sql(
            f"INSERT INTO search_text (search_text, rowid, {names}) VALUES ('delete', ?, {marks})",  # noqa: S608 - our own names
            (each, *tokens.values()),
        )


def _add(connection: Connection, found: Sequence[Indexed]) -> None:
    works = dict(_WORK_OF.rows(connection, {each.cluster for each in found}))
    views = list(connection.execute(select(table(ViewRow).c.id)).scalars())
    numbered = _numbered(found)
    documents = [
        _document(number, each, works.get(each.cluster, each.cluster), views)
        for number, each in numbered
    ]
    shown = [_shown_row(number, each) for number, each in numbered]
    if connection.dialect.name == "sqlite":
        connection.execute(insert(table(DocumentRow)), documents)
        _put_in(connection, numbered, shown)
    else:
        _insert_with_tokens(connection, documents, numbered)
    connection.execute(insert(table(ShownRow)), shown)
    _add_headings(connection, numbered)
    words = {word for each in found for held in each.document.words.values() for word in held}
    insert_missing(connection, WordRow, [{"word": word} for word in sorted(words - {GAP})])


def _numbered(found: Sequence[Indexed]) -> list[tuple[int, Indexed]]:
    counts: dict[int, int] = {}
    numbered = []
    for each in found:
        variant = counts.get(each.cluster, 0)
        counts[each.cluster] = variant + 1
        if variant < MAX_VARIANTS:
            numbered.append((document_id(each.document, each.cluster, variant), each))
    return numbered


def _document(number: int, each: Indexed, work: int, views: Iterable[int]) -> dict[str, Any]:
    document = each.document
    hidden = [str(view) for view in views if view not in each.views]
    return {
        "id": number,
        "work_id": work,
        "year": document.year,
        "changed": int(datetime.fromtimestamp(each.stamp, UTC).strftime("%Y%m%d")),
        "material": document.material,
        "language": document.language,
        "hidden": f" {' '.join(hidden)} " if hidden else "",
    }


def _shown_row(number: int, each: Indexed) -> dict[str, Any]:
    document = each.document
    return {
        "id": number,
        "cluster_id": each.cluster,
        "title": document.title,
        "author": document.author,
        "libraries": " ".join(document.libraries),
        "title_order": order(document.title[:_ORDERED]),
        "author_order": order(document.author[:_ORDERED]),
        "tokens": "",
    }


def _put_in(
    connection: Connection,
    numbered: Iterable[tuple[int, Indexed]],
    shown: Iterable[dict[str, Any]],
) -> None:
    for (number, each), row in zip(numbered, shown, strict=True):
        tokens = postings.columns(each.document)
        row["tokens"] = json.dumps(tokens, ensure_ascii=False, separators=(",", ":"))
        marks = ", ".join("?" * len(tokens))
        connection.exec_driver_sql(
            f"INSERT INTO search_text (rowid, {', '.join(tokens)}) VALUES (?, {marks})",  # noqa: S608 - our own names
            (number, *tokens.values()),
        )


_WITH_TOKENS = text(
    "INSERT INTO search_document"
    " (id, work_id, year, changed, material, language, hidden, tokens) VALUES"
    " (:id, :work_id, :year, :changed, :material, :language, :hidden, CAST(:held AS tsvector))"
)


def _insert_with_tokens(
    connection: Connection,
    documents: Iterable[dict[str, Any]],
    numbered: Iterable[tuple[int, Indexed]],
) -> None:
    connection.execute(
        _WITH_TOKENS,
        [
            row | {"held": postings.tsvector(each.document)}
            for row, (_, each) in zip(documents, numbered, strict=True)
        ],
    )


def _add_headings(connection: Connection, numbered: Iterable[tuple[int, Indexed]]) -> None:
    headings: dict[int, Heading] = {}
    links: dict[tuple[int, int], bool] = {}
    for number, each in numbered:
        for heading in each.document.headings:
            key = heading_id(heading)
            headings.setdefault(key, heading)
            links[key, number] = links.get((key, number), True) and heading.short
    insert_missing(connection, HeadingRow, [_heading(*each) for each in headings.items()])
    rows = [
        {"heading_id": key, "document_id": number, "short": short}
        for (key, number), short in links.items()
    ]
    if rows:
        connection.execute(insert(table(HeadingOfRow)), rows)


def heading_id(heading: Heading) -> int:
    """Return the number of a heading, made of what it says: so none has to be looked up first."""
    told = f"{heading.column}\0{heading.text}".encode()
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "big") >> 1


def _heading(key: int, heading: Heading) -> dict[str, Any]:
    return {
        "id": key,
        "field": heading.column,
        "text": heading.text,
        "key": " ".join(folded(heading.text)),
        "exact": " ".join(marked(heading.text)),
        "order": order(heading.text[:_ORDERED]),
    }

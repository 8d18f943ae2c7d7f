"""Clusters and links as placements stored them, and as they are worked out at once."""

from __future__ import annotations

from collections import defaultdict
from functools import partial

from hypothesis import strategies as st
from sqlalchemy import Connection, insert, select

from catalogue import policies
from catalogue.cluster import whole
from catalogue.cluster.whole import SAME, Catalogue
from catalogue.database import Database
from catalogue.match import Policy
from catalogue.sql import table
from catalogue.tables import DeadKeyRow, EdgeRow, MemberRow, RecordRow, VerdictRow
from catalogue.waking import wake_records
from support.pages import Book, Delivery, add_source, deliver

BOOKS = st.builds(
    Book,
    title=st.sampled_from(("Số đỏ", "Số đó", "So do tập truyện", "Giông tố", "Giong to", "Thơ")),
    author=st.sampled_from(("Vũ Trọng Phụng", "Vu Trong Phung", "Nam Cao")),
    year=st.sampled_from(("1936", "1937")),
    isbn=st.sampled_from(("9786049763342", "")),
    publisher=st.sampled_from(("Văn học", "Nxb. Trẻ")),
    pages=st.sampled_from(("90 tr.", "91 tr.", "140 tr.")),
)
CROWD = [
    Book(title=title, isbn=isbn, pages=f"{pages} tr.", year=year)
    for title in ("Số đỏ", "Số đỏ tập truyện", "Giông tố")
    for isbn in ("9786049763342", "")
    for pages in (90, 91, 140)
    for year in ("1936", "1937")
]
"""Books that are alike in many ways."""
VERDICTS = st.lists(
    st.tuples(
        st.integers(0, 11), st.integers(0, 11), st.sampled_from(("same", "different"))
    ).filter(lambda each: each[0] < each[1]),
    max_size=4,
    unique_by=lambda each: each[:2],
)
"""What people say of the first dozen, by their places."""
Groups = set[frozenset[int]]
Links = set[tuple[int, int, str, float, str]]


def placed(database: Database) -> tuple[Groups, Links, set[str]]:
    """Return clusters, links and keys held by too many as they are stored."""
    clusters: defaultdict[int, set[int]] = defaultdict(set)
    with database.reading() as connection:
        for record, cluster in connection.execute(
            select(MemberRow.record_id, MemberRow.cluster_id)
        ):
            clusters[cluster].add(record)
        links = connection.execute(
            select(EdgeRow.a, EdgeRow.b, EdgeRow.decision, EdgeRow.score, EdgeRow.reasons)
        )
        dead = connection.execute(select(DeadKeyRow.key)).scalars()
        return (
            {frozenset(each) for each in clusters.values()},
            {(a, b, word, score, why) for a, b, word, score, why in links},
            {*dead},
        )


def worked_out(
    database: Database, processes: int = 0, policy: Policy | None = None
) -> tuple[Groups, Links, set[str]]:
    """Return the same, worked out at once by the policy in use or another."""
    clusters: defaultdict[int, set[int]] = defaultdict(set)
    with database.reading() as connection:
        policy = policy or policies.live(connection).policy
        read = partial(Catalogue.read, connection)
        with whole.work_out(read, policy, processes) as found:
            for record, head in zip(found.ids.tolist(), found.head.tolist(), strict=True):
                clusters[head].add(record)
            links = {
                (
                    *(int(found.ids[end]) for end in (a, b)),
                    "same" if decision == SAME else "ask",
                    score,
                    found.reasons[reason],
                )
                for a, b, decision, score, reason in zip(
                    *(column.tolist() for column in found.links), strict=True
                )
            }
            return {frozenset(each) for each in clusters.values()}, links, {*found.dead}


def fill(database: Database, held: list[Book]) -> None:
    """Deliver books from two sources in turn."""
    add_source(database, "s1", "L1")
    add_source(database, "s2", "L2")
    bring(database, held)


def bring(database: Database, held: list[Book]) -> None:
    """Deliver books from these two sources, changed ones and new ones among them."""
    for number, book in enumerate(held):
        source = f"s{number % 2 + 1}"
        deliver(database, source, Delivery(identifier=f"r{number:02}", book=book))


def say(database: Database, verdicts: list[tuple[int, int, str]]) -> None:
    """Say what people decided of records by their place."""
    with database.reading() as connection:
        ids = sorted(connection.execute(select(RecordRow.id)).scalars())
    rows = [
        {"a": ids[a], "b": ids[b], "decision": word, "author": "an", "made": 1, "reason": ""}
        for a, b, word in verdicts
        if b < len(ids)
    ]

    def said(connection: Connection) -> None:
        connection.execute(insert(table(VerdictRow)), rows)
        wake_records(
            connection, {ids[end] for a, b, _ in verdicts for end in (a, b) if b < len(ids)}
        )

    if rows:
        database.writing(said)

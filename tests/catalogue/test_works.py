"""Clusters into works: by title and name, the same in whatever order they came."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, delete, insert, select

from catalogue import browse, records
from catalogue.cluster import works
from catalogue.cluster.place import place
from catalogue.database import Database
from catalogue.digest import facts
from catalogue.sql import table
from catalogue.tables import ClusterRow, WorkDirtyRow, WorkKeyRow, WorkMemberRow
from support.pages import HUB, Book, Delivery, add_source, books, deliver, place_all

KIEU = Book(title="Truyện Kiều", author="Nguyễn Du", year="1990")
LATER = Book(title="Truyện Kiều", author="Nguyễn Du", year="2010", publisher="Trẻ")
OTHER = Book(title="Truyện Kiều", author="Đào Duy Anh", year="2001")


def of_works(database: Database) -> list[list[str]]:
    """Return the identifiers in each work."""
    with database.reading() as connection:
        return sorted(
            [name for _, name in fact[1:]] for fact in facts(connection) if fact[0] == "work"
        )


@pytest.fixture
def union(database: Database) -> Database:
    """Two manifestations of one work, and another of the same title."""
    add_source(database)
    deliver(database, "s1", *books([("a", KIEU), ("b", LATER), ("c", OTHER)]))
    place_all(database)
    return database


def test_manifestations_of_one_title_and_author_are_one_work(union):
    assert of_works(union) == [["a", "b"], ["c"]]


def test_a_cluster_shows_the_other_manifestations_of_its_work(union):
    one, two, three = (records.get(union, "s1", name).cluster for name in "abc")

    assert [each.public_id for each in browse.cluster(union, one).work] == [two]
    assert browse.cluster(union, three).work == ()


def test_a_change_a_deletion_and_a_new_record_move_works_as_a_new_hub_would_have_them(union):
    deliver(
        union, "s1", *books([("c", Book(title="Truyện Kiều", author="Nguyễn Du", year="1930"))])
    )
    place_all(union)
    joined = of_works(union)
    deliver(union, "s1", Delivery(identifier="a"))
    place_all(union)
    left = of_works(union)
    deliver(union, "s1", *books([("c", OTHER)]))
    place_all(union)

    assert (joined, left, of_works(union)) == ([["a", "b", "c"]], [["b", "c"]], [["b"], ["c"]])


def test_teachers_books_and_volumes(union):
    school = Book(title="Toán 5", author="Đỗ Đình Hoan", year="2006", pages="184 tr.")
    teacher = Book(title="Toán 5 : sách giáo viên", author="Đỗ Đình Hoan", year="2006")
    volumes = [
        (f"v{n}", Book(title=f"Chiến tranh và hòa bình. Tập {n}", author="Tônxtôi")) for n in (1, 2)
    ]
    deliver(union, "s1", *books([("p", school), ("t", teacher), *volumes]))
    place_all(union)

    assert ["v1", "v2"] in of_works(union)
    assert ["p"] in of_works(union)
    assert ["t"] in of_works(union)


def test_a_title_that_too_many_share_with_a_name_makes_no_work_until_it_shrinks(union, monkeypatch):
    monkeypatch.setattr(works, "MOST", 2)
    third = ("d", Book(title="Truyện Kiều", author="Nguyễn Du", year="1975"))
    deliver(union, "s1", *books([third]))
    place_all(union)
    crowded = of_works(union)
    deliver(union, "s1", Delivery(identifier="a"))
    place_all(union)

    assert crowded == [["a"], ["b"], ["c"], ["d"]]
    assert of_works(union) == [["b", "d"], ["c"]]


def test_clusters_from_before_works_were_known_are_settled_by_the_next_placement(union):
    def forget(connection: Connection) -> None:
        connection.execute(delete(table(WorkMemberRow)))
        connection.execute(delete(table(WorkKeyRow)))
        waiting = select(ClusterRow.id)
        connection.execute(insert(table(WorkDirtyRow)).from_select(["cluster_id"], waiting))

    union.writing(forget)
    before = of_works(union)
    place(union, HUB)

    assert before == []
    assert of_works(union) == [["a", "b"], ["c"]]

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from catalogue import browse, libraries
from catalogue.cluster.place import place, waiting
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.model import ItemQuery, Sharing
from catalogue.published import snapshot
from catalogue.records import get
from catalogue.tables import DeadKeyRow, EdgeRow, FormRow, MasterRow, MatchKeyRow
from support.pages import (
    HUB,
    Book,
    Delivery,
    add_source,
    books,
    deliver,
    live_facts,
    place_all,
)
from support.policies import use
from support.searching import search

ISBN = "9786049763342"
OTHER = "9786042093026"


def cluster_of(database: Database, source: str, identifier: str) -> str:
    return get(database, source, identifier).cluster


def items(database: Database, **query) -> dict[str, bool]:
    """Return what a list shows once the last second is over: public id -> deleted."""
    with patch("catalogue.clock.wall_clock", return_value=2**34), snapshot(database) as shown:
        wanted = ItemQuery(prefix="marc21", end=2**40, limit=1000, **query)
        return {item.public_id: item.deleted for item in shown.page(wanted)}


def rows(database: Database, model: type) -> int:
    with database.reading() as connection:
        return connection.execute(select(func.count()).select_from(model)).scalar_one()


@pytest.fixture
def two(database):
    add_source(database, "s1", "L1")
    add_source(database, "s2", "L2")
    return database


def test_the_same_book_of_two_libraries_is_one_cluster_with_two_holdings(two):
    deliver(two, "s1", *books([("a", Book(isbn=ISBN))]))
    deliver(two, "s2", *books([("b", Book(isbn=ISBN))]))

    place_all(two)

    found = browse.cluster(two, cluster_of(two, "s1", "a"))
    assert [each.identifier for each in found.members] == ["a", "b"]
    assert [each.library for each in found.holdings] == ["L1", "L2"]
    assert found.links[0].reasons
    assert found.master.control("001") == found.public_id


def test_different_books_stay_apart(two):
    deliver(two, "s1", *books([("a", Book()), ("b", Book(title="Giông tố"))]))

    place_all(two)

    assert cluster_of(two, "s1", "a") != cluster_of(two, "s1", "b")


def test_a_change_that_joins_two_clusters_leaves_a_tombstone_naming_its_successor(two):
    deliver(two, "s1", *books([("a", Book(isbn=ISBN))]))
    deliver(two, "s2", *books([("b", Book(title="Giông tố", isbn=OTHER))]))
    place_all(two)
    lost = cluster_of(two, "s2", "b")

    deliver(two, "s2", *books([("b", Book(isbn=ISBN))]))
    place_all(two)

    kept = cluster_of(two, "s1", "a")
    assert cluster_of(two, "s2", "b") == kept
    assert browse.cluster(two, lost).successor == kept
    assert items(two) == {kept: False, lost: True}
    master = browse.cluster(two, kept).master
    assert [f"(LIENTHONG){lost}"] == master.values("035", "z")


def test_a_change_that_parts_two_records_gives_a_new_id_to_one(two):
    deliver(two, "s1", *books([("a", Book(isbn=ISBN))]))
    deliver(two, "s2", *books([("b", Book(isbn=ISBN))]))
    place_all(two)
    before = cluster_of(two, "s1", "a")

    deliver(two, "s2", *books([("b", Book(title="Giông tố", isbn=OTHER))]))
    place_all(two)

    after = {cluster_of(two, "s1", "a"), cluster_of(two, "s2", "b")}
    assert len(after) == 2
    assert before in after


def test_a_deleted_record_leaves_a_persistent_tombstone(two):
    deliver(two, "s1", *books([("a", Book())]))
    place_all(two)
    public_id = cluster_of(two, "s1", "a")

    deliver(two, "s1", Delivery(identifier="a"))
    place_all(two)

    assert items(two) == {public_id: True}
    assert rows(two, MasterRow) == rows(two, FormRow) == rows(two, MatchKeyRow) == 0
    assert search(two, "so do").total == 0


def test_a_library_that_leaves_a_cluster_is_deleted_in_its_set_only(two):
    deliver(two, "s1", *books([("a", Book(isbn=ISBN))]))
    deliver(two, "s2", *books([("b", Book(isbn=ISBN))]))
    place_all(two)
    public_id = cluster_of(two, "s1", "a")

    deliver(two, "s2", Delivery(identifier="b"))
    place_all(two)

    assert items(two, set_spec="library:L2") == {public_id: True}
    assert items(two, set_spec="library:L1") == {public_id: False}
    assert items(two) == {public_id: False}


def test_what_a_library_keeps_to_the_hub_is_not_published(two):
    libraries.change(two, "L2", sharing=Sharing.HUB)
    deliver(two, "s1", *books([("a", Book(isbn=ISBN))]))
    deliver(two, "s2", *books([("b", Book(isbn=ISBN)), ("c", Book(title="Giông tố"))]))

    place_all(two)

    assert items(two) == {cluster_of(two, "s1", "a"): False}
    assert search(two, "giong to").total == 0


def test_lowering_a_sharing_level_deletes_what_was_published(two):
    deliver(two, "s2", *books([("b", Book())]))
    place_all(two)

    libraries.change(two, "L2", sharing=Sharing.HUB)
    place_all(two)

    assert items(two) == {cluster_of(two, "s2", "b"): True}


def test_an_unchanged_master_keeps_its_datestamp(two, monkeypatch):
    deliver(two, "s1", *books([("a", Book())]))
    place_all(two)
    with two.reading() as connection:
        before = connection.execute(select(MasterRow.stamp)).scalar_one()
    libraries.change(two, "L1", sharing=Sharing.INTERNATIONAL)
    monkeypatch.setattr("catalogue.clock.wall_clock", lambda: before + 100)

    place_all(two)

    with two.reading() as connection:
        assert connection.execute(select(MasterRow.stamp)).scalar_one() == before


def test_a_placement_that_lost_the_race_writes_nothing(two, monkeypatch):
    deliver(two, "s1", *books([("a", Book())]))
    from catalogue.cluster import place as module

    render = module.render

    def overtaken(*arguments):
        monkeypatch.setattr(module, "render", render)
        assert place(two, HUB).committed
        return render(*arguments)

    monkeypatch.setattr(module, "render", overtaken)
    result = place(two, HUB)

    assert not result.committed
    assert waiting(two) == 0


def test_a_key_held_by_too_many_links_nobody_until_it_shrinks(two):
    use(two, "small", block_cap=3)
    same = books([(f"r{number}", Book(isbn=ISBN)) for number in range(5)])
    deliver(two, "s1", *same)
    place_all(two, limit=2)
    crowded = (rows(two, EdgeRow), rows(two, DeadKeyRow) > 0)

    deliver(two, "s1", Delivery(identifier="r3"), Delivery(identifier="r4"))
    place_all(two, limit=2)

    assert crowded == (0, True)
    assert rows(two, EdgeRow) == 3
    assert rows(two, DeadKeyRow) == 0
    assert len({cluster_of(two, "s1", f"r{number}") for number in range(3)}) == 1


TITLES = ("Số đỏ", "Giông tố", "Vỡ đê")
histories = st.lists(
    st.tuples(
        st.sampled_from(("s1", "s2", "s3")),
        st.sampled_from("abcd"),
        st.one_of(
            st.none(), st.tuples(st.sampled_from(TITLES), st.sampled_from((ISBN, OTHER, "")))
        ),
        st.booleans(),
    ),
    max_size=14,
)


def _play(database: Database, history) -> None:
    for name in ("s1", "s2", "s3"):
        add_source(database, name, name.upper())
    for source, identifier, content, now in history:
        book = content and Book(title=content[0], isbn=content[1])
        deliver(database, source, Delivery(identifier=identifier, book=book))
        if now:
            place_all(database, limit=2)
    place_all(database)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(histories)
def test_a_history_ends_where_its_last_versions_alone_would(sqlite_engine, history):
    last: dict[tuple[str, str], tuple] = {}
    for each in history:
        last[each[0], each[1]] = each
    # What was never live in the short history leaves a deleted record in the long one only.
    live = [each for each in reversed(last.values()) if each[2]]

    with sqlite_engine.fresh() as one, sqlite_engine.fresh() as other:
        long, short = Database.open(one), Database.open(other)
        _play(long, history)
        _play(short, live)
        assert live_facts(long) == live_facts(short)
        long.close()
        short.close()


def test_the_digest_tells_hubs_with_other_content_apart(two):
    deliver(two, "s1", *books([("a", Book())]))
    place_all(two)
    before = digest(two)

    deliver(two, "s1", *books([("a", Book(pages="251 tr."))]))
    place_all(two)

    assert digest(two) != before

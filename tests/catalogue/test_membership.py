from __future__ import annotations

from contextlib import closing
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from catalogue import libraries, sources
from catalogue.browse import cluster
from catalogue.cluster.place import waiting
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.errors import WrongUse
from catalogue.membership.model import Membership
from catalogue.membership.standing import By, connect, history, set_stage, set_standing
from catalogue.model import ItemQuery
from catalogue.observed import Stage
from catalogue.published import snapshot
from catalogue.tables import ClusterRow, MemberRow, RecordRow
from support.pages import Book, add_source, books, deliver, live_facts, place_all

BY = By(person="an", reason="in a test")


def shown(database) -> dict[str, bool]:
    # All there is, that of this very second too.
    horizon = patch("catalogue.clock.Clock.horizon", 4_000_000_000)
    with horizon, snapshot(database) as seen:
        items = seen.page(ItemQuery(prefix="oai_dc", end=seen.horizon, limit=1000))
    return {each.public_id: each.deleted for each in items}


@pytest.fixture
def two(database):
    """Two libraries that share one book of three, and the ids of their clusters."""
    add_source(database, "s1", library="A")
    add_source(database, "s2", library="B")
    deliver(database, "s1", *books([("a", Book()), ("b", Book(title="Giông tố"))]))
    deliver(database, "s2", *books([("c", Book()), ("d", Book(title="Vỡ đê"))]))
    place_all(database)
    return database


def test_who_is_suspended_is_shown_nowhere_and_comes_back_under_the_old_ids(two):
    before, known = shown(two), digest(two)
    assert list(before.values()) == [False] * 3

    assert set_standing(two, "B", Membership.SUSPENDED, BY)
    place_all(two)

    assert sorted(shown(two).values()) == [False, False, True]
    assert not set_standing(two, "B", Membership.SUSPENDED, BY)

    set_standing(two, "B", Membership.MEMBER, BY)
    place_all(two)

    assert shown(two) == before
    assert digest(two) == known
    assert [each.after for each in history(two, "B")] == ["member", "suspended"]


def test_a_member_that_is_suspended_leaves_no_trace_in_what_is_left(two, engine):
    with engine.fresh() as url, closing(Database.open(url)) as other:
        add_source(other, "s1", library="A")
        deliver(other, "s1", *books([("a", Book()), ("b", Book(title="Giông tố"))]))
        place_all(other)
        wanted = live_facts(other)

    set_standing(two, "B", Membership.WITHDRAWN, BY)
    place_all(two)

    assert live_facts(two) == wanted


def test_a_record_that_comes_back_to_a_cluster_leads_its_old_id_there(two):
    set_standing(two, "B", Membership.SUSPENDED, BY)
    place_all(two)
    deliver(two, "s1", *books([("e", Book(title="Vỡ đê"))]))
    place_all(two)
    set_standing(two, "B", Membership.MEMBER, BY)
    place_all(two)

    assert sum(not deleted for deleted in shown(two).values()) == 3
    assert cluster(two, "000000003").successor == "000000004"


def test_a_record_that_was_deleted_and_comes_back_has_its_old_id(two):
    before = shown(two)
    deliver(two, "s2", *books([("d", None)]))
    place_all(two)
    assert shown(two) != before
    deliver(two, "s2", *books([("d", Book(title="Vỡ đê"))]))
    place_all(two)

    assert shown(two) == before


def test_a_source_that_is_tried_out_is_in_no_cluster_until_it_is_live(database):
    add_source(database, "s1", library="A")
    add_source(database, "s2", library="B")
    set_standing(database, "B", Membership.WITHDRAWN, BY)
    set_standing(database, "B", Membership.JOINING, BY)
    set_stage(database, "s2", Stage.TEST, BY)
    deliver(database, "s1", *books([("a", Book())]))
    deliver(database, "s2", *books([("c", Book()), ("d", Book(title="Vỡ đê"))]))
    place_all(database)
    assert len(shown(database)) == 1
    assert sources.get(database, "s2").stage is Stage.TEST

    connect(database, "B", ["s2"], BY)
    place_all(database)

    assert len(shown(database)) == 2
    assert libraries.get(database, "B").standing is Membership.MEMBER
    told = [(each.source, each.before, each.after) for each in history(database, "B")]
    assert told[:2] == [("", "joining", "member"), ("s2", "test", "live")]


def test_a_standing_that_cannot_be_reached_from_this_one_is_refused(two):
    with pytest.raises(WrongUse, match="library B is member and cannot become joining"):
        set_standing(two, "B", Membership.JOINING, BY)


def _ids(database) -> dict[str, str]:
    """Return in which cluster each record is."""
    with database.reading() as connection:
        rows = connection.execute(
            select(RecordRow.identifier, ClusterRow.public_id)
            .join(MemberRow, MemberRow.record_id == RecordRow.id)
            .join(ClusterRow, ClusterRow.id == MemberRow.cluster_id)
        )
        return dict(map(tuple, rows))


_BOOKS = st.builds(
    Book,
    title=st.sampled_from(["Số đỏ", "Số đỏ : tiểu thuyết", "Giông tố", "Vỡ đê"]),
    year=st.sampled_from(["1936", "1938", ""]),
    isbn=st.sampled_from(["", "9786040000019", "9786040000026"]),
    publisher=st.sampled_from(["Văn học", "Hội nhà văn", ""]),
)
_HELD = st.lists(st.tuples(st.sampled_from("AB"), _BOOKS), min_size=2, max_size=9)


@settings(max_examples=5)
@given(held=_HELD, after=st.sampled_from([Membership.SUSPENDED, Membership.WITHDRAWN]))
def test_whoever_leaves_and_comes_back_leaves_everything_as_it_would_be(
    sqlite_engine, held, after
) -> None:
    with (
        sqlite_engine.fresh() as url,
        sqlite_engine.fresh() as without,
        closing(Database.open(url)) as database,
        closing(Database.open(without)) as other,
    ):
        for library in "AB":
            add_source(database, library.lower(), library=library)
        add_source(other, "a", library="A")
        named = [(f"{library}{n}", library, book) for n, (library, book) in enumerate(held)]
        for library in "AB":
            mine = books([(name, book) for name, whose, book in named if whose == library])
            if mine:
                deliver(database, library.lower(), *mine)
            if mine and library == "A":
                deliver(other, "a", *mine)
        place_all(database)
        place_all(other)
        before, known = _ids(database), digest(database)

        set_standing(database, "B", after, BY)
        place_all(database)
        assert live_facts(database) == live_facts(other)

        set_standing(database, "B", Membership.MEMBER, BY)
        place_all(database)
        assert digest(database) == known
        assert _ids(database) == before


def test_trying_out_one_source_has_none_of_the_library_s_others_placed_again(two):
    add_source(two, "s3", library="B")
    deliver(two, "s3", *books([("e", Book(title="Kỹ nghệ lấy Tây"))]))
    place_all(two)

    set_stage(two, "s3", Stage.TEST, BY)

    assert waiting(two) == 1

"""What members delivered, as the public is given it: stamps of its own, and nothing missed."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue import libraries, originals
from catalogue.database import Database
from catalogue.errors import NoSuchLibrary
from catalogue.model import Item, ItemQuery, Sharing
from crosswalks.formats import marcxml
from support.filled import settle
from support.pages import Book, Delivery, add_source, books, deliver, marc

GONE = (True, b"")


def items(database: Database, prefix: str = "marc21", code: str = "L1", **query) -> list[Item]:
    with originals.snapshot(database, code) as shown:
        return shown.page(ItemQuery(prefix=prefix, end=shown.horizon, **query))


def bodies(database: Database, code: str = "L1") -> dict[str, tuple[bool, bytes]]:
    return {each.public_id: (each.deleted, each.body) for each in items(database, code=code)}


@pytest.fixture
def hub(database: Database) -> Database:
    add_source(database)
    deliver(database, "s1", *books([("oai:a:1", Book()), ("oai:a:2", Book(title="Giông tố"))]))
    settle(database)
    return database


def test_records_are_given_out_byte_for_byte_under_their_own_identifiers(hub):
    assert bodies(hub) == {
        "oai:a:1": (False, marcxml.write(marc(Book()))),
        "oai:a:2": (False, marcxml.write(marc(Book(title="Giông tố")))),
    }


def test_what_came_as_marc_is_given_as_dublin_core_too_and_says_so(hub):
    [first, _] = items(hub, "oai_dc")

    assert "<dc:title>Số đỏ</dc:title>".encode() in first.body
    assert b'altered="true"' in first.about
    assert all(b'altered="false"' in each.about for each in items(hub))


def test_a_change_is_stamped_and_the_rest_is_not(hub):
    before = {each.public_id: each.stamp for each in items(hub)}
    deliver(hub, "s1", *books([("oai:a:1", Book()), ("oai:a:2", Book(title="Vỡ đê"))]))
    settle(hub)
    after = {each.public_id: each.stamp for each in items(hub)}

    assert after["oai:a:1"] == before["oai:a:1"]
    assert after["oai:a:2"] > before["oai:a:2"]


def test_a_deleted_record_stays_as_deleted(hub):
    deliver(hub, "s1", Delivery(identifier="oai:a:1"))
    settle(hub)

    assert bodies(hub)["oai:a:1"] == GONE


def test_a_version_that_cannot_be_read_leaves_the_one_before(hub):
    deliver(hub, "s1", Delivery(identifier="oai:a:1", book=Book(), broken=True))
    settle(hub)

    assert bodies(hub)["oai:a:1"] == (False, marcxml.write(marc(Book())))


def test_what_was_never_readable_is_not_told(hub):
    deliver(hub, "s1", Delivery(identifier="oai:a:3", book=Book(), broken=True))
    settle(hub)

    assert "oai:a:3" not in bodies(hub)


def test_who_shares_with_members_alone_has_nothing_here(database):
    add_source(database)
    libraries.change(database, "L1", sharing=Sharing.MEMBERS)
    deliver(database, "s1", *books([("oai:a:1", Book())]))
    settle(database)

    assert items(database) == []
    assert originals.given(database, "L1") is None


def test_what_is_no_longer_shared_is_deleted_and_comes_back(hub):
    before = bodies(hub)
    libraries.change(hub, "L1", sharing=Sharing.HUB)
    settle(hub)
    hidden = bodies(hub)
    libraries.change(hub, "L1", sharing=Sharing.INTERNATIONAL)
    settle(hub)

    assert hidden == dict.fromkeys(before, GONE)
    assert bodies(hub) == before


def test_what_was_hidden_from_the_first_is_given_once_it_is_shared(database):
    add_source(database)
    libraries.change(database, "L1", sharing=Sharing.HUB)
    deliver(database, "s1", *books([("oai:a:1", Book())]))
    settle(database)
    libraries.change(database, "L1", sharing=Sharing.PUBLIC)
    settle(database)

    assert bodies(database) == {"oai:a:1": (False, marcxml.write(marc(Book())))}


def test_a_library_goes_by_its_aliases_and_others_are_not_there(hub):
    libraries.change(hub, "L1", aliases=("VN-1",))

    given_out = originals.given(hub, "VN-1")
    assert given_out is not None
    assert given_out.code == "L1"
    assert given_out.prefixes == {"marc21", "oai_dc"}
    assert originals.given(hub, "L9") is None
    with pytest.raises(NoSuchLibrary), originals.snapshot(hub, "L9"):
        pass


def test_nothing_is_shown_before_its_second_is_over(hub):
    deliver(hub, "s1", *books([("oai:a:3", Book(title="Lấy nhau vì tình"))]))
    originals.stamp(hub)

    with originals.snapshot(hub, "L1") as shown:
        for each in shown.page(ItemQuery(prefix="marc21", end=shown.horizon)):
            assert each.stamp <= shown.horizon


_CHANGES = st.lists(
    st.lists(
        st.tuples(st.sampled_from("abcde"), st.sampled_from(["Số đỏ", "Vỡ đê", "Giông tố", None])),
        min_size=1,
        max_size=4,
        unique_by=lambda each: each[0],
    ),
    min_size=1,
    max_size=6,
)


@given(rounds=_CHANGES, size=st.integers(1, 3))
@settings(max_examples=8, deadline=None)
def test_who_asks_from_the_last_response_date_page_by_page_has_all_there_is(
    sqlite_engine, rounds, size
):
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        for name in ("s1", "s2"):
            add_source(database, name)
        copy: dict[str, tuple[bool, bytes]] = {}
        asked_from = None
        for number, each in enumerate(rounds):
            entries = [
                Delivery(identifier=f"oai:x:{name}", book=Book(title=title) if title else None)
                for name, title in each
            ]
            deliver(database, "s1" if number % 2 else "s2", *entries)
            settle(database)
            asked_from = _harvested(database, asked_from, size, copy)
        now = {(item.public_id, item.key): item for item in items(database, limit=1000)}
        database.close()

    assert copy == {name: (item.deleted, item.body) for name, item in now.items()}


def _harvested(database, start, size, copy):
    with originals.snapshot(database, "L1") as shown:
        query = ItemQuery(prefix="marc21", start=start, end=shown.horizon, limit=size)
        total = shown.count(query)
        seen = 0
        while page := shown.page(query):
            seen += len(page)
            copy.update({(each.public_id, each.key): (each.deleted, each.body) for each in page})
            query = replace(query, after=(page[-1].stamp, page[-1].key))
        # One that changed after the snapshot was taken is still in it.
        assert seen == total
        return shown.horizon


def test_nothing_is_missed_while_others_write(hub):
    copy: dict[tuple[str, int], tuple[bool, bytes]] = {}
    ended = threading.Event()

    def write() -> None:
        for number in range(12):
            title = f"Tập {number}"
            gone = Delivery(identifier=f"oai:a:{number}")
            deliver(hub, "s1", *books([(f"oai:a:{number + 1}", Book(title=title))]), gone)
            originals.stamp(hub)
        ended.set()

    writer = threading.Thread(target=write)
    writer.start()
    asked_from, rounds = _harvested(hub, None, 2, copy), 1
    while not ended.is_set():
        asked_from, rounds = _harvested(hub, asked_from, 2, copy), rounds + 1
    writer.join()
    settle(hub)
    _harvested(hub, asked_from, 2, copy)

    now = items(hub, limit=1000)
    assert copy == {(each.public_id, each.key): (each.deleted, each.body) for each in now}
    assert len(now) == 12
    assert rounds > 1

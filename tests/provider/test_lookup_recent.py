"""What was found lately is not looked for again, and never given out past a change."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from sqlalchemy import event, insert

from catalogue import contents, libraries
from catalogue.cluster.place import place
from catalogue.database import Database
from catalogue.model import HubIdentity, Sharing
from catalogue.search import waiting
from catalogue.tables import ViewRow
from catalogue.waking import wake_everything
from protocols import pqf
from provider.lookup import Lookup, NotKnown
from provider.recent import Recent
from support.filled import add_library, book, deliver

KIEU = book("Truyện Kiều", author="Nguyễn Du", isbn="9786042093026")
EVERYTHING = "@attr 1=_ALLRECORDS @attr 2=103 ''"


def settle(database):
    while place(database, HubIdentity()).records:
        pass


@pytest.fixture
def hub(database):
    add_library(database, "NLV", "Thư viện Quốc gia")
    add_library(database, "HCM", "Thư viện Thành phố")
    deliver(database, "NLV", {"a": book("Số đỏ"), "b": KIEU})
    deliver(database, "HCM", {"c": book("Đất rừng phương Nam")})
    settle(database)
    return database


def wanted(lookup, text=EVERYTHING, name="union"):
    return lookup.wanted(pqf.read(text), [lookup.base(name)])


def titles(lookup, text=EVERYTHING, name="union"):
    found = lookup.find(wanted(lookup, text, name), 10)
    masters = lookup.records(found.ids)
    assert found.total == len(masters)
    return sorted(masters[each].record.values("245", "a")[0] for each in found.ids)


@contextmanager
def statements(database):
    """Count the statements of a block, but for those that ask for the turn alone."""
    asked = []

    def hear(connection, *_):
        asked.append(connection)

    event.listen(database.read, "begin", hear)
    yield asked
    event.remove(database.read, "begin", hear)


def test_the_same_is_looked_for_once(hub):
    lookup = Lookup(hub)
    first = lookup.find(wanted(lookup), 10)
    shown = lookup.contents(first.ids)
    with statements(hub) as asked:
        again = lookup.find(wanted(lookup), 10)

        assert (again, lookup.contents(again.ids)) == (first, shown)
        assert asked == []
        lookup.find(wanted(lookup, "kiều"), 10)
        assert len(asked) == 1


def added(hub):
    deliver(hub, "NLV", {"d": book("Tắt đèn")})
    settle(hub)


def deleted(hub):
    deliver(hub, "NLV", {"b": None})
    settle(hub)


def changed(hub):
    deliver(hub, "NLV", {"a": book("Giông tố")})
    settle(hub)


def hidden(hub):
    libraries.change(hub, "HCM", sharing=Sharing.MEMBERS)
    settle(hub)


def joined(hub):
    deliver(hub, "HCM", {"e": KIEU})
    settle(hub)


ALL = ["Số đỏ", "Truyện Kiều", "Đất rừng phương Nam"]
CHANGES = {
    joined: (ALL, ALL[1:]),
    added: (["Số đỏ", "Truyện Kiều", "Tắt đèn", "Đất rừng phương Nam"], ALL[1:]),
    changed: (["Giông tố", "Truyện Kiều", "Tắt đèn", "Đất rừng phương Nam"], ALL[1:]),
    hidden: (["Giông tố", "Truyện Kiều", "Tắt đèn"], []),
    deleted: (["Giông tố", "Tắt đèn"], []),
}


def test_every_change_shows_at_once_to_whoever_searched_before(hub):
    other = Database.open(hub.url)
    lookup = Lookup(other)
    assert (titles(lookup), titles(lookup, name="HCM")) == (ALL, ALL[2:])
    for change, shown in CHANGES.items():
        change(hub)

        assert (titles(lookup), titles(lookup, name="HCM")) == shown
    other.close()


def add_members(hub):
    row = {"name": "members", "policy_id": 1, "audience": "members"}
    hub.writing(lambda connection: connection.execute(insert(ViewRow), row))
    hub.writing(wake_everything)
    settle(hub)
    waiting.settle(hub)


def test_what_is_hidden_is_counted_for_those_who_see_it_alone(hub):
    add_members(hub)
    members, public = Lookup(hub, view="members"), Lookup(hub)
    hidden(hub)

    assert members.find(wanted(members, "@attr 1=4 rừng"), 10).total == 1
    assert public.find(wanted(public, "@attr 1=4 rừng"), 10).total == 0
    assert members.find(wanted(members, "@or rừng kiều"), 1, 1).total == 2
    assert public.find(wanted(public, "@or rừng kiều"), 1) == (1, titles_ids(public, "kiều"))


def titles_ids(lookup, text):
    return lookup.find(wanted(lookup, text), 10).ids


def test_to_index_anew_is_a_turn(hub):
    before = hub.turns.now()
    waiting.begin_anew(hub)
    waiting.settle(hub)

    assert hub.turns.now() > before


def test_a_connection_that_is_gone_is_opened_again(hub):
    before = hub.turns.now()
    for each in hub.turns._idle:  # noqa: SLF001 - as a server that was restarted leaves them
        each.connection.dbapi_connection.close()

    assert hub.turns.now() == before


def test_who_waits_for_nothing_is_told_what_is_known(hub):
    lookup = Lookup(hub)
    known = lookup.known(hub.turns.now)
    for ask in (known.bases, lambda: known.find(wanted(lookup), 10), lambda: known.contents("1")):
        with pytest.raises(NotKnown):
            ask()
    found = lookup.find(wanted(lookup), 10)
    shown = lookup.contents(found.ids)

    assert known.find(wanted(known), 10) == found
    assert known.contents(found.ids) == shown
    with pytest.raises(NotKnown):
        known.masters(shown.values())
    added(hub)
    with pytest.raises(NotKnown):
        known.find(wanted(known), 10)


def test_postgresql_is_waited_for_in_threads_alone(hub):
    lookup = Lookup(hub)
    if hub.postgresql:
        with pytest.raises(NotKnown):
            lookup.turn()
    else:
        assert lookup.turn() == hub.turns.now()


def test_a_query_of_very_many_parts_is_asked_and_not_kept(hub):
    lookup = Lookup(hub)
    large = wanted(lookup, "@or kiều @and đỏ " * 60 + "đỏ")
    for _ in range(2):
        with statements(hub) as asked:
            assert lookup.find(large, 10).total == 2
            assert len(asked) == 1


def test_what_is_kept_is_bounded_and_of_one_turn():
    recent = Recent(10)
    recent.keep(1, {name: name.upper() for name in "abc"}, 4)

    assert recent.known(1, "abc") == {"b": "B", "c": "C"}
    assert recent.known(2, "abc") == {}
    recent.keep(2, {"d": "D"}, 4)
    assert recent.known(1, "bcd") == {}
    assert recent.known(2, "bcd") == {"d": "D"}


def test_records_are_looked_up_by_index(sqlite_engine):
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        add_library(database, "NLV", "Thư viện Quốc gia")
        asked = []
        event.listen(database.read, "begin", lambda each: traced(each, asked))
        contents.masters(database, [contents.Content(1, "x"), contents.Content(2, "y")])
        contents.forms(database, [contents.Content(1, "x")], "marc21")
        contents.contents(database, ["1"], "public")
        with database.reading() as connection:
            plans = [
                str(step[3])
                for text in asked
                if text.startswith("SELECT")
                for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")
            ]
        database.close()

    assert len(plans) >= 5
    assert [step for step in plans if step.startswith("SCAN")] == []


def traced(connection, asked):
    connection.connection.dbapi_connection.set_trace_callback(asked.append)

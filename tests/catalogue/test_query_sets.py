from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert

from catalogue import libraries
from catalogue.cluster.place import place
from catalogue.model import ItemQuery, Sharing
from catalogue.published import snapshot
from catalogue.querysets import defining, members
from catalogue.querysets.errors import (
    BadSetName,
    NoSuchSet,
    NotForASet,
    SetChanged,
    SetTaken,
    TooManySets,
)
from catalogue.querysets.model import Language, QuerySet, read
from catalogue.search import Request, engine, planned, waiting
from catalogue.tables import ViewRow
from protocols.errors import QueryError
from support.filled import settle
from support.pages import HUB, Book, Delivery, add_source, books, deliver, place_all

NOVELS = QuerySet(name="tieu-thuyet", title="Tiểu thuyết", language=Language.WORDS, query="tieu")
TIEU = Book(title="Tiểu thuyết một thời")


def walk(database):
    while members.walk(database):
        pass


def listed(database, spec="query:tieu-thuyet", start=None):
    """Return what a harvest of a set is given: identifier and whether it is live."""
    settle(database)
    with snapshot(database) as shown:
        query = ItemQuery(
            prefix="oai_dc", start=start, end=shown.horizon, set_spec=spec, bodies=False, limit=1000
        )
        return {item.public_id: not item.deleted for item in shown.page(query)}


def stamps(database):
    settle(database)
    with snapshot(database) as shown:
        query = ItemQuery(prefix="oai_dc", end=shown.horizon, bodies=False, limit=1000)
        return {item.public_id: (item.stamp, item.sets) for item in shown.page(query)}


@pytest.fixture
def filled(database):
    add_source(database)
    deliver(database, "s1", *books([("a", TIEU), ("b", Book(title="Giông tố"))]))
    place_all(database)
    return database


def test_a_set_defined_later_has_what_its_query_finds(filled):
    before = stamps(filled)

    defining.add(filled, NOVELS)
    assert members.does_wait(filled)
    walk(filled)

    after = stamps(filled)
    [member] = listed(filled)
    assert listed(filled) == {member: True} == listed(filled, "query")
    assert {"query", "query:tieu-thuyet"} <= {*after[member][1]}
    assert after[member][0] > before[member][0]
    assert [key for key in after if after[key] == before[key]] == [
        key for key in after if key != member
    ]
    assert defining.get(filled, "tieu-thuyet") == replace(NOVELS, known=True)
    assert defining.sizes(filled) == {"tieu-thuyet": 1}


def test_a_record_comes_and_goes_with_its_changes(filled):
    defining.add(filled, NOVELS)
    walk(filled)
    [member] = listed(filled)

    deliver(filled, "s1", *books([("a", Book(title="Số đỏ")), ("b", Book(title="Tiểu luận"))]))
    place_all(filled)

    found = listed(filled)
    assert found.pop(member) is False
    assert list(found.values()) == [True]

    deliver(filled, "s1", Delivery(identifier="b"))
    place_all(filled)
    assert set(listed(filled).values()) == {False}


def test_another_query_tells_of_what_left_and_what_came(filled):
    defining.add(filled, NOVELS)
    walk(filled)
    [member] = listed(filled)

    defining.change(filled, replace(NOVELS, language=Language.CQL, query='title="giong to"'))
    walk(filled)

    found = listed(filled)
    assert found.pop(member) is False
    assert list(found.values()) == [True]


def test_another_title_alone_stamps_nothing(filled):
    defining.add(filled, NOVELS)
    walk(filled)
    before = stamps(filled)

    defining.change(filled, replace(NOVELS, title="Văn xuôi", description="Chọn tay"))

    assert not members.does_wait(filled)
    assert stamps(filled) == before
    with snapshot(filled) as shown:
        [found] = [each for each in shown.sets() if each.spec == "query:tieu-thuyet"]
    assert (found.name, found.about) == ("Văn xuôi", ("Chọn tay",))


def test_what_is_removed_is_left_by_all_and_can_come_back(filled):
    defining.add(filled, NOVELS)
    walk(filled)
    [member] = listed(filled)

    defining.remove(filled, "tieu-thuyet")
    walk(filled)

    assert defining.all(filled) == []
    assert listed(filled) == {member: False} == listed(filled, "query")
    with pytest.raises(NoSuchSet):
        defining.remove(filled, "tieu-thuyet")

    defining.add(filled, NOVELS)
    walk(filled)
    assert listed(filled) == {member: True}


def test_a_set_without_records_is_listed(filled):
    defining.add(filled, replace(NOVELS, query="khongcogi"))
    walk(filled)

    with snapshot(filled) as shown:
        assert "query:tieu-thuyet" in {each.spec for each in shown.sets()}
    assert listed(filled) == {}


def test_each_view_has_its_own_members(filled):
    add_source(filled, "s2", "L2")
    libraries.change(filled, "L2", sharing=Sharing.MEMBERS)
    wider = {"name": "members", "policy_id": 1, "audience": Sharing.MEMBERS.value}
    filled.writing(lambda connection: connection.execute(insert(ViewRow), wider))
    defining.add(filled, NOVELS)
    deliver(filled, "s1", *books([("a", replace(TIEU, pages="9 tr."))]))
    deliver(filled, "s2", *books([("c", Book(title="Tiểu sử Phan Bội Châu"))]))
    place_all(filled)
    walk(filled)

    assert len(listed(filled)) == 1
    assert defining.sizes(filled, "members") == {"tieu-thuyet": 2}


def test_a_walk_goes_step_by_step(filled, monkeypatch):
    monkeypatch.setattr(members, "STEP", 1)
    defining.add(filled, replace(NOVELS, query="vu trong phung"))

    assert members.walk(filled) == 1
    assert members.walk(filled) == 1
    assert members.does_wait(filled)
    assert members.walk(filled) == 0
    assert not members.does_wait(filled)
    assert len(listed(filled)) == 2


def test_what_is_indexed_anew_is_in_its_sets_again(filled):
    defining.add(filled, NOVELS)
    waiting.begin_anew(filled)
    waiting.settle(filled)

    # The walk has not begun.
    assert len(listed(filled)) == 1


def test_a_placement_asks_for_its_own_clusters_only(filled):
    defining.add(filled, NOVELS)
    walk(filled)
    deliver(filled, "s1", *books([("d", Book(title="Tiểu thuyết thứ hai"))]))
    asked = []
    event.listen(
        filled.write,
        "before_cursor_execute",
        lambda _c, _r, statement, values, *_: asked.append((statement, values)),
    )

    place(filled, HUB)

    [(_, values)] = [
        each for each in asked if "search_document.hidden" in each[0] and "search_shown" in each[0]
    ]
    assert "tieu" in str(values)
    assert len(listed(filled)) == 2


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        (replace(NOVELS, name="Tiểu thuyết"), BadSetName),
        (replace(NOVELS, name="a" * 49), BadSetName),
        (replace(NOVELS, language=Language.CQL, query="title="), QueryError),
        (replace(NOVELS, query="..."), QueryError),
        (replace(NOVELS, language=Language.PQF, query="@attr 1=9999 a"), QueryError),
        (replace(NOVELS, language=Language.CQL, query='title="t*u"'), NotForASet),
        (NOVELS, SetTaken),
    ],
)
def test_what_cannot_be_a_set_is_refused(filled, wanted, error):
    defining.add(filled, NOVELS)

    with pytest.raises(error):
        defining.add(filled, wanted)

    assert [each.query for each in defining.all(filled)] == ["tieu"]


def test_there_are_only_so_many(filled, monkeypatch):
    monkeypatch.setattr(defining, "MOST", 1)
    defining.add(filled, NOVELS)

    with pytest.raises(TooManySets):
        defining.add(filled, replace(NOVELS, name="khac"))


def test_a_query_that_is_none_any_more_stops_no_placement(filled, monkeypatch):
    defining.add(filled, NOVELS)
    walk(filled)

    def refuse(_language, _text):
        raise QueryError

    monkeypatch.setattr(members, "read", refuse)
    members.expression.cache_clear()
    deliver(filled, "s1", *books([("a", Book(title="Tiểu thuyết mới"))]))
    place_all(filled)

    members.expression.cache_clear()

    assert set(listed(filled).values()) == {False}


TITLES = ("Tiểu thuyết", "Giông tố", "Tiểu luận về giông tố", "Lịch sử Việt Nam", "Số đỏ")
QUERIES = (
    (Language.WORDS, "tieu"),
    (Language.WORDS, "gio*"),
    (Language.CQL, "title=tieu or title=giong"),
    (Language.CQL, 'cql.allRecords=1 not title="giong to"'),
    (Language.CQL, "title==giong"),
    (Language.PQF, "@and @attr 1=4 tieu @attr 1=4 luan"),
    (Language.PQF, "@attr 1=1003 phung"),
    (Language.PQF, "@attr 1=31 @attr 2=4 1930"),
)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from((*TITLES, None))), max_size=8)
)
def test_members_are_what_the_query_finds_whatever_happens(empty_hub, steps):
    for identifier, title in steps:
        made = Delivery(identifier=identifier) if title is None else None
        delivered = [made] if made else books([(identifier, Book(title=title or ""))])
        deliver(empty_hub, "s1", *delivered)
    place_all(empty_hub)
    walk(empty_hub)

    for number, (language, text) in enumerate(QUERIES):
        request = Request(wanted=planned(read(language, text)), by_work=False, limit=100)
        found = {hit.public_id for hit in engine(empty_hub).search(request).hits}
        live = {key for key, is_in in listed(empty_hub, f"query:q{number}").items() if is_in}
        assert live == found, text


@pytest.fixture
def empty_hub(database):
    add_source(database)
    for number, (language, text) in enumerate(QUERIES):
        defining.add(database, QuerySet(name=f"q{number}", title="", language=language, query=text))
    return database


def test_what_was_changed_meanwhile_is_not_written_over(filled):
    defining.add(filled, NOVELS)
    seen = defining.get(filled, "tieu-thuyet").fingerprint
    defining.change(filled, replace(NOVELS, description="của người khác"), seen)

    with pytest.raises(SetChanged):
        defining.change(filled, replace(NOVELS, query="giong"), seen)
    with pytest.raises(SetChanged):
        defining.remove(filled, "tieu-thuyet", seen)
    assert defining.get(filled, "tieu-thuyet").query == "tieu"


def test_a_title_holds_nothing_that_xml_cannot(filled):
    defining.add(filled, replace(NOVELS, title=" Tiểu\x01 thuyết\n", description="a\ufffe\tb"))

    found = defining.get(filled, "tieu-thuyet")
    assert (found.title, found.description) == ("Tiểu thuyết", "a b")

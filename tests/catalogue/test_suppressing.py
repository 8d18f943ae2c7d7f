from __future__ import annotations

from unittest.mock import patch

import pytest

from catalogue import libraries
from catalogue.cluster.place import place_first, waiting
from catalogue.consumers import store as consumers
from catalogue.consumers.model import Consumer
from catalogue.errors import NoSuchCluster, NoSuchRecord, WrongUse
from catalogue.membership import suppressing
from catalogue.membership.errors import NoSuchSuppression
from catalogue.membership.hiding import Kind
from catalogue.membership.standing import By
from catalogue.membership.suppressing import Target, expire, lift, suppress
from catalogue.model import Item, ItemQuery, Sharing
from catalogue.originals import snapshot as originals
from catalogue.published import snapshot
from support.pages import HUB, Book, add_source, books, deliver, place_all
from support.searching import search

BY = By(person="an", reason="asked by the author")
# All there is, that of this very second too.
LATER = "catalogue.clock.Clock.horizon", 4_000_000_000


def shown(database, prefix: str = "oai_dc", view: str = "public") -> dict[str, Item]:
    with patch(*LATER), snapshot(database, view) as seen:
        query = ItemQuery(prefix=prefix, end=seen.horizon, limit=1000)
        return {each.public_id: each for each in seen.page(query)}


def live(database, view: str = "public") -> list[str]:
    return [each.public_id for each in shown(database, view=view).values() if not each.deleted]


def as_delivered(database, code: str, prefix: str = "marc21") -> dict[str, Item]:
    with patch(*LATER), originals(database, code) as seen:
        query = ItemQuery(prefix=prefix, end=seen.horizon, limit=100)
        return {each.public_id: each for each in seen.page(query)}


def hide(database, kind: str, name: str, field: str = "", value: str = "") -> int:
    target = Target(kind=Kind(kind), name=name, field=field, value=value)
    number = suppress(database, target, BY)
    place_first(database, HUB, suppressing.records_of(database, number))
    return number


@pytest.fixture
def two(database):
    """Two libraries that share one book of three: clusters 1 (a, c), 2 (b) and 3 (d)."""
    add_source(database, "s1", library="A")
    add_source(database, "s2", library="B")
    deliver(database, "s1", *books([("a", Book()), ("b", Book(title="Giông tố"))]))
    deliver(database, "s2", *books([("c", Book()), ("d", Book(title="Vỡ đê"))]))
    place_all(database)
    return database


def test_a_record_is_hidden_at_once_whatever_else_waits_and_shown_again(two):
    before = shown(two)
    deliver(two, "s1", *books([("w", Book(title="Chí Phèo", author="Nam Cao", year="1941"))]))

    number = hide(two, "record", "s2/d")

    assert waiting(two) == 1
    assert shown(two)["000000003"].deleted
    assert search(two, "vo de").total == 0
    assert {name: each.deleted for name, each in as_delivered(two, "B").items()} == {
        "c": False,
        "d": True,
    }
    deliver(two, "s2", *books([("d", Book(title="Vỡ đê lần hai"))]))
    place_all(two)
    assert shown(two)["000000003"].deleted

    deliver(two, "s2", *books([("d", Book(title="Vỡ đê"))]))
    assert lift(two, number, "binh")
    assert not lift(two, number, "binh")
    place_all(two)
    again = shown(two)
    assert {name: again[name].body for name in before} == {
        name: each.body for name, each in before.items()
    }
    [told] = suppressing.all(two, lifted=True)
    assert (told.reason, told.person, told.lifted_by) == (BY.reason, "an", "binh")
    assert suppressing.all(two) == []


def test_of_a_hidden_record_nothing_is_left_in_the_record_it_was_merged_into(two):
    hide(two, "record", "s2/c")

    body = shown(two, "marc21")["000000001"].body.decode()
    assert "(A)" in body
    assert "(B)" not in body
    assert "library:B" not in shown(two)["000000001"].sets


def test_a_hidden_cluster_takes_with_it_what_comes_to_it(two):
    hide(two, "cluster", "000000001")
    deliver(two, "s2", *books([("e", Book())]))
    place_all(two)

    assert shown(two)["000000001"].deleted
    assert live(two) == ["000000002", "000000003"]


def test_a_hidden_field_is_nowhere_and_the_rest_stays(two):
    hide(two, "field", "s2/d", "264$b", "Văn")

    assert "Văn học" not in shown(two, "marc21")["000000003"].body.decode()
    assert "Văn học" not in as_delivered(two, "B")["d"].body.decode()
    assert "1936" in as_delivered(two, "B")["d"].body.decode()
    assert "Văn học" in shown(two, "marc21")["000000002"].body.decode()


def test_a_field_of_a_cluster_is_hidden_of_all_its_records(two):
    hide(two, "field", "000000001", "100")

    assert "Phụng" not in shown(two, "marc21")["000000001"].body.decode()
    assert search(two, "phung").total == 2


def test_what_was_hidden_until_a_day_is_shown_from_then_on(two):
    with pytest.raises(WrongUse, match="choose a later day"):
        suppress(two, Target(kind=Kind.RECORD, name="s2/d"), BY, until=1_000_000_000)
    suppress(two, Target(kind=Kind.RECORD, name="s2/d"), BY, until=3_900_000_000)
    place_all(two)
    assert expire(two) == 0
    with patch("catalogue.clock.wall_clock", lambda: 3_900_000_000):
        assert expire(two) == 1
    place_all(two)

    assert "000000003" in live(two)


@pytest.mark.parametrize(
    ("kind", "name", "field", "error"),
    [
        ("record", "s2/none", "", NoSuchRecord),
        ("record", "000000001", "", NoSuchRecord),
        ("cluster", "s2/d", "", NoSuchCluster),
        ("cluster", "999999999", "", NoSuchCluster),
        ("field", "s2/d", "008", WrongUse),
        ("field", "s2/d", "", WrongUse),
    ],
)
def test_what_is_not_there_cannot_be_hidden(two, kind, name, field, error):
    with pytest.raises(error):
        hide(two, kind, name, field)
    with pytest.raises(WrongUse, match="say why"):
        suppress(two, Target(kind=Kind.RECORD, name="s2/d"), By(person="an"))
    with pytest.raises(NoSuchSuppression):
        lift(two, 7, "an")


def test_only_the_hubs_staff_see_fields_that_a_library_does_not_share(two):
    consumers.add(two, Consumer(name="staff", view=Sharing.HUB))
    libraries.change(two, "B", fields="1xx, 245")
    place_all(two)

    assert libraries.get(two, "B").fields == "1XX 245"
    for view, seen in (("public", False), ("hub", True)):
        body = shown(two, "marc21", view)["000000003"].body.decode()
        assert ("250 tr." in body, "Phụng" in body) == (seen, True)
    assert "250 tr." in shown(two, "marc21")["000000001"].body.decode()
    assert "250 tr." not in as_delivered(two, "B")["d"].body.decode()
    with pytest.raises(WrongUse, match="is no field"):
        libraries.change(two, "B", fields="title")


def test_the_most_restrictive_licence_of_who_contributed_stands_beside_the_record(two):
    libraries.change(two, "A", licence="cc0-1.0", rights="Ghi nguồn")
    place_all(two)
    assert b"creativecommons" not in shown(two)["000000001"].about
    assert b"zero/1.0" in shown(two)["000000002"].about
    libraries.change(two, "B", licence="CC-BY-NC-4.0")
    place_all(two)

    about = shown(two)["000000001"].about.decode()
    assert "licenses/by-nc/4.0" in about
    assert "zero/1.0" not in about
    assert "A: Ghi nguồn" in about
    assert b"licenses/by-nc/4.0" in as_delivered(two, "B")["d"].about
    with pytest.raises(WrongUse, match="choose one of: CC0"):
        libraries.change(two, "B", licence="mine")

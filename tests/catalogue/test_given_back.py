"""What libraries get back, as it is kept at each placement: what counts, to whom, since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from catalogue import libraries
from catalogue.consumers import store
from catalogue.consumers.model import Consumer
from catalogue.database import Database
from catalogue.improved import giving
from catalogue.model import HubIdentity, Item, ItemQuery, Sharing
from catalogue.overlays import making
from catalogue.overlays.model import Change, Kind
from catalogue.published import snapshot
from crosswalks import stored
from crosswalks.formats import marcxml
from crosswalks.model import Control, Field, Record
from support.filled import add_library, book, deliver, settle

HUB = HubIdentity()
SUBJECT = Field("650", " 7", (("a", "Văn học"), ("2", "bkt")))
NOTE = Field("500", "  ", (("a", "In lần thứ hai"),))


def record(number: str, *fields: Field, title: str = "Truyện Kiều") -> Record:
    made = book(title, author="Nguyễn Du", isbn="9786040000019", year="1985")
    numbered = (Control("001", number), Control("003", f"VN-{number[0]}"), *made.fields, *fields)
    return replace(made, fields=tuple(sorted(numbered, key=lambda each: each.tag)))


def given(database: Database, code: str, view: str = "public", **query) -> list[Item]:
    with giving.snapshot(database, code, view, HUB) as shown:
        wanted = ItemQuery(prefix="marc21", end=shown.horizon, **query)
        found = shown.page(wanted)
        assert shown.count(wanted) == len(found)
        return found


def records(database: Database, code: str, view: str = "public") -> dict[str, Record]:
    """Return what a library gets back, by its own number."""
    found = [marcxml.read(each.body) for each in given(database, code, view)]
    return {each.control("001"): each for each in found}


def in_set(database: Database, code: str, view: str = "public") -> int:
    """Return how many live records the union's set of it has."""
    with snapshot(database, view) as shown:
        query = ItemQuery(prefix="marc21", end=shown.horizon, set_spec=f"improved:{code}")
        return len([each for each in shown.page(query) if not each.deleted])


@pytest.fixture
def hub(database: Database) -> Database:
    """Give a hub in which B knows a subject that A does not, of one book in two."""
    for code in "AB":
        add_library(database, code, f"Thư viện {code}")
    deliver(database, "A", {"1": record("a1"), "2": record("a2", title="Lục Vân Tiên")})
    deliver(database, "B", {"1": record("b1", SUBJECT)})
    settle(database)
    return database


def test_who_could_have_more_gets_it_and_the_others_nothing(hub: Database) -> None:
    found = records(hub, "A")

    assert found.keys() == {"a1"}
    assert SUBJECT in found["a1"].fields
    assert found["a1"].control("003") == "VN-a"
    assert given(hub, "B") == []
    assert (in_set(hub, "A"), in_set(hub, "B")) == (1, 0)


def shown(database: Database) -> dict[str, bytes]:
    """Return the bytes of each record of the union, with its date in them."""
    with snapshot(database) as view:
        items = view.page(ItemQuery(prefix="marc21", end=view.horizon))
        return {each.public_id: each.body for each in items}


def overlay(database: Database, code: str, sent: Mapping[str, Record]) -> None:
    """Have a library's system load what it gets back by its own numbers, and be harvested."""
    back = records(database, code)
    loaded = {name: back.get(each.control("001"), each) for name, each in sent.items()}
    deliver(database, code, loaded)
    settle(database)


def test_what_was_loaded_is_no_improvement_any_more_and_changes_nothing_for_anybody(
    hub: Database,
) -> None:
    before = shown(hub)
    overlay(hub, "A", {"1": record("a1"), "2": record("a2", title="Lục Vân Tiên")})

    assert (given(hub, "A"), given(hub, "B"), in_set(hub, "A")) == ([], [], 0)
    assert shown(hub) == before


def test_a_change_of_either_side_is_listed_again_and_nothing_else(hub: Database) -> None:
    [first] = given(hub, "A")
    deliver(hub, "A", {"2": record("a2", title="Lục Vân Tiên, truyện thơ")})
    settle(hub)
    [same] = given(hub, "A")
    deliver(hub, "B", {"1": record("b1", SUBJECT, NOTE)})
    settle(hub)
    [more] = given(hub, "A")
    deliver(hub, "A", {"1": record("a1", Field("852", "  ", (("b", "Kho mở"),)))})
    settle(hub)
    [ours] = given(hub, "A")

    assert same.stamp == first.stamp
    assert first.stamp < more.stamp < ours.stamp
    assert "Kho mở".encode() in ours.body
    assert given(hub, "A", start=more.stamp + 1) == [ours]


def test_corrections_are_given_back_until_they_are_taken_off(hub: Database) -> None:
    [name] = [name for name, body in shown(hub).items() if "Lục Vân Tiên".encode() in body]
    by = making.By(person="lan", reason="theo sách")
    number = making.make(hub, name, Change(kind=Kind.ADD, over=NOTE), by)
    settle(hub)
    corrected = records(hub, "A")
    making.undo(hub, number, person="lan")
    settle(hub)

    assert NOTE in corrected["a2"].fields
    assert records(hub, "A").keys() == {"a1"}


def test_nothing_is_given_back_to_more_than_may_see_it(hub: Database) -> None:
    store.add(hub, Consumer(name="m", view=Sharing.MEMBERS))
    libraries.change(hub, "B", sharing=Sharing.MEMBERS)
    settle(hub)

    assert given(hub, "A") == []
    assert in_set(hub, "A") == 0
    assert records(hub, "A", "members").keys() == {"a1"}
    assert giving.library_of(hub, "B", Sharing.PUBLIC) is None
    assert giving.library_of(hub, "B", Sharing.MEMBERS) == "B"


def test_a_library_that_shows_a_part_of_its_records_gets_nothing_back_from_where_only_that_shows(
    hub: Database,
) -> None:
    store.add(hub, Consumer(name="h", view=Sharing.HUB))
    libraries.change(hub, "A", fields="245,100,00X")
    settle(hub)

    assert given(hub, "A") == []
    assert records(hub, "A", "hub").keys() == {"a1"}


def test_a_record_is_found_by_the_hub_s_key_and_nothing_else_is(hub: Database) -> None:
    [item] = given(hub, "A")

    with giving.snapshot(hub, "A", "public", HUB) as shown:
        assert shown.item(item.public_id, "marc21") == item
        for name in ("", "0", "-1", "x", "9" * 40, "²"):
            assert shown.item(name, "marc21") is None
    with giving.snapshot(hub, "B", "public", HUB) as shown:
        assert shown.item(item.public_id, "marc21") is None


def test_what_is_sent_is_never_touched(hub: Database) -> None:
    [item] = given(hub, "A")

    assert stored.to_json(marcxml.read(item.body)) != stored.to_json(record("a1"))
    assert records(hub, "A") == records(hub, "A")

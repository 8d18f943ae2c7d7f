from __future__ import annotations

from sqlalchemy import event

from catalogue import libraries
from catalogue.model import Sharing
from catalogue.published import snapshot
from support.pages import Book, Delivery, add_source, books, deliver, place_all


def test_a_view_knows_its_own_sets_only(database):
    add_source(database)
    add_source(database, "s2", "L2")
    libraries.change(database, "L2", sharing=Sharing.HUB)
    deliver(database, "s1", *books([("a", Book())]))
    deliver(database, "s2", *books([("b", Book(title="Giông tố"))]))
    place_all(database)

    with snapshot(database) as shown:
        found = {code: shown.has_set(f"library:{code}") for code in ("L1", "L2", "L3")}

    assert found == {"L1": True, "L2": False, "L3": False}


def test_a_set_that_everything_left_is_still_one(database):
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))
    place_all(database)
    deliver(database, "s1", Delivery(identifier="a"))
    place_all(database)

    with snapshot(database) as shown:
        assert shown.has_set("library:L1")


def test_asking_for_one_set_reads_no_other(database):
    statements = []
    with snapshot(database) as shown:
        event.listen(database.read, "before_cursor_execute", lambda *told: statements.append(told))
        shown.has_set("library:L1")

    [(_, _, statement, *_)] = statements
    assert "EXISTS" in statement

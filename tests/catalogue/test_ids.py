"""Public ids through merges, splits and what is taken back: who keeps one, and who gets it back."""

from __future__ import annotations

import re
from itertools import count

import pytest
from sqlalchemy import event, insert, select

from catalogue import browse, libraries, records
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.judging import decide, revert
from catalogue.model import HubIdentity, Sharing
from catalogue.moves import of_cluster
from catalogue.tables import ClusterRow, ItemRow, ViewRow
from catalogue.verdicts import Said, Verdict, undo
from support.pages import Book, Delivery, add_source, books, deliver, place_all
from web.app import create_app

SAID = Said(author="Lan", reason="hai lần in")
SAME, DIFFERENT = Verdict.SAME, Verdict.DIFFERENT
TITLES = dict(
    zip("abcdef", ("Số đỏ", "Giông tố", "Vỡ đê", "Bỉ vỏ", "Tắt đèn", "Làm đĩ"), strict=True)
)


@pytest.fixture
def shelf(database: Database) -> Database:
    """Six different books, each delivered and placed by itself."""
    fill(database)
    return database


def fill(database: Database) -> None:
    add_source(database)
    for name, title in TITLES.items():
        bring(database, **{name: Book(title=title)})


def bring(database: Database, **brought: Book | None) -> None:
    deliver(
        database, "s1", *(Delivery(identifier=name, book=book) for name, book in brought.items())
    )
    place_all(database)


def join(database: Database, one: str, other: str) -> int:
    number = decide(database, ("s1", one), ("s1", other), SAME, SAID)
    place_all(database)
    return number


def take_back(database: Database, *numbers: int) -> None:
    for number in numbers:
        undo(database, number, SAID)
    place_all(database)


def ids(database: Database, names: str) -> list[str]:
    """Return the id of each record's cluster."""
    return [records.get(database, "s1", name).cluster for name in names]


def leads(database: Database, *public_ids: str) -> list[str]:
    """Return what each id leads to; nothing where it is live, or ended."""
    return [browse.cluster(database, each).successor for each in public_ids]


def cancelled(database: Database, public_id: str) -> list[str]:
    """Return the ids that a cluster's master carries as merged into it."""
    master = browse.cluster(database, public_id).master
    assert master is not None
    return [value.removeprefix("(LIENTHONG)") for value in master.values("035", "z")]


def test_a_merge_that_is_taken_back_gives_both_ids_back(shelf: Database) -> None:
    before, content = ids(shelf, "abc"), digest(shelf)
    number = join(shelf, "a", "b")
    a, b, _ = before
    assert (ids(shelf, "ab"), leads(shelf, b), cancelled(shelf, a)) == ([a, a], [a], [b])

    take_back(shelf, number)

    assert (ids(shelf, "abc"), leads(shelf, a, b)) == (before, ["", ""])
    assert cancelled(shelf, a) == cancelled(shelf, b) == []
    assert digest(shelf) == content

from __future__ import annotations

from unittest.mock import patch

from catalogue import libraries, public_figures
from catalogue.database import Database
from catalogue.membership.hiding import Kind
from catalogue.membership.model import Membership
from catalogue.membership.standing import By, set_standing
from catalogue.membership.suppressing import Target, suppress
from catalogue.model import Library, Sharing
from catalogue.public_figures import EVERY_SECONDS, PublicDay
from support.filled import add_library, book, deliver, settle

NOON = 1_790_000_000 // 86400 * 86400 + 43200
KIEU = book("Truyện Kiều", author="Nguyễn Du", year="1985", isbn="9786046977711")
LATER = book("Truyện Kiều", author="Nguyễn Du", year="2015", isbn="9786042672214")
ITS_OWN = book("Vỡ đê", author="Vũ Trọng Phụng", year="1936")


def counted(database: Database, at: int = NOON) -> bool:
    with patch("catalogue.clock.wall_clock", lambda: at):
        return public_figures.count_if_due(database)


def latest(database: Database) -> PublicDay:
    return public_figures.days(database, 10)[-1]


def filled(database: Database) -> None:
    """Give two editions of a work and a book, held by three libraries, one of them for members."""
    places = {"A": "Hà Nội", "B": "Hà Nội", "C": "Huế"}
    for code, region in places.items():
        add_library(database, code, f"Thư viện {code}")
        libraries.change(database, code, region=region, kind="university")
    libraries.change(database, "C", sharing=Sharing.MEMBERS)
    deliver(database, "A", {"1": KIEU, "2": LATER})
    deliver(database, "B", {"1": KIEU})
    deliver(database, "C", {"1": KIEU, "2": ITS_OWN})
    settle(database)


def test_only_what_the_public_sees_is_counted(database: Database) -> None:
    filled(database)
    assert counted(database)

    day = latest(database)
    assert (day.libraries, day.records, day.publications, day.works) == (2, 3, 2, 1)
    assert (day.holdings, day.shared) == (3, 1)
    sizes = public_figures.sizes(database)
    assert sizes == {
        "library:A": 2,
        "library:B": 1,
        "region:ha-noi": 2,
        "type:university": 2,
    }


def test_who_is_suspended_and_what_is_hidden_is_in_no_figure(database: Database) -> None:
    filled(database)
    suppress(database, Target(kind=Kind.RECORD, name="a/2"), By(person="lan", reason="thử"))
    set_standing(database, "B", Membership.SUSPENDED, By(person="lan", reason="thử"))
    settle(database)
    assert counted(database)

    day = latest(database)
    assert (day.libraries, day.records, day.publications) == (1, 1, 1)
    assert (day.holdings, day.shared) == (1, 0)
    assert public_figures.sizes(database).get("library:B", 0) == 0


def test_it_is_counted_once_a_day_and_while_it_changes(database: Database) -> None:
    filled(database)
    assert counted(database)
    deliver(database, "B", {"2": ITS_OWN})
    settle(database)

    assert not counted(database, NOON + EVERY_SECONDS - 1)
    assert counted(database, NOON + EVERY_SECONDS)
    assert latest(database).publications == 3
    assert not counted(database, NOON + 9 * EVERY_SECONDS)
    assert counted(database, NOON + 86400)
    assert [each.publications for each in public_figures.days(database, 9)] == [3, 3]


def test_the_public_is_told_of_members_that_share_with_it() -> None:
    shown = Library(code="A")

    assert public_figures.is_shown(shown)
    for other in (
        Library(code="A", sharing=Sharing.MEMBERS),
        Library(code="A", standing=Membership.SUSPENDED),
        Library(code="A", standing=Membership.JOINING),
        Library(code="A", successor="B"),
    ):
        assert not public_figures.is_shown(other)

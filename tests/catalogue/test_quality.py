"""How complete records are: counted once a day, and only where something changed."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Event
from unittest.mock import patch

import pytest
from sqlalchemy import select, update

from catalogue import libraries
from catalogue.database import Database
from catalogue.model import Sharing
from catalogue.quality import counting, reading
from catalogue.quality.tables import AverageRow, QualityRow
from support.filled import add_library, book, deliver

NOON = 1_790_000_000 // 86_400 * 86_400 + 43_200
DAY = 86_400
BARE = book("Sách")
BETTER = book("Sách", author="Nguyễn Du", isbn="9786046977711", call_number="895.9221")


def counted(database: Database, days: int = 0, stopping: Event | None = None) -> list[str]:
    with patch("catalogue.clock.wall_clock", lambda: NOON + days * DAY):
        return [*counting.count_next(database, stopping or Event())]


def shares(database: Database, code: str) -> dict[str, tuple[float, float | None]]:
    found = reading.of_library(database, code).shares
    return {each.name: (each.own, each.average) for each in found}


@pytest.fixture
def two(database: Database) -> Database:
    """Give a hub of a library with two records, one of them better, and one with a better one."""
    for code in ("A", "B"):
        add_library(database, code, code)
    deliver(database, "A", {"1": BARE, "2": BETTER, "3": None})
    deliver(database, "B", {"1": BETTER})
    return database


def test_a_library_is_told_its_shares_beside_the_mean_of_all(two: Database):
    assert counting.are_never_counted(two)
    assert counted(two) == ["A", "B"]
    found = shares(two, "A")
    days = [reading.of_library(two, code).days[-1] for code in ("A", "B")]

    assert found["author"] == found["call-number"] == found["standard-number"] == (50.0, 75.0)
    assert found["title"] == (100.0, 100.0)
    assert (days[0].records, days[1].records) == (2, 1)
    assert days[0].average == days[1].average == (days[0].score + days[1].score) / 2
    assert not counting.are_never_counted(two)


def test_what_is_shared_with_staff_only_is_in_no_mean_and_a_library_without_records_has_none(
    two: Database,
):
    libraries.change(two, "B", sharing=Sharing.HUB)
    add_library(two, "C", "C")
    counted(two)

    assert shares(two, "A")["author"] == (50.0, 50.0)
    assert reading.of_library(two, "A").libraries == 1
    assert shares(two, "C") == {}
    assert reading.of_library(two, "C").days[0].score is None
    assert reading.of_library(two, "D") == reading.Quality()


def test_a_day_is_counted_once_and_an_unchanged_library_is_not_read_again(two: Database):
    counted(two)
    sign = update(QualityRow.__table__).values(score=1)
    two.writing(lambda connection: connection.execute(sign))
    deliver(two, "B", {"1": BARE})

    assert counted(two) == []
    assert counted(two, days=1) == ["A", "B"]
    # The sign is carried on where nothing changed, and gone where something did.
    assert [each.score for each in reading.of_library(two, "A").days] == [0.5, 0.5]
    assert shares(two, "B")["author"] == (0.0, 25.0)


def test_a_library_that_was_not_read_to_its_end_is_read_by_whoever_goes_on(two: Database):
    stopping = Event()
    stopping.set()

    assert counted(two, stopping=stopping) == []
    assert reading.of_library(two, "A") == reading.Quality()
    assert counted(two) == ["A", "B"]


def test_batches_are_put_together(two: Database, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(counting, "STEP", 1)
    counted(two)

    assert shares(two, "A")["author"] == (50.0, 75.0)


def test_of_days_long_ago_the_first_of_each_month_is_kept(two: Database):
    first = datetime(2024, 2, 27, 12, tzinfo=UTC).timestamp()
    begin = (int(first) - NOON) // DAY
    for days in (*range(begin, begin + 5), begin + counting.KEEP_DAYS + 20):
        counted(two, days=days)
    last = datetime.fromtimestamp(NOON + (begin + counting.KEEP_DAYS + 20) * DAY, UTC)

    kept = ["2024-03-01", last.date().isoformat()]
    assert [each.day for each in reading.of_library(two, "A").days] == kept
    assert days_of(two, AverageRow) == kept


def days_of(database: Database, row: type[AverageRow]) -> list[str]:
    with database.reading() as connection:
        return [*connection.scalars(select(row.day).order_by(row.day))]

from __future__ import annotations

import pytest
from sqlalchemy import update

from catalogue import clock
from catalogue.cluster.place import place
from catalogue.model import ItemQuery
from catalogue.published import snapshot
from catalogue.tables import ClockRow
from support.pages import HUB, Book, add_source, books, deliver


@pytest.fixture
def wall(monkeypatch, database):
    """A wall clock that the test sets, starting at the hub's own second."""
    with database.reading() as connection:
        now = [clock.read(connection).closed]
    monkeypatch.setattr(clock, "wall_clock", lambda: now[0])
    return now


def visible(database) -> int:
    with snapshot(database) as shown:
        return len(shown.page(ItemQuery(prefix="marc21", end=shown.horizon)))


def publish(database) -> None:
    deliver(database, "s1", *books([("a", Book())]))
    place(database, HUB)


def test_a_change_is_hidden_until_its_second_is_over(database, wall):
    add_source(database)
    publish(database)

    hidden = visible(database)
    wall[0] += 1

    assert (hidden, visible(database)) == (0, 1)


def test_a_clock_set_back_hides_nothing_for_long(database, wall):
    add_source(database)
    wall[0] += 3600
    publish(database)

    wall[0] -= 3600

    assert visible(database) == 1


def test_a_change_after_the_clock_was_set_back_is_stamped_after_what_was_shown(database, wall):
    add_source(database)
    wall[0] += 3600
    with snapshot(database) as shown:
        horizon = shown.horizon
    wall[0] -= 3600

    publish(database)

    with database.reading() as connection:
        assert clock.read(connection).stamped > horizon


def test_the_hub_clock_never_outruns_the_wall_clock_by_being_asked(database, wall):
    add_source(database)
    publish(database)

    for _ in range(10):
        visible(database)

    with database.reading() as connection:
        assert clock.read(connection).closed == wall[0]


def test_the_mark_is_another_after_each_change_and_none_while_more_may_come_unnoticed(database):
    def marked() -> tuple[int, int] | None:
        with database.reading() as connection:
            return clock.read(connection).mark

    seen = []
    for number in range(3):
        stamp = 4_000_000_000 + number
        database.writing(lambda connection, stamp=stamp: clock.close(connection, stamp))
        seen.append(marked())
        database.writing(
            lambda connection, stamp=stamp: connection.execute(
                update(ClockRow).values(closed=stamp + 1)
            )
        )
        seen.append(marked())

    assert seen[::2] == [None] * 3
    assert len(set(seen[1::2])) == 3
    assert None not in seen[1::2]

from __future__ import annotations

from unittest.mock import patch

from catalogue import daily
from support.pages import Book, add_source, books, deliver, place_all

NOON = 1_790_000_000 // 86400 * 86400 + 43200


def counted(database, at: int) -> bool:
    with patch("catalogue.clock.wall_clock", lambda: at):
        return daily.count_if_due(database)


def test_what_there_is_is_counted_once_a_day_and_while_it_changes(database) -> None:
    assert daily.days(database) == []
    assert counted(database, NOON)
    add_source(database)
    deliver(database, "s1", *books([("a", Book()), ("b", Book()), ("c", Book(title="Vỡ đê"))]))
    place_all(database)

    assert not counted(database, NOON + daily.EVERY_SECONDS - 1)
    assert counted(database, NOON + daily.EVERY_SECONDS)
    assert not counted(database, NOON + 3 * daily.EVERY_SECONDS)
    [day] = daily.days(database)
    assert (day.records, day.clusters, day.folded, day.questions) == (3, 2, 1, 0)

    assert counted(database, NOON + 86400)
    assert [each.records for each in daily.days(database)] == [3, 3]
    assert len(daily.days(database, 1)) == 1

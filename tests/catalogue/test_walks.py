"""A view walked by cluster: stretches, days, and what changed last."""

from __future__ import annotations

from catalogue.database import Database
from catalogue.walks import Stretch, walk
from support.engines import SQLITE_USUALLY
from support.filled import add_library, book, deliver, settle


def shelved(database: Database) -> None:
    """Leave nine books of two libraries, the fourth of which is gone."""
    for code in ("NLV", "HUST"):
        add_library(database, code, code)
    deliver(database, "NLV", {f"n{number}": book(f"Sách {number}") for number in range(1, 7)})
    deliver(database, "HUST", {f"h{number}": book(f"Báo {number}") for number in range(1, 4)})
    settle(database)
    deliver(database, "NLV", {"n4": None})
    settle(database)


@SQLITE_USUALLY
def test_a_walk_meets_each_live_item_once_whatever_its_stamp(database: Database) -> None:
    shelved(database)
    found, after = [], 0
    with walk(database) as shown:
        while some := shown.live(Stretch(after=after, limit=3, prefix="marc21")):
            found += some
            after = some[-1].key

    assert len(found) == 8
    assert [each.key for each in found] == sorted({each.key for each in found})
    assert all(each.body.startswith(b"<record") and not each.deleted for each in found)


@SQLITE_USUALLY
def test_a_walk_of_a_set_meets_what_is_in_it_now(database: Database) -> None:
    shelved(database)
    with walk(database) as shown:
        found = shown.live(Stretch(set_spec="library:NLV", with_sets=True))

        assert len(found) == 5
        assert all("library:NLV" in each.sets for each in found)
        assert shown.live(Stretch(set_spec="library:NONE")) == []


def test_stretches_are_named_by_numbers_and_those_with_nothing_are_left_out(
    database: Database,
) -> None:
    shelved(database)
    with walk(database) as shown:
        numbers = shown.starts(2)
        found = [
            each.key
            for number in numbers
            for each in shown.live(Stretch(after=number * 2, upto=number * 2 + 2))
        ]
        keys = [each.key for each in shown.live(Stretch())]

        assert found == keys
        assert numbers == sorted({(key - 1) // 2 for key in keys})
        assert shown.starts(2, "library:NONE") == []
        assert shown.starts(1000, "library:HUST") == [0]


@SQLITE_USUALLY
def test_what_changed_last_comes_first_with_deletions_and_goes_on_at_a_place(
    database: Database,
) -> None:
    shelved(database)
    with walk(database) as shown:
        first = shown.newest(None, 4, "marc21")
        rest = shown.newest((first[-1].stamp, first[-1].key), 100, "marc21")
        places = [(each.stamp, each.key) for each in (*first, *rest)]

        assert first[0].deleted
        assert len(places) == 9
        assert places == sorted(places, reverse=True)
        assert shown.newest(None, 100, "marc21", "library:HUST")[0].deleted is False


def test_items_are_counted_by_day_and_by_second(database: Database) -> None:
    shelved(database)
    with walk(database) as shown:
        days = shown.per_day(0)
        seconds = shown.per_second(0, shown.horizon)

        assert sum(each.items for each in days) == 9
        assert sum(each.items for each in seconds) == 9
        assert all(each.at % 86_400 == 0 for each in days)
        assert sum(each.items for each in shown.per_day(0, "library:NLV")) == 6
        assert shown.per_second(seconds[-1].at, shown.horizon)[0].items == 1


@SQLITE_USUALLY
def test_it_is_known_when_clusters_were_made(database: Database) -> None:
    shelved(database)
    with walk(database) as shown:
        found = shown.live(Stretch())
        made = shown.made_at([each.key for each in found])

        assert made == {each.key: each.stamp for each in found}
        assert shown.made_at([]) == {}

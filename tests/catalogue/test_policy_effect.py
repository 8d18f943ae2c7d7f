"""What another policy would do is what it does once all records are placed by it."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import insert, select

from catalogue.cluster.effect import effect
from catalogue.match import policy, read_policy
from catalogue.tables import RecordRow, VerdictRow
from support.pages import Book, Delivery, add_source, deliver, place_all
from support.policies import changed, use
from support.whole import placed, worked_out

TITLES = ("Số đỏ", "Số đỏ tập truyện", "Giông tố")
BOOKS = [
    Book(title=title, isbn=isbn, pages=f"{pages} tr.")
    for title in TITLES
    for isbn in ("9786049763342", "")
    for pages in (90, 91, 140)
]
FIGURES = {
    "strict": {"ask": 0.99, "same": 0.999, "sure": 1.0},
    "lax": {"ask": 0.3, "same": 0.4, "theta": 0.4},
    "split": {"block_cap": 3},
}
STRICT, LAX, SPLIT = (read_policy(changed(name, **told)) for name, told in FIGURES.items())


def fill(database) -> None:
    add_source(database)
    for number, book in enumerate(BOOKS):
        deliver(database, "s1", Delivery(identifier=f"r{number}", book=book))


def split(records, groups) -> list[frozenset[int]]:
    return [group for group in groups if group & records]


def kinds_of_change(before, after) -> dict[str, int]:
    now, then = ({each[:2]: each[2] for each in links} for links in (before, after))
    pairs = {pair: (now.get(pair, "different"), then.get(pair, "different")) for pair in now | then}
    return dict(Counter("-".join(kind) for kind in pairs.values() if kind[0] != kind[1]))


def test_the_policy_in_use_changes_nothing(database):
    fill(database)
    place_all(database)
    found = effect(database, policy())
    assert found.clusters == found.clusters_then > 1
    assert (found.parted, found.merged, found.changed) == (0, 0, 0)
    assert (found.pairs, found.samples) == ({}, ())


@pytest.mark.parametrize("wanted", [STRICT, LAX, SPLIT], ids=lambda each: each.version)
def test_the_clusters_to_come_are_those_that_placing_all_by_it_makes(database, wanted):
    fill(database)
    place_all(database)
    told = effect(database, wanted)
    expected = worked_out(database, policy=wanted)
    use(database, wanted.version, **FIGURES[wanted.version])
    before = placed(database)
    place_all(database)
    after = placed(database)
    assert after == expected
    assert told.clusters_then == len(after[0])
    assert told.parted == sum(len(split(each, after[0])) > 1 for each in before[0])
    assert told.merged == sum(len(split(each, before[0])) > 1 for each in after[0])
    assert told.changed == len(set(before[0]) - set(after[0]))
    assert dict(told.pairs) == kinds_of_change(before[1], after[1])
    after = effect(database, wanted)
    assert (after.pairs, after.parted, after.merged) == ({}, 0, 0)


def test_a_stricter_policy_parts_and_says_which_pairs(database):
    fill(database)
    place_all(database)
    found = effect(database, STRICT)
    assert found.parted
    assert not found.merged
    assert any(kind.startswith("same-") for kind in found.pairs)
    assert all(each.now != each.then and each.reasons for each in found.samples)


def test_a_record_withdrawn_but_not_placed_yet_is_left_out(database):
    fill(database)
    place_all(database)
    with database.reading() as connection:
        ids = sorted(connection.execute(select(RecordRow.id)).scalars())
    said = {"a": ids[0], "b": ids[-1], "decision": "same", "author": "an", "made": 1, "reason": ""}
    database.writing(lambda connection: connection.execute(insert(VerdictRow).values(said)))
    deliver(database, "s1", Delivery(identifier="r0", book=None))
    assert effect(database, policy()).waiting

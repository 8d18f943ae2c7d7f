from __future__ import annotations

from collections import Counter
from itertools import islice
from random import Random

from crosswalks.check import check
from crosswalks.crosswalk import to_pivot
from crosswalks.formats import marcxml
from hub.bench.books import Maker, check_digit
from hub.bench.generate import BLOCK, Recipe, block, isbn_10, records


def test_the_same_seed_makes_the_same_records_and_another_seed_others():
    first, again, other = (block(Recipe(seed=seed), 3) for seed in (1, 1, 2))

    assert first == again
    assert first != other


def test_blocks_follow_one_another_without_a_gap():
    numbers = [holding.number for holding in records(Recipe(), BLOCK + 5)]

    assert numbers == list(range(BLOCK + 5))


def test_records_are_sound_marc_and_already_what_is_stored():
    for holding in islice(records(Recipe(), BLOCK), 100):
        assert marcxml.read(marcxml.write(holding.record)) == holding.record
        assert to_pivot(holding.record) == holding.record


def test_only_mistyped_numbers_are_wrong():
    found = Counter(problem.code for each in block(Recipe(), 0) for problem in check(each.record))

    assert set(found) == {"bad-isbn"}
    assert found["bad-isbn"] < BLOCK / 50


def test_members_hold_the_same_books_written_in_their_own_ways():
    holdings = block(Recipe(members=5), 0)
    by_title: Counter[str] = Counter(each.record.values("245", "a")[0] for each in holdings)

    assert {each.member for each in holdings} == set(range(5))
    assert len(by_title) < 0.8 * BLOCK


def test_isbns_have_their_check_digits():
    assert check_digit("978030640615") == "7"
    assert isbn_10("9780306406157") == "0306406152"
    assert isbn_10("9780804429573") == "080442957X"


def test_books_have_volumes_and_reprints():
    books = list(islice(Maker(Random(1), 0).books(), 500))

    assert {0, 1, 2} <= {book.volume for book in books}
    assert {0, 1} == {book.printing for book in books}

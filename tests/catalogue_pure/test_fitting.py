"""Points fitted to judged pairs."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from catalogue.match.fitting import BASE, LEAST, fit, moved_by

AGREE, DIFFER = frozenset({"year-equal"}), frozenset({"year-far"})
PAIRS = [(AGREE, True)] * 90 + [(AGREE, False)] * 10 + [(DIFFER, False)] * 95 + [(DIFFER, True)] * 5


def test_what_same_pairs_have_in_common_speaks_for_a_match():
    points = fit(PAIRS, {})

    assert points["year-equal"] > 1
    assert points["year-far"] < -0.5


@given(st.randoms(use_true_random=False))
def test_the_order_of_the_pairs_makes_no_difference(dice: random.Random):
    shuffled = PAIRS.copy()
    dice.shuffle(shuffled)

    assert fit(shuffled, {}) == fit(PAIRS, {})


def test_a_quirk_of_the_labels_never_makes_agreement_speak_against_a_match():
    points = fit([(codes, not same) for codes, same in PAIRS], {})

    assert points["year-equal"] >= 0
    assert points["year-far"] <= 0


def test_the_codes_that_pairs_would_move_are_the_frequent_ones_that_are_no_numbers():
    numbered = [(frozenset({"isbn-equal", "place-equal"}), True)] * (LEAST - 1)

    assert moved_by([*PAIRS, *numbered, *numbered]) == {"year-equal", "year-far", "place-equal"}
    assert moved_by([*PAIRS, *numbered]) == {"year-equal", "year-far"}


def test_codes_of_few_pairs_and_of_numbers_keep_the_points_they_have():
    few = [(frozenset({"place-equal"}), True)] * (LEAST - 1)
    numbered = [(frozenset({"isbn-equal"}), True)] * 2 * LEAST

    points = fit([*PAIRS, *few, *numbered], {"place-equal": 0.7, "isbn-equal": 2.0})

    assert (points["place-equal"], points["isbn-equal"]) == (0.7, 2.0)
    assert BASE in points

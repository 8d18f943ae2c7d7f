"""What is counted of matching, and how partitions are compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.match import Decision, Verdict
from catalogue.match.measure import (
    Counts,
    Figures,
    Judged,
    asked_share,
    b_cubed,
    best_threshold,
    count,
    from_score,
    interval,
    joined,
)


def judged(score: float, decision: str, *, same: bool, group: int = 0) -> Judged:
    return Judged("a", "b", same, Verdict(Decision(decision), score, ()), group)


PAIRS = [
    judged(0.9, "same", same=True, group=1),
    judged(0.8, "same", same=False, group=2),
    judged(0.7, "ask", same=True, group=3),
    judged(0.0, "different", same=True, group=4),
]


def test_precision_and_recall_count_what_is_joined():
    assert count(PAIRS, joined) == Counts(1, 1, 2)
    assert Counts(1, 1, 2).figures() == pytest.approx((0.5, 1 / 3, 0.4))


def test_what_found_nothing_has_figures_of_zero():
    assert Counts().figures() == Figures(0.0, 0.0, 0.0)
    assert interval([], joined)["f1"] == (0.0, 0.0)


def test_the_best_threshold_never_joins_what_was_vetoed():
    assert best_threshold(PAIRS) == 0.7
    assert best_threshold([judged(0.0, "different", same=True)]) == 1.0


def test_what_is_asked_is_a_share_of_the_true_pairs():
    assert asked_share(PAIRS) == pytest.approx(1 / 3)


def test_an_interval_holds_its_figure():
    low, high = interval(PAIRS * 20, from_score(0.7))["precision"]

    assert low <= 2 / 3 <= high
    assert interval(PAIRS * 20, joined) == interval(PAIRS * 20, joined)


def test_b_cubed_counts_each_record_alike():
    true = {"a": 1, "b": 1, "c": 2}

    assert b_cubed(true, {"a": 1, "b": 1, "c": 1}) == pytest.approx((5 / 9, 1.0, 5 / 7))
    assert b_cubed(true, {"a": 1, "b": 2, "c": 3}) == pytest.approx((1.0, 2 / 3, 0.8))


@given(st.dictionaries(st.text(max_size=2), st.integers(0, 3), min_size=1))
def test_a_partition_equals_itself(partition):
    assert b_cubed(partition, partition) == pytest.approx((1.0, 1.0, 1.0))

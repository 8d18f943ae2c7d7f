"""What makes a run wait for a person."""

from __future__ import annotations

import pytest

from catalogue.guards import Figures, judge, judge_early
from catalogue.options import Guards


def figures(**found):
    usual = {
        "run": 7,
        "held": 0,
        "held_live": 0,
        "live": 100,
        "listed": None,
        "listed_before": None,
        "absent": 0,
        "holes": False,
        "tried": 100,
        "unmapped": 0,
        "accepts": False,
    }
    return Figures(**(usual | found))


def verdict(guards: Guards | None = None, **found) -> str:
    doubt = judge(figures(**found), guards or Guards())
    return doubt.code() if doubt else ""


@pytest.mark.parametrize(
    ("held", "live", "said"),
    [
        (10, 100, ""),
        (11, 100, "would-delete"),
        (5, 5, ""),
        (6, 6, "would-delete"),
        (0, 0, ""),
        (100_000, 1_000_001, ""),
    ],
)
def test_more_deletions_than_a_tenth_wait_but_for_a_handful(held, live, said):
    assert verdict(held=held, held_live=held, live=live) == said


def test_deletions_of_what_no_reader_sees_do_not_wait():
    assert verdict(held=90, held_live=0) == ""


@pytest.mark.parametrize(
    ("listed", "before", "said"),
    [
        (85, 100, ""),
        (84, 100, "source-shrank"),
        (200, 100, ""),
        (1, 6, ""),
        (0, 6, "source-shrank"),
        (0, None, ""),
    ],
)
def test_a_complete_list_that_shrank_by_more_than_it_may_waits(listed, before, said):
    assert verdict(listed=listed, listed_before=before) == said


def test_what_is_missing_from_a_list_with_gaps_waits_however_little_it_is():
    assert verdict(held=1, held_live=1, absent=1, holes=True) == "list-doubtful"
    assert verdict(held=1, held_live=1, absent=0, holes=True) == ""


@pytest.mark.parametrize(
    ("unmapped", "accepts", "said"),
    [(20, False, ""), (21, False, "cannot-map"), (21, True, "")],
)
def test_too_many_that_cannot_be_mapped_wait_unless_a_person_said_to_go_on(unmapped, accepts, said):
    assert verdict(unmapped=unmapped, accepts=accepts) == said


def test_a_source_sets_its_own_limits():
    assert verdict(Guards(delete_percent=50), held=50, held_live=50) == ""
    assert verdict(Guards(delete_percent=0), held=1, held_live=1) == "would-delete"
    assert verdict(Guards(shrink_percent=60), listed=40, listed_before=100) == ""
    assert verdict(Guards(unmapped_percent=100), unmapped=100) == ""


@pytest.mark.parametrize(
    ("tried", "unmapped", "stops"),
    [(199, 199, False), (200, 40, False), (200, 41, True), (1000, 201, True)],
)
def test_a_run_stops_once_two_hundred_records_show_that_too_many_cannot_be_mapped(
    tried, unmapped, stops
):
    assert (judge_early(7, tried, unmapped, Guards()) is not None) is stops


def test_the_reason_tells_figures_and_what_to_say_next():
    doubt = judge(figures(held=50, held_live=50), Guards())

    assert "50 of 100 live records (50 %" in str(doubt)
    assert "lienthong runs approve 7" in str(doubt)
    assert "lienthong runs discard 7" in str(doubt)

"""All mistakes of a crosswalk's text at once, each at its line."""

from __future__ import annotations

from crosswalks.mistakes import MOST, mistakes
from crosswalks.shelf import SHIPPED_ONLY, Written

HEADING = "crosswalk x version 1\nfrom oai_dc to marc21\n"


def places(text: str, name: str = "x") -> list[tuple[int, int]]:
    found = mistakes(SHIPPED_ONLY, name, Written(text=text))
    return [(each.line, each.column) for each in found]


def test_each_mistake_is_told_at_its_line():
    rules = "245 $a <- dc:title | trimm\n260 $c dc:date\nwithout 999\n245 $b <- dc:title\n"

    assert places(f"{HEADING}{rules}") == [(3, 22), (4, 1), (5, 9)]


def test_lines_below_a_wrong_one_are_no_mistakes_of_their_own():
    rules = "245 <-\n    $a <- .\n246 $a <- dc:title | nothing\n"

    assert places(f"{HEADING}{rules}") == [(3, 5), (5, 22)]


def test_without_its_heading_nothing_else_is_judged():
    assert places("crosswalk x version 1\nfrom oai_dc to nothing\n655 x\n") == [(2, 16)]
    assert places("") == [(0, 1)]


def test_a_mistake_in_other_rules_is_told_without_a_line():
    text = "rules own version 1\n260 $c dc:date\n245 $a <- dc:title | nothing\n"

    assert places(text, "own") == [(2, 1)]
    shelf = SHIPPED_ONLY.with_draft("mine", Written(text="rules mine version 1\nwrong\n"))
    found = mistakes(shelf, "x", Written(text=f"{HEADING}include mine\n"))
    assert [(each.line, each.error.details["name"]) for each in found] == [(0, "mine")]


def test_no_more_are_looked_for_than_somebody_reads_at_once():
    assert len(places(HEADING + "wrong\n" * 50)) == MOST


def test_what_can_run_has_none():
    assert places(f"{HEADING}include shipped/oai_dc-marc21\n") == []

"""Which decisions cut records as somebody wants them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.cluster.cut import Component, cut
from catalogue.cluster.wanted import against, decisions
from catalogue.match import Decision, Verdict

SCORES = st.sampled_from([0.0, 0.3, 0.7, 0.8, 0.9, 0.95, 1.0, None])


def component(size: int, scores=None, said=None, cap: int = 200) -> Component:
    """Return so many records, alike by 0.9 but where told otherwise; None = a veto."""
    scores = scores or {}

    def score(a: int, b: int) -> float | None:
        return scores.get((min(a, b), max(a, b)), 0.9)

    def compare(a: int, b: int) -> Verdict:
        found = score(a, b)
        word = Decision.DIFFERENT if found is None else Decision.ASK
        return Verdict(word, found or 0.0, ())

    pairs = [(a, b) for b in range(size) for a in range(b)]
    return Component(
        nodes=tuple((node, ("s", f"{node:04}")) for node in range(size)),
        edges={pair: score(*pair) for pair in pairs if (score(*pair) or 0) >= 0.8},
        verdicts=said or {},
        compare=compare,
        theta=0.8,
        cap=cap,
    )


def after(world: Component, said) -> set[frozenset[int]]:
    return set(cut(replace(world, verdicts={**world.verdicts, **said})))


def groups(*those) -> set[frozenset[int]]:
    return {frozenset(each) for each in those}


@st.composite
def worlds(draw):
    size = draw(st.integers(2, 7))
    pairs = [(a, b) for b in range(size) for a in range(b)]
    scores = {pair: draw(SCORES) for pair in pairs}
    homes = draw(st.lists(st.integers(0, 2), min_size=size, max_size=size))
    wanted = groups(*([n for n in range(size) if homes[n] == home] for home in set(homes)))
    said = draw(st.dictionaries(st.sampled_from(pairs), st.sampled_from(list(Decision)[:2])))
    return component(size, scores, said, draw(st.sampled_from([3, 200]))), wanted


@given(worlds())
def test_whatever_is_wanted_is_had_unless_people_decided_otherwise(given_world) -> None:
    world, wanted = given_world
    found = decisions(world, wanted) if against(world, wanted) is None else None

    assert found is None or after(world, found) == wanted


@given(worlds())
def test_no_decision_is_found_that_the_others_do_without(given_world) -> None:
    world, wanted = given_world
    found = decisions(world, wanted) if against(world, wanted) is None else {}

    for pair in found:
        assert after(world, {each: found[each] for each in found if each != pair}) != wanted


@given(worlds())
def test_what_is_as_wanted_needs_no_decision(given_world) -> None:
    world, _ = given_world

    assert decisions(world, set(cut(world))) == {}


def test_two_that_were_joined_are_parted_by_one_decision() -> None:
    assert decisions(component(2), groups({0}, {1})) == {(0, 1): Decision.DIFFERENT}


def test_two_that_a_veto_parts_are_joined_by_one_decision() -> None:
    world = component(2, {(0, 1): None})

    assert decisions(world, groups({0, 1})) == {(0, 1): Decision.SAME}


def test_what_people_decided_otherwise_is_named() -> None:
    world = component(3, said={(0, 2): Decision.SAME, (0, 1): Decision.DIFFERENT})

    assert against(world, groups({0, 1}, {2})) == (0, 1)
    assert against(world, groups({0}, {1}, {2})) == (0, 2)
    assert against(world, groups({0, 2}, {1})) is None


@pytest.mark.parametrize("one", [0, 100, 199])
def test_one_of_very_many_is_taken_out(one: int) -> None:
    world = component(200)
    wanted = groups({one}, set(range(200)) - {one})

    found = decisions(world, wanted)

    assert after(world, found) == wanted
    assert all(one in pair or word is Decision.SAME for pair, word in found.items())


def test_two_halves_that_are_alike_only_within_are_held_together() -> None:
    halves = [set(range(60)), set(range(60, 120))]
    between = {(a, b): 0.5 for a in halves[0] for b in halves[1]}
    wanted = groups(set(range(120)))

    found = decisions(component(120, between), wanted)

    assert after(component(120, between), found) == wanted
    assert set(found.values()) == {Decision.SAME}

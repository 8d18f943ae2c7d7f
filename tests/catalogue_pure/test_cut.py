from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product

from hypothesis import given
from hypothesis import strategies as st

from catalogue.cluster.cut import Component, components, cut
from catalogue.match import Decision, Verdict

THETA = 0.8
SCORES = st.sampled_from([0.0, 0.3, 0.6, 0.7, 0.8, 0.82, 0.9, 0.95, 1.0])
SAID = st.sampled_from([Decision.SAME, Decision.DIFFERENT, Decision.ASK])


@st.composite
def worlds(draw, most: int = 7):
    """Return how many records there are, the score of each pair, and what people said of some."""
    count = draw(st.integers(1, most))
    pairs = list(combinations(range(count), 2))
    scores = {pair: draw(SCORES) for pair in pairs}
    vetoes = {pair for pair in pairs if draw(st.integers(0, 9)) == 0}
    said = draw(st.dictionaries(st.sampled_from(pairs), SAID, max_size=3)) if pairs else {}
    return count, {pair: None if pair in vetoes else score for pair, score in scores.items()}, said


def name(node: int) -> tuple[str, str]:
    return ("source", f"{node:03}")


def component(world, ids=None, cap: int = 200, *, flip: bool = False) -> Component:
    """Return a world as a component, its records stored under these ids."""
    count, scores, said = world
    ids = ids or list(range(count))
    of = {stored: node for node, stored in enumerate(ids)}

    def pair(a: int, b: int) -> tuple[int, int]:
        return (ids[b], ids[a]) if flip else (ids[a], ids[b])

    def compare(a: int, b: int) -> Verdict:
        score = scores[tuple(sorted((of[a], of[b])))]
        return Verdict(Decision.DIFFERENT if score is None else Decision.ASK, score or 0.0, ())

    links = {pair(*ends): score for ends, score in scores.items() if score and score >= THETA}
    nodes = [(stored, name(node)) for stored, node in sorted(of.items())]
    return Component(
        nodes=tuple(nodes),
        edges=links,
        verdicts={pair(*ends): word for ends, word in said.items()},
        compare=compare,
        theta=THETA,
        cap=cap,
    )


def by_name(world, ids=None, **options) -> set[frozenset[int]]:
    ids = ids or list(range(world[0]))
    found = cut(component(world, ids, **options))
    return {frozenset(ids.index(node) for node in cluster) for cluster in found}


def reference(world) -> set[frozenset[int]]:
    """Return the clusters by the definition itself, slowly and with exact fractions."""
    count, scores, said = world
    clusters = {frozenset([node]) for node in range(count)}
    links = sorted(
        (-score, ends) for ends, score in scores.items() if score is not None and score >= THETA
    )
    same = sorted(ends for ends, word in said.items() if word is Decision.SAME)
    for ends, manual in [(ends, True) for ends in same] + [(ends, False) for _, ends in links]:
        a, b = (next(cluster for cluster in clusters if end in cluster) for end in ends)
        across = [tuple(sorted(pair)) for pair in product(a, b)]
        if a == b or any(said.get(pair) is Decision.DIFFERENT for pair in across):
            continue
        values = [scores[pair] for pair in across]
        if not manual:
            if None in values:
                continue
            mean = sum(Fraction(str(value)) for value in values) / len(values)
            if mean < Fraction(str(THETA)):
                continue
        clusters = clusters - {a, b} | {a | b}
    return clusters


@given(worlds())
def test_a_cut_is_what_the_definition_says(world):
    assert by_name(world) == reference(world)


@given(worlds(most=9), st.randoms(use_true_random=False), st.sampled_from([2, 3, 200]))
def test_neither_ids_nor_order_show_in_a_cut(world, random, cap):
    ids = random.sample(range(1000), world[0])

    assert by_name(world, cap=cap) == by_name(world, ids, cap=cap, flip=True)


@given(worlds(most=9), st.sampled_from([1, 3, 200]))
def test_every_record_is_in_one_cluster_and_none_breaks_a_verdict(world, cap):
    clusters = by_name(world, cap=cap)

    assert sorted(node for cluster in clusters for node in cluster) == list(range(world[0]))
    apart = [ends for ends, word in world[2].items() if word is Decision.DIFFERENT]
    assert not any(cluster.issuperset(ends) for cluster in clusters for ends in apart)


def test_a_chain_of_likeness_is_not_one_book():
    scores = {(0, 1): 0.95, (1, 2): 0.9, (0, 2): 0.1}

    assert by_name((3, scores, {})) == {frozenset([0, 1]), frozenset([2])}


def test_a_person_overrules_a_veto_and_the_score():
    scores = {(0, 1): None, (0, 2): 0.9, (1, 2): 0.9}

    joined = by_name((3, scores, {(0, 1): Decision.SAME}))
    parted = by_name((3, scores, {(0, 2): Decision.DIFFERENT}))

    assert joined == {frozenset([0, 1, 2])}
    assert parted == {frozenset([0]), frozenset([1, 2])}


def test_contradicting_verdicts_keep_what_was_called_different_apart():
    said = {(0, 1): Decision.SAME, (1, 2): Decision.SAME, (0, 2): Decision.DIFFERENT}

    assert by_name((3, dict.fromkeys(said, 0.0), said)) == {frozenset([0, 1]), frozenset([2])}


def test_two_answers_to_one_question_count_as_different():
    both = {(1, 2): Decision.SAME, (2, 1): Decision.DIFFERENT}
    asked = Component(
        nodes=((1, name(1)), (2, name(2))),
        edges={(1, 2): 1.0},
        verdicts=both,
        compare=lambda *_: Verdict(Decision.SAME, 1.0, ()),
        theta=THETA,
    )

    assert cut(asked) == (frozenset([1]), frozenset([2]))


def test_an_oversize_component_falls_apart_at_its_weakest_links_first():
    strong = dict.fromkeys([*combinations(range(4), 2), *combinations(range(4, 8), 2)], 0.9)
    scores = dict.fromkeys(combinations(range(8), 2), 0.81) | strong

    assert by_name((8, scores, {})) == {frozenset(range(8))}
    assert by_name((8, scores, {}), cap=5) == {frozenset(range(4)), frozenset(range(4, 8))}


def test_a_huge_component_costs_no_comparison_of_all_with_all():
    size = 10_000

    def never(a: int, b: int) -> Verdict:
        raise AssertionError

    chain = Component(
        nodes=tuple((node, name(node)) for node in range(size)),
        edges={(node, node + 1): 0.9 for node in range(size - 1)},
        compare=never,
        theta=THETA,
    )

    # Neighbours go together; that all others are alike nobody said and nobody is asked.
    assert len(cut(chain)) == size // 2


def test_what_all_links_hold_together_stays_one_however_many_hold_it():
    scores = dict.fromkeys(combinations(range(12), 2), 1.0)

    assert by_name((12, scores, {}), cap=5) == {frozenset(range(12))}


def test_components_are_what_hangs_together():
    found = components("abcde", [("a", "b"), ("b", "c"), ("d", "x")])

    assert sorted(found, key=min) == [frozenset("abc"), frozenset("d"), frozenset("e")]

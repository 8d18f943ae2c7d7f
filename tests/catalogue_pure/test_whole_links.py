"""What a whole catalogue's links are, found fast, against all pairs that share a key, judged."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import combinations
from math import inf
from operator import ge
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from catalogue.cluster import whole
from catalogue.cluster.whole import Catalogue
from catalogue.cluster.whole.blocks import Blocks, pairs, shares, sort_keys
from catalogue.cluster.whole.bounding import most
from catalogue.cluster.whole.columns import digested
from catalogue.cluster.whole.desk import Desk
from catalogue.cluster.whole.judging import SAME
from catalogue.cluster.whole.rejecting import perhaps
from catalogue.cluster.whole.texts import Writing
from catalogue.match import DEPTH, Decision, Features, Policy, decide, keys, policy, refined
from catalogue.match.codes import CODES, kind_of
from catalogue.match.compare import compare, least_points, points_of
from support.features import FEATURES, VARIED


def at_once(held: list[Features], cap: int) -> set[tuple[int, int, str, float, tuple[str, ...]]]:
    rules = replace(policy(), block_cap=cap)

    def read(folder: Path) -> Catalogue:
        with Writing(folder / "names") as names, Writing(folder / "features") as texts:
            names.add(f"s\nr{number:02}" for number, _ in enumerate(held))
            texts.add(each.to_json() for each in held)
        numbers = np.arange(len(held))
        return Catalogue(numbers, numbers, {})

    with whole.work_out(read, rules, 0) as found:
        columns = zip(*(column.tolist() for column in found.links), strict=True)
        return {
            (a, b, "same" if word == SAME else "ask", score, tuple(json.loads(found.reasons[why])))
            for a, b, word, score, why in columns
        }


def one_by_one(held: list[Features], cap: int) -> set[tuple[int, int]]:
    """Return the pairs that share a usable key."""
    level = {number: set(keys(each)) for number, each in enumerate(held)}
    candidates: set[tuple[int, int]] = set()
    for _ in range(DEPTH + 1):
        blocks: defaultdict[str, list[int]] = defaultdict(list)
        for number, those in level.items():
            for key in those:
                blocks[key].append(number)
        dead = {key for key, block in blocks.items() if len(block) > cap}
        for key in blocks.keys() - dead:
            candidates |= set(combinations(blocks[key], 2))
        level = {
            number: {less for key in those & dead for less in refined(key, held[number])}
            for number, those in level.items()
        }
    return candidates


@contextmanager
def made_ready(held: list[Features]) -> Iterator[Path]:
    with TemporaryDirectory() as place:
        folder = Path(place)
        made = digested([each.to_json() for each in held], policy())
        made.columns.save(folder)
        with Writing(folder / "titles") as titles, Writing(folder / "imprints") as imprints:
            titles.add(made.titles)
            imprints.add(made.imprints)
        yield folder


def at_most(folder: Path, rules: Policy, pairs: list[tuple[int, int]], least: float) -> list[float]:
    a, b = np.array(pairs, np.int32).reshape(-1, 2).T
    desk = Desk(folder, rules)
    found = most(desk, a, b, least)
    desk.close()
    return [float(points) for points in found]


@settings(max_examples=40)
@given(held=st.lists(FEATURES | VARIED, max_size=14), cap=st.sampled_from((2, 4, 500)))
def test_links_are_what_all_pairs_of_a_key_are_judged_to_be(held, cap):
    links = at_once(held, cap)

    verdicts = {(a, b): decide(held[a], held[b]) for a, b in one_by_one(held, cap)}
    expected = {
        (a, b, verdict.decision.value, verdict.score, verdict.reasons)
        for (a, b), verdict in verdicts.items()
        if verdict.decision is not Decision.DIFFERENT
    }
    assert links == expected


@settings(max_examples=40)
@given(one=FEATURES, two=FEATURES)
def test_a_pair_that_is_dropped_unasked_would_be_called_different(one, two):
    columns = digested([one.to_json(), two.to_json()], policy()).columns
    a, b = np.zeros(1, np.int32), np.ones(1, np.int32)

    kept = len(perhaps(columns, a, b)[0]) + len(perhaps(columns, b, a)[0])

    assert kept or decide(one, two).decision is Decision.DIFFERENT


@settings(max_examples=12)
@given(held=st.lists(VARIED, min_size=2, max_size=16), chance=st.randoms(use_true_random=False))
def test_no_pair_has_more_points_than_the_most_it_was_said_to_have(held, chance):
    ends = [*combinations(range(len(held)), 2)]
    codes = [[item.code for item in compare(held[a], held[b], policy())] for a, b in ends]
    with made_ready(held) as folder:
        # Of one kind at a time: the most of others would hide that too little was taken.
        for kind in sorted({kind_of(code) for code in policy().weights}):
            weights = dict.fromkeys(policy().weights, 0.0)
            weights |= {code: chance.uniform(-3, 3) for code in weights if kind_of(code) == kind}
            rules = replace(policy(), weights=weights, together={})
            told = at_most(folder, rules, ends, -inf)

            exact = [sum(weights[code] for code in some) for some in codes]
            assert all(map(ge, told, [points - 1e-9 for points in exact])), kind
            assert told == at_most(folder, rules, [(b, a) for a, b in ends], -inf)


@settings(max_examples=12)
@given(held=st.lists(VARIED, min_size=2, max_size=12), chance=st.randoms(use_true_random=False))
def test_no_pair_has_more_points_together_than_it_was_said_to_have(held, chance):
    ends = [*combinations(range(len(held)), 2)]
    codes = [{item.code for item in compare(held[a], held[b], policy())} for a, b in ends]
    nothing = dict.fromkeys(policy().weights, 0.0)
    with made_ready(held) as folder:
        for _ in range(20):
            two = sorted(chance.sample(CODES, 2))
            together = {(two[0], two[1]): chance.uniform(-3, 3)}
            rules = replace(policy(), weights=nothing, together=together)
            told = at_most(folder, rules, ends, -inf)

            exact = [points_of(some, rules) for some in codes]
            assert all(map(ge, told, [points - 1e-9 for points in exact])), two


def test_what_columns_and_imprints_tell_brings_different_books_out_of_reach():
    book = Features(
        bare="kinh te vi mo", author="dung nguyen", names=("dung nguyen",), publishers=("lao dong",)
    )
    here = structs.replace(book, place="ha noi", years=(2001,), coded_year=2001, pages=200)
    other = structs.replace(
        here, author="binh le van", names=("binh le van",), years=(2009,), pages=450
    )
    least = least_points(policy())

    with made_ready([here, here, structs.replace(other, coded_year=2009)]) as folder:
        same, different = at_most(folder, policy(), [(0, 1), (0, 2)], least)

    assert same >= least > different


@given(
    held=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 30)), unique=True, max_size=60),
    cap=st.integers(2, 6),
)
def test_sorted_keys_give_each_pair_of_a_usable_key_once(held, cap):
    held.sort(key=lambda each: each[1])
    found = sort_keys(
        np.array([key for key, _ in held], np.uint64),
        np.array([record for _, record in held], np.int32),
        cap,
    )
    sizes = Counter(key for key, _ in held)
    of = {key: [record for each, record in held if each == key] for key in sizes}
    expected = Counter(
        pair for key, size in sizes.items() if size <= cap for pair in combinations(of[key], 2)
    )

    got: Counter[tuple[int, int]] = Counter()
    for share in shares(found.usable):
        for a, b in pairs(Blocks(*share)):
            got.update(zip(a.tolist(), b.tolist(), strict=True))
    assert got == expected
    assert set(found.dead.tolist()) == {key for key, size in sizes.items() if size > cap}
    assert set(found.holders.tolist()) == {r for k, s in sizes.items() if s > cap for r in of[k]}

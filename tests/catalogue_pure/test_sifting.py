"""Candidates dropped many at a time: none that would be matched or asked about."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.cluster.read import Node
from catalogue.cluster.sifting import promising
from catalogue.match import Decision, Features, decide, policy
from support.features import FEATURES, VARIED


@settings(max_examples=60)
@given(held=st.lists(FEATURES | VARIED, min_size=2, max_size=14))
def test_no_pair_that_would_be_matched_or_asked_about_is_dropped(held):
    known = {3 * at: Node(name=("s", str(at)), features=each) for at, each in enumerate(held)}
    pairs = list(combinations(known, 2))

    kept = promising(pairs, known, policy())

    wanted = {
        (a, b)
        for a, b in pairs
        if decide(known[a].features, known[b].features).decision is not Decision.DIFFERENT
    }
    assert wanted <= set(kept) <= set(pairs)
    assert kept == sorted(set(kept))


@settings(max_examples=30)
@given(held=st.lists(FEATURES | VARIED, min_size=2, max_size=10))
def test_no_pair_whose_authors_are_known_as_one_person_is_dropped(held):
    names = dict.fromkeys((each.author_key for each in held if each.author_key), "one")
    known = {at: Node(name=("s", str(at)), features=each) for at, each in enumerate(held)}
    pairs = list(combinations(known, 2))
    mine = replace(policy(), names=names)

    wanted = {
        (a, b)
        for a, b in pairs
        if decide(known[a].features, known[b].features, mine).decision is not Decision.DIFFERENT
    }
    assert wanted <= set(promising(pairs, known, mine))


def test_books_of_like_titles_are_dropped_unasked():
    book = Features(
        bare="kinh te vi mo",
        author="dung nguyen",
        names=("dung nguyen",),
        publishers=("lao dong",),
        years=(2010,),
        coded_year=2010,
        pages=300,
    )
    others = [
        Features(
            bare="kinh te vi mo",
            author=name,
            names=(name,),
            years=(year,),
            coded_year=year,
            pages=9,
        )
        for name, year in (("binh le van", 1999), ("hoa tran thi", 2004))
    ]
    known = {
        at: Node(name=("s", str(at)), features=each)
        for at, each in enumerate([book, book, *others])
    }

    assert promising(list(combinations(known, 2)), known, policy()) == [(0, 1)]

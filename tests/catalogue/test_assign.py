from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.cluster.assign import Tombstone, assign


def test_a_group_without_a_past_is_new():
    assert assign([frozenset({1})], {}, []).kept == {}


def test_a_merge_keeps_the_larger_clusters_id():
    result = assign([frozenset({1, 2, 3})], {1: 10, 2: 20, 3: 20}, [10, 20])

    assert (result.kept, result.lost) == ({0: 20}, {10: 0})


def test_a_tie_keeps_the_older_id():
    assert assign([frozenset({1, 2})], {1: 20, 2: 10}, [10, 20]).kept == {0: 10}


def test_a_split_gives_the_new_id_to_the_smaller_part():
    result = assign([frozenset({3}), frozenset({1, 2})], {1: 10, 2: 10, 3: 10}, [10])

    assert (result.kept, result.lost) == ({1: 10}, {})


def test_a_cluster_that_lost_all_its_records_has_no_successor():
    assert assign([], {9: 10}, [10]).lost == {10: None}


def test_one_cluster_split_and_another_merged_in_one_go():
    groups = [frozenset({1, 2, 5}), frozenset({3, 4})]

    result = assign(groups, {1: 10, 2: 10, 3: 10, 4: 10, 5: 20}, [10, 20])

    assert (result.kept, result.lost) == ({0: 10}, {20: 0})


def gone(cluster: int, brought: set[int], into: int, *, heir: int = 0, order: int = 1) -> Tombstone:
    return Tombstone(
        cluster=cluster, heir=heir or into, into=into, order=order, records=frozenset(brought)
    )


def test_what_a_merge_brought_takes_its_id_again_when_it_parts() -> None:
    result = assign([{1, 2}, {3}], {1: 10, 2: 10, 3: 10}, [10], [gone(20, {3}, 10)])

    assert (result.kept, result.back, result.led) == ({0: 10, 1: 20}, {20}, {})


def test_of_equal_parts_that_which_is_its_own_keeps_the_id() -> None:
    # The older record is that of the younger cluster.
    result = assign([{1}, {2}], {1: 10, 2: 10}, [10], [gone(20, {1}, 10)])

    assert (result.kept, result.back) == ({1: 10, 0: 20}, {20})


def test_the_larger_part_keeps_the_id_unless_one_merge_had_brought_all_of_it() -> None:
    before = dict.fromkeys((1, 2, 3, 4), 10)
    mixed = assign([{1}, {2, 3, 4}], before, [10], [gone(20, {3, 4}, 10)])
    brought = assign([{1}, {2, 3, 4}], before, [10], [gone(20, {2, 3, 4}, 10)])

    assert (mixed.kept, mixed.back, mixed.led) == ({1: 10}, set(), {})
    assert (brought.kept, brought.back) == ({0: 10, 1: 20}, {20})


def test_what_parts_evenly_stays_merged_away() -> None:
    before = dict.fromkeys((1, 2, 3), 10)
    result = assign([{2, 3}, {1}], before, [10], [gone(20, {1, 3}, 10)])

    assert (result.kept, result.back, result.led) == ({0: 10}, set(), {})


def test_where_nothing_is_its_own_a_cluster_keeps_what_it_had_first() -> None:
    two = [gone(20, {2}, 10, order=1), gone(30, {1}, 10, order=2)]
    result = assign([{1}, {2}], {1: 10, 2: 10}, [10], two)

    assert (result.kept, result.back, result.led) == ({1: 10, 0: 30}, {30}, {})


def test_what_parts_evenly_among_others_goes_to_the_oldest_record() -> None:
    before = dict.fromkeys((1, 2, 3), 10)
    result = assign([{1}, {2}, {3}], before, [10], [gone(20, {2, 3}, 10)])

    assert (result.kept, result.back) == ({0: 10, 1: 20}, {20})


def test_what_goes_to_a_cluster_that_there_is_leads_there() -> None:
    result = assign([{1}, {2, 3, 4}], {1: 10, 2: 10, 3: 10, 4: 5}, [5, 10], [gone(20, {2, 3}, 10)])

    assert (result.kept, result.back, result.led) == ({0: 10, 1: 5}, set(), {20: 1})


def test_of_two_that_brought_a_group_the_one_that_brought_more_has_it() -> None:
    before = dict.fromkeys((1, 2, 3, 4, 5, 6), 10)
    two = [gone(20, {4}, 10, order=2), gone(30, {5, 6}, 10, order=1)]
    result = assign([{1, 2, 3}, {4, 5, 6}], before, [10], two)

    assert (result.kept, result.back, result.led) == ({0: 10, 1: 30}, {30}, {20: 1})


def test_of_two_that_brought_as_much_the_one_merged_last_has_it() -> None:
    before = dict.fromkeys((1, 2, 3, 4), 10)
    two = [gone(20, {3}, 10, order=1), gone(30, {4}, 10, order=2)]
    result = assign([{1, 2}, {3, 4}], before, [10], two)

    assert (result.kept, result.led) == ({0: 10, 1: 30}, {20: 1})


def test_of_a_chain_all_that_parts_at_once_has_its_own_id() -> None:
    before = dict.fromkeys((1, 2, 3), 10)
    chain = [gone(20, {3}, 30, heir=10, order=1), gone(30, {2, 3}, 10, order=2)]
    once = assign([{1}, {2, 3}], before, [10], chain)
    all_ = assign([{1}, {2}, {3}], before, [10], chain)
    inner = assign([{1, 2}, {3}], before, [10], chain)

    assert (once.kept, once.led) == ({0: 10, 1: 30}, {20: 1})
    assert (all_.kept, all_.back) == ({0: 10, 1: 30, 2: 20}, {20, 30})
    assert (inner.kept, inner.back, inner.led) == ({0: 10, 1: 20}, {20}, {})


def test_what_brought_nothing_that_is_left_stays_where_it_went() -> None:
    chain = [gone(20, {9}, 30, heir=10, order=1), gone(30, {2}, 10, order=2)]
    result = assign([{1}, {2}], {1: 10, 2: 10}, [10], chain)

    assert (result.kept, result.led) == ({0: 10, 1: 30}, {20: 1})


class Ids:
    """All ids ever given, as placements of all records one after the other leave them."""

    def __init__(self) -> None:
        self.home: dict[int, int] = {}
        self.leads: dict[int, int | None] = {}
        self.merges: dict[int, Tombstone] = {}
        self.number = 0

    def place(self, groups: Sequence[frozenset[int]]) -> None:
        old = sorted(set(self.home.values()))
        found = assign(groups, self.home, old, self._parting(groups))
        clusters = dict(found.kept)
        for position in range(len(groups)):
            if position not in clusters:
                clusters[position] = self._next()
        now = {record: clusters[at] for at, group in enumerate(groups) for record in group}
        for cluster, heir in sorted(found.lost.items(), reverse=True):
            self._end(cluster, None if heir is None else clusters[heir], now)
        for cluster in found.back:
            assert self.leads.pop(cluster) in old
        self.leads |= {cluster: clusters[at] for cluster, at in found.led.items()}
        self.home = now

    def _end(self, cluster: int, heir: int | None, now: Mapping[int, int]) -> None:
        for each, leads in self.leads.items():
            if leads == cluster:
                self.leads[each] = heir
        self.leads[cluster] = heir
        if heir is not None:
            went = {r for r, at in self.home.items() if at == cluster and now.get(r) == heir}
            self.merges[cluster] = gone(cluster, went, heir, order=self._next())

    def _next(self) -> int:
        self.number += 1
        return self.number

    def _parting(self, groups: Sequence[frozenset[int]]) -> list[Tombstone]:
        at = {record: position for position, group in enumerate(groups) for record in group}
        places: dict[int, set[int]] = {}
        for record, cluster in self.home.items():
            places.setdefault(cluster, set()).update({at[record]} if record in at else ())
        return [
            replace(self.merges[cluster], heir=heir)
            for cluster, heir in self.leads.items()
            if heir is not None and len(places[heir]) > 1
        ]


def groups_of(homes: Sequence[int]) -> list[frozenset[int]]:
    """Return the groups of records numbered from 1, given a number for each record's; 0 = none."""
    return [
        frozenset(record for record, home in enumerate(homes, 1) if home == each)
        for each in sorted({*homes} - {0})
    ]


partitions = st.lists(st.integers(0, 5), min_size=7, max_size=7).map(groups_of)


@settings(max_examples=120)
@given(st.lists(partitions, min_size=1, max_size=8))
def test_every_id_ever_given_is_live_or_leads_to_one_that_is_or_ended(history) -> None:
    ids = Ids()
    for groups in history:
        ids.place(groups)
        live = set(ids.home.values())

        assert len(live) == len(groups)
        assert not live & ids.leads.keys()
        assert set(ids.leads.values()) <= live | {None}


@settings(max_examples=120)
@given(st.lists(partitions, min_size=1, max_size=6), st.sets(st.integers(0, 4), min_size=2))
def test_clusters_merged_and_parted_again_have_the_ids_they_had(history, merging) -> None:
    ids = Ids()
    for groups in history:
        ids.place(groups)
    apart = history[-1]
    one = frozenset().union(*(apart[each] for each in merging if each < len(apart)))
    together = [*(group for group in apart if not group & one), *([one] if one else [])]
    seen: list[tuple[object, ...]] = [(dict(ids.home),)]
    for groups in (together, apart) * 3:
        ids.place(groups)
        seen.append((dict(ids.home), dict(ids.leads)))

    assert [home for home, *_ in seen[2:]] == [home for home, *_ in seen[:-2]]
    # What led elsewhere than where its records are is put right by the first parting.
    assert seen[4:] == seen[2:-2]

from __future__ import annotations

from catalogue.cluster.assign import assign


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

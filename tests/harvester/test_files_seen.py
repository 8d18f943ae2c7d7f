"""Identifiers that were seen are found again, however many they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvester.files.seen import Seen


@given(
    st.lists(st.tuples(st.text(max_size=2), st.binary(max_size=1))), st.sampled_from([0, 1 << 19])
)
def test_each_record_of_an_identifier_has_a_number_of_its_own(came, in_memory):
    expected, known = [], {}
    for name, body in came:
        bodies = known.setdefault(name, [])
        if body not in bodies:
            bodies.append(body)
        expected.append(bodies.index(body) + 1)

    with Seen("a.mrc", in_memory=in_memory) as seen:
        assert [seen.version(name, body) for name, body in came] == expected


@pytest.mark.parametrize("in_memory", [0, 1 << 14, 1 << 19])
def test_it_grows_and_forgets_nothing(in_memory):
    with Seen("a.mrc", in_memory=in_memory) as seen:
        first = [seen.version(str(number), b"a") for number in range(20_000)]
        again = [seen.version(str(number), b"b") for number in range(20_000)]

    assert (set(first), set(again)) == ({1}, {2})

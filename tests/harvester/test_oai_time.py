"""Windows of time: nothing between them, nothing outside, and ever smaller."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from harvester.oai.windows import DAY, Limits, Window, first_piece, halves, in_parts
from protocols.oai import Granularity, format_stamp

NOW = 1_700_000_000


@st.composite
def cases(draw) -> tuple[Window, Limits]:
    granularity = draw(st.sampled_from(Granularity))
    low = draw(st.integers(0, NOW))
    high = draw(st.integers(low, NOW))
    ends = [format_stamp(each, granularity) for each in (low, high)]
    window = Window(*(draw(st.sampled_from(["", end])) for end in ends))
    return window, Limits(granularity, draw(st.integers(0, NOW)), NOW)


@given(case=cases())
def test_two_halves_meet_and_are_as_open_as_the_whole(case):
    window, limits = case
    cut = halves(window, limits)
    if cut is None:
        low, high = limits.span(window)

        assert high - low <= 2 * limits.grain
        return
    early, late = cut

    assert (early.low, late.high) == (window.low, window.high)
    assert early.high == late.low != ""


@given(case=cases())
def test_halving_comes_to_an_end(case):
    window, limits = case
    depth = 0
    while cut := halves(window, limits):
        window = cut[depth % 2]
        depth += 1

        assert depth < 64


@given(case=cases(), parts=st.integers(1, 50))
def test_pieces_follow_each_other_without_a_gap_to_the_end(case, parts):
    window, limits = case
    rest, pieces = in_parts(window, parts, limits), []
    while cut := first_piece(rest, limits):
        piece, rest = cut
        pieces.append(piece)
    pieces.append(rest)

    assert (pieces[0].low, pieces[-1].high) == (window.low, window.high)
    assert all(one.high == two.low for one, two in pairwise(pieces))
    assert len(pieces) <= parts + 2


def test_a_day_is_not_cut_where_the_server_knows_only_days():
    limits = Limits(Granularity.DAY, 0, NOW)

    assert halves(Window("2020-01-01", "2020-01-02"), limits) is None
    assert halves(Window("2020-01-01", "2020-01-03"), limits) == (
        Window("2020-01-01", "2020-01-02"),
        Window("2020-01-02", "2020-01-03"),
    )
    assert limits.grain == DAY

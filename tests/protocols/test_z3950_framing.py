"""Messages are cut out of a stream whatever pieces it comes in, each byte looked at once."""

from __future__ import annotations

import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.z3950 import Framer, framing
from protocols.z3950.ber import MAX_DEPTH
from protocols.z3950.errors import NotZ3950, PduMalformed, PduTooDeep, PduTooLarge
from support.z3950 import captured

CLOSE = bytes.fromhex("bf3005 9f81530100")
INDEFINITE = bytes.fromhex("bf3080 9f8153020100 3080 2480 0401610000 0000 0000")
RECORD = b"\x30\x80\x04\x82\x06\x40" + bytes(1_600) + b"\x00\x00"


def cut(stream: bytes, size: int) -> list[bytes]:
    framer = Framer()
    pieces = [stream[at : at + size] for at in range(0, len(stream), size)]
    found = [message for piece in pieces for message in framer.feed(piece)]

    assert framer.waiting == 0
    return found


@given(st.lists(st.sampled_from((CLOSE, INDEFINITE)), max_size=6), st.data())
def test_messages_come_out_whole_whatever_pieces_they_came_in(messages, data):
    stream = b"".join(messages)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    framer = Framer()
    pieces = [stream[one:other] for one, other in pairwise([0, *cuts, len(stream)])]

    assert [each for piece in pieces for each in framer.feed(piece)] == messages


@pytest.mark.parametrize("size", [1, 7, 4_096, 1 << 20])
def test_captured_streams_are_cut_as_they_were_sent(shared, size):
    sent = [octets for _, octets in captured(shared)]

    assert cut(b"".join(sent), size) == sent


def test_no_prefix_of_a_captured_message_is_whole(shared):
    for _, octets in captured(shared):
        framer = Framer()
        whole = [framer.feed(octets[at : at + 1]) for at in range(len(octets) - 1)]

        assert not any(whole)
        assert framer.feed(octets[-1:]) == [octets]


def test_a_long_message_in_small_pieces_is_looked_at_once(monkeypatch):
    records = 7_200
    message = b"\xb9\x80" + RECORD * records + b"\x00\x00"
    looked = []
    prefix = framing.prefix
    monkeypatch.setattr(framing, "prefix", lambda held, at: looked.append(at) or prefix(held, at))

    assert cut(message, 4_096) == [message]
    assert len(message) > 11_500_000
    # An element whose beginning falls between two pieces is begun again.
    assert len(looked) <= 2 * records + 1 + len(message) // 4_096


@pytest.mark.parametrize("first", [b"GET / HTTP/1.1", b"\x00", b"\x30\x03", b"\x94\x00", b"\x74"])
def test_what_is_no_message_is_refused_by_its_first_byte(first):
    with pytest.raises(NotZ3950):
        Framer().feed(first)


@pytest.mark.parametrize(
    "hostile",
    [
        "b684ffffffff",
        "b688ffffffffffffffff",
        "b68401000001",
        "b680 0484ffffffff",
        "b680 3084ffffff00",
    ],
)
def test_a_length_beyond_the_bound_is_refused_before_anything_is_held(hostile):
    tracemalloc.start()
    try:
        with pytest.raises(PduTooLarge):
            Framer().feed(bytes.fromhex(hostile))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 100_000


def test_a_message_as_long_as_the_bound_is_taken_and_a_longer_one_is_not():
    message = b"\xb6\x80" + b"\x04\x04abcd" * 10 + b"\x00\x00"

    assert Framer(len(message)).feed(message) == [message]
    with pytest.raises(PduTooLarge):
        Framer(len(message) - 1).feed(message)


def test_lengths_that_are_none_are_refused():
    with pytest.raises(PduMalformed):
        Framer().feed(bytes.fromhex("b689"))
    with pytest.raises(PduMalformed):
        Framer().feed(bytes.fromhex("b680 0480"))


def test_a_message_may_be_as_deep_as_the_bound_says():
    deepest = b"\xb6\x80" + b"\x30\x80" * (MAX_DEPTH - 1) + b"\x00\x00" * MAX_DEPTH

    assert cut(deepest, 100) == [deepest]
    with pytest.raises(PduTooDeep):
        Framer().feed(b"\xb6\x80" + b"\x30\x80" * MAX_DEPTH)

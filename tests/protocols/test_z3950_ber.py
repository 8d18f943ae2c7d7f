"""The basic encoding rules: all that X.690 allows is read, the shortest form is written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.z3950 import ber
from protocols.z3950.errors import (
    PduMalformed,
    PduTooDeep,
    PduTruncated,
    Unwritable,
)

SEQUENCE, OCTETS = 0x30, 0x04


def placed(text: str) -> tuple[int, int, int, int]:
    data = bytes.fromhex(text)
    return ber.element(data, 0, len(data), {})


def string(text: str) -> bytes:
    data = bytes.fromhex(text)
    return ber.joined_octets(data, 0, len(data), {})


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("0403616263", (OCTETS, 2, 5, 5)),
        ("048103616263", (OCTETS, 3, 6, 6)),
        ("048800000000000000036162 63", (OCTETS, 10, 13, 13)),
        ("3080 0000", (SEQUENCE, 2, 2, 4)),
        ("3080 040161 0000", (SEQUENCE, 2, 5, 7)),
        ("3080 3080 3003040161 0000 0000 ff", (SEQUENCE, 2, 11, 13)),
        ("3080 3004 04020000 0000", (SEQUENCE, 2, 8, 10)),
        ("bf8148 00", (0xBF8148, 4, 4, 4)),
        ("9f1f 00", (0x9F1F, 3, 3, 3)),
    ],
)
def test_an_element_is_found_however_its_length_is_told(text, place):
    assert placed(text) == place


@pytest.mark.parametrize(
    "text",
    [
        "",
        "04",
        "0402 61",
        "0481",
        "048201",
        "3080",
        "3080 0401",
        "3080 00",
        "bf",
        "bf81",
        "3080 3003",
    ],
)
def test_an_element_that_is_cut_off_is_truncated(text):
    with pytest.raises(PduTruncated):
        placed(text)


@pytest.mark.parametrize("text", ["04800000", "04ff", "0489", "bf8181818181", "1f80808080 80"])
def test_lengths_and_identifiers_that_are_none_are_malformed(text):
    with pytest.raises(PduMalformed):
        placed(text)


def test_an_element_does_not_reach_beyond_what_holds_it():
    with pytest.raises(PduTruncated):
        ber.element(bytes.fromhex("0403616263"), 0, 4, {})
    with pytest.raises(PduTruncated):
        ber.element(bytes.fromhex("3080040161 0000"), 0, 6, {})


def test_each_end_is_looked_for_once():
    data = bytes.fromhex("3080" * 100 + "0000" * 100)
    ends: ber.Ends = {}
    ber.element(data, 0, len(data), ends)

    assert ends == {2 * depth: 400 - 2 * depth for depth in range(1, 101)}


def test_elements_may_lie_within_each_other_as_deep_as_the_bound_says():
    deepest = "3080" * ber.MAX_DEPTH + "0000" * ber.MAX_DEPTH

    assert placed(deepest)[2] == len(deepest) // 2 - 2
    with pytest.raises(PduTooDeep):
        placed("3080" * (ber.MAX_DEPTH + 1) + "0000" * (ber.MAX_DEPTH + 1))
    with pytest.raises(PduTooDeep):
        string("2480" * (ber.MAX_DEPTH + 1) + "0000" * (ber.MAX_DEPTH + 1))


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("", b""),
        ("040161 040162", b"ab"),
        ("240604016104 0162 040163", b"abc"),
        ("2480 040161 2480 040162 0000 0000 040163", b"abc"),
        ("1b0161 1a0162", b"ab"),
    ],
)
def test_strings_in_pieces_are_joined_however_deep_the_pieces_are(text, joined):
    assert string(text) == joined


def test_pieces_of_something_else_than_a_string_are_malformed():
    with pytest.raises(PduMalformed):
        string("810161")


def test_any_octet_but_zero_is_true():
    truths = {octet: ber.boolean(bytes((octet,)), 0, 1, {}) for octet in range(256)}

    assert [octet for octet, truth in truths.items() if not truth] == [0]
    with pytest.raises(PduMalformed):
        ber.boolean(b"\x01\x01", 0, 2, {})


@given(st.integers(-(2**63), 2**63 - 1))
def test_numbers_are_written_in_as_few_octets_as_can_be_and_read_back(number):
    octets = ber.integer_octets(number)

    assert ber.integer(octets, 0, len(octets), {}) == number
    assert len(octets) == 1 or not -(2 ** (8 * len(octets) - 9)) <= number < 2 ** (
        8 * len(octets) - 9
    )


@pytest.mark.parametrize("octets", [b"", b"\x00" * 9])
def test_numbers_of_no_octet_or_of_more_than_64_bits_are_malformed(octets):
    with pytest.raises(PduMalformed):
        ber.integer(octets, 0, len(octets), {})


@pytest.mark.parametrize("number", [2**63, -(2**63) - 1, 2**200])
def test_numbers_of_more_than_64_bits_are_not_written(number):
    with pytest.raises(Unwritable):
        ber.integer_octets(number)


@given(st.binary(max_size=40))
def test_text_keeps_all_its_bytes(octets):
    assert ber.text_octets(ber.text(octets, 0, len(octets), {})) == octets


def test_half_a_surrogate_pair_is_not_written():
    with pytest.raises(Unwritable):
        ber.text_octets("\ud800")


@pytest.mark.parametrize(
    ("dotted", "octets"),
    [
        ("1.2.840.10003.5.10", "2a8648ce13050a"),
        ("2.999.1", "883701"),
        ("0.39.0", "2700"),
        ("1.0.10646.1.0.8", "28d316010008"),
    ],
)
def test_object_identifiers_are_read_and_written(dotted, octets):
    assert ber.oid_octets(dotted).hex() == octets
    assert ber.oid(bytes.fromhex(octets), 0, len(octets) // 2, {}) == dotted


@pytest.mark.parametrize("octets", [b"", b"\x81", b"\x2a\x86", b"\x01" * 65])
def test_object_identifiers_that_are_cut_off_or_endless_are_malformed(octets):
    with pytest.raises(PduMalformed):
        ber.oid(octets, 0, len(octets), {})


@pytest.mark.parametrize(
    "dotted", ["", "1", "1.", "3.1", "1.40", "1.2.x", "1.02", "1.²", "1.-2", "1." + "9" * 5000]
)
def test_what_is_no_object_identifier_is_not_written(dotted):
    with pytest.raises(Unwritable):
        ber.oid_octets(dotted)


@pytest.mark.parametrize(
    ("text", "bits"),
    [("00", (b"", 0)), ("05e0", (b"\xe0", 5)), ("00e9a2", (b"\xe9\xa2", 0))],
)
def test_bits_are_octets_and_how_many_are_not_used(text, bits):
    data = bytes.fromhex(text)

    assert ber.bits(data, 0, len(data), {}) == bits
    assert ber.bits_octets(bits) == data


@pytest.mark.parametrize("text", ["", "08ff", "01"])
def test_bits_without_the_octet_that_has_unused_ones_are_malformed(text):
    data = bytes.fromhex(text)
    with pytest.raises(PduMalformed):
        ber.bits(data, 0, len(data), {})


def test_bits_in_pieces_are_joined_if_only_the_last_piece_has_unused_ones():
    whole, broken = bytes.fromhex("030200e9 030205e0"), bytes.fromhex("030205e0 030200e9")

    assert ber.joined_bits(whole, 0, len(whole), {}) == (b"\xe9\xe0", 5)
    with pytest.raises(PduMalformed):
        ber.joined_bits(broken, 0, len(broken), {})


@given(
    st.sampled_from((0x00, 0x40, 0x80, 0xC0)),
    st.integers(0, 2**28 - 1),
    st.booleans(),
    st.integers(0, 300),
)
def test_identifiers_and_lengths_are_read_as_they_were_written(kind, number, constructed, length):
    identifier = ber.identifier_octets(kind, number, constructed=constructed)
    data = ber.written(identifier, bytes(length))
    begin = len(data) - length

    assert ber.element(data, 0, len(data), {}) == (
        int.from_bytes(identifier, "big"), begin, len(data), len(data)
    )  # fmt: skip
    assert ber.identifier_constructed(int.from_bytes(identifier, "big")) == constructed

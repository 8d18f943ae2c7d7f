"""Whatever bytes come: a message, or a PduError; soon, and in little memory."""

from __future__ import annotations

import time
import tracemalloc
from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.errors import QueryError
from protocols.z3950 import Framer, decode, diagnosing, encode, externals, queries
from protocols.z3950.charsets import letters_of, negotiated, proposed
from protocols.z3950.errors import PduError
from protocols.z3950.values.common import External
from protocols.z3950.values.records import NamePlusRecord, ResponseRecords
from protocols.z3950.values.searches import PresentResponse, SearchRequest, SearchResponse
from protocols.z3950.values.sessions import InitializeRequest
from support.z3950_damaged import mutated, seeds

SOAK = 2_000_000
LARGE = 1 << 17
READERS = (
    externals.payload, externals.read_explain, externals.read_generic, externals.read_negotiation,
    externals.read_opac, externals.read_report,
)  # fmt: skip


def fate(data: bytes) -> str:
    """Return the kind of message these bytes are, or of error; what else comes is let through."""
    with suppress(PduError):
        Framer().feed(data)
    try:
        message = decode(data)
    except PduError as wrong:
        return type(wrong).__name__ if str(wrong) else ""
    assert decode(encode(message)) == message
    used(message)
    return type(message).__name__


def used(message: object) -> None:
    """Do with a message what a server or a client does."""
    if isinstance(message, SearchRequest):
        with suppress(QueryError):
            tree = queries.read(message.query)
            with suppress(QueryError):
                queries.from_rpn(queries.to_rpn(tree))
    if isinstance(message, InitializeRequest):
        negotiated(message.other_info)
        for name in proposed(message.other_info):
            letters_of(name)(bytes(range(256)))
    if isinstance(message, PresentResponse | SearchResponse):
        diagnosing.of_response(message.records)
        if isinstance(message.records, ResponseRecords):
            for each in message.records.value:
                look(each)


def look(record: NamePlusRecord) -> None:
    diagnosing.of_record(record)
    if isinstance(record.record, External):
        for reader in READERS:
            with suppress(PduError):
                reader(record.record)


def fuzzed(messages: list[bytes], count: int, seed: str) -> tuple[Counter[str], float]:
    fates: Counter[str] = Counter()
    slowest = 0.0
    for data in mutated(messages, count, seed):
        started = time.process_time()
        fates[fate(data)] += 1
        slowest = max(slowest, time.process_time() - started)
    return fates, slowest


def test_mutated_messages_are_messages_or_pdu_errors(shared):
    fates, _ = fuzzed(seeds(shared), 20_000, "a few")

    assert fates["PduTruncated"] > 1_000
    assert fates["ElementMissing"] > 500
    assert fates["SearchRequest"] > 400
    assert sum(fates.values()) == 20_000
    assert "" not in fates


@pytest.mark.soak
def test_millions_of_mutated_messages_are_messages_or_pdu_errors(shared):
    fates, slowest = fuzzed(seeds(shared), SOAK, "many")
    print(f"{slowest:.3f} s at most;", *fates.most_common())

    assert sum(fates.values()) == SOAK
    assert slowest < 1


@given(st.binary(max_size=200), st.sampled_from((b"", b"\xb6", b"\xb9\x80", b"\xbf\x2e\x81")))
def test_noise_is_a_message_or_a_pdu_error(noise, begun):
    assert fate(begun + noise)


def tlv(identifier: str, contents: bytes) -> bytes:
    return bytes.fromhex(identifier) + b"\x84" + len(contents).to_bytes(4, "big") + contents


def many(unit: str) -> bytes:
    octets = bytes.fromhex(unit)
    return octets * (LARGE // len(octets))


def searching(
    *, names: bytes = b"", query: bytes = b"\xa2\x02\x04\x00", small: bytes = b"\x01"
) -> bytes:
    head = tlv("8d", small) + bytes.fromhex("8e0101 8f0100 9001ff 910131")
    return tlv("b6", head + tlv("b2", names) + tlv("b5", query))


def closing(contents: bytes) -> bytes:
    return tlv("bf30", bytes.fromhex("9f81530100") + contents)


def asking(rpn: bytes) -> bytes:
    return searching(query=tlv("a1", bytes.fromhex("06072a8648ce130301") + rpn))


def operand(attributes: bytes, term: bytes = b"\x9f\x2d\x00") -> bytes:
    return asking(tlv("a0", tlv("bf66", tlv("bf2c", attributes) + term)))


HOSTILE = {
    "empty names": searching(names=many("9f6900")),
    "other information": closing(tlv("bf8149", many("3003820161"))),
    "attributes": operand(many("3009 9f780101 9f79020101")),
    "names in one attribute": operand(
        tlv("30", b"\x9f\x78\x01\x01" + tlv("bf8160", tlv("a1", many("8100"))))
    ),
    "pieces of a term": operand(b"", tlv("bf2d", many("0400"))),
    "empty elements without length": closing(many("30800000")),
    "unknown elements": closing(many("0500")),
    "bits": tlv(
        "b4",
        bytes.fromhex("830205e0") + tlv("84", bytes(LARGE)) + bytes.fromhex("850101 860101"),
    ),
    "a long number": searching(small=bytes(LARGE)),
    "operands without operator": asking(tlv("a1", many("a0039f1f00"))),
    "elements without end": b"\xb6\x80" + many("a180"),
}
REFUSED = {"a long number", "operands without operator", "elements without end"}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_message_takes_no_more_memory_than_some_times_its_length(name):
    data = HOSTILE[name]
    fate(data[:100])
    tracemalloc.start()
    try:
        with suppress(PduError):
            decode(data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 32 * len(data)


def test_hostile_messages_are_read_as_far_as_they_follow_the_rules():
    refused = set()
    for name, data in HOSTILE.items():
        try:
            decode(data)
        except PduError:
            refused.add(name)

    assert refused == REFUSED

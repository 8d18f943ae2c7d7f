"""Messages are read as what they say and written back the same."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from typing import get_args

import pytest
from hypothesis import given

from protocols.rpn.tree import MAX_DEPTH as DEEPEST_TREE
from protocols.z3950 import decode, encode
from protocols.z3950.asn1 import Choice, Named, Sequence, SequenceOf, Tagged, Type, read, schema
from protocols.z3950.ber import MAX_DEPTH
from protocols.z3950.binding import codec
from protocols.z3950.errors import (
    ElementMissing,
    ElementTwice,
    PduError,
    PduMalformed,
    PduTooDeep,
    PduTruncated,
    PduUnknown,
    Unwritable,
)
from protocols.z3950.externals import read_as
from protocols.z3950.queries import from_rpn
from protocols.z3950.values.common import Bits, External, OctetAligned, Option
from protocols.z3950.values.pdus import Pdu
from protocols.z3950.values.queries import GeneralTerm, Or, RPNQuery, Type1
from protocols.z3950.values.records import ResponseRecords
from protocols.z3950.values.searches import PresentResponse, SearchRequest
from protocols.z3950.values.sessions import Close, InitializeRequest
from support.queries import chain
from support.z3950 import bound, captured, search, values

WHOLE = 2_000
READ_BY_A_LOOP = {"RPNStructure", "RpnRpnOp", "Subtree", "GenericRecord"}


def octets(text: str) -> bytes:
    return bytes.fromhex(text.replace(" ", ""))


def test_every_captured_message_is_read_and_written_back_the_same(shared):
    messages = dict(captured(shared))
    first = {place: decode(message) for place, message in messages.items()}

    assert {place: decode(encode(value)) for place, value in first.items()} == first
    assert len(first) == 258


def test_no_prefix_of_a_captured_message_is_read(shared):
    for place, message in captured(shared):
        for end in range(min(len(message), WHOLE)):
            with pytest.raises(PduTruncated):
                decode(message[:end])
            assert place


@given(values("PDU"))
def test_any_message_is_written_and_read_back_the_same(message):
    assert decode(encode(message)) == message


@pytest.mark.parametrize(
    "name",
    [
        "OPACRecord", "GenericRecord", "SearchInfoReport", "CharSetandLanguageNegotiation",
        "SutrsRecord", "EXTERNAL", "ExplainRecord",
    ],
)  # fmt: skip
def test_what_externals_hold_is_written_and_read_back_the_same(name):
    @given(values(name))
    def holds(value):
        assert read_as(name, codec(name).write(value)) == value

    holds()


def test_the_first_message_of_a_client_says_what_it_can_do(shared):
    message = decode(dict(captured(shared))["01_basic.zebra.hex:1 >"])

    assert isinstance(message, InitializeRequest)
    assert message.implementation_name == "YAZ"
    assert message.preferred_message_size == 64 << 20
    assert message.options == Bits(octets("e9a2"), 0)
    assert {Option(bit) for bit in message.options} == {
        Option.SEARCH, Option.PRESENT, Option.DELETE_SET, Option.TRIGGER_RESOURCE_CONTROL,
        Option.SCAN, Option.SORT, Option.EXTENDED_SERVICES, Option.NAMED_RESULT_SETS,
    }  # fmt: skip


def test_records_come_with_their_syntax_and_untouched(shared):
    message = decode(dict(captured(shared))["01_basic.zebra.hex:6 <"])

    assert isinstance(message, PresentResponse)
    assert isinstance(message.records, ResponseRecords)
    records = [each.record for each in message.records.value]
    assert [each.direct_reference for each in records] == ["1.2.840.10003.5.10"] * 4
    assert [int(each.encoding.value[:5]) for each in records] == [
        len(each.encoding.value) for each in records
    ]


def test_a_query_is_in_reverse_polish_notation(shared):
    message = decode(dict(captured(shared))["03_bool_prox_trunc.zebra.hex:5 >"])

    assert isinstance(message, SearchRequest)
    assert isinstance(message.query, Type1)
    first, second, operator = message.query.value.rpn
    assert (first.term, second.term) == (GeneralTerm(b"0160904235"), GeneralTerm(b"1234-5678"))
    assert operator == Or()


def test_elements_that_are_not_known_are_passed_over():
    assert decode(octets("bf30 0c 9f8153020100 df8f7f 020500")) == Close(close_reason=256)


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("bf30 00", ElementMissing),
        ("bf30 0a 9f81530101 9f81530102", ElementTwice),
        ("bf30 05 9f815300", PduTruncated),
        ("bf30 04 9f815300", PduMalformed),
        ("bf30 06 bf8153020500", PduMalformed),
        ("bf30 05 9f81530100 00", PduMalformed),
        ("bf64 00", PduUnknown),
        ("30 00", PduUnknown),
        ("", PduTruncated),
    ],
)
def test_what_breaks_the_rules_is_told_apart(message, error):
    with pytest.raises(PduError) as raised:
        decode(octets(message))

    assert type(raised.value) is error
    assert str(raised.value)


def test_text_that_is_no_utf8_comes_back_as_it_was():
    message = octets("bf30 0b 9f81530100 8304 e92fff41")

    assert encode(decode(message)) == message


def test_a_query_as_deep_as_a_tree_may_be_is_read_and_written():
    for right in (False, True):
        message = encode(search(chain(DEEPEST_TREE, right=right)))
        query = decode(message).query.value

        assert from_rpn(query).root == chain(DEEPEST_TREE, right=right)
        assert encode(decode(message)) == message


def nested(depth: int) -> bytes:
    """Return a search for an operator in an operator, so often, with nothing in the last one."""
    made = b""
    for _ in range(depth):
        made = b"\xa1\x84" + len(made).to_bytes(4, "big") + made
    oid = octets("0607 2a8648ce130301")
    query = b"\xa1\x84" + len(oid + made).to_bytes(4, "big") + oid + made
    return (
        b"\xb6\x84"
        + (len(query) + 6).to_bytes(4, "big")
        + b"\xb5\x84"
        + len(query).to_bytes(4, "big")
        + query
    )


@pytest.mark.parametrize(("depth", "error"), [(MAX_DEPTH - 1, PduMalformed), (100_000, PduTooDeep)])
def test_a_query_that_is_deeper_than_the_bound_is_refused(depth, error):
    with pytest.raises(error):
        decode(nested(depth))


def depth(kind: Type, holders: tuple[str, ...] = ()) -> int:
    """Return how many types lie within a type at most; those read by a loop count for one."""
    match kind:
        case Named(name) if name in schema() and name not in READ_BY_A_LOOP:
            assert name not in holders
            return 1 + depth(schema()[name], (*holders, name))
        case Named():
            return 1
        case Tagged(type=inner) | SequenceOf(inner):
            return 1 + depth(inner, holders)
        case Sequence(parts) | Choice(parts):
            return 1 + max(depth(part.type, holders) for part in parts)


def test_no_type_holds_itself_but_those_that_are_read_by_a_loop():
    deepest = {name: depth(Named(name)) for name in schema().keys() - READ_BY_A_LOOP}

    assert max(deepest.values()) < 50
    assert deepest["PDU"] > 10


def test_values_that_have_no_form_are_not_written():
    record = External(direct_reference="1.2", encoding=OctetAligned(b""))
    wrong = [
        Close(close_reason=2**64),
        Close(close_reason=None),
        Close(close_reason=0, diagnostic_information="\ud800"),
        PresentResponse(
            number_of_records_returned=0,
            next_result_set_position=0,
            present_status=0,
            records=ResponseRecords((record,)),
        ),
        record,
    ]
    for value in wrong:
        with pytest.raises(Unwritable):
            encode(value)


@pytest.mark.parametrize("rpn", [(), (Or(),), (GeneralTerm(b"x"),), (Or(), Or(), Or())])
def test_operands_and_operators_that_do_not_come_out_even_are_not_written(rpn):
    with pytest.raises(Unwritable):
        codec("RPNQuery").write(RPNQuery(attribute_set="1.2", rpn=rpn))


def test_classes_are_as_the_schema_says():
    for name, kind in schema().items():
        inner = kind.type if isinstance(kind, Tagged) else kind
        if not isinstance(inner, Sequence) or name == "RpnRpnOp":
            continue
        declared = [each for each in fields(bound(name)) if each.name != "level"]

        assert [each.default is None for each in declared] == [
            each.optional for each in inner.parts
        ], name
        assert all(each.default in (None, MISSING) for each in declared)


def test_every_choice_has_a_class_for_each_alternative():
    choices = {name: kind for name, kind in schema().items() if isinstance(kind, Choice)}
    apart = {"RPNStructure"}

    assert {name: len(get_args(bound(name))) for name in choices.keys() - apart} == {
        name: len(choices[name].parts) for name in choices.keys() - apart
    }
    assert all(is_dataclass(each) for each in get_args(Pdu))


@pytest.mark.parametrize(
    "text", ["A ::= SEQUENCE [", "A B", "A ::= NULL A ::= NULL", "A ::= [x] NULL"]
)
def test_a_schema_that_is_not_understood_is_refused(text):
    with pytest.raises((ValueError, IndexError)):
        read(text)


def test_bits_are_known_by_their_numbers():
    some = Bits.of(0, 3, 14)

    assert list(some) == [0, 3, 14]
    assert (len(some), some) == (15, Bits(octets("9002"), 1))
    assert 3 in some
    assert not {1, 15, 99, -1, "3"} & {each for each in (1, 15, 99, -1, "3") if each in some}
    assert list(Bits.of()) == []

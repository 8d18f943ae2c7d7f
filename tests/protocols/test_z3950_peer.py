"""libyaz as the judge of the codec: what we write it reads, and it loses nothing of it."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from protocols.z3950 import decode, encode
from protocols.z3950.binding import codec
from protocols.z3950.externals import read_as
from protocols.z3950.oids import Kind, names_of, oid_of
from support.queries import chain
from support.yaz_codec import answers, standard_names
from support.yaz_reading import libyaz_is_there
from support.z3950 import FOR_YAZ, captured, search, values

MESSAGES = [
    "InitializeRequest", "InitializeResponse", "SearchRequest", "SearchResponse",
    "PresentRequest", "PresentResponse", "DeleteResultSetRequest", "DeleteResultSetResponse",
    "AccessControlRequest", "AccessControlResponse", "ResourceControlRequest",
    "ResourceControlResponse", "TriggerResourceControlRequest", "ResourceReportRequest",
    "ResourceReportResponse", "ScanRequest", "ScanResponse", "SortRequest", "SortResponse",
    "Segment", "ExtendedServicesRequest", "ExtendedServicesResponse", "Close",
]  # fmt: skip
CONTENTS = {
    "ExplainRecord": "z_ExplainRecord",
    "OPACRecord": "z_OPACRecord",
    "GenericRecord": "z_GenericRecord",
    "SearchInfoReport": "z_SearchInfoReport",
    "CharSetandLanguageNegotiation": "z_CharSetandLanguageNegotiation",
}


@pytest.fixture(scope="module", autouse=True)
def _yaz():
    if not libyaz_is_there():
        pytest.skip("libyaz is not installed: on Debian, apt install libyaz-dev")


def many(name: str) -> list[object]:
    """Return a hundred values of a type: asked of libyaz at once."""
    found: list[object] = []

    @settings(
        max_examples=100,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(values(name, FOR_YAZ))
    def collect(value: object) -> None:
        found.append(value)

    collect()
    return found


def read(answer: str) -> object:
    """Return the message that libyaz wrote, or what it said was wrong."""
    return answer if answer.startswith("error") else decode(bytes.fromhex(answer))


@pytest.mark.parametrize("name", MESSAGES)
def test_libyaz_reads_our_messages_and_loses_nothing(name):
    said = many(name)

    assert [read(each) for each in answers([("z_APDU", encode(each)) for each in said])] == said


@pytest.mark.parametrize("name", CONTENTS)
def test_libyaz_reads_what_our_externals_hold_and_loses_nothing(name):
    said = many(name)
    told = answers([(CONTENTS[name], codec(name).write(each)) for each in said])

    assert [read_as(name, bytes.fromhex(each)) for each in told] == said


def test_libyaz_reads_the_captured_messages_the_same_as_we_wrote_them(shared):
    theirs = [octets for _, octets in captured(shared)]
    ours = [encode(decode(octets)) for octets in theirs]

    # Read by us at last: libyaz writes TRUE as it was sent, by us 255 and by it 1.
    assert [read(each) for each in answers([("z_APDU", each) for each in ours])] == [
        read(each) for each in answers([("z_APDU", each) for each in theirs])
    ]
    assert len(theirs) == 258


def test_libyaz_reads_a_query_as_deep_as_we_read_it():
    deep = [encode(search(chain(300))), encode(search(chain(300, right=True)))]

    assert [read(each) for each in answers([("z_APDU", each) for each in deep])] == [
        decode(each) for each in deep
    ]


def test_libyaz_knows_the_object_identifiers_by_the_same_names():
    theirs = standard_names()
    ours = [(kind, name) for kind in Kind for name in names_of(kind)]

    assert {oid_of(*each) for each in ours} <= {oid for _, oid in theirs}
    assert {(name, oid_of(kind, name)) for kind, name in ours if kind is Kind.SYNTAX} - theirs == {
        ("catmarc", "1.2.840.10003.5.22")
    }, "which libyaz spells carmarc"

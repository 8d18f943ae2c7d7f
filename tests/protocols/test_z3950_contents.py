"""Diagnostics, character sets and what else externals hold, in all the shapes they come in."""

from __future__ import annotations

from pathlib import Path

import pytest

from protocols import pqf
from protocols.errors import QueryError
from protocols.z3950 import decode, externals, oids
from protocols.z3950.binding import codec
from protocols.z3950.charsets import (
    choice,
    name_of,
    named,
    negotiated,
    proposal,
    proposed,
    readable,
)
from protocols.z3950.diagnosing import (
    Diagnosed,
    of_error,
    of_record,
    of_response,
    response,
    surrogate,
    visible,
    written,
)
from protocols.z3950.diagnosing import read as read_diagnostic
from protocols.z3950.errors import PduError, PduTooDeep, PduUnknown, Unwritable
from protocols.z3950.trees import MAX_LEVELS
from protocols.z3950.values.common import (
    Arbitrary,
    Bits,
    CharacterInfo,
    External,
    NumericValue,
    OctetAligned,
    OtherInfo,
    SingleAsn1Type,
)
from protocols.z3950.values.contents import (
    Iso2022,
    OPACRecord,
    StringData,
    Subtree,
    TaggedElement,
    TargetResponse,
)
from protocols.z3950.values.explain import ApproxNumber, DatabaseInfo, HumanText
from protocols.z3950.values.records import (
    DefaultDiagFormat,
    MultipleDiagnostics,
    NamePlusRecord,
    ResponseRecords,
    SurrogateDiagnostic,
    V2Addinfo,
    V3Addinfo,
)
from support.z3950 import captured

UNKNOWN = Diagnosed(condition=30, addinfo="nosuchset")
NAME = Diagnosed(condition=109, addinfo="Thư viện Đà Nẵng")


def message(shared: Path, place: str):
    return decode(dict(captured(shared))[place])


def only(shared: Path, place: str) -> External:
    """Return the first record of a captured response."""
    record = message(shared, place).records.value[0].record
    assert isinstance(record, External)
    return record


def test_a_diagnostic_in_place_of_records_comes_bare(shared):
    found = message(shared, "06_errors.zebra.hex:14 <")

    assert isinstance(found.records, DefaultDiagFormat)
    assert of_response(found.records) == (UNKNOWN,)


def test_a_diagnostic_in_place_of_a_record_comes_within_the_record(shared):
    found = [decode(each) for place, each in captured(shared) if place.startswith("05_")]
    records = [r for m in found for r in getattr(getattr(m, "records", None), "value", ())]

    assert [of_record(each) for each in records if of_record(each)] == [
        Diagnosed(condition=25, addinfo="NoSuchEsn")
    ]
    assert of_response(ResponseRecords(tuple(records))) == ()


def test_several_diagnostics_come_one_by_one():
    several = MultipleDiagnostics((written(UNKNOWN), written(NAME)))

    assert of_response(several) == (UNKNOWN, NAME)
    assert of_response(None) == ()


@pytest.mark.parametrize(
    ("version", "records"),
    [
        (3, MultipleDiagnostics((written(UNKNOWN), written(NAME)))),
        (2, written(UNKNOWN, 2)),
    ],
)
def test_version_2_is_told_of_one_diagnostic_only(version, records):
    assert response([UNKNOWN, NAME], version) == records
    assert response([UNKNOWN], version) == written(UNKNOWN, version)


def test_version_2_is_told_in_visible_ascii():
    assert written(NAME, 2).addinfo == V2Addinfo("Thu vien Da Nang")
    assert written(NAME).addinfo == V3Addinfo("Thư viện Đà Nẵng")
    assert visible("“Kiều”\n中") == '"Kieu"??'


def test_a_diagnostic_in_place_of_a_record_can_be_read_again():
    record = surrogate(NAME, "union")

    assert of_record(record) == NAME
    assert of_record(NamePlusRecord(record=externals.sutrs("x"))) is None


def test_diagnostics_without_words_and_in_unknown_forms_have_numbers():
    bare = DefaultDiagFormat(diagnostic_set_id=oids.BIB1_DIAGNOSTICS, condition=2)
    foreign = External(direct_reference="1.2.840.10003.4.2", encoding=OctetAligned(b""))

    assert read_diagnostic(bare) == Diagnosed(condition=2)
    assert read_diagnostic(foreign) == Diagnosed(condition=100, addinfo="1.2.840.10003.4.2")
    assert of_record(NamePlusRecord(record=SurrogateDiagnostic(foreign))).condition == 100


def test_words_of_a_diagnostic_are_readable_whatever_their_bytes():
    told = V3Addinfo("caf\udce9")

    assert (
        read_diagnostic(
            DefaultDiagFormat(diagnostic_set_id="1.2", condition=1, addinfo=told)
        ).addinfo
        == "café"
    )
    assert readable("Kiều") == "Kiều"


def test_a_query_error_is_a_diagnostic():
    with pytest.raises(QueryError) as error:
        pqf.read("@attr zzz 1=4 x")

    assert of_error(error.value) == Diagnosed(condition=121, addinfo="zzz")


MARC = b"00026nam"


@pytest.mark.parametrize(
    "encoding",
    [
        OctetAligned(MARC),
        SingleAsn1Type(b"\x04\x08" + MARC),
        SingleAsn1Type(b"\x1b\x08" + MARC),
        SingleAsn1Type(b"\x24\x80\x04\x05" + MARC[:5] + b"\x04\x03" + MARC[5:] + b"\x00\x00"),
        Arbitrary(Bits(MARC)),
    ],
)
def test_octets_are_found_in_each_of_the_encodings(encoding):
    assert externals.payload(External(encoding=encoding)) == MARC


@pytest.mark.parametrize(
    "encoding", [SingleAsn1Type(b"\x02\x01\x05"), SingleAsn1Type(b""), Arbitrary(Bits(b"\xe0", 5))]
)
def test_what_is_no_octets_is_refused(encoding):
    with pytest.raises(PduError):
        externals.payload(External(encoding=encoding))


def test_text_to_be_shown_is_read_and_written(shared):
    record = only(shared, "21_basic.ztest.hex:8 <")
    text = "This is dummy SUTRS record number 1\n"

    assert externals.payload(record).decode() == text
    assert externals.sutrs(text) == record


def test_holdings_are_read_and_written(shared):
    record = only(shared, "21_basic.ztest.hex:10 <")
    found = externals.read_opac(record)

    assert found.holdings_data[0].call_number == "MLCM 89/00602 (N)"
    assert found.holdings_data[0].circulation_data[0].available_now
    assert externals.payload(found.bibliographic_record)[:5] == b"00366"
    assert externals.read_opac(externals.opac(found)) == found


def test_records_that_are_trees_are_read_and_written(shared):
    found = externals.read_generic(only(shared, "21_basic.ztest.hex:12 <"))

    assert [each.content for each in found] == [StringData("This is a test record")]
    assert externals.read_generic(externals.generic(found)) == found


def element(level: int, content: StringData | Subtree) -> TaggedElement:
    return TaggedElement(level=level, tag_type=2, tag_value=NumericValue(1), content=content)


def chain(levels: int) -> tuple[TaggedElement, ...]:
    inner = tuple(element(level, Subtree()) for level in range(levels))
    return (*inner, element(levels, StringData("x")), element(0, StringData("y")))


def test_trees_may_be_as_deep_as_the_bound_says():
    deepest = chain(MAX_LEVELS)

    assert externals.read_generic(externals.generic(deepest)) == deepest
    with pytest.raises(PduTooDeep):
        externals.generic(chain(MAX_LEVELS + 1))


def test_a_tree_deeper_than_the_bound_is_not_read():
    made = b""
    for _ in range(MAX_LEVELS + 2):
        inner = (
            b"\xa6\x84"
            + (len(made) + 6).to_bytes(4, "big")
            + b"\x30\x84"
            + len(made).to_bytes(4, "big")
            + made
        )
        content = b"\xa2\x03\x82\x01\x01" + b"\xa4\x84" + len(inner).to_bytes(4, "big") + inner
        made = b"\x30\x84" + len(content).to_bytes(4, "big") + content
    record = b"\x30\x84" + len(made).to_bytes(4, "big") + made
    with pytest.raises(PduTooDeep):
        externals.read_generic(External(encoding=SingleAsn1Type(record)))


@pytest.mark.parametrize(
    "elements",
    [
        (element(1, StringData("x")),),
        (element(0, StringData("x")), element(1, StringData("y"))),
        (element(0, Subtree()), element(2, StringData("y"))),
    ],
)
def test_elements_that_lie_in_none_are_not_written(elements):
    with pytest.raises(Unwritable):
        externals.generic(elements)


def test_a_subtree_is_not_written_apart_from_its_record():
    with pytest.raises(Unwritable):
        codec("TaggedElement").write(element(0, Subtree()))


def test_what_a_server_says_of_itself_is_read_and_written():
    union = DatabaseInfo(
        name="union",
        user_fee=False,
        available=True,
        title_string=(HumanText(language="vie", text="Mục lục liên hợp"),),
        record_count=ApproxNumber(1_000_000),
    )

    assert externals.read_explain(externals.explain(union)) == union
    with pytest.raises(PduUnknown):
        externals.read_explain(External(encoding=SingleAsn1Type(b"\xa5\x00")))


def test_how_a_search_was_carried_out_is_read_and_written(shared):
    found = message(shared, "01_basic.zebra.hex:4 <")
    external = externals.found_in(found.additional_search_info, oids.SEARCH_RESULT)
    parts = externals.read_report(external)

    assert [each.subquery_count for each in parts] == [4]
    assert externals.report(parts) == external


def test_facets_are_kept_as_they_came(shared):
    found = message(shared, "23_facets.ztest.hex:4 <")
    facets = oids.oid_of(oids.Kind.INFORMATION, "facet-1")

    assert externals.found_in(found.additional_search_info, facets)


def test_records_in_another_form_than_asked_for_are_refused(shared):
    with pytest.raises(PduError):
        externals.read_opac(only(shared, "21_basic.ztest.hex:8 <"))
    with pytest.raises(PduError):
        externals.read_opac(External(encoding=OctetAligned(b"\x30\x00\x00")))
    assert externals.read_opac(External(encoding=Arbitrary(Bits(b"\x30\x00")))) == OPACRecord()


@pytest.mark.parametrize(
    ("name", "place"),
    [("iso-8859-1", "10_charneg_latin.zebra"), ("utf-8", "33_zoom_charset.zebra")],
)
def test_character_sets_that_were_negotiated_are_known_by_their_names(shared, name, place):
    asked = message(shared, f"{place}.hex:1 >").other_info
    answered = message(shared, f"{place}.hex:2 <").other_info
    chosen = negotiated(answered)

    assert proposed(asked) == (name,)
    assert isinstance(chosen, TargetResponse)
    assert name_of(chosen.selected_char_sets) == name
    assert negotiated((choice(name, records=True),)) == chosen


def test_character_sets_are_proposed_in_order():
    said = (proposal("utf-8", "iso-8859-1", records=True),)

    assert proposed(said) == ("utf-8", "iso-8859-1")
    assert negotiated(said).records_in_selected_char_sets
    assert name_of(named("UTF-16")) == "utf-16"


def test_first_messages_that_say_nothing_of_character_sets_propose_none():
    nonsense = External(direct_reference=oids.NEGOTIATION, encoding=OctetAligned(b"\xa1"))

    assert proposed(None) == proposed((OtherInfo(information=CharacterInfo("x")),)) == ()
    assert negotiated((OtherInfo(information=nonsense),)) is None
    assert name_of(Iso2022(b"\x05\x00")) == ""


def test_object_identifiers_are_known_by_their_names_in_any_case():
    assert oids.oid_of(oids.Kind.SYNTAX, "USmarc") == oids.USMARC
    assert oids.oid_of(oids.Kind.SYNTAX, "marc21") == oids.USMARC
    assert oids.name_of(oids.USMARC) == "usmarc"
    assert oids.name_of("1.2.3") == "1.2.3"
    assert oids.oid_of(oids.Kind.QUERY, "usmarc") is None

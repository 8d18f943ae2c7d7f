"""Answers have the shape of those a real server gave; values are read as they were written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from protocols.diagnostics import SRU
from protocols.errors import ProtocolError
from protocols.sru import parameters, writing
from protocols.sru.errors import SruError
from protocols.sru.model import (
    Asked,
    Diagnostic,
    ListTerm,
    RecordData,
    ScanAnswer,
    SearchAnswer,
    Surrogate,
)
from protocols.sru.names import SCHEMAS, Operation, Packing, Version, schema_of
from support.sru import Answer

MARCXML = SCHEMAS[0]
BODY = b'<record xmlns="http://www.loc.gov/MARC21/slim"><leader>x</leader></record>'
ASKED = Asked(version=Version.V1_1, operation=Operation.SEARCH, echoed={"query": "x"})
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\r\t"))


def captured(shared, name):
    raw = (shared / "data" / "z3950-captures" / f"{name}.http").read_bytes()
    return etree.fromstring(raw.split(b"\r\n\r\n", 1)[1].strip())


def shape(element, depth=3):
    """Return names in order, without what ours need not repeat: the echo and inner records."""
    if depth == 0 or "recordData" in str(element.tag):
        return element.tag, ()
    inner = (each for each in element if isinstance(each.tag, str) and "echoed" not in each.tag)
    return element.tag, tuple(shape(each, depth - 1) for each in inner)


def without(names, answer):
    """Return a shape without elements that the captured server leaves out."""
    tag, inner = answer
    kept = (each for each in inner if each[0].rpartition("}")[2] not in names)
    return tag, tuple(without(names, each) for each in kept)


@pytest.mark.parametrize(
    ("name", "version"),
    [("43_sru_search_1.2", "1.2"), ("44_sru_search_2.0", "2.0"), ("53_sru_packing_string", "1.1")],
)
def test_records_stand_as_in_a_captured_answer(shared, name, version):
    theirs = captured(shared, name)
    packing = Packing.STRING if "string" in name else Packing.XML
    given = len(theirs.findall("{*}records/{*}record"))
    records = tuple(RecordData(n, f"b{n}", BODY) for n in range(1, given + 1))
    ours = writing.search(
        Asked(version=Version(version), operation=Operation.SEARCH),
        SearchAnswer(total=4, schema=MARCXML, packing=packing, records=records),
    )

    assert without({"recordIdentifier"}, shape(etree.fromstring(ours))) == shape(theirs)


def test_terms_stand_as_in_a_captured_answer(shared):
    theirs = captured(shared, "45_sru_scan")
    values = theirs.findall(".//{*}value")
    ours = writing.scan(
        Asked(version=Version.V1_1, operation=Operation.SCAN),
        ScanAnswer(terms=tuple(ListTerm(each.text, 1) for each in values)),
    )

    assert shape(etree.fromstring(ours)) == without({"displayTerm"}, shape(theirs))


@pytest.mark.parametrize(
    ("name", "version", "told"),
    [
        ("46_sru_diag_query", "1.1", (10, "")),
        ("47_sru_diag_missing", "1.1", (7, "query")),
        ("49_sru_diag_range", "1.1", (61, "")),
        ("52_sru_version99", "2.0", (5, "2.0")),
        ("54_sru_index_unknown", "1.1", (16, "")),
    ],
)
def test_diagnostics_stand_as_in_a_captured_answer(shared, name, version, told):
    theirs = captured(shared, name)
    ours = writing.search(
        Asked(version=Version(version), operation=Operation.SEARCH),
        SearchAnswer(diagnostics=(Diagnostic(*told, "said"),)),
    )

    # We always say how many there are: the schemas of 1.1 and 1.2 want it.
    more = {"numberOfRecords", "resultCountPrecision"}
    assert without(more, shape(etree.fromstring(ours))) == without(more, shape(theirs))
    assert Answer(ours).diagnostics == [told]


def test_explain_stands_as_in_a_captured_answer(shared):
    theirs = captured(shared, "42_sru_explain")
    ours = writing.explain(
        Asked(version=Version.V1_1, operation=Operation.EXPLAIN),
        writing.ExplainAnswer(body=b'<explain xmlns="http://explain.z3950.org/dtd/2.0/"/>'),
    )

    assert shape(etree.fromstring(ours)) == shape(theirs)


@given(texts, texts, st.sampled_from(Version))
def test_any_text_comes_through(query, message, version):
    asked = Asked(version=version, operation=Operation.SEARCH, echoed={"query": query})
    told = Diagnostic(1, query, message)
    body = writing.search(asked, SearchAnswer(diagnostics=(told,)))
    root = etree.fromstring(body)

    assert (root.findtext(".//{*}query") or "") == query
    assert (root.findtext(".//{*}details") or "") == query
    assert (root.findtext(".//{*}message") or "") == message


@given(st.sampled_from(Version), st.sampled_from(Packing), texts)
def test_a_record_comes_through_whole_however_it_is_packed(version, packing, text):
    element = etree.Element("{http://x}r", nsmap={None: "http://x"})
    element.text = text
    body = etree.tostring(element, encoding="utf-8").split(b"?>\n")[-1]
    answer = writing.search(
        Asked(version=version, operation=Operation.SEARCH),
        SearchAnswer(total=1, schema=MARCXML, packing=packing, records=(RecordData(1, "b", body),)),
    )
    (record,) = Answer(answer).records

    assert (record.tag, record.text or "") == ("{http://x}r", text)


def test_a_surrogate_says_so_by_its_schema():
    lost = Surrogate(3, "b3", Diagnostic(65, "b3", "gone"))
    for packing in Packing:
        answer = Answer(
            writing.search(
                ASKED, SearchAnswer(total=9, schema=MARCXML, packing=packing, records=(lost,))
            )
        )

        assert answer.texts(".//s:record/s:recordSchema") == ["info:srw/schema/1/diagnostics-v1.1"]
        assert answer.records[0].findtext("{*}uri") == "info:srw/diagnostic/1/65"


def test_every_error_has_a_number_of_sru_s_list():
    def below(kind):
        return [kind, *(each for one in kind.__subclasses__() for each in below(one))]

    assert [each for each in below(SruError) if each.sru not in SRU] == []
    assert len({each.__doc__ for each in below(SruError)}) == len(below(SruError))
    assert issubclass(SruError, ProtocolError)


def test_every_name_of_a_schema_means_one():
    assert [schema_of(each.name) for each in SCHEMAS] == [*SCHEMAS]
    assert [schema_of(each.uri) for each in SCHEMAS] == [*SCHEMAS]
    assert schema_of("MODS ") == schema_of("http://www.loc.gov/mods/v3/")
    assert schema_of("") is None


@pytest.mark.parametrize(
    ("pairs", "meant"),
    [
        ({}, ("1.2", "explain")),
        ({"query": "x"}, ("2.0", "searchRetrieve")),
        ({"scanClause": "x"}, ("2.0", "scan")),
        ({"recordXMLEscaping": "xml"}, ("2.0", "explain")),
        ({"operation": "searchRetrieve", "query": "x"}, ("1.2", "searchRetrieve")),
        ({"operation": "scan", "query": "x", "version": "1.1"}, ("1.1", "scan")),
        ({"version": "1.1", "query": "x"}, ("1.1", "searchRetrieve")),
        ({"operation": "explain", "query": "x"}, ("1.2", "explain")),
    ],
)  # fmt: skip
def test_what_a_request_leaves_out_is_taken_as_clients_mean_it(pairs, meant):
    read = parameters.read(tuple(pairs.items()))

    assert (read.version, read.operation) == meant


def test_packing_has_a_name_of_its_own_in_2_0():
    def packing(**given):
        return parameters.read(tuple(given.items())).packing

    assert packing(version="2.0", recordXMLEscaping="string") is Packing.STRING
    assert packing(version="2.0", recordPacking="unpacked") is Packing.XML
    assert packing(version="2.0", recordPacking="string") is Packing.STRING
    assert packing(version="1.1", recordPacking="string", query="x") is Packing.STRING

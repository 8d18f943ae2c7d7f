"""Records are cut out of a page's bytes only where its tree gives the very same records."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from harvester.errors import HarvestError, PageBroken
from harvester.model import Answer
from harvester.oai.parsing import is_well_formed, parse
from harvester.oai.records import read_records
from harvester.oai.slicing import cut_out
from harvester.oai.xml import envelope_of, read_envelope
from protocols.oai import OAI, Verb
from support.oai_source import Repository, dublin_core, envelope, items

OTHER = "http://example.org/other"
NAMES = ["record", "metadata", "header", "x", "y:z", "o:record"]
TEXTS = ["", " ", "\n", "Truyện Kiều", "a > b", "&gt;", "&#13;", "]] >", "\r\n", "xmlns:y='urn:n'"]
PIECES = [
    "<!-- </metadata></record> -->",
    "<![CDATA[</metadata></record><record>]]>",
    "<?php <metadata> ?>",
    "<![CDATA[<metadata>]]>",
    "<!-- a > b -->",
]
ATTRIBUTES = [
    "",
    " xmlns='urn:n'",
    " xmlns=''",
    " a='x>y'",
    ' a=" xmlns:y="',
    " y:a='1'",
    "\n a='1'",
]


def in_both_ways(body: bytes, verb: Verb = Verb.LIST_RECORDS):
    """Return the records cut out of the bytes, and those of the tree; None where they are not."""
    cut = cut_out(body, verb)
    if cut is None:
        return None, None
    assert read_records(read(body, verb))[0] == cut.records
    answer = Answer(url="u", status=200, headers={}, body=body)
    tree, problems = read_records(envelope_of(parse(body)[0], answer, 1, verb))
    assert not [each for each in problems if each.code != "no-datestamp"]
    return [*map(as_read, cut.records)], [*map(as_read, tree)]


def read(body: bytes, verb: Verb = Verb.LIST_RECORDS):
    """Return a page as it is read strictly."""
    return read_envelope(Answer(url="u", status=200, headers={}, body=body), 1, verb)


def as_read(record):
    """Return a record with its body as a parser sees it, namespaces included."""
    return replace(record, body=canonical(etree.fromstring(record.body)) if record.body else b"")


def canonical(root) -> bytes:
    try:
        return etree.tostring(root, method="c14n")
    except etree.C14NError:
        # It has no form for namespaces that are no absolute URI.
        return "\0".join(
            map(str, (root.tag, *sorted(root.nsmap.values()), *root.itertext()))
        ).encode()


def list_of(records: str, around: str = "") -> bytes:
    return envelope(f"<ListRecords>{records}</ListRecords>").replace(
        b"<OAI-PMH ", b"<OAI-PMH " + around.encode()
    )


def record(metadata: str, header: str = "<header>", after: str = "") -> str:
    return (
        f"<record>{header}<identifier>oai:x:1</identifier><datestamp>2024-05-06</datestamp>"
        f"</header><metadata>{metadata}</metadata>{after}</record>"
    )


def test_a_record_is_cut_out_as_it_stands():
    body = "<dc xmlns='urn:n'\n a='1'>\r\n <b a='>'/>Số &gt; > đỏ! </dc>"
    page = list_of(record(f" {body} "))
    cut, tree = in_both_ways(page)

    assert read_records(read(page))[0][0].body == body.encode()
    assert cut == tree


def test_what_is_declared_around_a_record_is_declared_on_it():
    around = f"xmlns:y='{OTHER}' xmlns:z='urn:z&amp;' "
    cut, tree = in_both_ways(list_of(record("<y:a b='1'><z:c/></y:a>"), around))

    assert cut[0].format == OTHER
    assert cut == tree


def test_a_page_of_an_ordinary_repository_is_cut():
    cut, tree = in_both_ways(Repository().page(items(30), "token", 90))

    assert len(cut) == 30
    assert cut == tree


def test_metadata_that_is_named_so_itself_is_cut():
    cut, tree = in_both_ways(list_of(record("<metadata xmlns='urn:n'><a></a></metadata>") * 2))

    assert [each.format for each in cut] == ["urn:n"] * 2
    assert cut == tree


def test_a_list_whose_own_elements_have_a_prefix_is_cut():
    body = list_of(record("<y:a xmlns:y='urn:y'></y:a>")).decode()
    names = ("OAI-PMH", "ListRecords", "record", "header", "identifier", "datestamp", "metadata")
    for name in names:
        body = body.replace(f"<{name}", f"<o_a.i:{name}").replace(f"</{name}", f"</o_a.i:{name}")
    body = body.replace("responseDate", "o_a.i:responseDate").replace("xmlns=", "xmlns:o_a.i=")
    cut, tree = in_both_ways(body.encode())

    assert [each.identifier for each in cut] == ["oai:x:1"]
    assert cut == tree


def test_sets_and_deletions_are_told_as_the_tree_tells_them():
    deleted = (
        "<record>\n<header status='deleted'><identifier> oai:x:2 </identifier><datestamp/>"
        "</header></record>"
    ).replace("<datestamp/>", "<datestamp></datestamp>\n<setSpec>a</setSpec><setSpec>b:c</setSpec>")
    cut, tree = in_both_ways(list_of(record(dublin_core("Số đỏ")) + deleted))

    assert [(each.identifier, each.deleted, each.sets) for each in cut] == [
        ("oai:x:1", False, ()),
        ("oai:x:2", True, ("a", "b:c")),
    ]
    assert cut == tree


@pytest.mark.parametrize(
    "records",
    [
        record("<a/><b></b>"),
        record("<a></a><b></b>"),
        record("<a></a><b></b><a></a>"),
        record("text <a></a>"),
        record(""),
        record("<a></a>", after="<about><b/></about>"),
        record("<y:a></y:a>").replace("<record", "<record xmlns:y='urn:n'"),
        record("<a><a></a></a>"),
        record("<![CDATA[<a></a>]]>"),
        record("<a><!-- đỏ --></a>"),
        record("<a><?php đỏ ?></a>"),
        record("<a></a>") + "<!-- " + record("<a></a>") + " -->",
        record("<a></a>") + "<other/>" + record("<a></a>"),
        record("<a b='>'></a>"),
        "<resumptionToken>t</resumptionToken>" + record("<a></a>"),
    ],
)
def test_what_is_written_otherwise_is_left_to_the_tree(records):
    page = list_of(records)

    assert cut_out(page, Verb.LIST_RECORDS) is None
    assert read_records(read(page))[0]


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1258", "iso-8859-1"])
def test_other_encodings_are_left_to_the_tree(encoding):
    page = list_of(record("<a>ê</a>")).decode().replace("UTF-8", encoding).encode(encoding)

    assert cut_out(page, Verb.LIST_RECORDS) is None
    assert "ê" in read_records(read(page))[0][0].body.decode()


@pytest.mark.parametrize(
    "damage",
    [
        "<a></b>",
        "<a x='1' x='2'/>",
        "<q:a/>",
        "<a q:b='1'/>",
        "\x0b",
        "&#0;",
        "&nbsp;",
        "]]>",
        "<a",
    ],
)
def test_nothing_is_cut_out_of_a_page_that_is_not_well_formed(damage):
    page = list_of(record(f"<a>{damage}</a>"))

    assert cut_out(page, Verb.LIST_RECORDS) is None
    with pytest.raises(PageBroken):
        read(page)


@settings(max_examples=150)
@given(data=st.data())
def test_what_is_found_well_formed_without_a_tree_has_one(data):
    body = Repository().page(items(3), "token", 9)
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(start + 9, len(body))))
    piece = data.draw(st.binary(max_size=4) | st.text("<>&;'\"/:a =", max_size=5).map(str.encode))
    damaged = body[:start] + piece + body[end:]
    try:
        read(damaged)
        cut, tree = in_both_ways(damaged)
    except HarvestError:
        cut = tree = None

    assert cut == tree
    assert not is_well_formed(damaged) or parse(damaged)


@st.composite
def elements(draw, depth=2):
    """Draw an element, of names that records have too, with whatever XML lets stand in it."""
    name = draw(st.sampled_from(NAMES))
    attributes = draw(st.sampled_from(ATTRIBUTES))
    inner = [st.sampled_from(TEXTS), st.sampled_from(PIECES)]
    if depth:
        inner.append(elements(depth - 1))
    content = "".join(draw(st.lists(st.one_of(inner), max_size=3)))
    end = draw(st.sampled_from([f"</{name}>", f"</{name}>", f"</{name} >"]))
    return f"<{name}{attributes}>{content}{end}"


@st.composite
def lists(draw):
    """Draw a list of records in many ways to write one."""
    blank = st.sampled_from(["", "", "\n  ", "<!-- -->"])
    records = []
    for number in range(draw(st.integers(0, 4))):
        payload = draw(st.one_of(elements(), st.sampled_from(["", "<a/>", "text"])))
        after = draw(st.sampled_from(["", "", "<about><a/></about>", " "]))
        header = draw(st.sampled_from(["<header>", "<header >", "<header status='deleted'>"]))
        one = record(f"{draw(blank)}{payload}{draw(blank)}", header, after)
        records.append(one.replace("oai:x:1", f"oai:x:{number}") + draw(blank))
    body = list_of("".join(records), f"xmlns:y='{OTHER}' xmlns:o='{OAI}' ")
    return body.replace(
        b"\n<ListRecords>",
        draw(st.sampled_from([b"", b"\n<?a <ListRecords>?>"])) + b"\n<ListRecords>",
    )


@settings(max_examples=200)
@given(body=lists())
def test_both_ways_give_equal_records(body):
    cut, tree = in_both_ways(body)

    assert cut == tree


def test_both_ways_give_equal_records_of_real_repositories(shared):
    folder = shared / "data" / "oai-fixtures"
    with (folder / "index.csv").open(newline="", encoding="utf-8") as index:
        rows = [row for row in csv.DictReader(index) if row["verb"] in ("ListRecords", "GetRecord")]
    told = Counter()
    for row in rows:
        body = (folder / row["repo"].replace("/", "+") / row["file"]).read_bytes()
        try:
            read(body, Verb(row["verb"]))
        except HarvestError:
            continue
        cut, tree = in_both_ways(body, Verb(row["verb"]))
        told["left to the tree" if cut is None else "equal" if cut == tree else row["file"]] += 1

    assert set(told) <= {"equal", "left to the tree"}
    assert told["equal"] > told["left to the tree"]

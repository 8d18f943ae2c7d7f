"""The second, lenient reading: every record that can be had, and each repair told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from crosswalks import reading
from crosswalks.model import DAMAGED, Severity
from harvester.errors import PageBroken
from protocols.oai import DC, MARC21, OAI
from support.harvesting import harvest, identifiers, reader
from support.loopback import Reply, replying
from support.oai_source import Item, Repository, envelope, failure, items

TITLE = "Nhan đề 1".encode()


def page_with(piece: bytes) -> bytes:
    return Repository().page(items(3)).replace(TITLE, b"Nhan " + piece + b" 1")


def only_page(body: bytes):
    with replying(Repository(faults={"": Reply(body=body)}, refusing=no_windows)) as url:
        [page] = harvest(url)
    return page


def no_windows(arguments: dict[str, str]) -> Reply | None:
    ways = "until" in arguments or arguments["verb"] == "ListIdentifiers"
    return Reply(body=failure("badVerb")) if ways else None


def codes(page) -> list[list[str]]:
    return [[problem.code for problem in record.problems] for record in page.records]


def title(record) -> str | None:
    return etree.fromstring(record.body).findtext(f"{{{DC}}}title")


@pytest.mark.parametrize(
    ("piece", "code", "read"),
    [
        (b"\x0b", "illegal-character", "Nhan  1"),
        (b"&#1;", "illegal-character", "Nhan  1"),
        (b"&#xfffe;", "illegal-character", "Nhan  1"),
        (b"&#55349;", "illegal-character", "Nhan  1"),
        (b"Lan & Hoa", "bare-ampersand", "Nhan Lan & Hoa 1"),
        (b"&nobody;", "bare-ampersand", "Nhan &nobody; 1"),
        (b"&eacute;", "html-entity", "Nhan é 1"),
        (b"\xe9", "bad-encoding", "Nhan é 1"),
        (b'<?xml version="1.0"?>', "inner-declaration", "Nhan  1"),
    ],
)
def test_what_was_surely_meant_is_mended_and_told_on_its_record(piece, code, read):
    page = only_page(page_with(piece))

    assert codes(page) == [[], [code], []]
    assert title(page.records[1]) == read
    assert [problem.code for problem in page.problems] == ["page-mended"]
    assert page.last


def test_the_page_is_kept_as_it_came():
    body = page_with(b"\x0b")

    assert only_page(body).raw == body


def test_a_repair_shows_what_was_there():
    [problem] = only_page(page_with(b"Lan & Hoa")).records[1].problems

    assert "Lan & Hoa" in problem.sample


@pytest.mark.parametrize("piece", [b"</x>", b"<br>", b"</oai_dc:dc></metadata>"])
def test_a_record_that_cannot_be_mended_is_cut_out_and_costs_no_other(piece):
    page = only_page(page_with(piece))
    good, damaged, other = page.records

    assert (title(good), title(other)) == ("Nhan đề 0", "Nhan đề 2")
    assert (damaged.identifier, damaged.format) == ("oai:example.org:1", DAMAGED)
    assert piece in damaged.body
    assert [problem.severity for problem in damaged.problems] == [Severity.ERROR]
    assert reading.read(damaged) == (None, damaged.problems)


def test_a_damaged_record_stays_out_when_what_is_stored_of_it_is_read_again():
    damaged = only_page(page_with(b"<br>")).records[1]
    read, [problem] = reading.read(
        type(damaged)(identifier="1", format=damaged.format, body=damaged.body)
    )

    assert (read, problem.code) == (None, "damaged-record")


def test_a_deletion_in_a_damaged_record_is_one_all_the_same():
    gone = Item(identifier="gone", deleted=True).xml().replace("</record>", "<about></record>")
    body = envelope(f"<ListRecords>{items(1)[0].xml()}{gone}</ListRecords>")
    page = only_page(body)

    assert [(record.identifier, record.deleted) for record in page.records] == [
        ("oai:example.org:0", False),
        ("gone", True),
    ]
    assert codes(page) == [[], []]


def test_the_token_of_a_mended_page_leads_on():
    repository = Repository()
    body = repository.page(items(2), "//2").replace(TITLE, b"\x0b")
    repository.faults[""] = Reply(body=body)
    with replying(repository) as url:
        pages = harvest(url)

    assert len(identifiers(pages)) == 5


@pytest.mark.parametrize("around", [b"Warning: mysql_connect()", b"<b>Notice</b>: undefined"])
def test_text_around_the_document_is_cut_off_and_told(around):
    body = Repository().page(items(2))
    before, after = only_page(around + body), only_page(body + around)

    assert [len(page.records) for page in (before, after)] == [2, 2]
    assert {problem.code for problem in before.problems} == {"text-around", "page-mended"}
    assert after.problems[0].sample == around.decode()


def test_of_two_documents_in_one_answer_the_first_counts():
    body = Repository().page(items(2)) + failure("")

    assert len(only_page(body).records) == 2


def test_utf8_that_is_declared_as_something_else_is_read_as_utf8():
    body = Repository().page(items(1)).replace(b"UTF-8", b"ISO-8859-1", 1)
    page = only_page(body)

    assert title(page.records[0]) == "Nhan đề 0"
    assert [problem.code for problem in page.problems] == ["wrong-encoding-declared"]


def test_letters_of_an_old_encoding_are_kept_one_for_one():
    body = Repository().page(items(1)).replace("Nhan đề".encode(), b"Nhan \xae\xd2")

    assert title(only_page(body).records[0]) == "Nhan ®Ò 0"


def test_a_damaged_letter_among_good_ones_is_shown_as_damaged():
    body = Repository().page(items(1)).replace("đề".encode(), "đề".encode() + b"\xe1\xba")

    assert title(only_page(body).records[0]) == "Nhan đề\ufffd 0"


def test_a_prefix_that_nobody_declared_is_taken_as_usual():
    body = page_with(b"").replace(b' xmlns:dc="http://purl.org/dc/elements/1.1/"', b"")
    page = only_page(body)

    assert title(page.records[2]) == "Nhan đề 2"
    assert codes(page) == [["undeclared-prefix"]] * 3


def test_an_attribute_that_stands_twice_counts_once():
    body = page_with(b"").replace(b"<dc:title>", b'<dc:title a="1" a="2">', 1)
    page = only_page(body)

    assert codes(page) == [["repeated-attribute"], [], []]


def test_an_envelope_without_a_namespace_is_read_and_told():
    body = Repository().page(items(2)).replace(f' xmlns="{OAI}"'.encode(), b"")
    page = only_page(body)

    assert identifiers([page]) == ["oai:example.org:0", "oai:example.org:1"]
    assert "wrong-namespace" in [problem.code for problem in page.problems]


def test_records_outside_the_namespace_of_their_list_are_records():
    body = Repository().page(items(2)).replace(b"<record>", b'<record xmlns="">')
    page = only_page(body)

    assert identifiers([page]) == ["oai:example.org:0", "oai:example.org:1"]
    assert codes(page) == [["wrong-namespace"]] * 2
    assert [title(record) for record in page.records] == ["Nhan đề 0", "Nhan đề 1"]


MARC = (
    "<leader>00000nam a2200000 a 4500</leader>"
    '<datafield tag="245" ind1="0" ind2="0"><subfield code="a">Kiều</subfield></datafield>'
)


@pytest.mark.parametrize(
    "payload",
    [
        "<dc><title>Kiều</title></dc>",
        f'<record xmlns="{OAI}">{MARC}</record>',
        f'<record xmlns="">{MARC}</record>',
        f'<record xmlns="info:lc/xmlns/marcxchange-v1">{MARC}</record>',
        f'<collection xmlns="{MARC21}"><record>{MARC}</record></collection>',
    ],
    ids=["bare dc", "marc in that of oai", "bare marc", "marcxchange", "marc in a collection"],
)
def test_metadata_in_a_wrong_namespace_is_read(payload):
    body = Repository().page([Item(identifier="1", payload=payload)])
    [record] = only_page(body).records
    read, _ = reading.read(record)

    assert "Kiều" in str(read)


def test_metadata_that_came_as_text_is_taken_out_of_it():
    payload = "&lt;dc xmlns='http://purl.org/dc/elements/1.1/'>&lt;title>Kiều&lt;/title>&lt;/dc>"
    [record] = only_page(Repository().page([Item(identifier="1", payload=payload)])).records
    read, problems = reading.read(record)

    assert "Kiều" in str(read)
    assert problems[0].code == "metadata-as-text"


def test_a_text_of_more_than_ten_megabytes_costs_no_other_record():
    body = page_with(b"x" * 10_000_001)

    assert [len(record.body) > 10**7 for record in only_page(body).records] == [False, True, False]


@pytest.mark.parametrize("depth", [300, 3000])
def test_a_record_that_is_too_deep_costs_no_other(depth):
    page = only_page(page_with(b"<x>" * depth + b"</x>" * depth))

    assert codes(page) == [[], ["damaged-record"], []]


def test_a_huge_text_does_not_let_a_document_type_in():
    bomb = b'<!DOCTYPE OAI-PMH [<!ENTITY a "b">]><OAI-PMH'
    body = page_with(b"x" * 10_000_001).replace(b"<OAI-PMH", bomb, 1)
    with pytest.raises(PageBroken):
        only_page(body)


@given(cut=st.integers(9, 600))
def test_a_page_without_its_end_is_never_mended(cut):
    body = page_with(b"\x0b")[:-cut]
    with pytest.raises(PageBroken):
        reader().again(body, 1, "u")


@given(data=st.data())
def test_a_page_of_any_damage_is_read_the_same_again(data):
    body = page_with(b"")
    at = data.draw(st.integers(0, len(body)))
    body = body[:at] + data.draw(st.sampled_from([b"&", b"<", b"\xff", b"\x0b", b">"])) + body[at:]
    try:
        page = reader().again(body, 1, "u")
    except Exception as error:  # noqa: BLE001 - whatever it is, it has to come again
        with pytest.raises(type(error)):
            reader().again(body, 1, "u")
    else:
        assert page == reader().again(body, 1, "u")


def test_a_damaged_record_without_a_name_does_not_take_one_from_its_metadata():
    metadata = b"<dc:identifier>oai:example.org:2</dc:identifier><dc:title>" + TITLE
    body = page_with(b"<b>").replace(b"<identifier>oai:example.org:1</identifier>", b"")
    body = body.replace(b"<dc:title>Nhan <b> 1", metadata + b"<b>")
    page = only_page(body)

    assert [record.identifier for record in page.records] == [
        "oai:example.org:0",
        "",
        "oai:example.org:2",
    ]
    assert page.records[1].format == DAMAGED

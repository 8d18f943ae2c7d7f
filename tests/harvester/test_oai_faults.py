"""Pages that are not what they should be: never the end of a list, never a silent loss."""

from __future__ import annotations

import re

import pytest

from harvester.errors import (
    CannotDisseminateFormat,
    EndlessList,
    HttpStatus,
    NotOai,
    PageBroken,
    ProtocolRefused,
)
from harvester.model import SourceSpec
from protocols.oai import OAI, OAI_DC
from support.harvesting import harvest, identifiers, reader
from support.loopback import Reply, replying
from support.oai_source import Item, Repository, dublin_core, envelope, failure, items, no_other_way

SECOND = "//2"
"""The token of the second page."""


def second_page(body: bytes, **reply) -> Repository:
    """Return a repository with a bad second page, and no way round it."""
    return Repository(faults={SECOND: Reply(body=body, **reply)}, refusing=no_other_way)


def whole_page() -> bytes:
    return Repository().page(items(2))


def broken(respond, error=PageBroken):
    with replying(respond) as url, pytest.raises(error) as caught:
        harvest(url)
    return caught.value


def test_a_page_cut_off_by_the_network_names_url_page_and_byte():
    error = broken(second_page(whole_page(), cut=700))

    assert "resumptionToken=%2F%2F2" in str(error)
    assert (error.details["page"], error.details["offset"]) == (2, 700)


def test_a_page_cut_off_by_the_server_itself_breaks_at_its_end():
    error = broken(second_page(whole_page()[:700]))

    assert (error.details["page"], error.details["offset"]) == (2, 700)


def test_a_page_cut_off_without_announced_length_breaks_at_its_end():
    error = broken(second_page(whole_page()[:700], length=False))

    assert error.details["offset"] == 700


def test_earlier_pages_are_kept_and_the_next_harvest_resumes_at_the_broken_one():
    repository = second_page(whole_page()[:700])
    kept = []
    with replying(repository) as url:
        with pytest.raises(PageBroken):
            kept.extend(reader().pages(SourceSpec(url=url), {}))
        repository.faults.clear()
        rest = harvest(url, kept[-1].next_checkpoint)

    assert identifiers(kept + rest) == [item.identifier for item in repository.items]


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><html><body>Sorry<br></body></html>",
        b'<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"/>',
        b"<html><p>one<p>two</html>",
        b"<html/>",
        b"upstream failed",
        b'{"status": "ok"}',
    ],
)
def test_another_kind_of_page_with_status_200_is_said_to_be_no_oai(body):
    error = broken(second_page(body, kind="text/html"), NotOai)

    assert error.details["page"] == 2
    assert "resumptionToken=%2F%2F2" in str(error)


def test_oai_of_an_older_version_is_said_to_be_no_oai():
    body = whole_page().replace(OAI.encode(), b"http://www.openarchives.org/OAI/1.1/")

    assert "OAI/1.1" in str(broken(second_page(body), NotOai))


@pytest.mark.parametrize("body", [b"", b" \n"])
def test_an_empty_answer_breaks_the_page(body):
    broken(second_page(body))


def test_an_answer_to_another_verb_breaks_the_page():
    assert "no ListRecords" in str(broken(second_page(envelope("<Identify/>"))))


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE OAI-PMH [<!ENTITY pub "Nhà xuất bản">]>',
        '<!DOCTYPE OAI-PMH SYSTEM "http://127.0.0.1:9/oai.dtd">',
        '<!DOCTYPE OAI-PMH [<!ENTITY pub SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE OAI-PMH [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">'
        + "".join(
            f'<!ENTITY {name} "{f"&{before};" * 9}">'
            for before, name in zip("bcdefgh", "cdefghi", strict=True)
        )
        + '<!ENTITY pub "&i;&i;">]>',
    ],
    ids=["internal", "external", "file", "bomb"],
)
def test_a_doctype_is_refused(doctype):
    body = whole_page().replace(b"<OAI-PMH", doctype.encode() + b"<OAI-PMH", 1)
    body = body.replace("Nhan đề 1".encode(), b"[&pub;]")

    broken(second_page(body))


def test_a_byte_order_mark_is_no_fault():
    repository = Repository(page_size=9)
    repository.faults[""] = Reply(body=b"\xef\xbb\xbf" + repository.page(items(5)))
    with replying(repository) as url:
        assert len(identifiers(harvest(url))) == 5


def test_an_envelope_with_a_prefix_is_no_fault():
    text = Repository().page(items(2)).decode()
    text = re.sub(r"<(/?)(?=[a-zA-Z-]+[ >/])", r"<\1o:", text).replace("xmlns=", "xmlns:o=")
    with replying(Repository(faults={"": Reply(body=text.encode())})) as url:
        [page] = harvest(url)

    assert page.records[1].identifier == "oai:example.org:1"


def test_namespaces_declared_outside_a_record_come_with_it():
    payload = '<x:dc xmlns:x="urn:x" y:kind="z"><dc:title>t</dc:title></x:dc>'
    body = Repository().page([Item(identifier="1", payload=payload)])
    outside = b'<OAI-PMH xmlns:dc="urn:dc" xmlns:y="urn:y" '
    with replying(Repository(faults={"": Reply(body=body.replace(b"<OAI-PMH ", outside))})) as url:
        [page] = harvest(url)

    assert b'xmlns:dc="urn:dc"' in page.records[0].body
    assert b'xmlns:y="urn:y"' in page.records[0].body
    assert page.records[0].format == "urn:x"


def test_tokens_and_errors_inside_records_mean_nothing():
    payload = f'<a xmlns="{OAI}"><error code="badVerb"/><resumptionToken>x</resumptionToken></a>'
    body = Repository().page([Item(identifier="1", payload=payload)])
    with replying(Repository(faults={"": Reply(body=body)})) as url:
        [page] = harvest(url)

    assert page.last


def test_white_space_around_a_token_is_not_part_of_it():
    repository = Repository()
    body = repository.page(items(2), SECOND).replace(b">//2<", b">\n //2\t<")
    repository.faults[""] = Reply(body=body)
    with replying(repository) as url:
        assert len(identifiers(harvest(url))) == 5


def test_a_token_is_encoded_once_whatever_is_in_it():
    token = "a&b=c+d%20/é?#;"
    repository = Repository(faults={})
    repository.faults = {
        "": Reply(body=repository.page(items(1), token)),
        token: Reply(body=repository.page(items(1))),
    }
    with replying(repository) as url:
        assert len(harvest(url)) == 2


def test_the_base_urls_own_arguments_are_kept():
    repository = Repository()
    with replying(repository) as url:
        harvest(f"{url}?mode=oaipmh")

    assert all(request["mode"] == "oaipmh" for request in repository.asked())


@pytest.mark.parametrize("length", [1, 2, 3, 7])
def test_a_list_that_goes_round_in_circles_is_an_error(length):
    repository = Repository(refusing=no_other_way)
    for n in range(length):
        body = repository.page(items(n + 1)[n:], f"t{(n + 1) % length}")
        repository.faults[f"t{n}"] = Reply(body=body)
    repository.faults[""] = Reply(body=repository.page(items(1), "t0"))

    assert "never end" in str(broken(repository, EndlessList))


def test_one_token_for_the_whole_session_is_no_circle():
    repository = Repository()
    bodies = [repository.page(items(n + 1)[n:], "session" if n < 4 else "") for n in range(5)]
    answers = iter(bodies[1:])
    repository.faults = {
        "": Reply(body=bodies[0]),
        "session": lambda: Reply(body=next(answers)),
    }
    with replying(repository) as url:
        assert len(set(identifiers(harvest(url)))) == 5


def test_an_empty_page_in_the_middle_is_not_the_end():
    repository = Repository()
    repository.faults[SECOND] = Reply(body=repository.page([], "//4"))
    with replying(repository) as url:
        assert identifiers(harvest(url))[-1] == "oai:example.org:4"


@pytest.mark.parametrize("token", ["", SECOND])
def test_an_empty_page_after_the_last_record_ends_the_list(token):
    repository = Repository(items=items(2))
    repository.faults[""] = Reply(body=repository.page(items(2), SECOND))
    repository.faults[SECOND] = Reply(body=repository.page([], token))
    with replying(repository) as url:
        pages = harvest(url)

    assert [len(page.records) for page in pages] == [2, 0]
    assert pages[-1].last


def test_empty_pages_with_ever_new_tokens_end_the_list():
    repository = Repository()
    repository.faults = {
        f"{n or ''}": Reply(body=repository.page([], str(n + 1))) for n in range(50)
    }
    with replying(repository) as url:
        pages = harvest(url)

    assert len(pages) == 10
    assert pages[-1].last
    assert [problem.code for page in pages for problem in page.problems] == ["list-too-short"]


def test_each_oai_error_has_its_own_message():
    error = broken(
        second_page(failure("cannotDisseminateFormat", "no mods")), CannotDisseminateFormat
    )

    assert "no mods" in str(error)
    assert "Choose another prefix" in str(error)


@pytest.mark.parametrize("code", ["InternalException", ""])
def test_an_invented_oai_error_is_one_too(code):
    assert code in str(broken(second_page(failure(code)), ProtocolRefused))


@pytest.mark.parametrize("status", [400, 404, 422, 500])
def test_an_oai_error_is_preferred_to_the_http_status_it_came_with(status):
    broken(second_page(failure("badArgument", "bad from"), status=status), ProtocolRefused)


def test_nothing_matches_also_with_an_error_status():
    repository = Repository(faults={"": Reply(body=failure("noRecordsMatch"), status=422)})
    with replying(repository) as url:
        [page] = harvest(url)

    assert page.last


@pytest.mark.parametrize(("status", "phrase"), [(410, "410 Gone"), (500, "500"), (599, "599")])
def test_an_error_status_without_oai_is_said_as_such(status, phrase):
    assert phrase in str(broken(second_page(b"<html/>", status=status), HttpStatus))


def test_a_whole_page_with_an_error_status_is_not_trusted():
    broken(second_page(whole_page(), status=500), HttpStatus)


def test_a_broken_identify_stops_the_harvest_before_it_begins():
    broken(lambda _: Reply(body=b"<html/>", kind="text/html"), NotOai)


def test_metadata_may_hold_any_format():
    repository = Repository(items=[Item(identifier="1", payload=dublin_core("t"))])
    with replying(repository) as url:
        [page] = harvest(url, prefix="anything")

    assert page.records[0].format == OAI_DC


@pytest.mark.parametrize("outside", [False, True])
def test_a_token_in_a_wrong_namespace_or_place_leads_on_all_the_same(outside):
    repository = Repository()
    right = repository.page(items(5)[:2], "//2")
    token = b'<resumptionToken xmlns="">//2</resumptionToken>'
    wrong = right.replace(b"<resumptionToken>//2</resumptionToken>", b"" if outside else token)
    if outside:
        wrong = wrong.replace(b"</ListRecords>", b"</ListRecords>" + token)
    repository.faults[""] = Reply(body=wrong)
    with replying(repository) as url:
        pages = harvest(url)

    assert len(identifiers(pages)) == 5
    assert [problem for page in pages for problem in page.problems] == []

from __future__ import annotations

import pytest
from lxml import etree

from catalogue.model import HubIdentity
from protocols.oai import MARC21, OAI
from provider.model import Request
from provider.oai.respond import respond
from support.memory_items import NOW, make_item, make_view
from support.oai_answers import ask, code, identifiers, make_repository, text

REPOSITORY = make_repository(make_view(3))
FIRST = "oai:lienthong.localhost:b1"


def test_identify_says_what_harvesters_rely_on() -> None:
    answer = ask(REPOSITORY, "verb=Identify")

    assert text(answer, "//o:baseURL") == "http://127.0.0.1:8080/oai"
    assert text(answer, "//o:earliestDatestamp") == "2023-11-14T21:13:21Z"
    assert text(answer, "//o:deletedRecord") == "persistent"
    assert text(answer, "//o:granularity") == "YYYY-MM-DDThh:mm:ssZ"
    assert text(answer, "o:responseDate") == "2023-11-14T22:13:20Z"


def test_an_empty_hub_still_identifies_itself(schema: etree.XMLSchema) -> None:
    answer = ask(make_repository(make_view(0)), "verb=Identify")

    schema.assertValid(answer)
    assert text(answer, "//o:earliestDatestamp") == "2023-11-14T22:13:20Z"


def test_the_root_is_written_as_old_harvesters_expect_it() -> None:
    body = respond(REPOSITORY, Request.parse(b"verb=Identify")).body

    assert f'<OAI-PMH xmlns="{OAI}" xmlns:xsi='.encode() in body
    assert f'xsi:schemaLocation="{OAI} {OAI}OAI-PMH.xsd">'.encode() in body


def test_a_name_with_markup_stays_text() -> None:
    identity = HubIdentity(name='Kho <A> & "B"', base_url="http://hub.vn/a?b=1&c=2")

    answer = ask(make_repository(make_view(1), identity=identity), "verb=Identify")

    assert text(answer, "//o:repositoryName") == 'Kho <A> & "B"'
    assert text(answer, "o:request") == "http://hub.vn/a?b=1&c=2/oai"


@pytest.mark.parametrize(
    "query",
    [
        "verb=Identify",
        "verb=ListMetadataFormats",
        f"verb=ListMetadataFormats&identifier={FIRST}",
        "verb=ListSets",
        "verb=ListIdentifiers&metadataPrefix=oai_dc&set=library&from=2023-01-01",
        "verb=ListRecords&metadataPrefix=oai_dc",
        "verb=ListRecords&metadataPrefix=marcxml",
        f"verb=GetRecord&metadataPrefix=marc21&identifier={FIRST}",
        "verb=ListRecords",
        "",
    ],
)
def test_every_answer_is_valid_against_the_official_schemas(
    query: str, schema: etree.XMLSchema
) -> None:
    schema.assertValid(ask(REPOSITORY, query))


def test_a_request_is_repeated_with_its_arguments() -> None:
    request = ask(REPOSITORY, f"verb=GetRecord&metadataPrefix=marcxml&identifier={FIRST}")[1]

    assert request.attrib == {
        "verb": "GetRecord",
        "metadataPrefix": "marcxml",
        "identifier": FIRST,
    }


def test_marcxml_is_another_name_for_marc21() -> None:
    record = f"verb=GetRecord&identifier={FIRST}&metadataPrefix="
    named, other = (ask(REPOSITORY, record + prefix) for prefix in ("marc21", "marcxml"))

    assert text(named, "//o:metadata/*/*") != ""
    assert named.find(f".//{{{MARC21}}}record") is not None
    assert text(named, "//o:metadata") == text(other, "//o:metadata")


def test_a_deleted_item_has_a_header_and_no_metadata() -> None:
    view = make_view(1)
    view.change(1, deleted=True)

    answer = ask(make_repository(view), f"verb=GetRecord&metadataPrefix=oai_dc&identifier={FIRST}")

    assert text(answer, "//o:header/@status") == "deleted"
    assert answer.find(f".//{{{OAI}}}metadata") is None


def test_formats_are_told_for_an_item_too() -> None:
    answer = ask(REPOSITORY, f"verb=ListMetadataFormats&identifier={FIRST}")

    assert answer.xpath("//*[local-name()='metadataPrefix']/text()") == [
        *("oai_dc", "marc21", "mods", "qdc", "edm")
    ]


def test_the_form_of_theses_is_told_of_theses_alone() -> None:
    view = make_view(1)
    view.put(make_item(2, sets=("material", "material:thesis")))
    repository = make_repository(view)

    theirs = ask(repository, f"verb=ListMetadataFormats&identifier={FIRST[:-1]}2")
    refused = ask(repository, f"verb=GetRecord&metadataPrefix=etdms&identifier={FIRST}")

    assert "etdms" in theirs.xpath("//*[local-name()='metadataPrefix']/text()")
    assert code(refused) == "cannotDisseminateFormat"


def test_sets_come_with_their_parent_first() -> None:
    answer = ask(REPOSITORY, "verb=ListSets")

    assert answer.xpath("//*[local-name()='setSpec']/text()") == ["library", "library:NLV"]


@pytest.mark.parametrize(
    "identifier",
    [
        "oai:lienthong.localhost:b99",
        "oai:other.example:b1",
        "lienthong.localhost:b1",
        "b1",
        'invalid"id',
        "oai:lienthong.localhost:",
        "oai:lienthong.localhost:b1%00",
        "http://[::1]:x/%25",
    ],
)
@pytest.mark.parametrize("verb", ["GetRecord&metadataPrefix=oai_dc", "ListMetadataFormats"])
def test_an_identifier_that_is_not_here_does_not_exist(
    verb: str, identifier: str, schema: etree.XMLSchema
) -> None:
    answer = ask(REPOSITORY, f"verb={verb}&identifier={identifier}")

    schema.assertValid(answer)
    assert code(answer) == ("badArgument" if "%00" in identifier else "idDoesNotExist")


def test_any_token_for_sets_is_bad() -> None:
    assert code(ask(REPOSITORY, "verb=ListSets&resumptionToken=x")) == "badResumptionToken"


def test_an_item_is_stamped_and_named_by_the_hub() -> None:
    view = make_view(0)
    view.put(make_item(5, stamp=NOW, sets=("library:NLV", "library:HUST")))

    answer = ask(make_repository(view), "verb=ListIdentifiers&metadataPrefix=oai_dc")

    assert identifiers(answer) == ["b5"]
    assert text(answer, "//o:datestamp") == "2023-11-14T22:13:20Z"
    assert answer.xpath("//*[local-name()='setSpec']/text()") == ["library:NLV", "library:HUST"]

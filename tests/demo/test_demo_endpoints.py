"""The members' endpoints, asked over real HTTP by clients that others wrote."""

import threading

import httpx2
import pytest
from lxml import etree
from oaipmh.client import Client
from oaipmh.metadata import MetadataRegistry
from sickle import Sickle
from sickle.iterator import OAIResponseIterator

from hub.demo.endpoints import members
from hub.demo.generate import deliveries
from hub.demo.repository import PAGE_SIZE, Repository, respond
from protocols.oai import OAI, Granularity
from provider.model import Request
from support.oai_schema import oai_schema

NS = {"o": OAI}


def ask(endpoint, query):
    return etree.fromstring(httpx2.get(f"{endpoint.url}?{query}").content)


def texts(answer, path):
    return [str(text) for text in answer.xpath(path, namespaces=NS)]


def error(answer):
    return "".join(texts(answer, "//o:error/@code"))


def headers(answer):
    return texts(answer, "//o:header/o:identifier/text()")


def expected(member):
    return [record.identifier for record in deliveries(member)]


def pages(endpoint, prefix):
    query = f"verb=ListRecords&metadataPrefix={prefix}"
    while query:
        answer = ask(endpoint, query)
        yield answer
        token = "".join(texts(answer, "//o:resumptionToken/text()"))
        query = f"verb=ListRecords&resumptionToken={token}" if token else ""


def test_sickle_harvests_everything_once(member, endpoint):
    client = Sickle(endpoint.url, iterator=OAIResponseIterator)
    answers = list(client.ListRecords(metadataPrefix=endpoint.prefix))

    assert [name for answer in answers for name in headers(answer.xml)] == expected(member)
    assert len(answers) == -(-len(expected(member)) // PAGE_SIZE)


def test_the_oaipmh_client_harvests_everything_once(member, endpoint):
    registry = MetadataRegistry()
    registry.registerReader(endpoint.prefix, etree.tostring)
    found = Client(endpoint.url, registry).listRecords(metadataPrefix=endpoint.prefix)

    assert [header.identifier() for header, _, _ in found] == expected(member)


def test_every_member_gives_dublin_core_too(member, endpoint):
    alive = [record.identifier for record in deliveries(member) if not record.deleted]
    path = "//o:record[o:metadata/*[local-name() = 'dc']]/o:header/o:identifier/text()"
    found = [name for page in pages(endpoint, "oai_dc") for name in texts(page, path)]

    damaged = {r.identifier for r in deliveries(member) if r.damage == "without-metadata"}
    without = damaged if endpoint.prefix == "oai_dc" else set()
    assert found == [name for name in alive if name not in without]


def test_answers_are_valid_but_for_the_leaders_damaged_on_purpose(member, endpoint, shared):
    schema = oai_schema(shared)
    own = list(pages(endpoint, endpoint.prefix))
    others = [
        ask(endpoint, "verb=Identify"),
        ask(endpoint, "verb=ListSets"),
        ask(endpoint, "verb=ListMetadataFormats"),
        ask(endpoint, "verb=ListIdentifiers&metadataPrefix=oai_dc"),
        ask(endpoint, "verb=Nothing"),
        ask(endpoint, f"verb=GetRecord&metadataPrefix=oai_dc&identifier={expected(member)[0]}"),
    ]
    complaints = [
        fault.message for page in own if not schema.validate(page) for fault in schema.error_log
    ]

    assert [schema.validate(answer) for answer in others] == [True] * len(others)
    assert all("leader" in complaint for complaint in complaints)
    assert bool(complaints) == (member.habit("bad-leader") != "0")


def test_a_member_says_who_it_is(member, endpoint):
    answer = ask(endpoint, "verb=Identify")

    assert texts(answer, "//o:repositoryName/text()") == [endpoint.library_name]
    assert texts(answer, "//o:baseURL/text()") == [endpoint.url]
    assert texts(answer, "//o:granularity/text()") == [member.granularity]


def test_a_list_counts_and_ends_with_an_empty_token(member, endpoint):
    answers = list(pages(endpoint, endpoint.prefix))
    total = len(expected(member))

    assert {size for page in answers for size in texts(page, "//@completeListSize")} == {str(total)}
    assert [texts(page, "//@cursor") for page in answers] == [
        [str(start)] for start in range(0, total, PAGE_SIZE)
    ]
    assert texts(answers[-1], "//o:resumptionToken/text()") == []


def test_a_list_can_be_cut_by_date_and_by_set(member, endpoint):
    record = deliveries(member)[500]
    day = record.datestamp[:10]
    query = f"from={day}&until={day}&set={record.sets[0]}&metadataPrefix={endpoint.prefix}"
    wanted = [
        one.identifier
        for one in deliveries(member)
        if one.datestamp.startswith(day) and one.sets == record.sets
    ]

    assert headers(ask(endpoint, f"verb=ListIdentifiers&{query}")) == wanted
    assert record.identifier in wanted


def test_every_set_can_be_asked_for_and_parents_hold_their_children(endpoints):
    specs = texts(ask(endpoints["national"], "verb=ListSets"), "//o:setSpec/text()")
    query = "verb=ListIdentifiers&metadataPrefix=oai_dc&set="
    sizes = {
        spec: int(texts(ask(endpoints["national"], query + spec), "//@completeListSize")[0])
        for spec in ("sach", "sach:school")
    }

    assert specs[0] == "sach"
    assert all(spec.startswith("sach:") for spec in specs[1:])
    assert sizes["sach"] == 1500 > sizes["sach:school"]


def test_a_deleted_record_has_a_header_only(member, endpoint):
    gone = next(record for record in deliveries(member) if record.deleted)
    query = f"verb=GetRecord&metadataPrefix={endpoint.prefix}&identifier={gone.identifier}"
    answer = ask(endpoint, query)

    assert texts(answer, "//o:header/@status") == ["deleted"]
    assert texts(answer, "//o:metadata") == []


def test_a_form_is_answered_like_a_query(endpoint):
    posted = httpx2.post(endpoint.url, data={"verb": "ListMetadataFormats"})
    prefixes = texts(etree.fromstring(posted.content), "//o:metadataPrefix/text()")

    assert prefixes == list(dict.fromkeys([endpoint.prefix, "oai_dc"]))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&set=x", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2024-13-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=mods", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2031-01-01", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=none", "noRecordsMatch"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:x:1", "idDoesNotExist"),
        ("verb=ListMetadataFormats&identifier=oai:x:1", "idDoesNotExist"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=ListRecords/oai_dc////0", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=ListRecords/oai_dc////-100", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=ListRecords/oai_dc////999900", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=ListRecords/oai_dc/x///100", "badResumptionToken"),
        ("verb=ListIdentifiers&resumptionToken=ListRecords/oai_dc////100", "badResumptionToken"),
    ],
)
def test_a_wrong_request_is_an_oai_error(endpoint, query, code):
    assert error(ask(endpoint, query)) == code


def test_seconds_are_refused_where_only_days_are_kept(member, endpoint):
    query = "verb=ListIdentifiers&metadataPrefix=oai_dc&from=2024-03-05T00:00:00Z"
    coarse = member.granularity is Granularity.DAY

    assert error(ask(endpoint, query)) == ("badArgument" if coarse else "")


def test_another_path_or_method_is_an_http_error(endpoint):
    assert httpx2.get(f"{endpoint.url}/x?verb=Identify").status_code == 404
    assert httpx2.delete(endpoint.url).status_code == 405
    assert httpx2.post(endpoint.url, data={"verb": "x" * 100_000}).status_code == 413


def test_the_endpoints_end_with_their_block():
    before = threading.active_count()
    with members() as running:
        url = running[0].url

    assert threading.active_count() == before
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(url)


def test_a_repository_answers_in_process_as_it_does_over_http(member, endpoint):
    query = "verb=ListSets"
    repository = Repository(member=member, base_url=endpoint.url)
    body = respond(repository, Request.parse(query.encode()).arguments)

    sets = "//o:set/o:setName/text()"
    assert texts(etree.fromstring(body), sets) == texts(ask(endpoint, query), sets)

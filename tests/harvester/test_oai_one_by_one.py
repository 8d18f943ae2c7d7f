"""Records asked for by their identifiers, single records, and pages read again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalks.model import Severity
from harvester.errors import BadResumptionToken, HttpStatus, IdDoesNotExist, PageBroken
from harvester.model import Header, Mode, SourceSpec
from harvester.oai.container import Given, pack, unpack
from protocols.oai import OAI_DC
from support.harvesting import harvest, identifiers, reader
from support.loopback import Reply, replying
from support.oai_source import (
    MARC_FORMATS,
    RESPONSE_DATE,
    Item,
    Repository,
    dublin_core,
    envelope,
    failure,
    items,
)

ONE_BY_ONE = {"mode": Mode.IDENTIFIERS}
TEXT = st.text(max_size=20)


def all_of(repository: Repository) -> list[str]:
    return sorted(item.identifier for item in repository.items)


def test_records_come_in_the_order_of_their_identifiers():
    repository = Repository(items=items(120)[::-1])
    with replying(repository) as url:
        pages = harvest(url, **ONE_BY_ONE)

    assert identifiers(pages) == all_of(repository)
    assert [len(page.records) for page in pages] == [50, 50, 20]
    assert [page.last for page in pages] == [False, False, True]
    assert pages[-1].next_checkpoint == {"from": RESPONSE_DATE}
    assert pages[0].records[3].format == OAI_DC


def test_a_harvest_goes_on_behind_the_last_record_that_came():
    repository = Repository(items=items(120))
    with replying(repository) as url:
        first = harvest(url, **ONE_BY_ONE)[0]
        asked = len(repository.asked("GetRecord"))
        rest = harvest(url, first.next_checkpoint, **ONE_BY_ONE)

    assert identifiers([first, *rest]) == all_of(repository)
    assert len(repository.asked("GetRecord")) == asked + 70


def test_deletions_are_known_by_their_headers():
    repository = Repository(items=[Item(identifier="gone", deleted=True), *items(1)])
    with replying(repository) as url:
        [page] = harvest(url, **ONE_BY_ONE)

    assert [(one.identifier, one.deleted) for one in page.records] == [
        ("gone", True),
        ("oai:example.org:0", False),
    ]
    assert len(repository.asked("GetRecord")) == 1


def test_of_a_record_listed_live_and_deleted_the_live_one_counts():
    both = [Item(identifier="x", payload=dublin_core("t")), Item(identifier="x", deleted=True)]
    with replying(Repository(items=both)) as url:
        [page] = harvest(url, **ONE_BY_ONE)

    assert [(one.identifier, one.deleted) for one in page.records] == [("x", False)]


def test_an_empty_list_is_an_empty_last_page():
    with replying(Repository(items=[])) as url:
        [page] = harvest(url, **ONE_BY_ONE)

    assert (page.records, page.last) == ((), True)
    assert reader().again(page.raw, 1, "u").records == ()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(body=failure("idDoesNotExist")),
        Reply(body=failure("cannotDisseminateFormat")),
        Reply(status=500),
        Reply(body=b"<html/>"),
        Reply(body=envelope("<GetRecord/>")),
        Reply(body=envelope("<GetRecord><record")),
    ],
)
def test_a_record_that_cannot_be_had_is_set_aside_with_the_reason(reply):
    repository = Repository(items=items(3))
    repository.refusing = lambda one: reply if one.get("identifier", "").endswith(":1") else None
    with replying(repository) as url:
        [page] = harvest(url, **ONE_BY_ONE)

    problems = [record.problems for record in page.records]
    assert [len(each) for each in problems] == [0, 1, 0]
    assert (problems[1][0].code, problems[1][0].severity) == ("record-not-given", Severity.ERROR)
    assert page.last


def test_where_no_record_can_be_had_the_harvest_fails():
    repository = Repository(items=items(60))
    repository.refusing = lambda one: Reply(status=500) if one["verb"] == "GetRecord" else None
    with replying(repository) as url, pytest.raises(HttpStatus):
        harvest(url, **ONE_BY_ONE)


def test_a_list_of_identifiers_is_cut_by_date_like_any_other():
    spread = [
        Item(identifier=f"{n}", payload=dublin_core("t"), datestamp=f"202{n}-01-01")
        for n in range(4)
    ]
    repository = Repository(items=spread, page_size=1)
    repository.refusing = lambda one: (
        Reply(body=failure("badResumptionToken")) if "resumptionToken" in one else None
    )
    with replying(repository) as url:
        pages = harvest(url, **ONE_BY_ONE)

    assert set(identifiers(pages)) == set(all_of(repository))


def test_another_identifier_than_was_asked_for_is_told():
    repository = Repository(items=items(1))
    answer = envelope(f"<GetRecord>{Item(identifier='other').xml()}</GetRecord>")
    repository.refusing = lambda one: Reply(body=answer) if one["verb"] == "GetRecord" else None
    with replying(repository) as url:
        [page] = harvest(url, **ONE_BY_ONE)

    [record] = page.records
    assert record.identifier == "oai:example.org:0"
    assert (record.problems[0].code, record.problems[0].sample) == ("other-identifier", "other")


def test_headers_without_an_identifier_are_told():
    repository = Repository(items=[Item(identifier=""), *items(1)])
    with replying(repository) as url:
        [page] = harvest(url, **ONE_BY_ONE)

    assert identifiers([page]) == ["oai:example.org:0"]
    assert [problem.code for problem in page.problems] == ["nameless-headers"]


@pytest.mark.parametrize("mode", [Mode.BOTH, Mode.IDENTIFIERS])
def test_a_kept_page_is_read_again_as_it_was_read_first(mode):
    damaged = Item(identifier="damaged", payload=dublin_core("t").replace("<dc:title>", "<b>"))
    some = [*items(3), Item(identifier="gone", deleted=True), damaged]
    repository = Repository(items=some, broken=frozenset({"oai:example.org:1"}), page_size=9)
    with replying(repository) as url:
        pages = harvest(url, mode=mode)
        kept = [reader().again(page.raw, page.number, page.url) for page in pages]

    assert [page.records for page in kept] == [page.records for page in pages]
    assert not any(page.last or page.next_checkpoint for page in kept)


def test_a_page_without_records_is_read_again_too():
    with replying(Repository(items=[])) as url:
        [page] = harvest(url)

    assert reader().again(page.raw, 1, page.url).records == ()


HEADERS = st.builds(Header, TEXT, TEXT, st.lists(TEXT, max_size=2).map(tuple), st.booleans())


@settings(max_examples=50)
@given(given_=st.lists(st.builds(Given, HEADERS, st.binary(max_size=40), TEXT), max_size=5))
def test_what_is_packed_into_a_page_comes_out_again(given_):
    assert list(unpack(pack(given_), 1, "u")) == given_


def test_a_page_of_answers_that_was_cut_is_refused():
    raw = pack([Given(Header("x"), b"answer")])
    with pytest.raises(PageBroken):
        reader().again(raw[:-4], 1, "u")


def test_a_record_is_refetched_by_its_identifier():
    repository = Repository(items=items(3), formats=MARC_FORMATS)
    with replying(repository) as url:
        record = reader().record(SourceSpec(url=url), "oai:example.org:1")

    assert (record.identifier, record.format) == ("oai:example.org:1", OAI_DC)
    assert repository.asked("GetRecord") == [
        {"identifier": "oai:example.org:1", "metadataPrefix": "m21"}
    ]


def test_a_record_that_is_not_there_is_said_as_such():
    with replying(Repository()) as url, pytest.raises(IdDoesNotExist):
        reader().record(SourceSpec(url=url), "nowhere")


def test_a_record_that_was_deleted_is_refetched_as_a_deletion():
    with replying(Repository(items=[Item(identifier="x", deleted=True)])) as url:
        record = reader().record(SourceSpec(url=url), "x")

    assert (record.deleted, record.problems) == (True, ())


def test_the_complete_list_of_identifiers_is_read_through_all_sets():
    some = [Item(identifier=f"{n}", set="ab"[n % 2], deleted=n == 3) for n in range(6)]
    repository = Repository(items=some)
    with replying(repository) as url:
        headers = [*reader().identifiers(SourceSpec(url=url, sets=("b", "a")))]

    assert [[one.identifier for one in page.headers] for page in headers] == [
        *(["1", "3"], ["5"], ["0", "2"], ["4"])
    ]
    assert headers[0].headers[1] == Header("3", "2024-01-01", ("b",), deleted=True)
    assert repository.asked("ListRecords") == []


def test_a_list_of_identifiers_that_is_not_complete_raises():
    repository = Repository(granularity="YYYY-MM-DD")
    repository.refusing = lambda one: (
        Reply(body=failure("badResumptionToken")) if "resumptionToken" in one else None
    )
    with replying(repository) as url, pytest.raises(BadResumptionToken):
        [*reader().identifiers(SourceSpec(url=url))]


def test_headers_outside_the_namespace_of_their_list_are_headers():
    repository = Repository()

    def bare(arguments):
        if arguments["verb"] != "ListIdentifiers":
            return None
        body = repository.list_identifiers(arguments)
        return Reply(body=body.replace(b"<header>", b'<header xmlns="">'))

    repository.refusing = bare
    with replying(repository) as url:
        listed = [*reader().identifiers(SourceSpec(url=url))]

    assert [header.identifier for page in listed for header in page.headers if header.identifier]
    assert sum(len(page.headers) for page in listed) == len(repository.items)

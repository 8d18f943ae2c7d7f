"""Servers whose lists of records never come: found out in bounded time, and gone round for good."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from harvester.errors import HttpStatus
from harvester.model import Mode, SourceSpec
from harvester.oai.check import OaiCheck
from support.harvesting import LOOPBACK, harvest, identifiers
from support.loopback import Reply, replying
from support.oai_source import Item, Repository, dublin_core, envelope

DAYS, SECONDS = "YYYY-MM-DD", "YYYY-MM-DDThh:mm:ssZ"


def spread(count: int, days: int = 30) -> list[Item]:
    """Return records of one day after the other, so many days apart."""
    return [
        Item(
            identifier=f"oai:example.org:{n}",
            payload=dublin_core(f"Nhan đề {n}"),
            datestamp=(date(2020, 1, 1) + timedelta(days=n * days)).isoformat(),
        )
        for n in range(count)
    ]


def failing(*verbs: str):
    def refusing(arguments):
        return Reply(status=500, body=b"sorry") if arguments["verb"] in verbs else None

    return refusing


@pytest.mark.parametrize("granularity", [DAYS, SECONDS])
def test_a_server_that_never_lists_records_is_read_one_by_one_in_the_end(granularity):
    repository = Repository(
        items=spread(9), granularity=granularity, refusing=failing("ListRecords")
    )
    with replying(repository) as url:
        pages = harvest(url)

    assert set(identifiers(pages)) == {item.identifier for item in repository.items}
    assert pages[-1].last
    assert len(repository.requests) < 1000


def test_a_server_that_takes_no_dates_either_is_not_read_again_for_each_window():
    repository = Repository(items=spread(9), granularity=DAYS)

    def refusing(arguments):
        if arguments["verb"] == "ListIdentifiers" and "until" in arguments:
            kept = {one: text for one, text in arguments.items() if one not in ("from", "until")}
            return Reply(body=repository.list_identifiers(kept))
        return failing("ListRecords")(arguments)

    repository.refusing = refusing
    with replying(repository) as url:
        pages = harvest(url)

    assert sorted(identifiers(pages)) == sorted(item.identifier for item in repository.items)
    assert "dates-ignored" in [problem.code for page in pages for problem in page.problems]


def first_page(repository: Repository, mode: Mode = Mode.BOTH):
    """Return the first page as the test of a source asks for it."""
    with replying(repository) as url:
        return OaiCheck(url, LOOPBACK).first_page(SourceSpec(url=url, mode=mode))


def test_the_first_page_of_a_broken_list_is_a_few_records():
    repository = Repository(items=spread(90), refusing=failing("ListRecords"), page_size=50)
    page = first_page(repository)

    assert len(page.records) == 3
    assert [problem.code for problem in page.problems] == ["read-one-by-one"]
    assert len(repository.requests) < 12


def test_the_first_page_of_a_source_read_one_by_one_is_a_few_records():
    repository = Repository(items=spread(90), page_size=50)

    assert len(first_page(repository, Mode.IDENTIFIERS).records) == 3
    assert len(repository.requests) < 8


def test_of_very_many_sets_only_the_first_are_asked_for():
    def one_a_page(arguments):
        if arguments["verb"] != "ListSets":
            return None
        number = int(arguments.get("resumptionToken", 0)) + 1
        told = f"<set><setSpec>s{number}</setSpec><setName>S</setName></set>"
        token = f"<resumptionToken>{number}</resumptionToken>"
        return Reply(body=envelope(f"<ListSets>{told}{token}</ListSets>"))

    repository = Repository(refusing=one_a_page)
    with replying(repository) as url:
        found = OaiCheck(url, LOOPBACK).sets()

    assert len(found) == len(repository.requests) == 10


def test_where_nothing_comes_the_first_page_tells_of_the_list_of_records():
    repository = Repository(refusing=failing("ListRecords", "ListIdentifiers"))
    with pytest.raises(HttpStatus, match="ListRecords"):
        first_page(repository)

    assert len(repository.requests) < 16

"""Lists that hold fewer records than announced, where dates are of no help in another look."""

from __future__ import annotations

import re

import pytest

from harvester.errors import ListShort
from harvester.model import Mode, SourceSpec
from protocols.oai import Granularity
from support.faulty import Collection, Endpoint, Fault, Manners, Sizes
from support.harvesting import harvest, identifiers, reader
from support.loopback import Reply, replying
from support.oai_source import Item, Repository, dublin_core


def endpoint(*faults: Fault | None, count: int = 2, sizes: Sizes = Sizes.RIGHT) -> Endpoint:
    collection = Collection()
    for number in range(count):
        collection.put(f"oai:example.org:{number}", "Số đỏ")
    made = Endpoint(
        collection,
        Manners(page_size=1, granularity=Granularity.DAY, ignores_dates=True, sizes=sizes),
    )
    made.faults.extend(faults)
    return made


def codes(pages) -> list[str]:
    return [problem.code for page in pages for problem in page.problems]


def test_a_list_that_ended_too_early_once_is_read_whole_once_more():
    server = endpoint(Fault.ENDED)
    with replying(server) as url:
        pages = harvest(url)

    assert set(identifiers(pages)) == set(server.collection.live())
    assert pages[-1].last
    assert codes(pages) == ["list-read-again", "dates-ignored", "list-was-cut"]


def test_a_figure_that_two_whole_lists_give_the_lie_to_is_wrong():
    server = endpoint(sizes=Sizes.TOO_LARGE)
    with replying(server) as url:
        pages = harvest(url)

    assert set(identifiers(pages)) == set(server.collection.live())
    assert codes(pages)[-1] == "list-size-wrong"
    assert pages[-1].next_checkpoint["size_lies"]


def test_two_lists_that_ended_at_different_places_are_no_end():
    server = endpoint(Fault.ENDED, None, None, Fault.ENDED, count=4)
    with replying(server) as url:
        pages = []
        with pytest.raises(ListShort, match="announced 4 records, gave 1 at first and 2 when"):
            pages.extend(reader().pages(SourceSpec(url=url), {}))
        rest = harvest(url, pages[-1].next_checkpoint)

    assert not any(page.last for page in pages)
    assert set(identifiers(rest)) == set(server.collection.live())
    assert rest[-1].last


def test_a_list_of_identifiers_that_ends_too_early_is_read_again_in_windows():
    items = [
        Item(identifier=str(n), payload=dublin_core("Số đỏ"), datestamp=f"2023-0{n}-01")
        for n in range(1, 8)
    ]
    repository = Repository(items=items, page_size=3, earliest="2023-01-01")

    def ends_early(arguments):
        if arguments["verb"] != "ListIdentifiers":
            return None
        body = repository.list_identifiers(arguments)
        return Reply(body=re.sub(rb">[^<>]+</resumptionToken>", b"></resumptionToken>", body))

    repository.refusing = ends_early
    with replying(repository) as url:
        pages = harvest(url, mode=Mode.IDENTIFIERS)

    assert set(identifiers(pages)) == {item.identifier for item in items}
    assert codes(pages)[:2] == ["list-read-again", "list-was-cut"]

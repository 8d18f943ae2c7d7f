"""Pages that are asked for twice, of servers that move on with each request."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from support.harvesting import harvest, identifiers
from support.loopback import Reply, replying
from support.oai_source import Item, Repository, dublin_core, envelope

PAGE = 2
COUNT = 8


def spread() -> list[Item]:
    """Return records of one month after the other."""
    return [
        Item(
            identifier=f"oai:example.org:{n}",
            payload=dublin_core(f"Nhan đề {n}"),
            datestamp=(date(2020, 1, 1) + timedelta(days=30 * n)).isoformat(),
        )
        for n in range(COUNT)
    ]


def page(repository: Repository, offset: int) -> bytes:
    """Return a page that says neither where in the list it is nor how long that is."""
    records = "".join(item.xml() for item in repository.items[offset : offset + PAGE])
    token = "<resumptionToken>session</resumptionToken>" if offset + PAGE < COUNT else ""
    return envelope(f"<ListRecords>{records}{token}</ListRecords>")


def moving_on(repository: Repository, damaged) -> Repository:
    """Let a server give the next page at each request with its one token; one comes damaged."""
    offsets = iter(range(PAGE, COUNT, PAGE))

    def respond(arguments):
        if arguments.get("resumptionToken") != "session":
            whole = {"verb", "metadataPrefix"} == set(arguments)
            return Reply(body=page(repository, 0)) if whole else None
        offset = next(offsets)
        body = page(repository, offset)
        return Reply(body=damaged(body) if offset == PAGE else body)

    repository.refusing = respond
    return repository


@pytest.mark.parametrize(
    "damaged",
    [
        lambda body: body.replace("đề 2".encode(), b"&"),
        lambda body: body[: body.index(b"<identifier>")],
        lambda body: body[:-20],
    ],
    ids=["mendable", "cut before its first record", "cut at its end"],
)
def test_the_page_that_a_second_look_took_is_not_lost(damaged):
    repository = moving_on(Repository(items=spread()), damaged)
    with replying(repository) as url:
        pages = harvest(url)

    assert set(identifiers(pages)) == {item.identifier for item in repository.items}
    assert pages[-1].last

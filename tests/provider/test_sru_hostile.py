"""Whatever is sent is answered with XML that is what its schema says, and status 200."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from catalogue.database import Database
from provider.model import Request
from provider.sru.respond import respond
from support.sru import Answer, filled, service

NAMES = (
    "operation version query scanClause startRecord maximumRecords recordPacking recordSchema"
    " recordXMLEscaping sortKeys stylesheet facetLimit facetStart facetSort responsePosition"
    " maximumTerms resultSetTTL queryType httpAccept x-a nosuch"
)
VALUES = (
    "explain searchRetrieve scan 1.1 1.2 2.0 9 0 1 -1 99999999999 1e3 xml string marcxml dc mods"
    " kieu dc.title=kieu cql.allRecords=1 5:dc.subject 2,3:dc.date title,,1 /x.xsl cql searchTerms"
    ' */* "a and b" <x/> ]]> \x00 \ufffe \udcff &amp; %00 Truyện ấ * ?'
)
PIECES = (
    'and or not prox sortby ( ) = == <> <= > < / any all within exact dc.title title "" " \\ \\* * '
    "? ^ Kiều truyện k* *u ki?u ki*u /stem /accents /respectaccents=0 1999 19* cql.allRecords = 1 "
    '> dc.date bath.isbn 978 rec.id \t \x00 \udc80 \U0010ffff &#x0; "truyện kiều" /unit=word'
)


def queries(chance: random.Random, count: int) -> Iterator[str]:
    pieces = PIECES.split(" ")
    for _ in range(count):
        between = chance.choice([" ", "", " "])
        yield between.join(chance.choice(pieces) for _ in range(chance.randrange(1, 12)))


def requests(seed: str, count: int) -> Iterator[Request]:
    chance = random.Random(seed)
    names, values = NAMES.split(" "), VALUES.split(" ")
    for number, query in enumerate(queries(chance, count)):
        pairs = [
            (chance.choice(names), chance.choice(values)) for _ in range(chance.randrange(1, 7))
        ]
        if number % 2:
            name = chance.choice(["query", "query", "scanClause"])
            pairs = [("version", chance.choice(["1.1", "1.2", "2.0"])), (name, query), *pairs]
        if number % 4 == 1:
            pairs = [pair for pair in pairs if pair[0] in {"query", "scanClause", "version"}]
        yield Request(arguments=tuple(pairs))


def answered(hub: Database, seed: str, count: int) -> tuple[int, int]:
    """Return how many requests had an answer to show, and how many a diagnostic."""
    server = service(hub)
    good = told = 0
    for request in requests(seed, count):
        response = respond(server, "union", request)
        answer = Answer(response.body)
        assert response.status == 200, request
        told += bool(answer.diagnostics)
        good += not answer.diagnostics
    return good, told


def test_random_requests_are_answered_or_told_why_not(small):
    good, told = answered(small, "some", 300)

    assert good > 30
    assert told > 100


def test_random_queries_do_not_hurt_postgresql(postgresql_engine):
    with filled(postgresql_engine) as database:
        answered(database, "some", 300)


@pytest.mark.soak
def test_ten_thousand_random_requests_are_answered_or_told_why_not(small):
    good, told = answered(small, "many", 10_000)

    assert good > 1_000
    assert told > 3_000

"""The client of Z39.50 servers: what servers do, and what comes out of it."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

from harvester.errors import AddressForbidden, CertificateRefused, HarvestError
from harvester.z3950.address import parse
from harvester.z3950.client import Client
from harvester.z3950.errors import (
    BadTargetUrl,
    TargetClosed,
    TargetGarbled,
    TargetGaveNothing,
    TargetHungUp,
    TargetRefused,
    TargetSilent,
    TargetTurnedAway,
    TargetUnreachable,
)
from harvester.z3950.model import Composition, Manners, SignIn, Traced
from protocols.pqf import read
from protocols.rpn.tree import Attribute, SortKey, Term
from protocols.z3950 import diagnosing, encode, oids
from protocols.z3950.diagnosing import Diagnosed
from protocols.z3950.values import searches, sessions
from protocols.z3950.values.records import MultipleDiagnostics
from support import yaz_ztest
from support.certificates import authority, issue
from support.z3950 import captured
from support.z3950_target import Kept, Target, serving

T = TypeVar("T")
LOOPBACK = ("127.0.0.0/8",)
ALL = read("@attr 1=_ALLRECORDS @attr 2=103 ''")


def kept(count: int) -> list[Kept]:
    return [Kept(f"{n:05}", "20260101", b"record %d" % n) for n in range(1, count + 1)]


@pytest.fixture(scope="module")
def ztest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with yaz_ztest.ztest(tmp_path_factory.mktemp("ztest")) as target:
        yield target


def talk(target: Target, do: Callable[[Client], Awaitable[T]], **manners: Any) -> T:
    async def run() -> T:
        given = {"allow_networks": LOOPBACK, "answer_timeout": 30, **manners}
        async with Client(parse(target.url), Manners(**given)) as client:
            return await do(client)

    return asyncio.run(run())


async def fetch_all(client: Client) -> list[tuple[int, bytes]]:
    found = await client.search(ALL)
    return [(each.position, each.body) for each in await client.fetch(1, found.hits)]


def test_all_records_come_however_few_an_answer_holds():
    with serving(kept(10), page=3) as target:
        got = talk(target, fetch_all)

    assert got == [(n, b"record %d" % n) for n in range(1, 11)]


def test_a_record_too_long_for_company_comes_alone():
    with serving(kept(5), too_long=frozenset({2, 5})) as target:
        got = talk(target, fetch_all)

    assert got == [(n, b"record %d" % n) for n in range(1, 6)]
    assert target.count(searches.PresentRequest) == 3


def test_a_record_that_does_not_come_leaves_its_diagnostic_in_its_place():
    async def do(client: Client) -> Any:
        await client.search(ALL)
        return await client.fetch(1, 3)

    with serving(kept(3), lost=frozenset({"00002"})) as target:
        got = talk(target, do)

    assert [each.said and each.said.condition for each in got] == [None, 14, None]


def test_the_syntax_is_that_of_the_record_whatever_was_asked_for():
    async def do(client: Client) -> Any:
        await client.search(ALL)
        return await client.fetch(1, 1, composition=Composition(syntax=oids.UNIMARC))

    with serving(kept(1), gives=oids.USMARC) as target:
        (got,) = talk(target, do)

    assert got.syntax == oids.USMARC


@pytest.mark.parametrize(
    "told",
    [
        diagnosing.response((Diagnosed(condition=114, addinfo="1=x"),)),
        diagnosing.response((Diagnosed(condition=114, addinfo="1=x"),), version=2),
        MultipleDiagnostics(
            (
                diagnosing.written(Diagnosed(condition=114, addinfo="1=x")),
                diagnosing.written(Diagnosed(condition=3)),
            )
        ),
    ],
    ids=["bare", "version 2", "several"],
)
def test_a_diagnostic_is_one_in_whichever_shape_it_comes(told: Any):
    answer = searches.SearchResponse(
        result_count=0,
        number_of_records_returned=0,
        next_result_set_position=0,
        search_status=False,
        records=told,
    )

    def talks(pdu: Any) -> bytes | None:
        return encode(answer) if isinstance(pdu, searches.SearchRequest) else None

    with serving([], talks=talks) as target, pytest.raises(TargetRefused) as caught:
        talk(target, lambda client: client.search(ALL))

    assert caught.value.said == Diagnosed(condition=114, addinfo="1=x")
    assert "diagnostic 114" in str(caught.value)


def test_a_server_that_gives_nothing_without_a_reason_is_told():
    empty = searches.PresentResponse(
        number_of_records_returned=0, next_result_set_position=1, present_status=1
    )

    def talks(pdu: Any) -> bytes | None:
        return encode(empty) if isinstance(pdu, searches.PresentRequest) else None

    with serving(kept(3), talks=talks) as target, pytest.raises(TargetGaveNothing):
        talk(target, fetch_all)


def test_a_silent_server_is_not_waited_for_longer_than_told():
    with (
        serving(kept(1), silent_at=searches.SearchRequest) as target,
        pytest.raises(TargetSilent),
    ):
        talk(target, fetch_all, answer_timeout=0.05)


def test_a_session_that_was_dropped_says_so_and_can_be_begun_anew():
    async def do(client: Client) -> Any:
        await client.search(ALL)
        await client.fetch(1, 2)
        try:
            await client.fetch(1, 2)
        except TargetHungUp:
            assert not client.is_open
        await client.open()
        return await fetch_all(client)

    with serving(kept(2), drops_after=1) as target:
        got = talk(target, do)

    assert len(got) == 2


@pytest.mark.parametrize(
    ("said", "error"),
    [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", TargetGarbled),
        (b"\xb5\x03\x01\x02", TargetSilent),
        (b"\xb5\x84\x7f\xff\xff\xff", TargetGarbled),
        (encode(sessions.Close(close_reason=4, diagnostic_information="full")), TargetClosed),
        (
            encode(
                searches.PresentResponse(
                    number_of_records_returned=0, next_result_set_position=1, present_status=0
                )
            ),
            TargetGarbled,
        ),
    ],
    ids=["HTTP", "cut short", "without end", "Close", "another answer"],
)
def test_what_is_no_answer_is_an_error_of_ours(said: bytes, error: type[Exception]):
    spoken = iter([said])

    def talks(pdu: Any) -> bytes | None:
        return next(spoken, None) if isinstance(pdu, sessions.InitializeRequest) else None

    patience = 0.05 if error is TargetSilent else 30
    with serving([], talks=talks) as target, pytest.raises(error):
        talk(target, fetch_all, answer_timeout=patience)


def test_a_server_that_wants_to_know_us_lets_us_in_with_the_right_password():
    with serving(kept(1), password="secret") as target:
        with pytest.raises(TargetTurnedAway):
            talk(target, fetch_all)
        got = talk(target, fetch_all, sign_in=SignIn(user="hub", password="secret"))

    assert len(got) == 1
    assert "secret" not in repr(SignIn(user="hub", password="secret"))


def test_an_index_is_listed_from_a_term_on_to_its_end():
    async def do(client: Client) -> Any:
        return await client.scan(Term("00003", (Attribute(1, 12),)), 5)

    with serving(kept(6)) as target:
        got = talk(target, do)

    assert [(each.term, each.records) for each in got.entries] == [
        (f"{n:05}", 1) for n in range(3, 7)
    ]
    assert got.ended


def test_an_index_that_is_not_listed_says_why():
    async def do(client: Client) -> Any:
        return await client.scan(Term("a", (Attribute(1, 4),)), 5)

    with serving(kept(6)) as target, pytest.raises(TargetRefused) as caught:
        talk(target, do)

    assert caught.value.said == Diagnosed(condition=114, addinfo="4")


def test_nothing_is_connected_to_that_is_not_allowed():
    with serving([]) as target, pytest.raises(AddressForbidden):
        talk(target, fetch_all, allow_networks=())

    assert target.sessions == 0


def test_a_port_where_nobody_listens_is_told():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        target = Target(kept=[], port=taken.getsockname()[1])
        with pytest.raises(TargetUnreachable):
            talk(target, fetch_all)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("z3950://host/books", ("host", 210, ("books",), False)),
        ("z3950s://Host:9999/a+b%2Fc", ("host", 9999, ("a", "b/c"), True)),
        ("z3950://[::1]:7090", ("::1", 7090, ("Default",), False)),
    ],
)
def test_an_address_says_host_port_and_databases(url: str, told: tuple[Any, ...]):
    found = parse(url)

    assert (found.host, found.port, found.databases, found.tls) == told


@pytest.mark.parametrize(
    "url",
    [
        "http://host/books",
        "z3950:host/books",
        "z3950://me:secret@host/books",
        "z3950://host:99999/books",
        "z3950://host/books/more",
        "z3950://host:0/books",
        "",
    ],
)
def test_what_is_no_address_is_refused(url: str):
    with pytest.raises(BadTargetUrl):
        parse(url)


# yaz-ztest, the test server of libyaz: hits are the number in the term, records repeat after 24.


def test_a_real_server_is_searched_fetched_and_sorted(ztest: Target):
    traced: list[Traced] = []

    async def run() -> Any:
        manners = Manners(allow_networks=LOOPBACK, charset="iso-8859-1")
        async with Client(parse(ztest.url), manners, traced.append) as client:
            found = await client.search(read("@attr 1=4 60"), first=3)
            records = await client.fetch(1, found.hits)
            await client.sort([SortKey((Attribute(1, 4),))])
            return client.opened, found, records

    opened, found, records = asyncio.run(run())

    assert (found.hits, [each.position for each in found.pieces]) == (60, [1, 2, 3])
    assert [each.position for each in records] == list(range(1, 61))
    assert [each.body for each in records[:3]] == [each.body for each in found.pieces]
    assert records[0].body[:5] == b"%05d" % len(records[0].body)
    assert {each.syntax for each in records} == {oids.USMARC}
    assert (opened.version, opened.charset) == (3, "iso-8859-1")
    assert [each.sent for each in traced[:2]] == [True, False]
    assert traced[0].size == len(encode(traced[0].pdu))


def test_a_real_servers_diagnostics_are_told(ztest: Target):
    async def unknown_database(client: Client) -> Any:
        return await client.search(read("@attr 1=4 60"))

    async def beyond_the_end(client: Client) -> Any:
        await client.search(read("@attr 1=4 5"))
        return await client.fetch(6, 1)

    other = Target(kept=[], port=ztest.port, database="nowhere")
    with pytest.raises(TargetRefused) as nowhere:
        talk(other, unknown_database)
    with pytest.raises(TargetRefused) as outside:
        talk(ztest, beyond_the_end)

    assert (nowhere.value.said.condition, outside.value.said.condition) == (109, 13)


def test_whatever_bytes_a_server_sends_only_errors_of_ours_come_out(shared: Path):
    chance = random.Random(39)
    answers = [data for place, data in captured(shared) if place.endswith("<")]

    def talks(pdu: Any) -> bytes | None:
        if isinstance(pdu, sessions.InitializeRequest):
            return None
        data = bytearray(chance.choice(answers))
        for _ in range(chance.randrange(4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        return bytes(data)

    async def do(client: Client) -> None:
        found = await client.search(ALL)
        await client.fetch(1, min(found.hits, 5))
        await client.scan(Term("a"), 5)

    ends = set()
    with serving([], talks=talks) as target:
        for _ in range(120):
            try:
                talk(target, do, answer_timeout=0.02)
            except HarvestError as error:
                ends.add(type(error))

    assert len(ends) > 2


def test_a_private_connection_goes_only_to_who_can_be_trusted(tmp_path: Path):
    issued = issue("127.0.0.1", below=authority(), names=("127.0.0.1",))
    with serving(kept(2), tls=issued.server(tmp_path)) as target:
        target.scheme = "z3950s"
        got = talk(target, fetch_all, ca_bundle=authority().pem)
        with pytest.raises(CertificateRefused):
            talk(target, fetch_all)

    assert len(got) == 2

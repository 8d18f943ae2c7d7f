"""SRU servers as they are: versions, packings, diagnostics, lies and silence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

import pytest

from crosswalks.model import Page
from harvester.errors import BadUrl, HarvestError
from harvester.model import HttpSettings, SourceSpec
from harvester.searching.errors import (
    BadQuery,
    HitsChanged,
    NotSearched,
    ResultCapped,
    UnknownSyntax,
)
from harvester.searching.model import SearchSettings, Way
from harvester.sru.asking import index, written
from harvester.sru.client import Client
from harvester.sru.errors import SruBusy, SruGarbled, SruRefused
from harvester.sru.reader import SruReader, check
from protocols import cql
from protocols.rpn.tree import Attribute, Joined, Operator, Query, Term
from support.waitress_server import waitress_serving

HTTP = HttpSettings(allow_networks=("127.0.0.0/8",), retries=2, first_wait=0, read_timeout=20)
SRW = "http://www.loc.gov/zing/srw/"
OASIS = "http://docs.oasis-open.org/ns/search-ws/sruResponse"
MARC = (
    '<record xmlns="http://www.loc.gov/MARC21/slim"><leader>00000nam a2200000 i 4500</leader>'
    '<controlfield tag="001">{number}</controlfield>'
    '<datafield tag="245" ind1="1" ind2="0"><subfield code="a">Số {number}</subfield></datafield>'
    "</record>"
)
Asked = dict[str, str]


class Server:
    """A server that finds records by their numbers; what it does wrong is set from outside."""

    def __init__(self, count: int) -> None:
        self.numbers = [f"{number:05}" for number in range(count)]
        self.versions = ("1.2",)
        self.packing = "xml"
        self.explains = True
        self.most = 10_000
        self.before: Callable[[Asked], str | tuple[int, str] | None] = lambda _: None
        self.asked: list[Asked] = []

    def __call__(self, environ: Any, start: Any) -> list[bytes]:
        asked = dict(parse_qsl(environ["QUERY_STRING"]))
        self.asked.append(asked)
        before = self.before(asked)
        told = self._answer(asked) if before is None else before
        status, text = told if isinstance(told, tuple) else (200, told)
        start(f"{status} X", [("Content-Type", "text/xml; charset=utf-8")])
        return [text.encode()]

    def _answer(self, asked: Asked) -> str:
        if asked["version"] not in self.versions:
            return self.says(5, asked, self.versions[0])
        if asked["operation"] == "explain":
            body = "<explain><databaseInfo><title>Thư viện</title></databaseInfo></explain>"
            return self.within("explainResponse", body if self.explains else "")
        if asked["operation"] == "scan":
            return self.says(4, asked)
        return self.found(asked)

    def found(self, asked: Asked) -> str:
        found = self._matching(asked["query"])
        if found is None:
            return self.says(16, asked)
        first, count = int(asked["startRecord"]), int(asked["maximumRecords"])
        if count and first > self.most:
            return self.says(61, asked)
        if asked.get("recordSchema", "marcxml") != "marcxml":
            return self.says(66, asked)
        rows = "".join(map(self.row, found[first - 1 : first - 1 + min(count, 40)]))
        return self.within(
            "searchRetrieveResponse",
            f"<numberOfRecords>{len(found)}</numberOfRecords><records>{rows}</records>",
        )

    def _matching(self, query: str) -> list[str] | None:
        if query in {"cql.allRecords = 1", "cql.allRecords=1"}:
            return self.numbers
        if found := re.fullmatch(r"rec\.id = (\d+)", query):
            return [each for each in self.numbers if each == found[1]]
        return None

    def row(self, number: str) -> str:
        body = MARC.format(number=number)
        packed = escape(body) if self.packing == "string" else body
        return f"<record><recordSchema>x</recordSchema><recordData>{packed}</recordData></record>"

    def says(self, number: int, asked: Asked, details: str = "") -> str:
        name = f"{asked['operation']}Response"
        uri = f"info:srw/diagnostic/1/{number}"
        return self.within(
            name,
            f'<diagnostics><diagnostic xmlns="{SRW}diagnostic/"><uri>{uri}</uri>'
            f"<details>{details}</details><message>no</message></diagnostic></diagnostics>",
        )

    def within(self, name: str, content: str) -> str:
        if self.versions[0] == "2.0":
            return f'<{name} xmlns="{OASIS}">{content}</{name}>'
        return f'<{name} xmlns="{SRW}"><version>{self.versions[0]}</version>{content}</{name}>'


@contextmanager
def serving(count: int = 90, **how: Any) -> Iterator[tuple[Server, SourceSpec]]:
    server = Server(count)
    for name, value in how.items():
        setattr(server, name, value)
    with waitress_serving(server) as url:
        yield server, SourceSpec(url=f"{url}/biblios")


def harvest(spec: SourceSpec, **search: Any) -> list[Page]:
    if search:
        spec = SourceSpec(url=spec.url, search=SearchSettings(**search))
    return list(SruReader(HTTP, lambda _: None).pages(spec, {}))


def names(pages: list[Page]) -> list[str]:
    return [each.identifier for page in pages for each in page.records]


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
@pytest.mark.parametrize("packing", ["xml", "string"])
@pytest.mark.parametrize("explains", [True, False])
def test_all_come_whatever_the_version_and_packing(version, packing, explains):
    with serving(versions=(version,), packing=packing, explains=explains) as (server, spec):
        pages = harvest(spec)

    assert names(pages) == server.numbers
    assert pages[-1].last
    assert server.asked[-1]["version"] == version
    bodies = {bytes(each.body) for page in pages for each in page.records}
    assert all(body.startswith(b"<record") and b"zing" not in body for body in bodies)
    assert "Số 00007".encode() in b"".join(bodies)


def test_a_record_that_is_not_given_is_set_aside_and_the_others_come():
    def before(asked: Asked) -> str | None:
        said = (
            "<record><recordSchema>info:srw/schema/1/diagnostics-v1.1</recordSchema><recordData>"
            f'<diagnostic xmlns="{SRW}diagnostic/"><uri>info:srw/diagnostic/1/64</uri>'
            "<message>gone</message></diagnostic></recordData></record>"
        )
        if asked["operation"] != "searchRetrieve" or asked["query"] != "cql.allRecords = 1":
            return None
        return server.found(asked).replace(server.row("00003"), said)

    with serving() as (server, spec):
        server.before = before
        pages = harvest(spec, way=Way.QUERY)

    problems = [each for page in pages for one in page.records for each in one.problems]
    assert len(names(pages)) == 90
    assert [(each.code, "64" in each.sample) for each in problems] == [("record-not-given", True)]


def test_a_server_that_caps_its_results_is_told_of():
    with serving(most=50) as (_, spec), pytest.raises(ResultCapped) as told:
        harvest(spec, way=Way.QUERY)

    assert told.value.details["hits"] == 90


def test_a_number_that_goes_on_changing_is_told_of():
    def before(asked: Asked) -> None:
        if int(asked.get("startRecord", 1)) > 1:
            server.numbers.append(f"{len(server.numbers):05}")

    with serving() as (server, spec):
        server.before = before
        with pytest.raises(HitsChanged):
            harvest(spec, way=Way.QUERY)


def test_one_record_is_fetched_by_its_number():
    with serving() as (_, spec):
        reader = SruReader(HTTP, lambda _: None)
        assert reader.record(spec, "00070").identifier == "00070"


def test_a_server_that_is_busy_for_a_while_is_waited_for():
    failures = iter([(503, ""), (500, "x")])

    with serving() as (server, spec):
        server.before = lambda _: next(failures, None)
        assert names(harvest(spec)) == server.numbers


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("<html><body>OPAC</body></html>", SruGarbled),
        ("nothing at all", SruGarbled),
        ("", SruGarbled),
        ((404, "<html/>"), SruGarbled),
        ((503, "later"), SruBusy),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", SruGarbled),
    ],
)
def test_what_is_no_sru_is_said_so(answer, error):
    with serving(before=lambda _: answer) as (_, spec), pytest.raises(error):
        harvest(spec)


def test_a_diagnostic_has_its_number_and_words():
    with serving() as (_, spec), Client(spec.url, HTTP) as client:
        with pytest.raises(SruRefused) as told:
            client.search("dc.title=x")
        assert (told.value.number, told.value.bib1) == (16, 114)
        assert client.search("cql.allRecords=1", 1, 3).records[2].position == 3
        with pytest.raises(SruRefused):
            client.scan("rec.id=0", 5)


def test_what_cannot_be_a_source_is_refused_before_it_is_one():
    for spec, error in (
        (SourceSpec(url="z3950://a/b"), BadUrl),
        (SourceSpec(url="https://a.vn/sru", prefix="usmarc2"), UnknownSyntax),
        (SourceSpec(url="https://a.vn/sru", sets=("x",)), NotSearched),
        (SourceSpec(url="sru+https://a.vn/sru", search=SearchSettings(query="a and")), BadQuery),
    ):
        with pytest.raises(error):
            check(spec)
    check(SourceSpec(url="sru+https://a.vn/sru", search=SearchSettings(query="dc.title=a")))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (Query(Term("00", (*index("rec.id"), Attribute(5, 1)))), 'rec.id = "00*"'),
        (Query(Term("a b", (*index("rec.id"), Attribute(2, 4)))), 'rec.id >= "a b"'),
        (Query(Term('q"*', index("rec.id"))), 'rec.id = "q\\"\\*"'),
        (Query(Term("and", index("x/y"))), '"x/y" = "and"'),
        (cql.read("dc.title = a sortby dc.date"), "dc.title = a"),
        (
            Query(Joined(Operator.AND, cql.read("dc.title = a").root, Term("1", index("rec.id")))),
            "(dc.title = a) and (rec.id = 1)",
        ),
        (cql.read("a prox b"), "a prox/unit=word/distance<=1 b"),
    ],
)
def test_queries_are_written_as_servers_know_them(query, text):
    assert written(query) == text


def test_silence_is_said_so():
    done = Event()

    def before(_: Asked) -> None:
        done.wait(30)

    quick = HttpSettings(allow_networks=("127.0.0.0/8",), retries=0, read_timeout=0.3)
    with serving(before=before) as (_, spec):
        with pytest.raises(HarvestError) as told:
            list(SruReader(quick, lambda _: None).pages(spec, {}))
        done.set()
    assert told.value.transient
    assert urlsplit(spec.url).netloc in str(told.value)


@pytest.mark.parametrize("number", ["²", "9" * 5000, "-1", "viele", ""])
def test_numbers_that_are_none_stop_nothing(number):
    def before(asked: Asked) -> str | None:
        if asked["operation"] == "scan":
            return server.within(
                "scanResponse",
                f"<terms><term><value>1</value><numberOfRecords>{number}</numberOfRecords></term>"
                "</terms>",
            )
        if "dc.title" in asked.get("query", ""):
            return server.says(number, asked)
        return None

    with serving() as (server, spec), Client(spec.url, HTTP) as client:
        server.before = before
        [term] = client.scan("rec.id=0", 5)
        assert (term.term, term.records) == ("1", None)
        with pytest.raises(SruRefused) as told:
            client.search("dc.title=x")
        assert told.value.number in (0, 1)
        rows = server.row("00001").replace(
            "<recordData>", f"<recordPosition>{number}</recordPosition><recordData>"
        )
        server.before = lambda _: server.within(
            "searchRetrieveResponse",
            f"<numberOfRecords>1</numberOfRecords><records>{rows}</records>",
        )
        assert client.search("a", 41, 1).records[0].position == 41

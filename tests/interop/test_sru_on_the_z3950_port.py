"""Clients of SRU ask at the port of Z39.50, as servers that speak both have it."""

from __future__ import annotations

import re
import socket
import threading

import pytest
from lxml import etree

from catalogue.model import HubIdentity
from hub.z3950worker import server
from provider.z3950 import Limits, Listening
from support.searching import search_cql
from support.sru import filled
from support.z3950_server import SECONDS, connected, run, search

IDENTITY = HubIdentity(name="Mục lục & liên hợp", base_url="https://hub.example.vn")
FORM = "Content-Type: application/x-www-form-urlencoded"
EVERYTHING = "version=1.2&operation=searchRetrieve&query=cql.allRecords=1"


@pytest.fixture(scope="module")
def hub(sqlite_engine):
    with filled(sqlite_engine) as database:
        yield database


@pytest.fixture(scope="module")
def port(hub):
    listener = socket.create_server(("127.0.0.1", 0))
    limits = Limits(message=1.0)
    stopping, ready = threading.Event(), threading.Event()
    serving = server(hub, limits, IDENTITY, Listening(listener, limits), None)
    thread = threading.Thread(target=serving.run, args=(stopping, ready.set))
    thread.start()
    assert ready.wait(SECONDS)
    yield listener.getsockname()[1]
    stopping.set()
    thread.join(SECONDS)


def head(*lines):
    return "\r\n".join([*lines, "", ""]).encode()


def said(port, *octets):
    """Say something, and return all that it is answered."""
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as client:
        client.sendall(b"".join(octets))
        return b"".join(iter(lambda: client.recv(1 << 16), b""))


def asked(port, target, *headers):
    lines = (f"GET {target} HTTP/1.1", "Host: x", "Connection: close", *headers)
    told, _, body = said(port, head(*lines)).partition(b"\r\n\r\n")
    return told.decode(), body


def total(body):
    return int(re.search(rb"numberOfRecords>(\d+)<", body)[1])


def test_yaz_client_fetches_by_sru(hub, port):
    told = run(
        "yaz-client",
        told=f"sru get 1.2\nopen http://127.0.0.1:{port}/union\nschema marcxml\n"
        "querytype cql\nfind dc.title = kiều\nshow 1\nfind cql.allRecords=1\nshow 2\nquit\n",
    )
    (first,) = [each.public_id for each in search_cql(hub, "dc.title = kiều").hits]
    every = [each.public_id for each in search_cql(hub, "cql.allRecords = 1").hits]

    assert re.findall(r'tag="001">(.*?)<', told) == [first, every[1]]
    assert re.findall(r"Number of hits: (\d+)", told) == ["1", "1", *[str(len(every))] * 2]


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
@pytest.mark.parametrize("way", ["get", "post"])
def test_zoomsh_fetches_one_record_after_the_other(hub, port, version, way):
    told = run(
        "zoomsh",
        f"set sru {way}",
        f"set sru_version {version}",
        "set schema marcxml",
        f"connect http://127.0.0.1:{port}/sru/union",
        "search cql:cql.allRecords=1",
        "show 0 1",
        "show 1 1",
        "show 2 1",
        "quit",
    )
    ids = [each.public_id for each in search_cql(hub, "cql.allRecords = 1").hits]

    assert re.findall(r'tag="001">(.*?)<', told) == ids[:3]


@pytest.mark.parametrize("path", ["/", "/union", "/sru", "/sru/", "/sru/union"])
def test_the_union_goes_by_several_addresses(hub, port, path):
    told, body = asked(port, f"{path}?{EVERYTHING}")

    assert told.startswith("HTTP/1.1 200 OK\r\n")
    assert total(body) == len(search_cql(hub, "cql.allRecords = 1").hits)
    assert f"Content-Length: {len(body)}\r\n" in told


def test_a_library_has_its_own_address(port):
    totals = [total(asked(port, f"{path}?{EVERYTHING}")[1]) for path in ("/NLV", "/sru/NLV", "/")]

    assert totals[0] == totals[1] < totals[2]
    assert b"info:srw/diagnostic/1/235" in asked(port, f"/nowhere?{EVERYTHING}")[1]
    assert asked(port, "/robots.txt/x")[0].startswith("HTTP/1.1 404 ")


def test_without_parameters_the_server_is_explained_with_its_address_on_the_web(port):
    body = asked(port, "/union", "Accept: text/html")[1]

    assert etree.fromstring(body).tag.endswith("explainResponse")
    assert b"hub.example.vn" in body


@pytest.mark.parametrize(("language", "word"), [("vi-VN,vi", "Cổng này"), ("fr", "This port")])
def test_a_browser_is_told_where_the_pages_are(port, language, word):
    told, body = asked(port, "/", "Accept: text/html,*/*", f"Accept-Language: {language}")

    assert "text/html; charset=utf-8" in told
    assert word in body.decode()
    assert '<a href="https://hub.example.vn/">' in body.decode()
    assert "Mục lục &amp; liên hợp" in body.decode()


def test_diagnostics_are_in_the_language_of_the_client(port):
    target = "/?version=1.2&operation=searchRetrieve"
    vietnamese = asked(port, target, "Accept-Language: vi")[1].decode()

    assert vietnamese != asked(port, target)[1].decode()


def test_requests_on_one_connection_are_answered_in_order(port):
    first = head(f"GET /?{EVERYTHING}&maximumRecords=1 HTTP/1.1", "Host: x")
    form = f"{EVERYTHING}&maximumRecords=0".encode()
    lines = ("POST /NLV HTTP/1.1", FORM, f"Content-Length: {len(form)}", "Connection: close")
    answers = said(port, first, head(*lines), form)

    assert answers.count(b"HTTP/1.1 200 OK") == 2
    found = [int(each) for each in re.findall(rb"numberOfRecords>(\d+)<", answers)]
    assert found[0] > found[1] > 0


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        (["PUT / HTTP/1.1"], 405),
        (["GET / HTTP/2.0"], 400),
        (["GET  / HTTP/1.1"], 400),
        (["GET /\x00 HTTP/1.1"], 400),
        (["CONNECT example.vn:80 HTTP/1.1"], 400),
        (["GET / HTTP/1.1", "Host : x"], 400),
        (["GET / HTTP/1.1", " folded"], 400),
        (["POST / HTTP/1.1", "Transfer-Encoding: chunked"], 411),
        (["POST / HTTP/1.1", "Content-Length: -1"], 400),
        (["POST / HTTP/1.1", "Content-Length: 1", "Content-Length: 2"], 400),
        (["POST / HTTP/1.1", "Content-Length: 99999999999999999999"], 413),
        (["GET /" + "x" * 20_000 + " HTTP/1.1"], 431),
        (["GET / HTTP/1.1", *(f"X-{at}: {'x' * 90}" for at in range(250))], 431),
    ],
)
def test_what_is_no_request_of_ours_is_refused(port, lines, status):
    assert said(port, head(*lines)).startswith(f"HTTP/1.1 {status} ".encode())


def test_a_head_without_end_is_not_kept(port):
    with socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as client:
        try:
            for _ in range(100):
                client.sendall(b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 1000)
            told = client.recv(1 << 16)
        except OSError:
            return

    assert told.startswith(b"HTTP/1.1 431 ")


def test_who_does_not_go_on_is_let_go(port):
    assert said(port, head("GET / HTTP/1.1", "Content-Length: 9")) == b""


def test_http_takes_nothing_from_z3950(port):
    with connected(port) as client:
        asked(port, f"/?{EVERYTHING}")

        assert client.ask(search()).search_status


def test_a_failure_ends_its_own_request(port, hub, monkeypatch):
    def fail(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr("web.port.respond", fail)

    assert asked(port, f"/?{EVERYTHING}")[0].startswith("HTTP/1.1 500 ")

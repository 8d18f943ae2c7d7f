"""How we ask: politely, patiently, and not without limit."""

from __future__ import annotations

import gzip
import random
import socket
import tracemalloc
import zlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from harvester.errors import (
    BadRedirect,
    BadUrl,
    Blocked,
    BodyCut,
    HarvestError,
    TooLarge,
    TooSlow,
    TooSwollen,
    Trickle,
    UnknownHost,
    Unreachable,
)
from harvester.http import Answer, Fetcher, retry_after, with_arguments
from support.harvesting import LOOPBACK, fetch
from support.loopback import Reply, replying

FINE = Reply(body=b"<fine/>")
QUICK = replace(LOOPBACK, retries=0)


def in_turn(*replies):
    """Give each reply once, and the last for ever."""
    waiting = list(replies)
    return lambda _: waiting.pop(0) if len(waiting) > 1 else waiting[0]


def answer(after: str) -> Answer:
    return Answer(url="", status=503, headers={"retry-after": after}, body=b"")


def test_we_say_who_we_are():
    seen = []
    http = replace(LOOPBACK, user_agent="Liên Thông/1", from_email="a@example.org")
    with replying(lambda request: seen.append(request.headers) or FINE) as url:
        fetch(url, http)

    assert seen[0]["User-Agent"].encode("latin-1").decode() == "Liên Thông/1"
    assert seen[0]["From"] == "a@example.org"
    assert seen[0]["Accept-Encoding"] == "gzip, identity"


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_busy_server_is_asked_again_when_it_says(status):
    sleeps = []
    with replying(in_turn(Reply(status=status, headers={"Retry-After": "37"}), FINE)) as url:
        assert fetch(url, sleeps=sleeps).status == 200

    assert sleeps == [37]


def test_a_busy_server_may_name_the_hour():
    moment = format_datetime(datetime.now(UTC) + timedelta(minutes=5), usegmt=True)

    assert 290 < retry_after(answer(moment)) <= 300


@pytest.mark.parametrize(
    "after", ["", "soon", "-5", "Mon, 01 Jan 2001 00:00:00 GMT", "1.5", "1 Jan 99999999999 0:0"]
)
def test_an_hour_that_is_none_asks_for_no_wait_of_its_own(after):
    assert retry_after(answer(after)) == 0


def test_a_server_cannot_make_us_wait_for_ever():
    sleeps = []
    busy = Reply(status=503, headers={"Retry-After": "999999999"})
    with replying(in_turn(busy, FINE)) as url:
        fetch(url, replace(LOOPBACK, longest_wait=60), sleeps)

    assert sleeps == [60]


def test_waits_grow():
    sleeps = []
    with replying(in_turn(Reply(status=503))) as url:
        last = fetch(url, sleeps=sleeps)

    assert last.status == 503
    assert len(sleeps) == LOOPBACK.retries
    grown = [wait / LOOPBACK.first_wait for wait in sleeps]
    assert all(2**n <= wait <= 1.5 * 2**n for n, wait in enumerate(grown))


def test_a_broken_answer_is_asked_for_again():
    with replying(in_turn(replace(FINE, cut=3), FINE)) as url:
        assert fetch(url).body == FINE.body


def test_an_answer_that_stays_broken_says_how_much_came():
    with replying(in_turn(replace(FINE, cut=3))) as url, pytest.raises(BodyCut) as cut:
        fetch(url)

    assert cut.value.received == 3


def test_a_server_that_is_not_there_is_unreachable():
    with socket.create_server(("127.0.0.1", 0)) as placeholder:
        port = placeholder.getsockname()[1]

    with pytest.raises(Unreachable, match=f":{port}"):
        fetch(f"http://127.0.0.1:{port}/oai")


def test_a_host_that_does_not_exist_is_not_asked_twice():
    sleeps = []
    with pytest.raises(UnknownHost):
        fetch("http://khong-co.invalid/oai", sleeps=sleeps)

    assert sleeps == []


def test_silence_is_not_waited_out():
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(Unreachable):
        fetch(f"http://127.0.0.1:{mute.getsockname()[1]}/", replace(QUICK, read_timeout=0.1))


def test_an_answer_that_drips_is_cut_off_in_the_end():
    slow = replace(FINE, body=b"x" * 1000, drip=0.02)
    http = replace(LOOPBACK, total_timeout=0.3)
    with replying(in_turn(slow)) as url, pytest.raises(TooSlow, match=r"0\.3 seconds"):
        fetch(url, http)


def test_an_answer_may_come_compressed():
    body = gzip.compress(b"<fi") + gzip.compress(b"ne/>")
    with replying(in_turn(Reply(body=body, headers={"Content-Encoding": "gzip"}))) as url:
        assert fetch(url).body == FINE.body


@pytest.mark.parametrize("body", [FINE.body, gzip.compress(FINE.body)])
@pytest.mark.parametrize("said", ["gzip", "identity"])
def test_a_wrong_word_about_compression_does_no_harm(body, said):
    with replying(in_turn(Reply(body=body, headers={"Content-Encoding": said}))) as url:
        assert fetch(url).body == FINE.body


@pytest.mark.parametrize("damage", [lambda data: data[:-9], lambda data: data[:9] + b"?" * 9])
def test_a_damaged_compression_is_a_broken_answer(damage):
    body = damage(gzip.compress(b"<fine/>" * 9))
    with replying(in_turn(Reply(body=body))) as url, pytest.raises(BodyCut):
        fetch(url, QUICK)


@pytest.mark.parametrize("body", [b"x" * 1001, gzip.compress(b"x" * 5_000_000)])
def test_no_answer_may_be_larger_than_the_limit(body):
    http = replace(LOOPBACK, max_page_bytes=1000 if len(body) == 1001 else 100_000)
    with replying(in_turn(Reply(body=body))) as url, pytest.raises(TooLarge):
        fetch(url, http)


def test_an_answer_of_just_the_limit_is_taken():
    http = replace(LOOPBACK, max_page_bytes=5000)
    with replying(in_turn(Reply(body=gzip.compress(b"x" * 5000)))) as url:
        assert len(fetch(url, http).body) == 5000


def test_redirects_are_followed_also_relative_ones():
    def move(request):
        return FINE if request.path == "/new" else Reply(status=301, headers={"Location": "/new"})

    with replying(move) as url:
        moved = fetch(f"{url}?verb=Identify")

    assert (moved.body, moved.url) == (FINE.body, f"{url}?verb=Identify")


def test_redirects_that_never_end_are_an_error():
    circle = Reply(status=302, headers={"Location": "/oai"})
    with replying(in_turn(circle)) as url, pytest.raises(BadRedirect, match="more than 5"):
        fetch(url)


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://example.org/", "http://a:b@c/", "http://["]
)
def test_redirects_out_of_the_web_are_refused(target):
    away = Reply(status=302, headers={"Location": target})
    with replying(in_turn(away)) as url, pytest.raises(BadRedirect):
        fetch(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "oai.example.org",
        "ftp://example.org/",
        "http://",
        "http://u:p@example.org/",
        "http://example.org:99999/",
        "http://[::1/",
        "http://exa mple.org/\x00",
    ],
)
def test_what_is_no_address_is_wrong_use(url):
    with pytest.raises(BadUrl) as refusal:
        fetch(url)

    assert refusal.value.wrong_use


def test_arguments_join_those_of_the_base_url():
    url = with_arguments("http://example.org/csw?mode=oai#top", {"set": "a b&c"})

    assert url == "http://example.org/csw?mode=oai&set=a%20b%26c"


def test_every_error_fills_its_message():
    assert "{" not in str(Unreachable(url="u", reason="r"))
    assert HarvestError(reason="r").code() == "harvest-error"


def test_zlib_without_gzip_is_left_alone():
    body = zlib.compress(FINE.body)
    with replying(in_turn(Reply(body=body))) as url:
        assert fetch(url).body == body


def chunked(body: bytes, *, end: bytes) -> Reply:
    """Return a chunked answer that ends so."""
    sent = f"{len(body):x}\r\n".encode() + body + b"\r\n" + end
    return Reply(body=sent, headers={"Transfer-Encoding": "chunked"}, length=False)


def test_an_answer_in_chunks_is_whole_only_with_the_last_one():
    with replying(
        in_turn(chunked(b"<fine/>", end=b""), chunked(b"<fine/>", end=b"0\r\n\r\n"))
    ) as url:
        assert fetch(url).body == FINE.body
    with replying(in_turn(chunked(b"<fine/>", end=b""))) as url, pytest.raises(BodyCut):
        fetch(url, QUICK)


def test_a_connection_that_is_reset_in_the_middle_is_asked_again():
    with replying(in_turn(replace(FINE, cut=3, reset=True), FINE)) as url:
        assert fetch(url).body == FINE.body


def test_an_answer_that_stalls_in_the_middle_is_asked_for_again():
    http = replace(LOOPBACK, read_timeout=0.2)
    with replying(in_turn(replace(FINE, cut=3, hold=30), FINE)) as url:
        assert fetch(url, http).body == FINE.body


def test_an_answer_that_trickles_is_given_up_long_before_its_time():
    slow = replace(FINE, body=b"x" * 1000, drip=0.02)
    http = replace(LOOPBACK, read_timeout=0.2, min_rate=1000)
    with replying(in_turn(slow)) as url, pytest.raises(Trickle, match="min_rate"):
        fetch(url, http)


def test_an_answer_that_comes_a_byte_at_a_time_is_still_seen_to_be_compressed():
    slow = Reply(body=gzip.compress(b"<fine/>"), drip=0.001)
    with replying(in_turn(slow)) as url:
        assert fetch(url).body == b"<fine/>"


def test_an_answer_that_swells_without_measure_is_refused_though_it_would_fit():
    bomb = gzip.compress(b" " * 20_000_000)
    with replying(in_turn(Reply(body=bomb))) as url, pytest.raises(TooSwollen):
        fetch(url)


def test_a_small_answer_may_swell():
    plain = b"<r/>" * 100_000
    with replying(in_turn(Reply(body=gzip.compress(plain)))) as url:
        assert fetch(url).body == plain


@pytest.mark.parametrize("level", [None, 0, 1])
def test_a_page_of_64_megabytes_needs_little_more_than_itself(level):
    size = 64 * 1024 * 1024
    plain = random.Random(5).randbytes(size // 4).hex().encode() * 2
    reply = Reply(body=plain if level is None else gzip.compress(plain, level))
    with replying(in_turn(reply)) as url:
        tracemalloc.start()
        body = fetch(url).body
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

    assert len(body) == size
    assert peak < size * 1.4


@pytest.mark.parametrize(
    "wall",
    [
        Reply(status=403, body=b"<html>Forbidden</html>"),
        Reply(
            status=403, headers={"Server": "cloudflare"}, body=b"<title>Just a moment...</title>"
        ),
        Reply(status=503, body=b"<script src='/cdn-cgi/challenge-platform/x.js'></script>"),
        Reply(status=202, headers={"x-amzn-waf-action": "challenge"}),
        Reply(body=b"<script id='anubis_challenge'></script>", kind="text/html"),
    ],
    ids=lambda reply: str(reply.status),
)
def test_a_wall_against_robots_is_said_so_and_not_knocked_at_again(wall):
    asked, sleeps = [], []
    with (
        replying(lambda request: asked.append(request) or wall) as url,
        pytest.raises(Blocked, match="robot"),
    ):
        fetch(url, sleeps=sleeps)

    assert (len(asked), sleeps) == (1, [])


def test_an_error_in_oai_pmh_is_an_answer_whatever_its_status():
    said = b'<?xml version="1.0"?><OAI-PMH xmlns="..."><error code="badVerb"/></OAI-PMH>'
    with replying(in_turn(Reply(status=403, body=said))) as url:
        assert fetch(url).body == said


def test_a_server_that_moved_for_good_is_asked_there_and_staff_are_told_once():
    seen = []

    def move(request):
        seen.append(request.path)
        query = "&".join(f"{name}={value}" for name, value in request.arguments.items())
        there = Reply(status=301, headers={"Location": f"/new?{query}"})
        return FINE if request.path == "/new" else there

    with replying(move) as url, Fetcher(LOOPBACK) as fetcher:
        for page in "123":
            assert fetcher.get(url, {"page": page}).body == FINE.body
        told = fetcher.notices() + fetcher.notices()

    assert seen == ["/oai", "/new", "/new", "/new"]
    assert [(each.code, each.detail.endswith("/new")) for each in told] == [("address-moved", True)]


def test_a_passing_redirect_is_followed_each_time():
    seen = []

    def move(request):
        seen.append(request.path)
        there = Reply(status=302, headers={"Location": "/new"})
        return FINE if request.path == "/new" else there

    with replying(move) as url, Fetcher(LOOPBACK) as fetcher:
        fetcher.get(url, {})
        fetcher.get(url, {})

    assert seen == ["/oai", "/new"] * 2
    assert fetcher.notices() == ()


def test_no_more_requests_a_minute_than_were_agreed_on():
    sleeps = []
    http = replace(LOOPBACK, requests_per_minute=6)
    with replying(in_turn(FINE)) as url, Fetcher(http, sleeps.append) as fetcher:
        for _ in range(3):
            fetcher.get(url, {})

    assert [round(wait) for wait in sleeps] == [10, 20]

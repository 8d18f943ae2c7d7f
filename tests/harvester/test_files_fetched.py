"""A file on a server: fetched to the disk, and only if it is another than the last time."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import replace

import pytest

from harvester.errors import (
    AddressForbidden,
    BadRedirect,
    Blocked,
    BodyCut,
    HttpStatus,
    SignInNeeded,
    TooSwollen,
)
from harvester.files import FilesReader
from harvester.files.errors import FileTooLarge, UnknownContent
from harvester.model import Auth, FileLimits, HttpSettings
from support.files import books, names, read, reader, spec
from support.harvesting import LOOPBACK, no_wait
from support.loopback import Reply, Request, replying


class Server:
    """A server with one file, which it gives only to those who do not have it."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.tag = '"1"'
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Reply:
        self.asked.append(request)
        if request.headers.get("If-None-Match") == self.tag:
            return Reply(status=304)
        return Reply(body=self.body, headers={"ETag": self.tag}, kind="application/marc")


def fail(respond: Callable[[Request], Reply], http: HttpSettings = LOOPBACK, **settings):
    quick = replace(http, retries=0)
    with replying(respond) as url:
        return list(FilesReader(quick, no_wait).pages(spec(url, **settings), {}))


def test_a_file_is_the_complete_list():
    with replying(Server(books(1, 2))) as url:
        pages = read(url)

    assert (names(pages), pages[0].whole) == (["1", "2"], True)


def test_it_is_not_fetched_again_while_it_is_the_same():
    server = Server(books(1))
    with replying(server) as url:
        [first] = read(url)
        [same] = read(url, first.next_checkpoint)
        server.tag, server.body = '"2"', books(1, 2)
        [other] = read(url, same.next_checkpoint)

    assert (names([same]), same.whole, names([other])) == ([], False, ["1", "2"])
    assert [each.headers.get("If-None-Match") for each in server.asked] == [None, '"1"', '"1"']


def test_the_same_bytes_under_a_new_tag_are_not_read_again():
    server = Server(books(1))
    with replying(server) as url:
        [first] = read(url)
        server.tag = '"2"'

        [page] = read(url, first.next_checkpoint)
    assert (page.records, page.whole) == ((), False)


def test_it_is_asked_for_by_date_where_it_has_no_tag():
    asked = []
    date = "Sat, 31 Aug 2024 00:00:00 GMT"

    def respond(request: Request) -> Reply:
        asked.append(request.headers.get("If-Modified-Since"))
        return Reply(body=books(1), headers={"Last-Modified": date})

    with replying(respond) as url:
        [first] = read(url)
        read(url, first.next_checkpoint)

    assert asked == [None, date]


def test_it_is_inflated_on_its_way():
    with replying(Server(gzip.compress(books(*range(300))))) as url:
        assert len(names(read(url))) == 300


def test_an_interrupted_list_is_fetched_again_and_goes_on():
    server = Server(books(*range(600)))
    with replying(server) as url:
        first = next(reader().pages(spec(url), {}))
        rest = read(url, first.next_checkpoint)

    assert names([first, *rest]) == [str(number) for number in range(600)]
    assert server.asked[1].headers.get("If-None-Match") is None


def test_an_answer_that_breaks_off_is_asked_for_again_from_its_beginning():
    replies = [Reply(body=books(*range(100)), cut=5000), Reply(body=books(1))]
    with replying(lambda _: replies.pop(0)) as url:
        assert names(read(url)) == ["1"]


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Reply(status=404), HttpStatus),
        (Reply(status=401), SignInNeeded),
        (Reply(status=403), Blocked),
        (Reply(body=b"<html>Please sign in", kind="text/html"), UnknownContent),
        (Reply(body=books(1), cut=30), BodyCut),
        (Reply(body=gzip.compress(bytes(20 << 20))), TooSwollen),
        (Reply(status=302, headers={"Location": "ftp://a/b"}), BadRedirect),
        (Reply(status=302, headers={"Location": "http://10.0.0.1/b"}), AddressForbidden),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_what_is_no_file_is_refused(reply, error):
    with pytest.raises(error):
        fail(lambda _: reply)


def test_no_address_is_asked_that_may_not_be():
    with pytest.raises(AddressForbidden):
        fail(Server(books(1)), HttpSettings())


def test_a_file_that_is_too_large_is_refused():
    with pytest.raises(FileTooLarge):
        fail(Server(books(*range(100))), limits=FileLimits(file_bytes=1000))


def test_a_source_signs_in():
    server = Server(books(1))
    auth = Auth(headers={"Authorization": "Bearer x"})
    fail(server, replace(LOOPBACK, auth=auth))

    assert server.asked[0].headers["Authorization"] == "Bearer x"


def test_what_was_fetched_leaves_nothing_behind(tmp_path):
    with replying(Server(books(1))) as url:
        read(url, inbox=tmp_path / "incoming" / "s1")

    assert list((tmp_path / "incoming").rglob("*")) == []

"""Credentials and headers of a source: sent to its own server, and never shown."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from harvester.address import is_safe_for, server_of
from harvester.errors import BadRedirect, SignInNeeded
from harvester.model import Auth
from harvester.signing import Signer, basic
from support.certificates import issue
from support.harvesting import LOOPBACK, fetch
from support.loopback import Reply, replying

FINE = Reply(body=b"<fine/>")
KEY = replace(LOOPBACK, auth=Auth(query={"api_key": "s3cr3t/+é"}))
BASIC = replace(LOOPBACK, auth=Auth(headers=basic("hub", "mật:khẩu")))


def noting(seen, *replies):
    """Note requests; give each reply once, and the last for ever."""
    waiting = list(replies)

    def respond(request):
        seen.append(request)
        return waiting.pop(0) if len(waiting) > 1 else waiting[0]

    return respond


def moved(where: str) -> Reply:
    return Reply(status=302, headers={"Location": where})


def test_a_user_signs_in_with_name_and_password():
    seen = []
    with replying(noting(seen, FINE)) as url:
        fetch(url, BASIC)

    assert seen[0].headers["Authorization"] == "Basic aHViOm3huq10Omto4bqpdQ=="


def test_a_key_is_sent_in_the_query_and_seen_by_nobody_else():
    seen = []
    with replying(noting(seen, FINE)) as url:
        answer = fetch(f"{url}?mode=oai", KEY)

    assert seen[0].arguments == {"mode": "oai", "api_key": "s3cr3t/+é"}
    assert answer.url == f"{url}?mode=oai"


def test_headers_of_the_source_are_sent_along_in_any_language():
    seen = []
    with replying(noting(seen, FINE)) as url:
        fetch(
            url, replace(LOOPBACK, headers={"X-Đơn-Vị".encode("ascii", "ignore").decode(): "Huế"})
        )

    assert seen[0].headers["X-n-V"].encode("latin-1").decode() == "Huế"


@pytest.mark.parametrize("settings", [BASIC, KEY, replace(LOOPBACK, headers={"X-Key": "s3cr3t"})])
def test_another_host_is_told_no_secret(settings):
    seen = []
    with (
        replying(noting(seen, FINE)) as elsewhere,
        replying(lambda _: moved(elsewhere)) as url,
    ):
        fetch(url, settings)

    assert "Authorization" not in seen[0].headers
    assert "X-Key" not in seen[0].headers
    assert seen[0].arguments == {}


def test_a_key_that_a_server_repeats_in_its_redirect_goes_no_further():
    seen = []
    with replying(noting(seen, FINE)) as elsewhere:
        away = moved(f"{elsewhere}?verb=Identify&api_key=s3cr3t%2F%2B%C3%A9")
        with replying(lambda _: away) as url:
            fetch(url, KEY)

    assert seen[0].arguments == {"verb": "Identify"}


def test_the_same_server_is_signed_in_to_after_a_redirect_too():
    seen = []
    with replying(noting(seen, moved("/new"), FINE)) as url:
        fetch(url, KEY)

    assert [request.arguments.get("api_key") for request in seen] == ["s3cr3t/+é"] * 2


def test_credentials_never_leave_an_encrypted_connection(tmp_path):
    own = issue("localhost")
    with (
        replying(lambda _: FINE) as plain,
        replying(lambda _: moved(plain), own.server(tmp_path)) as url,
    ):
        trusting = replace(LOOPBACK, ca_bundle=own.pem)

        assert fetch(url, trusting).body == FINE.body
        with pytest.raises(BadRedirect, match="credentials"):
            fetch(url, replace(trusting, auth=BASIC.auth))


def test_an_answer_that_repeats_the_key_is_kept_without_it():
    echo = '<request api_key="s3cr3t/+é">/oai?api_key=s3cr3t%2F%2B%C3%A9&amp;x</request>'
    with replying(lambda _: Reply(body=echo.encode())) as url:
        body = fetch(url, KEY).body

    assert body == b'<request api_key="***">/oai?api_key=***&amp;x</request>'


def test_a_key_that_is_repeated_with_escapes_in_small_letters_is_taken_out_too():
    echo = b"<request>/oai?api_key=s3cr3t%2f%2b%c3%a9</request>"
    with replying(lambda _: Reply(body=echo)) as url:
        assert fetch(url, KEY).body == b"<request>/oai?api_key=***</request>"


def test_no_error_and_no_log_shows_a_secret(caplog):
    caplog.set_level(logging.INFO, "harvester")
    cut = Reply(body=b"<fine/>", cut=3)
    settings = replace(KEY, retries=1)
    with replying(lambda _: cut) as url, pytest.raises(Exception, match="broke off") as error:
        fetch(url, settings)

    assert "s3cr3t" not in f"{error.value}{caplog.text}{settings!r}"


def test_a_server_that_wants_a_user_name_is_said_so_and_not_asked_again():
    seen, sleeps = [], []
    closed = Reply(status=401, headers={"WWW-Authenticate": "Basic"})
    with replying(noting(seen, closed)) as url, pytest.raises(SignInNeeded, match="credentials"):
        fetch(url, LOOPBACK, sleeps)

    assert (len(seen), sleeps) == (1, [])


@pytest.mark.parametrize(
    ("home", "url", "safe"),
    [
        ("https://a.vn/oai", "https://a.vn/new", True),
        ("https://a.vn/oai", "https://a.vn:443/new", True),
        ("http://a.vn/oai", "https://a.vn/oai", True),
        ("https://a.vn/oai", "http://a.vn/oai", False),
        ("http://a.vn:8080/oai", "https://a.vn/oai", False),
        ("https://a.vn/oai", "https://a.vn:8443/oai", False),
        ("https://a.vn/oai", "https://www.a.vn/oai", False),
        ("https://a.vn/oai", "https://a.vn.evil.example/oai", False),
    ],
)
def test_what_is_one_server_is_told_by_host_and_port(home, url, safe):
    assert is_safe_for(home, url) is safe
    assert bool(Signer(BASIC).headers(home, url)) is safe


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("http://A.vn/oai", "a.vn"),
        ("https://a.vn:443/", "a.vn"),
        ("http://a.vn.:8080/", "a.vn:8080"),
        ("file:///srv/a.xml", ""),
        ("http://[::1/", ""),
    ],
)
def test_a_server_has_one_name_however_it_is_written(url, server):
    assert server_of(url) == server

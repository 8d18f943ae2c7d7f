"""Going out through a proxy: the same checks, and its own faults said as its own."""

from __future__ import annotations

import socket
from dataclasses import replace

import pytest

from harvester.errors import AddressForbidden, ProxyFailed
from harvester.model import HttpSettings
from support.certificates import issue
from support.harvesting import LOOPBACK, fetch
from support.loopback import Reply, replying
from support.proxy import proxying

FINE = Reply(body=b"<fine/>")
PATIENT = replace(LOOPBACK, retries=0)


def test_requests_go_through_the_proxy():
    seen = []
    with replying(lambda _: FINE) as url, proxying(seen) as proxy:
        assert fetch(url, replace(PATIENT, proxy=proxy)).body == FINE.body

    assert seen == [f"GET {url}"]


def test_what_is_encrypted_is_tunnelled_and_verified(tmp_path):
    seen, own = [], issue("localhost")
    with replying(lambda _: FINE, own.server(tmp_path)) as url, proxying(seen) as proxy:
        through = replace(PATIENT, proxy=proxy, ca_bundle=own.pem)

        assert fetch(url, through).body == FINE.body
    assert seen == [f"CONNECT {url.removeprefix('https://').removesuffix('/oai')}"]


@pytest.mark.parametrize("status", [403, 407, 502])
def test_a_proxy_that_refuses_to_tunnel_is_said_so(status):
    with proxying([], refuse=status) as proxy, pytest.raises(ProxyFailed, match=proxy):
        fetch("https://localhost:1/oai", replace(PATIENT, proxy=proxy))


def test_a_proxy_that_asks_for_a_user_is_said_so():
    with proxying([], refuse=407) as proxy, pytest.raises(ProxyFailed, match="user name"):
        fetch("http://localhost:1/oai", replace(PATIENT, proxy=proxy))


def test_a_proxy_that_is_not_there_is_said_so():
    with socket.create_server(("127.0.0.1", 0)) as placeholder:
        proxy = f"http://127.0.0.1:{placeholder.getsockname()[1]}"

    with pytest.raises(ProxyFailed, match=proxy):
        fetch("http://localhost:1/oai", replace(PATIENT, proxy=proxy))


def test_a_proxy_inside_is_refused_unless_its_network_was_named():
    with pytest.raises(AddressForbidden, match="allow_networks"):
        fetch("http://8.8.8.8/oai", HttpSettings(retries=0, proxy="http://127.0.0.1:3128"))


def test_a_proxy_opens_no_way_inside():
    seen = []
    with proxying(seen) as proxy, pytest.raises(AddressForbidden, match=r"169\.254"):
        fetch("http://169.254.169.254/latest/meta-data/", replace(PATIENT, proxy=proxy))

    assert seen == []


def test_a_name_that_only_the_proxy_knows_is_left_to_it():
    seen = []
    with proxying(seen, refuse=502) as proxy:
        fetch("http://chi-proxy-biet.invalid/oai", replace(PATIENT, proxy=proxy))

    assert seen == ["GET http://chi-proxy-biet.invalid/oai"]

"""Where we connect to: never into our own network, unless that network was named."""

from __future__ import annotations

import socket

import pytest

from harvester.errors import AddressForbidden, BadNetwork
from harvester.model import HttpSettings
from harvester.network import Guard
from support.harvesting import fetch
from support.loopback import Reply, replying

CLOSED = HttpSettings(retries=0)


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.168.1.1",
        "192.88.99.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.255.255.250",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::a00:1",
        "2002:7f00:1::",
        "2002:c0a8:101::",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
    ],
)
def test_addresses_inside_are_forbidden(address):
    assert not Guard(()).permits(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "203.162.0.11", "2001:4860:4860::8888", "::ffff:8.8.8.8"]
)
def test_public_addresses_are_permitted(address):
    assert Guard(()).permits(address)


@pytest.mark.parametrize("address", ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::a01:203"])
def test_a_named_network_is_permitted_however_it_is_written(address):
    assert Guard(["10.0.0.0/8"]).permits(address)
    assert not Guard(["10.2.0.0/16", "::/0"]).permits(address)


@pytest.mark.parametrize("text", ["", "localhost", "10.0.0.1/8", "10.0.0.0/99"])
def test_a_network_that_is_none_is_wrong_use(text):
    with pytest.raises(BadNetwork) as refusal:
        Guard([text])

    assert refusal.value.wrong_use


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"]
)
def test_this_machine_is_refused_however_it_is_named(host):
    with replying(lambda _: Reply()) as url:
        port = url.split(":")[2]
        with pytest.raises(AddressForbidden, match="allow_networks"):
            fetch(f"http://{host}:{port}", CLOSED)


def test_a_redirect_leads_nowhere_that_is_forbidden():
    away = Reply(status=302, headers={"Location": "http://169.254.169.254/latest/meta-data/"})
    with replying(lambda _: away) as url, pytest.raises(AddressForbidden, match=r"169\.254"):
        fetch(url)


def test_one_forbidden_address_among_several_is_enough(monkeypatch):
    resolves_to(monkeypatch, "93.184.216.34", "10.0.0.5")

    with pytest.raises(AddressForbidden, match=r"10\.0\.0\.5"):
        fetch("http://two-faced.example/", CLOSED)


def test_a_name_that_changes_its_answer_is_connected_to_as_it_was_checked(monkeypatch):
    with replying(lambda _: Reply(body=b"checked")) as url:
        asked = resolves_to(monkeypatch, "127.0.0.1", then="10.0.0.5")
        port = url.split(":")[2]

        assert fetch(f"http://rebinding.example:{port}").body == b"checked"
    assert asked == ["rebinding.example"]


def resolves_to(monkeypatch, *addresses, then=""):
    """Let every name resolve to these addresses, the second time to ``then``; real DNS is out."""
    asked = []
    known = socket.getaddrinfo

    def resolve(host, port, *args, **options):
        if host.replace(".", "").isdecimal():
            return known(host, port, *args, **options)
        asked.append(host)
        found = [then] if then and len(asked) > 1 else addresses
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port)) for a in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked

"""The Z39.50 server that ``lienthong serve`` runs beside the web server."""

from __future__ import annotations

import signal
import socket
import ssl

import pytest

from protocols.z3950 import Framer, decode, encode
from support.certificates import authority, issue
from support.processes import Process, lienthong, running
from support.z3950_server import connected, init, search

pytestmark = pytest.mark.usefixtures("tables")


def port_of(process: Process) -> int:
    line = process.await_text("ready http=")
    return int(line.strip().rpartition(":")[2])


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_serve_answers_z3950_beside_the_web_and_stops(tmp_path, stop):
    env = {"LIENTHONG_INSTANCE": str(tmp_path)}
    with running(lienthong("serve", "--port", "0", "--z3950-port", "0"), env=env) as [server]:
        port = port_of(server)
        with connected(port) as client:
            found = client.ask(search())
        server.signal(stop)
        outcome = server.finish()

    assert (found.search_status, found.result_count) == (True, 0)
    assert outcome.code == 0
    assert outcome.out.endswith(f" z3950=127.0.0.1:{port}\n")
    assert "Traceback" not in outcome.err


def test_the_settings_say_where_it_listens(tmp_path):
    env = {
        "LIENTHONG_INSTANCE": str(tmp_path),
        "LIENTHONG_Z3950__PORT": "0",
        "LIENTHONG_Z3950__HOST": "127.0.0.2",
    }
    with running(lienthong("serve", "--port", "0"), env=env) as [server]:
        line = server.await_text("ready http=")
        server.signal(signal.SIGTERM)
        server.finish()

    assert " z3950=127.0.0.2:" in line


def test_a_busy_z3950_port_is_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        env = {"LIENTHONG_INSTANCE": str(tmp_path)}
        command = lienthong("serve", "--port", "0", "--z3950-port", port)
        with running(command, env=env) as [server]:
            outcome = server.finish()

    assert (outcome.code, outcome.out, len(outcome.err.splitlines())) == (1, "", 1)
    assert port in outcome.err


def test_a_certificate_makes_connections_private(tmp_path):
    issued = issue("127.0.0.1", below=authority(), names=("127.0.0.1",))
    issued.server(tmp_path)
    env = {
        "LIENTHONG_INSTANCE": str(tmp_path / "instance"),
        "LIENTHONG_Z3950__CERTIFICATE": str(tmp_path / "server.pem"),
    }
    trusting = ssl.create_default_context(cadata=authority().pem)
    with running(lienthong("serve", "--port", "0", "--z3950-port", "0"), env=env) as [server]:
        port = port_of(server)
        with (
            socket.create_connection(("127.0.0.1", port), timeout=30) as plain,
            trusting.wrap_socket(plain, server_hostname="127.0.0.1") as private,
        ):
            private.sendall(encode(init()))
            framer = Framer()
            while not (found := framer.feed(private.recv(1 << 16))):
                pass
        server.signal(signal.SIGTERM)
        server.finish()

    assert decode(found[0]).result


def test_a_certificate_that_is_not_there_is_told(tmp_path):
    env = {"LIENTHONG_INSTANCE": str(tmp_path), "LIENTHONG_Z3950__CERTIFICATE": "nowhere.pem"}
    with running(lienthong("serve", "--port", "0", "--z3950-port", "0"), env=env) as [server]:
        outcome = server.finish()

    assert (outcome.code, outcome.out, len(outcome.err.splitlines())) == (2, "", 1)
    assert "nowhere.pem" in outcome.err

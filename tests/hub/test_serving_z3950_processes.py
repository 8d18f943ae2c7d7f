"""The Z39.50 server in several processes: one port, one count of sessions, and deaths survived."""

from __future__ import annotations

import os
import signal
import socket
import ssl
import threading
import time
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest

from catalogue.model import HubIdentity
from hub import z3950worker
from hub.z3950worker import Told
from protocols.z3950 import Framer, decode, encode
from protocols.z3950.values.common import CloseCause
from provider.errors import WorkersFailed
from provider.z3950 import Limits, Spreader
from support.certificates import authority, issue
from support.processes import lienthong, running
from support.z3950_server import connected, dialled, init, search

pytestmark = pytest.mark.usefixtures("tables")
SECONDS = 60


@contextmanager
def served(folder, **settings):
    """Give a server of two processes that has an empty catalogue, and its port."""
    env = {"LIENTHONG_INSTANCE": str(folder), "LIENTHONG_Z3950__PROCESSES": "2"}
    env |= {f"LIENTHONG_Z3950__{name.upper()}": str(value) for name, value in settings.items()}
    with running(lienthong("serve", "--port", "0", "--z3950-port", "0"), env=env) as [server]:
        line = server.await_text("ready http=")
        yield server, int(line.rpartition(":")[2])


def children(pid):
    """Return the processes that serve Z39.50 for another one."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            parent = int((each / "stat").read_text().rpartition(")")[2].split()[1])
            command = (each / "cmdline").read_bytes()
        except OSError:
            continue
        if parent == pid and b"spawn_main" in command:
            found.append(int(each.name))
    return found


def until(holds):
    deadline = time.monotonic() + SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def works(client):
    """Tell whether a session goes on."""
    try:
        answer = client.ask(search())
    except OSError:
        return False
    return answer is not None and answer.search_status


def came_in(port):
    """Tell whether one more session is let in."""
    with dialled(port) as client:
        answer = client.ask(init())
        return getattr(answer, "result", False)


def test_sessions_are_spread_and_counted_together_and_a_process_that_dies_is_replaced(tmp_path):
    with served(tmp_path, sessions_per_address=4) as (server, port), ExitStack() as stack:
        clients = [stack.enter_context(connected(port)) for _ in range(4)]
        assert all(map(works, clients))
        with dialled(port) as refused:
            assert refused.receive().close_reason == CloseCause.RESOURCES
        before = children(server.pid)
        assert len(before) == 2
        os.kill(before[0], signal.SIGKILL)
        server.await_text("another one is started")

        assert sorted(map(works, clients)) == [False, False, True, True]
        until(lambda: came_in(port))
        until(lambda: len(children(server.pid)) == 2)
        more = [stack.enter_context(connected(port)) for _ in range(2)]
        assert all(map(works, more))
        assert not came_in(port)
        more[0].close()
        until(lambda: came_in(port))


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_all_processes_stop_and_say_so(tmp_path, stop):
    with served(tmp_path) as (server, port), connected(port) as one, connected(port) as other:
        pids = children(server.pid)
        server.signal(stop)
        told = [each.receive().close_reason for each in (one, other)]
        outcome = server.finish()

    assert told == [CloseCause.SHUTDOWN] * 2
    assert (outcome.code, outcome.err) == (0, outcome.err)
    assert "Traceback" not in outcome.err
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_processes_end_with_the_one_that_started_them(tmp_path):
    with served(tmp_path) as (server, port), connected(port) as client:
        pids = children(server.pid)
        server.signal(signal.SIGKILL)
        server.finish()

        assert client.receive().close_reason == CloseCause.SHUTDOWN
        until(lambda: not any(map(alive, pids)))


def alive(pid):
    """Tell whether a process runs; one that nobody has waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_certificate_makes_connections_to_all_processes_private(tmp_path):
    issue("127.0.0.1", below=authority(), names=("127.0.0.1",)).server(tmp_path)
    trusting = ssl.create_default_context(cadata=authority().pem)
    settings = {"certificate": tmp_path / "server.pem", "sessions_per_address": 2}
    with served(tmp_path / "instance", **settings) as (_, port):
        for _ in range(3):
            # Who does not speak TLS is let go, and leaves no place taken.
            with dialled(port) as plain:
                plain.send(init())
                assert plain.socket.recv(1 << 16)[:1] != b"\xb5"
        until(lambda: all(said_hello(port, trusting) for _ in range(2)))


def said_hello(port, trusting):
    with (
        socket.create_connection(("127.0.0.1", port), timeout=SECONDS) as plain,
        trusting.wrap_socket(plain, server_hostname="127.0.0.1") as private,
    ):
        private.sendall(encode(init()))
        framer = Framer()
        while not (found := framer.feed(private.recv(1 << 16))):
            pass
    return getattr(decode(found[0]), "result", False)


def test_processes_that_cannot_start_are_told_of(tmp_path):
    told = Told(
        url=f"sqlite:///{tmp_path}/nothing.db",
        read_url="",
        limits=Limits(),
        identity=HubIdentity(),
        certificate="",
        key="",
        log="text",
    )
    stopping = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        spreader = Spreader(listener, Limits(), partial(z3950worker.start, told), 1)
        thread = threading.Thread(target=spreader.run, args=(stopping,))
        thread.start()
        with pytest.raises(WorkersFailed):
            spreader.wait()
        stopping.set()
        thread.join(SECONDS)

    assert not thread.is_alive()

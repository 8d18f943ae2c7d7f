"""The web server: which port it takes, when it says ready, how it stops."""

import http.client
import signal
import socket
import threading
from contextlib import closing

import pytest

from catalogue.database import Database
from catalogue.validations import store as validations
from hub import serving
from hub.errors import PortBusy
from support.lines import wait_until
from support.loopback import replying
from support.oai_source import Repository
from support.processes import Process, function, lienthong, run, running


def slow_server() -> int:
    """Serve one page that takes a second, on a free port; for a process of its own."""
    begun = threading.Event()

    def page(_: object, start: object) -> list[bytes]:
        print("asked", flush=True)
        begun.wait(1)
        start("200 OK", [("Content-Type", "text/plain")])  # type: ignore[operator]
        return [b"x" * 3_000_000]

    with serving.listen("127.0.0.1", 0) as listener:
        url = serving.address(listener)
        serving.serve(
            page, listener, threads=2, ready=lambda: print(f"ready http={url}", flush=True)
        )
    return 0


def port_of(process: Process) -> int:
    line = process.await_text("ready http=")
    return int(line.partition("http=")[2].split()[0].rpartition(":")[2])


def get(port: int, path: str = "/") -> bytes:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path)
        return connection.getresponse().read()


def test_a_free_port_is_taken_for_0():
    with serving.listen("127.0.0.1", 0) as listener:
        assert serving.address(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_a_busy_port_is_refused():
    with serving.listen("127.0.0.1", 0) as first, pytest.raises(PortBusy):
        serving.listen("127.0.0.1", first.getsockname()[1])


def test_the_next_free_port_is_taken_where_that_is_wanted():
    with serving.listen("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with serving.listen("127.0.0.1", port, next_free=True) as second:
            assert second.getsockname()[1] > port


def test_an_address_of_another_machine_cannot_be_listened_on():
    with pytest.raises(PortBusy):
        serving.listen("192.0.2.1", 0)


def test_an_answer_under_way_is_finished_before_the_end():
    with running(function(slow_server)) as [server]:
        answers: list[bytes] = []
        port = port_of(server)
        client = threading.Thread(target=lambda: answers.append(get(port)))
        client.start()
        server.await_text("asked")
        server.signal(signal.SIGTERM)
        client.join(30)
        outcome = server.finish()

    assert outcome.code == 0, outcome.err
    assert [len(answer) for answer in answers] == [3_000_000]


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_serve_says_ready_once_answers_and_stops(tmp_path, stop):
    env = {"LIENTHONG_INSTANCE": str(tmp_path)}
    with running(lienthong("serve", "--port", "0", "--no-z3950"), env=env) as [server]:
        port = port_of(server)
        page = get(port).decode()
        identify = get(port, "/oai?verb=Identify").decode()
        server.signal(stop)
        outcome = server.finish()

    assert (outcome.code, len(outcome.err.splitlines())) == (0, 1)
    assert "first-start.txt" in outcome.err
    assert outcome.out == f"ready http=http://127.0.0.1:{port} z3950=off\n"
    assert "Liên Thông" in page
    assert f"<baseURL>http://127.0.0.1:{port}/oai</baseURL>" in identify


@pytest.mark.usefixtures("tables")
def test_serve_all_harvests_what_is_due_and_checks_what_is_asked_in_the_same_process(tmp_path):
    env = {
        "LIENTHONG_INSTANCE": str(tmp_path),
        "LIENTHONG_HARVEST__ALLOW_NETWORKS": "127.0.0.0/8",
        "LIENTHONG_HARVEST__RETRIES": "0",
    }
    database = f"sqlite:///{tmp_path}/lienthong.db"
    with replying(Repository()) as url:
        source = ["--protocol", "oai-pmh", "--url", url, "--library", "S1"]
        run(lienthong("sources", "add", "s1", *source, "--schedule", "every 1 minutes"), env=env)
        away = ["--protocol", "oai-pmh", "--url", "http://127.0.0.1:9/oai", "--library", "S2"]
        run(lienthong("sources", "add", "s2", *away), env=env)
        with closing(Database.open(database)) as opened:
            validations.ask(opened, "s2", "lan")
        with running(lienthong("serve", "--all", "--port", "0", "--no-z3950"), env=env) as [server]:
            port = port_of(server)
            server.await_text("s1: succeeded")
            with closing(Database.open(database)) as opened:
                wait_until(lambda: validations.all(opened, "s2")[0].finished)
            server.signal(signal.SIGTERM)
            outcome = server.finish()

    assert (outcome.code, outcome.out) == (0, f"ready http=http://127.0.0.1:{port} z3950=off\n")


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize("name", ["clock", "worker"])
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_clock_and_worker_say_ready_and_stop(tmp_path, name, stop):
    env = {"LIENTHONG_INSTANCE": str(tmp_path)}
    with running(lienthong(name), env=env) as [process]:
        process.await_text(f"ready {name}")
        process.signal(stop)
        outcome = process.finish()

    assert (outcome.code, outcome.out) == (0, f"ready {name}\n")


@pytest.mark.usefixtures("tables")
def test_serve_on_a_busy_port_is_one_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = str(busy.getsockname()[1])
        env = {"LIENTHONG_INSTANCE": str(tmp_path)}
        with running(lienthong("serve", "--port", port, "--no-z3950"), env=env) as [server]:
            outcome = server.finish()

    assert (outcome.code, outcome.out, len(outcome.err.splitlines())) == (1, "", 1)

"""Whatever clients send, and however many come: answers or an end, for each of them alone."""

from __future__ import annotations

import logging
import random
import resource
import socket
import statistics
import threading
import time
from contextlib import ExitStack
from itertools import islice

import pytest

from catalogue.database import Database
from protocols.z3950 import Framer, decode, encode
from protocols.z3950.values import queries, searches
from support.filled import add_library, book, deliver, settle
from support.z3950_damaged import mutated, seeds
from support.z3950_server import connected, dialled, init, present, search, served

QUICK, SOAK = 1_500, 100_000
RECORDS = 200
MEGABYTES = 1 << 10


@pytest.fixture(scope="module")
def hub(sqlite_engine):
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        add_library(database, "NLV", "Thư viện Quốc gia")
        books = {
            str(at): book(f"Tập {at} của bộ sách", year=str(1900 + at)) for at in range(RECORDS)
        }
        deliver(database, "NLV", books)
        settle(database)
        yield database
        database.close()


def own():
    """Return messages that this server carries out."""
    text = queries.AttributesPlusTerm(attributes=(), term=queries.GeneralTerm(b"sach"))
    return [
        encode(each)
        for each in (
            init(),
            search(small_set_upper_bound=3, large_set_lower_bound=4),
            search("@and sach @or tap @attr 1=31 @attr 2=4 1950", result_set_name="2"),
            search("@prox 0 2 0 2 k 2 bo sach"),
            present(1, 20),
            present(5, 1, result_set_id="2"),
            searches.ScanRequest(
                database_names=("union",), term_list_and_start_point=text,
                number_of_terms_requested=5,
            ),
            searches.DeleteResultSetRequest(delete_function=0, result_set_list=("2",)),
        )
    ]  # fmt: skip


def told(port, *messages):
    """Send messages to a session of its own, hang up, and return the answers."""
    framer = Framer(1 << 26)
    answers = []
    with socket.create_connection(("127.0.0.1", port), timeout=60) as client:
        try:
            client.sendall(b"".join(messages))
            client.shutdown(socket.SHUT_WR)
            while data := client.recv(1 << 16):
                if data.startswith(b"HTTP/1.1 4"):
                    return [None]
                answers += framer.feed(data)
        except ConnectionError:
            pass
    return [decode(each) for each in answers]


def attack(hub, shared, count, seed):
    """Send damaged messages by several clients at once; return how many answers there were."""
    mine = own() * 8
    messages = mutated([*seeds(shared), *mine], count, seed)
    lock = threading.Lock()
    answers = []

    def client(port):
        chance = random.Random(seed)
        while True:
            with lock:
                some = list(islice(messages, 3))
            if not some:
                return
            found = told(port, *mine[: chance.randrange(4)], *some)
            with lock:
                answers.append(len(found))

    with served(hub) as (port, room):
        threads = [threading.Thread(target=client, args=(port,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        with connected(port) as after:
            assert after.ask(search()).result_count == RECORDS
            after.ask(searches.DeleteResultSetRequest(delete_function=1))
            deadline = time.monotonic() + 20
            while room.pool.taken and time.monotonic() < deadline:
                time.sleep(0.05)
            assert room.pool.taken == 0
    return answers


def grown(work):
    """Return what work returns, and by how many megabytes the most that was used grew."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = work()
    return found, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / MEGABYTES


@pytest.mark.parametrize(
    "count", [QUICK, pytest.param(SOAK, marks=[pytest.mark.soak, pytest.mark.timeout(0)])]
)
def test_damaged_messages_end_their_own_session_at_most(hub, shared, caplog, count):
    with caplog.at_level(logging.WARNING):
        answers, megabytes = grown(lambda: attack(hub, shared, count, f"server {count}"))

    assert [each.getMessage() for each in caplog.records] == []
    assert len(answers) >= count // 3
    assert sum(answers) > len(answers)
    assert megabytes < 200


@pytest.mark.parametrize(
    "octets",
    [
        b"\xb6\x84\x7f\xff\xff\xff",
        b"\xb6" + b"\x80\x30" * 200_000,
        b"\xb6\x83\x03\xff\xff" + b"\x30\x80" * 100_000,
        b"\xb6\x80" + b"\x04\x82\xff\xff" + b"x" * 300_000,
    ],
)
def test_a_message_without_end_is_not_kept(hub, octets):
    with served(hub, message=2.0) as (port, _), connected(port) as client:
        try:
            client.socket.sendall(octets)
        except ConnectionError:
            return
        answer = client.receive()

    assert answer is None or answer.close_reason in {6, 7}


def test_a_client_that_takes_nothing_is_cut_off_and_harms_nobody(hub):
    with served(hub, message=1.0) as (port, room), dialled(port) as deaf:
        deaf.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.send(init(), search())
        asking = threading.Thread(target=pester, args=(deaf,))
        asking.start()
        with connected(port) as other:
            for _ in range(20):
                assert other.ask(search()).search_status
            other.ask(searches.DeleteResultSetRequest(delete_function=1))
            asking.join(30)
            deadline = time.monotonic() + 20
            while room.pool.taken and time.monotonic() < deadline:
                time.sleep(0.05)

    assert not asking.is_alive()
    assert room.pool.taken == 0


def pester(client):
    """Ask for records again and again without reading any, until the server has enough."""
    message = encode(present(1, RECORDS))
    try:
        for _ in range(100_000):
            client.socket.sendall(message)
    except OSError:
        pass


def test_answers_are_kept_short_where_many_are_under_way(hub):
    with served(hub, crowded=-1, short=2_000) as (port, _), connected(port) as client:
        client.ask(search())
        response = client.ask(present(1, RECORDS))

    assert 1 <= response.number_of_records_returned < 10


def test_fifty_busy_and_five_hundred_idle_clients_are_served(hub):
    took = []
    with served(hub, sessions_per_address=1_000) as (port, room), ExitStack() as stack:
        idle = [stack.enter_context(connected(port)) for _ in range(500)]
        threads = [threading.Thread(target=busy, args=(port, took)) for _ in range(50)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [each.ask(search()).result_count for each in idle[::50]] == [RECORDS] * 10
        assert len(took) == 50 * 8
        assert statistics.median(took) < 5
    assert room.pool.taken == 0


def busy(port, took):
    """Search and fetch as fast as that goes."""
    with connected(port) as client:
        for at in range(8):
            began = time.monotonic()
            assert client.ask(search()).result_count == RECORDS
            assert client.ask(present(1 + at, 10)).number_of_records_returned == 10
            took.append(time.monotonic() - began)

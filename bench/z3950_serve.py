"""The Z39.50 server beside Zebra's on the same records: searches with records, and bytes.

Each of many connections searches for a word of a title and fetches ten records, again and again;
then for either of two words, never the same two, so that nothing kept is of use; then each fetches
a hundred records at a time. Words are unmarked ones of titles that find ten
records at least in both; since Zebra as it is installed tells *giao* from *giáo* and the hub does
not, the hub finds more. Then the catalogue changes ten times a second, after each of which the hub
has to look all up anew. Needs ``zebraidx`` and ``zebrasrv`` (Debian: idzebra-2.0).
"""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import combinations
from pathlib import Path
from threading import Event, Thread

from bench.harness import save
from bench.seed import seed
from bench.z3950_load import CONNECT, Target, drive
from catalogue import clock
from catalogue.database import Database
from catalogue.shown import Content, masters
from crosswalks.formats import iso2709
from hub.bench.generate import Recipe
from protocols.pqf import read
from protocols.z3950 import Framer, decode, encode
from protocols.z3950.queries import to_rpn
from protocols.z3950.values.queries import Type1
from protocols.z3950.values.searches import (
    PresentRequest,
    PresentResponse,
    SearchRequest,
    SearchResponse,
)

_PAGE, _MANY = 10, 100
_WORDS = 300
_SECONDS_TO_START = 60
_ZEBRA = """profilePath: /usr/share/idzebra-2.0/tab
modulePath: {modules}
recordType: grs.marc.usmarc
attset: bib1.att
register: register:16G
perm.anonymous: rw
encoding: utf-8
"""


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--records", type=int, default=5_000)
    parser.add_argument("--connections", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="turns; the best one counts")
    parser.add_argument("--database", help="a hub filled before, by ``seed``")


def run(options: Namespace) -> None:
    """Measure, print and keep the figures."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        url = options.database or f"sqlite:///{folder}/hub.db"
        if not options.database:
            seed(url, Recipe(), options.records)
        titles = _write(url, folder / "records")
        targets = (
            stack.enter_context(_hub(url, folder)),
            stack.enter_context(_zebra(folder)),
        )
        searches, many = _queries(targets, titles)
        print(
            f"\n{len(titles):,} records, {len(searches)} words, {options.connections} connections"
        )
        results: dict[str, dict[str, float]] = {}
        once = {each.name: _pairs(searches) for each in targets}
        for told, work in (
            (f"searches with {_PAGE} records /s", partial(_pages, searches)),
            ("the same, no search twice /s", partial(_once, once)),
            (f"MB/s, {_MANY} records at a time", partial(_bytes, many)),
        ):
            results[told] = _best(targets, work, options)
            hub, zebra = results[told].values()
            print(f"  {told:34} hub {hub:>9,.1f}   zebra {zebra:>9,.1f}   {hub / zebra:.2f}")
        with _changing(url):
            told = "searches, the catalogue changing"
            results[told] = _best(targets[:1], partial(_pages, searches), options)
            print(f"  {told:34} hub {results[told]['hub']:>9,.1f}")
    save("z3950-serve", vars(options), results)


def _best(
    targets: tuple[Target, ...], work: Callable[[Target, Namespace], float], options: Namespace
) -> dict[str, float]:
    """Return for each server the best rate of all turns."""
    found = {each.name: 0.0 for each in targets}
    for _ in range(options.rounds):
        for target in targets:
            found[target.name] = max(found[target.name], work(target, options))
    return found


def _pages(words: list[str], target: Target, options: Namespace) -> float:
    """Search and fetch ten records, again and again; return how often in a second."""
    searches = [_search(_of_title(word), target.database) for word in words]

    def script(number: int) -> Iterator[bytes]:
        chance = random.Random(number)
        while True:
            yield chance.choice(searches)
            yield _PRESENT

    done = drive(target, options.connections, options.seconds, script)
    return done.answers / 2 / done.seconds


def _once(pairs: dict[str, Iterator[str]], target: Target, options: Namespace) -> float:
    """Search for what was never searched for and fetch ten records; return how often a second."""

    def script(_: int) -> Iterator[bytes]:
        for pair in pairs[target.name]:
            yield _search(pair, target.database)
            yield _PRESENT

    done = drive(target, options.connections, options.seconds, script)
    return done.answers / 2 / done.seconds


def _pairs(words: list[str]) -> Iterator[str]:
    """Yield queries for either of two words, each pair once, in the same order each time."""
    found = [f"@or {_of_title(one)} {_of_title(other)}" for one, other in combinations(words, 2)]
    yield from random.Random(2).sample(found, len(found))


def _of_title(word: str) -> str:
    return f'@attr 1=4 "{word}"'


def _bytes(word: str, target: Target, options: Namespace) -> float:
    """Search once and fetch a hundred records, again and again; return megabytes in a second."""

    def script(_: int) -> Iterator[bytes]:
        yield _search(_of_title(word), target.database)
        while True:
            yield _present(_MANY)

    done = drive(target, options.connections, options.seconds, script)
    return done.octets / 1e6 / done.seconds


@contextmanager
def _changing(url: str) -> Iterator[None]:
    """Have the catalogue seem another one ten times a second."""
    database, stopping = Database.open(url), Event()

    def work() -> None:
        while not stopping.wait(0.1):
            database.writing(clock.invalidate)

    thread = Thread(target=work)
    thread.start()
    yield
    stopping.set()
    thread.join()
    database.close()


class _Client:
    """A connection that looks into no answer: what that costs is no server's affair."""

    def __init__(self, target: Target) -> None:
        self._socket = socket.create_connection(("127.0.0.1", target.port), timeout=60)
        self._framer = Framer(1 << 26)
        self.ask(CONNECT)

    def ask(self, message: bytes) -> bytes:
        self._socket.sendall(message)
        while True:
            data = self._socket.recv(1 << 18)
            if not data:
                raise ConnectionError
            if found := self._framer.feed(data):
                return found[0]

    def close(self) -> None:
        self._socket.close()


def _search(query: str, database: str) -> bytes:
    return encode(
        SearchRequest(
            small_set_upper_bound=0,
            large_set_lower_bound=1,
            medium_set_present_number=0,
            replace_indicator=True,
            result_set_name="default",
            database_names=(database,),
            query=Type1(to_rpn(read(query))),
        )
    )


def _present(count: int) -> bytes:
    return encode(
        PresentRequest(
            result_set_id="default", result_set_start_point=1, number_of_records_requested=count
        )
    )


_PRESENT = _present(_PAGE)


def _queries(targets: tuple[Target, ...], titles: list[str]) -> tuple[list[str], str]:
    """Return words that find enough in both, and one that finds very many."""
    known = {word.lower() for title in titles for word in re.findall(r"[A-Za-z]{3,}", title)}
    chance, clients = random.Random(1), [_Client(each) for each in targets]
    shuffled = chance.sample(sorted(known), len(known))
    found: list[str] = []
    many = ""
    for word in shuffled:
        asked = zip(clients, targets, strict=True)
        hits = [_hits(client, _search(_of_title(word), each.database)) for client, each in asked]
        if min(hits) >= _PAGE and len(found) < _WORDS:
            found.append(word)
        if min(hits) >= _MANY and not many:
            many = word
    for client, target in zip(clients, targets, strict=True):
        client.ask(_search(_of_title(found[0]), target.database))
        answer = decode(client.ask(_PRESENT))
        assert isinstance(answer, PresentResponse)
        assert answer.number_of_records_returned == _PAGE
        client.close()
    return found, many


def _hits(client: _Client, message: bytes) -> int:
    answer = decode(client.ask(message))
    assert isinstance(answer, SearchResponse)
    return answer.result_count


def _write(url: str, folder: Path) -> list[str]:
    """Write the records that the hub shows as a file, and return their titles."""
    folder.mkdir()
    database, titles = Database.open(url), []
    last: Content | None = None
    with (folder / "all.mrc").open("wb") as file:
        while found := masters(database, last, 1000):
            last = found[-1].content
            for each in found:
                file.write(iso2709.write(each.record))
                titles.append(" ".join(each.record.values("245", "a")))
    database.close()
    return titles


@contextmanager
def _hub(url: str, folder: Path) -> Iterator[Target]:
    environment = os.environ | {
        "LIENTHONG_INSTANCE": str(folder),
        "LIENTHONG_DATABASE_URL": url,
    }
    command = [
        *(str(Path(sys.executable).with_name("lienthong")), "serve"),
        *("--port", "0", "--z3950-port", "0"),
    ]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield Target("hub", int(line.strip().rpartition(":")[2]), "union")
        process.send_signal(signal.SIGTERM)


@contextmanager
def _zebra(folder: Path) -> Iterator[Target]:
    modules = next(Path("/usr/lib").rglob("mod-grs-marc.so")).parent
    (folder / "zebra.cfg").write_text(_ZEBRA.format(modules=modules))
    (folder / "register").mkdir()
    for words in (("init",), ("update", "records")):
        subprocess.run(
            [_program("zebraidx"), "-c", "zebra.cfg", *words],
            cwd=folder,
            check=True,
            stderr=subprocess.DEVNULL,
        )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen(
        [_program("zebrasrv"), "-c", "zebra.cfg", f"tcp:127.0.0.1:{port}"],
        cwd=folder,
        stderr=subprocess.DEVNULL,
    ) as process:
        _await(port)
        yield Target("zebra", port, "Default")
        process.terminate()


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError(name)
    return found


def _await(port: int) -> None:
    until = time.monotonic() + _SECONDS_TO_START
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError

"""The OAI-PMH server: pages beside the same bytes as files, and beside the ``oaipmh`` library's.

Asks a hub that was filled by ``python -m bench seed``, or fills one. Pages are of 100 records in
MARCXML, not compressed. The files are sent by the same WSGI server (waitress) in as many threads.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from math import inf
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple
from wsgiref.types import StartResponse, WSGIEnvironment

from oaipmh.metadata import MetadataRegistry
from oaipmh.server import BatchingServer

from bench.harness import save
from bench.oai_load import Client, harvest, latencies, rate
from bench.seed import member_run, put, seed
from catalogue import published
from catalogue.cluster.place import place
from catalogue.database import Database
from catalogue.model import HubIdentity, ItemQuery
from hub.bench.generate import Recipe, block
from hub.serving import listen, serve
from provider.model import Request
from provider.oai import token
from provider.oai.kept import Pages
from provider.oai.repository import Repository
from provider.oai.respond import respond
from support.oaipmh_server import PeerItem, PeerRepository, write_element

_PREFIX = "marc21"
_FIRST = f"/oai?verb=ListRecords&metadataPrefix={_PREFIX}"
_TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]+)<")
_PAGE = 100
_PAGES = 40
"""Different pages that are asked for at random."""
_THREADS = 8
_KEY = b"k" * 32
_WRITTEN = 20
"""Records of a page that the writer puts."""


class _Server(NamedTuple):
    port: int
    pid: int


def add_arguments(parser: ArgumentParser) -> None:
    """Add the options of this benchmark."""
    parser.add_argument("--records", type=int, default=3_000, help="to fill a hub with")
    parser.add_argument("--database", metavar="URL", help="a hub filled by bench seed")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=3, help="turns; the best one counts")
    parser.add_argument("--harvesters", type=int, default=50)
    parser.add_argument("--no-writer", action="store_true", help="leave the hub as it is")


def run(options: Namespace) -> None:
    """Measure, print and keep the figures."""
    # The clients are threads of this process: they are not to wait for each other.
    sys.setswitchinterval(0.0005)
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        url = options.database or f"sqlite:///{folder}/hub.db"
        if not options.database:
            seed(url, Recipe(), options.records)
        results = _in_process(url, options)
        hub = stack.enter_context(_hub(url, folder))
        paths = _some_pages(hub, folder)
        files = stack.enter_context(_files(folder))
        results |= _beside_files(hub, files, paths, options)
        half = results["hub, pages /s"] / 2
        results |= _at_half(hub, paths, half, options, "hub")
        # The same of files tells what of it is the machine's, and the clients', part.
        results |= _at_half(files, _names(paths), half, options, "files")
        results |= _many(hub, url, options)
    for told, value in results.items():
        print(f"  {told:46} {value:>12,.2f}")
    save("oai-serve", vars(options), results)


def _in_process(url: str, options: Namespace) -> dict[str, float]:
    """Measure what pages take, without a network, here and by the library's own server."""
    database = Database.open(url)
    ours = Repository(
        identity=HubIdentity(),
        snapshot=partial(published.snapshot, database),
        token_key=_KEY,
        page_size=_PAGE,
    )
    anew = replace(ours, pages=Pages(0))
    total, asked = _places(database, ours)
    peer = _peer(database)
    first, last = asked[0], asked[-1]
    took: dict[str, list[float]] = {name: [] for name in ("first", "last", "any", "kept", "peer")}
    for _ in range(options.rounds * 10):
        took["first"].append(_processor_time(partial(respond, anew, first)))
        took["last"].append(_processor_time(partial(respond, anew, last)))
        for each in asked[1:-1][:4]:
            took["any"].append(_processor_time(partial(respond, anew, each)))
            took["kept"].append(_processor_time(partial(respond, ours, each)))
    for _ in range(options.rounds):
        took["peer"].append(_processor_time(peer))
    database.close()
    middle = {name: median(found) * 1000 for name, found in took.items()}
    return {
        "records in the list": total,
        "in process: hub, ms a page made anew": middle["any"],
        "in process: hub, ms a page kept": middle["kept"],
        "in process: oaipmh library, ms a page": middle["peer"],
        "made anew / oaipmh library (wanted: 20)": middle["peer"] / middle["any"],
        "kept / oaipmh library (wanted: 20)": middle["peer"] / middle["kept"],
        "first page, ms": middle["first"],
        "last page, ms": middle["last"],
        "last / first (wanted: 1.2 at most)": middle["last"] / middle["first"],
    }


def _processor_time(work: Callable[[], Any]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


def _places(database: Database, ours: Repository) -> tuple[int, list[Request]]:
    """Return how long the list is, and requests for pages of it, from the first to the last."""
    with published.snapshot(database) as shown:
        whole = ItemQuery(prefix=_PREFIX, end=shown.horizon, limit=1)
        total, horizon = shown.count(whole), shown.horizon
        last = _last_before(shown, whole, _PAGE)
        some = [shown.page(whole)[0]]
        some += shown.page(ItemQuery(prefix=_PREFIX, end=horizon, limit=_PAGE * 4))[::_PAGE]
    wanted = [(each.stamp, each.key) for each in (*some, last)]
    scope = f"{ours.view}/ListRecords"
    requests = []
    for stamp, key in wanted:
        place_ = token.Place(
            prefix=_PREFIX,
            start=None,
            end=horizon,
            set_spec="",
            horizon=horizon,
            stamp=stamp,
            key=key,
            cursor=_PAGE,
            size=total,
        )
        sealed = token.seal(place_, key=_KEY, scope=scope)
        requests.append(Request(arguments=(("verb", "ListRecords"), ("resumptionToken", sealed))))
    return total, requests


def _last_before(shown: published.Snapshot, whole: ItemQuery, count: int) -> Any:
    """Return the item after which a last page of so many begins."""
    items = shown.page(ItemQuery(prefix=_PREFIX, end=whole.end, limit=count + 1, bodies=False))
    if len(items) <= count:
        return items[0]
    low, high = items[0].stamp, whole.end
    while low < high:
        middle = (low + high + 1) // 2
        from_there = ItemQuery(prefix=_PREFIX, start=middle, end=whole.end, limit=count + 1)
        if len(shown.page(from_there)) > count:
            low = middle
        else:
            high = middle - 1
    tail = shown.page(
        ItemQuery(prefix=_PREFIX, start=low, end=whole.end, limit=1_000_000, bodies=False)
    )
    return tail[-count - 1]


def _peer(database: Database) -> Callable[[], Any]:
    """Return what makes one page by the library's BatchingServer, of the same records."""
    with published.snapshot(database) as shown:
        items = shown.page(ItemQuery(prefix=_PREFIX, end=shown.horizon, limit=_PAGE * 2))
    held = [
        PeerItem(
            identifier=f"oai:peer:{each.public_id}",
            datestamp=datetime.fromtimestamp(each.stamp, UTC).replace(tzinfo=None),
            deleted=each.deleted,
            sets=each.sets,
            metadata=None if each.deleted else each.body,
        )
        for each in items
    ]
    registry = MetadataRegistry()
    registry.registerWriter(_PREFIX, write_element)
    server = BatchingServer(
        PeerRepository(held, _PREFIX), metadata_registry=registry, resumption_batch_size=_PAGE
    )
    return partial(server.handleRequest, {"verb": "ListRecords", "metadataPrefix": _PREFIX})


def _some_pages(hub: _Server, folder: Path) -> list[str]:
    """Write pages as files, and return the addresses of the same pages at the hub."""
    (folder / "pages").mkdir()
    client, path, paths = Client(hub.port), _FIRST, []
    for number in range(_PAGES):
        page = client.get(path)
        (folder / "pages" / str(number)).write_bytes(page)
        paths.append(path)
        path = _following(page)
        if not path:
            break
    client.close()
    # The first page of a list counts it, which the others do not.
    return paths[1:] or paths


def _following(page: bytes) -> str:
    found = _TOKEN.search(page)
    return f"/oai?verb=ListRecords&resumptionToken={found[1].decode()}" if found else ""


def _beside_files(
    hub: _Server, files: _Server, paths: list[str], options: Namespace
) -> dict[str, float]:
    names = _names(paths)
    best = {"hub": 0.0, "files": 0.0}
    least = {"hub": inf, "files": inf}
    for _ in range(options.rounds):
        for name, server, wanted in (("hub", hub, paths), ("files", files, names)):
            spent, began = _processor_seconds(server.pid), time.perf_counter()
            found = rate(server.port, wanted, 4, options.seconds)
            sent = found * (time.perf_counter() - began)
            best[name] = max(best[name], found)
            least[name] = min(least[name], (_processor_seconds(server.pid) - spent) / sent)
    return {
        "hub, pages /s": best["hub"],
        "files, pages /s": best["files"],
        "hub / files (wanted: 0.5)": best["hub"] / best["files"],
        "hub, ms of its processor a page": least["hub"] * 1000,
        "files, ms of its processor a page": least["files"] * 1000,
        "hub / files by processor": least["files"] / least["hub"],
    }


def _processor_seconds(pid: int) -> float:
    """Return what a process has spent: proc(5), utime and stime, behind its name."""
    told = Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
    return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _names(paths: list[str]) -> list[str]:
    """Return the addresses of the files with these pages."""
    return [f"/{number + 1}" for number in range(len(paths))] if len(paths) > 1 else ["/0"]


def _at_half(
    server: _Server, paths: list[str], per_second: float, options: Namespace, name: str
) -> dict[str, float]:
    client = Client(server.port)
    alone = []
    for path in islice(paths * 100, 200):
        began = time.perf_counter()
        client.get(path)
        alone.append(time.perf_counter() - began)
    client.close()
    took = latencies(server.port, paths, per_second, _THREADS, options.seconds * options.rounds)
    high = quantiles(took, n=100)[-1]
    wanted = " (wanted: 5 at most)" if name == "hub" else ""
    return {
        f"{name}, one client, median ms": median(alone) * 1000,
        f"{name}, at half of the hub's rate, 99 % within ms": high * 1000,
        f"{name}, of the median{wanted}": high / median(alone),
    }


def _many(hub: _Server, url: str, options: Namespace) -> dict[str, float]:
    """Let many harvest at once while the catalogue changes; a wrong answer ends the benchmark."""
    before = _resident(hub.pid)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    writer = context.Process(target=_write, args=(url, theirs))
    if not options.no_writer:
        writer.start()
        ours.recv()
    until = time.perf_counter() + options.seconds * options.rounds
    with ThreadPoolExecutor(options.harvesters) as pool:
        work = partial(harvest, hub.port, _FIRST, _following, until)
        pages = sum(
            each.result() for each in [pool.submit(work) for _ in range(options.harvesters)]
        )
    written = 0
    if not options.no_writer:
        ours.send(None)
        written = ours.recv()
        writer.join()
    return {
        f"{options.harvesters} harvesters: pages, all whole": pages,
        "records written and placed meanwhile": written,
        "MiB of the server before": before,
        "MiB of the server after": _resident(hub.pid),
    }


def _write(url: str, parent: Connection) -> None:
    """Put changed records and place them until told to end; answer how many."""
    database, recipe, count = Database.open(url), Recipe(), 0
    holdings = [each for each in block(recipe, 0) if each.member == 0]
    run_ = member_run(database, 0)
    changed = block(Recipe(seed=recipe.seed + 1), 0)
    parent.send(None)
    while not parent.poll():
        some = [
            before._replace(record=after.record)
            for before, after in zip(holdings, changed[count:], strict=False)
        ][:_WRITTEN]
        put(database, run_, some)
        while place(database, HubIdentity()).records:
            pass
        count += len(some)
    parent.send(count)
    database.close()


def _resident(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


@contextmanager
def _hub(url: str, folder: Path) -> Iterator[_Server]:
    environment = os.environ | {"LIENTHONG_INSTANCE": str(folder), "LIENTHONG_DATABASE_URL": url}
    command = [
        *(str(Path(sys.executable).with_name("lienthong")), "serve"),
        *("--port", "0", "--no-z3950"),
    ]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        found = re.search(r"http=http://[^:]+:(\d+)", process.stdout.readline())
        assert found
        yield _Server(int(found[1]), process.pid)
        process.send_signal(signal.SIGTERM)


@contextmanager
def _files(folder: Path) -> Iterator[_Server]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_send_files, args=(folder / "pages", theirs), daemon=True)
    process.start()
    yield _Server(ours.recv(), process.pid or 0)
    process.terminate()
    process.join()


def _send_files(folder: Path, parent: Connection) -> None:
    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        path = folder / environ["PATH_INFO"][1:]
        start_response(
            "200 OK",
            [
                ("Content-Type", "text/xml; charset=utf-8"),
                ("Content-Length", str(path.stat().st_size)),
            ],
        )
        return environ["wsgi.file_wrapper"](path.open("rb"), 1 << 18)

    with listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        serve(application, listener, threads=_THREADS, ready=lambda: parent.send(port))

"""What the measure of the line is made of: dirt, lists, their server, and who is seen at work."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from sqlalchemy import event

from bench.seed import put
from catalogue import sources
from catalogue.cluster.place import place
from catalogue.database import Database
from catalogue.model import HubIdentity, Source
from catalogue.store import open_run
from crosswalks.check import check
from crosswalks.formats import marcxml
from crosswalks.model import RawRecord
from hub.bench import dirt
from hub.bench.dirt import Delivery, deliveries, kinds
from hub.bench.generate import BLOCK, Recipe, block
from hub.bench.memory import Watch
from hub.bench.pages import PAGE, Listed, entry, make, write_pages
from hub.bench.sampling import Sampler
from hub.bench.server import serving
from hub.bench.stages import CREW, NAMES, OTHER, stages
from hub.bench.tables import DIRT
from scheduler.mapping import map_record

SOURCE = Source(name="s", library="L", protocol="oai-pmh", url="")


@pytest.fixture(scope="module")
def holdings():
    return block(Recipe(), 0)


def befallen(holdings) -> dict[str, tuple[Delivery, ...]]:
    """Return what is delivered of one record of each kind of dirt."""
    told = (deliveries(2, each) for each in holdings)
    return {kind: made for kind, made in told if kind}


def problems(delivery: Delivery) -> tuple[bool, set[str]]:
    raw = RawRecord(identifier="x", format=marcxml.NAMESPACE, body=delivery.body, position=0)
    mapped, found = map_record(raw, SOURCE)
    return mapped is not None, {problem.code for problem in found}


def test_each_kind_of_dirt_does_what_it_says(holdings):
    found = befallen(holdings)

    assert set(found) == {each.kind for each in kinds()}
    assert problems(found["isbn"][0]) == (True, {"bad-isbn"})
    assert problems(found["leader"][0]) == (True, {"bad-leader"})
    assert problems(found["legacy"][0]) in ((True, set()), (True, {"damaged-text"}))
    assert problems(found["unreadable"][0]) == (False, {"unreadable"})
    assert problems(found["other"][0]) == (False, {"not-bibliographic"})
    assert found["twice"][0] == found["twice"][1]
    assert found["changed"][0].body != found["changed"][1].body
    assert found["deleted"][1] == Delivery(found["deleted"][0].number, b"", again=True)


def test_text_in_an_old_encoding_is_seen_by_the_check(holdings):
    made = [dirt.DELIVERING["legacy"](each.number, each.record) for each in holdings[:20]]

    assert {"damaged-text"} in [problems(each)[1] for those in made for each in those]


def test_dirt_falls_as_often_as_its_table_says():
    fallen = Counter(dirt.befalls(1, number) for number in range(40_000))

    for each in kinds():
        assert fallen[each.kind] == pytest.approx(40_000 * each.share, rel=0.35)


def test_each_kind_of_dirt_is_named_in_the_report():
    assert list(DIRT) == [each.kind for each in kinds()]


@pytest.mark.soak
def test_any_number_of_processes_makes_the_same_lists(tmp_path):
    made = {}
    for processes in (1, 2):
        folder = tmp_path / str(processes)
        folder.mkdir()
        lists = make(folder, Recipe(members=3), 41 * BLOCK, processes=processes)
        files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
        pages = {
            code: [page._replace(path="") for page in each.pages]
            for code, each in lists.members.items()
        }
        made[processes] = (files, pages, lists.dirt)

    assert made[1] == made[2]


def fetched(url: str, path: str) -> tuple[int, str]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname, parts.port)
    connection.request("GET", path)
    answer = connection.getresponse()
    told = answer.status, answer.read().decode()
    connection.close()
    return told


def test_the_server_gives_page_by_page_what_lies_on_the_disk(tmp_path):
    entries = [
        entry(f"oai:x:{n}", b"<record>%d</record>" % n if n else b"") for n in range(PAGE + 1)
    ]
    listed = Listed(pages=tuple(write_pages(tmp_path / "pages.xml", entries)))
    with serving({"A": listed, "B": Listed(pages=())}) as url:
        _, first = fetched(url, "/A/oai?verb=ListRecords&metadataPrefix=marc21")
        _, last = fetched(url, "/A/oai?verb=ListRecords&resumptionToken=1")

        assert b"".join(entries[:PAGE]).decode() in first
        assert f'completeListSize="{PAGE + 1}">1</resumptionToken>' in first
        assert entries[PAGE].decode() in last
        assert f'completeListSize="{PAGE + 1}"></resumptionToken>' in last
        assert "badResumptionToken" in fetched(url, "/A/oai?verb=ListRecords&resumptionToken=2")[1]
        assert "noRecordsMatch" in fetched(url, "/B/oai?verb=ListRecords")[1]
        assert "badVerb" in fetched(url, "/A/oai?verb=ListSets")[1]
        assert fetched(url, "/C/oai?verb=Identify")[0] == 404


def test_every_function_of_the_table_of_stages_is_there():
    assert stages().named == set(NAMES) - {CREW, OTHER}


def test_processor_time_goes_to_the_stage_that_spends_it(holdings):
    sampler = Sampler(stages(), every=0.002)
    records = [each.record for each in holdings]
    sampler.start()
    began = time.process_time()
    while time.process_time() - began < 0.2:
        for record in records:
            check(record)
    sampler.stop()

    whole = sum(sampler.seconds.values())
    assert whole + sampler.cost == pytest.approx(time.process_time() - began, abs=0.05)
    assert sampler.seconds["check"] > 0.8 * whole
    assert sampler.cost < 0.1 * whole
    assert sampler.looks > 10


def test_the_commit_of_a_placement_is_writing_and_of_a_page_storing(holdings, sqlite_engine):
    with sqlite_engine.fresh() as url, closing(Database.open(url)) as db:
        found = []
        event.listen(
            db.write, "commit", lambda _: found.append(stages().of(inspect.currentframe()))
        )
        sources.add(db, SOURCE)
        run = open_run(db, SOURCE.name)
        found.clear()
        put(db, run, holdings[:5])
        assert found == ["store"]

        found.clear()
        place(db, HubIdentity())

    assert set(found) == {"write"}


def test_what_processes_and_their_children_hold_is_seen_over_time():
    filling = "held = b'x' * (64 << 20); print(flush=True); input()"
    with (
        Watch([os.getpid(), 2**22 + 1]) as watch,
        subprocess.Popen(
            [sys.executable, "-c", filling], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as child,
    ):
        alone = watch.peak_mib
        child.stdout.readline()
        time.sleep(0.4)
        child.communicate(b"\n")

    assert watch.peak_mib > alone + 60
    assert watch.course()[-1].seconds >= 0.2

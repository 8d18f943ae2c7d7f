"""Live results of real servers beside the clusters of the same records, harvested."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from catalogue import libraries, sources
from catalogue.database import Database
from catalogue.model import HubIdentity, Library, RunStatus, Source
from catalogue.raw import FolderRawStore
from catalogue.tables import ClusterRow, MemberRow, RecordRow, SourceRow
from harvester.model import HttpSettings, SourceSpec
from harvester.sru.target import SruTarget
from harvester.z3950.target import Z3950Target
from protocols import pqf
from provider.federation.model import Asked, Limits, LiveTarget, Sight, State
from provider.federation.search import search
from scheduler import pipeline
from scheduler.model import HarvestOptions, Line
from support import zebra_marc
from support.filled import settle
from support.zebra import modules
from support.zebra_marc import Zebra

pytestmark = pytest.mark.skipif(modules() is None, reason="Zebra is not installed")
EVERYTHING = pqf.read("@attr 1=_ALLRECORDS @attr 2=103 ''")
HTTP = HttpSettings(allow_networks=("127.0.0.0/8",), retries=0)
COUNT = 300
NAMES = ("one", "two")
Group = frozenset[tuple[str, str]]
"""Source and identifier of records that are one publication."""


@pytest.fixture(scope="module")
def real(shared: Path) -> Mapping[str, bytes]:
    return zebra_marc.records(shared, COUNT)


@pytest.fixture(scope="module")
def servers(real: Mapping[str, bytes], tmp_path_factory: Any) -> Iterator[Mapping[str, Zebra]]:
    """Two servers that have a third of the records in common."""
    items = list(real.items())
    parts = dict(zip(NAMES, (items[:200], items[100:]), strict=True))
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(zebra_marc.serving(tmp_path_factory.mktemp(name), dict(some)))
            for name, some in parts.items()
        }


def live(database: Database, servers: Mapping[str, Zebra], *, sru: str = "") -> Sight:
    targets = [
        LiveTarget(name=name, open=partial(opened, server, sru=name == sru))
        for name, server in servers.items()
    ]
    asked = Asked(query=EVERYTHING, limits=Limits(seconds=60, records=500))
    *_, last = search(database, asked, targets)
    return last


def opened(server: Zebra, *, sru: bool) -> Any:
    if sru:
        return SruTarget(SourceSpec(url=f"http://127.0.0.1:{server.sru}/Default"), HTTP)
    return Z3950Target(SourceSpec(url=f"z3950://127.0.0.1:{server.port}/Default"), HTTP)


def groups(sight: Sight) -> set[Group]:
    return {
        frozenset((copy.target, copy.identifier) for copy in each.copies)
        for each in sight.publications
        if each.copies
    }


def harvest(database: Database, folder: Path, servers: Mapping[str, Zebra]) -> None:
    line = Line(db=database, raw_store=FolderRawStore(folder), identity=HubIdentity(), http=HTTP)
    for name, server in servers.items():
        libraries.add(database, Library(code=name.upper()))
        url = f"z3950://127.0.0.1:{server.port}/Default"
        source = Source(name=name, library=name.upper(), protocol="z3950", url=url)
        sources.add(database, source)
        assert pipeline.harvest(line, name, HarvestOptions()).status is RunStatus.SUCCEEDED
    settle(database)


def clusters(database: Database) -> dict[str, Group]:
    query = (
        select(ClusterRow.public_id, SourceRow.code, RecordRow.identifier)
        .join_from(MemberRow, RecordRow, RecordRow.id == MemberRow.record_id)
        .join(SourceRow, SourceRow.id == RecordRow.source_id)
        .join(ClusterRow, ClusterRow.id == MemberRow.cluster_id)
    )
    found: dict[str, set[tuple[str, str]]] = {}
    with database.reading() as connection:
        for public_id, source, identifier in connection.execute(query):
            found.setdefault(public_id, set()).add((source, identifier))
    return {public_id: frozenset(members) for public_id, members in found.items()}


def test_live_results_are_what_the_records_cluster_to_and_those_harvested_are_known(
    database: Database, servers: Mapping[str, Zebra], tmp_path: Path
):
    before = live(database, servers)
    over_sru = live(database, servers, sru="two")
    harvest(database, tmp_path, servers)
    after = live(database, servers)

    found = clusters(database)
    assert {each.state for each in before.statuses} == {State.ANSWERED}
    assert sum(len(members) for members in groups(before)) == 400
    assert groups(before) == groups(over_sru) == {*found.values()}
    assert not any(each.public_id for each in before.publications)
    assert {
        each.public_id: frozenset((copy.target, copy.identifier) for copy in each.copies)
        for each in after.publications
    } == found


def test_what_one_target_has_that_was_harvested_is_known_of_another(
    database: Database, servers: Mapping[str, Zebra], tmp_path: Path
):
    harvest(database, tmp_path, {"one": servers["one"]})
    last = live(database, {"two": servers["two"]})

    harvested = {identifier for group in clusters(database).values() for _, identifier in group}
    known = {
        copy.identifier: bool(each.public_id) for each in last.publications for copy in each.copies
    }
    common = known.keys() & harvested
    assert len(common) == 100
    assert all(known[each] for each in common)

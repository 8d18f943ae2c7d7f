from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.demo.endpoints import RunningMember, members
from support.engines import Engine
from support.faults import FaultHub

RECORDS = 120


@pytest.fixture(scope="session")
def endpoints() -> Iterator[list[RunningMember]]:
    with members(RECORDS) as running:
        yield list(running)


@pytest.fixture(scope="session")
def facts(
    sqlite_engine: Engine, tmp_path_factory: pytest.TempPathFactory, endpoints: list[RunningMember]
):
    """Return what a hub knows and gives out to which nothing is done."""
    with sqlite_engine.fresh() as url:
        hub = FaultHub(url, tmp_path_factory.mktemp("whole"), endpoints)
        hub.finish()
        found = hub.facts()
        hub.close()
    assert sum(found[1].values()) > RECORDS / 2
    return found


@pytest.fixture
def hub(database_url: str, tmp_path: Path, endpoints: list[RunningMember]) -> Iterator[FaultHub]:
    made = FaultHub(database_url, tmp_path, endpoints)
    yield made
    made.close()

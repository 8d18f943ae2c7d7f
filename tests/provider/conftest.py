from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from catalogue.database import Database
from support.engines import Engine
from support.oai_schema import oai_schema
from support.sru import filled


@pytest.fixture(scope="session")
def schema(shared: Path) -> etree.XMLSchema:
    return oai_schema(shared)


@pytest.fixture(scope="module")
def small(sqlite_engine: Engine) -> Iterator[Database]:
    """Give the hub of two libraries that requests of SRU are asked of, to be read only."""
    with filled(sqlite_engine) as database:
        yield database

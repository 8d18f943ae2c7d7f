"""A hub that harvests endpoints on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from catalogue.database import Database
from support.lines import Hub


@pytest.fixture
def hub(database: Database, tmp_path: Path) -> Iterator[Hub]:
    """Give a hub without sources, whose endpoints end with it."""
    with ExitStack() as ending:
        yield Hub(database, tmp_path, ending)

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from support.oai_schema import oai_schema


@pytest.fixture(scope="session")
def schema(shared: Path) -> etree.XMLSchema:
    return oai_schema(shared)

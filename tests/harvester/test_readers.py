from __future__ import annotations

import pytest

from harvester.errors import UnknownProtocol
from harvester.model import HttpSettings
from harvester.oai import OaiReader
from harvester.readers import reader


def test_a_protocol_has_its_reader():
    assert isinstance(reader("oai-pmh", HttpSettings()), OaiReader)


def test_an_unknown_protocol_is_wrong_use_and_the_known_ones_are_named():
    with pytest.raises(UnknownProtocol, match="oai-pmh") as refusal:
        reader("gopher", HttpSettings())

    assert refusal.value.wrong_use

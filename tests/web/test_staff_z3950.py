"""A member whose only door is Z39.50, on the staff pages."""

from __future__ import annotations

import pytest

from catalogue import sources
from catalogue.database import Database
from support.staff import inside, post, text
from support.wizard import begin, through
from support.z3950_target import Kept, serving

BODY = b"00072nam a2200049 i 4500001000500000245001200005\x1e0001\x1e10\x1fabook one\x1e\x1d"


@pytest.fixture
def client(database: Database):
    return inside(database)


def test_it_is_looked_at_and_added_by_its_address(client, database: Database):
    with serving([Kept("0001", "20240101", BODY)]) as target:
        looked = begin(client, target.url).text_content()
        through(client, target.url, name="door", library="TVT")
        said = text(post(client, "/staff/sources/door/test"))
    found = sources.get(database, "door")

    assert "by the list of its control numbers" in looked
    assert (found.protocol, found.url) == ("z3950", target.url)
    assert "later harvests bring only what changed" in said


def test_an_address_that_is_none_says_why(client):
    said = text(post(client, "/staff/look-source", url="z3950://host/a/b"))

    assert "is not the address of a Z39.50 database" in said

"""Settings of a source by groups: kept, written to files, and refused where they cannot be."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from catalogue import sources
from catalogue.errors import BadOption, WrongUse
from catalogue.model import Source
from catalogue.options import Connection, Guards, Listing
from catalogue.tables import SourceRow

SOURCE = Source(name="s1", library="TVQG", protocol="oai-pmh", url="http://127.0.0.1/oai")
FULL = replace(
    SOURCE,
    paused=True,
    connection=Connection(
        read_timeout=7.5,
        max_page_mb=64,
        requests_per_minute=20,
        quiet_hours="22:00-06:30",
        headers={"X-Key": "Liên Thông"},
        credentials="khoa",
        proxy="http://proxy.example.vn:3128",
    ),
    listing=Listing(mode="identifiers", overlap_hours=48),
    guards=Guards(delete_percent=5),
)


def entry(**settings):
    """Return a source as a file has it."""
    return {"name": "s1", "library": "L", "protocol": "p", "url": "u", **settings}


def stored(database):
    with database.reading() as connection:
        return json.loads(connection.execute(select(SourceRow.settings)).scalar_one())


def test_groups_read_back_as_they_were_set(database):
    sources.add(database, FULL)

    assert sources.get(database, "s1") == FULL


def test_only_what_differs_from_the_defaults_is_kept(database):
    sources.add(database, replace(SOURCE, guards=Guards(delete_percent=5)))

    assert stored(database)["guards"] == {"delete_percent": 5}
    assert stored(database)["connection"] == {}


def test_a_source_from_before_there_were_groups_has_the_defaults(database):
    sources.add(database, SOURCE)
    old = {"protocol": "oai-pmh", "url": SOURCE.url}
    new = {"connection": {"of_a_later_version": 1, "read_timeout": 3.0}}
    settings = json.dumps({**old, "prefix": "", "crosswalk": "", "encoding": "", **new})
    database.writing(
        lambda connection: connection.execute(update(SourceRow).values(settings=settings))
    )

    assert sources.get(database, "s1") == replace(SOURCE, connection=Connection(read_timeout=3))


def test_what_is_exported_is_what_was_set(database):
    sources.add(database, FULL)
    exported = sources.export(database)

    assert exported[0]["listing"] == {"mode": "identifiers", "overlap_hours": 48}
    assert sources.plan(database, exported) == []


def test_how_a_source_is_connected_to_leaves_its_place_in_the_list_alone(database):
    sources.add(database, SOURCE)
    with database.reading() as connection:
        before = sources.configured(connection, "s1").generation

    sources.change(database, FULL)

    with database.reading() as connection:
        assert sources.configured(connection, "s1").generation == before


@pytest.mark.parametrize(
    ("group", "value"),
    [
        ("connection", {"read_timeout": -1}),
        ("connection", {"read_timeout": float("inf")}),
        ("connection", {"read_timeout": "ten"}),
        ("connection", {"max_page_mb": 1.5}),
        ("connection", {"max_page_mb": 5000}),
        ("connection", {"requests_per_minute": True}),
        ("connection", {"quiet_hours": "22-6"}),
        ("connection", {"quiet_hours": "22:00-25:00"}),
        ("connection", {"quiet_hours": "22:00-22:00"}),
        ("connection", {"headers": {"Authorization": "Basic eDp5"}}),
        ("connection", {"headers": {"X-A": "b\r\nHost: c"}}),
        ("connection", {"headers": {"X A": "b"}}),
        ("connection", {"headers": {"X-A": 1}}),
        ("connection", {"headers": ["X-A"]}),
        ("connection", {"credentials": "a/b"}),
        ("connection", {"ca_bundle": "/etc/ssl/certs/ca.pem"}),
        ("connection", {"proxy": "http://u:p@proxy.example:3128"}),
        ("connection", {"proxy": "proxy.example"}),
        ("listing", {"mode": "sideways"}),
        ("guards", {"delete_percent": 101}),
    ],
    ids=str,
)
def test_a_value_that_cannot_be_is_refused(database, group, value):
    with pytest.raises(BadOption, match="s1"):
        sources.plan(database, [entry(**{group: value})])


@pytest.mark.parametrize(
    "odd",
    [{"connection": {"tyop": 1}}, {"guards": "strict"}, {"listing": [1]}, {"paused": "yes"}],
    ids=str,
)
def test_a_group_that_makes_no_sense_is_refused(database, odd):
    with pytest.raises(WrongUse):
        sources.plan(database, [entry(**odd)])


def test_what_is_refused_is_not_shown_where_it_may_be_secret(database):
    with pytest.raises(BadOption) as refusal:
        sources.plan(database, [entry(connection={"headers": {"Authorization": "Basic eDp5"}})])

    assert "eDp5" not in str(refusal.value)

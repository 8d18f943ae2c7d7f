from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest
from sqlalchemy import update

from catalogue import libraries, sources
from catalogue.errors import BadLibraryCode, NameTaken, NoSuchLibrary, NoSuchSource, WrongUse
from catalogue.model import Library, Source
from catalogue.tables import SourceRow

SOURCE = Source(
    name="s1", library="TVQG", protocol="oai-pmh", url="http://127.0.0.1/oai", sets=("a", "b")
)
ENTRY = {
    name: value for name, value in asdict(SOURCE).items() if name not in ("stage", "membership")
}
"""What a file says of it."""


def test_a_library_is_found_by_its_aliases(database):
    libraries.add(database, Library(code="TVQG", name="Thư viện Quốc gia", aliases=("VN-HaTVQ",)))

    assert libraries.get(database, "VN-HaTVQ").name == "Thư viện Quốc gia"


@pytest.mark.parametrize("code", ["", "union", "Live", "có dấu", "a" * 17, "a/b"])
def test_codes_that_would_break_urls_and_sets_are_refused(database, code):
    with pytest.raises(BadLibraryCode):
        libraries.add(database, Library(code=code))


def test_a_code_or_alias_belongs_to_one_library(database):
    libraries.add(database, Library(code="A", aliases=("X",)))

    with pytest.raises(NameTaken):
        libraries.add(database, Library(code="X"))


def test_a_library_names_its_successor(database):
    libraries.add(database, Library(code="NEW"))
    libraries.add(database, Library(code="OLD"))

    libraries.change(database, "OLD", successor="NEW", valid_to="2025-06-30")

    assert libraries.get(database, "OLD").successor == "NEW"


@pytest.mark.parametrize(
    "days",
    [
        {"valid_from": "hôm qua"},
        {"valid_from": "2024-13-01"},
        {"valid_to": "20240131"},
        {"valid_from": "2024-02-01", "valid_to": "2024-01-31"},
    ],
    ids=str,
)
def test_days_of_membership_that_cannot_be_are_refused(database, days):
    libraries.add(database, Library(code="OLD"))

    with pytest.raises(WrongUse):
        libraries.add(database, Library(code="NEW", **days))
    with pytest.raises(WrongUse):
        libraries.change(database, "OLD", **days)


def test_a_library_does_not_succeed_itself(database):
    libraries.add(database, Library(code="OLD", aliases=("X",)))

    with pytest.raises(WrongUse, match="successor"):
        libraries.change(database, "OLD", successor="X")


def test_an_unknown_library_is_said_so(database):
    with pytest.raises(NoSuchLibrary, match="none"):
        libraries.get(database, "none")


def test_an_unknown_library_code_is_created_with_the_source(database):
    assert sources.add(database, SOURCE) is True
    assert sources.add(database, replace(SOURCE, name="s2")) is False
    assert [each.code for each in libraries.all(database)] == ["TVQG"]


def test_a_source_reads_back_as_it_was_added(database):
    sources.add(database, SOURCE)

    assert sources.get(database, "s1") == SOURCE


def test_a_source_from_before_there_were_schedules_is_harvested_by_hand(database):
    sources.add(database, replace(SOURCE, schedule="daily 02:30"))
    old = {"protocol": "oai-pmh", "url": SOURCE.url, "prefix": "", "sets": ["a", "b"]}
    settings = json.dumps({**old, "crosswalk": "", "encoding": ""})
    database.writing(
        lambda connection: connection.execute(update(SourceRow).values(settings=settings))
    )

    assert sources.get(database, "s1") == SOURCE


def test_a_name_is_given_once(database):
    sources.add(database, SOURCE)

    with pytest.raises(NameTaken):
        sources.add(database, SOURCE)


@pytest.mark.parametrize("name", ["", "-all", ".", "có dấu", "a b", "a/b", "a\n", "a" * 65])
def test_a_name_that_would_break_commands_and_addresses_is_refused(database, name):
    source = replace(SOURCE, name=name)

    with pytest.raises(WrongUse):
        sources.add(database, source)
    with pytest.raises(WrongUse):
        sources.plan(database, [asdict(source)])


@pytest.mark.parametrize(
    "odd",
    [
        {"library": 6},
        {"url": 7},
        {"name": [1]},
        {"sets": "abc"},
        {"sets": [1]},
        {"weight": "1"},
        {"weight": True},
        {5: "x"},
    ],
    ids=str,
)
def test_a_value_of_another_kind_is_refused(database, odd):
    with pytest.raises(WrongUse):
        sources.plan(database, [{**ENTRY, **odd}])


def test_a_setting_left_open_is_empty(database):
    [change] = sources.plan(database, [{**ENTRY, "prefix": None, "sets": None}])

    assert (change.after["prefix"], change.after["sets"]) == ("", [])


def test_a_source_named_twice_is_refused(database):
    with pytest.raises(WrongUse, match="s1"):
        sources.plan(database, [ENTRY, ENTRY])


def test_a_plan_refuses_what_applying_it_would(database):
    sources.add(database, SOURCE)
    libraries.add(database, Library(code="OTHER"))

    for wanted in (
        replace(SOURCE, library="OTHER"),
        replace(SOURCE, library="NONE"),
        replace(SOURCE, name="s2", library="union"),
    ):
        with pytest.raises(WrongUse):
            sources.plan(database, [asdict(wanted)])


def test_exported_sources_apply_without_a_change(database):
    sources.add(database, SOURCE)

    assert sources.apply(database, sources.export(database)) == []


def test_applying_adds_and_changes_and_touches_nothing_else(database):
    sources.add(database, SOURCE)
    sources.add(database, replace(SOURCE, name="kept"))
    wanted = [
        {**sources.export(database)[1], "url": "http://127.0.0.1/new"},
        {"name": "s2", "library": "TVQG", "protocol": "oai-pmh", "url": "http://127.0.0.1/2"},
    ]

    changes = sources.apply(database, wanted)

    assert [(each.name, each.kind) for each in changes] == [("s1", "change"), ("s2", "add")]
    assert sources.get(database, "s1").url == "http://127.0.0.1/new"
    assert sources.get(database, "kept") == replace(SOURCE, name="kept")


@pytest.mark.parametrize(
    "entry", [{"name": "x"}, {"name": "x", "library": "L", "protocol": "p", "url": "u", "tyop": 1}]
)
def test_an_entry_that_makes_no_sense_changes_nothing(database, entry):
    good = {"name": "s2", "library": "TVQG", "protocol": "oai-pmh", "url": "http://127.0.0.1/2"}

    with pytest.raises(WrongUse):
        sources.apply(database, [good, entry])

    with pytest.raises(NoSuchSource):
        sources.get(database, "s2")

"""What a source's records show of their encoding is decided once, kept, and mapped by."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from threading import Event

import pytest
from sqlalchemy import select

from catalogue import queue, records, sources, sourcetext
from catalogue.crosswalks import REMAP
from catalogue.observed import Decided
from catalogue.tables import ProblemRow
from crosswalks.encodings import Encoding, Evidence
from scheduler.mapping import current_versions
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from scheduler.remap import remap_due
from support.legacy import WORDS, misread
from support.lines import Hub
from support.oai_source import Item, Repository, dublin_core

TITLES = [f"{one} {other} thư viện" for one, other in pairwise(WORDS)]
VNI, TCVN3, SOUND = Encoding.VNI, Encoding.TCVN3, Encoding.UTF_8
LATER = "2024-06-01"
NAME = "s1"


@pytest.fixture
def library(hub: Hub) -> Hub:
    """Give a hub with a source that leaves its encoding to its records, and has none yet."""
    hub.repository = Repository(items=[], page_size=40)  # type: ignore[attr-defined]
    hub.add(NAME, hub.repository)  # type: ignore[attr-defined]
    sources.change(hub.database, replace(sources.get(hub.database, NAME), encoding="auto"))
    # Other settings have the records mapped again that are there: none yet.
    remap_due(hub.line, Event())
    return hub


def bring(hub: Hub, titles: list[str], encoding: Encoding = VNI) -> None:
    """Add records to the source and harvest it."""
    known = hub.repository.items  # type: ignore[attr-defined]
    known += [
        Item(
            identifier=f"oai:x.vn:{len(known) + at}",
            payload=dublin_core(title if encoding is SOUND else misread(title, encoding)),
            datestamp=LATER,
        )
        for at, title in enumerate(titles)
    ]
    outcome = harvest(hub.line, NAME, HarvestOptions())

    assert outcome.status.value == "succeeded", outcome.message


def decided(hub: Hub) -> Decided | None:
    return sources.get(hub.database, NAME).decided


def name_of(hub: Hub) -> str:
    found = decided(hub)
    return found.encoding if found else ""


def titles(hub: Hub) -> set[str]:
    names = [each.identifier for each in records.listing(hub.database, NAME)]
    found = [records.get(hub.database, NAME, each).record for each in names]
    return {value for each in found if each for value in each.values("245", "a")}


def test_a_decision_is_kept_with_its_evidence(library):
    bring(library, TITLES)
    found = decided(library)

    assert found is not None
    assert found.encoding == "vni"
    assert found.legal >= found.mended > 0
    assert found.fields > 0


def test_the_next_run_repairs_by_it_though_it_brings_one_record(library):
    bring(library, TITLES)
    before = decided(library)
    bring(library, ["Đất rừng phương Nam"])

    assert decided(library) == before
    assert "Đất rừng phương Nam" in titles(library)


def test_what_came_before_the_decision_is_mapped_again(library):
    library.repository.page_size = 1
    bring(library, TITLES[:8])
    first = titles(library)
    done = remap_due(library.line, Event())

    assert done is not None
    assert done.changed > 0
    assert first != titles(library) == set(TITLES[:8])


def test_a_sound_source_is_known_as_such_and_nothing_is_mapped_again(library):
    bring(library, ["Plain title", *TITLES], SOUND)

    assert name_of(library) == "utf-8"
    assert queue.next_due(library.database, REMAP) is None


def test_evidence_of_small_runs_adds_up(library):
    for title in TITLES[:8]:
        bring(library, [title])

    assert name_of(library) == "vni"


def test_a_decision_is_withdrawn_by_staff(library):
    bring(library, TITLES)
    withdrawn = sourcetext.forget(library.database, NAME)
    done = remap_due(library.line, Event())

    assert withdrawn is not None
    assert done is not None
    assert (decided(library), done.changed) == (None, len(TITLES))


def test_other_settings_begin_anew_and_a_named_encoding_needs_no_decision(library):
    bring(library, TITLES)
    auto = sources.get(library.database, NAME)
    sources.change(library.database, replace(auto, encoding="vni"))
    named = sources.get(library.database, NAME)
    sources.change(library.database, auto)

    assert named.decided is None
    assert current_versions(named) == current_versions(auto)
    assert decided(library) is None


def test_evidence_turns_a_decision_by_a_clear_margin_only(library):
    bring(library, TITLES[:10])
    bring(library, TITLES[10:14], TCVN3)
    still = name_of(library)
    bring(library, TITLES, TCVN3)
    with library.database.reading() as connection:
        told = set(connection.execute(select(ProblemRow.code)).scalars())

    assert (still, name_of(library)) == ("vni", "tcvn3")
    assert "encoding-turned" in told


def test_a_decision_is_no_setting(library):
    bring(library, TITLES)
    [exported] = sources.export(library.database)

    assert "decided" not in exported
    assert sources.plan(library.database, [exported]) == []


def test_evidence_is_the_same_after_it_was_kept():
    evidence = Evidence()
    evidence.add([misread(title, VNI) for title in TITLES])
    evidence.add([misread(title, Encoding.VIQR) for title in TITLES])
    values = evidence.plain_values()

    assert Evidence.of(values).plain_values() == values
    assert Evidence.of({}).plain_values() == Evidence().plain_values()

"""A first load is placed at once, at its end; what comes day by day is placed as it comes."""

from __future__ import annotations

from threading import Event

import pytest

from catalogue.cluster import atonce, newcomers
from catalogue.cluster.place import waiting
from catalogue.model import RunStatus
from scheduler import placing
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest, settle
from scheduler.placing import Placer
from support.lines import Hub, beside, wait_until
from support.oai_source import Repository
from support.pages import Book, place_all
from support.whole import bring, fill


@pytest.fixture
def one(hub: Hub) -> Hub:
    """Give a hub with a source of five records, in pages of two."""
    hub.add("s1", Repository())
    return hub


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newcomers, "AT_ONCE", 5)


@pytest.fixture
def only_at_once(few_are_many: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(placing, "place", _never)


def _never(*_: object) -> None:
    raise AssertionError


def go(hub: Hub, name: str = "s1", **options: object):
    return harvest(hub.line, name, HarvestOptions(**options))


@pytest.mark.usefixtures("only_at_once")
def test_the_first_list_of_a_large_source_is_placed_at_its_end(one):
    assert go(one).status is RunStatus.SUCCEEDED
    assert waiting(one.database) == 0


def test_a_small_source_is_placed_as_it_comes(one, monkeypatch):
    monkeypatch.setattr(newcomers, "AT_ONCE", 6)
    monkeypatch.setattr(atonce, "place_at_once", _never)

    assert go(one).status is RunStatus.SUCCEEDED
    assert waiting(one.database) == 0


@pytest.mark.usefixtures("few_are_many")
def test_what_a_placed_source_brings_again_is_placed_as_it_comes(one, monkeypatch):
    go(one)
    monkeypatch.setattr(atonce, "place_at_once", _never)

    assert go(one, full=True).status is RunStatus.SUCCEEDED


def test_what_is_left_for_later_waits_until_all_is_placed(one):
    assert go(one, place_later=True).status is RunStatus.SUCCEEDED
    assert waiting(one.database) == 5

    settle(one.line)

    assert waiting(one.database) == 0


@pytest.mark.usefixtures("only_at_once")
def test_a_worker_places_very_much_that_waits_at_once(one):
    go(one, place_later=True)

    with beside(one.work):
        wait_until(lambda: not waiting(one.database))


@pytest.mark.usefixtures("few_are_many")
def test_what_hangs_together_with_what_was_there_is_looked_at_but_once(hub):
    book = Book(title="Số đỏ", isbn="9786049763342", year="1936")
    fill(hub.database, [book])
    place_all(hub.database)
    bring(hub.database, [book] * 6)

    with Placer(hub.database, hub.line.identity) as placer:
        assert placer.many_are_new()
        assert placer.place_new(lambda _: None, Event()).records == 0
        assert not placer.many_are_new()

"""Checks of servers: asked for once, kept for a while, and told as broken off where nobody came."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from catalogue import queue, sources
from catalogue.model import Source
from catalogue.tables import JobRow
from catalogue.validations import store
from catalogue.validations.errors import NoEndpoint, NoSuchValidation
from support.engines import SQLITE_USUALLY
from support.pages import add_source

pytestmark = SQLITE_USUALLY


def finished(database, verdict: str = "pass") -> int:
    """Ask for a check, finish it, and return its number."""
    assert store.ask(database, "s1", "lan")
    [key] = queue.due(database, store.KIND)
    found, lease = store.waiting(database, key), queue.claim(database, store.KIND, key, anew=False)
    assert found is not None
    assert lease is not None
    store.finish(database, lease, found.id, verdict, {"problems": []})
    return found.id


def test_a_check_is_asked_for_once_until_it_is_done(database):
    add_source(database)

    assert store.ask(database, "s1", "lan")
    assert not store.ask(database, "s1", "minh")
    assert [each.author for each in store.all(database, "s1")] == ["lan"]
    assert store.progress(database, "s1").is_busy


def test_the_newest_checks_are_kept_and_each_is_compared_with_the_one_before(database):
    add_source(database)
    numbers = [finished(database) for _ in range(store.KEPT + 2)]
    kept = [each.id for each in store.all(database, "s1")]
    newest = store.get(database, "s1", numbers[-1])
    before = store.before(database, newest)

    assert kept == numbers[:1:-1]
    assert before is not None
    assert before.id == numbers[-2]
    assert store.latest(database, ["s1"])["s1"].id == numbers[-1]
    assert not store.progress(database, "s1").is_busy
    with pytest.raises(NoSuchValidation):
        store.get(database, "s1", numbers[0])


def test_a_check_that_no_worker_survives_is_told_as_broken_off_and_asked_for_anew(database):
    add_source(database)
    store.ask(database, "s1", "lan")
    dead = update(JobRow).values(state="running", attempts=queue.TRIES, lease_until=0)
    database.writing(lambda connection: connection.execute(dead))

    assert not store.progress(database, "s1").is_busy
    assert store.ask(database, "s1", "minh")
    assert [each.verdict for each in store.all(database, "s1")] == ["", store.BROKEN]


def test_only_servers_of_oai_pmh_are_checked(database):
    one = Source(name="f1", library="L1", protocol="file", url="file:")
    sources.add(database, one)
    sources.add(database, replace(one, name="s1", protocol="oai-pmh", url="http://127.0.0.1:9/"))

    with pytest.raises(NoEndpoint):
        store.ask(database, "f1", "lan")
    with pytest.raises(NoSuchValidation):
        store.get(database, "f1", finished(database))

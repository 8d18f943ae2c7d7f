"""Checks of servers as a worker carries them out, against a real server."""

from __future__ import annotations

from contextlib import ExitStack
from threading import Event

import pytest

from catalogue import queue, sources
from catalogue.model import Source
from catalogue.validations import store
from catalogue.validations.store import KIND
from harvester.validate.model import Options
from scheduler import budget, validations
from support.engines import SQLITE_USUALLY
from support.judged import Provider
from support.loopback import Reply, replying

pytestmark = SQLITE_USUALLY
QUICK = Options(pages=1, samples=1, sets=1, windows=1, retries=0, pause=0)
NOBODY = Event()


@pytest.fixture
def served(hub):
    """Give a hub with a source."""
    provider = Provider(items=Provider().items[:1])
    with ExitStack() as ending:
        provider.url = ending.enter_context(replying(provider))
        source = Source(name="s1", library="L1", protocol="oai-pmh", url=provider.url)
        sources.add(hub.database, source)
        yield hub


def check(hub, options: Options = QUICK) -> bool:
    return validations.validate_next(hub.line, NOBODY, options)


def test_a_check_is_carried_out_and_its_report_kept(served):
    store.ask(served.database, "s1", "lan")

    assert check(served)
    assert not check(served)
    [listed] = store.all(served.database, "s1")
    found = store.get(served.database, "s1", listed.id)
    codes = {each["code"] for each in found.report["problems"]}
    assert (found.verdict, found.author) == (store.PASS, "lan")
    assert "no-metadata-location" in codes
    assert found.report["requests"] > 20


def test_a_server_that_is_not_there_is_what_was_found(hub):
    with replying(lambda _: Reply()) as url:
        pass
    sources.add(hub.database, Source(name="s1", library="L1", protocol="oai-pmh", url=url))
    store.ask(hub.database, "s1", "lan")

    assert check(hub)
    [listed] = store.all(hub.database, "s1")
    [problem] = store.get(hub.database, "s1", listed.id).report["problems"]
    assert (listed.verdict, problem["code"]) == (store.MEND, "no-answer")


def test_a_worker_that_has_to_go_leaves_the_check_to_another(served):
    store.ask(served.database, "s1", "lan")
    going = Event()
    going.set()

    assert validations.validate_next(served.line, going, QUICK)
    assert store.progress(served.database, "s1").is_busy
    assert not store.all(served.database, "s1")[0].finished
    assert check(served)
    assert store.all(served.database, "s1")[0].finished


def test_a_check_whose_worker_was_killed_is_done_by_another(served):
    store.ask(served.database, "s1", "lan")
    [key] = queue.due(served.database, KIND)
    lease = queue.claim(served.database, KIND, key, anew=False)
    assert lease is not None
    assert not check(served)
    queue.let_go(served.database, lease)

    assert check(served)
    assert store.all(served.database, "s1")[0].finished


def test_a_check_waits_for_a_harvest_of_the_same_server(served):
    store.ask(served.database, "s1", "lan")
    with budget.place(served.database, sources.get(served.database, "s1")) as placed:
        assert placed
        assert not check(served)

    assert check(served)


def test_a_job_without_a_check_is_dropped(served):
    queue.ask(served.database, KIND, f"{KIND}:1")

    assert not check(served)
    assert queue.next_due(served.database, KIND) is None

"""What waits for a person, in a real browser: a guarded harvest, and a record in quarantine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from catalogue import quarantine_lists, runs, sources, users
from catalogue.model import RunStatus
from catalogue.users import Role
from hub.sourcecheck import check
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support.browser import PHONE_USUALLY, Browser, sign_in
from support.lines import Hub, beside, wait_until
from support.oai_source import Item, Repository, items
from support.staff import PASSWORD, room
from support.waitress_server import waitress_serving
from web.app import create_app

GONE = 10


@pytest.fixture
def resting(members: Hub) -> Iterator[str]:
    """Give the address of a hub with a guarded harvest and a record in quarantine; no worker."""
    repository = Repository(items=items(2 * GONE), page_size=50)
    members.add("s1", repository)
    harvest(members.line, "s1", HarvestOptions())
    gone = {"deleted": True, "datestamp": "2024-06-01"}
    repository.items = [
        replace(item, **gone) if at < GONE else item for at, item in enumerate(repository.items)
    ]
    harvest(members.line, "s1", HarvestOptions())
    # Read by the wrong crosswalk it is no record; by the usual one it is.
    members.add("s2", Repository(items=[Item(identifier="oai:x/1", payload=items(1)[0].payload)]))
    source = sources.get(members.database, "s2")
    sources.change(members.database, replace(source, crosswalk="dim-marc21"))
    harvest(members.line, "s2", HarvestOptions())
    sources.change(members.database, source)
    users.add(members.database, "lan", PASSWORD, Role.OPERATOR)
    here = room(members.database, line=members.line, check=check)
    app = create_app(members.database, members.line.identity, b"k" * 32, room=here)
    with waitress_serving(app) as url:
        yield url


@pytest.fixture
def served(resting: str, members: Hub) -> Iterator[str]:
    """Give the address of that hub with a worker beside."""
    with beside(members.work):
        yield resting


@PHONE_USUALLY
def test_a_guarded_harvest_is_looked_at_and_approved(
    browser: Browser, served: str, members: Hub, language: str, width: int
) -> None:
    [waiting] = [
        run.id for run in runs.all(members.database, "s1") if run.status is RunStatus.WAITING
    ]
    browser.width(width)
    sign_in(browser, served, PASSWORD, language)
    browser.open(f"{served}/staff/sources?health=waiting")
    browser.click("tbody .badge")
    browser.until(f"location.pathname === '/staff/runs/{waiting}'")
    browser.click("a[href$='/approve']")
    browser.until("location.pathname.endsWith('/approve')")
    told = browser.run("document.querySelectorAll('main li').length")
    said = browser.text
    browser.click("form[action$='/approve'] button")
    browser.until("!!document.querySelector('.said')")
    wait_until(
        lambda: runs.get(members.database, waiting).status is RunStatus.SUCCEEDED,
        "the harvest was never carried out",
    )

    assert str(GONE) in said
    assert told > 0
    assert runs.get(members.database, waiting).counts.deleted == GONE
    assert browser.run("document.documentElement.scrollWidth") <= width
    assert browser.barriers == []
    assert browser.complaints == []


@PHONE_USUALLY
def test_a_record_in_quarantine_is_looked_at_and_read_again(
    browser: Browser, resting: str, members: Hub, language: str, width: int
) -> None:
    [line] = quarantine_lists.lines(members.database, "s2")
    browser.width(width)
    sign_in(browser, resting, PASSWORD, language)
    browser.open(f"{resting}/staff/quarantine/source/s2")
    browser.click(f"a[href$='/record/{line.key}']")
    browser.until("!!document.querySelector('pre')")
    shown = browser.run("document.querySelector('pre').textContent")
    browser.click("form[action$='/retry'] button")
    browser.until("!!document.querySelector('.said')")

    assert "oai_dc" in shown
    assert quarantine_lists.lines(members.database, "s2") == []
    assert browser.complaints == []

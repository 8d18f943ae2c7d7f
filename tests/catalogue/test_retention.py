"""Which pages go and which stay, and that a page put while another is removed is never lost."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import update

from catalogue import runs
from catalogue.model import RunStatus
from catalogue.raw import FolderRawStore
from catalogue.retention import DAY, Pruned, Retention, prune
from catalogue.store import close_run, open_run, put_page
from catalogue.tables import RunRow
from crosswalks.model import Page
from support.pages import add_source

NOW = time.time()


@pytest.fixture
def store(tmp_path):
    return FolderRawStore(tmp_path / "raw")


@pytest.fixture
def source(database):
    add_source(database)
    return database


def harvested(database, store, *pages: bytes, status=RunStatus.SUCCEEDED, days_ago=0, **asked):
    """Harvest these pages, so many days ago, and return the run."""
    run = open_run(database, "s1", **asked)
    for number, page in enumerate(pages, 1):
        name = store.put(page)
        moment = NOW - days_ago * DAY
        os.utime(store.folder / name[:2] / f"{name}.zst", (moment, moment))
        whole = Page(number=number, url="", records=(), next_checkpoint={}, raw=page, last=False)
        put_page(database, run, whole, {}, {})
    close_run(database, run, status)
    ended = int((NOW - days_ago * DAY) * 1000)
    database.writing(
        lambda connection: connection.execute(
            update(RunRow).where(RunRow.id == run.run_id).values(finished=ended)
        )
    )
    return run.run_id


def pages_of(database, run):
    return len(list(runs.pages(database, run)))


def test_old_pages_go_and_the_last_good_run_stays_however_old(source, store):
    first, second, third = (
        harvested(source, store, page, days_ago=40) for page in (b"1", b"2", b"3")
    )

    pruned = prune(source, store, Retention(days=30), NOW)

    assert (pruned.runs, pruned.pages) == (2, 2)
    assert [pages_of(source, run) for run in (first, second, third)] == [0, 0, 1]
    assert [each.name for each in store.stored()] == [
        runs_page.name for runs_page in runs.pages(source, third)
    ]


def test_parts_of_one_list_stay_together(source, store):
    harvested(source, store, b"0", days_ago=50)
    cut = harvested(source, store, b"1", days_ago=40, status=RunStatus.INCOMPLETE)
    harvested(source, store, b"2", days_ago=40)

    prune(source, store, Retention(days=30), NOW)

    assert pages_of(source, cut) == 1


def test_a_dry_run_tells_the_same_and_removes_nothing(source, store):
    for page in (b"1", b"2", b"3"):
        harvested(source, store, page, days_ago=40)

    told = prune(source, store, Retention(days=30), NOW, dry_run=True)
    files = len(list(store.stored()))
    done = prune(source, store, Retention(days=30), NOW)

    assert (told, files) == (done, 3)
    assert told.bytes > 0


def test_what_is_kept_for_ever_is_kept(source, store):
    for page in (b"1", b"2", b"3"):
        harvested(source, store, page, days_ago=4000)

    assert prune(source, store, Retention(), NOW).pages == 0


def test_the_oldest_go_first_until_the_rest_fits(source, store):
    pages = [os.urandom(2000) for _ in range(4)]
    made = [harvested(source, store, page, days_ago=10) for page in pages]

    pruned = prune(source, store, Retention(bytes=7000), NOW)

    assert [pages_of(source, run) for run in made] == [0, 1, 1, 1]
    assert pruned.left <= 7000


def test_a_page_stays_while_any_run_that_is_kept_names_it(source, store):
    harvested(source, store, b"same", b"old", days_ago=40)
    harvested(source, store, b"other", days_ago=40)
    harvested(source, store, b"same", days_ago=40)

    prune(source, store, Retention(days=30), NOW)

    assert {store.get(each.name) for each in store.stored()} == {b"same"}


def test_pages_of_a_run_that_waits_for_a_person_stay(source, store):
    waiting = harvested(source, store, b"1", days_ago=40, status=RunStatus.WAITING)
    for page in (b"2", b"3"):
        harvested(source, store, page, days_ago=40)

    prune(source, store, Retention(days=30), NOW)

    assert pages_of(source, waiting) == 1


def test_a_page_that_no_run_names_yet_is_left_for_a_day(source, store):
    name = store.put(b"just come")

    young = prune(source, store, Retention(days=1), NOW)
    old = prune(source, store, Retention(days=1), NOW + 2 * DAY)

    assert (young.pages, old.pages) == (0, 1)
    with pytest.raises(KeyError):
        store.get(name)


def test_what_a_killed_process_left_half_written_is_tidied_up(source, store):
    draft = store.folder / "ab" / "cd" / "abcd.0123"
    draft.parent.mkdir(parents=True)
    draft.write_bytes(b"half")

    assert prune(source, store, Retention(), NOW + 2 * DAY) == Pruned(
        runs=0, pages=0, bytes=4, left=0
    )


def test_a_page_put_while_it_is_removed_survives(store):
    page = b"<page/>" * 100
    name = store.put(page)
    path = store.folder / name[:2] / f"{name}.zst"
    start = Barrier(2)

    def put():
        start.wait()
        store.put(page)

    def remove():
        start.wait()
        store.remove(name, NOW - DAY)

    with ThreadPoolExecutor(2) as workers:
        for _ in range(300):
            os.utime(path, (1, 1))
            done = [workers.submit(put), workers.submit(remove)]
            for each in done:
                each.result()
            assert store.get(name) == page


def test_a_page_that_is_damaged_is_not_given_out(store):
    name = store.put(b"page")
    other = store.put(b"other")
    path = store.folder / name[:2] / f"{name}.zst"
    path.write_bytes((store.folder / other[:2] / f"{other}.zst").read_bytes())

    with pytest.raises(KeyError):
        store.get(name)

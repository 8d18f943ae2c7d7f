"""Forms made anew under kill -9, and while records change: who harvests all along has it all."""

from __future__ import annotations

import time

import pytest

from catalogue import crosswalks
from catalogue.crosswalks import Version
from catalogue.database import Database
from crosswalks.shelf import Written
from scheduler.rewrite import rewrite_due
from support.background import STEP_DONE, do_due
from support.downstream import Downstream
from support.pages import Book, add_source, books, deliver, place_all
from support.processes import function, run, running
from support.workers import write_at_random

NAME = "marc21-oai_dc"
TEXT = (
    f'crosswalk {NAME} version 2\nfrom marc21 to oai_dc\ndc:rights <- "x"\ninclude shipped/{NAME}\n'
)
COUNT = 60


def make_anew(url: str, folder: str, rest: float) -> int:
    """Make forms anew, telling each step and resting after it; return how many items changed."""
    return do_due(rewrite_due, url, folder, rest)


def fill(database: Database) -> None:
    add_source(database)
    entries = [(f"r{number}", Book(title=f"T{number}", year="")) for number in range(COUNT)]
    deliver(database, "s1", *books(entries))
    place_all(database)


def has_all(service: Downstream) -> bool:
    bodies = [body for body in service.has.values() if body]
    return bool(bodies) and all("<dc:rights>x</dc:rights>" in body for body in bodies)


@pytest.mark.parametrize("seconds", [pytest.param(0.0, marks=pytest.mark.soak), 0.2])
def test_what_a_killed_process_left_another_finishes(database, database_url, tmp_path, seconds):
    fill(database)
    service = Downstream(database)
    publish(database, TEXT)

    with running(function(make_anew, database_url, str(tmp_path), 0.1)) as (process,):
        process.await_text(STEP_DONE)
        service.harvest()
        time.sleep(seconds)
        process.kill()
    service.harvest()
    whole_before = has_all(service)
    [outcome] = run(function(make_anew, database_url, str(tmp_path), 0.0))
    whole = Downstream(database, page_size=COUNT)
    # What was stamped in a second that is not over yet is shown after it.
    while len(whole.has) < COUNT or service.has != whole.has or not has_all(whole):
        whole.harvest()
        service.harvest()

    assert not whole_before
    assert 0 < outcome.value < COUNT


def test_who_harvests_while_records_change_and_forms_are_made_anew_has_it_all(
    database, database_url, tmp_path
):
    for source in ("s1", "s2"):
        add_source(database, source, library=source.upper())
    service, done = Downstream(database), 0
    texts = [TEXT, TEXT.replace('"x"', '"y"')]
    writers = [function(write_at_random, database_url, f"s{each}", each, 8) for each in (1, 2)]

    with running(*writers) as processes:
        while any(process.running for process in processes):
            publish(database, texts[done % 2])
            make_anew(database_url, str(tmp_path), 0.0)
            service.harvest()
            done += 1
        codes = [process.finish().code for process in processes]
    publish(database, TEXT)
    make_anew(database_url, str(tmp_path), 0.0)
    whole = Downstream(database, page_size=COUNT)
    while service.has != whole.has or not has_all(whole):
        whole.harvest()
        service.harvest()

    assert codes == [0, 0]
    assert has_all(service)


def publish(database: Database, text: str) -> None:
    wanted = Version(name=NAME, version=None, written=Written(text=text))
    crosswalks.put_draft(database, wanted)
    crosswalks.publish(database, NAME, "Lan")

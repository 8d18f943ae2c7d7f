"""Bulk corrections: looked at and nothing kept, made once each, taken off to the byte."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from sqlalchemy import select

from catalogue import queue
from catalogue.audit import acting
from catalogue.audit.acting import Act, Way
from catalogue.audit.store import Wanted as Looked
from catalogue.audit.store import entries
from catalogue.database import Database
from catalogue.errors import WrongUse
from catalogue.model import HubIdentity
from catalogue.overlays import bulk, bulksteps, making
from catalogue.overlays.bulk import Bulk, Fate, Phase, Wanted
from catalogue.overlays.errors import BadRules, NoRules, NoSuchBulk, NotCarriedOut, NotLookedAt
from catalogue.overlays.making import By
from catalogue.overlays.model import Change, Kind, State
from catalogue.overlays.notation import read
from catalogue.querysets.model import Language
from catalogue.raw import FolderRawStore
from catalogue.tables import MasterRow
from protocols.errors import QueryError
from scheduler.bulk import carry_out, work_next
from scheduler.model import Line
from support.harvesting import LOOPBACK
from support.pages import Book, Delivery, add_source, books, deliver, place_all
from support.searching import search

SOAK = pytest.param("postgresql", marks=pytest.mark.soak)
sqlite = pytest.mark.parametrize("engine", ["sqlite", SOAK], indirect=True)
"""PostgreSQL too where there is time for it."""
PUBLISHER = '264 .. <- 264 $* | replace "^Văn học$" "NXB Văn học"'
WANTED = Wanted(
    language=Language.CQL, query="publisher = van", rules=PUBLISHER, reason="theo bảng tên NXB"
)
STAMP = re.compile(r'"005","[0-9.]*"')
BOOKS = [
    ("a", Book(title="Số đỏ")),
    ("b", Book(title="Giông tố", publisher="NXB Văn học")),
    ("c", Book(title="Vỡ đê", author="Khác")),
    ("d", Book(title="Sống mòn", author="Nam Cao", publisher="Hội Nhà văn")),
    ("e", Book(title="Chí Phèo", author="Nam Cao", publisher="Kim Đồng")),
]


@pytest.fixture
def line(database: Database, tmp_path: Path) -> Line:
    add_source(database)
    deliver(database, "s1", *books(BOOKS))
    place_all(database)
    return Line(
        db=database, raw_store=FolderRawStore(tmp_path), identity=HubIdentity(), http=LOOPBACK
    )


def done(line: Line, number: int) -> Bulk:
    """Have a worker do all that is asked for."""
    while work_next(line, Event()):
        pass
    return bulk.get(line.db, number)


def looked_at(line: Line, wanted: Wanted = WANTED) -> Bulk:
    return done(line, bulk.ask(line.db, wanted, "lan"))


def applied(line: Line, wanted: Wanted = WANTED) -> Bulk:
    number = looked_at(line, wanted).id
    bulk.agree(line.db, number, "hoa")
    return done(line, number)


def masters(line: Line) -> list[tuple[int, str, str]]:
    """Return all that is given out of the masters to the byte, but for the date of change."""
    with line.db.reading() as connection:
        rows = connection.execute(select(MasterRow.cluster_id, MasterRow.hash, MasterRow.record))
        return sorted((row[0], row[1], STAMP.sub("", row[2])) for row in rows)


@sqlite
def test_what_it_would_do_is_told_and_nothing_is_kept(line: Line) -> None:
    before = masters(line)
    found = looked_at(line)

    assert found.phase is Phase.LOOKED
    assert (found.figures.found, found.figures.would, found.figures.same) == (4, 2, 2)
    assert found.figures.fields == {"264": 2}
    [first, _] = found.figures.samples
    assert first.lines == (("replace", "264 #1 $b Văn học", "264 #1 $b NXB Văn học"),)
    assert making.all(line.db, undone=True) == []
    assert masters(line) == before


def test_it_is_carried_out_once_and_taken_off_to_the_byte(line: Line) -> None:
    before = masters(line)
    number = looked_at(line).id
    agreed = [bulk.agree(line.db, number, "hoa") for _ in range(2)]
    applied = done(line, number)
    again = bulk.agree(line.db, number, "an")
    made = making.all(line.db)
    found = search(line.db, "nxb van hoc").total
    undone = [bulk.undo(line.db, number, "an") for _ in range(2)]
    taken_off = done(line, number)

    assert (agreed, again, undone) == ([True, False], False, [True, False])
    assert (applied.phase, applied.figures.done, applied.figures.would) == (Phase.APPLIED, 2, 0)
    assert {(each.person, each.reason, each.bulk) for each in made} == {
        ("hoa", "theo bảng tên NXB", number)
    }
    assert len(made) == applied.figures.overlays == 2
    assert found == 3
    assert (taken_off.phase, taken_off.figures.undone) == (Phase.UNDONE, 2)
    assert making.all(line.db) == []
    assert masters(line) == before


@sqlite
def test_what_was_corrected_meanwhile_is_left_and_what_became_another_is_told(line: Line) -> None:
    found = looked_at(line)
    [one, other] = [each.cluster for each in found.figures.samples]
    whole = read("264 #1 $a Hà Nội $b Văn học $c 1936")
    making.make(line.db, one, Change(kind=Kind.SUPPRESS, beneath=whole), By("an", "vì"))
    place_all(line.db)
    deliver(line.db, "s1", Delivery(identifier="c"))
    bulk.agree(line.db, found.id, "hoa")
    figures = done(line, found.id).figures
    [trouble] = bulk.troubles(line.db, found.id)

    # The first has no imprint any more, the second is nowhere.
    assert (figures.done, figures.same, figures.failed) == (0, 3, 1)
    assert (trouble.cluster, trouble.fate, trouble.code) == (other, Fate.FAILED, "nowhere-shown")
    assert bulk.troubles(line.db, found.id, after=trouble.key) == []


@sqlite
def test_what_corrections_may_not_touch_is_refused_record_by_record(line: Line) -> None:
    rules = '852 .. <- 852 $* | replace "L1" "L2"'
    found = looked_at(line, replace(WANTED, rules=rules))
    named = {each.code for each in bulk.troubles(line.db, found.id)}

    assert (found.figures.refused, found.figures.would) == (4, 0)
    assert named == {"not-overlaid"}
    with pytest.raises(NotLookedAt):
        bulk.agree(line.db, found.id, "hoa")
    with pytest.raises(NotCarriedOut):
        bulk.undo(line.db, found.id, "hoa")


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"query": "publisher ="}, QueryError),
        ({"rules": "264 <-"}, BadRules),
        ({"rules": "include oai_dc-marc21"}, BadRules),
        ({"rules": "# nothing"}, NoRules),
        ({"reason": " "}, WrongUse),
    ],
)
@sqlite
def test_what_is_wrong_is_said_before_anything_is_asked_for(
    line: Line, changed: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        bulk.ask(line.db, replace(WANTED, **changed), "lan")
    with pytest.raises(NoSuchBulk):
        bulk.get(line.db, 1)


@sqlite
def test_the_line_of_a_mistake_is_that_of_the_rules(line: Line) -> None:
    with pytest.raises(BadRules, match="Line 2, column"):
        bulk.ask(line.db, replace(WANTED, rules=f"{PUBLISHER}\n300 .. <- 300 | nope"), "lan")


@sqlite
def test_asked_for_twice_it_is_one_and_the_next_is_another(line: Line) -> None:
    numbers = [bulk.ask(line.db, WANTED, "lan") for _ in range(2)]
    done(line, numbers[0])

    assert numbers == [1, 1]
    assert bulk.ask(line.db, WANTED, "lan") == 2
    assert [each.id for each in bulk.all(line.db)] == [2, 1]
    assert [each.id for each in bulk.all(line.db, before=2)] == [1]


@sqlite
def test_too_many_are_refused_as_a_whole(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulksteps, "MOST", 2)
    found = looked_at(line)

    assert (found.phase, found.figures.code) == (Phase.FAILED, "too-many-found")
    with pytest.raises(NotLookedAt):
        bulk.agree(line.db, found.id, "hoa")


def test_stopped_it_goes_on_where_it_was_and_taken_off_in_the_middle_it_ends(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulksteps, "STEP", 1)
    before = masters(line)
    number = looked_at(line).id
    bulk.agree(line.db, number, "hoa")
    lease = queue.claim(line.db, bulk.KIND, bulk.job_key(number), anew=False)
    assert lease is not None
    records = bulksteps.apply(line.db, lease, number)
    queue.let_go(line.db, lease)
    half = bulk.get(line.db, number).figures
    bulk.undo(line.db, number, "an")
    over = carry_out(line, number, Event(), lambda _: None)

    assert records
    assert (half.done, half.would) == (1, 1)
    assert over.phase is Phase.UNDONE
    assert [each.undone_by for each in making.all(line.db, undone=True)] == ["an"]
    assert masters(line) == before


@sqlite
def test_a_stopped_worker_leaves_it_in_the_queue(line: Line) -> None:
    number = looked_at(line).id
    bulk.agree(line.db, number, "hoa")
    stopping = Event()
    stopping.set()

    assert work_next(line, stopping)
    assert bulk.get(line.db, number).phase is Phase.APPLYING
    assert done(line, number).figures.done == 2


@sqlite
def test_that_somebody_asked_is_written_down_and_not_each_correction(line: Line) -> None:
    act = Act(who="lan", way=Way.WEB, address="", act="corrections.agree")
    with acting.during(act):
        applied(line)
    kinds = [each.kind for each in entries(line.db, Looked(), limit=50)]

    assert set(kinds) == {"bulk"}


@sqlite
def test_one_correction_of_a_bulk_is_taken_off_alone_and_the_rest_of_it_later(line: Line) -> None:
    number = applied(line).id
    [latest, first] = making.all(line.db)
    making.undo(line.db, first.id, "an")
    place_all(line.db)
    left = [each.id for each in making.all(line.db)]
    bulk.undo(line.db, number, "hoa")
    figures = done(line, number).figures

    assert left == [latest.id]
    assert figures.undone == 1
    assert all(each.state is State.APPLIED for each in making.all(line.db, undone=True))

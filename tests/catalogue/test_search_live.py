"""Search while the catalogue changes: what was committed is found at once, what is gone never."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Connection, delete, insert, select

from catalogue import libraries, records
from catalogue.base import Base
from catalogue.database import Database
from catalogue.errors import ViewNotSearched
from catalogue.model import Sharing
from catalogue.search import FacetName, Hits, Request, Scanned, ScanRequest, engine
from catalogue.search import waiting as unsearched
from catalogue.search.expression import Everything
from catalogue.search.showing import titles
from catalogue.sql import table
from catalogue.tables import (
    DocumentRow,
    HeadingOfRow,
    HeadingRow,
    SearchedViewRow,
    ShownRow,
    ViewRow,
)
from catalogue.verdicts import Said, Verdict, decide, undo
from catalogue.waking import wake_everything
from support.pages import Book, Delivery, add_source, books, deliver, place_all
from support.processes import function, running
from support.searching import search, search_cql, search_pqf

INDEX = (DocumentRow, ShownRow, HeadingRow, HeadingOfRow, SearchedViewRow)
soak = pytest.mark.soak
SAID = Said(author="Lan", reason="đã xem")
ALL_FACETS = tuple(FacetName)


def found(database: Database, words: str, **more: object) -> list[str]:
    return [hit.title for hit in search(database, words, **more).hits]


def whole(database: Database, view: str = "public") -> Hits:
    """Return all that a view sees, with all facets."""
    request = Request(wanted=Everything(), view=view, by_work=False, limit=1000, facets=ALL_FACETS)
    return engine(database).search(request)


def listed(database: Database, column: str = "title", view: str = "public") -> dict[str, int]:
    """Return an index as a view sees it: each term with how many clusters have it."""
    request = ScanRequest(columns=(column,), term="", count=1000, view=view)
    return {term.text: term.clusters for term in engine(database).scan(request).terms}


def everywhere(database: Database, word: str, view: str = "public") -> set[str]:
    """Return in which answers a word shows that stands in one book's title, author and subject."""
    asked = {
        "any": search(database, word, view=view),
        "title": search_cql(database, f"title={word}", view=view),
        "author": search_cql(database, f"author={word}", view=view),
        "begun": search_cql(database, f"title={word[:-1]}*", view=view),
        "masked": search_pqf(database, f"@attr 1=4 @attr 5=104 {word[:-1]}#", view=view),
        "first": search_pqf(database, f"@attr 1=4 @attr 3=1 {word}", view=view),
        "exact": search_pqf(database, f"@attr 1=1003 @attr 6=3 {word}", view=view),
    }
    all_of_it = whole(database, view)
    told = {name for name, hits in asked.items() if hits.total or hits.hits}
    told |= {"line"} if word in str(all_of_it.hits) else set()
    told |= {"facet"} if word in str(all_of_it.facets) else set()
    told |= {
        f"scan {name}" for name in ("title", "person") if word in str(listed(database, name, view))
    }
    return told


ANSWERS = {
    *("any", "title", "author", "begun", "masked", "first", "exact"),
    *("line", "facet", "scan title", "scan person"),
}
"""All answers in which a book shows."""
SECRET = Book(title="zebraware", author="zebraware", year="1977", isbn="9786042093026")


@pytest.fixture
def hub(database: Database) -> Database:
    add_source(database)
    add_source(database, "s2", "L2")
    deliver(database, "s1", *books([("a", Book(title="Số đỏ")), ("b", Book(title="Vỡ đê"))]))
    place_all(database)
    return database


def add_view(database: Database, name: str) -> None:
    row = {"name": name, "policy_id": 1, "audience": name}
    database.writing(lambda connection: connection.execute(insert(ViewRow), row))


@pytest.fixture
def two_views(hub: Database) -> Database:
    add_view(hub, "members")
    hub.writing(wake_everything)
    place_all(hub)
    return hub


def test_what_is_committed_shows_in_all_answers_at_once_and_what_is_deleted_in_none(hub):
    before = whole(hub), listed(hub)
    deliver(hub, "s1", *books([("z", SECRET)]))
    unplaced = everywhere(hub, "zebraware")
    place_all(hub)
    placed = everywhere(hub, "zebraware")
    deliver(hub, "s1", Delivery(identifier="z"))
    place_all(hub)

    assert (unplaced, placed, everywhere(hub, "zebraware")) == (set(), ANSWERS, set())
    assert (whole(hub), listed(hub)) == before


def test_a_changed_record_is_found_as_it_is_now_and_not_as_it_was(hub):
    deliver(hub, "s1", *books([("a", Book(title="Giông tố", author="Nguyễn Hòa", year="2001"))]))
    place_all(hub)

    assert found(hub, "so do") == []
    assert found(hub, "giong to") == found(hub, "nguyen hoa") == ["Giông tố"]
    assert sorted(listed(hub)) == ["Giông tố", "Vỡ đê"]
    assert search_pqf(hub, "@attr 1=31 2001").total == 1


def test_a_merge_by_a_person_is_one_hit_at_once_and_two_again_when_it_is_taken_back(hub):
    number = decide(hub, ("s1", "a"), ("s1", "b"), Verdict.SAME, SAID)
    place_all(hub)
    merged = search(hub, "vu trong phung").total, len(listed(hub))
    undo(hub, number, SAID)
    place_all(hub)

    assert merged == (1, 1)
    assert (search(hub, "vu trong phung").total, len(listed(hub))) == (2, 2)


def test_editions_are_grouped_by_the_works_they_are_of_now(hub):
    other = {"publisher": "Trẻ", "year": "2010"}
    deliver(hub, "s1", *books([("c", Book(title="Số đỏ", **other))]))
    place_all(hub)
    together = editions(hub)
    deliver(hub, "s1", *books([("c", Book(title="Vỡ đê", **other))]))
    place_all(hub)
    moved = editions(hub)
    deliver(hub, "s1", Delivery(identifier="b"))
    place_all(hub)

    assert together == {"Số đỏ": 2, "Vỡ đê": 1}
    assert moved == {"Số đỏ": 1, "Vỡ đê": 2}
    assert editions(hub) == {"Số đỏ": 1, "Vỡ đê": 1}


def editions(hub: Database) -> dict[str, int]:
    hits = search(hub, "vu trong phung", by_work=True, facets=(FacetName.MATERIAL,))
    assert dict(hits.facets)[FacetName.MATERIAL][0].hits == hits.total == len(hits.hits)
    return {hit.title: hit.editions for hit in hits.hits}


def test_what_leaves_an_audience_shows_nowhere_in_its_view(two_views):
    hub = two_views
    deliver(hub, "s2", *books([("z", SECRET)]))
    place_all(hub)
    shown = [everywhere(hub, "zebraware", view) for view in ("public", "members")]
    public_id = records.get(hub, "s2", "z").cluster
    libraries.change(hub, "L2", sharing=Sharing.MEMBERS)
    place_all(hub)
    narrowed = [everywhere(hub, "zebraware", view) for view in ("public", "members")]
    libraries.change(hub, "L2", sharing=Sharing.HUB)
    place_all(hub)

    assert shown == [ANSWERS, ANSWERS]
    assert narrowed == [set(), ANSWERS]
    assert [everywhere(hub, "zebraware", view) for view in ("public", "members")] == [set(), set()]
    with hub.reading() as connection:
        assert titles(connection, [public_id], "public") == {}


def test_of_a_shared_cluster_each_view_finds_only_what_it_may_see(two_views):
    hub = two_views
    libraries.change(hub, "L2", sharing=Sharing.MEMBERS)
    deliver(hub, "s2", *books([("z", SECRET)]))
    place_all(hub)
    decide(hub, ("s1", "a"), ("s2", "z"), Verdict.SAME, SAID)
    place_all(hub)
    public, members = whole(hub), whole(hub, "members")

    assert everywhere(hub, "zebraware") == set()
    assert [(hit.title, hit.libraries) for hit in public.hits] == [
        ("Số đỏ", ("L1",)),
        ("Vỡ đê", ("L1",)),
    ]
    assert "scan person" in everywhere(hub, "zebraware", "members")
    assert members.total == 2
    assert search_pqf(hub, "@attr 1=7 9786042093026", view="members").total == 1
    assert search_pqf(hub, "@attr 1=7 9786042093026").total == 0


def test_a_new_view_is_searched_once_it_is_indexed_and_only_for_what_it_shows(hub):
    deliver(hub, "s2", *books([("z", SECRET)]))
    libraries.change(hub, "L2", sharing=Sharing.HUB)
    place_all(hub)
    add_view(hub, "international")
    for asked in (whole, listed_in):
        with pytest.raises(ViewNotSearched):
            asked(hub, "international")
    before = whole(hub)
    while unsearched.settle(hub):
        pass
    none_yet = whole(hub, "international")
    libraries.change(hub, "L1", sharing=Sharing.INTERNATIONAL)
    place_all(hub)

    assert none_yet.total == 0
    assert [hit.title for hit in whole(hub, "international").hits] == ["Số đỏ", "Vỡ đê"]
    assert everywhere(hub, "zebraware", "international") == set()
    assert whole(hub) == before


def listed_in(hub: Database, view: str) -> Mapping[str, int]:
    return listed(hub, view=view)


ASKED: tuple[Callable[[Database], Hits | Scanned | dict[str, int]], ...] = (
    whole,
    listed,
    lambda hub: listed(hub, "person"),
    lambda hub: search(hub, "quyển", by_work=True, limit=100, facets=ALL_FACETS),
    lambda hub: search(hub, "quyển 7*"),
    lambda hub: search_cql(hub, "title=/accents=1 quyển sortby date/sort.descending title"),
    lambda hub: search_pqf(hub, "@not @attr 1=4 @attr 5=104 quy#n @attr 1=31 @attr 2=4 1950"),
)


def answers(hub: Database) -> bytes:
    return repr([asked(hub) for asked in ASKED]).encode()


def rows(hub: Database, *models: type[Base]) -> list[str]:
    """Return all that tables of the index hold, PostgreSQL's tokens too."""
    with hub.reading() as connection:
        return sorted(
            str((model.__tablename__, *row))
            for model in models or INDEX
            for row in connection.execute(select(*table(model).c))
        ) + _tokens(connection)


def _tokens(connection: Connection) -> list[str]:
    if connection.dialect.name == "sqlite":
        return []
    query = "SELECT id, tokens::text FROM search_document ORDER BY id"
    return [str(tuple(row)) for row in connection.exec_driver_sql(query)]


@pytest.fixture
def shelves(database: Database) -> Database:
    """Forty books, some of them editions of one work, some changed and some gone again."""
    add_source(database)
    some = [
        (str(number), Book(title=f"Quyển {number // 2 * 2}", year=str(1930 + number)))
        for number in range(40)
    ]
    deliver(database, "s1", *books(some))
    place_all(database)
    deliver(database, "s1", Delivery(identifier="3"), *books([("5", Book(title="Quyển năm"))]))
    place_all(database)
    return database


def test_making_the_index_again_gives_the_same_bytes(shelves):
    before, kept = answers(shelves), rows(shelves)
    count = unsearched.begin_anew(shelves)
    meanwhile = answers(shelves)
    while unsearched.settle(shelves, 1):
        assert answers(shelves) == before

    assert count == whole(shelves).total > 30
    assert (meanwhile, answers(shelves), rows(shelves)) == (before, before, kept)


@pytest.mark.parametrize("history", [1, 2, *(pytest.param(n, marks=soak) for n in range(3, 60))])
def test_after_any_history_the_index_is_as_if_made_anew(database, history):
    chance, asked = random.Random(history), (FacetName.MATERIAL, FacetName.YEAR)
    add_source(database)
    for _ in range(12):
        some = chance.sample(range(9), 3)
        deliver(database, "s1", *(edition(chance, str(number)) for number in some))
        place_all(database)
        kept = rows(database, HeadingOfRow, DocumentRow, ShownRow)
        found = search(database, "truyen", by_work=True, facets=asked, limit=100)
        unsearched.begin_anew(database)
        unsearched.settle(database)

        assert rows(database, HeadingOfRow, DocumentRow, ShownRow) == kept
        assert search(database, "truyen", by_work=True, facets=asked, limit=100) == found


def edition(chance: random.Random, number: str) -> Delivery:
    """Return an edition of one of three works, or a deletion."""
    if chance.random() < 1 / 4:
        return Delivery(identifier=number)
    title = chance.choice(("Truyện Kiều", "Truyện ngắn", "Truyện dài"))
    made = Book(title=title, author="Nguyễn Du", year=str(1950 + int(number) * 5))
    return Delivery(identifier=number, book=made)


def test_making_the_index_again_mends_one_that_lost_documents(shelves):
    before = answers(shelves)
    shelves.writing(lambda connection: connection.execute(delete(table(HeadingOfRow))))
    broken = answers(shelves)
    unsearched.begin_anew(shelves)
    while unsearched.settle(shelves):
        pass

    assert broken != before
    assert answers(shelves) == before


def index_again(url: str, rest: float) -> int:
    """Make the index again three clusters at a time, telling each step."""
    unsearched.STEP = 3
    database = Database.open(url)
    done = unsearched.begin_anew(database)
    print("begun;", flush=True)
    while unsearched.settle(database, 3):
        print("step;", flush=True)
        time.sleep(rest)
    database.close()
    return done


@pytest.mark.parametrize(("moment", "rest"), [("begun;", 0.0), ("step;", 0.0), ("step;", 0.2)])
def test_a_kill_while_the_index_is_made_again_loses_nothing(shelves, database_url, moment, rest):
    before, kept = answers(shelves), rows(shelves)
    with running(function(index_again, database_url, rest)) as (process,):
        process.await_text(moment)
        process.kill()
    left, meanwhile = unsearched.count(shelves), answers(shelves)
    while unsearched.settle(shelves):
        pass

    assert left > 0
    assert (meanwhile, answers(shelves), rows(shelves)) == (before, before, kept)
    assert unsearched.count(shelves) == 0


@dataclass(slots=True)
class Story:
    """Titles that are to be found after each change, and how many changes are committed."""

    states: list[Counter[str]]
    committed: int = 0
    read: int = 0

    def holds(self, read: Callable[[], Counter[str]]) -> bool:
        """Tell whether what is read is a state that may be seen: none older than committed."""
        oldest = self.committed
        found = read()
        self.read += 1
        return found in self.states[oldest:]


@dataclass(slots=True)
class Writer:
    """Changes, deletes, adds, merges and parts records, each in a transaction."""

    hub: Database
    story: Story
    held: dict[int, str] = field(default_factory=dict)
    merge: int | None = None

    def go_on(self, count: int) -> int:
        """Try so many changes; return how many there were to make."""
        chance = random.Random(count)
        for step in range(count):
            kind = chance.choices((self._put, self._remove, self._merge_or_part), (5, 2, 2))[0]
            kind(step, chance.randrange(8))
        return self.story.committed

    def _put(self, step: int, number: int) -> None:
        self.held[number] = f"Quyển {step}"
        made = Book(title=self.held[number], author=f"Tác giả {number}", year=str(1900 + number))
        self._tell(lambda: deliver(self.hub, "s1", *books([(str(number), made)])))

    def _remove(self, _: int, number: int) -> None:
        if self.held.pop(number, None):
            self._tell(lambda: deliver(self.hub, "s1", Delivery(identifier=str(number))))

    def _merge_or_part(self, *_: int) -> None:
        if self.merge is None:
            self.merge = decide(self.hub, ("s1", "x"), ("s1", "y"), Verdict.SAME, SAID)
        else:
            undo(self.hub, self.merge, SAID)
            self.merge = None
        self._tell(lambda: None)

    def _tell(self, change: Callable[[], object]) -> None:
        self.story.states.append(
            Counter(self.held.values()) + Counter(Chung=2 if self.merge is None else 1)
        )
        change()
        place_all(self.hub)
        self.story.committed = len(self.story.states) - 1


TWINS = (
    ("x", Book(title="Chung", author="Lê Văn Sáu", year="1950")),
    ("y", Book(title="Chung", author="Trần Thị Bưởi", year="1999")),
)


def counted(hits: Hits) -> Counter[str]:
    """Return the titles of hits, whose lines, total and facets agree with each other."""
    by_material = dict(hits.facets)[FacetName.MATERIAL]
    assert len(hits.hits) == hits.total == sum(each.hits for each in by_material)
    return Counter(hit.title for hit in hits.hits)


@pytest.mark.parametrize("count", [30, pytest.param(1_000, marks=soak)])
def test_a_reader_sees_nothing_older_than_committed_or_newer_than_begun(hub, count):
    deliver(hub, "s1", Delivery(identifier="a"), Delivery(identifier="b"), *books(TWINS))
    place_all(hub)
    story = Story(states=[Counter(Chung=2)])
    either = "@or @attr 1=4 quyen @attr 1=4 chung"
    readings = (
        lambda: counted(whole(hub)),
        lambda: counted(search_pqf(hub, either, limit=1000, facets=ALL_FACETS)),
        lambda: Counter(listed(hub)),
    )
    with ThreadPoolExecutor(1) as threads:
        writing = threads.submit(Writer(hub, story).go_on, count)
        while not writing.done():
            assert all(story.holds(read) for read in readings)
        made = writing.result()

    assert all(story.holds(read) for read in readings)
    assert story.read > made > count // 2

"""One query to the union and to many servers: what comes, what does not, and what is one."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Event
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue import libraries
from catalogue.cluster.guests import Guest, seats
from catalogue.match import features
from catalogue.model import Sharing
from catalogue.search import plain
from crosswalks.formats import iso2709, marcxml
from crosswalks.model import Record
from harvester.errors import UnknownHost
from harvester.searching.errors import SearchRefused
from harvester.searching.model import Brought, Described
from harvester.z3950.errors import TargetGarbled, TargetHungUp
from protocols import pqf
from protocols.errors import QueryError
from protocols.rpn.tree import AttributeType, Query, Term, postorder
from provider.federation import asking
from provider.federation.merging import merged
from provider.federation.model import Asked, Copy, Limits, LiveTarget, Sight, State
from provider.federation.queries import tries
from provider.federation.search import search
from support.filled import add_library, book, deliver, settle

KIEU = book("Truyện Kiều", author="Nguyễn Du", year="1985", isbn="9786046977711")
SO_DO = book("Số đỏ", author="Vũ Trọng Phụng", year="2004")
OTHER = book("Truyện ngắn chọn lọc", author="Nam Cao", year="1990")


@dataclass
class Scripted:
    """A server that does what it is told."""

    records: Sequence[bytes] = ()
    fails: Mapping[str, Exception] = field(default_factory=dict)
    waits: Mapping[str, Event] = field(default_factory=dict)
    formats: tuple[str, ...] = ("usmarc", "marcxml")
    refuses: frozenset[int] = frozenset()
    """Types of attributes it does not know."""
    gives: str = ""
    """The only format it gives."""
    asked: list[Query] = field(default_factory=list)

    def _do(self, what: str) -> None:
        if what in self.waits:
            self.waits[what].wait(30)
        if what in self.fails:
            raise self.fails[what]

    def open(self) -> Described:
        self._do("open")
        return Described(name="x")

    def search(self, query: Query) -> int:
        self._do("search")
        self.asked.append(query)
        kinds = {
            each.type
            for node in postorder(query.root)
            if isinstance(node, Term)
            for each in node.attributes
        }
        if kinds & self.refuses:
            raise refusal(113)
        return len(self.records)

    def use_format(self, name: str) -> None:
        self.format = name

    def fetch(self, start: int, count: int) -> tuple[Brought, ...]:
        self._do("fetch")
        if self.gives and self.format != self.gives:
            raise refusal(239)
        some = self.records[start - 1 : start - 1 + min(count, 3)]
        return tuple(
            Brought(start + place, body) if body else Brought(start + place, refused="14: no")
            for place, body in enumerate(some)
        )

    def close(self) -> None:
        self._do("close")


def refusal(number: int) -> SearchRefused:
    error = SearchRefused(url="u", asked="Search", number=number, reason="r", addinfo="a")
    error.bib1 = number
    return error


def target(name: str, server: Scripted) -> LiveTarget:
    return LiveTarget(name=name, open=lambda: server)


def marc(*records: Record) -> list[bytes]:
    return [iso2709.write(each) for each in records]


def sights(
    database: Any, targets: Mapping[str, Scripted], words: str = "truyen", **limits: Any
) -> list[Sight]:
    query = plain.query(words)
    assert query is not None
    asked = Asked(query=query, limits=Limits(**limits))
    return list(search(database, asked, [target(*each) for each in targets.items()]))


@pytest.fixture
def hub(database):
    add_library(database, "A", "Thư viện A")
    deliver(database, "A", {"1": KIEU, "2": SO_DO})
    settle(database)
    return database


def states(sight: Sight) -> dict[str, State]:
    return {each.target: each.state for each in sight.statuses}


def test_what_the_union_has_is_marked_and_what_is_one_is_one(hub):
    servers = {
        "x": Scripted(marc(OTHER, KIEU)),
        "y": Scripted([marcxml.write(KIEU), marcxml.write(OTHER)], gives="marcxml"),
    }
    last = sights(hub, servers)[-1]

    assert last.is_last
    assert [(each.title, each.targets, bool(each.public_id)) for each in last.publications] == [
        ("Truyện Kiều", ("x", "y"), True),
        ("Truyện ngắn chọn lọc", ("x", "y"), False),
    ]
    assert last.publications[0].is_hit
    assert last.total == 1
    assert states(last) == dict.fromkeys("xy", State.ANSWERED)
    counts = {name.value: {one.value: one.hits for one in some} for name, some in last.facets}
    assert counts["library"] == {"x": 2, "y": 2}
    assert counts["year"] == {"1985": 1, "1990": 1}


def test_what_the_union_did_not_find_but_has_is_marked_too(hub):
    last = sights(hub, {"x": Scripted(marc(SO_DO))})[-1]

    [_, found] = last.publications
    assert (found.title, bool(found.public_id), found.is_hit) == ("Số đỏ", True, False)


def test_the_first_come_is_shown_while_others_are_waited_for(hub):
    held = Event()
    servers = {"slow": Scripted(waits={"search": held}), "quick": Scripted(marc(OTHER))}
    query = plain.query("truyen")
    coming = search(hub, Asked(query=query), [target(*each) for each in servers.items()])
    for sight in coming:
        if states(sight)["quick"] is State.ANSWERED:
            break
    assert states(sight)["slow"] is State.ASKING
    assert [each.title for each in sight.publications] == ["Truyện Kiều", "Truyện ngắn chọn lọc"]
    held.set()
    *_, last = coming
    assert states(last) == {"slow": State.ANSWERED, "quick": State.ANSWERED}


def test_twenty_of_which_five_hang_and_three_refuse_are_told_truly(hub):
    held = Event()
    servers = {f"good{n}": Scripted(marc(OTHER, KIEU)) for n in range(8)}
    servers |= {
        f"hangs{n}": Scripted(waits={"open" if n % 2 else "fetch": held}, records=marc(KIEU))
        for n in range(5)
    }
    servers |= {f"refuses{n}": Scripted(fails={"search": refusal(n)}) for n in range(3)}
    servers |= {
        "gone": Scripted(fails={"open": UnknownHost(host="x")}),
        "hangs-up": Scripted(marc(*[OTHER] * 5), fails={"close": OSError()}),
        "garbled": Scripted(fails={"search": TargetGarbled(url="u", asked="Search", reason="r")}),
        "broken": Scripted(fails={"fetch": ZeroDivisionError("x")}, records=marc(KIEU)),
    }
    last = sights(hub, servers, seconds=1.0)[-1]
    held.set()

    found = states(last)
    assert {found[f"good{n}"] for n in range(8)} == {State.ANSWERED}
    assert {found[f"hangs{n}"] for n in range(5)} == {State.SILENT}
    assert {found[f"refuses{n}"] for n in range(3)} == {State.REFUSED}
    assert found["gone"] is State.UNREACHABLE
    assert (found["garbled"], found["broken"]) == (State.FAILED, State.FAILED)
    assert found["hangs-up"] is State.ANSWERED
    said = {each.target: str(each.why) for each in last.statuses if each.why}
    assert "1 seconds" in said["hangs0"]
    assert "No host is named x" in said["gone"]
    assert [len(each.targets) for each in last.publications] == [8, 9]


def test_no_more_are_asked_at_once_than_there_are_places(hub, monkeypatch):
    held = Event()
    monkeypatch.setattr(asking, "_places", BoundedSemaphore(2))
    servers = {f"hangs{n}": Scripted(marc(OTHER), waits={"search": held}) for n in range(2)}
    servers |= {"not-asked": Scripted(marc(OTHER))}
    last = sights(hub, servers, seconds=0.2)[-1]
    held.set()

    assert states(last) == dict.fromkeys(servers, State.SILENT)
    assert servers["not-asked"].asked == []


def test_a_place_is_free_again_once_a_server_is_through(hub, monkeypatch):
    monkeypatch.setattr(asking, "_places", BoundedSemaphore(1))
    servers = {f"good{n}": Scripted(marc(OTHER)) for n in range(4)}
    servers |= {"gone": Scripted(fails={"open": UnknownHost(host="x")})}
    last = sights(hub, {**servers, "last": Scripted(marc(KIEU))})[-1]

    assert set(states(last).values()) == {State.ANSWERED, State.UNREACHABLE}


def test_who_is_late_is_asked_nothing_more(hub):
    held = Event()
    servers = {"slow": Scripted(marc(*[OTHER] * 9), waits={"search": held})}
    query = plain.query("truyen")
    coming = search(
        hub, Asked(query=query, limits=Limits(seconds=0.1)), [target("x", servers["slow"])]
    )
    last = list(coming)[-1]
    fetched = Event()
    servers["slow"].waits = {"fetch": fetched}
    closed = Event()
    servers["slow"].close = closed.set  # type: ignore[method-assign]
    held.set()

    # It closes without a fetch, which would wait for ever.
    assert closed.wait(10)
    assert states(last) == {"x": State.SILENT}


def test_who_breaks_off_keeps_what_came(hub):
    class Breaks(Scripted):
        def fetch(self, start, count):
            if start > 1:
                raise TargetHungUp(url="u", asked="Present")
            return super().fetch(start, count)

    last = sights(hub, {"x": Breaks(marc(*[OTHER] * 5, KIEU))})[-1]

    [status] = last.statuses
    assert (status.state, status.hits, status.came) == (State.FAILED, 6, 3)
    assert "Truyện ngắn chọn lọc" in [each.title for each in last.publications]


def test_a_record_that_is_not_given_or_read_is_counted(hub):
    last = sights(hub, {"x": Scripted([b"", *marc(OTHER), b"nonsense"])})[-1]

    [status] = last.statuses
    assert (status.state, status.came, status.unreadable) == (State.ANSWERED, 1, 2)


def test_a_server_that_knows_less_is_asked_less_and_that_is_told(hub):
    server = Scripted(marc(OTHER), refuses=frozenset({AttributeType.TRUNCATION}))
    last = sights(hub, {"x": server}, words="truy*")[-1]

    [status] = last.statuses
    assert (status.state, status.simpler, status.came) == (State.ANSWERED, True, 1)


def test_no_more_than_wanted_is_fetched(hub):
    [status] = sights(hub, {"x": Scripted(marc(*[OTHER] * 9))}, records=4)[-1].statuses

    assert (status.hits, status.came) == (9, 4)


def test_nothing_found_is_an_answer(hub):
    last = sights(hub, {"x": Scripted()})[-1]

    assert states(last) == {"x": State.ANSWERED}


def test_what_the_union_cannot_ask_is_refused_before_anybody_is_asked(hub):
    server = Scripted()
    query = pqf.read("@attr 1=9999 a")
    with pytest.raises(QueryError):
        list(search(hub, Asked(query=query), [target("x", server)]))
    assert server.asked == []


def test_queries_get_simpler():
    query = plain.query("truy* kieu", "title")
    found = list(tries(query))

    assert len(found) == 3
    uses = [
        {each.value for each in node.attributes if each.type == AttributeType.USE}
        for one in found
        for node in postorder(one.root)
        if isinstance(node, Term)
    ]
    assert uses == [{4}] * 4 + [{1016}] * 2


def test_a_hidden_cluster_does_not_show_its_id(hub):
    libraries.change(hub, "A", sharing=Sharing.HUB)
    settle(hub)

    last = sights(hub, {"x": Scripted(marc(KIEU)), "y": Scripted(marc(KIEU))})[-1]

    [found] = last.publications
    assert (found.public_id, found.targets) == ("", ("x", "y"))


def test_nothing_is_written(hub):
    with hub.reading() as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM record").scalar()
    sights(hub, {"x": Scripted(marc(OTHER, KIEU))})
    with hub.reading() as connection:
        tables = ("record", "match_key", "edge", "dirty", "cluster")
        after = [
            connection.exec_driver_sql(f"SELECT count(*) FROM {name}").scalar() for name in tables
        ]
    assert (before, after[0], after[3], after[4]) == (2, 2, 0, 2)


def test_a_record_that_was_harvested_is_the_one_that_is_stored(hub):
    # As the target has it by now it would stand elsewhere.
    [seat] = seats(hub, [Guest(("a", "2"), features(OTHER))])
    [other] = seats(hub, [Guest(("live", "2"), features(OTHER))])

    assert seat.public_id
    assert other.public_id == ""


TITLES = ("Truyện Kiều", "Truyện kiều", "Số đỏ", "Giông tố", "Truyện ngắn")


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    made=st.lists(st.tuples(st.sampled_from("xyz"), st.sampled_from(TITLES)), max_size=9),
    seed=st.integers(0, 99),
)
def test_the_order_of_arrival_changes_nothing(hub, made, seed):
    books = [book(title, author="Nguyễn Du", year="1985") for _, title in made]
    copies = [
        Copy(name, place + 1, f"{place}", books[place], features(books[place]))
        for place, (name, _) in enumerate(made)
    ]
    mixed = random.Random(seed).sample(copies, len(copies))

    assert merged(hub, (), copies, "public") == merged(hub, (), mixed, "public")
    everything = [one for each in merged(hub, (), copies, "public") for one in each.copies]
    assert len(everything) == len(copies)

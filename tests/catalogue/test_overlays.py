"""Overlays in the catalogue: laid, at every door, and with their cluster through all it goes."""

from __future__ import annotations

from contextlib import closing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue import judging, records
from catalogue.cluster.rebuild import rebuild
from catalogue.database import Database
from catalogue.errors import NoSuchCluster, NoSuchLibrary, WrongUse
from catalogue.membership.model import Membership
from catalogue.membership.standing import By as Stander
from catalogue.membership.standing import set_standing
from catalogue.overlays import making
from catalogue.overlays.errors import (
    MasterChanged,
    NoSuchField,
    NoSuchOverlay,
    NothingChanges,
    NotOpen,
    NotOverlaid,
    NowhereShown,
)
from catalogue.overlays.making import By
from catalogue.overlays.model import Change, Kind, Overlay, State
from catalogue.overlays.notation import read, write
from catalogue.overlays.offering import offered, page
from catalogue.verdicts import Said, Verdict
from support.engines import SQLITE_USUALLY, Engine
from support.pages import Book, add_source, books, deliver, place_all
from support.searching import search

WHY = By("lan", "đối chiếu với sách")
SAID = Said(author="lan")


@pytest.fixture
def union(database: Database) -> Database:
    """Two libraries that share one book of three."""
    add_source(database, "s1", library="A")
    add_source(database, "s2", library="B")
    deliver(database, "s1", *books([("a", Book()), ("b", Book(title="Giông tố"))]))
    deliver(database, "s2", *books([("c", Book()), ("d", Book(title="Vỡ đê"))]))
    place_all(database)
    return database


def of(database: Database, name: str) -> str:
    source, _, identifier = name.partition("/")
    return records.get(database, source, identifier).cluster


def lines(database: Database, cluster: str) -> list[str]:
    found = making.master(database, cluster).record.fields
    return [write(each) for each in found if each[0] != "005"]


def replace(beneath: str, over: str) -> Change:
    return Change(kind=Kind.REPLACE, beneath=read(beneath), over=read(over))


def add(line: str) -> Change:
    return Change(kind=Kind.ADD, over=read(line))


def lay(database: Database, cluster: str, change: Change, by: By = WHY) -> int:
    number = making.make(database, cluster, change, by)
    place_all(database)
    return number


def only(database: Database) -> Overlay:
    [found] = making.all(database)
    return found


TITLE = "245 10 $a Số đỏ"
RIGHT = "245 10 $a Số đỏ : $b tiểu thuyết"
VISUAL = "LDR 00000ngm a2200000 i 4500"


def test_a_correction_is_in_the_master_and_found_and_taken_off_it_is_as_before(union) -> None:
    cluster = of(union, "s1/a")
    before = lines(union, cluster)
    number = lay(union, cluster, replace(TITLE, RIGHT))
    subject = lay(union, cluster, add("650 #4 $a Trào phúng"))
    corrected = lines(union, cluster)
    found = [hit.public_id for hit in search(union, "trao phung").hits]
    twice = [making.undo(union, each, "hoa") for each in (number, subject, number)]
    place_all(union)

    assert RIGHT in corrected
    assert TITLE not in corrected
    assert "650 #4 $a Trào phúng" in corrected
    assert found == [cluster]
    assert twice == [True, True, False]
    assert lines(union, cluster) == before
    assert not search(union, "trao phung").hits
    assert making.all(union) == []
    [_, first] = making.all(union, undone=True)
    assert (first.person, first.reason, first.undone_by) == ("lan", "đối chiếu với sách", "hoa")


def test_a_correction_survives_a_harvest_and_says_when_what_lies_beneath_changes(union) -> None:
    cluster = of(union, "s1/a")
    lay(union, cluster, replace(TITLE, RIGHT))
    deliver(union, "s1", *books([("a", Book(pages="260 tr."))]))
    place_all(union)
    same = only(union).state
    for source, name in (("s1", "a"), ("s2", "c")):
        deliver(union, source, *books([(name, Book(title="Số Đỏ"))]))
    place_all(union)

    assert same is State.APPLIED
    assert RIGHT in lines(union, cluster)
    assert only(union).state is State.CHANGED
    assert [each.id for each in making.all(union, doubtful=True)] == [only(union).id]


def test_a_correction_goes_with_its_cluster_into_another_and_back(union) -> None:
    small, large = of(union, "s2/d"), of(union, "s1/a")
    lay(union, small, add("500 ## $a Bản in lần đầu"))
    judging.decide(union, ("s2", "d"), ("s1", "a"), Verdict.SAME, SAID)
    place_all(union)
    together = "500 ## $a Bản in lần đầu" in lines(union, large)
    listed = [each.cluster for each in making.of_cluster(union, large)]
    judging.decide(union, ("s2", "d"), ("s1", "a"), Verdict.DIFFERENT, SAID)
    place_all(union)

    assert together
    assert listed == [small]
    assert of(union, "s2/d") == small
    assert "500 ## $a Bản in lần đầu" in lines(union, small)
    assert "500 ## $a Bản in lần đầu" not in lines(union, large)


def test_a_cluster_that_parts_says_so_with_its_corrections(union) -> None:
    cluster = of(union, "s1/a")
    lay(union, cluster, add("500 ## $a Bản in lần đầu"))
    judging.decide(union, ("s1", "a"), ("s2", "c"), Verdict.DIFFERENT, SAID)
    place_all(union)

    assert only(union).parted
    assert making.all(union, doubtful=True) == [only(union)]
    assert [
        "500 ## $a Bản in lần đầu" in lines(union, of(union, name)) for name in ("s1/a", "s2/c")
    ].count(True) == 1


def test_a_correction_leaves_with_its_library_and_comes_back_with_it(union) -> None:
    cluster = of(union, "s2/d")
    lay(union, cluster, replace("245 10 $a Vỡ đê", "245 10 $a Vỡ đê : $b tiểu thuyết"))
    stander = Stander(person="an", reason="thử")
    set_standing(union, "B", Membership.SUSPENDED, stander)
    place_all(union)
    with pytest.raises(NowhereShown):
        making.master(union, cluster)
    set_standing(union, "B", Membership.MEMBER, stander)
    place_all(union)

    assert "245 10 $a Vỡ đê : $b tiểu thuyết" in lines(union, cluster)
    assert only(union).state is State.APPLIED


def test_a_rebuild_changes_nothing_of_it(union) -> None:
    cluster = of(union, "s1/a")
    lay(union, cluster, replace(TITLE, RIGHT))
    before = lines(union, cluster)
    rebuild(union, 1)
    place_all(union)

    assert lines(union, cluster) == before
    assert only(union).state is State.APPLIED


def test_the_later_of_two_corrections_of_merged_clusters_stands(union) -> None:
    one, other = of(union, "s1/a"), of(union, "s2/d")
    first = lay(union, one, replace(TITLE, RIGHT))
    lay(union, other, replace("245 10 $a Vỡ đê", "245 10 $a Vỡ đê (1936)"))
    judging.decide(union, ("s1", "a"), ("s2", "d"), Verdict.SAME, SAID)
    place_all(union)
    states = {each.id: each.state for each in making.all(union)}

    assert states[first] in (State.OVERRULED, State.APPLIED)
    assert any(state.is_doubtful for state in states.values())
    assert sum(line.startswith("245") for line in lines(union, of(union, "s1/a"))) == 1


def test_what_cannot_be_corrected_is_said(union) -> None:
    cluster = of(union, "s1/a")
    seen = making.master(union, cluster).seen
    lay(union, cluster, replace(TITLE, RIGHT), By("lan", "vì", seen))
    cases = [
        (add("035 ## $a (X)1"), WHY, NotOverlaid),
        (replace(TITLE, RIGHT), WHY, NoSuchField),
        (add(RIGHT), WHY, NothingChanges),
        (add("500 ## $a Mới"), By("hoa", "vì", seen), MasterChanged),
        (add("500 ## $a Mới"), By("hoa", " "), WrongUse),
    ]
    for change, by, error in cases:
        with pytest.raises(error):
            making.make(union, cluster, change, by)
    with pytest.raises(NoSuchCluster):
        making.make(union, "999999999", add("500 ## $a Mới"), WHY)
    with pytest.raises(NoSuchOverlay):
        making.undo(union, 4711, "lan")


def test_a_subfield_stays_corrected_while_the_rest_of_its_field_changes(union) -> None:
    cluster = of(union, "s1/a")
    given = read(TITLE), read("245 10 $a Số đỏ $b tiểu thuyết")
    [number] = making.replace(union, cluster, *given, WHY)
    making.replace(union, cluster, read("LDR 00000nam a2200000 i 4500"), read(VISUAL), WHY)
    place_all(union)
    for source, name in (("s1", "a"), ("s2", "c")):
        deliver(union, source, *books([(name, Book(title="Số đỏ / Vũ Trọng Phụng"))]))
    place_all(union)
    states = {each.id: each.state for each in making.all(union)}

    assert "245 10 $a Số đỏ / Vũ Trọng Phụng $b tiểu thuyết" in lines(union, cluster)
    assert making.master(union, cluster).record.leader[6] == "g"
    # Nothing of the title is as it was: somebody has to look.
    assert states.pop(number) is State.CHANGED
    assert list(states.values()) == [State.APPLIED]


@SQLITE_USUALLY
def test_what_of_a_leader_says_how_it_is_built_is_not_corrected(union) -> None:
    cluster = of(union, "s1/a")
    built = read("LDR 00000nam a2200000 i 4501")
    with pytest.raises(NotOpen):
        making.replace(union, cluster, read("LDR 00000nam a2200000 i 4500"), built, WHY)
    with pytest.raises(NoSuchField):
        making.make(union, cluster, replace("LDR/06 m", "LDR/06 a"), WHY)


def test_what_was_corrected_is_offered_to_those_whose_records_have_the_error(union) -> None:
    cluster = of(union, "s1/a")
    lay(union, cluster, replace(TITLE, RIGHT))
    gone = lay(union, cluster, add("500 ## $a Bản in lần đầu"))
    deliver(union, "s2", *books([("c", Book(title="Số Đỏ"))]))
    place_all(union)
    mine, theirs = (list(offered(union, code)) for code in ("A", "B"))
    making.undo(union, gone, "lan")
    place_all(union)

    [record] = mine
    assert [write(each.change.over) for each in record.offers] == [
        RIGHT,
        "500 ## $a Bản in lần đầu",
    ]
    assert RIGHT in map(write, record.record.fields)
    assert (record.offers[0].name, record.offers[0].number) == ("s1/a", "1")
    # Its own title is another one, and no error that anybody has seen.
    assert [len(each.offers) for each in theirs] == [1]
    assert [len(each.offers) for each in offered(union, "A")] == [1]
    assert list(offered(union, "B")) == []
    with pytest.raises(NoSuchLibrary):
        offered(union, "X")


@SQLITE_USUALLY
def test_offers_are_paged_and_those_of_merged_clusters_are_told_once(union) -> None:
    small, large = of(union, "s2/d"), of(union, "s1/a")
    note = add("500 ## $a Bản in lần đầu")
    for cluster in (small, large):
        lay(union, cluster, note)
    lay(union, of(union, "s1/b"), note)
    judging.decide(union, ("s2", "d"), ("s1", "a"), Verdict.SAME, SAID)
    place_all(union)
    first = page(union, "A", limit=1)
    second = page(union, "A", after=first.more or 0, limit=1)
    names = [each.offers[0].name for each in (*first.found, *second.found)]

    assert sorted(names) == ["s1/a", "s1/b"]
    assert (len(first.found), second.more) == (1, None)
    assert sorted(each.offers[0].name for each in offered(union, "B")) == ["s2/c", "s2/d"]
    assert page(union, "B", after=10**9).found == []


NAMES = (("s1", "a"), ("s1", "b"), ("s2", "c"), ("s2", "d"))
steps = st.one_of(
    st.tuples(st.just("deliver"), st.sampled_from(NAMES), st.sampled_from(["1", "2", ""])),
    st.tuples(
        st.sampled_from(["same", "different"]), st.sampled_from(NAMES), st.sampled_from(NAMES)
    ),
    st.tuples(st.just("standing"), st.just("B"), st.sampled_from(["suspended", "member"])),
    st.tuples(st.just("lay"), st.sampled_from(NAMES), st.sampled_from(["title", "note", "part"])),
    st.tuples(st.just("undo"), st.integers(0, 3), st.none()),
)


class Random:
    """A hub that anything happens to, and what was laid on it: text -> cluster, by number."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.laid: dict[int, str] = {}

    def deliver(self, name: tuple[str, str], edition: str) -> None:
        titles = {"a": "Số đỏ", "b": "Giông tố", "c": "Số đỏ", "d": "Vỡ đê"}
        book = Book(title=f"{titles[name[1]]} {edition}".strip()) if edition != "" else None
        deliver(self.database, name[0], *books([(name[1], book or Book(title=titles[name[1]]))]))

    def decide(self, word: str, one: tuple[str, str], other: tuple[str, str]) -> None:
        if one != other:
            try:
                judging.decide(self.database, one, other, Verdict(word), SAID)
            except WrongUse:
                # Contradicts what was decided before.
                return

    def lay(self, name: tuple[str, str], what: str) -> None:
        number = len(self.laid)
        try:
            cluster = of(self.database, "/".join(name))
            found = making.master(self.database, cluster).record
        except WrongUse:
            return
        mark = f"DẤU{number}."
        title = next(found.data("245"))
        # A later correction keeps what an earlier one wrote: here each has a mark of its own.
        plain = tuple(each for each in title.subfields if each[0] != "c")
        over = title._replace(subfields=(*plain, ("c", mark)))
        change = Change(kind=Kind.REPLACE, beneath=title, over=over)
        if what == "note":
            change = add(f"500 ## $a {mark}")
        elif what == "part" and len(title.all("c")) < 2:
            [change] = making.parts(title, over)
        self.laid[making.make(self.database, cluster, change, WHY)] = mark

    def undo(self, place: int) -> None:
        numbers = sorted(self.laid)
        if numbers:
            making.undo(self.database, numbers[place % len(numbers)], "lan")

    def do(self, step: tuple) -> None:
        kind, one, other = step
        if kind == "deliver":
            self.deliver(one, other)
        elif kind in ("same", "different"):
            self.decide(kind, one, other)
        elif kind == "standing":
            by = Stander(person="an", reason="thử")
            set_standing(self.database, one, Membership(other), by)
        elif kind == "lay":
            self.lay(one, other)
        else:
            self.undo(one)
        place_all(self.database)

    def check(self) -> None:
        """Each overlay stands where its cluster is, or says that somebody has to look."""
        masters = {}
        for source, name in NAMES:
            try:
                cluster = of(self.database, f"{source}/{name}")
                masters[cluster] = "\n".join(lines(self.database, cluster))
            except WrongUse:
                continue
        known = {each.id: each for each in making.all(self.database, undone=True)}
        assert known.keys() == self.laid.keys()
        for number, mark in self.laid.items():
            overlay = known[number]
            where = {cluster for cluster, text in masters.items() if mark in text}
            try:
                home = {making.master(self.database, overlay.cluster).cluster}
            except WrongUse:
                home = set()
            assert where <= home
            if overlay.undone_at is not None:
                assert where == set()
            elif home and not overlay.state.is_doubtful:
                assert where == home


@pytest.fixture(scope="module")
def emptied(sqlite_engine: Engine) -> Engine:
    return sqlite_engine


@given(st.lists(steps, min_size=3, max_size=9))
@settings(max_examples=15)
def test_nothing_that_happens_loses_a_correction_or_lays_it_elsewhere(
    emptied: Engine, history: list[tuple]
) -> None:
    with emptied.fresh() as url, closing(Database.open(url)) as database:
        add_source(database, "s1", library="A")
        add_source(database, "s2", library="B")
        deliver(database, "s1", *books([("a", Book()), ("b", Book(title="Giông tố"))]))
        deliver(database, "s2", *books([("c", Book()), ("d", Book(title="Vỡ đê"))]))
        place_all(database)
        hub = Random(database)
        for step in [("lay", ("s1", "a"), "title"), ("lay", ("s2", "d"), "note"), *history]:
            hub.do(step)
            hub.check()

"""A random repository, faulty and changing, harvested by a hub that is killed at random.

What has to hold after each harvest and in the end is said once, here; the tests choose engine and
length.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from catalogue import sources
from catalogue.model import Counts, RunStatus
from protocols.oai import Granularity
from scheduler.model import HarvestOutcome
from support.engines import Engine
from support.faulty import Collection, Endpoint, Fault, Manners, Paging, Sizes, Tombstones
from support.faulty.faults import SLOW
from support.loopback import replying
from support.unsure import NAME, Fuse, Kill, UnsureHub

DAY = 24 * 60 * 60
_MOST_RUNS = 3
"""That it takes to end what was begun, once a repository is well and at rest."""

identifiers = st.integers(0, 9).map(lambda number: f"oai:example.org:{number}")
titles = st.sampled_from(("Số đỏ", "Giông tố", "Vỡ đê", "Tắt đèn", "Truyện Kiều & Kim Vân Kiều"))
faults = st.lists(
    st.one_of(st.none(), st.sampled_from([each for each in Fault if each not in SLOW])),
    min_size=1,
    max_size=4,
)
manners = st.builds(
    Manners,
    page_size=st.integers(1, 4),
    paging=st.sampled_from(Paging),
    sizes=st.sampled_from(Sizes),
    granularity=st.sampled_from(Granularity),
    by_identifier=st.booleans(),
    ignores_dates=st.booleans(),
    padded=st.booleans(),
)
changes = st.one_of(
    st.tuples(st.just("put"), identifiers, titles),
    st.tuples(st.just("delete"), identifiers),
    st.tuples(st.just("rest"), st.sampled_from((60, DAY, 3 * DAY))),
)
fuses = st.integers(0, 6)
kills = st.one_of(
    st.builds(Kill),
    st.builds(Kill, told=st.builds(Fuse, left=fuses)),
    st.builds(Kill, kept=st.builds(Fuse, left=fuses)),
    st.builds(Kill, written=st.builds(Fuse, left=st.integers(0, 80))),
)


class Convergence(RuleBasedStateMachine):
    """One repository and one hub; ``engine`` gives the hub's database."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self.engine = engine
        self._ending = ExitStack()
        self._folder = Path(self._ending.enter_context(tempfile.TemporaryDirectory()))

    @initialize(manners=manners, wanted=st.sets(identifiers), title=titles)
    def begin(self, manners: Manners, wanted: set[str], title: str) -> None:
        """Start a repository with some records, and a hub that has never seen it."""
        self.collection = Collection(Tombstones.PERSISTENT)
        self.endpoint = Endpoint(self.collection, manners)
        for identifier in sorted(wanted):
            self.collection.put(identifier, title)
        self.url = self._ending.enter_context(replying(self.endpoint))
        self.hub = self._hub("hub")

    def _hub(self, name: str) -> UnsureHub:
        url = self._ending.enter_context(self.engine.fresh())
        hub = UnsureHub(url, self._folder / name)
        self._ending.callback(hub.close)
        hub.add(self.url)
        return hub

    @rule(change=changes)
    def change(self, change: tuple[Any, ...]) -> None:
        """Change the collection between two harvests."""
        self._change(*change)

    def _change(self, kind: str, *arguments: Any) -> None:
        if kind == "put":
            self.collection.put(*arguments)
        elif kind == "rest":
            self.collection.rest(*arguments)
        elif arguments[0] in self.collection.live():
            self.collection.delete(*arguments)

    @rule(identifier=identifiers)
    def give_what_nobody_can_read(self, identifier: str) -> None:
        """Add a record whose metadata are of no kind we know."""
        if self.collection.get(identifier) is None:
            self.collection.put(identifier, "")

    @rule(faults=faults)
    def misbehave(self, faults: list[Fault | None]) -> None:
        """Spoil some of the next answers."""
        self.endpoint.faults.extend(faults)

    @rule(manners=manners)
    def become_another(self, manners: Manners) -> None:
        """Be another server from now on, at the same address: an upgrade."""
        self.endpoint.manners = manners

    @rule(kill=kills, settle=st.booleans())
    def harvest(self, kill: Kill, settle: bool) -> None:
        """Harvest while nothing changes."""
        before = (self.endpoint.ended, self.collection.live())
        fresh = "token" not in sources.checkpoint(self.hub.database, NAME)
        spoiled = [fault for fault in self.endpoint.faults if fault is Fault.ENDED]
        outcome = self.hub.harvest(kill, settle=settle)
        if outcome is None:
            return
        self._holds(outcome, before[0])
        if outcome.status is RunStatus.SUCCEEDED and fresh and not spoiled:
            assert set(self.hub.records()) == set(before[1])

    @rule(kill=kills, between=st.lists(st.one_of(st.none(), changes), min_size=1, max_size=5))
    def harvest_while_it_changes(self, kill: Kill, between: list[tuple[Any, ...] | None]) -> None:
        """Harvest, with a change behind each of the first pages."""
        self.endpoint.between.extend(
            partial(self._change, *change) if change else _nothing for change in between
        )
        before = self.endpoint.ended
        outcome = self.hub.harvest(kill, settle=False)
        self.endpoint.between.clear()
        if outcome is not None:
            self._holds(outcome, before)

    def _holds(self, outcome: HarvestOutcome, ended: int) -> None:
        counts = outcome.counts
        assert counts.delivered == _sum(counts), outcome
        if outcome.status is RunStatus.SUCCEEDED:
            assert self.endpoint.ended > ended, outcome

    @rule()
    def rest(self) -> None:
        """Come to rest: one more run, and the hub has what the repository has."""
        self.endpoint.recover(Manners())
        for _ in range(_MOST_RUNS):
            outcome = self.hub.harvest()
            assert outcome is not None
            if outcome.status is RunStatus.SUCCEEDED:
                break
        outcome = self.hub.harvest()
        assert outcome is not None
        assert outcome.status is RunStatus.SUCCEEDED, outcome
        live = self.collection.live()
        records = self.hub.records()
        assert set(records) == set(live)
        assert {name for name, (state, _) in records.items() if state == "quarantined"} == {
            name for name, title in live.items() if not title
        }
        other = self._hub(f"other{self.collection.now}")
        other.harvest()
        assert self.hub.facts() == other.facts()

    def teardown(self) -> None:
        """Come to rest, unless something is wrong already."""
        try:
            if sys.exc_info()[0] is None and hasattr(self, "hub"):
                self.rest()
        finally:
            self._ending.close()


def _sum(counts: Counts) -> int:
    return counts.added + counts.changed + counts.unchanged + counts.deleted + counts.quarantined


def _nothing() -> None:
    pass

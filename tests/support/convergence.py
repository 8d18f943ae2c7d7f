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

from catalogue.model import Counts, RunStatus
from catalogue.options import Guards
from protocols.oai import Granularity
from scheduler.model import HarvestOutcome
from support.engines import Engine
from support.faulty import Collection, Endpoint, Fault, Manners, Paging, Sizes, Tombstones
from support.faulty.faults import SLOW
from support.loopback import replying
from support.unsure import Fuse, Kill, UnsureHub

DAY = 24 * 60 * 60
SEVERE = Guards(delete_percent=0, shrink_percent=0, unmapped_percent=100)
"""Lets nothing be deleted before a person was asked."""
_MISCOUNTED = {Fault.ENDED, Fault.TWICE, Fault.TOKEN_KEPT}
"""What makes a list shorter or longer than it is told to be."""
_MOST_RUNS = 6
"""That it takes to end what was begun, once a repository is well and at rest."""

identifiers = st.integers(0, 9).map(lambda number: f"oai:example.org:{number}")
titles = st.sampled_from(("Số đỏ", "Giông tố", "Vỡ đê", "Tắt đèn", "Truyện Kiều & Kim Vân Kiều"))
faults = st.lists(
    st.one_of(st.none(), st.sampled_from([each for each in Fault if each not in SLOW])),
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
    wants_prefix=st.booleans(),
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

    @initialize(
        tombstones=st.sampled_from(Tombstones),
        manners=manners,
        wanted=st.sets(identifiers),
        guards=st.sampled_from((Guards(unmapped_percent=100), SEVERE)),
    )
    def begin(
        self, tombstones: Tombstones, manners: Manners, wanted: set[str], guards: Guards
    ) -> None:
        """Start a repository with some records, and a hub that has never seen it."""
        self.collection = Collection(tombstones)
        self.endpoint = Endpoint(self.collection, manners)
        for identifier in sorted(wanted):
            self.collection.put(identifier, "Số đỏ")
        self.url = self._ending.enter_context(replying(self.endpoint))
        self.guards = guards
        self.hub = self._hub("hub")
        self.since: list[Fault | None] = []
        """The faults since the last harvest that ended well."""
        self.cut = 0
        """How many lists had been cut by then."""
        self.unsure = False
        """Whether a list lacked a record and nothing told: only another complete one can help."""

    def _hub(self, name: str) -> UnsureHub:
        url = self._ending.enter_context(self.engine.fresh())
        hub = UnsureHub(url, self._folder / name)
        self._ending.callback(hub.close)
        hub.add(self.url, guards=self.guards)
        return hub

    @rule(change=changes)
    def change(self, change: tuple[Any, ...]) -> None:
        """Change the collection between two harvests."""
        self._count_anew()
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
        if identifier not in self.hub.seen and self.collection.get(identifier) is None:
            self.collection.put(identifier, "")

    @rule()
    def forget(self) -> None:
        """Drop the tombstones, where the repository never promised to keep them."""
        if self.collection.tombstones is Tombstones.TRANSIENT:
            self.collection.forget()

    @rule(manners=manners)
    def become_another(self, manners: Manners) -> None:
        """Be another server from now on, at the same address: an upgrade."""
        self._count_anew()
        self.endpoint.manners = manners
        self._count_anew()

    def _count_anew(self) -> None:
        # Offsets into a list that is another by now leave holes.
        offset = self.endpoint.manners.paging is Paging.OFFSET
        self.unsure |= offset and "token" in self.hub.checkpoint

    @rule(faults=faults, kill=kills, settle=st.booleans(), full=st.booleans())
    def harvest(self, faults: list[Fault | None], kill: Kill, settle: bool, full: bool) -> None:
        """Harvest while nothing changes, some of the answers spoiled."""
        live, complete = self.collection.live(), full or not self.hub.checkpoint
        from_a_date = "from" in self.hub.checkpoint
        outcome = self._harvest(faults, kill, settle=settle, full=full)
        if outcome is None or outcome.status is not RunStatus.SUCCEEDED:
            return
        if (complete or (from_a_date and self._tells_all())) and not self.unsure:
            assert set(self.hub.records()) == set(live), outcome
        elif from_a_date and not self.unsure:
            assert set(self.hub.records()) >= set(live), outcome

    def _harvest(
        self, faults: list[Fault | None], kill: Kill, *, quiet: bool = True, **options: bool
    ) -> HarvestOutcome | None:
        """Harvest with these faults, and see whether what must hold does."""
        self.endpoint.faults.extend(faults)
        self.since += faults
        complete = options.get("full", False) or not self.hub.checkpoint
        tells = quiet and self._sizes_tell(anew=complete)
        ended = self.endpoint.ended
        outcome = self.hub.harvest(kill, **options)
        miscounted = [fault for fault in self.since if fault in _MISCOUNTED]
        hidden = self.endpoint.cut > self.cut and not (tells and miscounted == [Fault.ENDED])
        if outcome is not None and outcome.status is RunStatus.SUCCEEDED:
            self.since, self.cut = list(self.endpoint.faults), self.endpoint.cut
            self.unsure &= not complete
        self.unsure |= hidden
        if outcome is not None:
            self._holds(outcome, -1 if hidden else ended)
        return outcome

    def _sizes_tell(self, *, anew: bool) -> bool:
        known_to_lie = not anew and self.hub.checkpoint.get("size_lies", False)
        return self.endpoint.manners.sizes in {Sizes.RIGHT, Sizes.TOO_LARGE} and not known_to_lie

    def _tells_all(self) -> bool:
        return self.collection.tombstones is Tombstones.PERSISTENT

    @rule(faults=faults, kill=kills, between=st.lists(st.one_of(st.none(), changes), max_size=5))
    def harvest_while_it_changes(
        self, faults: list[Fault | None], kill: Kill, between: list[tuple[Any, ...] | None]
    ) -> None:
        """Harvest, some of the answers spoiled, with a change behind each of the first pages."""
        self.endpoint.between.extend(
            partial(self._change, *change) if change else _nothing for change in between
        )
        quiet = not any(between)
        self.unsure |= not quiet and self.endpoint.manners.paging is Paging.OFFSET
        self._harvest(faults, kill, quiet=quiet, settle=False)
        self.endpoint.between.clear()

    @rule(number=st.integers(0, 9), kill=kills)
    def replay(self, number: int, kill: Kill) -> None:
        """Replay one of the runs: nothing becomes another by it."""
        before = self.hub.records()
        outcome = self.hub.replay(number, kill)
        assert self.hub.records() == before
        if outcome is not None:
            self._holds(outcome, -1)

    def _holds(self, outcome: HarvestOutcome, ended: int) -> None:
        counts = outcome.counts
        # What was found absent is held beside the sum, what was declared deleted is part of it.
        assert _sum(counts) <= counts.delivered <= _sum(counts) + counts.held, outcome
        if outcome.status is RunStatus.SUCCEEDED:
            assert counts.held == 0, outcome
            assert self.endpoint.ended > ended, outcome
        if outcome.status is RunStatus.WAITING:
            self.hub.approve()

    def come_to_rest(self) -> None:
        """One more run of a repository that is well again, and the hub has what it has."""
        self.endpoint.recover(Manners())
        self._end_what_was_begun()
        outcome = self._succeed(full=self.unsure or not self._tells_all())
        live, records = self.collection.live(), self.hub.records()
        assert set(records) == set(live), outcome
        unreadable = {name for name, (state, _) in records.items() if state == "quarantined"}
        assert unreadable == {name for name, title in live.items() if not title}
        other = self._hub(f"other{self.collection.now}")
        anew = other.harvest()
        assert anew is not None
        assert anew.status is RunStatus.SUCCEEDED, anew
        assert self.hub.facts() == other.facts()

    def _end_what_was_begun(self) -> None:
        """Let what was killed or broken come to an end, as the next run does by itself."""
        if "token" in self.hub.checkpoint:
            self._succeed()

    def _succeed(self, **options: Any) -> HarvestOutcome:
        """Harvest, and approve what waits for it, until it succeeds."""
        for _ in range(_MOST_RUNS):
            outcome = self.hub.harvest(**options)
            assert outcome is not None
            self._holds(outcome, -1)
            if outcome.status is RunStatus.SUCCEEDED:
                return outcome
        raise AssertionError(outcome)

    def teardown(self) -> None:
        """Come to rest, unless something is wrong already."""
        try:
            if sys.exc_info()[0] is None and hasattr(self, "hub"):
                self.come_to_rest()
        finally:
            self._ending.close()


def _sum(counts: Counts) -> int:
    return counts.added + counts.changed + counts.unchanged + counts.deleted + counts.quarantined


def _nothing() -> None:
    pass

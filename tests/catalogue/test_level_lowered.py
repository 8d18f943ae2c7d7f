"""A member shares with fewer: only what changes is stamped, and who follows sees the same."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import pytest

from catalogue import clock, libraries
from catalogue.cluster.place import place, waiting
from catalogue.consumers import store
from catalogue.consumers.model import Consumer
from catalogue.database import Database
from catalogue.model import ItemQuery, Sharing
from catalogue.published import snapshot
from support.filled import settle
from support.pages import HUB, Book, add_source, books, deliver

VIEWS = ("public", "members", "hub")
PAGE = 500


class Follower:
    """A service that harvests a view from where it was last (OAI-PMH 2.0 s2.7.1)."""

    def __init__(self, database: Database, view: str) -> None:
        self._database, self._view = database, view
        self._since: int | None = None
        self.has: dict[str, bytes] = {}
        self.came = 0

    def harvest(self) -> None:
        with snapshot(self._database, self._view) as seen:
            query = ItemQuery(prefix="marc21", start=self._since, end=seen.horizon, limit=PAGE)
            self.came, after = 0, None
            while page := seen.page(replace(query, after=after)):
                for item in page:
                    self.has.pop(item.public_id, None)
                    if not item.deleted:
                        self.has[item.public_id] = item.body
                self.came += len(page)
                after = (page[-1].stamp, page[-1].key)
            self._since = seen.horizon


def all_of(database: Database, view: str) -> dict[str, bytes]:
    afresh = Follower(database, view)
    afresh.harvest()
    return afresh.has


@pytest.mark.parametrize("count", [120, pytest.param(100_000, marks=pytest.mark.soak)])
def test_only_what_changes_is_stamped_and_each_view_converges(database, count: int) -> None:
    for view in (Sharing.MEMBERS, Sharing.HUB):
        store.add(database, Consumer(name=view.value, view=view))
    add_source(database, "s1", library="A")
    add_source(database, "s2", library="B")
    # A third is A's alone, a third B's alone, and a third they have together.
    third = count // 3
    numbered = [
        (f"{n:06d}", Book(title=f"Tập sách {n}", author=f"Người {n}")) for n in range(count)
    ]
    for start in range(0, count, 5000):
        some = numbered[start : start + 5000]
        deliver(database, "s1", *books([each for each in some if int(each[0]) < 2 * third]))
        deliver(database, "s2", *books([each for each in some if int(each[0]) >= third]))
    settle(database)
    followers = {view: Follower(database, view) for view in VIEWS}
    for each in followers.values():
        each.harvest()
    assert len(followers["public"].has) == count

    libraries.change(database, "B", sharing=Sharing.MEMBERS)
    assert waiting(database) == count - third
    place(database, HUB, 50)
    # Some of it is done; whoever places the rest may be another process.
    left = waiting(database)
    assert 0 < left < count - third
    with patch("catalogue.clock.wall_clock", return_value=clock.wall_clock() + 5):
        clock.tick(database)
        for each in followers.values():
            each.harvest()
    settle(database)
    half = {view: each.came for view, each in followers.items()}
    for view, each in followers.items():
        each.harvest()
        assert each.has == all_of(database, view)
        # Nothing came that had not changed: B's own and what it shared, once each.
        assert half[view] + each.came <= (count - third) * (2 if view == "public" else 1)
    assert len(followers["public"].has) == 2 * third
    assert len(followers["members"].has) == count
    assert 0 < half["public"] < count - third
    assert half["public"] + followers["public"].came == count - third
    # What members see differs by the set of the policy alone.
    assert half["members"] + followers["members"].came == count - third

"""Matching policies: kept, looked at, switched on; and what a new version of the program does."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from catalogue import policies, records
from catalogue.cluster.place import place, waiting
from catalogue.errors import (
    EffectOutdated,
    EffectUnknown,
    NoSuchPolicy,
    PolicyInUse,
    PolicyTaken,
)
from catalogue.match import policy, shipped_text
from catalogue.sql import table
from catalogue.tables import EdgeRow, PolicyRow, PolicyVersionRow
from support.pages import HUB, Book, add_source, books, deliver, place_all
from support.policies import changed, switch, use

ISBN = "9786049763342"


@pytest.fixture
def two(database):
    """Two libraries with one book, in one cluster."""
    for source in ("s1", "s2"):
        add_source(database, source, source.upper())
        deliver(database, source, *books([("a", Book())]))
    place_all(database)
    return database


def in_use(database) -> str:
    return policies.get(database).version


def joined(database) -> bool:
    one, two = (records.get(database, source, "a").cluster for source in ("s1", "s2"))
    return one == two


def test_a_hub_begins_with_the_policy_of_the_program(database):
    [only] = policies.all(database)

    assert (only.version, only.text, only.live) == (policy().version, shipped_text(), True)
    assert (only.author, only.effect) == ("", None)


def test_a_policy_counts_only_once_it_is_switched_on(two):
    policies.add(two, changed("severe", same=1.0, ask=1.0, sure=1.0), "an", "to see")
    place_all(two)
    before = (in_use(two), joined(two), waiting(two))
    switch(two, "severe")
    place_all(two)

    assert before == (policy().version, True, 0)
    assert (in_use(two), joined(two)) == ("severe", False)
    assert (policies.get(two).used_by, policies.get(two).note) == ("an", "to see")


def test_one_goes_back_to_an_earlier_policy(two):
    use(two, "severe", same=1.0, ask=1.0, sure=1.0)
    place_all(two)
    switch(two, policy().version)
    place_all(two)

    assert joined(two)
    assert [each.live for each in policies.all(two)] == [False, True]


def test_nothing_is_switched_on_unseen(two):
    policies.add(two, changed("severe"), "an")

    with pytest.raises(EffectUnknown):
        policies.switch(two, "severe", "", "an")
    assert (in_use(two), waiting(two)) == (policy().version, 0)


def test_what_was_seen_must_be_what_is_known_now(two):
    policies.add(two, changed("severe"), "an")
    with two.reading() as connection:
        now = policies.in_use(connection)
    seen, later = (
        policies.keep_effect(two, "severe", now, told) for told in ({"parted": 1}, {"parted": 2})
    )

    with pytest.raises(EffectOutdated):
        policies.switch(two, "severe", seen.token, "an")
    use(two, "other")
    with pytest.raises(EffectOutdated):
        policies.switch(two, "severe", later.token, "an")
    assert in_use(two) == "other"
    assert policies.get(two, "severe").effect.outdated


def test_to_switch_on_twice_places_nothing_twice(two):
    use(two, "severe")
    place_all(two)

    assert policies.switch(two, "severe", "whatever", "binh") is False
    assert (waiting(two), policies.get(two).used_by) == (0, "an")


def test_what_was_kept_is_never_changed(two):
    policies.add(two, changed("mine"), "an")

    for version in ("mine", policy().version):
        with pytest.raises(PolicyTaken):
            policies.add(two, changed(version, same=0.9), "binh")


def test_only_what_was_never_in_use_is_thrown_away(two):
    policies.add(two, changed("mine"), "an")
    use(two, "other")
    switch(two, policy().version)

    policies.discard(two, "mine")

    for version in ("other", policy().version):
        with pytest.raises(PolicyInUse):
            policies.discard(two, version)
    with pytest.raises(NoSuchPolicy):
        policies.discard(two, "mine")
    assert {each.version for each in policies.all(two)} == {"other", policy().version}


def test_a_placement_planned_before_a_switch_is_not_written(two, monkeypatch):
    from catalogue.cluster import place as module

    deliver(two, "s1", *books([("a", Book(title="Giông tố"))]))
    render = module.render

    def overtaken(*told):
        monkeypatch.setattr(module, "render", render)
        use(two, "severe", same=1.0, ask=1.0, sure=1.0)
        return render(*told)

    monkeypatch.setattr(module, "render", overtaken)

    assert place(two, HUB).committed is False
    place_all(two)
    assert not joined(two)


def test_a_reused_isbn_says_nothing(database):
    for source in ("s1", "s2"):
        add_source(database, source, source.upper())
        deliver(database, source, *books([("a", Book(isbn=ISBN))]))
    reasons = []
    for reused in ((), (ISBN,)):
        policies.add(database, changed(f"reused-{len(reused)}", reused), "an")
        switch(database, f"reused-{len(reused)}")
        place_all(database)
        with database.reading() as connection:
            reasons.append(str(connection.execute(select(EdgeRow.reasons)).scalars().all()))

    assert "isbn-equal" in reasons[0]
    assert "year-equal" in reasons[1]
    assert "isbn" not in reasons[1]


def test_the_policy_of_staff_stays_in_use_under_a_new_version_of_the_program(two, monkeypatch):
    use(two, "severe", same=1.0, ask=1.0, sure=1.0)
    place_all(two)
    monkeypatch.setattr(policies, "RULES", "of tomorrow")

    place(two, HUB)
    place_all(two)

    assert (in_use(two), joined(two)) == ("severe", False)
    with two.reading() as connection:
        assert connection.execute(select(PolicyRow.rules)).scalar_one() == "of tomorrow"


def test_a_new_version_of_the_program_places_all_anew_once(two, monkeypatch):
    monkeypatch.setattr(policies, "RULES", "of tomorrow")

    placed = [place(two, HUB).records for _ in range(2)]

    assert placed == [2, 0]


def test_a_hub_from_before_policies_were_kept_takes_that_of_the_program(two):
    def before(connection):
        connection.execute(delete(table(PolicyVersionRow)))
        connection.execute(table(PolicyRow).update().values(version="2", rules=""))

    two.writing(before)

    assert place(two, HUB).records == 2
    assert in_use(two) == policy().version

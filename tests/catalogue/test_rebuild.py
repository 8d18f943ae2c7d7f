"""A rebuild brings what is stored to what placing everything ends in, and touches nothing else."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, update

from catalogue.cluster import rebuild as rebuilding
from catalogue.cluster.place import waiting
from catalogue.cluster.rebuild import Writing, rebuild
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.match import policy
from catalogue.sql import table
from catalogue.tables import DirtyRow, EdgeRow, ItemRow, LargeComponentRow, MemberRow
from support.pages import Book, Delivery, add_source, deliver, place_all
from support.policies import use
from support.whole import BOOKS, CROWD, fill, placed, say

STRICT = {"ask": 0.99, "same": 0.999, "sure": 1.0}
MILD = {"isbn-equal": 0.2}
"""Other scores and links, the same clusters."""
LAX = {"ask": 0.3, "same": 0.4, "theta": 0.4}


def stamps(database: Database) -> dict[int, int]:
    with database.reading() as connection:
        return dict(connection.execute(select(ItemRow.cluster_id, ItemRow.stamp)).all())


def alarms(database: Database) -> dict[int, int]:
    columns = table(LargeComponentRow).c
    with database.reading() as connection:
        return dict(connection.execute(select(columns.record_id, columns.size)).all())


def test_where_all_is_right_nothing_is_done(database):
    fill(database, CROWD)
    place_all(database)
    before = stamps(database)

    found = rebuild(database)

    assert found[:-1] == (len(CROWD), 0, 0, 0, False)
    assert waiting(database) == 0
    assert stamps(database) == before


FIGURES = st.sampled_from(
    (STRICT, LAX, {"block_cap": 3}, {"component_cap": 2, "theta": 0.9}, {"isbn-equal": 0.5})
)
VERDICTS = st.lists(
    st.tuples(
        st.integers(0, 11), st.integers(0, 11), st.sampled_from(("same", "different"))
    ).filter(lambda each: each[0] < each[1]),
    max_size=2,
    unique_by=lambda each: each[:2],
)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(held=st.lists(BOOKS, max_size=12), said=VERDICTS, first=FIGURES, then=FIGURES)
def test_after_another_policy_it_ends_as_placing_all_does(sqlite_engine, held, said, first, then):
    with sqlite_engine.fresh() as one, sqlite_engine.fresh() as other:
        stepwise, at_once = Database.open(one), Database.open(other)
        for database in (stepwise, at_once):
            use(database, "first", **first)
            fill(database, held)
            say(database, said)
            place_all(database)
            use(database, "then", **then)
        place_all(stepwise)

        rebuild(at_once)
        place_all(at_once, limit=3)

        assert placed(at_once) == placed(stepwise)
        assert digest(at_once) == digest(stepwise)
        assert alarms(at_once) == alarms(stepwise)
        stepwise.close()
        at_once.close()


def test_where_another_policy_changes_but_links_nothing_is_placed_again(database):
    fill(database, CROWD)
    place_all(database)
    before, stored = stamps(database), placed(database)
    use(database, "mild", **MILD)

    found = rebuild(database)

    assert (found.again, found.spared, waiting(database)) == (0, len(CROWD), 0)
    assert found.links
    assert placed(database)[0] == stored[0]
    assert placed(database)[1] != stored[1]
    assert stamps(database) == before


def test_after_another_policy_only_what_it_changes_is_placed_again(database):
    fill(database, [*CROWD, Book(title="Vỡ đê", author="An")])
    place_all(database)
    before, stored = stamps(database), placed(database)
    use(database, "strict", **STRICT)
    assert waiting(database) == len(CROWD) + 1

    found = rebuild(database)

    assert found.spared
    assert found.links
    assert found.again == waiting(database) == len(CROWD)
    place_all(database)
    kept = placed(database)[0] & stored[0]
    assert kept
    with database.reading() as connection:
        members = connection.execute(select(MemberRow.record_id, MemberRow.cluster_id)).all()
    clusters = {cluster for record, cluster in members if any(record in each for each in kept)}
    assert {each: stamps(database)[each] for each in clusters} == {
        each: before[each] for each in clusters
    }


def of_several(connection) -> tuple[int, int]:
    """Return a record of a cluster of several, and another cluster."""
    columns = table(MemberRow).c
    query = select(func.max(columns.record_id), columns.cluster_id).group_by(columns.cluster_id)
    rows = connection.execute(query.having(func.count() > 1)).all()
    return rows[0][0], rows[1][1]


def move(connection) -> None:
    record, cluster = of_several(connection)
    where = table(MemberRow).c.record_id == record
    connection.execute(update(table(MemberRow)).where(where).values(cluster_id=cluster))


def lose(connection) -> None:
    record, _ = of_several(connection)
    connection.execute(delete(table(MemberRow)).where(table(MemberRow).c.record_id == record))


SPOILED = {
    "links": lambda connection: connection.execute(delete(table(EdgeRow))),
    "scores": lambda connection: connection.execute(update(table(EdgeRow)).values(score=0.8)),
    "moved": move,
    "lost": lose,
}


@pytest.mark.parametrize("spoiled", SPOILED)
def test_what_is_stored_wrongly_is_placed_again(database, spoiled):
    fill(database, CROWD)
    place_all(database)
    right, known = placed(database), digest(database)
    database.writing(SPOILED[spoiled])

    found = rebuild(database)
    place_all(database)

    assert found.again
    assert placed(database) == right
    assert digest(database) == known
    assert rebuild(database)[:-1] == (len(CROWD), 0, 0, 0, False)


def test_what_changes_meanwhile_waits_and_is_placed(database, monkeypatch):
    fill(database, CROWD)
    place_all(database)
    use(database, "mild", **MILD)
    correct = rebuilding.correction

    def meanwhile(*arguments):
        deliver(database, "s1", Delivery(identifier="r00", book=Book(title="Tắt đèn")))
        return correct(*arguments)

    monkeypatch.setattr(rebuilding, "correction", meanwhile)
    found = rebuild(database)

    assert found.spared
    assert waiting(database)
    place_all(database)
    monkeypatch.undo()
    assert rebuild(database)[:-1] == (len(CROWD), 0, 0, 0, False)


def test_it_stops_where_others_place_meanwhile(database, monkeypatch):
    fill(database, CROWD)
    place_all(database)
    use(database, "mild", **MILD)
    correct = rebuilding.correction

    def meanwhile(*arguments):
        place_all(database)
        return correct(*arguments)

    monkeypatch.setattr(rebuilding, "correction", meanwhile)

    assert rebuild(database).interrupted
    monkeypatch.undo()
    place_all(database)
    assert rebuild(database)[:-1] == (len(CROWD), 0, 0, 0, False)


@pytest.mark.parametrize("steps", range(6))
def test_stopped_at_any_step_what_is_left_waits(database, monkeypatch, steps):
    fill(database, CROWD)
    place_all(database)
    use(database, "lax", **LAX, block_cap=4)
    monkeypatch.setattr(rebuilding, "_AT_ONCE", 10)
    write, done = Writing.write, []

    def once(self, work) -> None:
        if len(done) == steps:
            raise KeyboardInterrupt
        done.append(work)
        write(self, work)

    monkeypatch.setattr(Writing, "write", once)
    with pytest.raises(KeyboardInterrupt):
        rebuild(database)
    monkeypatch.undo()

    place_all(database, limit=5)
    assert rebuild(database)[:-1] == (len(CROWD), 0, 0, 0, False)


def test_the_policy_in_use_is_the_one_that_counts(database):
    add_source(database)
    use(database, "small", block_cap=2)
    assert policy().block_cap > 2
    deliver(database, "s1", *(Delivery(identifier=f"r{n}", book=Book()) for n in range(4)))
    place_all(database)
    assert rebuild(database).again == 0
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(table(DirtyRow))).scalar() == 0

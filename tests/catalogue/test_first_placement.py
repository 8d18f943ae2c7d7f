from __future__ import annotations

import pytest
from sqlalchemy import select

from catalogue.cluster.bulk import place_first
from catalogue.cluster.place import waiting
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.errors import WrongUse
from catalogue.match import level, policy
from catalogue.tables import ClusterRow, DeadKeyRow, EdgeRow, ItemRow, MatchKeyRow, RecordRow
from support.pages import HUB, Book, add_source, books, deliver, place_all

GIVEN = ("An", "Bình", "Chi", "Dung", "Hà", "Lan", "Minh", "Nga", "Quân", "Sơn")


def fill(database: Database) -> None:
    """Deliver pairs of the same book, and one title held by more than a block may have."""
    add_source(database, "s1", "L1")
    add_source(database, "s2", "L2")
    shared = [Book(title=f"Truyện số {number}", author="Vũ Trọng Phụng") for number in range(20)]
    common = [
        Book(title="Tuyển tập thơ", author=f"{a} {b} {c}")
        for a in GIVEN
        for b in GIVEN
        for c in GIVEN[: policy().block_cap // 100 + 1]
    ]
    deliver(database, "s1", *books((f"a{n}", book) for n, book in enumerate(shared + common)))
    deliver(database, "s2", *books((f"b{n}", book) for n, book in enumerate(shared)))


def facts(database: Database) -> list[list[tuple]]:
    """Return what the digest leaves out: links, keys, and which keys are dead."""
    with database.reading() as connection:
        rows = connection.execute(select(RecordRow.id, RecordRow.identifier))
        names = {key: name for key, name in rows}  # noqa: C416 - rows are no pairs
        edges = connection.execute(
            select(EdgeRow.a, EdgeRow.b, EdgeRow.decision, EdgeRow.score, EdgeRow.reasons)
        )
        return [
            sorted((*sorted((names[a], names[b])), *rest) for a, b, *rest in edges),
            sorted(
                (key, names[r])
                for key, r in connection.execute(select(MatchKeyRow.key, MatchKeyRow.record_id))
            ),
            sorted(
                (key, size if level(key) == 0 else None)
                for key, size in connection.execute(select(DeadKeyRow.key, DeadKeyRow.size))
            ),
        ]


def test_a_first_placement_in_parts_ends_as_one_batch_after_the_other(engine):
    with engine.fresh() as one, engine.fresh() as other:
        stepwise, at_once = Database.open(one), Database.open(other)
        for database in (stepwise, at_once):
            fill(database)
        place_all(stepwise)
        waiting_before = waiting(at_once)
        placed = place_first(at_once, HUB, processes=2, size=30)

        assert placed == waiting_before
        assert waiting(at_once) == 0
        assert digest(at_once) == digest(stepwise)
        assert facts(at_once) == facts(stepwise)
        assert [each for each in facts(at_once)[2] if each[1]] == [
            ("tay:tuyentaptho||", waiting_before - 40),
            ("tay:tuyentaptho||1936", waiting_before - 40),
            ("tpg:tuyentapth|250", waiting_before - 40),
        ]
        stepwise.close()
        at_once.close()


def test_every_cluster_has_an_id_of_its_own_and_an_item(database):
    fill(database)
    place_first(database, HUB, processes=1, size=50)

    with database.reading() as connection:
        clusters = connection.execute(select(ClusterRow.id, ClusterRow.public_id)).all()
        items = connection.execute(select(ItemRow.cluster_id)).scalars().all()
    assert {public_id for _, public_id in clusters} == {f"{key:09d}" for key, _ in clusters}
    assert sorted(items) == sorted(key for key, _ in clusters)


def test_a_catalogue_with_clusters_is_refused(database):
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))
    place_all(database)

    with pytest.raises(WrongUse):
        place_first(database, HUB, processes=1)

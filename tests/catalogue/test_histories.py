"""How a hub came to its content must not show in it: cases that once did."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, select

from catalogue import browse, libraries, records
from catalogue.cluster.place import place, waiting
from catalogue.database import Database
from catalogue.digest import without_ids
from catalogue.model import Sharing
from catalogue.sql import table
from catalogue.tables import DirtyRow, FormRow, PolicyRow, VerdictRow
from crosswalks.model import Control, Field
from support.pages import (
    HUB,
    Book,
    Delivery,
    add_source,
    books,
    deliver,
    live_facts,
    marc,
    place_all,
)
from support.policies import use

KIEU = Book(title="Truyện Kiều của Nguyễn Du")


def clusters(database: Database) -> list[str]:
    return [fact for fact in live_facts(database) if fact.startswith("['cluster'")]


def played(url: str, *, between: bool, limit: int) -> list[str]:
    database = Database.open(url)
    for source, identifier in (("s1", "a"), ("s2", "b")):
        add_source(database, source, source.upper())
        deliver(database, source, *books([(identifier, KIEU)]))
    place_all(database)
    deliver(database, "s1", *books([("a", replace(KIEU, pages="251 tr."))]))
    if between:
        place_all(database)
    # With another word in its title it shares no key with the other any more.
    deliver(database, "s2", *books([("b", replace(KIEU, title="Truyện Kiu của Nguyễn Du"))]))
    place_all(database, limit=limit)
    found = clusters(database)
    database.close()
    return found


def test_a_key_that_a_record_of_the_batch_gave_up_links_nobody(engine):
    outcomes = []
    for between, limit in ((True, 50), (False, 50), (False, 1)):
        with engine.fresh() as url:
            outcomes.append(played(url, between=between, limit=limit))

    assert outcomes[0] == outcomes[1] == outcomes[2]


@pytest.mark.parametrize("limit", [1, 50])
def test_a_verdict_taken_back_parts_what_it_joined(database, limit):
    for source, title in (("s1", "Số đỏ"), ("s2", "Giông tố")):
        add_source(database, source, source.upper())
        deliver(database, source, *books([("a", Book(title=title))]))
    ends = sorted(records.get(database, source, "a").id for source in ("s1", "s2"))
    joined = {"a": ends[0], "b": ends[1], "decision": "same", "author": "x", "made": 1}

    def wake(connection, statement) -> None:
        connection.execute(statement)
        rows = [{"policy_id": 1, "record_id": end, "rev": 99} for end in ends]
        connection.execute(insert(table(DirtyRow)), rows)

    place_all(database)
    database.writing(lambda c: wake(c, insert(table(VerdictRow)).values(joined)))
    place_all(database)
    one = clusters(database)
    database.writing(lambda c: wake(c, delete(table(VerdictRow))))
    place_all(database, limit=limit)

    assert len(one) == 1
    assert len(clusters(database)) == 2


def test_what_waits_under_another_policy_is_not_waited_for(database):
    add_source(database)
    database.writing(
        lambda connection: connection.execute(
            insert(table(PolicyRow)).values(version="shadow", live=False)
        )
    )
    deliver(database, "s1", *books([("a", Book())]))

    place(database, HUB)

    assert waiting(database) == 0


def test_a_hidden_clusters_id_is_not_told_when_it_merges_into_a_public_one(database):
    for source in ("s1", "s2"):
        add_source(database, source, source.upper())
    libraries.change(database, "S2", sharing=Sharing.HUB)
    deliver(database, "s1", *books([("a", Book())]))
    deliver(database, "s2", *books([("b", Book(title="Giông tố"))]))
    place_all(database)
    public = records.get(database, "s1", "a").cluster

    deliver(database, "s2", *books([("b", Book())]))
    place_all(database)

    assert records.get(database, "s2", "b").cluster == public
    assert browse.cluster(database, public).master.values("035", "z") == []


def test_holdings_follow_when_one_of_two_equal_records_goes(database):
    add_source(database, "s1", "L1")
    add_source(database, "s2", "L1")
    for source in ("s1", "s2"):
        deliver(database, source, *books([("a", Book())]))
    place_all(database)

    deliver(database, "s2", Delivery(identifier="a"))
    place_all(database)

    shown = browse.cluster(database, records.get(database, "s1", "a").cluster)
    assert [holding.source for holding in shown.holdings] == ["s1"]
    assert "s2/a" not in str(shown.provenance)


def test_a_title_that_looks_like_the_open_stamp_is_left_alone(database):
    add_source(database)
    deliver(database, "s1", *books([("a", Book(title="Mã 00000000000000.0"))]))
    place_all(database)

    with database.reading() as connection:
        forms = connection.execute(select(FormRow.body)).scalars().all()
    assert all(b"00000000000000.0" in body for body in forms)


def test_a_members_own_cancelled_numbers_count_in_the_digest():
    field = Field("035", "  ", (("z", "(OCoLC)123"),))
    ours = Field("035", "  ", (("z", "(LIENTHONG)000000001"),))
    record = replace(marc(Book()), fields=(Control("003", "LIENTHONG"), field, ours))

    assert without_ids(record).fields == (field,)


def test_another_policy_places_everything_anew(database):
    for source in ("s1", "s2"):
        add_source(database, source, source.upper())
        deliver(database, source, *books([("a", Book())]))
    place_all(database)
    joined = len(clusters(database))

    use(database, "severe", same=1.0, ask=1.0, sure=1.0)
    place_all(database)

    assert (joined, len(clusters(database))) == (1, 2)
    with database.reading() as connection:
        assert connection.execute(select(PolicyRow.version)).scalar_one() == "severe"

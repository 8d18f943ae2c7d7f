"""Keys that too many records hold: split the same in any order, and told where it is no use."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from catalogue import pairs
from catalogue.database import Database
from catalogue.match import DEPTH, level
from catalogue.tables import DeadKeyRow, LargeComponentRow, MatchKeyRow, RecordRow
from support.pages import Book, Delivery, add_source, books, deliver, live_facts, place_all
from support.policies import use

ISBN = "9786049763342"
TITLES = ("Số đỏ", "Giông tố", "Vỡ đê")


def held(database: Database) -> tuple[set[tuple[str, str]], set[str]]:
    """Return who holds which key, and which keys find nobody."""
    with database.reading() as connection:
        rows = connection.execute(
            select(MatchKeyRow.key, RecordRow.identifier).join(
                RecordRow, RecordRow.id == MatchKeyRow.record_id
            )
        )
        keys = {(row.key, row.identifier) for row in rows}
        return keys, set(connection.execute(select(DeadKeyRow.key)).scalars())


def too_large(database: Database) -> list[int]:
    """Return the sizes of components above the cap."""
    with database.reading() as connection:
        return sorted(connection.execute(select(LargeComponentRow.size)).scalars())


HISTORIES = st.lists(
    st.tuples(
        st.sampled_from("abcdefg"),
        st.one_of(
            st.none(),
            st.tuples(
                st.sampled_from(TITLES), st.sampled_from((ISBN, "")), st.sampled_from(("90", "91"))
            ),
        ),
        st.booleans(),
    ),
    max_size=16,
)


def play(database: Database, history) -> None:
    add_source(database)
    for identifier, content, now in history:
        book = content and Book(title=content[0], isbn=content[1], pages=f"{content[2]} tr.")
        deliver(database, "s1", Delivery(identifier=identifier, book=book))
        if now:
            place_all(database, limit=2)
    place_all(database)


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=HISTORIES, cap=st.integers(2, 4))
def test_split_blocks_are_the_same_in_whatever_order_their_records_came(
    sqlite_engine, history, cap
):
    last = {each[0]: each for each in history}
    live = [(name, content, False) for name, content, _ in last.values() if content]

    with sqlite_engine.fresh() as one, sqlite_engine.fresh() as other:
        long, short = Database.open(one), Database.open(other)
        for database in (long, short):
            use(database, "small", block_cap=cap, component_cap=cap)
        play(long, history)
        play(short, live[::-1])
        assert live_facts(long) == live_facts(short)
        assert held(long) == held(short)
        assert too_large(long) == too_large(short)
        long.close()
        short.close()


def test_records_of_a_crowded_number_still_meet_by_what_else_they_say(database):
    use(database, "small", block_cap=3)
    add_source(database)
    crowd = [(f"r{n}", Book(title=f"{title} {n}", isbn=ISBN)) for n, title in enumerate(TITLES * 2)]
    deliver(database, "s1", *books(crowd))
    place_all(database, limit=2)
    keys, dead = held(database)

    assert f"isbn:{ISBN}" in dead
    assert {level(key) for key, _ in keys} >= {0, 1}

    deliver(database, "s1", *(Delivery(identifier=f"r{number}") for number in range(3, 6)))
    place_all(database, limit=2)
    keys, dead = held(database)

    assert dead == set()
    assert {level(key) for key, _ in keys} == {0}


def test_a_policy_that_allows_for_more_records_of_a_key_makes_split_keys_whole(database):
    use(database, "small", block_cap=3)
    add_source(database)
    crowd = [(f"r{n}", Book(title=f"{title} {n}", isbn=ISBN)) for n, title in enumerate(TITLES * 2)]
    deliver(database, "s1", *books(crowd))
    place_all(database)
    assert held(database)[1]

    use(database, "large", block_cap=50)
    place_all(database, limit=2)
    keys, dead = held(database)

    assert dead == set()
    assert {level(key) for key, _ in keys} == {0}


def test_a_crowd_that_nothing_tells_apart_is_told(database):
    use(database, "small", block_cap=4)
    add_source(database)
    deliver(database, "s1", *books((f"r{n}", Book(title="Báo cáo")) for n in range(12)))
    place_all(database, limit=5)

    [crowd] = pairs.crowds(database)

    assert (crowd.size, crowd.linked) == (12, False)
    assert crowd.sample.name.startswith("s1/r")
    assert any(level(key) == DEPTH for key in held(database)[1])


def test_records_that_hang_together_in_great_numbers_are_told_until_they_do_not(database):
    use(database, "small", component_cap=3)
    add_source(database)
    deliver(database, "s1", *books((f"r{n}", Book()) for n in range(6)))
    place_all(database, limit=2)
    [crowd] = pairs.crowds(database)

    deliver(database, "s1", *(Delivery(identifier=f"r{number}") for number in range(4)))
    place_all(database, limit=2)

    assert (crowd.size, crowd.linked, crowd.sample.name) == (6, True, "s1/r0")
    assert pairs.crowds(database) == []

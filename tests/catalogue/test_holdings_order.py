"""However records and lists came, in whatever order: what is held in the end is the same."""

from __future__ import annotations

import random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.cluster.place import place
from catalogue.database import Database
from catalogue.digest import digest, facts
from catalogue.holdings import matching
from catalogue.holdings.model import Row
from support.engines import SQLITE_USUALLY
from support.listed import add_library, give, settle
from support.pages import HUB, Book, Delivery, add_source, deliver

NUMBERS = ("9786049763342", "9786042093026", "")
TITLES = ("Số đỏ và những truyện khác", "Giông tố trên miền núi", "Tắt đèn giữa ban ngày")
ROWS = (
    Row(isbn=NUMBERS[0], location="A"),
    Row(isbn=NUMBERS[1], title=TITLES[0], location="B"),
    Row(title=TITLES[1], author="Vũ Trọng Phụng", year="1936", call_number="C"),
    Row(title=TITLES[2], author="Vũ Trọng Phụng", year="1936", local_number="9"),
    Row(identifier="(L1)r1", location="D"),
)

books = st.builds(
    Book, title=st.sampled_from(TITLES), isbn=st.sampled_from(NUMBERS), pages=st.just("250 tr.")
)
records = st.dictionaries(
    st.tuples(st.sampled_from(["s1", "s2"]), st.sampled_from(["r1", "r2", "r3"])),
    st.one_of(st.none(), books),
    min_size=1,
)
lists = st.lists(st.sampled_from(ROWS), unique=True)


def hub(database: Database) -> None:
    add_source(database, "s1", "L1")
    add_source(database, "s2", "L2")
    add_library(database)


def one_step(database: Database, chance: random.Random) -> None:
    """Place or match a little, or nothing, as workers that come and go do."""
    kind = chance.randrange(3)
    if kind == 1:
        place(database, HUB, chance.choice((1, 3, 50)))
    elif kind == 2:
        matching.match_some(database, HUB, chance.choice((1, 50)))


# A matter of rules, not of the engine: what the engines differ in is tried beside it.
@SQLITE_USUALLY
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(before=records, after=records, lists=st.tuples(lists, lists), seed=st.integers(0, 2**16))
def test_the_order_of_records_and_lists_does_not_show(engine, before, after, lists, seed):
    final = before | after
    with engine.fresh() as url:
        straight = Database.open(url)
        hub(straight)
        give(straight, *lists[1])
        for (source, identifier), book in final.items():
            deliver(straight, source, Delivery(identifier=identifier, book=book))
        settle(straight)
        expected = held(straight)
        straight.close()
    with engine.fresh() as url:
        database = Database.open(url)
        hub(database)
        play(database, random.Random(seed), [*before.items()], [*after.items()], lists)
        settle(database, limit=2)
        found = held(database)
        database.close()

    assert found == expected


def play(database, chance, before, after, given_lists) -> None:
    """Deliver all in an order of chance, but what comes later of one thing later."""
    early = [("record", *each) for each in before] + [("list", given_lists[0], None)]
    late = [("record", *each) for each in after] + [("list", given_lists[1], None)]
    for part in (early, late):
        chance.shuffle(part)
        for kind, what, book in part:
            if kind == "list":
                give(database, *what)
            else:
                deliver(database, what[0], Delivery(identifier=what[1], book=book))
            one_step(database, chance)


def held(database: Database) -> list[str]:
    """Return all but how often a record was delivered, which is in its bytes."""
    with database.reading() as connection:
        return sorted(str(fact) for fact in facts(connection) if fact[0] != "record")


def test_the_digest_tells_what_is_held(database):
    hub(database)
    deliver(database, "s1", Delivery(identifier="r1", book=Book(isbn=NUMBERS[0])))
    settle(database)
    without = digest(database)
    give(database, ROWS[0])
    settle(database)
    held_there = digest(database)
    give(database)
    settle(database)

    assert len({without, held_there}) == 2
    assert digest(database) == without

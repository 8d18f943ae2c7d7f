"""The queue of questions: what one answer settles, in which order, and that it never lies."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, event, select

from catalogue import policies, questions
from catalogue.cluster import asking
from catalogue.cluster.rebuild import rebuild
from catalogue.database import Database, downgrade, upgrade
from catalogue.errors import CatalogueError, ChangedMeanwhile, NoSuchLibrary
from catalogue.questions import Question, asked
from catalogue.sql import table
from catalogue.tables import EdgeRow, MemberRow, QuestionRow
from catalogue.verdicts import Said, Verdict, decide, undo
from support.pages import Book, Delivery, add_source, books, deliver, place_all

SAID = Said(author="Lan")
SAME, DIFFERENT = Verdict.SAME, Verdict.DIFFERENT
ONE = Book(title="Chiếc lược ngà")
VOLUME = Book(title="Chiếc lược ngà. Tập 1")
OTHER = Book(title="Tắt đèn", author="Ngô Tất Tố", year="1939")
OTHER_VOLUME = Book(title="Tắt đèn. Tập 1", author="Ngô Tất Tố", year="1939")


@pytest.fixture
def union(database: Database) -> Database:
    """Two copies of a book may be the two of a volume; one of another may be one of its volume."""
    fill(database)
    return database


def fill(database: Database) -> None:
    for name, library in (("s1", "L1"), ("s2", "L2")):
        add_source(database, name, library)
    deliver(database, "s1", *books([("a1", ONE), ("a2", ONE), ("c", OTHER)]))
    deliver(database, "s2", *books([("b1", VOLUME), ("b2", VOLUME), ("d", OTHER_VOLUME)]))
    place_all(database)


def on(question: Question) -> Said:
    """Return what is said by somebody who looks at a question."""
    return Said(author="Lan", seen=question.seen)


def names(found: list[Question]) -> list[set[str]]:
    return [{each.judged.a.name, each.judged.b.name} for each in found]


def test_one_answer_settles_all_pairs_between_two_clusters_and_the_most_come_first(
    union: Database,
) -> None:
    first, second = asked(union)

    assert (first.place.pairs, first.place.records) == (4, 4)
    assert (second.place.pairs, second.place.records) == (1, 2)
    assert names([second]) == [{"s1/c", "s2/d"}]
    assert first.judged.decision == "ask"
    assert "publisher-equal" in first.judged.reasons


def test_the_queue_goes_on_behind_a_place(union: Database) -> None:
    found = asked(union)

    assert asked(union, after=found[0].place) == found[1:]
    assert list(questions.all_asked(union)) == found
    assert asked(union, limit=1) == found[:1]


def test_only_questions_with_a_record_of_a_library(union: Database) -> None:
    add_source(union, "s3", "L3")

    assert asked(union, "L2") == asked(union)
    assert asked(union, "L3") == []
    with pytest.raises(NoSuchLibrary):
        asked(union, "NONE")


def test_a_question_is_shown_by_a_pair_of_the_library(union: Database) -> None:
    add_source(union, "s3", "L3")
    deliver(union, "s3", *books([("e", Book(title="Chiếc lược ngà. Tập 1", pages="252 tr."))]))
    place_all(union)
    [found] = asked(union, "L3")

    assert "s3/e" in names([found])[0]
    assert found.place.pairs == asked(union)[0].place.pairs == 6


@pytest.mark.parametrize("word", [SAME, DIFFERENT])
def test_an_answer_takes_the_question_off_at_once_and_for_good(union: Database, word) -> None:
    first, second = asked(union)
    decide(union, ("s1", "a1"), ("s2", "b2"), word, SAID)

    assert names(asked(union)) == names([second])
    place_all(union)
    assert names(asked(union)) == names([second])
    assert first.place.pairs == 4


def test_an_answer_taken_back_brings_the_question_back(union: Database) -> None:
    before = asked(union)
    number = decide(union, ("s1", "a1"), ("s2", "b2"), DIFFERENT, SAID)
    undo(union, number, SAID)
    place_all(union)

    assert [each.place for each in asked(union)] == [each.place for each in before]


def test_an_answer_given_on_an_old_page_is_not_kept(union: Database) -> None:
    first, second = asked(union)
    pair = [tuple(side.name.split("/")) for side in (first.judged.a, first.judged.b)]
    decide(union, *pair, DIFFERENT, on(first))

    with pytest.raises(ChangedMeanwhile):
        decide(union, *pair, SAME, on(first))
    assert decide(union, *pair, DIFFERENT, on(first)) == 0

    deliver(union, "s1", *books([("c", Book(title="Lều chõng"))]))
    with pytest.raises(ChangedMeanwhile):
        decide(union, ("s1", "c"), ("s2", "d"), SAME, on(second))


def kept(database: Database) -> Counter[tuple]:
    with database.reading() as connection:
        return Counter(map(tuple, connection.execute(select(table(QuestionRow)))))


def anew(database: Database) -> Counter[tuple]:
    """Return what the questions are if all are worked out from links, members and decisions."""

    def work(connection):
        clusters = set(connection.execute(select(MemberRow.cluster_id)).scalars())
        asking.refresh(connection, policies.live(connection).id, clusters)

    database.writing(work)
    return kept(database)


BOOKS = st.sampled_from([ONE, VOLUME, OTHER, OTHER_VOLUME, Book(title="Chiếc lược ngà. Tập 2")])
NAMES = st.sampled_from("abcdef")
HAPPENS = st.one_of(
    st.tuples(NAMES, BOOKS),
    st.tuples(NAMES, st.none()),
    st.tuples(NAMES, NAMES, st.sampled_from([SAME, DIFFERENT])),
    st.integers(1, 4),
)


def happen(database: Database, what) -> None:
    with suppress(CatalogueError):
        match what:
            case int(number):
                undo(database, number, SAID)
            case (one, other, word):
                decide(database, ("s1", one), ("s1", other), word, SAID)
            case (name, book):
                deliver(database, "s1", Delivery(identifier=name, book=book))


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=st.lists(st.tuples(HAPPENS, st.booleans()), max_size=14))
def test_the_questions_kept_are_those_there_are_whatever_happened(engine, history) -> None:
    with engine.fresh() as url:
        database = Database.open(url)
        add_source(database)
        for what, places in history:
            happen(database, what)
            if places:
                place_all(database)
        place_all(database)

        assert kept(database) == anew(database)
        database.close()


def test_links_put_right_by_a_rebuild_bring_their_questions_with_them(union: Database) -> None:
    before = kept(union)
    union.writing(lambda connection: connection.execute(delete(table(EdgeRow))))
    anew(union)
    lost = kept(union)
    rebuild(union, processes=1)
    place_all(union)

    assert lost == Counter()
    assert kept(union) == before


def test_an_upgrade_finds_the_questions_there_are(database_url: str) -> None:
    database = Database.open(database_url)
    fill(database)
    decide(database, ("s1", "c"), ("s2", "d"), DIFFERENT, SAID)
    place_all(database)
    before = kept(database)
    database.close()

    downgrade(database_url, "0023")
    upgrade(database_url)

    database = Database.open(database_url)
    assert kept(database) == before != Counter()
    database.close()


def test_the_queue_asks_the_database_as_often_for_many_as_for_one(union: Database) -> None:
    asked_for: list[str] = []
    event.listen(union.read, "before_cursor_execute", lambda *told: asked_for.append(told[2]))
    event.listen(union.primary, "before_cursor_execute", lambda *told: asked_for.append(told[2]))
    counts = []
    for limit in (1, 30):
        if limit > 1:
            titles = [f"Chuyện {word}" for word in ("một", "hai", "ba", "bốn", "năm", "sáu")]
            more = [
                (f"{title}{volume}", Book(title=title + volume))
                for title in titles
                for volume in ("", ". Tập 1")
            ]
            deliver(union, "s1", *books(more))
            place_all(union)
        asked_for.clear()
        found = asked(union, limit=limit)
        counts.append((len(found), len(asked_for)))

    (one, first), (many, second) = counts
    assert (one, first) == (1, second)
    assert many > 6
    found_by = " ".join(plan(union))
    assert "ix_question_order" in found_by
    assert "TEMP B-TREE" not in found_by
    assert "Sort" not in found_by


def plan(database: Database) -> list[str]:
    """Return how the engine finds the first questions."""
    with database.reading() as connection:
        if database.postgresql:
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            connection.exec_driver_sql("SET LOCAL enable_sort = off")
        explain = "EXPLAIN " if database.postgresql else "EXPLAIN QUERY PLAN "
        order = "pairs DESC, records DESC, score DESC, one_id DESC, other_id DESC"
        places = "(pairs, records, score, one_id, other_id) < (9, 9, 0.5, 1, 2)"
        rows = connection.exec_driver_sql(
            f"{explain}SELECT * FROM question WHERE library_id = 0 AND {places}"
            f" ORDER BY {order} LIMIT 30"
        )
        return [" ".join(map(str, row)) for row in rows]

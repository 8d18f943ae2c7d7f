"""What applying a delivery would do is foreseen exactly, guards and repetitions included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue import guards, sources
from catalogue.database import Database
from catalogue.errors import NeedsDecision
from catalogue.intake.forecast import Forecast, Foreseen
from catalogue.intake.overlay import Overlay
from catalogue.model import Counts, Mapped, RunStatus
from catalogue.options import Guards
from catalogue.store import close_run, complete, held, open_run, put_page
from crosswalks.model import Problem, Severity
from support.engines import Engine
from support.pages import Book, Delivery, add_source, books, marc, page

BROKEN = Problem(code="unreadable", severity=Severity.ERROR)
Pages = Sequence[Sequence[Delivery]]


def broken(name: str) -> Delivery:
    return Delivery(identifier=name, broken=True, problems=(BROKEN,))


def mapped(deliveries: Sequence[Delivery]) -> dict[int, Mapped]:
    return {
        at: Mapped(marc(each.book))
        for at, each in enumerate(deliveries)
        if each.book is not None and not each.broken
    }


def foreseen(database: Database, pages: Pages, *, whole: bool) -> Foreseen:
    with Overlay() as overlay:
        forecast = Forecast(database, "s1", overlay)
        for number, some in enumerate(pages, 1):
            one = page(some, number, last=number == len(pages))
            problems = {at: each.problems for at, each in enumerate(some)}
            forecast.page(replace(one, whole=whole), mapped(some), problems, frozenset({""}))
        return forecast.end()


def happened(
    database: Database, pages: Pages, *, whole: bool
) -> tuple[Counts, NeedsDecision | None]:
    """Deliver the pages as a harvest does, and return what became of them and what a guard said."""
    run = open_run(database, "s1")
    assert run is not None
    run = replace(run, list_run=run.run_id if whole else 0)
    for number, some in enumerate(pages, 1):
        one = page(some, number, last=number == len(pages))
        problems = {at: each.problems for at, each in enumerate(some)}
        put_page(database, run, one, mapped(some), problems)
    after: int | None = 0 if whole else None
    while after is not None:
        after = held.hold_absent(database, run, run.run_id, after, by_name=False)
    figures = complete.figures(database, run, whole=whole, compared=whole)
    doubt = guards.judge(figures, run.source.guards)
    complete.end_list(database, run, figures.listed, compared=whole, doubt=doubt)
    while doubt is None and held.apply_held(database, run) is not None:
        pass
    close_run(database, run, RunStatus.WAITING if doubt else RunStatus.SUCCEEDED, doubt)
    return complete.counts(database, run), doubt


def check_alike(database: Database, pages: Pages, *, whole: bool) -> Foreseen:
    """Foresee, deliver, and see that both came to the same."""
    told = foreseen(database, pages, whole=whole)
    counts, doubt = happened(database, pages, whole=whole)

    assert told.counts == counts
    assert _said(told.doubt) == _said(doubt)
    return told


def _said(doubt: NeedsDecision | None) -> tuple[str, dict[str, object]] | None:
    if doubt is None:
        return None
    return doubt.code(), {name: value for name, value in doubt.details.items() if name != "run"}


@pytest.fixture
def some(database: Database) -> Database:
    """Give a source with a hundred books."""
    add_source(database)
    happened(database, [many(0, 100)], whole=True)
    return database


def many(first: int, end: int, title: str = "Số đỏ") -> list[Delivery]:
    return books([(f"b{n:03}", Book(title=f"{title} {n}")) for n in range(first, end)])


def test_new_changed_and_equal_records_are_foreseen(some: Database):
    told = check_alike(some, [many(0, 50), many(50, 60, "Giông tố"), many(100, 105)], whole=False)

    assert (told.counts.added, told.counts.changed, told.counts.unchanged) == (5, 10, 50)
    assert next(each.title for each in told.samples["added"]) == "Số đỏ 100"


def test_what_a_complete_delivery_lacks_is_foreseen_as_missing(some: Database):
    told = check_alike(some, [many(0, 95)], whole=True)

    assert (told.counts.absent, told.doubt) == (5, None)
    assert next(each.title for each in told.samples["absent"]) == "Số đỏ 95"


def test_the_word_of_the_guards_is_foreseen(some: Database):
    shrinking = check_alike(some, [many(0, 40)], whole=True)
    again = check_alike(some, [many(0, 60)], whole=True)
    whole = check_alike(some, [many(0, 100)], whole=True)

    assert _said(shrinking.doubt)[0] == "would-delete"
    assert (shrinking.counts.held, shrinking.counts.deleted) == (60, 0)
    assert _said(again.doubt)[0] == "would-delete"
    assert whole.doubt is None


def test_a_list_that_shrank_slowly_is_foreseen(some: Database):
    source = sources.get(some, "s1")
    sources.change(some, replace(source, guards=Guards(delete_percent=100, shrink_percent=15)))
    told = check_alike(some, [many(0, 80)], whole=True)

    assert _said(told.doubt)[0] == "source-shrank"


def test_too_many_that_cannot_be_read_are_foreseen(some: Database):
    told = check_alike(some, [many(0, 10), [broken(f"x{n}") for n in range(20)]], whole=False)

    assert _said(told.doubt)[0] == "cannot-map"


def test_a_stop_in_the_middle_is_foreseen(some: Database):
    told = foreseen(some, [[broken(f"x{n}") for n in range(250)], many(0, 1)], whole=False)

    assert _said(told.doubt) == (
        "stopped-unmapped",
        {"unmapped": 250, "tried": 250, "share": "100", "limit": 20},
    )


def test_a_record_that_comes_twice_is_foreseen_as_one(some: Database):
    twice = many(200, 201)
    told = check_alike(some, [twice, twice, many(200, 201, "Vỡ đê"), twice], whole=False)

    assert (told.counts.added, told.counts.changed, told.counts.unchanged) == (1, 2, 1)


def test_a_deletion_taken_back_later_in_the_delivery_is_foreseen(some: Database):
    gone = [Delivery(identifier="b001"), Delivery(identifier="b002"), Delivery(identifier="none")]
    told = check_alike(some, [gone, many(1, 2), gone], whole=False)

    assert (told.counts.deleted, told.counts.unchanged) == (2, 5)


def test_a_list_with_holes_is_foreseen(some: Database):
    hole = Problem(code="unexpected-element", severity=Severity.WARNING)
    told = check_alike(
        some, [[*many(0, 98), replace(broken("x"), problems=(hole, BROKEN))]], whole=True
    )

    assert _said(told.doubt)[0] == "list-doubtful"


NAMES = st.sampled_from([f"b{n}" for n in range(12)])
ONE = st.one_of(
    st.builds(
        lambda name, title: Delivery(identifier=name, book=Book(title=title)),
        NAMES,
        st.sampled_from(["Số đỏ", "Giông tố", "Vỡ đê"]),
    ),
    st.builds(lambda name: Delivery(identifier=name), NAMES),
    st.builds(broken, NAMES),
)
LISTS = st.tuples(st.booleans(), st.lists(st.lists(ONE, max_size=8), min_size=1, max_size=4))


@settings(max_examples=15)
@given(st.lists(LISTS, min_size=1, max_size=4), st.sampled_from([0, 10, 50, 100]))
def test_any_history_is_foreseen(sqlite_engine: Engine, history: list, limit: int):
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        add_source(database)
        strict = Guards(delete_percent=limit, shrink_percent=limit, unmapped_percent=limit)
        sources.change(database, replace(sources.get(database, "s1"), guards=strict))
        for whole, pages in history:
            check_alike(database, pages, whole=whole)
        database.close()

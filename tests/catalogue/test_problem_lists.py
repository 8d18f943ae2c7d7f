"""Problems over all sources: what is listed, counted and shown whole, on both engines."""

from __future__ import annotations

import pytest

from catalogue import problem_figures, problem_lists
from catalogue.database import Database
from catalogue.errors import NoSuchProblem
from catalogue.problem_figures import Kind, OfSource
from catalogue.problem_lists import Filter, OfRun
from crosswalks.model import Problem, Severity
from support.pages import Book, Delivery, add_source, deliver

HTML = Problem(code="html-tags", severity=Severity.WARNING, field="245", sample="<i>")
DATE = Problem(code="bad-date", severity=Severity.WARNING, field="008")


def fill(database: Database) -> None:
    """Give three sources of two libraries records with problems: 3, 2 and 1."""
    for at, (name, library) in enumerate((("s1", "L1"), ("s2", "L1"), ("s3", "L2"))):
        add_source(database, name, library)
        found = [
            Delivery(identifier=f"{name}-{n}", book=Book(title=f"{name} {n}"), problems=(HTML,))
            for n in range(3 - at)
        ]
        last = Delivery(identifier=f"{name}-x", book=Book(title=name), problems=(DATE, HTML))
        deliver(database, name, *found, last)


def names(database: Database, step: int = 2, **wanted: object) -> list[str]:
    """Return the records of a list, read a few at a time."""
    asked, after, found = Filter(**wanted), None, []
    while lines := problem_lists.lines(database, asked, after, step):
        found += [f"{each.code} {each.identifier}" for each in lines]
        after = lines[-1].place
    return found


def test_lists_are_read_in_steps_by_kind_whatever_is_asked_for(database: Database):
    fill(database)
    whole = names(database, step=100)

    assert whole == sorted(whole, key=lambda each: each.partition(" ")[0])
    assert names(database) == whole
    assert len(whole) == 12
    assert names(database, code="bad-date") == [f"bad-date s{n}-x" for n in (1, 2, 3)]
    assert names(database, library="L2") == [each for each in whole if " s3" in each]
    assert names(database, library="L1") == [each for each in whole if " s3" not in each]
    assert names(database, source="s2", run=2) == [each for each in whole if " s2" in each]
    assert names(database, source="s2", library="L2") == names(database, source="none") == []
    assert [each.identifier for each in problem_lists.listing(database, Filter(run=3))] == [
        each.partition(" ")[2] for each in names(database, run=3)
    ]


def test_lists_of_a_library_with_many_sources_are_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    fill(database)
    before = names(database, library="L1")
    monkeypatch.setattr(problem_lists, "_FEW_SOURCES", 1)

    assert names(database, library="L1") == before


@pytest.mark.parametrize("few", [problem_figures.FEW, 3])
def test_figures_are_the_same_counted_at_once_or_before(
    database: Database, monkeypatch: pytest.MonkeyPatch, few: int
):
    fill(database)
    monkeypatch.setattr(problem_figures, "FEW", few)
    problem_figures.count_if_due(database)
    found = problem_figures.figures(database, Filter())
    of_one = problem_figures.figures(database, Filter(code="html-tags", library="L1"))

    assert found.kinds == (
        Kind("html-tags", "warning", 9, 3),
        Kind("bad-date", "warning", 3, 3),
    )
    assert of_one.of_sources == (OfSource("s1", "L1", 4), OfSource("s2", "L1", 3))
    assert (found.at is None) is (few > 3)
    assert problem_figures.names(database, 2) == (["s1", "s2"], ["L1", "L2"])


def test_those_of_a_run_are_counted_up_to_a_limit(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    fill(database)
    monkeypatch.setattr(problem_lists, "AT_MOST", 3)

    assert problem_lists.of_run(database, 1) == [
        OfRun("bad-date", "warning", 1, more=False),
        OfRun("html-tags", "warning", 3, more=True),
    ]
    assert problem_lists.of_run(database, 99) == []


def test_a_problem_brings_its_record_as_delivered(database: Database):
    fill(database)
    [line] = problem_lists.lines(database, Filter(code="bad-date", source="s1"))
    whole = problem_lists.get(database, line.id)

    assert whole.line == line
    assert b"s1" in (whole.raw or b"")
    assert (whole.quarantined, whole.cluster) == (None, "")
    with pytest.raises(NoSuchProblem):
        problem_lists.get(database, 10_000)

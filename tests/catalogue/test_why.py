"""Why two records are one, or are not."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import catalogue.why
from catalogue import verdicts
from catalogue.database import Database
from catalogue.errors import NoSuchRecord
from catalogue.judging import decide
from catalogue.verdicts import Said, Verdict
from catalogue.why import Why, strongest, why
from support.pages import Book, add_source, books, deliver, place_all
from support.policies import use

SAID = Said(author="Lan", reason="đã xem")
SAME, DIFFERENT = Verdict.SAME, Verdict.DIFFERENT


@pytest.fixture
def shelf(database: Database) -> Database:
    """Two copies of one book, one that may be a volume of it, another, and one like no other."""
    add_source(database)
    kept = {
        "a": Book(title="Chiếc lược ngà"),
        "b": Book(title="Chiếc lược ngà"),
        "v": Book(title="Chiếc lược ngà. Tập 1"),
        "w": Book(title="Chiếc lược ngà. Tập 2"),
        "z": Book(title="Bỉ vỏ", author="Nguyên Hồng", year="1938", pages="300 tr."),
    }
    deliver(database, "s1", *books(kept.items()))
    place_all(database)
    return database


def asked(database: Database, one: str, other: str) -> Why:
    return why(database, ("s1", one), ("s1", other))


def say(database: Database, one: str, other: str, word: Verdict) -> None:
    decide(database, ("s1", one), ("s1", other), word, SAID)
    place_all(database)


def kinds(found: Why) -> list[str]:
    return [cause.kind for cause in found.causes]


def test_two_that_are_one_have_a_path_of_reasons(shelf: Database) -> None:
    found = asked(shelf, "b", "a")

    [step] = found.path
    assert found.together
    assert (step.a, step.b, step.author) == ("s1/b", "s1/a", "")
    assert step.score > 0.8
    assert any(reason.startswith("author-equal") for reason in step.reasons)
    assert found.causes == ()


def test_a_path_goes_by_what_people_said(shelf: Database) -> None:
    say(shelf, "v", "z", SAME)
    say(shelf, "z", "a", SAME)
    found = asked(shelf, "v", "a")

    assert [(step.a, step.b) for step in found.path] == [("s1/v", "s1/z"), ("s1/z", "s1/a")]
    assert {(step.author, step.reason, step.score) for step in found.path} == {("Lan", "đã xem", 0)}


def test_two_that_a_person_parted_are_told_by_whom(shelf: Database) -> None:
    say(shelf, "a", "b", DIFFERENT)
    found = asked(shelf, "a", "b")

    assert not found.together
    assert (found.path, found.causes[0].kind, found.causes[0].author) == ((), "decided", "Lan")


def test_what_follows_from_other_decisions_is_told_with_its_path(shelf: Database) -> None:
    say(shelf, "z", "b", SAME)
    say(shelf, "z", "v", DIFFERENT)

    [cause] = [each for each in asked(shelf, "b", "v").causes if each.kind == "follows"]
    assert cause.path == "s1/b = s1/z ≠ s1/v"


def test_what_matching_says_of_the_two_comes_with_its_reasons(shelf: Database) -> None:
    volume, other = asked(shelf, "a", "v"), asked(shelf, "v", "w")

    assert kinds(volume) == ["asked"]
    assert volume.causes[0].score < 1
    assert kinds(other) == ["veto"]
    assert any(reason.startswith("veto-") for reason in other.causes[0].reasons)


def test_two_that_share_no_key_were_never_compared(shelf: Database) -> None:
    assert "keyless" in kinds(asked(shelf, "a", "z"))


def test_two_alike_are_held_apart_because_of_others(shelf: Database) -> None:
    deliver(shelf, "s1", *books([("c", Book(title="Chiếc lược ngà"))]))
    verdicts.decide(shelf, ("s1", "a"), ("s1", "v"), SAME, SAID)
    verdicts.decide(shelf, ("s1", "c"), ("s1", "w"), SAME, SAID)
    place_all(shelf)
    apart = asked(shelf, "a", "c")
    # Their copies are alike, but the volumes that people put with them are not.
    [cause] = [each for each in apart.causes if each.kind == "blocked"]

    assert not apart.together
    assert apart.judged.decision == "same"
    assert {cause.a, cause.b} == {"s1/v", "s1/w"}
    assert any(reason.startswith("veto-") for reason in cause.reasons)


def test_two_alike_are_held_apart_by_clusters_that_are_not(shelf: Database) -> None:
    other = Book(title="Chiếc lược ngà", publisher="Kim Đồng", pages="180 tr.")
    deliver(shelf, "s1", *books([("c", Book(title="Chiếc lược ngà")), ("o", other), ("p", other)]))
    for one in "op":
        verdicts.decide(shelf, ("s1", "c"), ("s1", one), SAME, SAID)
    place_all(shelf)
    [cause] = [each for each in asked(shelf, "a", "c").causes if each.kind == "average"]

    assert cause.score < cause.limit == 0.8


def test_two_whose_keys_are_held_by_too_many_were_never_compared(shelf: Database) -> None:
    many = [(f"m{number}", Book(title="Chiếc lược ngà")) for number in range(6)]
    deliver(shelf, "s1", *books(many))
    use(shelf, "small", block_cap=2)
    place_all(shelf)

    assert "crowded" in kinds(asked(shelf, "m0", "m1"))


def test_two_of_very_many_that_hang_together_are_told_so(shelf: Database, monkeypatch) -> None:
    verdicts.decide(shelf, ("s1", "a"), ("s1", "v"), SAME, SAID)
    verdicts.decide(shelf, ("s1", "b"), ("s1", "w"), SAME, SAID)
    place_all(shelf)
    monkeypatch.setattr(catalogue.why, "_MOST", 1)

    assert "cut" in kinds(asked(shelf, "a", "b"))


def test_a_record_that_is_not_placed_waits(shelf: Database) -> None:
    deliver(shelf, "s1", *books([("n", Book(title="Chiếc lược ngà"))]))

    assert "waiting" in kinds(asked(shelf, "a", "n"))
    with pytest.raises(NoSuchRecord):
        asked(shelf, "a", "none")


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 6), st.integers(0, 6)).filter(lambda pair: pair[0] < pair[1]),
        st.sampled_from([0.8, 0.85, 0.9, 0.95, 2.0]),
    )
)
def test_no_other_path_has_a_stronger_weakest_step(strengths) -> None:
    path = strongest(strengths, 0, 6)

    def reached(least: float) -> bool:
        found = {0}
        for _ in range(7):
            found |= {
                end
                for pair, strength in strengths.items()
                if strength >= least and found & set(pair)
                for end in pair
            }
        return 6 in found

    weakest = min((strengths[min(s), max(s)] for s in pairwise(path)), default=0.0)
    best = max((least for least in (0.8, 0.85, 0.9, 0.95, 2.0) if reached(least)), default=0.0)
    assert weakest == best
    assert (path[:1], path[-1:]) == (((0,), (6,)) if path else ((), ()))

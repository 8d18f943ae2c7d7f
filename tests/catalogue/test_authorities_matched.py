"""Names of one person as evidence: frozen into a policy, and never gone by on their own."""

from __future__ import annotations

import pytest

from catalogue import policies
from catalogue.authorities.naming import same_persons
from catalogue.errors import PolicyNoNames, PolicyNoText
from catalogue.match import decide, features, kept_policy, read_policy, shipped_text, with_names
from catalogue.match.decide import Decision
from support.authorities import WRITERS, table_of, take_table
from support.indexed import index
from support.marc import marc
from support.pages import Book, add_source, books, deliver, place_all


def book(author, title="Văn chiêu hồn", year="1985", pages="120 tr."):
    return features(
        marc(
            f"008 850101s{year}    vm            000 0 vie d",
            f"100 0_$a{author}",
            f"245 10$a{title}",
            "260 __$aHà Nội :$bVăn học,$c" + year,
            f"300 __$a{pages}",
        )
    )


def judged(a, b, policy):
    return decide(a, b, policy)


def named(*names):
    keys = sorted(book(name).author_key for name in names)
    return read_policy(with_names(shipped_text(), "names", [keys]))


def test_two_names_of_one_person_are_told_as_such_and_count_for_a_pair():
    ours, theirs = book("Tố Như"), book("Nguyễn, Du, 1765-1820")
    policy = named("Tố Như", "Nguyễn Du")
    without, found = judged(ours, theirs, read_policy(shipped_text())), judged(ours, theirs, policy)

    assert any(each.startswith("author-different") for each in without.reasons)
    assert any(each.startswith("author-variant") for each in found.reasons)
    assert found.score > without.score
    assert judged(theirs, ours, policy) == found


def test_they_never_join_a_pair_on_their_own():
    policy = named("Tố Như", "Nguyễn Du")
    other = book("Nguyễn Du", title="Bắc hành tạp lục", year="1990", pages="300 tr.")

    assert judged(book("Tố Như"), other, policy).decision is Decision.DIFFERENT


def test_a_name_with_other_marks_is_another_name():
    policy = named("Tố Như", "Nguyễn Du")
    found = judged(book("Tô Nhu"), book("Nguyễn Du"), policy)

    assert not any(each.startswith("author-variant") for each in found.reasons)


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ('same = "a = b"', PolicyNoText),
        ('same = ["a"]', PolicyNoNames),
        ('same = ["a = "]', PolicyNoNames),
        ('same = ["a = b", "b = c"]', PolicyNoNames),
    ],
)
def test_a_list_of_names_that_is_none_is_refused(line, error):
    with pytest.raises(error):
        read_policy(f"{shipped_text()}\n[names]\n{line}\n")


def test_a_policy_keeps_its_names_when_read_by_a_later_program():
    text = with_names(shipped_text(), "mine", [("a", "b"), ("c", "d")])
    again = with_names(text, "next", [("a", "b")])

    assert kept_policy(text).names == {"a": "a", "b": "a", "c": "c", "d": "c"}
    assert kept_policy(again).names == {"a": "a", "b": "a"}
    assert again.count("[names]") == 1


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)])
def engine(request):
    return request.getfixturevalue(f"{request.param}_engine")


def test_only_persons_with_records_under_several_names_are_listed(database):
    shelf = [("100 0_$aTố Như",), ("100 1_$aNguyễn, Du,$d1765-1820",), ("100 0_$aNam Cao",)]
    index(database, [marc(f"001 {n}", *each, "245 00$aA") for n, each in enumerate(shelf, 1)])
    take_table(database)

    assert same_persons(database) == [
        tuple(sorted((book("Nguyễn Du").author_key, book("Tố Như").author_key)))
    ]


def test_a_name_that_two_persons_have_is_left_out(database):
    shelf = ("Tố Như", "Nguyễn Du", "Thanh Hiên")
    records = [marc(f"001 {n}", f"100 0_$a{name}", "245 00$aA") for n, name in enumerate(shelf, 1)]
    index(database, records)
    other = "Lê Thị Như\tperson\tTố Như\tp7\t\n"
    take_table(database, WRITERS + other)

    assert same_persons(database) == [
        tuple(sorted((book("Nguyễn Du").author_key, book("Thanh Hiên").author_key)))
    ]


def test_a_changed_list_changes_no_cluster_until_a_policy_with_it_is_switched_on(database):
    add_source(database)
    add_source(database, "s2", "L2")
    one = Book(title="Văn chiêu hồn", author="Tố Như", year="1985")
    other = Book(title="Văn chiêu hồn", author="Nguyễn Du", year="1985")
    deliver(database, "s1", *books([("a", one)]))
    deliver(database, "s2", *books([("b", other)]))
    place_all(database)
    before = policies.get(database)
    take_table(database, table_of([("Nguyễn Du", "person", "Tố Như", "1", "")]))
    place_all(database)
    found = same_persons(database)
    added = policies.add(database, with_names(before.text, "named", found), "an")

    assert policies.get(database) == before
    assert len(found) == 1
    assert kept_policy(added.text).names

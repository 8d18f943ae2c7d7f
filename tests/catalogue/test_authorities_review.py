"""Is this the same person? What is asked, what people say, and what becomes of it."""

from __future__ import annotations

import pytest

from catalogue.authorities import review
from catalogue.authorities.errors import NoSuchAnswer, NoSuchAuthority, SameAuthority
from catalogue.authorities.model import Address, Answer
from support.authorities import WRITERS, take_table
from support.indexed import index
from support.marc import marc
from support.searching import search_cql

DU, NHU = (Address("thu", number) for number in ("p1", "p9"))
AGAIN = f"{WRITERS}Tố Như\tperson\tThanh Hiên; Hồng Sơn\tp9\t\n"
SHELF = [
    marc("001 1", "100 1_$aNguyễn, Du", "245 10$aTruyện Kiều"),
    marc("001 2", "100 0_$aTố Như", "245 10$aThơ"),
    marc("001 3", "100 0_$aHồng Sơn", "245 10$aĐi săn"),
]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)])
def engine(request):
    return request.getfixturevalue(f"{request.param}_engine")


@pytest.fixture
def union(database):
    index(database, SHELF)
    take_table(database, AGAIN)
    return database


def found(database, name):
    hits = search_cql(database, f'dc.creator = "{name}"', see=True).hits
    return sorted(int(hit.public_id[1:]) for hit in hits)


def pairs(database):
    return [(str(each.one.address), str(each.other.address)) for each in review.questions(database)]


def test_two_headings_that_one_name_leads_to_are_asked_about(union):
    [asked] = review.questions(union)

    assert (asked.one.address, asked.other.address) == (DU, NHU)
    assert (asked.one.heading, asked.other.heading) == ("Nguyễn Du, 1765-1820", "Tố Như")
    assert asked.name == "Tố Như"


def test_until_it_is_answered_a_name_leads_to_both(union):
    assert found(union, "Tố Như") == [1, 2, 3]
    assert found(union, "Nguyễn Du") == [1, 2]


def test_what_is_the_same_widens_each_other(union):
    review.answer(union, NHU, DU, Answer.SAME, "lan")

    assert found(union, "Nguyễn Du") == [1, 2, 3]
    assert found(union, "Hồng Sơn") == [1, 2, 3]
    assert not pairs(union)


def test_what_is_different_leads_to_its_own_records_only(union):
    review.answer(union, DU, NHU, Answer.DIFFERENT, "lan")

    assert found(union, "Tố Như") == [2, 3]
    assert found(union, "Thanh Hiên") == [1, 2, 3]


def test_an_answer_can_be_taken_back_and_the_question_comes_again(union):
    number = review.answer(union, DU, NHU, Answer.DIFFERENT, "lan")
    review.undo(union, number, "an")

    assert pairs(union) == [("thu p1", "thu p9")]
    assert found(union, "Tố Như") == [1, 2, 3]
    [told] = review.answered(union)
    assert (told.answer, told.person, told.undone_by) == (Answer.DIFFERENT, "lan", "an")
    with pytest.raises(NoSuchAnswer):
        review.undo(union, number, "an")


def test_the_latest_answer_counts(union):
    review.answer(union, DU, NHU, Answer.DIFFERENT, "lan")
    review.answer(union, DU, NHU, Answer.SAME, "an")

    assert found(union, "Tố Như") == [1, 2, 3]
    assert [each.undone_by for each in review.answered(union)] == ["", "an"]


def test_answers_stay_when_the_list_is_taken_in_again(union):
    review.answer(union, DU, NHU, Answer.SAME, "lan")
    take_table(union, AGAIN.replace("Hồng Sơn", "Hồng Sơn; Sơn Nhân"))

    assert found(union, "Nguyễn Du") == [1, 2, 3]
    assert not pairs(union)


def test_questions_go_with_the_list_that_asked_them(union):
    take_table(union)

    assert not pairs(union)


def test_headings_that_are_none_cannot_be_answered_about(union):
    with pytest.raises(SameAuthority):
        review.answer(union, DU, DU, Answer.SAME, "lan")
    with pytest.raises(NoSuchAuthority):
        review.answer(union, DU, Address("thu", "x"), Answer.SAME, "lan")


def test_questions_come_page_by_page(database):
    rows = "".join(
        f"Người {n}\tperson\tTên chung {chr(65 + n // 2)}\tq{n:03}\t\n" for n in range(20)
    )
    take_table(database, WRITERS + rows)
    seen, after = [], ("", "")
    while page := review.questions(database, after, 3):
        seen += page
        after = (str(page[-1].one.address), str(page[-1].other.address))

    assert len(seen) == 10
    assert len(set(seen)) == 10


def test_names_that_lead_to_many_are_asked_about_no_more(database):
    rows = "".join(f"Người {n}\tperson\tAn\tr{n}\t\n" for n in range(7))
    take_table(database, WRITERS + rows)

    assert not pairs(database)


def test_another_name_of_the_same_person_for_other_works_is_searched_too(database):
    index(database, SHELF)
    text = (
        "heading\tkind\tidentity\tid\nNguyễn Du\tperson\tTố Như\t1\nTố Như\tperson\tNguyễn Du\t2\n"
    )
    take_table(database, text)

    assert found(database, "Nguyễn Du") == [1, 2]

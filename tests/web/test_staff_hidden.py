"""Hiding records and libraries on screen: what it does at the doors, and to who presses twice."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue import libraries
from catalogue.database import Database
from catalogue.membership import suppressing
from catalogue.membership.model import Membership
from catalogue.membership.standing import By, set_standing
from catalogue.users import Role
from support.engines import Engine
from support.pages import Book, add_source, books, deliver, place_all
from support.searching import search
from support.staff import inside, post, text

RECORD = {"kind": "record", "name": "s1/a", "reason": "tác giả yêu cầu"}


@pytest.fixture
def union(sqlite_engine: Engine) -> Iterator[Database]:
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        add_source(database, "s1", library="A")
        deliver(database, "s1", *books([("a", Book()), ("b", Book(title="Giông tố"))]))
        place_all(database)
        yield database
        database.close()


@pytest.fixture
def operator(union: Database) -> FlaskClient:
    return inside(union, Role.OPERATOR)


def said(client: FlaskClient, answer: TestResponse) -> str:
    """Return what the page says that a form leads to."""
    return text(client.get(answer.location))


def test_a_record_is_hidden_at_once_and_shown_again(union, operator) -> None:
    for _ in range(2):
        answer = said(operator, post(operator, "/staff/hidden/add", **RECORD))
        assert "Hidden at every door from now on: records 1." in answer
    assert len(suppressing.all(union)) == 1
    assert search(union, "so do").total == 0
    assert "tác giả yêu cầu" in operator.get("/staff/hidden").text

    assert "Shown again at every door." in said(operator, post(operator, "/staff/hidden/1/lift"))
    assert "nothing was changed" in said(operator, post(operator, "/staff/hidden/1/lift"))
    assert search(union, "so do").total == 1
    assert post(operator, f"/staff/hidden/{2**70}/lift").status_code == 404
    assert "Nothing is hidden." in operator.get("/staff/hidden").text
    assert "tác giả yêu cầu" in operator.get("/staff/hidden?all=1").text
    assert "tác giả yêu cầu" not in operator.get("/staff/hidden?all=1&before=1").text


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"name": "s1/zzz"}, "zzz"),
        ({"reason": " "}, "say why it is hidden"),
        ({"kind": "field", "field": "245$"}, "no field that can be hidden"),
        ({"until": "2001-01-01"}, "choose a later day"),
    ],
)
def test_what_cannot_be_hidden_is_said_and_the_form_keeps_what_was_typed(
    union, operator, wrong, why
) -> None:
    answer = post(operator, "/staff/hidden/add", **RECORD | wrong)

    assert answer.status_code == 400
    assert why in text(answer)
    assert 'value="s1/' in answer.text
    assert suppressing.all(union, lifted=True) == []


def test_a_library_is_suspended_and_made_a_member_again(union, operator) -> None:
    page = operator.get("/staff/standing/A").text
    assert "It has been a member from the beginning." in page

    form = {"standing": "suspended", "seen": "member", "reason": "theo đề nghị"}
    assert "A is suspended from now on" in said(
        operator, post(operator, "/staff/standing/A", **form)
    )
    assert "A was suspended already" in said(operator, post(operator, "/staff/standing/A", **form))
    assert "Records that wait to be placed: 2" in operator.get("/staff/standing/A").text
    place_all(union)
    assert search(union, "so do").total == 0
    assert "not shown" in operator.get("/staff/sources/s1").text

    set_standing(union, "A", Membership.WITHDRAWN, By(person="binh"))
    stale = {"standing": "member", "seen": "suspended", "reason": "x"}
    refused = post(operator, "/staff/standing/A", **stale)
    assert refused.status_code == 409
    assert "since you opened this page" in text(refused)
    post(operator, "/staff/standing/A", **stale | {"seen": "withdrawn"})
    place_all(union)
    assert libraries.get(union, "A").standing is Membership.MEMBER
    assert search(union, "so do").total == 1
    assert "theo đề nghị" in operator.get("/staff/standing/A?lang=vi").text


def test_who_may_only_look_sees_no_forms_and_changes_nothing(union) -> None:
    viewer = inside(union, Role.VIEWER)

    assert "Hide it now" not in viewer.get("/staff/hidden").text
    assert "Suspend it" not in viewer.get("/staff/standing/A").text
    assert post(viewer, "/staff/hidden/add", **RECORD).status_code == 403
    form = {"standing": "suspended", "seen": "member"}
    assert post(viewer, "/staff/standing/A", **form).status_code == 403
    assert suppressing.all(union) == []

"""Matching policies on screen: written, looked at, switched on by who may."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from catalogue import judging, policies
from catalogue.database import Database
from catalogue.match import policy
from catalogue.users import Role
from catalogue.verdicts import Said, Verdict
from scheduler.policies import work_out
from support.pages import Book, add_source, books, deliver, place_all
from support.policies import changed, use
from support.staff import boxes, document, inside, post, text

SEVERE = changed("severe", same=1.0, sure=1.0)
PAGE = "/staff/policy/version/severe"


@pytest.fixture
def union(database: Database) -> Database:
    """One book twice, and a policy that would part it."""
    add_source(database)
    deliver(database, "s1", *books([("a", Book()), ("b", Book())]))
    place_all(database)
    policies.add(database, SEVERE, "an", "thử xem")
    return database


def cells(page: TestResponse) -> list[list[str]]:
    """Return what stands in the rows of a page's tables."""
    rows = document(page).xpath("//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def test_the_policies_are_listed_with_the_one_in_use(union: Database) -> None:
    page = inside(union).get("/staff/policy?lang=vi")

    assert "Chính sách so khớp" in text(page)
    assert "đang dùng" in text(page)
    assert document(page).xpath("//a[@href=$page]", page=PAGE)


def test_a_policy_shows_what_differs(union: Database) -> None:
    page = inside(union).get(PAGE)

    assert ["thresholds.same", "0.78", "1"] in cells(page)
    assert "Nobody has looked yet." in text(page)
    assert "Switch it on" not in text(page)


def test_what_it_would_do_is_asked_for_once_and_shown(union: Database) -> None:
    client = inside(union)
    for _ in range(2):
        post(client, f"{PAGE}/effect")
    waiting = client.get(PAGE)
    asked = client.get(f"{PAGE}/effect")
    work_out(union, "severe")
    done = client.get(f"{PAGE}/effect")
    page = text(client.get(PAGE))

    assert document(waiting).xpath("//@hx-get") == [f"{PAGE}/effect"]
    assert "HX-Refresh" not in asked.headers
    assert done.headers["HX-Refresh"] == "true"
    assert "Clusters parted1" in "".join(page.split("  "))
    assert "s1/a" in page
    assert "the same publisher" in page


def test_an_administrator_switches_on_what_was_shown(union: Database) -> None:
    work_out(union, "severe")
    client = inside(union, Role.ADMIN)
    sent = boxes(document(client.get(PAGE)))
    twice = [post(client, f"{PAGE}/switch", seen=sent["seen"]) for _ in range(2)]

    assert [answer.status_code for answer in twice] == [302, 302]
    assert policies.get(union).version == "severe"
    assert "in use already" in text(client.get(PAGE))


def test_what_is_not_shown_any_more_is_not_switched_on(union: Database) -> None:
    work_out(union, "severe")
    client = inside(union, Role.ADMIN)
    sent = boxes(document(client.get(PAGE)))
    use(union, "other")

    answer = post(client, f"{PAGE}/switch", seen=sent["seen"])

    assert answer.status_code == 400
    assert "Look at it again" in text(answer)
    assert policies.get(union).version == "other"
    assert "have it worked out again" in text(client.get(PAGE))


def test_who_may_do_what(union: Database) -> None:
    work_out(union, "severe")
    operator = inside(union)

    assert "An administrator can switch it on." in text(operator.get(PAGE))
    assert post(operator, f"{PAGE}/switch", seen="x").status_code == 403
    viewer = inside(union, Role.VIEWER)
    assert viewer.get(PAGE).status_code == 200
    assert viewer.get("/staff/policy/new").status_code == 403
    assert post(viewer, f"{PAGE}/effect").status_code == 403


def test_a_policy_is_written_and_what_is_wrong_with_it_said(union: Database) -> None:
    client = inside(union)
    form = boxes(document(client.get("/staff/policy/new")))
    taken = post(client, "/staff/policy/new", text=form["text"])
    kept = post(
        client, "/staff/policy/new", text=changed("mine").replace("\n", "\r\n"), note="của tôi"
    )

    assert f'version = "{policy().version}"' in form["text"]
    assert taken.status_code == 400
    assert "Give yours another name" in text(taken)
    assert kept.headers["Location"] == "/staff/policy/version/mine"
    assert policies.get(union, "mine").text == changed("mine")
    assert policies.get(union, "mine").note == "của tôi"


def test_one_that_was_never_in_use_is_thrown_away(union: Database) -> None:
    client = inside(union)

    assert post(client, f"{PAGE}/discard").headers["Location"] == "/staff/policy"
    assert client.get(PAGE).status_code == 404


def test_what_people_decided_is_judged_by_a_policy_in_hindsight(union: Database) -> None:
    deliver(union, "s1", *books([("c", Book(title="Tắt đèn", author="Ngô Tất Tố"))]))
    place_all(union)
    said = Said(author="Lan", reason="hai lần in")
    judging.decide(union, ("s1", "a"), ("s1", "b"), Verdict.DIFFERENT, said)
    judging.decide(union, ("s1", "a"), ("s1", "c"), Verdict.DIFFERENT, said)
    client = inside(union)
    live = policies.get(union).version
    page, severe = (
        client.get(f"/staff/policy/version/{version}/decided") for version in (live, "severe")
    )

    assert ["two publications", "one publication", "1"] in cells(page)
    assert ["two publications", "two publications", "1"] in cells(page)
    assert "Judged otherwise" in text(page)
    assert document(page).xpath("//a[contains(@href, '/compare?one=s1/a&two=s1/b')]")
    assert "the same author" in text(page)
    # Where nothing alike is enough, people's word is its word.
    assert ["two publications", "one publication", "1"] not in cells(severe)
    assert client.get("/staff/policy/version/none/decided").status_code == 404

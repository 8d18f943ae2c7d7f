"""Matching on screen: what is asked, why records are one, what a library has twice."""

from __future__ import annotations

import csv
import io

import pytest

from catalogue import verdicts
from catalogue.database import Database
from catalogue.records import get
from catalogue.users import Role
from support.pages import Book, add_source, books, deliver, place_all
from support.staff import document, inside, post, text


@pytest.fixture
def union(database: Database) -> Database:
    """A doubt between two libraries, and a book that one has twice."""
    for name, library in (("s1", "L1"), ("s2", "L2")):
        add_source(database, name, library)
    deliver(database, "s1", *books([("a", Book(title="Chiếc lược ngà"))]))
    twice = Book(title="Tắt đèn", author="Ngô Tất Tố", year="1939")
    deliver(
        database,
        "s2",
        *books([("b", Book(title="Chiếc lược ngà. Tập 1")), ("c", twice), ("d", twice)]),
    )
    place_all(database)
    return database


def test_pairs_to_decide_are_shown_with_reasons_in_words(union: Database) -> None:
    page = inside(union).get("/staff/matches")

    assert "s1/a" in text(page)
    assert "perhaps one publication" in text(page)
    assert "the same publisher" in text(page)
    assert "publisher-equal" not in text(page)


def test_the_reasons_are_said_in_vietnamese(union: Database) -> None:
    page = text(inside(union).get("/staff/matches?lang=vi"))

    assert "So khớp" in page
    assert "cùng nhà xuất bản" in page


def test_pairs_of_one_library_only(union: Database) -> None:
    add_source(union, "s3", "L3")
    client = inside(union)

    assert "s1/a" in text(client.get("/staff/matches?library=L2"))
    assert "There is no pair to decide" in text(client.get("/staff/matches?library=L3"))
    assert client.get("/staff/matches?library=NONE").status_code == 404


def test_any_two_records_are_compared(union: Database) -> None:
    client = inside(union)
    page = client.get("/staff/matches/compare?one=s2/c&two=s2/d")

    assert "one publication" in text(page)
    assert "the same author" in text(page)
    assert client.get("/staff/matches/compare?one=s2/c&two=nothing").status_code == 404


def test_a_cluster_shows_its_members_and_why_they_are_one(union: Database) -> None:
    client = inside(union)
    [double] = document(client.get("/staff/matches/doubles/L2")).xpath("//h2/a/@href")
    page = client.get(double)

    assert "s2/c" in text(page)
    assert "Why they are one" in text(page)
    assert "the same year: 1939" in text(page)
    assert client.get("/staff/matches/cluster/999").status_code == 404


def test_doubles_are_a_file_for_the_library(union: Database) -> None:
    answer = inside(union).get("/staff/matches/doubles/L2/file.csv")
    [_, first, second] = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")))

    assert (first[0], first[1], second[1]) == (second[0], "c", "d")
    assert first[2].startswith("Tắt đèn")


def test_a_cataloguer_decides_and_takes_it_back(union: Database) -> None:
    client = inside(union, Role.CATALOGUER)
    page = document(client.get("/staff/matches"))
    [form] = page.xpath("//form[@action='/staff/matches/decide']")
    sent = dict(form.form_values())
    answers = [
        post(client, "/staff/matches/decide", **sent, decision="same", reason="đã xem")
        for _ in range(2)
    ]
    shown = text(client.get("/staff/matches"))
    place_all(union)
    cluster = get(union, "s1", "a").cluster
    history = text(client.get(f"/staff/matches/cluster/{cluster}"))

    assert [answer.headers["Location"] for answer in answers] == ["/staff/matches"] * 2
    assert "There is no pair to decide" in shown
    assert get(union, "s2", "b").cluster == cluster
    assert "đã xem" in history

    [number] = [each.id for each in verdicts.history(union)]
    post(client, f"/staff/matches/undo/{number}", back="/staff/matches/history")
    place_all(union)

    assert get(union, "s2", "b").cluster != cluster
    assert "took" in text(client.get("/staff/matches/history"))


def test_what_contradicts_is_told_with_its_path(union: Database) -> None:
    client = inside(union, Role.CATALOGUER)
    for one, two in (("s1/a", "s2/b"), ("s2/b", "s2/c")):
        post(client, "/staff/matches/decide", one=one, two=two, decision="same")

    answer = post(client, "/staff/matches/decide", one="s1/a", two="s2/c", decision="different")

    assert answer.status_code == 400
    assert "s1/a = s2/b = s2/c" in text(answer)


def test_who_only_looks_decides_nothing(union: Database) -> None:
    client = inside(union, Role.VIEWER)
    address = "/staff/matches/decide"

    assert not document(client.get("/staff/matches")).xpath("//form[@action=$to]", to=address)
    assert post(client, address, one="s1/a", two="s2/b", decision="same").status_code == 403
    assert post(client, "/staff/matches/undo/1").status_code == 403
    assert client.get("/staff/matches/history").status_code == 200
    assert verdicts.history(union) == []


def test_another_word_is_no_decision(union: Database) -> None:
    client = inside(union)

    answer = post(client, "/staff/matches/decide", one="s1/a", two="s2/b", decision="maybe")

    assert answer.status_code == 400
    assert post(client, "/staff/matches/undo/99").status_code == 404

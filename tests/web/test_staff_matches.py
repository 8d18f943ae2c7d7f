"""Matching on screen: what is asked, why records are one, what a library has twice."""

from __future__ import annotations

import csv
import io

import pytest
from sqlalchemy import event

from catalogue import verdicts
from catalogue.database import Database
from catalogue.records import get
from catalogue.users import Role
from catalogue.verdicts import Said
from support.pages import Book, add_source, books, deliver, place_all
from support.staff import boxes, document, inside, post, text

SAID = Said(author="Lan")


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


def cluster_of(union: Database, source: str, name: str) -> str:
    return f"/staff/matches/cluster/{get(union, source, name).cluster}"


def more_copies(union: Database, count: int) -> None:
    twice = Book(title="Tắt đèn", author="Ngô Tất Tố", year="1939")
    deliver(union, "s2", *books((f"x{number:03}", twice) for number in range(count)))
    place_all(union, limit=count)


def test_the_members_of_a_cluster_stand_side_by_side_with_their_differences(
    union: Database,
) -> None:
    other = Book(title="Tắt đèn", author="Ngô Tất Tố", year="1939", publisher="NXB Văn học")
    deliver(union, "s1", *books([("e", other)]))
    place_all(union)
    page = document(inside(union).get(cluster_of(union, "s2", "c")))

    heads = page.xpath("//table[contains(@class, 'beside')]/thead//th/text()")
    assert [head for head in heads if "/" in head] == ["s2/c", "s2/d", "s1/e"]
    [row] = page.xpath("//tr[th/text()='264 ']")
    assert row.xpath(".//mark/text()") == ["NXB"]
    assert "differs" in row.xpath("string(th)")
    assert page.xpath("//tr[th/text()='245']//mark") == []


def test_a_large_cluster_is_shown_some_records_at_a_time_beside_any(union: Database) -> None:
    more_copies(union, 6)
    client = inside(union)
    address = cluster_of(union, "s2", "c")
    page = document(client.get(address))
    [more] = page.xpath("//a[@rel='next']/@href")
    rest = document(client.get(more))
    chosen = page.xpath("//section//a/@href")[2]

    heads = "//table[contains(@class, 'beside')]/thead//th/text()"
    names = [[head for head in shown.xpath(heads) if "/" in head] for shown in (page, rest)]
    assert [len(each) for each in names] == [5, 4]
    assert (names[0][0], set(names[0]) & set(names[1])) == (names[1][0], {names[0][0]})
    assert rest.xpath("//a[@rel='next']") == []
    assert document(client.get(chosen)).xpath(heads)[1:2] == [names[0][3]]


MOST = 45


def test_pages_ask_as_often_for_a_cluster_of_many_as_of_few(union: Database) -> None:
    client = inside(union)
    asked: list[str] = []
    for engine in {union.read, union.primary}:
        event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for count in (3, 198):
        more_copies(union, count)
        asked.clear()
        page = client.get(cluster_of(union, "s2", "c"))
        counts.append(len(asked))

    assert "200" in text(page)
    assert counts[0] == counts[1] <= MOST


def test_the_queue_asks_as_often_for_many_questions_as_for_one(union: Database) -> None:
    client = inside(union)
    asked: list[str] = []
    for engine in {union.read, union.primary}:
        event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for titles in ((), ("Bỉ vỏ", "Lều chõng", "Giông tố", "Vỡ đê", "Số đỏ")):
        more = [(f"{t}{v}", Book(title=t + v)) for t in titles for v in ("", ". Tập 1")]
        deliver(union, "s1", *books(more))
        place_all(union)
        asked.clear()
        page = client.get("/staff/matches")
        counts.append((len(document(page).xpath("//tbody/tr")), len(asked)))

    (one, first), (several, second) = counts
    assert (one, several) == (1, 6)
    assert first == second <= MOST


def test_what_matching_did_is_taken_back_from_the_page_and_again(union: Database) -> None:
    client = inside(union, Role.CATALOGUER)
    more_copies(union, 1)
    address = cluster_of(union, "s2", "c")
    [form] = document(client.get(address)).xpath("//form[contains(@action, '/revert/')]")
    first = post(client, form.get("action"), back=address)
    again = post(client, form.get("action"), back=address)
    place_all(union)

    assert first.headers["Location"] == address
    assert (again.status_code, "nothing to take back" in text(again)) == (400, True)
    assert get(union, "s2", "x000").cluster != get(union, "s2", "c").cluster
    shown = document(client.get(address))
    assert shown.xpath("//form[contains(@action, '/revert/')]") == []

    [undo] = shown.xpath("//form[contains(@action, '/undo/')]/@action")
    post(client, undo, back=address)
    place_all(union)
    assert get(union, "s2", "x000").cluster == get(union, "s2", "c").cluster


def test_who_decides_on_an_old_page_is_told_so_and_nothing_is_kept(union: Database) -> None:
    client = inside(union, Role.CATALOGUER)
    [form] = document(client.get("/staff/matches")).xpath("//form[@action='/staff/matches/decide']")
    sent = dict(form.form_values())
    deliver(union, "s1", *books([("a", Book(title="Bỉ vỏ"))]))

    answer = post(client, "/staff/matches/decide", **sent, decision="same")

    assert answer.status_code == 409
    assert "not what they were when you looked" in text(answer)
    assert verdicts.history(union) == []


def test_why_two_are_not_one_is_said_beside_them(union: Database) -> None:
    client = inside(union)
    verdicts.decide(union, ("s2", "c"), ("s2", "d"), verdicts.Verdict.DIFFERENT, SAID)
    place_all(union)
    page = document(client.get("/staff/matches/compare?one=s2/c&two=s2/d"))
    asked = document(client.get("/staff/matches/compare?one=s1/a&two=s2/b&lang=vi"))

    assert "Lan decided that they are two publications" in page.text_content()
    assert "Why they are one" not in page.text_content()
    assert "So khớp để người quyết định" in asked.text_content()


def test_taking_back_needs_a_cataloguer_and_the_sessions_token(union: Database) -> None:
    more_copies(union, 1)
    viewer, cataloguer = inside(union, Role.VIEWER), inside(union, Role.CATALOGUER)
    address = cluster_of(union, "s2", "c")
    [action] = document(cataloguer.get(address)).xpath(
        "//form[contains(@action, 'revert')]/@action"
    )

    assert document(viewer.get(address)).xpath("//form[contains(@action, 'revert')]") == []
    assert post(viewer, action).status_code == 403
    assert cataloguer.post(action, data={"back": address}).status_code == 400
    assert post(cataloguer, "/staff/matches/revert/9999").status_code == 404
    assert verdicts.history(union) == []


def test_pages_to_judge_on_can_be_read_by_ear(union: Database) -> None:
    more_copies(union, 3)
    client = inside(union, Role.CATALOGUER)
    for address in (cluster_of(union, "s2", "c"), "/staff/matches/compare?one=s1/a&two=s2/b"):
        page = document(client.get(address))

        labels = page.xpath("//form[contains(@action, 'decide')]/@aria-label")
        assert labels
        assert len(set(labels)) == len(labels)
        for region in page.xpath("//*[@aria-labelledby]"):
            assert page.xpath("//*[@id=$named]", named=region.get("aria-labelledby"))
        assert page.xpath("//table//th[not(@scope)]") == []
        assert page.xpath("//button[normalize-space()='Take back'][not(@aria-label)]") == []
        names = page.xpath("//@id")
        assert len(set(names)) == len(names)


def test_what_only_cip_records_describe_is_shown_a_page_at_a_time(union: Database) -> None:
    entered = [f"19{month:02}01" for month in range(1, 13)] * 3
    told = [
        (
            f"cip{number}",
            Book(title=f"Sách {number}", level="8", entered=date, author=f"N {number}"),
        )
        for number, date in enumerate(entered)
    ]
    deliver(union, "s1", *books(told))
    place_all(union)
    client = inside(union)
    page = document(client.get("/staff/matches/cip"))
    [more] = page.xpath("//a[@rel='next']/@href")
    rest = document(client.get(more))
    [link] = document(client.get("/staff/matches")).xpath("//a[@href='/staff/matches/cip']")

    assert "CIP" in link.text
    assert len(page.xpath("//tbody/tr")) == 30
    assert len(rest.xpath("//tbody/tr")) == 6
    assert "2019-01" in page.xpath("string(//tbody/tr[1])")


def test_a_pair_decided_one_by_one_leads_on_and_can_be_taken_back(union: Database) -> None:
    client = inside(union, Role.CATALOGUER)
    page = document(client.get("/staff/matches/review?keys=off"))
    sent = {**boxes(page), "decision": "same"}
    once, twice = (post(client, "/staff/matches/review", **sent) for _ in range(2))
    following = client.get(once.location)
    [undo] = document(following).xpath("//form[contains(@action, '/undo/')]")
    back = post(client, undo.action, **dict(undo.form_values()))
    again = document(client.get(back.location))

    assert (sent["a"], sent["b"]) == ("s1/a", "s2/b")
    assert page.xpath("//script[contains(@src, 'keys.js')]") == []
    assert "done=" not in twice.location
    assert "There is no further pair to decide" in text(following)
    assert [each.after for each in verdicts.history(union)] == ["", "same"]
    assert boxes(again)["a"] == "s1/a"
    assert post(client, "/staff/matches/review", **sent | {"decision": "x"}).status_code == 400

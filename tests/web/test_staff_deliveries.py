"""Deliveries on screen: sent, checked by a worker, read by a person, applied or thrown away."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue import sources
from catalogue.database import Database
from catalogue.intake import rows
from catalogue.intake.model import Kind, State
from catalogue.users import Role
from harvester.model import FileLimits
from scheduler.intake import check_next
from support.deliveries import Counter, book, books
from support.lines import beside, wait_until
from support.staff import document, hub, inside, post, text


@pytest.fixture
def counter(database: Database, tmp_path: Path) -> Iterator[Counter]:
    with ExitStack() as ending:
        made = Counter(database, tmp_path, ending)
        made.add()
        yield made


@pytest.fixture
def client(counter: Counter) -> FlaskClient:
    return inside(counter.database, line=counter.line)


def send(
    client: FlaskClient, *files: tuple[str, bytes], source: str = "s1", kind: str = ""
) -> TestResponse:
    token = document(client.get("/staff/account")).xpath("string(//input/@value)")
    sent = [(io.BytesIO(body), name) for name, body in files]
    data = {"csrf_token": token, "source": source, "kind": kind, "files": sent}
    return client.post("/staff/deliveries/send", data=data, buffered=True)


def counted(answer: TestResponse) -> dict[str, int]:
    found = document(answer).xpath("//*[@data-count]")
    return {each.get("data-count"): int(each.text) for each in found}


def test_a_file_is_sent_checked_read_and_applied(client: FlaskClient, counter: Counter):
    sent = send(client, ("sách.mrc", books(range(30))))
    waiting = client.get(sent.location)
    with beside(counter.hub.work):
        wait_until(lambda: rows.get(counter.database, 1).state is State.CHECKED)
        checked = client.get(sent.location)
        applied = post(client, f"{sent.location}/apply")
        wait_until(lambda: rows.get(counter.database, 1).state is State.APPLIED)
    shown, run = client.get(sent.location), client.get("/staff/runs/1")

    assert (sent.location, applied.location) == ("/staff/deliveries/1", "/staff/deliveries/1")
    assert "waits to be checked" in text(waiting)
    assert counted(checked) == {"added": 30}
    assert document(shown).xpath("//a[@href='/staff/runs/1']")
    assert document(run).xpath("//a[@href='/staff/deliveries/1']")


def test_several_files_are_sent_at_once_and_twice_is_as_good_as_once(
    client: FlaskClient, counter: Counter
):
    files = [("a.mrc", books(range(3))), ("b.mrc", books(range(3, 5)))]
    send(client, *files, kind="whole")
    again = client.get(send(client, *files, kind="whole").location)

    assert [each.kind for each in rows.all(counter.database)] == [Kind.WHOLE, Kind.WHOLE]
    assert "a.mrc waits already, as delivery 1" in text(again)


def test_what_is_wrong_with_a_file_is_told_by_place(client: FlaskClient, counter: Counter):
    broken = b"".join(book(f"x{n}")[:60] + b"%d\x1d" % n for n in range(3))
    send(client, ("s.mrc", books(range(50)) + broken))
    assert check_next(counter.line, Event())
    shown = text(client.get("/staff/deliveries/1"))

    assert "Refused: 3" in shown
    assert "s.mrc!" in shown


def test_what_the_guards_say_stands_above_the_button(client: FlaskClient, counter: Counter):
    counter.deliver(books(range(100)), Kind.WHOLE)
    intake = counter.checked(books(range(20)), Kind.WHOLE)
    page = document(client.get(f"/staff/deliveries/{intake.id}"))

    assert "80 of 100 live records" in page.xpath("string(//*[@role='alert'])")
    assert page.xpath("//form[contains(@action, '/apply')]")


def test_a_refused_file_can_only_be_thrown_away(client: FlaskClient, counter: Counter):
    intake = counter.checked(b"%PDF-1.7 x\n" * 99)
    page = document(client.get(f"/staff/deliveries/{intake.id}"))
    post(client, f"/staff/deliveries/{intake.id}/discard")
    again = post(client, f"/staff/deliveries/{intake.id}/discard")

    assert "PDF" in page.xpath("string(//*[@role='alert'])")
    assert not page.xpath("//form[contains(@action, '/apply')]")
    assert again.status_code == 302
    assert rows.get(counter.database, intake.id).state is State.DISCARDED


def test_applying_twice_is_as_good_as_once(client: FlaskClient, counter: Counter):
    number = counter.checked(books(range(3))).id
    answers = [post(client, f"/staff/deliveries/{number}/apply") for _ in range(2)]
    counter.harvest()
    after = post(client, f"/staff/deliveries/{number}/apply")

    assert [each.status_code for each in (*answers, after)] == [302, 302, 302]
    assert "was applied before" in text(client.get(after.location))


def test_other_settings_want_another_check(client: FlaskClient, counter: Counter):
    number = counter.checked(books(range(3))).id
    source = sources.get(counter.database, "s1")
    sources.change(counter.database, replace(source, encoding="tcvn3"))
    shown = client.get(f"/staff/deliveries/{number}")
    refused = post(client, f"/staff/deliveries/{number}/apply")
    post(client, f"/staff/deliveries/{number}/check")

    assert "check it again before it is applied" in text(shown)
    assert not document(shown).xpath("//form[contains(@action, '/apply')]")
    assert refused.status_code == 409
    assert rows.get(counter.database, number).state is State.RECEIVED


def test_the_page_asks_how_far_the_check_is_until_it_has_ended(
    client: FlaskClient, counter: Counter
):
    counter.receive(books(range(3)))
    before = document(client.get("/staff/deliveries/1"))
    counter.check(1)
    after = client.get("/staff/deliveries/1/progress")

    assert before.xpath("//div[@id='progress']/@hx-get") == ["/staff/deliveries/1/progress"]
    assert before.xpath("//noscript/meta/@http-equiv") == ["refresh"]
    assert after.headers["HX-Refresh"] == "true"


def test_a_form_without_files_or_with_a_wrong_source_is_shown_again(
    client: FlaskClient, counter: Counter
):
    nothing = send(client)
    empty = send(client, ("leer.mrc", b""))
    nowhere = send(client, ("s.mrc", books(range(2))), source="nobody")

    assert [each.status_code for each in (nothing, empty, nowhere)] == [400, 400, 400]
    assert "Choose the files first." in text(nothing)
    assert "leer.mrc is empty" in text(empty)
    assert counter.files() == []


def test_a_file_that_is_too_large_is_refused_and_nothing_is_left_of_it(
    database: Database, counter: Counter
):
    line = replace(counter.line, file_limits=FileLimits(file_bytes=1000))
    client = inside(database, line=line)
    large = send(client, ("groß.mrc", books(range(100))))
    huge = client.post(
        "/staff/deliveries/send",
        data=bytes(3_000_000),
        content_type="multipart/form-data; boundary=x",
    )

    assert (large.status_code, huge.status_code) == (409, 409)
    assert "groß.mrc is larger than" in text(large)
    assert "2.9 MiB is larger than" in text(huge)
    assert counter.files() == []


def test_only_operators_send_apply_and_discard(counter: Counter):
    number = counter.checked(books(range(3))).id
    client = inside(counter.database, Role.CATALOGUER, line=counter.line)
    page = document(client.get(f"/staff/deliveries/{number}"))
    addresses = (f"{number}/apply", f"{number}/discard", f"{number}/check", "send")
    answers = [post(client, f"/staff/deliveries/{each}").status_code for each in addresses]
    large = send(client, ("s.mrc", books(range(2000))))

    assert not page.xpath("//main//form")
    assert answers == [403, 403, 403, 403]
    assert large.status_code in (403, 413)
    assert len(rows.all(counter.database)) == 1


def test_who_is_not_signed_in_fills_no_disk(counter: Counter):
    client = hub(counter.database, line=counter.line)
    answer = client.post(
        "/staff/deliveries/send", data={"files": [(io.BytesIO(b"x" * 500_000), "s.mrc")]}
    )

    assert answer.status_code in (302, 400, 413)
    assert counter.files() == []


def test_the_lists_and_the_source_lead_to_each_other(client: FlaskClient, counter: Counter):
    counter.checked(books(range(3)))
    listed = document(client.get("/staff/deliveries"))
    source = document(client.get("/staff/sources/s1"))

    assert listed.xpath("//a[@href='/staff/deliveries/1']")
    assert source.xpath("//a[@href='/staff/deliveries?source=s1']")
    assert client.get("/staff/deliveries/99").status_code == 404


def test_every_page_can_be_read_by_ear(client: FlaskClient, counter: Counter):
    broken = book("x")[:60] + b"\x1d"
    counter.checked(books(range(3)) + broken)
    addresses = ("", "/send", "/1")
    for page in (document(client.get(f"/staff/deliveries{each}")) for each in addresses):
        headings = [int(heading.tag[1]) for heading in page.xpath("//h1 | //h2 | //h3")]
        labels = set(page.xpath("//label/@for"))
        boxes = page.xpath("//main//*[self::input or self::select][not(@type='hidden')]")
        names = page.xpath("//@id")

        assert headings[0] == 1
        assert headings.count(1) == 1
        assert all(box.get("id") in labels for box in boxes)
        assert page.xpath("//style | //@style | //script[not(@src)]") == []
        assert page.xpath("//table[not(thead//th[@scope='col'])]") == []
        assert len(names) == len(set(names))
        assert set(" ".join(page.xpath("//@aria-describedby")).split()) <= set(names)

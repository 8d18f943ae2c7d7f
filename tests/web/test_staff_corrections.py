"""Corrections on screen: laid, looked at first, taken off, and refused with what was typed kept."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from catalogue.database import Database
from catalogue.overlays import making
from catalogue.overlays.making import By
from catalogue.overlays.model import Change, Kind
from catalogue.overlays.notation import read, write
from catalogue.records import get
from catalogue.users import Role
from support.pages import Book, add_source, books, deliver, place_all
from support.staff import document, inside, post, text

TITLE = "245 10 $a Số đỏ"
RIGHT = "245 10 $a Số đỏ : $b tiểu thuyết"


@pytest.fixture
def union(database: Database) -> Database:
    add_source(database)
    deliver(database, "s1", *books([("a", Book())]))
    place_all(database)
    return database


@pytest.fixture
def page(union: Database) -> str:
    return f"/staff/corrections/record/{get(union, 's1', 'a').cluster}"


def send(client: FlaskClient, page: str, field: str = TITLE, /, **changed: str) -> TestResponse:
    """Send the form below a field, or with no field the one that adds one."""
    forms = document(client.get(page)).xpath("//main//form[.//textarea]")
    [form] = [each for each in forms if each.fields["beneath"] == field]
    return post(client, page, **dict(form.form_values()) | changed)


def lines(union: Database) -> list[str]:
    found = making.master(union, get(union, "s1", "a").cluster)
    return [write(each) for each in found.record.fields]


def test_a_field_is_corrected_added_left_out_and_all_of_it_taken_off(union, page) -> None:
    client = inside(union, Role.CATALOGUER)
    before = lines(union)
    answers = [
        send(client, page, over=RIGHT, reason="theo bìa sách"),
        send(client, page, "", over="650 #4 $a Trào phúng", reason="theo nội dung"),
        send(client, page, "300 ## $a 250 tr.", out="yes", reason="sai"),
    ]
    corrected = lines(union)
    shown = text(client.get(page))
    listed = document(client.get("/staff/corrections")).xpath("//form[contains(@action, '/undo/')]")
    for form in listed:
        post(client, form.action, **dict(form.form_values()))

    assert [answer.status_code for answer in answers] == [302] * 3
    assert RIGHT in corrected
    assert "650 #4 $a Trào phúng" in corrected
    assert "300 ## $a 250 tr." not in corrected
    assert "theo bìa sách" in shown
    assert [line for line in lines(union) if line[:3] != "005"] == [
        line for line in before if line[:3] != "005"
    ]
    assert "taken off" in text(client.get(page))


def test_what_it_would_be_is_shown_and_nothing_kept(union, page) -> None:
    answer = send(
        inside(union, Role.CATALOGUER), page, over="245 10 $a Số đỏ $8 x $8 y", look="yes"
    )

    assert document(answer).xpath("//*[@id='looked']//ins")
    assert "Nothing is kept yet" in text(answer)
    assert making.all(union, undone=True) == []


def test_what_differs_is_corrected_alone_or_the_field_as_a_whole(union, page) -> None:
    client = inside(union, Role.CATALOGUER)
    [leader] = [line for line in told(client, page) if line.startswith("LDR")]
    send(client, page, over="245 10 $a Số đỏ $b tiểu thuyết", reason="bìa")
    send(client, page, leader, over=leader.replace("nam", "ncm"), reason="bìa")
    whole = "300 ## $a 250 trang"
    post_without_parts(client, page, "300 ## $a 250 tr.", over=whole, reason="đếm lại")
    made = [(write(each.change.over), each.change.is_part) for each in making.all(union)]

    assert made == [(whole, False), ("LDR/06 c", True), ("245 10 $b tiểu thuyết", True)]


def test_who_types_a_field_is_told_what_is_wrong_and_what_it_is_for(union, page) -> None:
    client = inside(union, Role.CATALOGUER)
    cases = {"245 10": "no subfield", "245 19 $a Số đỏ": "Title and who", TITLE: "Title and who"}
    answers = {
        over: text(post(client, f"{page}/check?at=3", over=over, kind="replace", beneath=TITLE))
        for over in cases
    }

    assert [said in answers[over] for over, said in cases.items()] == [True] * 3
    assert making.all(union, undone=True) == []


def told(client: FlaskClient, page: str) -> list[str]:
    """Return the fields that a page has a form for, as lines."""
    return document(client.get(page)).xpath("//main//input[@name='beneath']/@value")


def post_without_parts(
    client: FlaskClient, page: str, field: str, /, **changed: str
) -> TestResponse:
    """Send the form below a field with its box for what differs unticked."""
    forms = document(client.get(page)).xpath("//main//form[.//textarea]")
    [form] = [each for each in forms if each.fields["beneath"] == field]
    values = dict(form.form_values()) | changed
    del values["parts"]
    return post(client, page, **values)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"over": "245 10", "reason": "x"}, "no subfield"),
        ({"over": RIGHT, "reason": " "}, "say why"),
        ({"over": TITLE, "reason": "x"}, "Nothing would change"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(union, page, typed, said) -> None:
    answer = send(inside(union, Role.CATALOGUER), page, **typed)

    assert answer.status_code == 400
    assert said in text(answer)
    [box] = document(answer).xpath("//details[@open]//textarea")
    assert box.text.strip() == typed["over"]


def test_two_people_at_one_record_are_told_of_each_other(union, page) -> None:
    client = inside(union, Role.CATALOGUER)
    forms = document(client.get(page)).xpath("//main//form[.//textarea]")
    [opened] = [dict(each.form_values()) for each in forms if each.fields["beneath"] == TITLE]
    change = Change(kind=Kind.ADD, over=read("500 ## $a Của người khác"))
    making.make(union, page.rpartition("/")[2], change, By("hoa", "vì"))
    place_all(union)
    answer = post(client, page, **opened | {"over": RIGHT, "reason": "x"})

    assert answer.status_code == 400
    assert "has changed since you began" in text(answer)
    assert RIGHT in document(answer).xpath("//details[@open]//textarea")[0].text
    assert RIGHT not in lines(union)


def test_who_may_only_read_corrects_nothing(union, page) -> None:
    client = inside(union, Role.VIEWER)

    assert document(client.get(page)).xpath("//main//textarea") == []
    assert post(client, page, over=RIGHT).status_code == 403
    where = client.get("/staff/corrections?record=000000001").location
    assert where == "/staff/corrections/record/000000001"
    assert client.get("/staff/corrections/record/999").status_code == 404


def test_a_library_is_given_what_was_corrected_of_its_records(union, page) -> None:
    client = inside(union, Role.CATALOGUER)
    send(client, page, over=RIGHT, reason="theo bìa sách")
    links = document(client.get("/staff/members/L1")).xpath("//a[contains(@href, '/file.')]/@href")
    table, iso, xml = (client.get(link) for link in links)

    assert "theo bìa sách" in table.get_data().decode("utf-8-sig")
    assert "tiểu thuyết".encode() in iso.get_data()
    assert "tiểu thuyết".encode() in xml.get_data()
    assert client.get("/staff/corrections/library/X/file.csv").status_code == 404

"""A library taken in on the pages: staff note, check and agree; the library answers by its link."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from catalogue.database import Database
from catalogue.joining import checks, store
from catalogue.joining.model import By, State
from catalogue.model import Source
from catalogue.users import Role
from support.engines import Engine
from support.pages import Book, books, deliver, place_all
from support.searching import search
from support.staff import boxes, document, inside, post, text

FORM = {"code": "MOI", "name": "Thư viện Mới", "contact": "Lê An", "mail": "an@example.vn"}
SOURCE = Source(name="moi", library="MOI", protocol="oai-pmh", url="http://127.0.0.1:9/oai")


@pytest.fixture
def hub(sqlite_engine: Engine) -> Iterator[Database]:
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        yield database
        database.close()


@pytest.fixture
def operator(hub: Database) -> FlaskClient:
    return inside(hub, Role.OPERATOR)


def link_of(client: FlaskClient) -> str:
    page = document(post(client, "/staff/joining/MOI/invite"))
    return str(page.xpath("string(//input[@id='link']/@value)")).partition("8080")[2]


def passed(hub: Database) -> int:
    number = checks.begin(hub, "MOI", By("an"))
    finding = {
        "code": "only-one-page",
        "severity": "info",
        "records": 2,
        "where": "",
        "example": "",
    }
    checks.finish(hub, number, "pass", {"findings": [finding], "facts": {"records": 2}})
    return number


def test_a_library_is_taken_in_by_its_link_and_the_staff(hub, operator) -> None:
    for _ in range(2):
        assert post(operator, "/staff/add-joining", **FORM).status_code == 302
    assert len(store.all(hub)) == 1
    where = link_of(operator)
    member = operator.application.test_client()
    page = member.get(f"{where}?lang=vi")
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "Khảo sát" in page.text

    kept = member.post(f"{where}/survey", data={"system": "Koha 23.05", "part": "1"})
    assert kept.status_code == 302
    assert 'value="Koha 23.05"' in member.get(where).text
    refused = member.post(f"{where}/survey", data={"system": "Koha"})
    assert refused.status_code == 400
    assert store.get(hub, "MOI").state is State.SURVEY

    checks.stream(hub, "MOI", SOURCE, By("an"))
    deliver(hub, "moi", *books([("a", Book()), ("b", Book(title="Vỡ đê"))]))
    place_all(hub)
    passed(hub)
    shown = member.get(where).text
    assert "All records came on one page" in member.get(f"{where}?lang=en").text
    assert "=245" in shown
    assert "Số đỏ" in shown
    assert search(hub, "so do").total == 0

    form = boxes(document(member.get(where)), 0)
    assert member.post(f"{where}/sign", data=form | {"agree": "1"}).status_code == 302
    assert store.get(hub, "MOI").state is State.AGREED
    staff = boxes(document(operator.get("/staff/joining/MOI")), 1)
    assert post(operator, "/staff/joining/MOI/sign", **staff).status_code == 302
    place_all(hub)
    assert search(hub, "so do").total == 1
    assert "connected" in text(operator.get("/staff/joining"))
    assert member.get(where).status_code == 404
    assert "Ask the staff" in member.get(f"{where}?lang=en").text


def test_what_is_to_be_mended_comes_back_to_the_staff_and_a_stale_page_does_nothing(
    hub, operator
) -> None:
    post(operator, "/staff/add-joining", **FORM)
    where = link_of(operator)
    checks.stream(hub, "MOI", SOURCE, By("an"))
    number = passed(hub)
    member = operator.application.test_client()
    old = store.get(hub, "MOI").rev - 1
    stale = {"check": str(number), "seen": str(old), "agree": "1"}
    assert member.post(f"{where}/sign", data=stale).status_code == 400
    mend = {"seen": str(old + 1), "mend": "1", "note": "sai nhan đề"}
    assert member.post(f"{where}/sign", data=mend).status_code == 302
    assert store.get(hub, "MOI").state is State.FIX
    assert "sai nhan đề" in operator.get("/staff/joining/MOI").text

    assert post(operator, "/staff/joining/MOI/move", state="nowhere").status_code == 400
    assert post(operator, "/staff/joining/MOI/move", state="declined").status_code == 302
    assert member.get(where).status_code in (200, 404)
    assert post(operator, "/staff/joining/MOI/invite").status_code == 400


def test_a_check_is_asked_for_once_and_files_of_the_hub_are_no_applicants(hub, operator) -> None:
    post(operator, "/staff/add-joining", **FORM)
    where = link_of(operator)
    for _ in range(2):
        page = boxes(document(operator.get("/staff/joining/MOI")), 0)
        answer = operator.post("/staff/joining/MOI/check", data=page | {"address": SOURCE.url})
        assert answer.status_code == 302
    assert len(checks.all(hub, "MOI")) == 1
    assert "under way" in text(operator.get("/staff/joining/MOI"))

    member = operator.application.test_client()
    files = {"address": "file:/etc/passwd", "part": "1"}
    assert member.post(f"{where}/survey", data=files).status_code == 400
    assert member.get("/joining/nothing").status_code == 404


def test_who_may_only_look_moves_nothing(hub, operator) -> None:
    post(operator, "/staff/add-joining", **FORM)
    viewer = inside(hub, Role.VIEWER)

    assert "Make a link" not in viewer.get("/staff/joining/MOI").text
    for path in ("move", "check", "invite", "sign"):
        assert post(viewer, f"/staff/joining/MOI/{path}").status_code == 403

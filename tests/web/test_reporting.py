"""Errors that readers report: from the form on a record's page to the answer, and by whom seen."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from catalogue import users
from catalogue.audit import store
from catalogue.audit.store import Wanted as Audited
from catalogue.database import Database
from catalogue.model import HubIdentity
from catalogue.tickets import looking
from catalogue.tickets.model import Kind, Report, Wanted
from catalogue.tickets.opening import open_ticket
from catalogue.tickets.rules import Rules
from catalogue.users import Role
from harvester.mailing import NONE, MailSettings
from scheduler.alerts.model import Teller
from scheduler.alerts.telling import tell_now
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.receivers import mail_server
from support.searching import search
from support.staff import (
    PASSWORD,
    boxes,
    document,
    hub,
    inside,
    line,
    room,
    sign_in_at,
    text,
    with_known_templates,
)
from web.alerts.letters import Letters
from web.app import create_app
from web.counting import Doors
from web.public import formtoken
from web.staff.tickets import doing

KEY = b"k" * 32
SAID = {"kind": "description", "text": "Năm xuất bản là 1820.", "mail": "doc@example.vn"}


@pytest.fixture
def database(sqlite_engine: Engine) -> Iterator[Database]:
    """Give a hub of A and B, who share a book, and C, who has another."""
    with sqlite_engine.fresh() as url:
        opened = Database.open(url)
        kieu = book("Truyện Kiều", author="Nguyễn Du", year="2015", isbn="9786046977711")
        for code, held in (("A", kieu), ("B", kieu), ("C", book("Số đỏ"))):
            add_library(opened, code, f"Thư viện {code}")
            users.add(opened, f"lib{code}", PASSWORD, Role.MEMBER, library=code)
            deliver(opened, code, {"1": held})
        settle(opened)
        yield opened
        opened.close()


def number_of(database: Database, words: str = "truyen kieu") -> str:
    return search(database, words).hits[0].public_id


def reader(database: Database, **rules: object) -> FlaskClient:
    """Return a reader of a hub that can send mail."""
    doors = Doors(reports=Rules(**{"mails": True, "per_minute": 50, **rules}))
    app = create_app(database, HubIdentity(), KEY, doors=doors, room=room(database))
    client: FlaskClient = with_known_templates(app).test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def send(client: FlaskClient, public_id: str, ago: float = 60, **said: str) -> TestResponse:
    """Send the form as it was shown some seconds ago."""
    token = formtoken.token(KEY, f"report {public_id}", time.time() - ago)
    return client.post(f"/record/{public_id}/report", data={"token": token, **SAID, **said})


def entered(database: Database, library: str) -> FlaskClient:
    client = hub(database)
    sign_in_at(client, "member", f"lib{library}")
    return client


def opened(database: Database, words: str = "truyen kieu", text: str = "Sai năm") -> int:
    report = Report(kind=Kind.DESCRIPTION, text=text)
    return open_ticket(database, number_of(database, words), "Truyện Kiều", report)


def test_a_report_is_sent_without_signing_in_and_twice_is_once(database: Database):
    client, public_id = reader(database), number_of(database)
    form = boxes(document(client.get(f"/record/{public_id}/report")))
    sent = [send(client, public_id) for _ in range(2)]
    thanks = client.get(sent[0].location)
    [entry] = store.entries(database, Audited(), limit=9)

    assert f'href="/record/{public_id}/report"' in client.get(f"/record/{public_id}").text
    assert form.keys() == {"token", "kind", "text", "mail", "website"}
    assert [each.status_code for each in sent] == [303, 303]
    assert sent[0].location == sent[1].location == f"/record/{public_id}/report/1"
    assert "It has the number 1." in text(thanks)
    assert "Set-Cookie" not in sent[0].headers
    assert len(looking.listing(database, Wanted())) == 1
    assert (entry.who, entry.address, entry.act) == ("", "", "public.send_report")
    assert "doc@example.vn" not in str(entry)


WRONG: list[tuple[float, dict[str, str], str]] = [
    (0, {}, "That was very quick"),
    (13 * 3600, {}, "open for too long"),
    (60, {"token": "1.00"}, "open for too long"),
    (60, {"token": "ấ.ấ"}, "open for too long"),
    (60, {"website": "https://x"}, "leave the box empty"),
    (60, {"text": "..."}, "say in a few words"),
    (60, {"mail": "ai"}, "ai is not a mail address"),
]


def test_what_no_person_sends_opens_nothing_and_says_why(database: Database):
    client, public_id = reader(database), number_of(database)
    for ago, changes, said in WRONG:
        answer = send(client, public_id, ago, **{"text": "<b>Sai rồi</b>", **changes})
        again = boxes(document(answer))

        assert (answer.status_code, said in text(answer)) == (400, True), said
        assert again["text"].lstrip("\n") == changes.get("text", "<b>Sai rồi</b>")
        assert formtoken.age(KEY, f"report {public_id}", again["token"]) is not None
    assert looking.listing(database, Wanted(finished=True)) == []


def test_an_address_sends_so_many_a_minute_and_no_mail_is_kept_without_a_server(
    database: Database,
):
    client, public_id = reader(database, per_minute=2), number_of(database)
    answers = [send(client, public_id, text=f"Sai lần {at}") for at in range(3)]

    # Where no mail goes out nobody is asked for an address, and none is kept.
    client = reader(database, mails=False)
    form = boxes(document(client.get(f"/record/{public_id}/report")))
    unasked = send(client, public_id, text="Sai lần nữa").location.rpartition("/")[2]

    assert ("mail" in form, looking.get(database, int(unasked)).ticket.answerable) == (False, False)
    assert [each.status_code for each in answers] == [303, 303, 429]
    assert int(answers[2].headers["Retry-After"]) > 0
    assert "Too many reports" in text(answers[2])


def test_there_is_no_form_and_no_number_for_what_is_not_there(database: Database):
    client, public_id = reader(database), number_of(database)
    opened(database, "so do")
    addresses = (
        "999999/report",
        f"{public_id}/report/1",
        f"{public_id}/report/99",
        f"{public_id}/report/{10**30}",
    )

    assert {client.get(f"/record/{each}").status_code for each in addresses} == {404}
    assert send(client, "999999").status_code == 404


def test_a_member_sees_and_works_on_its_own_reports_alone(database: Database):
    number, other = opened(database), opened(database, "so do")
    mine = entered(database, "A")
    page = mine.get(f"/member/tickets/{number}")
    form = boxes(document(page))
    post = {"state": "looking", "text": "xem sách"}
    sent = [mine.post(f"/member/tickets/{number}", data=form | post).status_code for _ in range(2)]
    stale = mine.post(f"/member/tickets/{number}", data=form | {"text": "khác hẳn"})
    closing = boxes(document(mine.get(f"/member/tickets/{number}"))) | {"state": "mended"}
    closed = mine.post(f"/member/tickets/{number}", data=closing)

    assert "Truyện Kiều" in text(mine.get("/member/tickets"))
    assert document(mine.get("/member/tickets")).xpath("//tbody//th/a/text()") == [str(number)]
    assert mine.get(f"/member/tickets/{other}").status_code == 404
    assert mine.post(f"/member/tickets/{other}", data=form | post).status_code == 404
    assert mine.get(f"/member/tickets/{2**64}").status_code == 404
    assert "Thư viện B" not in text(page)
    assert document(page).xpath("//select/option/@value") == ["open", "looking"]
    assert sent == [302, 302]
    assert (stale.status_code, closed.status_code) == (400, 400)
    assert "changed by somebody else meanwhile" in text(stale)
    assert "khác hẳn" in text(stale)
    assert "concerns other libraries too" in text(closed)
    assert [each.note for each in looking.get(database, number).events] == ["", "xem sách"]


def test_staff_close_a_report_and_the_reader_is_answered(database: Database):
    send(reader(database), number_of(database))
    staff = inside(database, Role.CATALOGUER)
    page = staff.get("/staff/tickets/1")
    form = boxes(document(page)) | {"state": "mended", "text": "Đã sửa thành 1820."}
    done = [staff.post("/staff/tickets/1", data=form).location for _ in range(2)]
    with mail_server() as box:
        mail = MailSettings(host="127.0.0.1", port=box.port, tls=NONE, timeout=5)
        teller = Teller(line=line(database), wording=Letters(identity=HubIdentity()), mail=mail)
        tell_now(teller)
    [letter] = box.letters

    assert {"Thư viện A", "Thư viện B", "a/1", "b/1"} <= {
        each.strip() for each in document(page).xpath("//a/text()")
    }
    assert "doc@example.vn" not in page.text
    assert done == ["/staff/tickets/1"] * 2
    assert letter["To"] == "doc@example.vn"
    for part in ("Your report number 1", "Đã sửa thành 1820.", f"/record/{number_of(database)}"):
        assert part in f"{letter['Subject']} {letter.get_content()}"


def test_the_lists_ask_as_often_for_many_reports_as_for_one(
    database: Database, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(doing, "PER_PAGE", 5)
    client, member = inside(database), entered(database, "C")
    asked: list[str] = []
    for engine in {database.read, database.primary}:
        event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts, shown = [], ""
    for many in (1, 8):
        for at in range(many):
            opened(database, "so do", f"Lỗi {many} {at}")
        for who, where in (
            (client, "/staff/tickets"),
            (client, "/staff/tickets?state=all&library=C"),
            (member, "/member/tickets"),
        ):
            asked.clear()
            shown = who.get(where).text
            counts.append(len(asked))

    assert counts[:3] == counts[3:]
    assert max(counts) <= 20
    assert 'rel="next"' in shown

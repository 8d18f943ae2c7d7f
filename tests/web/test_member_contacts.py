"""A library's own contacts, and what they are told: seen in letters that a mail server takes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from catalogue import libraries, users
from catalogue.alerts import channels, notices
from catalogue.alerts.model import Channel, ChannelKind, Kind, Rhythm
from catalogue.alerts.notices import Notices
from catalogue.database import Database
from catalogue.members import contacts
from catalogue.members.model import Contact
from catalogue.model import HubIdentity, Library
from catalogue.users import Role
from crosswalks.model import Severity
from harvester.mailing import MailSettings
from scheduler.alerts.model import Teller
from scheduler.alerts.telling import tell_now
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support.engines import SQLITE_USUALLY, Engine
from support.lines import Hub
from support.loopback import Reply
from support.oai_source import Repository, items
from support.receivers import mail_server
from support.staff import PASSWORD, boxes, document, sign_in_at, text, visitor
from web.alerts.letters import Letters

AT = "/member/contacts"
MAI = Contact(name="Mai", mail="mai@example.vn", notes="ghi chú của hub")
WEEKLY = {"digest": "weekly", "language": "en"}
ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


@pytest.fixture
def database(engine: Engine) -> Iterator[Database]:
    """Give a hub with two libraries, of which S1 has a user and a contact."""
    with engine.fresh() as url:
        opened = Database.open(url)
        for code in ("S1", "KHAC"):
            libraries.add(opened, Library(code=code))
            contacts.add(opened, code, MAI)
        users.add(opened, "tv", PASSWORD, Role.MEMBER, library="S1")
        yield opened
        opened.close()


@pytest.fixture
def client(database: Database) -> FlaskClient:
    made = visitor(database)
    sign_in_at(made, "member", "tv")
    return made


def form(client: FlaskClient, name: str = "", at: int = 1) -> dict[str, str]:
    """Return a form of a contact's page: 1 its details, 2 what it is told, 3 to take it away."""
    address = f"{AT}/contact?name={name}" if name else f"{AT}/contact"
    return boxes(document(client.get(address)), at)


def keep(client: FlaskClient, was: str = "", **given: str) -> int:
    return client.post(f"{AT}/contact", data=form(client, was) | given).status_code


@ONE_ENGINE
def test_a_library_adds_changes_and_takes_away_its_contacts(database: Database, client):
    given = {"name": "Lan", "mail": "lan@example.vn", "role": "Giám đốc"}
    added = [keep(client, **given) for _ in range(2)]
    changed = keep(client, "Mai", phone="024 1")
    page = text(client.get(AT))
    gone = form(client, "Lan", 3)
    unsure = client.post(f"{AT}/remove", data=gone)
    between = [each.name for each in contacts.all(database, "S1")]
    for _ in range(2):
        assert client.post(f"{AT}/remove", data=gone | {"sure": "yes"}).status_code == 302

    assert (*added, changed, unsure.status_code) == (302, 302, 302, 302)
    assert "Lan Giám đốc lan@example.vn" in page
    assert between == ["Lan", "Mai"]
    assert contacts.all(database, "S1") == [replace(MAI, phone="024 1")]
    assert contacts.all(database, "KHAC") == [MAI]


@ONE_ENGINE
def test_what_staff_noted_of_a_contact_is_not_told(client):
    page = client.get(f"{AT}/contact?name=Mai").text

    assert "mai@example.vn" in page
    assert "ghi chú" not in page


@ONE_ENGINE
def test_a_stale_page_overwrites_nothing(database: Database, client):
    stale = form(client, "Mai"), form(client, "Mai", 2)
    contacts.change(database, "S1", "Mai", replace(MAI, role="Thủ thư"))
    channels.add(database, told_of("S1"))
    kept = client.post(f"{AT}/contact", data=stale[0] | {"phone": "1"})
    chosen = client.post(f"{AT}/notices", data=stale[1] | {"digest": "daily"})

    assert (kept.status_code, chosen.status_code) == (400, 400)
    assert "changed by somebody else" in text(kept)
    assert "changed by somebody else" in text(chosen)
    [contact] = contacts.all(database, "S1")
    assert (contact.role, contact.phone) == ("Thủ thư", "")


@ONE_ENGINE
def test_one_contact_always_stays(database: Database, client):
    data = form(client, "Mai") | {"sure": "yes"}
    answer = client.post(f"{AT}/remove", data=data)

    assert answer.status_code == 400
    assert "the only contact" in text(answer)
    assert "Add another one first" in text(client.get(f"{AT}/contact?name=Mai"))
    assert len(contacts.all(database, "S1")) == 1


@ONE_ENGINE
def test_who_is_written_to_keeps_an_address_and_a_contact_without_one_is_told_nothing(
    database: Database, client
):
    keep(client, "", name="Không thư")
    without = client.post(
        f"{AT}/notices", data=form(client, "Mai", 2) | {"name": "Không thư", "digest": "daily"}
    )
    client.post(f"{AT}/notices", data=form(client, "Mai", 2) | {"digest": "daily"})
    emptied = client.post(f"{AT}/contact", data=form(client, "Mai") | {"mail": ""})
    bad = client.post(f"{AT}/contact", data=form(client, "Mai") | {"mail": "mai tại nhà"})

    assert [each.status_code for each in (without, emptied, bad)] == [400] * 3
    assert "told nothing" in text(emptied)
    assert "is not a mail address" in text(bad)
    assert 'value="mai tại nhà"' in bad.text


@ONE_ENGINE
def test_what_is_too_large_for_a_form_is_said_to_be(client):
    answer = client.post(f"{AT}/contact", data={"name": "x" * 70_000})

    assert answer.status_code == 413
    assert "too large to be sent here" in text(answer)


@ONE_ENGINE
def test_another_librarys_contact_is_not_there(database: Database, client):
    contacts.add(database, "KHAC", Contact(name="Người khác", mail="khac@example.vn"))
    data = form(client, "Mai", 2)
    pages = (
        client.get(f"{AT}/contact?name=Người khác&library=KHAC&code=KHAC"),
        client.post(f"{AT}/notices", data=data | {"name": "Người khác", "digest": "daily"}),
        client.post(f"{AT}/contact", data=data | {"was": "Người khác", "name": "Tôi"}),
    )
    client.post(f"{AT}/remove", data=data | {"name": "Người khác", "sure": "yes"})

    assert [each.status_code for each in pages] == [404, 404, 400]
    assert "khac@example.vn" not in client.get(AT).text
    assert [each.name for each in contacts.all(database, "KHAC")] == ["Mai", "Người khác"]


def told_of(library: str) -> Channel:
    return Channel(
        name="mai-cu", kind=ChannelKind.MAIL, target=MAI.mail, library=library, language="en"
    )


@pytest.fixture
def line(database: Database, tmp_path: Path) -> Iterator[Hub]:
    with ExitStack() as ending:
        yield Hub(database, tmp_path, ending)


@ONE_ENGINE
def test_a_contact_is_told_what_was_chosen_and_no_more(database: Database, client, line: Hub):
    repository = Repository(items=items(2), refusing=lambda _: Reply(status=404))
    line.add("s1", repository)
    data = form(client, "Mai", 2)
    client.post(f"{AT}/notices", data=data | {"kind": ["failed", "silent"], "language": "en"})
    page = text(client.get(AT))
    with mail_server() as box:
        where = MailSettings(host="127.0.0.1", port=box.port, tls="none")
        teller = Teller(line=line.line, wording=Letters(identity=HubIdentity()), mail=where)

        def course() -> None:
            """Have a harvest fail and one succeed, each told of."""
            for refusing in (lambda _: Reply(status=404), lambda _: None):
                repository.refusing = refusing
                harvest(line.line, "s1", HarvestOptions())
                tell_now(teller)

        tell_now(teller)
        course()
        told = [letter["Subject"] for letter in box.letters]
        client.post(f"{AT}/notices", data=form(client, "Mai", 2) | {"kind": [], "digest": ""})
        course()

        assert len(box.letters) == 1
        assert "/member/contacts" in box.texts[0]
        client.post(f"{AT}/notices", data=form(client, "Mai", 2) | WEEKLY)
        tell_now(teller)

    assert told == ["[Liên Thông] Error: A harvest of s1 failed"]
    assert "a harvest of your records failed; nothing was harvested for too long" in page
    assert box.letters[0]["To"] == "mai@example.vn"
    assert [letter["Subject"] for letter in box.letters[1:]] == [
        "[Liên Thông] What the union catalogue found in the records of S1"
    ]


@SQLITE_USUALLY
def test_what_staff_set_up_is_shown_and_becomes_what_the_library_chooses(database: Database):
    channels.add(database, told_of("S1"))
    channels.add(database, replace(told_of("S1"), name="mai-hai", digest=Rhythm.DAILY))
    before = notices.of_library(database, "S1")["Mai"]
    wanted = Notices(kinds=(Kind.RECOVERED,), language="en", seen=before.seen)
    for _ in range(2):
        notices.choose(database, "S1", "Mai", wanted)
    [kept] = channels.all(database)
    users.add(database, "an", PASSWORD, Role.ADMIN)
    staff = visitor(database)
    sign_in_at(staff, "staff", "an")

    assert set(before.kinds) == set(notices.USUAL) - {Kind.RECOVERED}
    assert (before.digest, before.language) == (Rhythm.DAILY, "en")
    assert (kept.name, kept.kinds, kept.digest) == ("mai-cu", (Kind.RECOVERED,), Rhythm.NEVER)
    assert "only recovered" in text(staff.get("/staff/alerts/channels"))
    assert kept.wants(Kind.RECOVERED, Severity.INFO)
    assert not kept.wants(Kind.FAILED, Severity.ERROR)


@SQLITE_USUALLY
def test_each_contact_has_a_channel_of_a_name_of_its_own(database: Database):
    for name in ("Nguyễn Thị Đào", "Nguyen Thi Dao", "李"):
        contacts.add(database, "S1", Contact(name=name, mail="x@example.vn"))
        nothing = notices.of_library(database, "S1")[name]
        notices.choose(database, "S1", name, replace(nothing, digest=Rhythm.DAILY))

    named = [each.name for each in channels.all(database)]
    assert named == ["contact", "nguyen-thi-dao", "nguyen-thi-dao-2"]

"""Alerts on the staff pages: the list that each reads for oneself, and who is told."""

from __future__ import annotations

import pytest
from sqlalchemy import event

from catalogue.alerts import channels, store
from catalogue.alerts.model import Channel, ChannelKind, Rhythm
from catalogue.users import Role
from crosswalks.model import Severity
from harvester.mailing import MailSettings
from scheduler.alerts.looking import look_now
from scheduler.alerts.model import Teller
from scheduler.alerts.telling import tell_now
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support.lines import Hub
from support.loopback import Reply
from support.oai_source import Repository
from support.receivers import mail_server
from support.staff import document, inside, post, text
from web.alerts.letters import Letters
from web.alerts.members import STEPS
from web.quality import words as quality


def teller(hub: Hub, port: int = 1) -> Teller:
    where = MailSettings(host="127.0.0.1", port=port, tls="none")
    return Teller(line=hub.line, wording=Letters(identity=hub.line.identity), mail=where)


def fail(hub: Hub, *names: str) -> None:
    for name in names:
        hub.add(name, Repository(refusing=lambda _: Reply(status=404)))
        harvest(hub.line, name, HarvestOptions())
    look_now(teller(hub))


def test_alerts_are_listed_and_read_by_each_for_oneself(members: Hub):
    fail(members, "s1", "s2")
    lan = inside(members.database, Role.VIEWER)
    minh = inside(members.database, Role.OPERATOR)
    page = lan.get("/staff/alerts")
    newest = document(page).xpath("string(//input[@name='up_to']/@value)")
    said = [text(lan.get("/staff/sources")), text(post(lan, "/staff/alerts/read", up_to=newest))]

    assert "A harvest of s1 failed" in text(page)
    assert "404" in text(page)
    assert "2 unread" in said[0]
    assert "unread" not in text(lan.get("/staff/sources"))
    assert "2 unread" in text(minh.get("/staff/sources"))
    assert "new" not in document(lan.get("/staff/alerts")).xpath("//th//span/text()")


def test_the_list_is_cut_down_paged_and_speaks_vietnamese(members: Hub, monkeypatch):
    monkeypatch.setattr("web.staff.alerts.views.PER_PAGE", 1)
    fail(members, "s1", "s2")
    client = inside(members.database, Role.VIEWER)
    first = client.get("/staff/alerts?lang=vi")
    [older] = document(first).xpath("//a[@rel='next']/@href")
    second = client.get(older)

    assert "Một lượt thu thập của s2 không thành công" in text(first)
    assert "của s1" in text(second)
    assert document(second).xpath("//a[@rel='next']") == []
    assert "của s2" not in text(client.get("/staff/alerts?source=s1"))
    assert client.get("/staff/alerts?source=none").status_code == 404
    assert client.get(f"/staff/alerts?before={2**70}").status_code == 404
    assert "của s2" in text(client.get("/staff/alerts?severity=error"))


def test_an_empty_list_says_so(members: Hub):
    client = inside(members.database, Role.VIEWER)

    assert "There is nothing to tell." in text(client.get("/staff/alerts"))


def test_an_administrator_says_who_is_told(members: Hub):
    fail(members, "s1")
    with mail_server() as box:
        client = inside(members.database, Role.ADMIN, teller=teller(members, box.port))
        wanted = {"name": "lan", "kind": "mail", "target": "lan@example.vn", "language": "vi"}
        post(
            client,
            "/staff/alerts/channels/add",
            **wanted,
            severity="error",
            source="s1",
            digest="weekly",
        )
        sent = post(client, "/staff/alerts/channels/lan/test")
    [kept] = channels.all(members.database)
    page = text(client.get("/staff/alerts/channels"))
    post(client, "/staff/alerts/channels/lan/remove")

    assert (kept.severity, kept.sources, kept.digest) == (Severity.ERROR, ("s1",), Rhythm.WEEKLY)
    assert sent.status_code == 302
    assert [letter["To"] for letter in box.letters] == ["lan@example.vn"]
    assert "mail: lan@example.vn" in page
    assert channels.all(members.database) == []


def test_what_is_wrong_is_said_and_what_was_filled_in_stays(members: Hub):
    client = inside(members.database, Role.ADMIN, teller=teller(members))
    wanted = {"name": "lan", "kind": "mail", "target": "lan", "severity": "", "digest": "daily"}
    refused = post(client, "/staff/alerts/channels/add", **wanted)
    channels.add(
        members.database, Channel(name="lan", kind=ChannelKind.MAIL, target="lan@example.vn")
    )
    unsent = post(client, "/staff/alerts/channels/lan/test")

    assert refused.status_code == 400
    assert "lan is not a mail address" in text(refused)
    assert document(refused).xpath("string(//option[@value='daily']/@selected)") == "selected"
    assert "127.0.0.1:1 cannot be reached" in text(unsent)
    assert post(client, "/staff/alerts/channels/add", kind="pigeon").status_code == 400
    assert post(client, "/staff/alerts/channels/none/test").status_code == 404


def test_the_key_of_a_webhook_is_shown_once(members: Hub):
    client = inside(members.database, Role.ADMIN, teller=teller(members))
    wanted = {"name": "may", "kind": "webhook", "target": "https://x.vn/h", "severity": "info"}
    added = text(post(client, "/staff/alerts/channels/add", **wanted, digest=""))
    renewed = text(post(client, "/staff/alerts/channels/may/key"))
    later = text(client.get("/staff/alerts/channels"))
    keys = [page.partition("shown only now: ")[2][:64] for page in (added, renewed)]

    assert all(set(key) <= set("0123456789abcdef") and len(key) == 64 for key in keys)
    assert keys[0] != keys[1]
    assert not any(key in later for key in keys)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
def test_only_an_administrator_sees_who_is_told(members: Hub, role: Role):
    client = inside(members.database, role)

    assert client.get("/staff/alerts/channels").status_code == 403
    assert post(client, "/staff/alerts/channels/add", name="x").status_code == 403


def test_how_messages_fare_is_shown(members: Hub):
    channels.add(
        members.database, Channel(name="lan", kind=ChannelKind.MAIL, target="lan@example.vn")
    )
    fail(members, "s1")
    tell_now(teller(members))
    page = text(inside(members.database, Role.ADMIN).get("/staff/alerts/channels"))

    assert "1 wait" in page
    assert "The mail server 127.0.0.1:1 cannot be reached" in page


def test_the_list_asks_the_database_no_more_for_more_alerts(members: Hub):
    client = inside(members.database, Role.VIEWER)
    asked: list[str] = []
    for engine in (members.database.read, members.database.write):
        event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for names in (("s1",), ("s2", "s3")):
        fail(members, *names)
        asked.clear()
        client.get("/staff/alerts")
        counts.append(len(asked))

    assert len(store.listing(members.database)) == 3
    assert counts[0] == counts[1]


def test_each_thing_that_staff_are_told_to_do_is_one_of_theirs():
    assert set(STEPS) <= set(quality.STEPS.values())

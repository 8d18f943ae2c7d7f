"""What is told goes out to a real mail server and a real webhook, once, whatever fails."""

from __future__ import annotations

import hmac
import json
import socket
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from catalogue import credentials, queue, sources
from catalogue.alerts import channels, outbox, standing, store
from catalogue.alerts.model import MESSAGE, Channel, ChannelKind, Kind
from catalogue.credentials import Credentials
from catalogue.database import Database
from catalogue.model import RunStatus, Source
from catalogue.options import Connection
from crosswalks.model import Severity
from harvester.errors import (
    AddressForbidden,
    MailRefused,
    MailSignInRefused,
    MailUnreachable,
    RecipientRefused,
    WebhookGone,
    WebhookRefused,
)
from harvester.mailing import MailSettings
from scheduler.alerts import sending, testing
from scheduler.alerts.looking import look_now
from scheduler.alerts.model import Teller
from scheduler.alerts.sending import send_next, signing_key, wait_after
from scheduler.alerts.telling import keep_telling, tell_now
from scheduler.errors import MailNotSet, MailWithoutPassword
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from scheduler.timetable import Timetable
from support.certificates import authority, issue
from support.lines import REST_SECONDS, Hub, beside, wait_until
from support.loopback import Reply, replying
from support.oai_source import Item, Repository, items
from support.receivers import Postbox, mail_server, webhook
from web.alerts.letters import Letters

BROKEN = Item(identifier="x0", payload="<q xmlns='urn:q'/>")
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""What is kept is tested on both; here it is about mail and webhooks."""


def teller(hub: Hub, box: Postbox | None = None, **settings: object) -> Teller:
    where = MailSettings(host="127.0.0.1", port=box.port, tls="none") if box else None
    wording = Letters(identity=hub.line.identity, zone=ZONE)
    line = replace(hub.line, timetable=Timetable(zone=ZONE), key=b"k" * 32)
    return Teller(line=line, wording=wording, mail=where, sender="hub@example.vn", **settings)


def mail(name: str = "lan", **settings: object) -> Channel:
    channel = Channel(
        name=name,
        kind=ChannelKind.MAIL,
        target=f"{name}@example.vn",
        severity=Severity.INFO,
    )
    return replace(channel, **settings)


def hooked(url: str, name: str = "may") -> Channel:
    return Channel(name=name, kind=ChannelKind.WEBHOOK, target=url, severity=Severity.INFO)


def down() -> Repository:
    """Return an endpoint that answers nothing it is asked."""
    return Repository(items=items(3), refusing=lambda _: Reply(status=404))


def run(hub: Hub, name: str = "s1") -> RunStatus:
    return harvest(hub.line, name, HarvestOptions()).status


def make_due(database: Database) -> None:
    """Let what was put off be due now."""

    def work(connection: object) -> None:
        connection.exec_driver_sql("UPDATE job SET due = 1 WHERE state = 'queued'")

    database.writing(work)


@ONE_ENGINE
def test_a_failure_and_its_end_reach_who_asked_in_vietnamese(hub: Hub):
    repository = down()
    hub.add("s1", repository)
    channels.add(hub.database, mail())
    with mail_server() as box:
        told = [tell_now(teller(hub, box))]
        for _ in range(2):
            assert run(hub) is RunStatus.FAILED
            told.append(tell_now(teller(hub, box)))
        repository.refusing = lambda _: None
        run(hub)
        told.append(tell_now(teller(hub, box)))

    failed, recovered = box.letters
    assert told == [(0, 0), (1, 1), (0, 0), (1, 1)]
    assert failed["Subject"] == "[Liên Thông] Lỗi: Một lượt thu thập của s1 không thành công"
    assert "404" in failed.get_content()
    assert "/staff/runs/1" in failed.get_content()
    assert "thu thập lại được" in recovered["Subject"]
    assert failed["From"].addresses[0].addr_spec == "hub@example.vn"
    assert (failed["Auto-Submitted"], failed["Content-Language"]) == ("auto-generated", "vi")
    assert failed["Message-ID"] != recovered["Message-ID"]
    assert max(map(len, box.taken[0][2].splitlines())) <= 78


@ONE_ENGINE
def test_several_changes_of_one_look_are_one_message(hub: Hub):
    for name in ("s1", "s2"):
        hub.add(name, down())
    channels.add(hub.database, mail(language="en"))
    with mail_server() as box:
        run(hub, "s1")
        run(hub, "s2")
        tell_now(teller(hub, box))

    assert [letter["Subject"] for letter in box.letters] == [
        "[Liên Thông] Error: 2 changes of s1, s2"
    ]
    assert box.texts[0].count("[ERROR]") == 2


def test_a_new_kind_of_problem_and_a_run_that_waits_are_told(hub: Hub):
    repository = Repository(items=items(30), page_size=99)
    hub.add("s1", repository)
    run(hub)
    look_now(teller(hub))
    repository.items = [*items(30), replace(BROKEN, datestamp="2030-01-01")]
    run(hub)
    look_now(teller(hub))
    repository.items = items(10)
    harvest(hub.line, "s1", HarvestOptions(full=True, reconcile=True))
    look_now(teller(hub))

    told = [(each.kind, each.severity) for each in store.listing(hub.database)]
    assert told == [(Kind.WAITING, Severity.WARNING), (Kind.PROBLEMS, Severity.ERROR)]


@ONE_ENGINE
def test_nothing_is_lost_while_the_mail_server_is_down(hub: Hub):
    hub.add("s1", down())
    channels.add(hub.database, mail())
    run(hub)
    with mail_server() as gone:
        pass
    tell_now(teller(hub, gone))
    make_due(hub.database)
    tell_now(teller(hub))
    [post] = outbox.posts(hub.database).values()
    with mail_server(answers={"DATA": "451 later"}) as busy:
        make_due(hub.database)
        send_next(teller(hub, busy))
    with mail_server() as box:
        make_due(hub.database)
        sent = [send_next(teller(hub, box)) for _ in range(2)]

    assert (post.queued, post.code) == (1, MailNotSet.code())
    assert (sent, len(box.taken), len(busy.taken)) == ([True, False], 1, 0)
    assert [wait_after(tries) for tries in (0, 1, 2, 30)] == [60, 120, 240, 6 * 3600]


@ONE_ENGINE
def test_what_cannot_be_delivered_is_given_up_and_stays_in_the_list(hub: Hub):
    hub.add("s1", down())
    for name in ("lan", "minh"):
        channels.add(hub.database, mail(name))
    run(hub)
    with mail_server(answers={"RCPT": "550 5.1.1 no such user"}) as box:
        tell_now(teller(hub, box))
    told = store.listing(hub.database)

    assert [each.kind for each in told] == [Kind.UNDELIVERED, Kind.UNDELIVERED, Kind.FAILED]
    assert [post.failed for post in outbox.posts(hub.database).values()] == [1, 1]
    assert queue.due(hub.database, MESSAGE) == []


@ONE_ENGINE
def test_a_message_is_given_up_after_days(hub: Hub, monkeypatch: pytest.MonkeyPatch):
    hub.add("s1", down())
    channels.add(hub.database, mail())
    run(hub)
    monkeypatch.setattr(sending, "GIVEN_UP_SECONDS", -1)
    tell_now(teller(hub))

    assert store.listing(hub.database)[0].kind is Kind.UNDELIVERED


def test_a_process_that_dies_before_it_notes_what_it_sent_is_known_by_the_number(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
):
    hub.add("s1", down())
    channels.add(hub.database, mail())
    run(hub)
    look_now(teller(hub))
    with mail_server() as box:
        with monkeypatch.context() as dying:
            dying.setattr(outbox, "sent", _dies)
            with pytest.raises(KeyboardInterrupt):
                send_next(teller(hub, box))
        _let_lease_end(hub.database)
        send_next(teller(hub, box))
        again = send_next(teller(hub, box))

    first, second = box.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Date"] == second["Date"]
    assert not again


def _dies(*_: object) -> None:
    raise KeyboardInterrupt


def _let_lease_end(database: Database) -> None:
    def work(connection: object) -> None:
        connection.exec_driver_sql("UPDATE job SET lease_until = 0, owner = ''")

    database.writing(work)


def test_two_who_send_at_once_send_each_message_once(hub: Hub):
    hub.add("s1", down())
    for number in range(6):
        channels.add(hub.database, mail(f"n{number}"))
    run(hub)
    with mail_server() as box:
        here = teller(hub, box)
        with (
            beside(lambda stop: keep_telling(here, stop, REST_SECONDS)),
            beside(lambda stop: keep_telling(here, stop, REST_SECONDS)),
        ):
            wait_until(lambda: not any(each.queued for each in _posts(hub)))

    assert sorted(recipient for _, recipient, _ in box.taken) == [
        f"n{number}@example.vn" for number in range(6)
    ]


def _posts(hub: Hub) -> list[outbox.Post]:
    found = list(outbox.posts(hub.database).values())
    return found if len(found) == 6 else [outbox.Post(1, 0, 0, "", "", {})]


@ONE_ENGINE
def test_a_webhook_gets_json_that_it_can_tell_is_ours(hub: Hub):
    hub.add("s1", down())
    run(hub)
    with webhook() as hook:
        channel = channels.add(hub.database, hooked(hook.url))
        tell_now(teller(hub))
    [posted] = hook.posted
    said = json.loads(posted.body)
    key = signing_key(b"k" * 32, channel).encode()
    signed = posted.headers["X-Lienthong-Timestamp"].encode() + b"." + posted.body

    assert posted.headers["X-Lienthong-Signature"] == (
        "sha256=" + hmac.new(key, signed, "sha256").hexdigest()
    )
    assert posted.headers["X-Lienthong-Delivery"] == said["id"]
    assert [(each["kind"], each["source"], each["run"]) for each in said["alerts"]] == [
        ("failed", "s1", 1)
    ]
    assert "404" in said["alerts"][0]["text"]
    assert said["kind"] == "alerts"


@ONE_ENGINE
def test_a_webhook_is_tried_again_unless_it_is_gone_and_is_not_followed_elsewhere(hub: Hub):
    with webhook() as inside, webhook(status=503) as busy:
        channel = channels.add(hub.database, hooked(busy.url))
        with pytest.raises(WebhookRefused, match=r"127\.0\.0\.1 .* status 503") as said:
            testing.send_test(teller(hub), channel)
        busy.status, busy.location = 302, inside.url
        with pytest.raises(WebhookRefused):
            testing.send_test(teller(hub), channel)
        busy.status = 410
        with pytest.raises(WebhookGone):
            testing.send_test(teller(hub), channel)

    assert "bi-mat" not in str(said.value)
    assert inside.posted == []


@ONE_ENGINE
def test_a_webhook_leads_into_no_private_network(hub: Hub):
    hub.line = replace(hub.line, http=replace(hub.line.http, allow_networks=()))
    with webhook() as hook:
        channel = channels.add(hub.database, hooked(hook.url))
        with pytest.raises(AddressForbidden):
            testing.send_test(teller(hub), channel)

    assert hook.posted == []


@ONE_ENGINE
def test_one_channel_that_fails_stops_no_other(hub: Hub):
    hub.add("s1", down())
    with webhook(status=500) as broken, webhook() as fine, mail_server() as box:
        channels.add(hub.database, hooked(broken.url, "a"))
        channels.add(hub.database, hooked(fine.url, "b"))
        channels.add(hub.database, mail("c"))
        run(hub)
        told = tell_now(teller(hub, box))

    assert (told, len(broken.posted), len(fine.posted), len(box.taken)) == ((1, 3), 1, 1, 1)


@ONE_ENGINE
def test_the_mail_server_is_signed_in_to_over_tls(hub: Hub, tmp_path):
    certificate = issue("localhost", below=authority())
    file = tmp_path / "authority.pem"
    file.write_text(authority().pem, encoding="ascii")
    key = b"k" * 32
    kept = Credentials(name="thu", kind=credentials.Kind.BASIC, user="hub", secret="mật")
    with mail_server(tls=certificate.server(tmp_path), password="mat-khau") as box:
        safe = MailSettings(host="localhost", port=box.port, ca_bundle=str(file))
        credentials.put(hub.database, key, replace(kept, secret="mat-khau"))
        testing.send_test(replace(teller(hub), mail=safe, credentials="thu"), mail())
        credentials.put(hub.database, key, replace(kept, secret="sai"))
        with pytest.raises(MailSignInRefused, match="not known here"):
            testing.send_test(replace(teller(hub), mail=safe, credentials="thu"), mail())
        credentials.put(hub.database, key, replace(kept, kind=credentials.Kind.BEARER))
        with pytest.raises(MailWithoutPassword):
            testing.send_test(replace(teller(hub), mail=safe, credentials="thu"), mail())
        with pytest.raises(MailUnreachable, match="certificate"):
            testing.send_test(replace(teller(hub), mail=replace(safe, ca_bundle="")), mail())
    with mail_server(implicit=certificate.server(tmp_path)) as sealed:
        testing.send_test(
            replace(teller(hub), mail=replace(safe, port=sealed.port, tls="tls")), mail()
        )
    assert len(sealed.taken) == 1
    with mail_server() as plain, pytest.raises(MailRefused, match="STARTTLS"):
        testing.send_test(replace(teller(hub), mail=replace(safe, port=plain.port)), mail())

    assert box.signed_in == ["hub", "hub"]
    assert [recipient for _, recipient, _ in box.taken] == ["lan@example.vn"]


@ONE_ENGINE
@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"RCPT": "450 full"}, MailRefused),
        ({"RCPT": "553 no"}, RecipientRefused),
        ({"MAIL": "553 not from you"}, MailRefused),
        ({".": "554 spam"}, MailRefused),
    ],
)
def test_what_a_mail_server_refuses_is_told_with_its_own_words(hub: Hub, answers, error):
    [said] = answers.values()
    with mail_server(answers=answers) as box, pytest.raises(error, match=said.partition(" ")[2]):
        testing.send_test(teller(hub, box), mail())


@ONE_ENGINE
def test_a_certificate_that_ends_soon_is_told_once(hub: Hub, tmp_path):
    certificate = issue("localhost", below=authority(), days=(-1, 5))
    with replying(Repository(), certificate.server(tmp_path)) as url:
        trusted = Connection(ca_bundle=authority().pem)
        source = Source(name="s1", library="L", protocol="oai-pmh", url=url, connection=trusted)
        sources.add(hub.database, source)
        told = [look_now(teller(hub)) for _ in range(2)]
    [alert] = store.listing(hub.database)
    [observed] = standing.observe(hub.database)

    assert told == [1, 0]
    assert alert.kind is Kind.CERTIFICATE
    assert observed.before is not None
    assert observed.before.probed > 0


@ONE_ENGINE
def test_a_look_asks_as_much_of_a_large_hub_as_of_a_small_one(hub: Hub):
    asked: list[str] = []
    for engine in (hub.database.read, hub.database.write):
        event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for names in (["a"], [f"s{number}" for number in range(9)]):
        for name in names:
            sources.add(
                hub.database,
                Source(name=name, library="L", protocol="oai-pmh", url="http://x.vn/oai"),
            )
        look_now(teller(hub))
        asked.clear()
        look_now(teller(hub))
        counts.append(len(asked))

    assert counts[0] == counts[1]


@ONE_ENGINE
def test_a_mail_server_that_says_nothing_is_waited_for_no_longer_than_was_set(hub: Hub):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        where = MailSettings(host="127.0.0.1", port=silent.getsockname()[1], timeout=0.05)
        with pytest.raises(MailUnreachable, match="timed out"):
            testing.send_test(replace(teller(hub), mail=where), mail())

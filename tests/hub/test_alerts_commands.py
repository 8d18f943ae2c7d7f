"""What changed with sources and who is told of it, by command."""

from __future__ import annotations

import json

import pytest

from harvester.mailing import MailSettings
from hub.alerting import teller_of
from hub.instance import Hub
from scheduler.alerts.rules import Rules
from support.loopback import Reply, replying
from support.oai_source import Item, Repository, items
from support.receivers import Postbox, mail_server, webhook

BROKEN = Item(identifier="oai:example.org:hong", payload="<q xmlns='urn:q'/>")


def by_mail(box: Postbox) -> dict[str, str]:
    return {
        "LIENTHONG_MAIL__HOST": "127.0.0.1",
        "LIENTHONG_MAIL__PORT": str(box.port),
        "LIENTHONG_MAIL__TLS": "none",
        "LIENTHONG_MAIL__SENDER": "hub@example.vn",
    }


def add_source(lienthong, url: str, name: str = "s1") -> None:
    lienthong(
        *("sources", "add", name, "--protocol", "oai-pmh"), *("--url", url, "--library", "TV1")
    )


def test_a_failure_is_told_by_mail_and_webhook_and_listed(lienthong):
    down = Repository(refusing=lambda _: Reply(status=404))
    with replying(down) as url, mail_server() as box, webhook() as hook:
        add_source(lienthong, url)
        lienthong("harvest", "s1")
        added = lienthong("alerts", "add", "lan", "--mail", "lan@example.vn")
        [hooked] = lienthong("alerts", "add", "may", "--webhook", hook.url, "--json").json
        [told] = lienthong("alerts", "run", "--json", **by_mail(box)).json
        again = lienthong("--lang", "vi", "alerts", "run", **by_mail(box))
        tested = lienthong("alerts", "test", "lan", **by_mail(box))
    [alert] = lienthong("alerts", "list", "--json").json
    listed = lienthong("--lang", "vi", "alerts", "list", "--source", "s1").out
    shown = lienthong("--lang", "vi", "alerts", "channels").out

    assert "No mail server is named yet" in added.err
    assert len(hooked["key"]) == 64
    assert told == {"changes": 1, "tried": 2}
    assert "Đã ghi nhận 0 thay đổi" in again.err
    assert [letter["Subject"].partition("] ")[2] for letter in box.letters] == [
        "Lỗi: Một lượt thu thập của s1 không thành công",
        "Thư gửi thử",
    ]
    assert json.loads(hook.posted[0].body)["alerts"][0]["source"] == "s1"
    assert (tested.code, "lan@example.vn" in tested.err) == (0, True)
    assert (alert["kind"], alert["severity"], alert["run"]) == ("failed", "error", 1)
    assert "Một lượt thu thập của s1 không thành công" in listed
    assert "thư điện tử" in shown
    assert lienthong("alerts", "list", "--source", "s1", "--severity", "error").out
    assert lienthong("alerts", "list", "--limit", "1", "--json").json == [alert]


def test_who_is_told_is_listed_changed_and_removed(lienthong):
    add_source(lienthong, "http://127.0.0.1:9/oai")
    options = ("--severity", "none", "--library", "TV1", "--language", "en", "--digest", "weekly")
    lienthong("alerts", "add", "tv1", "--mail", "tv1@example.vn", *options)
    hooked = lienthong("alerts", "add", "may", "--webhook", "https://x.vn/", "--source", "s1")
    renewed = lienthong("alerts", "key", "may")
    member, machine = (lienthong("alerts", "channels", "--json").json[place] for place in (1, 0))
    [gone] = lienthong("alerts", "remove", "may", "--json").json

    assert (member["severity"], member["library"], member["digest"]) == ("none", "TV1", "weekly")
    assert (member["language"], machine["sources"]) == ("en", ["s1"])
    assert hooked.out != renewed.out
    assert gone["name"] == "may"
    assert [each["name"] for each in lienthong("alerts", "channels", "--json").json] == ["tv1"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("add", "a"), "--webhook URL"),
        (("add", "a", "--mail", "a@x.vn", "--webhook", "https://x.vn/"), "--webhook URL"),
        (("add", "a", "--mail", "a"), "name@example.vn"),
        (("add", "A b", "--mail", "a@x.vn"), "small letters"),
        (("add", "a", "--mail", "a@x.vn", "--severity", "none"), "no digest"),
        (("add", "a", "--mail", "a@x.vn", "--source", "s9"), "s9"),
        (("add", "a", "--webhook", "https://u:p@x.vn/"), "https://host/path"),
        (("test", "a"), "lienthong alerts channels"),
        (("send-digest", "a"), "lienthong alerts channels"),
        (("list", "--source", "s9"), "s9"),
    ],
)
def test_what_cannot_be_is_said(lienthong, arguments, told):
    said = lienthong("alerts", *arguments)

    assert (said.code, told in said.err) == (2, True), said


def test_a_test_that_does_not_arrive_says_why(lienthong):
    lienthong("alerts", "add", "lan", "--mail", "lan@example.vn")
    unset = lienthong("alerts", "test", "lan")
    with mail_server(answers={"RCPT": "550 no such user"}) as box:
        [refused] = lienthong_json(lienthong("alerts", "test", "lan", "--json", **by_mail(box)))

    assert (unset.code, "[mail] host" in unset.err) == (1, True)
    assert refused["sent"] is False
    assert "550 no such user" in refused["message"]


def lienthong_json(said) -> list[dict[str, object]]:
    return [json.loads(line) for line in said.out.splitlines()]


def test_a_library_is_sent_what_it_has_to_mend_in_its_language(lienthong):
    with replying(Repository(items=[*items(3), BROKEN])) as url, mail_server() as box:
        add_source(lienthong, url)
        lienthong("libraries", "change", "TV1", "--name", "Thư viện Một")
        lienthong("harvest", "s1")
        options = ("--library", "TV1", "--severity", "none", "--digest", "weekly")
        lienthong("alerts", "add", "tv1", "--mail", "tv1@example.vn", *options)
        lienthong(
            "alerts", "add", "tv1-en", "--mail", "tv@example.vn", *options, "--language", "en"
        )
        shown = lienthong("alerts", "send-digest", "tv1", "--show").out
        [english] = lienthong("alerts", "send-digest", "tv1-en", "--show", "--json").json
        sent = lienthong("alerts", "send-digest", "tv1", **by_mail(box))

    [letter] = box.letters
    assert sent.code == 0
    assert letter.get_content().splitlines() == shown.partition("\n\n")[2].splitlines()
    assert "Thư viện Một" in letter["Subject"]
    assert "1 biểu ghi không vào được mục lục" in shown
    assert "oai:example.org:hong" in shown
    assert "lienthong" not in shown.partition("-- \n")[0].replace("lienthong.localhost", "")
    assert "1 records are kept out of the catalogue" in english["text"]


def test_staff_are_sent_how_all_sources_fare(lienthong):
    with replying(Repository(items=items(3))) as url:
        add_source(lienthong, url)
        add_source(lienthong, "http://127.0.0.1:9/oai", "s2")
        lienthong("harvest", "s1")
        lienthong("harvest", "s2", LIENTHONG_HARVEST__RETRIES="0")
        lienthong("alerts", "run")
        with mail_server() as box:
            lienthong("alerts", "add", "lan", "--mail", "lan@example.vn", "--digest", "daily")
            tried = [
                lienthong("alerts", "run", "--json", **by_mail(box)).json[0]["tried"]
                for _ in range(2)
            ]
            lienthong("alerts", "remove", "lan")
        lienthong("alerts", "add", "lan", "--mail", "lan@example.vn", "--digest", "daily")
        shown = lienthong("alerts", "send-digest", "lan", "--show").out

    assert (tried, len(box.taken)) == ([1, 0], 1)
    assert "2 nguồn thu thập: 1 đang lỗi, 1 cập nhật." in shown
    assert "2 lượt thu thập mang về 3 biểu ghi: 3 mới" in shown
    assert "- s2: đang lỗi; chưa lần nào thành công" in shown
    assert "[lỗi] Một lượt thu thập của s2 không thành công" in shown


def test_the_settings_say_from_when_on_and_by_which_server(lienthong, tmp_path):
    environment = {
        "LIENTHONG_INSTANCE": str(tmp_path / "instance"),
        "LIENTHONG_ALERTS__SILENT_DAYS": "7",
        "LIENTHONG_ALERTS__SILENT_ROUNDS": "2",
        "LIENTHONG_ALERTS__SHRINK_PERCENT": "9",
        "LIENTHONG_ALERTS__CERTIFICATE_DAYS": "8",
        "LIENTHONG_MAIL__HOST": "mail.example.vn",
        "LIENTHONG_MAIL__PORT": "465",
        "LIENTHONG_MAIL__TLS": "tls",
        "LIENTHONG_MAIL__CA_BUNDLE": "ours.pem",
        "LIENTHONG_MAIL__TIMEOUT": "3",
        "LIENTHONG_MAIL__CREDENTIALS": "thu",
        "LIENTHONG_PUBLIC__ADMIN_EMAIL": "ban@example.vn",
        "LIENTHONG_PUBLIC__DOMAIN": "hub.example.vn",
    }
    hub = Hub(environment, str)
    with hub.catalogue() as db:
        made = teller_of(hub, db)

    assert made.rules == Rules(silent_days=7, silent_rounds=2, shrink_percent=9, certificate_days=8)
    assert made.mail == MailSettings(
        host="mail.example.vn",
        port=465,
        tls="tls",
        ca_bundle="ours.pem",
        timeout=3,
        name="hub.example.vn",
    )
    assert (made.sender, made.credentials) == ("ban@example.vn", "thu")


@pytest.mark.parametrize("wrong", [("MAIL__TLS", "ssl"), ("ALERTS__SHRINK_PERCENT", "0")])
def test_a_setting_that_cannot_be_is_refused(lienthong, wrong):
    name, value = wrong
    said = lienthong("alerts", "channels", **{f"LIENTHONG_{name}": value})

    assert (said.code, f"LIENTHONG_{name}" in said.err) == (2, True)

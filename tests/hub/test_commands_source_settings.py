"""Settings, credentials and the connection of sources, by command."""

from __future__ import annotations

import json
import ssl
from pathlib import Path

import pytest

from support.certificates import authority
from support.loopback import Reply, replying
from support.oai_source import Repository

URL = "https://thuvien.example/oai"


@pytest.fixture
def thu(lienthong):
    """Add a source named thu."""
    said = lienthong(
        *("sources", "add", "thu", "--protocol", "oai-pmh", "--url", URL, "--library", "VN-THU")
    )
    assert said.code == 0


def change(lienthong, *options):
    return lienthong("sources", "change", "thu", *options, "--json")


def keep(lienthong, tmp_path: Path, name: str, *options: str, text="s3cr3t-mật-khẩu\n"):
    file = tmp_path / "secret.txt"
    file.write_text(text, encoding="utf-8")
    return lienthong("sources", "credentials", "set", name, "--from", str(file), *options)


def add_here(lienthong, name, url, *options):
    """Add a source on this machine."""
    said = lienthong(
        *("sources", "add", name, "--protocol", "oai-pmh", "--url", url, "--library", "VN-THU"),
        *options,
    )
    assert said.code == 0, said.err


@pytest.mark.usefixtures("thu")
def test_only_what_is_named_changes(lienthong):
    change(lienthong, "--set", "sach", "--read-timeout", "7.5", "--delete-percent", "5")
    [source] = change(lienthong, "--header", "X-A: 1", "--header", "X-B: Huế").json

    assert source["sets"] == ["sach"]
    assert source["connection"]["read_timeout"] == 7.5
    assert source["connection"]["headers"] == {"X-A": "1", "X-B": "Huế"}
    assert source["guards"]["delete_percent"] == 5


@pytest.mark.usefixtures("thu")
def test_a_schedule_in_anybodys_words_is_kept_in_one_form_and_shown_in_theirs(lienthong):
    [source] = change(
        lienthong, "--schedule", "Thứ năm, T2 lúc 2h30", "--reconcile", "ngày đầu tháng lúc 1h"
    ).json
    shown = [
        lienthong("--lang", language, "sources", "list").out.splitlines()[-1]
        for language in ("vi", "en")
    ]

    assert source["schedule"] == "mondays, thursdays 02:30"
    assert source["guards"]["reconcile"] == "first of the month 01:00"
    assert "thứ hai, thứ năm lúc 02:30" in shown[0]
    assert "Mondays, Thursdays at 02:30" in shown[1]


@pytest.mark.usefixtures("thu")
def test_a_file_of_sources_may_say_schedules_in_any_words(lienthong, tmp_path):
    file = tmp_path / "sources.yaml"
    entry = f"- name: thu\n  library: VN-THU\n  protocol: oai-pmh\n  url: {URL}\n"
    words = "  schedule: hằng ngày lúc 2:30\n  guards:\n    reconcile: mỗi 30 ngày\n"
    file.write_text(entry + words, encoding="utf-8")
    first = lienthong("sources", "apply", str(file), "--yes", "--json").json
    again = lienthong("sources", "apply", str(file), "--yes", "--json").json
    refused = lienthong("--lang", "vi", "sources", "change", "thu", "--schedule", "lúc nào đó")

    assert first[0]["after"]["schedule"] == "daily 02:30"
    assert first[0]["after"]["guards"] == {"reconcile": "every 720 hours"}
    assert again == []
    assert (refused.code, "thứ hai, thứ năm lúc 02:30" in refused.err) == (2, True)


@pytest.mark.usefixtures("thu")
def test_an_empty_text_takes_several_values_away(lienthong):
    change(lienthong, "--set", "sach", "--header", "X-A: 1", "--quiet-hours", "08:00-17:00")
    [source] = change(lienthong, "--set", "", "--header", "", "--quiet-hours", "").json

    assert source["sets"] == []
    assert source["connection"]["headers"] == {}
    assert source["connection"]["quiet_hours"] == ""


@pytest.mark.usefixtures("thu")
def test_a_certificate_may_be_given_as_an_authority_gives_it_out(lienthong, tmp_path):
    file = tmp_path / "ca.crt"
    file.write_bytes(ssl.PEM_cert_to_DER_cert(authority().pem))
    [source] = change(lienthong, "--ca-bundle", str(file)).json

    assert source["connection"]["ca_bundle"] == authority().pem


@pytest.mark.usefixtures("thu")
def test_certificates_are_kept_with_the_source_and_in_its_file(lienthong, tmp_path):
    pem = tmp_path / "ca.pem"
    pem.write_text(authority().pem, encoding="ascii")
    file = tmp_path / "sources.yaml"
    [source] = change(lienthong, "--ca-bundle", str(pem)).json
    pem.unlink()
    lienthong("sources", "export", str(file))

    assert source["connection"]["ca_bundle"] == authority().pem
    assert "    -----BEGIN CERTIFICATE-----\n" in file.read_text(encoding="utf-8")
    assert lienthong("sources", "apply", str(file), "--json").json == []


@pytest.mark.usefixtures("thu")
@pytest.mark.parametrize(
    "options",
    [
        ("--quiet-hours", "night"),
        ("--header", "no colon"),
        ("--header", "Authorization: Basic eDp5"),
        ("--ca-bundle", "/nonexistent.pem"),
        ("--ca-bundle", "/etc/hostname"),
        ("--proxy", "https://user:pass@proxy"),
        ("--reconcile", "sometimes"),
        ("--url", "ftp://thuvien.example/"),
        ("--weight", "heavy"),
    ],
    ids=" ".join,
)
def test_a_setting_that_cannot_be_is_wrong_use_and_changes_nothing(lienthong, options):
    before = lienthong("sources", "show", "thu", "--json").json
    said = change(lienthong, *options)

    assert (said.code, said.out) == (2, "")
    assert lienthong("sources", "show", "thu", "--json").json == before


def test_what_differs_from_the_usual_is_shown_as_the_options_that_set_it(lienthong):
    add_here(lienthong, "thu", URL, "--parallel", "2", "--header", "X-A: 1", "--mode", "records")
    shown = lienthong("sources", "show", "thu").out

    assert "--parallel 2, --header 'X-A: 1'" in shown
    assert "--mode records" in shown


@pytest.mark.usefixtures("thu")
def test_an_unknown_source_is_said_so(lienthong):
    for command in (["change", "nosuch"], ["pause", "nosuch"], ["test", "nosuch"]):
        assert lienthong("sources", *command).code == 2


def test_a_paused_source_is_shown_so_and_harvested_by_hand_with_a_notice(lienthong):
    with replying(Repository()) as url:
        add_here(lienthong, "thu", url, "--schedule", "daily 02:30")
        lienthong("sources", "pause", "thu")
        listed = lienthong("sources", "list").out
        harvested = lienthong("harvest", "thu", "--json")
        [source] = lienthong("sources", "resume", "thu", "--json").json

    assert "paused" in listed
    assert "paused" in harvested.err
    assert harvested.json[0]["status"] == "succeeded"
    assert source["paused"] is False


def test_quiet_hours_are_passed_over_by_hand_with_a_notice(lienthong):
    with replying(Repository()) as url:
        add_here(lienthong, "thu", url, "--quiet-hours", "00:01-00:00")
        harvested = lienthong("harvest", "thu", "--json")

    assert harvested.json[0]["status"] == "succeeded"


def test_credentials_are_kept_used_and_never_shown(lienthong, tmp_path):
    repository, seen = Repository(), []

    def respond(request):
        seen.append(request.arguments.get("api_key"))
        return repository(request) if seen[-1] else Reply(status=401)

    kept = keep(lienthong, tmp_path, "khoa", "--kind", "query", "--where", "api_key")
    with replying(respond) as url:
        add_here(lienthong, "thu", url, "--credentials", "khoa")
        said = [
            kept,
            lienthong("sources", "credentials", "list", "--json"),
            lienthong("sources", "show", "thu", "--json"),
            lienthong("sources", "export"),
            lienthong("sources", "test", "thu", "--json"),
            lienthong("harvest", "thu", "--json"),
            lienthong("runs", "list", "--json"),
        ]
    told = "".join(each.out + each.err for each in said)
    stored = b"".join(
        file.read_bytes() for file in (tmp_path / "instance").rglob("*") if file.is_file()
    )

    assert [each.code for each in said] == [0] * len(said)
    assert set(seen) == {"s3cr3t-mật-khẩu"}
    assert "s3cr3t" not in told
    assert b"s3cr3t" not in stored


def test_a_login_may_be_given_with_the_source(lienthong, tmp_path):
    seen, repository = [], Repository()
    file = tmp_path / "login"
    file.write_text("hub:bí mật\r\n", encoding="utf-8-sig")

    def respond(request):
        seen.append(request.headers["Authorization"])
        return repository(request)

    with replying(respond) as url:
        add_here(lienthong, "thu", url, "--credentials-from", str(file))
        lienthong("harvest", "thu")
    [kept] = lienthong("sources", "credentials", "list", "--json").json

    assert set(seen) == {"Basic aHViOmLDrSBt4bqtdA=="}
    assert (kept["name"], kept["kind"], kept["sources"]) == ("thu", "basic", ["thu"])


@pytest.mark.usefixtures("thu")
def test_credentials_that_are_not_there_yet_are_said_so(lienthong):
    said = change(lienthong, "--credentials", "khoa")

    assert (said.code, "credentials set khoa" in said.err) == (0, True)


def test_credentials_in_use_are_not_forgotten(lienthong, tmp_path):
    keep(lienthong, tmp_path, "khoa", "--kind", "bearer")
    add_here(lienthong, "thu", URL, "--credentials", "khoa")
    refused = lienthong("sources", "credentials", "remove", "khoa")
    change(lienthong, "--credentials", "")
    done = lienthong("sources", "credentials", "remove", "khoa", "--json")

    assert (refused.code, done.json) == (2, [])


@pytest.mark.parametrize(
    "options",
    [("--kind", "basic"), ("--kind", "query"), ("--kind", "rot13")],
    ids=" ".join,
)
def test_credentials_that_cannot_be_sent_are_wrong_use(lienthong, tmp_path, options):
    said = keep(lienthong, tmp_path, "khoa", *options)

    assert (said.code, "s3cr3t" in said.err) == (2, False)


def test_the_connection_is_told_step_by_step(lienthong):
    with replying(Repository()) as url:
        add_here(lienthong, "thu", url)
        by_name = lienthong("sources", "test", "thu", "--json")
        by_address = lienthong("sources", "test", "--url", url, "--json")
        in_words = lienthong("--lang", "vi", "sources", "test", "thu")

    steps = [each["step"] for each in by_name.json]
    assert steps == [each["step"] for each in by_address.json]
    assert steps[0] == "DNS"
    assert steps[-1] == "First page"
    assert "Trang đầu" in in_words.out


def test_a_connection_that_fails_says_where_and_what_to_do(lienthong):
    with replying(lambda _: Reply(status=404)) as url:
        said = lienthong("sources", "test", "--url", url, "--json")
    failed = [step for step in map(json.loads, said.out.splitlines()) if step["code"]]

    assert said.code == 1
    assert [(step["step"], step["code"]) for step in failed] == [("HTTP", "http-status")]
    assert "404" in failed[0]["message"]


def test_a_test_needs_a_name_or_an_address(lienthong):
    assert lienthong("sources", "test").code == 2
    assert lienthong("sources", "test", "thu", "--url", URL).code == 2

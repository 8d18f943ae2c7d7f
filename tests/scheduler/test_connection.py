"""The connection to a source, checked step by step."""

from __future__ import annotations

import socket
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from catalogue import credentials
from catalogue.credentials import Credentials, Kind
from catalogue.errors import NoSuchCredentials
from catalogue.model import Source
from catalogue.options import Connection, Files
from harvester.model import HttpSettings
from protocols.oai import OAI_DC
from scheduler.connection import FileStage, Stage, State, check
from scheduler.outgoing import http_of
from support.certificates import ISSUER_URL, authority, intermediate, issue
from support.files import books
from support.harvesting import LOOPBACK
from support.loopback import Reply, replying
from support.oai_source import Repository
from support.proxy import proxying

KEY = bytes(range(32))


def source(url: str, **connection) -> Source:
    made = Connection(**connection)
    return Source(name="s1", library="L1", protocol="oai-pmh", url=url, connection=made)


def steps(hub, one: Source, **line):
    """Return the steps by name."""
    return {step.name: step for step in check(replace(hub.line, **line), one)}


def states(found) -> dict[Stage, str]:
    return {name: step.state.value for name, step in found.items()}


def failing(found) -> tuple[Stage, str]:
    """Return the one step that failed, and the code of its error."""
    [step] = [step for step in found.values() if step.state is State.FAILED]
    return step.name, step.error.code()


def test_a_repository_that_works_is_told_step_by_step(hub):
    with replying(Repository(sets=("sach", "bao"))) as url:
        found = steps(hub, source(url))

    assert list(found) == list(Stage)
    assert {*states(found).values()} == {"ok", "skipped"}
    assert found[Stage.TLS].state is State.SKIPPED
    assert found[Stage.DNS].found["addresses"] == ["127.0.0.1"]
    assert found[Stage.IDENTIFY].found["deleted_record"] == "persistent"
    assert found[Stage.FORMATS].found == {"readable": ["oai_dc"], "others": []}
    assert found[Stage.SETS].found["count"] == 2
    assert found[Stage.FIRST_PAGE].found["records"] == 2


def test_what_follows_a_failure_is_skipped(hub):
    with socket.create_server(("127.0.0.1", 0)) as placeholder:
        port = placeholder.getsockname()[1]
    found = steps(hub, source(f"http://127.0.0.1:{port}/oai"))

    assert failing(found) == (Stage.TCP, "unreachable")
    assert [*states(found).values()] == ["ok", "failed", *["skipped"] * 6]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://khong-co.invalid/oai", "unknown-host"),
        ("http://169.254.169.254/oai", "address-forbidden"),
    ],
)
def test_a_name_that_leads_nowhere_fails_at_dns(hub, url, code):
    found = steps(hub, source(url), http=HttpSettings())

    assert failing(found) == (Stage.DNS, code)


def test_a_certificate_is_told_of_with_its_last_day(hub, tmp_path):
    shown = issue("localhost", below=intermediate()).server(tmp_path, intermediate())
    with replying(Repository(), shown) as url:
        found = steps(hub, source(url, ca_bundle=authority().pem))

    assert found[Stage.TLS].state is State.OK
    assert found[Stage.TLS].found["issuer"] == "Test Intermediate"
    assert found[Stage.TLS].found["until"] > "2024"
    assert found[Stage.FIRST_PAGE].state is State.OK


def test_a_missing_intermediate_is_named_with_where_to_fetch_it(hub, tmp_path):
    shown = issue("localhost", below=intermediate()).server(tmp_path)
    with replying(Repository(), shown) as url:
        found = steps(hub, source(url, ca_bundle=authority().pem))

    assert failing(found) == (Stage.TLS, "chain-incomplete")
    assert found[Stage.TLS].found["issuer_url"] == ISSUER_URL
    assert any(ISSUER_URL in told for told in found[Stage.TLS].detail)


@pytest.mark.parametrize(
    ("reply", "stage", "code"),
    [
        (Reply(status=404), Stage.HTTP, "http-status"),
        (Reply(status=503, headers={"Retry-After": "3600"}), Stage.HTTP, "http-status"),
        (Reply(status=403), Stage.HTTP, "blocked"),
        (Reply(status=401), Stage.HTTP, "sign-in-needed"),
        (Reply(body=b"<html><p>Welcome</html>", kind="text/html"), Stage.IDENTIFY, "not-oai"),
    ],
    ids=lambda each: getattr(each, "status", None),
)
def test_what_is_no_repository_fails_where_it_shows(hub, reply, stage, code):
    with replying(lambda _: reply) as url:
        assert failing(steps(hub, source(url))) == (stage, code)


def test_a_repository_without_a_format_that_we_read_is_said_so(hub):
    with replying(Repository(formats=(("xyz", "http://example.org/xyz"),))) as url:
        found = steps(hub, source(url))

    assert found[Stage.FORMATS].error.code() == "no-readable-format"
    assert found[Stage.FORMATS].found["others"] == ["xyz"]
    assert found[Stage.SETS].state is State.OK


def test_a_prefix_that_is_named_is_tried_though_formats_are_not_told(hub):
    def respond(request):
        if request.arguments["verb"] == "ListMetadataFormats":
            return Reply(status=500)
        return repository(request)

    repository = Repository(formats=(("oai_dc", OAI_DC),))
    with replying(respond) as url:
        found = steps(hub, replace(source(url), prefix="oai_dc"))

    assert found[Stage.FORMATS].state is State.FAILED
    assert found[Stage.FIRST_PAGE].found["records"] == 2


def test_a_clock_that_is_wrong_and_an_address_that_moved_are_told(hub):
    repository = Repository()

    def respond(request):
        if request.path == "/new":
            return repository(request)
        return Reply(status=301, headers={"Location": f"/new?{urlencode(request.arguments)}"})

    with replying(respond) as url:
        found = steps(hub, source(url))

    assert found[Stage.IDENTIFY].found["clock_seconds"] < -1_000_000
    assert any("clock" in told for told in found[Stage.IDENTIFY].detail)
    assert found[Stage.HTTP].found["moved"].endswith("/new")


def test_the_proxy_is_what_is_connected_to(hub):
    seen = []
    with replying(Repository()) as url, proxying(seen) as proxy:
        found = steps(hub, source(url, proxy=proxy))

    assert found[Stage.TCP].found["port"] == int(proxy.rpartition(":")[2])
    assert found[Stage.FIRST_PAGE].state is State.OK
    assert all(each.startswith(f"GET {url}") for each in seen)


def test_credentials_are_used_and_those_that_are_missing_are_said_so(hub):
    repository = Repository()

    def respond(request):
        return repository(request) if "api_key" in request.arguments else Reply(status=401)

    kept = Credentials(name="khoa", kind=Kind.QUERY, where="api_key", secret="s3cr3t")
    credentials.put(hub.database, KEY, kept)
    with replying(respond) as url:
        found = steps(hub, source(url, credentials="khoa"), key=KEY)
        with pytest.raises(NoSuchCredentials):
            steps(hub, source(url, credentials="other"), key=KEY)

    assert found[Stage.FIRST_PAGE].state is State.OK
    assert any("anyone on the way" in told for told in found[Stage.TLS].detail)
    assert "s3cr3t" not in repr(found)


@pytest.mark.parametrize(
    ("kept", "headers", "query"),
    [
        ({"kind": Kind.BASIC, "user": "hub"}, {"Authorization": "Basic aHViOnM="}, {}),
        ({"kind": Kind.BEARER}, {"Authorization": "Bearer s"}, {}),
        ({"kind": Kind.HEADER, "where": "X-Key"}, {"X-Key": "s"}, {}),
        ({"kind": Kind.QUERY, "where": "key"}, {}, {"key": "s"}),
    ],
    ids=lambda each: each.get("kind", "") if isinstance(each, dict) else "",
)
def test_each_kind_of_credentials_signs_in_its_own_way(hub, kept, headers, query):
    credentials.put(hub.database, KEY, Credentials(name="khoa", secret="s", **kept))
    auth = http_of(replace(hub.line, key=KEY), source("http://a.vn/", credentials="khoa")).auth

    assert (auth.headers, auth.query) == (headers, query)


def test_what_a_source_does_not_say_is_as_the_hub_does_it(hub):
    http = http_of(hub.line, source("http://a.vn/", read_timeout=7.0, max_page_mb=2))

    assert (http.read_timeout, http.max_page_bytes) == (7.0, 2 * 1024 * 1024)
    assert http.total_timeout == LOOPBACK.total_timeout


def test_a_server_whose_lists_are_broken_is_asked_only_a_few_times(hub):
    repository = Repository()
    broken = Reply(status=500)
    repository.refusing = lambda one: broken if one["verb"] == "ListRecords" else None
    with replying(repository) as url:
        found = steps(hub, source(url))

    assert found[Stage.FIRST_PAGE].found["problems"] == ["read-one-by-one"]
    assert len(repository.requests) < 16


def files_at(url: str, **settings) -> Source:
    return Source(name="s1", library="L1", protocol="file", url=url, files=Files(**settings))


def test_files_that_can_be_read_are_told_step_by_step(hub, tmp_path):
    (tmp_path / "a.mrc").write_bytes(books(1, 2))
    (tmp_path / "b-xoa.txt").write_bytes(b"1\n")
    found = steps(hub, files_at(f"file:{tmp_path}"))

    assert list(found) == list(FileStage)
    assert {*states(found).values()} == {"ok"}
    assert found[FileStage.FILES].found["names"] == ["a.mrc", "b-xoa.txt"]
    assert found[FileStage.FORMAT].found["formats"] == {
        "a.mrc": "iso2709",
        "b-xoa.txt": "a list of identifiers",
    }
    assert found[FileStage.FIRST_RECORDS].found["identifiers"] == ["1", "2", "1"]


@pytest.mark.parametrize(
    ("data", "failed"),
    [
        (None, (FileStage.FILES, "file-missing")),
        (b"%PDF-1.7", (FileStage.FORMAT, "unknown-content")),
        (b"", (FileStage.FIRST_RECORDS, "file-empty")),
    ],
    ids=["missing", "pdf", "empty"],
)
def test_a_file_that_cannot_be_read_names_the_step_that_failed(hub, tmp_path, data, failed):
    if data is not None:
        (tmp_path / "a.mrc").write_bytes(data)
    found = steps(hub, files_at(f"file:{tmp_path}/a.mrc"))

    assert failing(found) == failed


def test_a_file_on_a_server_is_reached_first(hub):
    with replying(lambda _: Reply(body=books(1))) as url:
        found = steps(hub, files_at(url))

    assert list(found) == [Stage.DNS, Stage.TCP, Stage.TLS, *FileStage]
    assert found[FileStage.FIRST_RECORDS].found["records"] == 1


def test_an_inbox_alone_may_be_empty(hub):
    found = steps(hub, files_at("file:"))

    assert states(found)[FileStage.FIRST_RECORDS] == "skipped"

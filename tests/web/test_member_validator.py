"""A member library has its own servers checked, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

import pytest
from flask.testing import FlaskClient

from catalogue import queue, sources, users
from catalogue.database import Database
from catalogue.model import Source
from catalogue.users import Role
from catalogue.validations import store
from crosswalks.model import Severity
from harvester.validate.examine import Report
from harvester.validate.model import Finding
from scheduler.validations import plain
from support.engines import Engine
from support.staff import PASSWORD, boxes, document, hub, sign_in, sign_in_at, text
from web.validation.words import MEANINGS

URL = "http://127.0.0.1:9/oai"
OURS = "/member/validator/ours"
NAMES = {name for each in MEANINGS.values() for _, name, _, _ in Formatter().parse(each) if name}
"""Whatever the words of some code name."""


@pytest.fixture(scope="module")
def database(sqlite_engine: Engine) -> Iterator[Database]:
    """Give a hub of two libraries with a server each, the first also with files."""
    with sqlite_engine.fresh() as url:
        opened = Database.open(url)
        for name, library in (("ours", "L1"), ("also", "L1"), ("theirs", "L2")):
            sources.add(opened, Source(name=name, library=library, protocol="oai-pmh", url=URL))
        sources.add(opened, Source(name="files", library="L1", protocol="file", url="file:"))
        users.add(opened, "thu-vien", PASSWORD, Role.MEMBER, library="L1")
        users.add(opened, "lan", PASSWORD, Role.OPERATOR)
        for codes in (("cursor", "empty-answer"), ("cursor", "no-answer", "of-yore")):
            finished(opened, *codes)
        yield opened
        opened.close()


def finished(database: Database, *codes: str) -> None:
    """Keep a check of our server that found these."""
    store.ask(database, "ours", "thu-vien")
    [key] = [each for each in queue.due(database, store.KIND) if each.endswith(":1")]
    found, lease = store.waiting(database, key), queue.claim(database, store.KIND, key, anew=False)
    assert found is not None
    assert lease is not None
    findings = tuple(
        Finding(
            code=code,
            severity=Severity.ERROR,
            verb="ListRecords",
            request=f"{URL}?verb=ListRecords",
            details=dict.fromkeys(NAMES, "4"),
        )
        for code in codes
    )
    report = Report(url=URL, requests=321, records=14, complete=True, findings=findings)
    store.finish(database, lease, found.id, store.MEND, plain(report))


def member(database: Database) -> FlaskClient:
    client = hub(database)
    assert sign_in_at(client, "member", "thu-vien").status_code == 302
    return client


def newest(database: Database) -> int:
    return next(each.id for each in store.all(database, "ours") if each.is_told)


def test_a_library_sees_its_own_servers_of_oai_pmh(database: Database):
    said = text(member(database).get("/member/validator"))

    assert "ours" in said
    assert "to be mended" in said
    assert [name for name in ("theirs", "files") if name in said] == []


def test_the_report_says_what_is_wrong_and_what_is_new(database: Database):
    client = member(database)
    page = client.get(f"{OURS}/{newest(database)}")
    told = client.get(f"{OURS}/{newest(database)}.json").get_json()
    said = text(page)

    assert "no answer came" in said.lower()
    assert "321" in said
    then = document(page).xpath("//dl//dd/code/text()")
    assert then == ["no-answer", "empty-answer"]
    assert {each["code"] for each in told["problems"]} == {"cursor", "no-answer"}
    assert "advice" in told["problems"][0]
    assert document(page).xpath("//link[@media='print']")


def test_another_library_s_checks_are_nowhere(database: Database):
    client, number = member(database), newest(database)
    token = boxes(document(client.get(OURS)))["csrf_token"]

    for place in ("theirs", f"theirs/{number}", f"theirs/{number}.json", "theirs/wait"):
        assert client.get(f"/member/validator/{place}").status_code == 404
    sent = client.post("/member/validator/theirs", data={"csrf_token": token})
    assert sent.status_code == 404
    assert store.all(database, "theirs") == []
    assert client.get(f"{OURS}/{number + 100}").status_code == 404


def test_pressed_twice_it_is_asked_once_and_the_page_tells_how_far_it_is(database: Database):
    client, here = member(database), "/member/validator/also"
    form = boxes(document(client.get(here)))
    for said in ("A worker checks the server", "is being checked already"):
        sent = client.post(here, data=form)
        assert said in text(client.get(sent.location))
    waits = client.get(f"{here}/wait")

    [asked] = store.all(database, "also")
    assert "HX-Refresh" not in waits.headers
    assert "waits to be checked" in waits.get_data(as_text=True)
    assert client.get(f"{here}/{asked.id}").status_code == 404
    assert client.get(f"{OURS}/wait").headers["HX-Refresh"] == "true"


def test_staff_see_the_same_from_the_page_of_the_source(database: Database):
    client = hub(database)
    sign_in(client, "lan")
    links = document(client.get("/staff/sources/ours")).xpath("//main//a/@href")
    here = "/staff/sources/ours/validator"

    assert here in links
    assert "to be mended" in text(client.get(here))
    assert "321" in text(client.get(f"{here}/{newest(database)}"))
    assert client.get("/staff/sources/files/validator").status_code == 200

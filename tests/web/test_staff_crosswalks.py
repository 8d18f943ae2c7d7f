"""Crosswalks on screen: read, written, compared, tried, their effect seen, published."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from threading import Event

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete
from werkzeug.test import TestResponse

from catalogue import crosswalk_drafts, crosswalks
from catalogue.crosswalk_tables import (
    CrosswalkDraftRow,
    CrosswalkEffectRow,
    CrosswalkRevisionRow,
    CrosswalkTestRow,
    CrosswalkVersionRow,
)
from catalogue.crosswalks import Version
from catalogue.database import Database
from catalogue.people_tables import UserRow
from catalogue.sql import table
from catalogue.tables import JobRow
from catalogue.users import Role
from crosswalks.shelf import Written
from crosswalks.trials import Trial
from scheduler.crosswalk_effects import DRAFT, KIND, is_asked_for, work_out_next
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support.engines import Engine
from support.lines import Hub
from support.oai_source import Repository, items
from support.pages import place_all
from support.staff import boxes, document, inside, post, text

WRITTEN = (
    CrosswalkDraftRow,
    CrosswalkEffectRow,
    CrosswalkRevisionRow,
    CrosswalkTestRow,
    CrosswalkVersionRow,
)
NAME = "oai_dc-marc21"
PAGE = f"/staff/crosswalks/of/{NAME}"
TERM = '655 _7 $a $2=local <- "Luận án"\n'
HEADING = f"crosswalk {NAME} version 1\nfrom oai_dc to marc21\n"
TEXT = f"{HEADING}{TERM}include shipped/{NAME}\n"


@pytest.fixture(scope="module")
def kept(sqlite_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    """Three records in Dublin Core of a source that names no crosswalk, placed."""
    with sqlite_engine.fresh() as url, ExitStack() as ending:
        opened = Database.open(url)
        hub = Hub(opened, tmp_path_factory.mktemp("instance"), ending)
        hub.add("s1", Repository(items=items(3)))
        harvest(hub.line, "s1", HarvestOptions())
        place_all(opened)
        yield hub
        opened.close()


@pytest.fixture
def union(kept: Hub) -> Hub:
    """Give the hub without anything written; those of other tests are gone."""
    for each in (*WRITTEN, JobRow, UserRow):
        wanted = delete(table(each))
        wanted = wanted if each is not JobRow else wanted.where(JobRow.kind == KIND)
        kept.database.writing(lambda connection, wanted=wanted: connection.execute(wanted))
    return kept


@pytest.fixture
def database(union: Hub) -> Database:
    return union.database


def keep(client: FlaskClient, written: str = TEXT, page: str = PAGE, **more: str) -> TestResponse:
    """Send the editor's form with another text, as a browser does."""
    form = boxes(document(client.get(f"{page}/edit")))
    sent = form | {"text": written.replace("\n", "\r\n"), "keep": "yes"} | more
    return post(client, f"{page}/edit", **{name: each for name, each in sent.items() if each})


def work(union: Hub) -> None:
    while work_out_next(union.line, Event()):
        pass


def test_all_are_listed_with_who_uses_them(union: Hub):
    page = inside(union.database).get("/staff/crosswalks?lang=vi")
    rows = [" ".join(row.text_content().split()) for row in document(page).xpath("//tbody/tr")]

    assert any(row.startswith(f"{NAME} từ oai_dc sang marc21") for row in rows)
    assert any("dublin-core" in row and "Được dùng trong" in row for row in rows)
    assert any("marc21-oai_dc" in row and "Cung cấp dưới dạng: oai_dc" in row for row in rows)


def test_rules_are_told_in_words(database: Database):
    client = inside(database)
    page = document(client.get(f"{PAGE}/rules"))
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in page.xpath("//tr")]

    assert [
        "32 dublin-core",
        "field LDR",
        "“00000nam a22000007u 4500”",
        "as it is",
        "always",
    ] in rows
    assert "trường LDR" in text(client.get(f"{PAGE}/rules?lang=vi"))
    assert "bảng chuyển đổi none" in text(client.get("/staff/crosswalks/of/none/rules"))


@pytest.mark.parametrize("name", ["dublin-core", "marc21-csv"])
def test_each_kind_of_crosswalk_has_its_pages(database: Database, name: str):
    client = inside(database)
    for page in ("", "/rules", "/text", "/edit", "/compare", "/try", "/effect?of=0"):
        answer = client.get(f"/staff/crosswalks/of/{name}{page}", follow_redirects=True)

        assert answer.status_code == (404 if page == "/effect?of=0" and name == "no" else 200)


def test_the_one_without_a_text_can_be_written_over(database: Database):
    name = "marc21-marc21"
    page = f"/staff/crosswalks/of/{name}"
    client = inside(database, Role.CATALOGUER)
    for each in ("", "/rules", "/text", "/compare", "/try"):
        assert client.get(f"{page}{each}", follow_redirects=True).status_code == 200
    form = boxes(document(client.get(f"{page}/edit")))
    keep(client, form["text"] + '655 _4 $a <- "x"\n', page)
    crosswalks.publish(database, name, "an")

    assert form["text"].split() == f"crosswalk {name} version 1 from marc21 to marc21 keep".split()
    shown = document(client.get(page))
    assert not shown.xpath("//a[contains(@href, 'of=0') and contains(@href, 'effect')]")
    assert name in text(client.get("/staff/crosswalks"))


def test_mistakes_are_told_at_their_lines_and_nothing_typed_is_lost(database: Database):
    client = inside(database, Role.CATALOGUER)
    wrong = f"{HEADING}245 $a <- dc:title | trimm\n260 dc:date\n"
    answer = keep(client, wrong, note="thử", table="của tôi", rows="a\tb")
    page = document(answer)

    assert answer.status_code == 400
    assert page.xpath("//*[@id='mistakes']//a/@href") == ["#line-3", "#line-4"]
    assert page.xpath("//span[@class='wrong']/@id") == ["line-3", "line-4"]
    assert "there is no transform trimm" in text(answer)
    assert "the crosswalk language names all transforms" in text(answer)
    assert [page.xpath("string(//textarea[@id='text'])").lstrip("\n")] == [wrong]
    assert page.xpath("//input[@id='note']/@value") == ["thử"]
    assert page.xpath("//input[@id='table-1']/@value") == ["của tôi"]
    assert crosswalks.draft(database, NAME) is None


def test_checking_keeps_nothing(database: Database):
    client = inside(database, Role.CATALOGUER)
    form = boxes(document(client.get(f"{PAGE}/edit")))
    answer = post(client, f"{PAGE}/edit", seen=form["seen"], text=TEXT, check="yes")

    assert "Nothing is wrong with it." in text(answer)
    assert crosswalks.draft(database, NAME) is None


def test_a_draft_is_kept_once_with_its_tables(database: Database):
    client = inside(database, Role.CATALOGUER)
    for _ in range(2):
        answer = keep(client, table="terms", rows="a\tb\r\nx\ty")
    kept = crosswalks.draft(database, NAME)

    assert answer.headers["Location"] == PAGE
    assert kept is not None
    assert kept.written == Written(text=TEXT, tables=(("terms", "a\tb\nx\ty"),))
    assert (kept.author, kept.number) == ("cataloguer", 1)
    assert boxes(document(client.get(f"{PAGE}/edit")))["text"].strip() == TEXT.strip()


def test_the_second_of_two_people_is_told_and_both_texts_are_kept(database: Database):
    client = inside(database, Role.CATALOGUER)
    form = boxes(document(client.get(f"{PAGE}/edit")))
    other = Version(name=NAME, version=None, author="Mai", written=Written(text=f"{TEXT}# Mai\n"))
    crosswalks.put_draft(database, other)
    mine = {"seen": form["seen"], "text": TEXT, "keep": "yes"}
    answers = [post(client, f"{PAGE}/edit", **mine) for _ in range(2)]

    assert [each.status_code for each in answers] == [409, 409]
    assert "Mai kept something else" in text(answers[0])
    assert "# Mai" in text(answers[0])
    assert [each.author for each in crosswalk_drafts.headers(database, NAME, 9)] == [
        "cataloguer",
        "Mai",
    ]
    decided = boxes(document(answers[1]))
    post(client, f"{PAGE}/edit", **mine | {"seen": decided["seen"]})
    kept = crosswalks.draft(database, NAME)
    assert kept is not None
    assert kept.written.text == TEXT


def test_two_texts_stand_side_by_side(database: Database):
    client = inside(database, Role.CATALOGUER)
    keep(client)
    page = document(client.get(f"{PAGE}/compare", follow_redirects=True))

    assert "Luận án" in page.xpath("string(//tr[@class='added'])")
    assert page.xpath("//option[@selected]/text()") == [
        "Version 0, as it comes with the program",
        "Draft 1",
    ]
    same = client.get(f"{PAGE}/compare?one=0&two=0")
    assert "The two are the same." in text(same)
    assert client.get(f"{PAGE}/compare?one=0&two=99999999999").status_code == 404


def test_a_draft_is_tried_on_stored_records(union: Hub):
    client = inside(union.database, Role.CATALOGUER)
    keep(client, **{"try": "yes"})
    page = document(client.get(f"{PAGE}/try"))
    marked = page.xpath("//tr[@class='differs']")

    assert len(page.xpath("//section[@class='record']")) == 3
    assert "Luận án" in marked[0].text_content()
    assert page.xpath("count(//details[@open])") == 2
    [one] = document(client.get(f"{PAGE}/try?source=s1&identifier=oai:example.org:1")).xpath(
        "//section"
    )
    assert "oai:example.org:1" in one.text_content()
    assert "There is no such record" in text(client.get(f"{PAGE}/try?identifier=none"))
    assert client.get(f"{PAGE}/try?after={2**63}").status_code == 404


def test_what_is_given_out_is_tried_too(union: Hub):
    client = inside(union.database, Role.CATALOGUER)
    name = "marc21-oai_dc"
    page = f"/staff/crosswalks/of/{name}"
    rights = f'crosswalk {name} version 1\nfrom marc21 to oai_dc\ndc:rights <- "CC0"\n'
    keep(client, f"{rights}include shipped/{name}\n", page)
    tried = document(client.get(f"{page}/try"))

    assert "CC0" in tried.xpath("string(//tr[@class='added'])")
    assert len(tried.xpath("//section[@class='record']")) == 3


def test_the_effect_is_worked_out_once_and_shown(union: Hub):
    client = inside(union.database, Role.CATALOGUER)
    keep(client)
    for _ in range(2):
        post(client, f"{PAGE}/effect", of=DRAFT)
    waiting = client.get(f"{PAGE}/effect")
    assert document(waiting).xpath("//@hx-get") == [f"{PAGE}/effect/wait?of=draft"]
    assert "HX-Refresh" not in client.get(f"{PAGE}/effect/wait?of=draft").headers
    work(union)
    page = client.get(f"{PAGE}/effect")

    assert not is_asked_for(union.database, NAME, DRAFT)
    assert client.get(f"{PAGE}/effect/wait?of=draft").headers["HX-Refresh"] == "true"
    assert "655" in text(page)
    assert "Luận án" in document(page).xpath("string(//ins)")
    assert "An administrator can publish it." in text(page)


def publish(client: FlaskClient, **more: str) -> TestResponse:
    form = boxes(document(client.get(f"{PAGE}/effect")))
    return post(client, f"{PAGE}/publish", **form | more)


def test_an_administrator_publishes_what_was_seen_and_goes_back(union: Hub):
    client = inside(union.database, Role.ADMIN)
    keep(client)
    post(client, f"{PAGE}/effect", of=DRAFT)
    work(union)
    form = boxes(document(client.get(f"{PAGE}/effect")))
    answers = [post(client, f"{PAGE}/publish", **form | {"note": "từ mới"}) for _ in range(2)]

    assert [each.headers["Location"] for each in answers] == [PAGE, PAGE]
    assert "This text of oai_dc-marc21 is in use already." in text(client.get(PAGE))
    used, shipped = crosswalks.versions(union.database, NAME)
    assert (used.version, used.author, used.note) == (1, "admin", "từ mới")
    assert used.written.text == TEXT

    post(client, f"{PAGE}/effect", of="0")
    work(union)
    back = boxes(document(client.get(f"{PAGE}/effect?of=0")))
    post(client, f"{PAGE}/publish", **back)
    assert crosswalks.versions(union.database, NAME)[0].written == shipped.written


def test_what_was_not_seen_is_not_published(union: Hub):
    client = inside(union.database, Role.ADMIN)
    keep(client)
    assert post(client, f"{PAGE}/publish", of=DRAFT, seen="").status_code == 400
    post(client, f"{PAGE}/effect", of=DRAFT)
    work(union)
    form = boxes(document(client.get(f"{PAGE}/effect")))
    keep(client, f"{TEXT}# another\n")
    stale = post(client, f"{PAGE}/publish", **form)

    assert stale.status_code == 400
    assert "no longer holds" in text(stale)
    assert "have it worked out again" in text(client.get(f"{PAGE}/effect"))
    assert crosswalks.versions(union.database, NAME)[0].version == 0


def test_saved_tests_that_fail_are_shown_before(union: Hub):
    client = inside(union.database, Role.ADMIN)
    keep(client)
    given = items(1)[0].payload.encode()
    crosswalks.save_test(union.database, NAME, Trial(title="một", given=given, expected="x"), "an")
    post(client, f"{PAGE}/effect", of=DRAFT)
    work(union)
    page = client.get(f"{PAGE}/effect")

    assert "1 saved tests fail by it." in text(page)
    assert not document(page).xpath(f"//form[@action='{PAGE}/publish']")


def test_a_draft_is_thrown_away_and_can_be_taken_up_again(database: Database):
    client = inside(database, Role.CATALOGUER)
    keep(client)
    seen = crosswalk_drafts.standing(database, NAME)
    stale = post(client, f"{PAGE}/discard", seen="0.9")
    gone = post(client, f"{PAGE}/discard", seen=seen)

    assert stale.status_code == 400
    assert gone.headers["Location"] == PAGE
    assert crosswalks.draft(database, NAME) is None
    assert boxes(document(client.get(f"{PAGE}/edit?of=d1")))["text"].strip() == TEXT.strip()


def test_a_new_one_begins_with_lines_that_run(database: Database):
    client = inside(database, Role.CATALOGUER)
    asked = "/staff/crosswalks/new?name=kho-so&source=oai_dc&target=marc21"
    page = client.get(asked).headers["Location"]
    form = boxes(document(client.get(page)))
    kept = post(client, page.partition("?")[0], seen=form["seen"], text=form["text"], keep="yes")

    assert kept.status_code == 302
    assert "include oai_dc-marc21" in form["text"]
    assert "nobody yet" in text(client.get("/staff/crosswalks/of/kho-so"))
    wrong = client.get("/staff/crosswalks/new?name=kho%20s%E1%BB%91")
    assert wrong.status_code == 400
    assert document(wrong).xpath("//input[@id='name']/@value") == ["kho số"]
    assert client.get(f"/staff/crosswalks/new?name={NAME}").headers["Location"] == PAGE


def test_who_may_do_what(union: Hub):
    viewer = inside(union.database, Role.VIEWER)

    assert viewer.get(PAGE).status_code == 200
    assert viewer.get(f"{PAGE}/edit").status_code == 403
    assert post(viewer, f"{PAGE}/effect", of="0").status_code == 403
    assert "Change its text" not in text(viewer.get(PAGE))
    operator = inside(union.database)
    assert post(operator, f"{PAGE}/publish", of="0").status_code == 403


class AfterAPage(Event):
    """Set from the second look on: after a page of records."""

    looks = 0

    def is_set(self) -> bool:
        self.looks += 1
        return self.looks > 1


def test_a_worker_that_has_better_to_do_goes_on_later(union: Hub):
    client = inside(union.database, Role.CATALOGUER)
    keep(client)
    post(client, f"{PAGE}/effect", of=DRAFT)
    stopping = AfterAPage()

    assert work_out_next(union.line, stopping)
    assert is_asked_for(union.database, NAME, DRAFT)
    assert "3 records so far" in text(client.get(f"{PAGE}/effect/wait?of=draft"))
    work(union)
    assert "655" in text(client.get(f"{PAGE}/effect"))

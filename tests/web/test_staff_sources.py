"""Sources on screen: the list, adding, testing, looking at records, running, pausing."""

from __future__ import annotations

from dataclasses import fields

import pytest
from flask.testing import FlaskClient
from lxml import html

from catalogue import credentials, options, queue, sources
from catalogue.database import Database
from catalogue.model import Source
from catalogue.store.run import KIND, job_key
from catalogue.users import Role
from hub.sourcecheck import check
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support.loopback import replying
from support.oai_source import Item, Repository, dublin_core
from support.staff import boxes, document, inside, line, post, text
from web.staff.sources import boxes as boxes_of
from web.staff.sources.views import PER_PAGE


def add(database: Database, name: str = "s1", **settings: object) -> Source:
    url = settings.pop("url", "http://127.0.0.1:9/oai")
    source = Source(name=name, library="LIB", protocol="oai-pmh", url=url, **settings)
    sources.add(database, source)
    return source


def send(client: FlaskClient, page: html.HtmlElement, **changes: str):
    """Send the last form of a page as a person does who fills in only these boxes."""
    form = page.forms[-1]
    return client.post(form.action, data=boxes(page) | changes, buffered=True)


def test_an_empty_hub_says_what_to_do_first(database: Database):
    page = document(inside(database).get("/staff/sources"))

    assert "There is no source yet" in page.text_content()
    assert "/staff/add-source" in page.xpath("//a/@href")


def test_a_viewer_sees_sources_and_no_buttons(database: Database):
    add(database)
    client = inside(database, Role.VIEWER)
    for address in ("/staff/sources", "/staff/sources/s1"):
        page = document(client.get(address))

        assert "s1" in page.text_content()
        assert page.xpath("//main//form[@method='post']//button") == []


def test_the_list_can_be_cut_down_to_those_that_fare_badly(database: Database):
    add(database, "sound", paused=True)
    add(database, "broken")
    harvest(line(database), "broken", HarvestOptions())
    client = inside(database)
    shown = document(client.get("/staff/sources?health=failing")).xpath("//tbody//th/a/text()")

    assert shown == ["broken"]
    assert "failing 1" in text(client.get("/staff/sources"))


def test_run_now_pressed_twice_queues_once(database: Database):
    add(database)
    client = inside(database)
    said = [text(client.get(post(client, "/staff/sources/s1/run").location)) for _ in range(2)]

    assert "is queued" in said[0]
    assert "was not queued twice" in said[1]
    assert queue.next_due(database, KIND) == job_key("s1")


def test_htmx_gets_the_line_of_the_source_anew(database: Database):
    add(database)
    client = inside(database)
    page = document(client.get("/staff/sources"))
    token = page.xpath("string(//body/@hx-headers)").partition(': "')[2].rstrip('"}')
    answer = client.post(
        "/staff/sources/s1/run", headers={"HX-Request": "true", "X-CSRFToken": token}
    )
    [row] = html.fragments_fromstring(answer.get_data(as_text=True))

    assert row.tag == "tr"
    assert "queued" in row.text_content()
    assert row.get("hx-trigger") == "every 3s"


def test_a_paused_source_is_not_run_and_can_be_resumed(database: Database):
    add(database)
    client = inside(database)
    post(client, "/staff/sources/s1/pause")
    post(client, "/staff/sources/s1/run")
    paused = document(client.get("/staff/sources/s1"))

    assert queue.next_due(database, KIND) is None
    assert "/staff/sources/s1/run" not in paused.xpath("//form/@action")
    post(client, "/staff/sources/s1/resume")
    assert not sources.get(database, "s1").paused


def test_a_queued_harvest_is_taken_back_by_stop(database: Database):
    add(database)
    client = inside(database)
    post(client, "/staff/sources/s1/run")
    post(client, "/staff/sources/s1/stop")

    assert queue.next_due(database, KIND) is None


@pytest.mark.parametrize("url", ["", "nonsense", "ftp://x.vn/oai", "http://x.vn/oai?verb=Identify"])
def test_what_is_no_address_is_not_asked(database: Database, url: str):
    client = inside(database, check=check)
    answer = send(client, document(client.get("/staff/add-source")), url=url)

    assert answer.status_code == 400
    assert document(answer).xpath("//p[@role='alert']/text()")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "a b"},
        {"name": "taken"},
        {"library": "no such code!"},
        {"schedule": "now and then"},
        {"schedule": "daily", "at": "25:99"},
        {"crosswalk": "none"},
        {"encoding": "klingon"},
        {"url": ""},
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(
    database: Database, wrong: dict[str, str]
):
    add(database, "taken")
    client = inside(database, check=check)
    filled = {"name": "new", "library": "L2", "url": "http://x.vn/oai", "other_sets": "a\nb"}
    answer = post(client, "/staff/add-source", **(filled | wrong))
    page = document(answer)

    assert answer.status_code == 400
    assert page.xpath("//p[@role='alert']/text()")
    assert boxes(page)["other_sets"].split() == ["a", "b"]
    assert [source.name for source in sources.all(database)] == ["taken"]


def test_settings_are_changed_and_what_the_form_does_not_ask_for_stays(database: Database):
    add(database, weight=7, suppress=("942$n = '1'",), schedule="every 45 minutes")
    client = inside(database)
    page = document(client.get("/staff/sources/s1/settings"))
    send(client, page, prefix="marc21", other_sets="a b")
    changed = sources.get(database, "s1")

    assert (changed.prefix, changed.sets, changed.weight) == ("marc21", ("a", "b"), 7)
    assert changed.suppress == ("942$n = '1'",)
    assert changed.schedule == "every 45 minutes"


def test_of_two_who_change_settings_at_once_the_later_is_told(database: Database):
    add(database)
    client = inside(database)
    page = document(client.get("/staff/sources/s1/settings"))
    for _ in range(2):
        assert send(client, page, prefix="marc21").status_code == 302
    later = send(client, page, prefix="oai_dc", at="05:00")

    assert later.status_code == 400
    assert "were changed by somebody else meanwhile" in text(later)
    assert boxes(document(later))["prefix"] == "oai_dc"
    assert sources.get(database, "s1").prefix == "marc21"


def test_a_schedule_is_chosen_or_typed_and_nothing_typed_is_passed_over(database: Database):
    add(database)
    client = inside(database, check=check)
    came_out = []
    for sent in (
        {"schedule": "mondays", "at": "04:00"},
        {"written": "ngày 15 hằng tháng lúc 3h"},
        {},
        {"schedule": "last of the month"},
        {"written": "cron 0 3 * * 1-5"},
        {"schedule": ""},
    ):
        send(client, document(client.get("/staff/sources/s1/settings?lang=vi")), **sent)
        came_out.append(sources.get(database, "s1").schedule)

    assert came_out == [
        "mondays 04:00",
        "on the 15th 03:00",
        "on the 15th 03:00",
        "last of the month 02:30",
        "cron 0 3 * * 1-5",
        "",
    ]


def test_records_are_shown_at_each_step_of_their_way(database: Database):
    with replying(Repository()) as url:
        add(database, url=url)
        page = document(post(inside(database), "/staff/sources/s1/preview"))

    first = page.xpath("//section[@class='record']")[0]
    raw, parsed, mapped = (column.text_content() for column in first.xpath(".//pre"))
    assert "<" in raw
    assert "dc:title" in parsed
    assert "=245" in mapped


def test_a_server_that_breaks_off_is_told_after_the_records_that_came(database: Database):
    add(database)

    said = text(post(inside(database), "/staff/sources/s1/preview"))
    assert "127.0.0.1:9" in said


def test_only_a_few_members_are_asked_at_a_time(database: Database):
    from web.staff.sources import outgoing

    add(database)
    client = inside(database)
    for _ in range(outgoing.AT_ONCE):
        assert outgoing.doors.acquire(blocking=False)
    try:
        answer = post(client, "/staff/sources/s1/test")
    finally:
        for _ in range(outgoing.AT_ONCE):
            outgoing.doors.release()

    assert "try again in a minute" in text(client.get(answer.location))
    assert post(client, "/staff/sources/s1/test").status_code == 200


@pytest.mark.parametrize("address", ["", "/settings", "/row", "/status"])
def test_a_source_that_is_not_there_is_said_so(database: Database, address: str):
    answer = inside(database).get(f"/staff/sources/none{address}")

    assert answer.status_code == 404
    assert "There is no source named none" in text(answer)


def test_markup_in_what_a_server_says_is_text(database: Database):
    hostile = Item(identifier="<b>x</b>", payload=dublin_core("<script>alert(1)</script>"))
    with replying(Repository(items=[hostile])) as url:
        add(database, url=url)
        page = document(post(inside(database), "/staff/sources/s1/preview"))

    assert page.xpath("//main//script | //main//b") == []
    assert "<script>" in page.xpath("string(//div[@class='columns']/div[2]/pre)")


def hear(client: FlaskClient, address: str, token: str = ""):
    """Press a button of htmx."""
    told = {"HX-Request": "true", "X-CSRFToken": token}
    return client.post(address, headers=told)


def test_htmx_shows_its_page_anew_where_something_went_wrong(database: Database):
    client = inside(database)
    answers = [hear(client, "/staff/sources/none/run")]
    answers.append(client.get("/staff/sources/none/row", headers={"HX-Request": "true"}))

    assert [answer.headers["HX-Refresh"] for answer in answers] == ["true", "true"]
    assert "There is no source named none" in text(client.get("/staff/sources"))


def test_a_source_that_is_added_by_pressing_twice_is_there_once(database: Database):
    client = inside(database, check=check)
    filled = {"name": "new", "library": "L2", "url": "http://x.vn/oai", "at": "02:30"}
    first, second = (post(client, "/staff/add-source", **filled) for _ in range(2))
    other = post(client, "/staff/add-source", **filled | {"url": "http://y.vn/oai"})

    assert first.location == second.location == "/staff/sources/new"
    assert other.status_code == 400
    assert sources.get(database, "new").url == "http://x.vn/oai"


def test_every_setting_has_a_name_for_people():
    known = {one.name for kind in options.GROUPS.values() for one in fields(kind)}

    assert set(boxes_of.LABELS) == known


def test_how_a_server_is_asked_is_set_in_the_form(database: Database):
    add(database, connection=options.Connection(quiet_hours="07:00-08:00", proxy="http://p.vn:1"))
    client = inside(database, check=check)
    page = document(client.get("/staff/sources/s1/settings"))
    answer = send(client, page, requests_per_minute="30", quiet_hours="", delete_percent="25")
    changed = sources.get(database, "s1")
    shown = document(client.get(answer.location)).xpath("//dl//dt/text() | //dl//dd/text()")

    assert changed.connection == options.Connection(requests_per_minute=30, proxy="http://p.vn:1")
    assert changed.guards == options.Guards(delete_percent=25)
    assert changed.listing == options.Listing()
    assert shown[shown.index("Requests a minute") + 1] == "30"
    assert shown[shown.index("Deletions at most (%)") + 1] == "25"


@pytest.mark.parametrize(
    "wrong",
    [
        {"requests_per_minute": "many"},
        {"parallel": "99"},
        {"delete_percent": "101"},
        {"quiet_hours": "at night"},
        {"reconcile": "now and then"},
        {"overlap_hours": "9" * 400},
    ],
)
def test_a_setting_that_cannot_be_is_said_and_stays_in_its_box(
    database: Database, wrong: dict[str, str]
):
    add(database)
    client = inside(database, check=check)
    answer = send(client, document(client.get("/staff/sources/s1/settings")), **wrong)
    page = document(answer)

    assert answer.status_code == 400
    assert page.xpath("//p[@role='alert']/text()")
    assert wrong.items() <= boxes(page).items()
    assert page.xpath("//details[@open]")
    assert sources.get(database, "s1").connection == options.Connection()


def test_only_an_administrator_says_which_credentials_go_where(database: Database):
    kept = credentials.Credentials(name="key", kind=credentials.Kind.BEARER, secret="x")
    credentials.put(database, b"k" * 32, kept)
    add(database)
    admin, operator = inside(database, Role.ADMIN), inside(database)
    address = "/staff/sources/s1/settings"
    page = document(operator.get(address))
    given = boxes(page) | {"credentials": "key"}
    given.pop("csrf_token")
    refused = [post(operator, address, **given)]
    post(admin, address, **given)
    moved = boxes(document(operator.get(address))) | {"url": "http://elsewhere.vn/oai"}
    refused.append(post(operator, address, **moved))
    post(operator, address, **moved | {"url": "http://127.0.0.1:9/other"})
    changed = sources.get(database, "s1")

    assert page.xpath("//select[@id='credentials']/@disabled")
    assert [answer.status_code for answer in refused] == [400, 400]
    assert "only an administrator says" in text(refused[0])
    assert (changed.connection.credentials, changed.url) == ("key", "http://127.0.0.1:9/other")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"paused": True}, "it begins when the source is resumed"),
        ({"connection": options.Connection(quiet_hours="00:00-23:59")}, "it begins:"),
    ],
)
def test_a_harvest_that_cannot_begin_yet_is_said_so(
    database: Database, settings: dict[str, object], said: str
):
    add(database, **settings)
    queue.enqueue(database, KIND, job_key("s1"), 0)

    assert said in text(inside(database).get("/staff/sources/s1"))


def test_many_busy_lines_ask_more_seldom(database: Database):
    names = [f"s{number}" for number in range(60)]
    for name in names:
        add(database, name)
        queue.enqueue(database, KIND, job_key(name), 0)
    client = inside(database)
    [line] = set(document(client.get("/staff/sources")).xpath("//tr/@hx-trigger"))
    row = client.get("/staff/sources/s1/row?pace=9").get_data(as_text=True)

    assert line == "every 9s"
    assert 'hx-trigger="every 9s"' in row


def test_a_thousand_sources_are_found_by_a_part_of_a_name_and_read_page_by_page(
    database: Database,
) -> None:
    for number in range(PER_PAGE + 1):
        add(database, f"nguon-{number:03}")
    client = inside(database)
    first, last, found = (
        document(client.get(f"/staff/sources?{asked}"))
        for asked in ("", "page=2", "q=Ngu%E1%BB%93n+007")
    )

    assert first.xpath("count(//tbody/tr)") == PER_PAGE
    assert first.xpath("//a[@rel='next']/@href") == ["/staff/sources?page=2"]
    assert last.xpath("//tbody//th/a/text()") == [f"nguon-{PER_PAGE:03}"]
    assert last.xpath("//a[@rel='next']") == []
    assert found.xpath("//tbody//th/a/text()") == ["nguon-007"]
    assert "No source is called like this" in text(client.get("/staff/sources?q=nowhere"))

"""Reports on screen: asked for once however often one presses, looked at, and taken along."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from lxml import etree
from python_calamine import CalamineWorkbook
from sqlalchemy import delete

from catalogue import browse, libraries, queue
from catalogue.consumers import store as consumers
from catalogue.consumers.model import Consumer
from catalogue.database import Database
from catalogue.people_tables import UserRow
from catalogue.report_tables import ReportRow
from catalogue.reports import store
from catalogue.reports.periods import parse
from catalogue.sql import table
from catalogue.tables import JobRow
from catalogue.users import Role
from scheduler.reports import KIND, make_next, make_now
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.staff import boxes, document, inside, line, post, text

OAI = "{http://www.openarchives.org/OAI/2.0/}"
PAGE = "/staff/reports/report/2024/1"
SHARED = book("Số đỏ", author="Vũ Trọng Phụng", isbn="9786049763342")


@pytest.fixture(scope="module")
def kept(sqlite_engine: Engine) -> Iterator[Database]:
    """Give a hub of two libraries that share one book of three; one book was withdrawn."""
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        add_library(database, "A", "Thư viện Quốc gia")
        add_library(database, "B", "<b>Bê</b>")
        libraries.change(database, "A", kind="Công cộng", region="Hà Nội")
        deliver(database, "A", {"1": SHARED, "2": book("Giông tố"), "3": book("Sẽ bị rút")})
        deliver(database, "B", {"1": SHARED, "4": book("Vỡ đê")})
        settle(database)
        deliver(database, "A", {"3": None})
        settle(database)
        yield database
        database.close()


@pytest.fixture
def union(kept: Database) -> Database:
    """Give the same without reports and users."""
    for each in (ReportRow, JobRow, UserRow):
        if each is JobRow:
            gone = delete(table(JobRow)).where(JobRow.kind == KIND)
        else:
            gone = delete(table(each))
        kept.writing(lambda connection, gone=gone: connection.execute(gone))
    return kept


@pytest.fixture
def operator(union: Database) -> FlaskClient:
    return inside(union)


@pytest.fixture
def made(union: Database) -> Database:
    make_now(union, line(union).zone, parse("2024"), "Lan")
    return union


def test_a_report_is_asked_for_on_the_page_and_listed_once_a_worker_made_it(
    union: Database, operator: FlaskClient
) -> None:
    empty = operator.get("/staff/reports")
    form = boxes(document(empty))
    asked = operator.post("/staff/reports/make", data=form | {"other": "2024-Q3"})
    waits = operator.get("/staff/reports")
    poll = operator.get("/staff/reports/wait")
    assert make_next(line(union)) is not None
    over = operator.get("/staff/reports/wait")
    listed = operator.get("/staff/reports")

    assert "There is no report yet." in text(empty)
    assert asked.status_code == 302
    assert "A worker is counting: 2024-q3" in text(waits)
    assert "HX-Refresh" not in poll.headers
    assert over.headers["HX-Refresh"] == "true"
    [row] = document(listed).xpath("//tbody/tr")
    assert " ".join(row.text_content().split()).startswith(
        "2024-q3, issue 1 1 1 Jul 2024 – 30 Sep 2024"
    )
    assert store.get(union, parse("2024-q3")).author == "operator"


def test_who_presses_twice_gets_one_report_and_is_told(
    union: Database, operator: FlaskClient
) -> None:
    form = boxes(document(operator.get("/staff/reports"))) | {"other": "2024"}
    operator.post("/staff/reports/make", data=form)
    operator.post("/staff/reports/make", data=form)
    make_next(line(union))
    late = operator.post("/staff/reports/make", data=form, follow_redirects=True)
    assert make_next(line(union)) is None

    assert "is there already, or is being made" in text(late)
    assert len(store.all(union)) == 1
    anew = boxes(document(operator.get("/staff/reports"))) | {"other": "2024"}
    operator.post("/staff/reports/make", data=anew)
    make_next(line(union))
    assert [each.issue for each in store.all(union)] == [2, 1]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"other": "tháng mười"}, "tháng mười is no period."),
        ({"other": "2999"}, "2999 has not begun yet"),
        ({"period": "", "other": ""}, "is no period."),
        ({"other": "2999", "seen": "9" * 400}, "has not begun yet"),
    ],
)
def test_what_cannot_be_made_is_refused_and_stays_in_the_form(
    operator: FlaskClient, given: dict[str, str], told: str
) -> None:
    refused = post(operator, "/staff/reports/make", **given)

    assert refused.status_code == 400
    assert told in text(refused)
    assert boxes(document(refused))["other"] == given["other"]


def test_a_viewer_reads_reports_and_makes_none(made: Database) -> None:
    viewer = inside(made, Role.VIEWER)

    assert viewer.get(PAGE).status_code == 200
    assert "An operator makes reports" in text(viewer.get("/staff/reports"))
    assert post(viewer, "/staff/reports/make", other="2024").status_code == 403
    assert queue.waiting(made, KIND) == {}


@pytest.mark.usefixtures("made")
def test_a_report_is_shown_with_charts_and_the_tables_they_are_of(operator: FlaskClient) -> None:
    page = operator.get(PAGE)
    tree = document(page)

    assert len(tree.xpath("//svg[@role='img'][@aria-label]")) == 3
    assert tree.xpath("//b") == []
    assert "<b>Bê</b>" in text(page)
    tables = [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in tree.xpath("//table[caption='By type of library']//tr")
    ]
    assert tables[0][:3] == ["Type", "Member libraries", "Records contributed"]
    assert tables[1] == [
        "Thư viện công cộng (Public library)",
        "1",
        "2",
        "0",
        "0",
        "0",
        "2",
        "1",
        "1",
        "0",
        "0",
    ]
    assert tables[2] == ["not stated", "1", "2", "0", "0", "0", "2", "1", "1", "1", "0"]
    widths = tree.xpath("//rect/@width")
    assert len(widths) == 12
    assert "less one" in text(page)
    assert "Số lần biên mục trùng tránh được" in text(
        operator.get(PAGE, query_string={"lang": "vi"})
    )


@pytest.mark.usefixtures("made")
def test_a_report_is_taken_along_for_a_spreadsheet(operator: FlaskClient) -> None:
    workbook = operator.get(f"{PAGE}/workbook?lang=vi")
    csv = operator.get(f"{PAGE}/csv/members")

    assert workbook.headers["Content-Disposition"] == 'attachment; filename="2024-1.xlsx"'
    sheets = CalamineWorkbook.from_filelike(io.BytesIO(workbook.get_data())).sheet_names
    assert sheets[3] == "Theo thư viện"
    assert csv.get_data().startswith(b"\xef\xbb\xbf")
    assert csv.headers["Content-Disposition"] == 'attachment; filename="2024-1-members.csv"'
    for address in (f"{PAGE}/csv/nothing", "/staff/reports/report/2024/99999999999"):
        assert operator.get(address).status_code == 404
    for address in ("/staff/reports/report/x/1", "/staff/reports/report/2024/9"):
        assert operator.get(address).status_code in (400, 404)


def test_the_totals_are_what_the_hub_counts_and_what_harvesters_count(
    made: Database, operator: FlaskClient
) -> None:
    figures = store.get(made, parse("2024")).figures
    answer = operator.get("/oai?verb=ListIdentifiers&metadataPrefix=oai_dc")
    headers = etree.fromstring(answer.get_data()).iter(f"{OAI}header")
    live = browse.totals(made)

    assert figures.beside["public"] == sum(each.get("status") is None for each in headers) == 3
    assert (figures.total.numbers["records"], figures.total.numbers["clusters"]) == (
        live.records,
        live.clusters,
    )
    assert figures.total.numbers["avoided"] == live.folded == 1


def test_a_key_is_given_to_a_service_of_a_member(union: Database) -> None:
    admin = inside(union, Role.ADMIN)
    post(admin, "/staff/consumers/add", name="opac-a", library="A")

    assert consumers.get(union, "opac-a").library == "A"
    shown = admin.get("/staff/consumers/consumer/opac-a")
    assert "Thư viện Quốc gia A" in text(shown)
    form = boxes(document(admin.get("/staff/consumers/consumer/opac-a/change")))
    assert form["library"] == "A"
    admin.post("/staff/consumers/consumer/opac-a/change", data=form | {"library": ""})
    assert consumers.get(union, "opac-a") == Consumer(
        id=consumers.get(union, "opac-a").id,
        name="opac-a",
        created=consumers.get(union, "opac-a").created,
    )
    refused = post(admin, "/staff/consumers/add", name="opac-b", library="NOBODY")
    assert refused.status_code == 400

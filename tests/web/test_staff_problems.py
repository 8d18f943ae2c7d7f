"""Problems over all sources on screen: counted, filtered, each with its record, and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import ExitStack

import pytest
from flask.testing import FlaskClient
from lxml import html

from catalogue import problem_figures, problem_lists
from catalogue.database import Database
from catalogue.problem_lists import Filter
from catalogue.users import Role
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support.engines import Engine
from support.lines import Hub
from support.oai_source import Item, Repository, items
from support.pages import place_all
from support.staff import document, inside, text

PAGE = "/staff/problems"
CODE = "unknown-format"


@pytest.fixture(scope="module")
def database(sqlite_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Two sources with a record that is read, and one and sixty that are not."""
    with sqlite_engine.fresh() as url, ExitStack() as ending:
        opened = Database.open(url)
        hub = Hub(opened, tmp_path_factory.mktemp("instance"), ending)
        for name, size in (("s1", 1), ("s2", 60)):
            numbers = range(size)
            broken = [Item(identifier=f"x{n}", payload=f"<q xmlns='q'>{n}</q>") for n in numbers]
            hub.add(name, Repository(items=[*items(1), *broken], page_size=100))
            harvest(hub.line, name, HarvestOptions())
        place_all(opened)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def client(database: Database) -> FlaskClient:
    return inside(database, Role.VIEWER)


@pytest.fixture(autouse=True)
def english(client: FlaskClient) -> None:
    client.set_cookie("lang", "en")


def in_lines(found: Iterable[html.HtmlElement]) -> list[str]:
    """Return rows of a table, each in one line."""
    return [" ".join(" ".join(cell.text_content().split()) for cell in row) for row in found]


def rows(client: FlaskClient, page: str, caption: str = "") -> list[str]:
    table = f"table[caption='{caption}']" if caption else "table[not(caption)]"
    return in_lines(document(client.get(page)).xpath(f"//{table}//tbody/tr"))


def test_problems_of_all_sources_are_counted_by_kind(database: Database, client: FlaskClient):
    [unknown] = [row for row in rows(client, PAGE, "How often, by kind") if "no format" in row]

    assert unknown == "It is in no format that is read error 61 2"


def test_a_kind_tells_what_to_do_and_who_has_it_most(database: Database, client: FlaskClient):
    page = client.get(f"{PAGE}?code={CODE}&lang=vi")

    assert "Việc cần làm" in text(page)
    found = in_lines(document(page).xpath("//section[@id='kind']//tbody/tr"))
    assert found == ["s2 S2 60", "s1 S1 1"]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        (f"code={CODE}&source=s1", 1),
        (f"code={CODE}&library=S1", 1),
        (f"code={CODE}&run=1", 1),
        (f"code={CODE}&run=2", 50),
        ("source=nothing", 0),
        (f"code={CODE}&library=S1&run=2", 0),
    ],
)
def test_lists_are_filtered(client: FlaskClient, asked: str, count: int):
    assert len(rows(client, f"{PAGE}?{asked}")) == count


def test_a_list_goes_on_where_its_page_ended(database: Database, client: FlaskClient):
    seen: list[str] = []
    address = f"{PAGE}?source=s2"
    while address:
        page = document(client.get(address))
        seen += page.xpath("//table[not(caption)]//tbody/tr/th/a/@href")
        address = page.xpath("string(//a[@rel='next']/@href)")
    asked = list(problem_lists.listing(database, Filter(source="s2")))

    assert len(seen) == len(set(seen)) == len(asked) == 60


def test_a_problem_shows_the_record_as_it_came(database: Database, client: FlaskClient):
    [line] = problem_lists.lines(database, Filter(code=CODE, source="s1"))
    page = client.get(f"{PAGE}/problem/{line.id}")

    assert "<q" in document(page).xpath("string(//pre)")
    assert "in quarantine" in text(page)
    raw = client.get(f"{PAGE}/problem/{line.id}/raw")
    assert raw.data.startswith(b"<q")
    assert raw.headers["Content-Disposition"] == 'attachment; filename="x0.bin"'
    assert client.get(f"{PAGE}/problem/999999").status_code == 404
    assert client.get(f"{PAGE}/problem/{2**63}").status_code == 404


def test_what_is_shown_can_be_saved_as_a_table(database: Database, client: FlaskClient):
    answer = client.get(f"{PAGE}/file.csv?code={CODE}&lang=vi")
    told = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))

    assert answer.mimetype == "text/csv"
    assert told[0][:5] == ["Vấn đề", "Mức độ", told[0][2], "Thư viện", "Nguồn thu thập"]
    assert len(told) == 62
    assert {row[4] for row in told[1:]} == {"s1", "s2"}


def test_where_there_are_too_many_a_worker_counts_them(
    database: Database, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(problem_figures, "FEW", 10)

    assert "a worker counts them first" in text(client.get(PAGE))
    assert problem_figures.count_if_due(database)
    assert not problem_figures.count_if_due(database)
    page = text(client.get(PAGE))
    assert "Counted:" in page
    assert "It is in no format that is read error 61 2" in page


def test_a_harvest_with_many_is_counted_up_to_a_limit(
    database: Database, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(problem_lists, "AT_MOST", 20)
    found = rows(client, f"{PAGE}?run=2", "How often, by kind")

    assert "It is in no format that is read error more than 20" in found

"""The page about the catalogue: only what everybody may know, as quick for a lot as for little."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, insert

from catalogue import libraries, public_figures
from catalogue.database import Database
from catalogue.model import HubIdentity, Library, Sharing
from catalogue.public_tables import PublicFigureRow, PublicSizeRow
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.staff import document, text, with_known_templates
from web.app import create_app
from web.counting import Doors
from web.hall import Hall
from web.public.about import growth, members

NOON = 1_790_000_000 // 86400 * 86400 + 43200
KIEU = book("Truyện Kiều", author="Nguyễn Du", year="1985", isbn="9786046977711")


def reader(database: Database, **told: object) -> FlaskClient:
    hall = Hall(**told)  # type: ignore[arg-type]
    app = create_app(database, HubIdentity(), b"k" * 32, doors=Doors(hall=hall))
    client: FlaskClient = with_known_templates(app).test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def count(database: Database, at: int = NOON) -> None:
    with patch("catalogue.clock.wall_clock", lambda: at):
        assert public_figures.count_if_due(database)


def fill(database: Database) -> None:
    """Give a hub two libraries of Hà Nội that share with everybody, one of Huế that does not."""
    for code, region in (("A", "Hà Nội"), ("B", "Hà Nội"), ("C", "Huế")):
        add_library(database, code, f"Thư viện {code}")
        libraries.change(database, code, region=region, kind="university")
    libraries.change(database, "C", sharing=Sharing.MEMBERS)
    deliver(database, "A", {"1": KIEU, "2": book("Vỡ đê")})
    deliver(database, "B", {"1": KIEU})
    deliver(database, "C", {"1": book("Của riêng")})
    settle(database)
    count(database)


@pytest.fixture(scope="module")
def union(sqlite_engine: Engine) -> Iterator[Database]:
    """Give such a hub, to be looked at, not changed."""
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        fill(database)
        yield database
        database.close()


def cells(client: FlaskClient, row: str, address: str = "/about") -> list[str]:
    """Return what stands in the first row of a table that begins so."""
    found = document(client.get(address)).xpath(f"//tr[normalize-space(th)='{row}']/td")
    return [each.text_content().strip() for each in found]


def test_figures_are_those_of_what_everybody_sees(union: Database) -> None:
    page = document(reader(union).get("/about"))
    tiles = page.xpath("//dl[@class='tiles']/div")
    told = {each.xpath("string(dt)"): each.xpath("string(.//strong)") for each in tiles}

    assert told == {
        "Libraries": "2",
        "Records of members": "3",
        "Publications": "2",
        "Works": "2",
        "Holdings": "3",
        "Publications of several libraries": "1",
    }


def test_libraries_are_told_of_by_region_by_type_and_one_by_one(union: Database) -> None:
    client = reader(union)

    assert cells(client, "Hà Nội") == ["2", "2"]
    assert cells(client, "University library") == ["2", "2"]
    assert cells(client, "Thư viện A")[-1] == "2"
    assert cells(client, "Thư viện B")[-1] == "1"
    for hidden in ("Thư viện C", "Huế"):
        assert hidden not in text(client.get("/about"))


def test_the_list_is_narrowed_and_goes_on_behind_the_last_library(
    union: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "PER_PAGE", 1)
    client = reader(union)
    first = document(client.get("/about?region=ha-noi"))
    [onward] = first.xpath("//a[@rel='next']/@href")

    assert "Thư viện A" in first.text_content()
    assert cells(client, "Thư viện B", onward) != []
    assert cells(client, "Thư viện A", onward) == []
    assert "2 to 2 of 2" in text(client.get(onward))
    assert "No library is of this region" in text(client.get("/about?region=hue"))


def test_growth_is_drawn_and_written_down_by_months(database: Database) -> None:
    fill(database)
    deliver(database, "B", {"2": book("Số đỏ")})
    settle(database)
    count(database, NOON + 40 * 86400)
    page = document(reader(database).get("/about"))

    assert len(page.xpath("//figure[@class='over-days']//polyline")) == 5
    months = page.xpath("//details//tbody/tr/td[3]/text()")
    assert months == ["3", "2"]


def test_a_line_has_a_bounded_number_of_points_and_the_last_day(database: Database) -> None:
    first = date(2024, 1, 1)
    days = [
        public_figures.PublicDay(
            day=(first + timedelta(days=n)).isoformat(),
            at=n,
            libraries=1,
            records=n,
            publications=n,
            works=n,
            holdings=n,
            shared=0,
        )
        for n in range(1000)
    ]
    [drawn, *_] = growth.charts(days, lambda message: message)

    points = drawn.lines[0].points.split()
    assert len(points) <= 200
    assert points[-1] == "632.0,12.0"
    assert len(growth.months(days)) == 24
    assert growth.months(days)[0] == days[-1]


def test_who_runs_it_and_what_they_say_of_it_are_settings(database: Database) -> None:
    about = {"vi": "Mục lục của <chúng tôi>.", "en": ""}
    client = reader(database, operator="Thư viện Quốc gia Việt Nam", about=about)

    assert "Mục lục của <chúng tôi>." in text(client.get("/about?lang=vi"))
    english = text(client.get("/about?lang=en"))
    assert "Thư viện Quốc gia Việt Nam" in english
    assert "is a union catalogue" in english


def test_an_empty_hub_has_nothing_to_tell_and_says_so(database: Database) -> None:
    told = text(reader(database).get("/about"))

    assert "It has not been counted yet" in told
    assert "There is no library here yet" in told


def test_it_asks_as_little_of_a_large_hub_as_of_a_small_one(database: Database) -> None:
    client = reader(database)
    asked: list[str] = []
    event.listen(
        database.read,
        "before_cursor_execute",
        lambda *told: asked.append(told[2]) if told[2] != "BEGIN" else None,
    )
    client.get("/about")
    small = len(asked)
    with database.write.begin() as connection:
        rows = [{"spec": f"library:L{n}", "publications": n} for n in range(1000)]
        connection.execute(insert(PublicSizeRow), rows)
        names = (*growth.FIGURES, "at", "took", "turn")
        first = date(2024, 1, 1)
        told = [
            {"day": (first + timedelta(days=n)).isoformat(), **dict.fromkeys(names, n)}
            for n in range(growth.DAYS)
        ]
        connection.execute(insert(PublicFigureRow), told)
    for n in range(60):
        libraries.add(database, Library(code=f"L{n}", region=f"Vùng {n % 9}"))
    asked.clear()
    answer = client.get("/about")

    assert len(asked) == small == 4
    assert len(answer.data) < 120_000


def test_it_sends_no_cookie_unless_a_language_is_chosen(database: Database) -> None:
    client = reader(database)

    for address in ("/about", "/endpoints", "/live", "/live?q=kieu"):
        assert "Set-Cookie" not in client.get(address).headers

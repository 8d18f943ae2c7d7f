"""The page of addresses: each example on it is carried out, as somebody who copies it does."""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import event

from catalogue import libraries
from catalogue.database import Database
from catalogue.model import HubIdentity, Library
from provider.dumps.model import Series
from support.dumped import Taker
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.staff import with_known_templates
from support.waitress_server import waitress_serving
from support.z3950_server import served
from web.app import create_app
from web.counting import Doors
from web.hall import Hall, reached

SECONDS = 30
BASE = "https://hub.example.vn"
SHOWN = ("Thư viện", "Sách", "<record", "<html", "<feed", "<?xml", "{")
"""What an answer has one of."""


@pytest.fixture(scope="module")
def union(sqlite_engine: Engine) -> Iterator[Database]:
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        add_library(database, "TVQG", "Thư viện Quốc gia")
        deliver(database, "TVQG", {"1": book("Sách một"), "2": book("Sách hai")})
        settle(database)
        yield database
        database.close()


def reader(database: Database, base: str = BASE, z3950: str = "", dumps: Path | None = None):
    hall = Hall(z3950=z3950)
    identity = HubIdentity(base_url=base, domain="hub.example.vn")
    doors = Doors(hall=hall, dumps=dumps)
    app = create_app(database, identity, b"k" * 32, doors=doors)
    return with_known_templates(app).test_client()


def examples(client: FlaskClient) -> list[str]:
    page = html.document_fromstring(client.get("/endpoints?lang=en").get_data())
    return [each.text_content() for each in page.xpath("//figure[@class='example']/pre")]


def starting(found: list[str], word: str) -> list[str]:
    return [each for each in found if each.startswith(word)]


def test_every_address_in_an_example_is_answered_by_this_hub(
    union: Database, tmp_path: Path
) -> None:
    Taker(union, tmp_path, Series()).make()
    client = reader(union, dumps=tmp_path)
    asked = [shlex.split(each) for each in starting(examples(client), "curl ")]

    assert len(asked) >= 13
    for command, address in asked:
        assert command == "curl"
        assert address.startswith(f"{BASE}/")
        answer = client.get(address.removeprefix(BASE))
        assert answer.status_code == 200, address
        told = answer.get_data(as_text=True)
        assert "<error" not in told, address
        assert "diagnostic" not in told, address
        assert any(each in told for each in SHOWN), address


def test_searches_in_examples_find_something(union: Database) -> None:
    client = reader(union)
    searched = [each for each in starting(examples(client), "curl ") if "sach" in each]

    assert len(searched) == 3
    for each in searched:
        told = client.get(shlex.split(each)[1].removeprefix(BASE)).get_data(as_text=True)
        assert "Sách một" in told, each


def test_yaz_client_searches_as_it_is_told(union: Database) -> None:
    with served(union) as (port, _):
        client = reader(union, z3950=f"127.0.0.1:{port}")
        lines = starting(examples(client), "printf ")
        told = [
            subprocess.run(
                ["/bin/sh", "-c", each], capture_output=True, timeout=SECONDS, check=True
            )
            for each in lines
        ]

    assert len(lines) == 2
    for each in told:
        assert b"Number of hits: 2" in each.stdout
        assert "Sách".encode() in each.stdout


def test_the_program_with_sickle_harvests_all(union: Database) -> None:
    app = reader(union).application
    with waitress_serving(app.wsgi_app) as address:
        [program] = starting(examples(reader(union, base=address)), "from sickle")
        with redirect_stdout(StringIO()) as told:
            exec(compile(program, "example", "exec"), {})

    assert [line.split()[1] for line in told.getvalue().splitlines()] == [
        "oai:hub.example.vn:000000001",
        "oai:hub.example.vn:000000002",
    ]


def test_settings_for_others_name_this_hub(union: Database) -> None:
    client = reader(union, z3950="0.0.0.0:9999")
    page = html.document_fromstring(client.get("/endpoints?lang=en").get_data()).text_content()
    [vufind] = starting(examples(client), "[lienthong]")
    settings = dict(line.split(" = ", 1) for line in vufind.splitlines()[1:])
    asked = f"{settings['url']}?verb=ListMetadataFormats".removeprefix(BASE)

    assert f"<metadataPrefix>{settings['metadataPrefix']}<" in client.get(asked).text
    assert "host hub.example.vn, port 9999, database union" in page


def test_formats_and_sets_are_those_there_are(union: Database) -> None:
    client = reader(union)
    page = html.document_fromstring(client.get("/endpoints?lang=en").get_data())
    formats = page.xpath("//h3[@id='formats']/following::table[1]//tr/th/code/text()")
    offered = client.get("/oai?verb=ListMetadataFormats").text
    families = page.xpath("//h3[@id='sets']/following::table[1]//tbody/tr")
    sets = client.get("/oai?verb=ListSets").text

    assert formats == ["oai_dc", "marc21", "mods", "qdc", "edm", "etdms"]
    assert all(f"<metadataPrefix>{each}<" in offered for each in formats)
    told = {row.xpath("string(th)"): row.xpath("string(td[3])") for row in families}
    assert told["library"] == "library:TVQG"
    assert all(f"<setSpec>{each}<" in sets for each in (*told, *told.values()))


def test_what_is_not_served_is_not_shown(database: Database) -> None:
    client = reader(database)
    page = client.get("/endpoints?lang=en").text

    assert "Z39.50" not in page
    assert "latest.json" not in page
    assert reached("", BASE) == ""


def test_it_asks_as_little_where_there_are_many_libraries(database: Database) -> None:
    client = reader(database)
    asked: list[str] = []
    event.listen(database.read, "before_cursor_execute", lambda *told: asked.append(told[2]))
    client.get("/endpoints")
    few = len(asked)
    for number in range(40):
        libraries.add(database, Library(code=f"L{number}"))
    asked.clear()
    client.get("/endpoints")

    assert len(asked) == few <= 10

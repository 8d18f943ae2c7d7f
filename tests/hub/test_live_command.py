"""Live searches by command."""

from __future__ import annotations

import pytest

from catalogue.database import Database
from catalogue.model import HubIdentity
from crosswalks.formats import iso2709
from support.filled import add_library, book, deliver, settle
from support.waitress_server import waitress_serving
from web.app import create_app

KIEU = book("Truyện Kiều", author="Nguyễn Du", year="1985", isbn="9786046977711")
OTHER = book("Truyện ngắn", author="Nam Cao", year="1990")


@pytest.fixture
def filled(lienthong, tmp_path):
    lienthong("libraries", "list")
    database = Database.open(f"sqlite:///{tmp_path}/instance/lienthong.db")
    add_library(database, "A", "Thư viện A")
    deliver(database, "A", {"1": KIEU})
    settle(database)
    database.close()


@pytest.fixture(scope="module")
def target(sqlite_engine):
    """Give the address of another hub, which has two books."""
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        add_library(database, "B", "Thư viện B")
        deliver(database, "B", {"1": OTHER, "2": KIEU})
        settle(database)
        app = create_app(database, HubIdentity(domain="other.vn"), b"k" * 32)
        with waitress_serving(app) as address:
            yield f"sru+{address}/sru"
        database.close()


def live(lienthong, target, *more):
    return lienthong("--lang", "vi", "live", "truyện", "--target", target, *more)


def test_what_a_server_has_is_shown_with_what_the_union_has(lienthong, filled, target):
    said = live(lienthong, target)
    told = said.out + said.err

    assert said.code == 0, told
    assert f"{target}: đã trả lời, tìm thấy 2, đã lấy 2" in told
    assert "000000001" in said.out
    assert "Ấn phẩm: 2; tìm thấy trong mục lục liên hợp: 1" in told
    [first, second] = live(lienthong, target, "--json").json
    assert (first["title"], first["union"], first["targets"]) == (
        "Truyện Kiều",
        "000000001",
        [target],
    )
    assert (second["title"], second["union"]) == ("Truyện ngắn", "")
    assert "1990" in live(lienthong, target, "--facets").out


def test_picked_records_are_added_to_a_file_once(lienthong, filled, target, tmp_path):
    basket, xml = tmp_path / "gio.mrc", tmp_path / "gio.xml"
    for _ in range(2):
        live(lienthong, target, "--pick", "2", "--save", str(basket))
    live(lienthong, target, "--pick", "1", "--pick", "2", "--save", str(basket))
    for number in ("1", "2", "2"):
        live(lienthong, target, "--pick", number, "--save", str(xml), "--format", "marcxml")

    with basket.open("rb") as file:
        records = [iso2709.read(data) for _, data in iso2709.split(file)]
    titles = [each.values("245", "a")[0] for each in records]
    assert titles == ["Truyện ngắn", "Truyện Kiều"]
    assert records[1].fields[0][1] == "000000001"
    assert xml.read_text(encoding="utf-8").count("<record") == 2


def test_a_file_of_anything_else_is_left_alone(lienthong, filled, target, tmp_path):
    other = tmp_path / "x.mrc"
    other.write_text("my notes")

    said = live(lienthong, target, "--pick", "1", "--save", str(other))

    assert (said.code, other.read_text()) == (2, "my notes")
    assert "vẫn để nguyên" in said.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "There is nothing to ask live"),
        (("--target", "a"), "a"),
        (("--target", "https://a.vn/oai"), "There is nothing to ask live"),
        (("--target", "z3950://127.0.0.1:1/x"), ""),
        (("--pick", "1"), "--save"),
    ],
)
def test_what_cannot_be_asked_is_said(lienthong, filled, arguments, told):
    said = lienthong("live", "truyen", *arguments)

    assert told in said.out + said.err
    if told:
        assert said.code == 2
    else:
        assert "not reachable" in said.out + said.err


def test_a_number_that_is_not_in_the_list(lienthong, filled, target, tmp_path):
    said = lienthong(
        "live", "truyen", "--target", target, "--pick", "9", "--save", str(tmp_path / "a")
    )

    assert (said.code, "There is no number 9" in said.err) == (2, True)

"""How readers come by what libraries hold: as these told it, by their systems or by a letter."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from catalogue import users
from catalogue.audit import store
from catalogue.audit.store import Wanted
from catalogue.database import Database
from catalogue.lending import keeping
from catalogue.lending.model import Lending, Lends
from catalogue.users import Role
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.searching import search
from support.staff import PASSWORD, boxes, document, hub, inside, sign_in_at, text

KIEU = {"author": "Nguyễn Du", "year": "2015", "isbn": "9786046977711"}
NEW = Lending().fingerprint
ILL = Lending(
    lends=Lends.BOTH,
    policy_vi="Cho mượn 14 ngày.",
    policy_en="Two weeks.",
    resolver="https://ill.example.vn/openurl",
    record_address="https://opac.example.vn/bib?isbn={isbn}",
)
A_TOLD = "Thư viện A: lends to other libraries and sends copies Two weeks."
DESK = Lending(lends=Lends.READING, mail="muon@b.example.vn", phone="024 1", opening="8-17")


@pytest.fixture(scope="module")
def database(sqlite_engine: Engine) -> Iterator[Database]:
    """Give a hub in which A, B, C and D hold a book; A has a system, B a desk, C told nothing.

    E and F have nothing, and are told to have lent by the tests.
    """
    with sqlite_engine.fresh() as url:
        opened = Database.open(url)
        kieu = book("Truyện Kiều", call_number="895.9221 NG-D", **KIEU)
        for code in "ABCDEF":
            add_library(opened, code, f"Thư viện {code}")
        for code in "EF":
            users.add(opened, f"lib{code}", PASSWORD, Role.MEMBER, library=code)
        for code in "ABCD":
            deliver(opened, code, {"1": kieu})
        settle(opened)
        keeping.change(opened, "A", ILL, NEW)
        keeping.change(opened, "B", DESK, NEW)
        keeping.change(opened, "D", Lending(lends=Lends.COPIES), NEW)
        yield opened
        opened.close()


def at(database: Database) -> str:
    return f"/record/{search(database, 'truyen kieu').hits[0].public_id}"


def test_a_record_tells_how_to_come_by_it_and_asks_no_more_for_many_libraries(database: Database):
    client = hub(database)
    asked: list[str] = []
    event.listen(database.read, "before_cursor_execute", lambda *told: asked.append(told[2]))
    page = document(client.get(at(database)))
    lines = [" ".join(each.text_content().split()) for each in page.xpath("//h2[@id]/../ul[1]/li")]
    links = page.xpath("//h2[@id='lending']/following-sibling::ul[1]//a/@href")

    assert lines == [
        f"{A_TOLD} Ask for it (Thư viện A) In its own catalogue (Thư viện A)",
        "Thư viện B: only to be read in its reading room Ask for it (Thư viện B)",
        "Thư viện D: does not lend, sends copies",
    ]
    assert links == [
        f"{at(database)}/request?library=A",
        "https://opac.example.vn/bib?isbn=9786046977711",
        f"{at(database)}/request?library=B",
    ]
    assert len([each for each in asked if "FROM lending" in each]) == 1


def test_a_library_with_a_system_is_asked_by_an_openurl(database: Database):
    page = hub(database).get(f"{at(database)}/request?library=A")
    [link] = document(page).xpath("//a[@class='button']/@href")
    told = parse_qs(urlsplit(link).query)

    assert link.startswith("https://ill.example.vn/openurl?url_ver=Z39.88-2004&")
    assert (told["rft.btitle"], told["rft.au"]) == (["Truyện Kiều"], ["Nguyễn Du"])
    assert told["rft.isbn"] == ["9786046977711"]
    assert told["rft_id"] == [f"http://127.0.0.1:8080{at(database)}"]
    assert "noindex" in page.get_data(as_text=True)


def test_one_with_a_desk_is_asked_by_a_letter_in_the_readers_language(database: Database):
    page = document(hub(database).get(f"{at(database)}/request?library=B&lang=vi"))
    [link] = page.xpath("//a[@class='button']/@href")
    told = parse_qs(urlsplit(link).query)
    shown = page.xpath("string(//textarea)")

    assert urlsplit(link).path == "muon@b.example.vn"
    assert told["subject"] == ["Đề nghị mượn: Truyện Kiều"]
    assert told["body"][0].replace("\r\n", "\n") == shown.replace("\r\n", "\n").lstrip("\n")
    for part in ("Tác giả: Nguyễn Du", "ISBN: 9786046977711", "giá: 895.9221 NG-D", at(database)):
        assert part in shown


def test_a_very_long_title_is_cut_so_that_the_letter_opens(database: Database):
    long = book("Nguyễn " * 90, call_number="ấ" * 300, author="Ưữ " * 90)
    deliver(database, "B", {"2": long})
    settle(database)
    found = search(database, "nguyen " * 3).hits
    address = next(each for each in found if each.public_id not in at(database)).public_id
    page = document(hub(database).get(f"/record/{address}/request?library=B"))

    assert len(page.xpath("string(//a[@class='button']/@href)")) <= 2000
    assert "Nguyễn " * 30 in page.xpath("string(//textarea)")


def test_one_that_told_nothing_or_does_not_hold_it_is_not_asked(database: Database):
    client = hub(database)
    answers = [client.get(f"{at(database)}/request{query}").status_code for query in QUERIES]

    assert "has not told" in text(client.get(f"{at(database)}/request?library=C"))
    assert answers == [404] * 4
    assert client.get("/record/999/request?library=A").status_code == 404


QUERIES = ("", "?library=E", "?library=NONE", "?library=%00")


def test_a_record_merged_away_leads_on_to_the_same_page_of_its_successor(client, filled: Database):
    from catalogue.tables import ClusterRow

    with filled.reading() as connection:
        gone = connection.execute(
            ClusterRow.__table__.select().where(ClusterRow.successor_id.is_not(None))
        ).first()
    answer = client.get(f"/record/{gone.public_id}/request?library=HUST")

    assert answer.status_code == 302
    assert answer.location.endswith("/request?library=HUST")
    assert gone.public_id not in answer.location


def entered(database: Database, library: str) -> FlaskClient:
    client = hub(database)
    sign_in_at(client, "member", f"lib{library}")
    return client


def test_a_library_says_how_it_lends_and_a_stale_page_overwrites_nothing(database: Database):
    mine, staff = entered(database, "E"), inside(database)
    page = "/staff/members/E/lending"
    stale = boxes(document(staff.get(page)))
    form = boxes(document(mine.get("/member/lending")))
    sent = [
        mine.post("/member/lending", data=form | {"lends": "loans", "phone": "0 24"}).status_code
        for _ in range(2)
    ]
    refused = staff.post(page, data=stale | {"phone": "1"})
    wrong = mine.post("/member/lending", data=form | {"resolver": "ai biết"})

    assert sent == [302, 302]
    assert (refused.status_code, wrong.status_code) == (400, 400)
    assert "changed by somebody else meanwhile" in text(refused)
    assert "cannot be the base address" in text(wrong)
    assert keeping.get(database, "E") == Lending(lends=Lends.LOANS, phone="0 24")
    [last] = store.entries(database, Wanted(), limit=1)
    assert (last.who, last.kind) == ("libE", "lending")


def test_whatever_the_address_says_a_member_changes_its_own(database: Database):
    mine = entered(database, "F")
    form = boxes(document(mine.get("/member/lending?library=A&code=A")))
    mine.post("/member/lending?library=A", data=form | {"library": "A", "code": "A", "phone": "9"})

    assert keeping.get(database, "A") == ILL
    assert keeping.get(database, "F").phone == "9"
    assert mine.get("/staff/members/A/lending").status_code == 302

"""Holdings on screen: give a list, see what came of it, take the work list along."""

from __future__ import annotations

import csv
import io

import pytest

from catalogue import libraries
from catalogue.database import Database
from catalogue.holdings import listing
from catalogue.holdings.model import Row
from catalogue.model import Sharing
from catalogue.users import Role
from support.listed import add_library, give, settle, stored
from support.pages import Book, add_source, books, deliver
from support.staff import document, inside, post, text

ISBN = "9786049763342"
FILE = (
    "ISBN;Nhan đề;Tác giả;Năm XB;Kho;Số ĐKCB\n"
    f"{ISBN};Số đỏ;Vũ Trọng Phụng;1936;Kho đọc;VV1\n"
    ";Không có gì như thế;;;;VV2\n"
)


@pytest.fixture
def union(database: Database) -> Database:
    """A union with one book, and a library without records."""
    add_source(database, "s1", "L1")
    add_library(database)
    deliver(database, "s1", *books([("a", Book(isbn=ISBN))]))
    settle(database)
    return database


def sent(client, content: str = FILE, **more: str):
    file = (io.BytesIO(content.encode()), "sách.csv")
    return post(client, "/staff/holdings", library="SMALL", file=file, **more)


def test_who_has_given_no_list_yet_is_told_how(union):
    page = text(inside(union).get("/staff/holdings"))

    assert "No library has given a list yet" in page
    assert "Give a list" in page


def test_a_check_says_what_would_be_found_and_stores_nothing(union):
    page = sent(inside(union), check="yes")

    assert "Nothing was stored" in text(page)
    assert document(page).xpath("//h2[1]/following-sibling::dl[1]//dd/text()") == ["1", "1"]
    assert document(page).xpath("//tbody/tr/th/text()") == ["3"]
    assert stored(union) == []


def test_a_list_taken_in_is_matched_and_shown_by_what_came_of_it(union):
    client = inside(union)
    taken = sent(client)
    settle(union)
    page = client.get("/staff/holdings/SMALL/main")
    found = client.get("/staff/holdings/SMALL/main?found=matched")

    assert "Taken in: list main of SMALL" in text(taken)
    assert "nothing like it in the union catalogue: 1" in text(page)
    assert "VV2" in text(page)
    assert document(found).xpath("//tbody//a/@href") == ["/record/000000001"]
    assert listing.lists(union)[0].author == "operator"


def test_the_work_list_is_a_file_that_can_be_given_again(union):
    give(union, Row(title="=1+1", local_number="9"), Row(isbn=ISBN, title="Tắt đèn"))
    settle(union)

    answer = inside(union).get("/staff/holdings/SMALL/main/work.csv")
    [_, formula, other] = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")))

    assert "attachment" in answer.headers["Content-Disposition"]
    assert (formula[1], formula[7], formula[13]) == ("1", "'=1+1", "9")
    assert other[2:4] == ["its number is there with something else", other[3]]
    assert other[3] == "(LIENTHONG)000000001 Số đỏ – another title"


def test_a_work_list_tells_a_library_nothing_of_what_the_public_does_not_see(union):
    libraries.change(union, "L1", sharing=Sharing.MEMBERS)
    give(union, Row(isbn=ISBN, title="Tắt đèn"))
    settle(union)

    client = inside(union)
    page = text(client.get("/staff/holdings/SMALL/main"))
    answer = client.get("/staff/holdings/SMALL/main/work.csv")

    assert "(LIENTHONG)000000001 – another title" in page
    assert "000000001" not in answer.get_data(as_text=True)


def test_a_file_that_is_none_of_ours_is_refused_with_the_reason(union):
    client = inside(union)
    answer = sent(client, "Một bức thư dài.\n")
    nothing = post(client, "/staff/holdings", library="SMALL")

    assert answer.status_code == nothing.status_code == 400
    assert document(answer).xpath("//p[@id='refused']/text()")[0].startswith("sách.csv")
    assert "Choose the file" in text(nothing)


def test_a_list_that_lacks_much_needs_a_tick(union):
    give(union, *(Row(title=f"Sách {number}") for number in range(10)))
    client = inside(union)
    refused = sent(client)
    taken = sent(client, accepts="yes")

    assert "lacks 10 of the 10 rows" in text(refused)
    assert taken.status_code == 200
    assert len(stored(union)) == 2


def test_a_list_is_taken_away_only_by_who_ticked_that_it_is_meant(union):
    give(union, Row(isbn=ISBN))
    client = inside(union)
    post(client, "/staff/holdings/SMALL/main/remove")
    kept = len(stored(union))
    answer = post(client, "/staff/holdings/SMALL/main/remove", sure="yes")

    assert (kept, answer.location) == (1, "/staff/holdings")
    assert listing.lists(union) == []
    assert client.get("/staff/holdings/SMALL/main").status_code == 404


def test_what_was_not_found_is_tried_again_at_the_press_of_a_button(union):
    give(union, Row(title="Không có gì như thế"))
    settle(union)
    answer = post(inside(union), "/staff/holdings/SMALL/main/retry")

    assert answer.location == "/staff/holdings/SMALL/main"
    assert listing.lists(union)[0].waiting == 1


def test_a_viewer_sees_lists_and_gives_none(union):
    give(union, Row(isbn=ISBN))
    client = inside(union, Role.VIEWER)

    assert "Give a list" not in text(client.get("/staff/holdings"))
    assert sent(client).status_code == 403
    assert len(stored(union)) == 1


def test_a_large_list_is_taken_from_who_may_give_one_and_from_nobody_else(union):
    large = FILE + ";Một cuốn sách;;;;\n" * 5000

    assert sent(inside(union), large).status_code == 200
    assert sent(inside(union, Role.VIEWER), large).status_code == 413

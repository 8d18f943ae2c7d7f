"""The page with all that the program says: complete, searched without marks, saved as a file."""

from __future__ import annotations

import csv
import io

from catalogue.database import Database
from catalogue.users import Role
from support.messages import all_messages
from support.staff import document, inside, text
from web.language import catalogue
from web.staff.wording.listing import Asked, Line, Show, chosen, fits, lines
from web.staff.wording.places import COMMANDS, ERRORS, PUBLIC, STAFF

OF_A_LIBRARY = {"Show the version and exit."}
"""What we say in Vietnamese for others, in whose files it stands in English."""


def cells(page: object) -> list[list[str]]:
    rows = page.xpath("//tbody/tr")  # type: ignore[attr-defined]
    return [[" ".join(cell.text_content().split()) for cell in row.xpath("td")] for row in rows]


def line(english: str, vietnamese: str) -> Line:
    return Line(english, vietnamese, STAFF, (), "")


def test_every_message_is_listed_with_where_it_stands():
    known = {each.english: each.files for each in lines()}

    assert set(all_messages()) - set(known) == set()
    assert {each for each in all_messages() if not known[each]} == OF_A_LIBRARY
    assert {each.english: each.vietnamese for each in lines()} == dict(catalogue("vi"))


def test_a_message_is_met_where_its_file_says():
    met = {each.english: each.where for each in lines()}

    assert met["Libraries that hold it"] == PUBLIC
    assert met["Sign out everywhere else"] == STAFF
    assert met["List the users, those who may no longer sign in as well."] == COMMANDS
    assert met["There is no user {name}. See the list with: lienthong users list"] == ERRORS


def test_messages_are_found_without_marks_in_both_languages():
    vietnamese, english = (
        {each.english for each in chosen(Asked(words=words))}
        for words in ("DANG xuat moi noi", "sign everywhere else")
    )

    assert "Sign out everywhere else" in vietnamese & english
    assert len(vietnamese) < 10


def test_messages_are_cut_down_to_what_has_to_be_looked_at():
    lacking, same = line("Name", ""), line("MARC", "MARC")
    filled = line("{count} records", "{count} biểu ghi")

    for show, fitting in (
        (Show.ALL, [lacking, same, filled]),
        (Show.LACKING, [lacking]),
        (Show.SAME, [same]),
        (Show.PLACEHOLDERS, [filled]),
    ):
        assert [each for each in (lacking, same, filled) if fits(each, show)] == fitting


def test_the_page_shows_both_languages_a_page_at_a_time(database: Database):
    client = inside(database, Role.VIEWER)
    first, second = (
        document(client.get(f"/staff/words?show=placeholders&page={page}")) for page in "12"
    )
    [following] = first.xpath("//a[@rel='next']/@href")
    wanted = chosen(Asked(show=Show.PLACEHOLDERS))

    assert [row[0] for row in cells(first) + cells(second)] == [
        " ".join(each.english.split()) for each in wanted[:100]
    ]
    assert following == "/staff/words?page=2&show=placeholders"
    assert first.xpath("//td/@lang")[:2] == ["en", "vi"]


def test_what_is_not_there_is_said_with_a_way_back(database: Database):
    client = inside(database, Role.VIEWER)
    pages = [text(client.get(f"/staff/words?{each}")) for each in ("q=khongcogi", "page=99999")]
    odd = client.get("/staff/words?show=anything&where=nowhere&page=x")

    assert all("Nothing is said in these words" in page for page in pages)
    assert odd.status_code == 200


def test_the_file_has_a_column_for_a_better_wording(database: Database):
    client = inside(database, Role.VIEWER)
    answer = client.get("/staff/words.csv?q=everywhere+else&lang=vi")
    heads, *rows = csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig")))

    assert heads == ["Tiếng Anh", "Tiếng Việt", "Ở đâu", "Tệp", "Câu chữ đề nghị"]
    assert ["Sign out everywhere else", "Đăng xuất ở mọi nơi khác", "trang nghiệp vụ"] in [
        row[:3] for row in rows
    ]
    assert {row[4] for row in rows} == {""}
    assert "attachment" in answer.headers["Content-Disposition"]

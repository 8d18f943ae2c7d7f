"""The facts behind the demo: real books, written without slips."""

import unicodedata
from collections import Counter
from importlib.resources import files

import pytest
from stdnum import isbn

from crosswalks.text import word_key
from hub.demo import works
from hub.demo.spelling import with_lone_i, with_new_tones
from hub.demo.words import relator

TABLES = sorted(
    path.name for path in files("hub.demo.data").iterdir() if path.name.endswith(".tsv")
)


def titles():
    return [book.work.title for book in works.books()]


def test_there_are_enough_works_for_a_catalogue():
    kinds = Counter(book.work.collection.name for book in works.books())

    assert len({book.work.key for book in works.books()}) >= 450
    assert len(kinds) == 11
    assert min(kinds.values()) >= 40


def test_each_manifestation_is_there_once():
    assert max(Counter(book.truth for book in works.books()).values()) == 1


def test_no_two_books_share_an_isbn():
    shared = Counter(book.isbn for book in works.books() if book.isbn)

    assert [number for number, count in shared.items() if count > 1] == []


def test_every_isbn_is_valid():
    wrong = [book.isbn for book in works.books() if book.isbn and not isbn.is_valid(book.isbn)]

    assert wrong == []


def test_vietnamese_books_have_an_isbn_of_their_publisher_from_2008_on():
    vietnamese = [book for book in works.books() if book.publisher.registrant]

    assert all(book.isbn.startswith(book.publisher.registrant) for book in vietnamese if book.isbn)
    assert all((book.year >= 2008) == bool(book.isbn) for book in vietnamese)


def test_every_role_is_known():
    roles = {name.role for book in works.books() for name in book.work.names if name.role}

    assert {role for role in roles if relator(role) == "aut"} == {"thể hiện"}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_in_nfc_without_stray_spaces(name):
    text = files("hub.demo.data").joinpath(name).read_text("utf-8")
    cells = [cell for line in text.splitlines() for cell in line.split("\t")]

    assert unicodedata.is_normalized("NFC", text)
    assert [cell for cell in cells if cell != " ".join(cell.split())] == []


def test_a_name_is_inverted_only_where_its_family_name_is_marked():
    assert works.name("Antoine de ^Saint-Exupéry").inverted == "Saint-Exupéry, Antoine de"
    assert works.name("Tạ Thúc Bình (minh họa)")[:3] == ("Tạ Thúc Bình", "Tạ Thúc Bình", "minh họa")
    assert works.name("@Quốc hội").corporate


@pytest.mark.parametrize(
    ("old", "new"),
    [("hòa", "hoà"), ("Thủy hử", "Thuỷ hử"), ("khỏe", "khoẻ"), ("hoàn", "hoàn"), ("quý", "quý")],
)
def test_new_tones_stand_on_the_second_vowel(old, new):
    assert with_new_tones(old) == new


@pytest.mark.parametrize(
    ("lone_y", "lone_i"), [("lý", "lí"), ("Mỹ", "Mĩ"), ("kỹ", "kĩ"), ("Tây", "Tây"), ("yêu", "yêu")]
)
def test_a_lone_y_becomes_i(lone_y, lone_i):
    assert with_lone_i(lone_y) == lone_i


def test_another_spelling_is_the_same_words():
    assert [word_key(with_new_tones(with_lone_i(t))) for t in titles()] == [
        word_key(t) for t in titles()
    ]

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosswalks.text import word_key
from crosswalks.values.families import Order
from crosswalks.values.persons import Person, read

NAME = st.tuples(
    st.sampled_from(["Nguyễn", "Trần", "Lê", "Phạm", "Đặng", "Bùi"]),
    st.sampled_from(["Văn", "Thị", "Đình", "Bá"]),
    st.sampled_from(["Hoà", "Anh", "Bình", "Tuyết", "Ngân", "Khuê"]),
)
HONOURS = ["", "GS. ", "PGS.TS ", "GS. TSKH. ", "Nhà văn ", "Thiếu tướng ", "BS. CKII. "]
ROLES = ["", " (ch.b.)", " b.s.", ", chủ biên", " dịch", " (sưu tầm, tuyển chọn)", ", hiệu đính"]


def one(text: str) -> Person:
    (person,) = read(text).persons
    return person


def words(text: str) -> tuple[str, ...]:
    return tuple(word_key(text).split())


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("Trần Thị Thu", Order.DIRECT),
        ("Trần, Thị Thu", Order.FAMILY_FIRST),
        ("Trần Thị, Thu", Order.FAMILY_FIRST),
        ("Thu, Trần Thị", Order.INVERTED),
    ],
)
def test_vietnamese_words_come_out_in_direct_order(text, order):
    assert one(text) == Person(words=words("Trần Thị Thu"), order=order)


def test_names_of_other_languages_are_turned_at_their_comma():
    assert one("Dickens, Charles").words == words("Charles Dickens")


def test_where_both_sides_may_be_the_family_name_neither_order_is_ruled_out():
    unsure = one("Cao, Hoàng Nam")

    assert unsure.order is Order.UNSURE
    assert unsure.is_same(one("Cao Hoàng Nam"))
    assert unsure.is_same(one("Hoàng Nam Cao"))


@given(NAME, st.sampled_from(HONOURS), st.sampled_from(ROLES))
def test_honours_and_roles_are_no_part_of_a_name(name, honour, role):
    person = one(f"{honour}{' '.join(name)}{role}")

    assert person.words == words(" ".join(name))
    assert bool(person.roles) is bool(role)


@given(NAME)
def test_every_way_to_write_a_name_gives_the_same_words(name):
    family, middle, given_name = name
    written = [
        f"{family}, {middle} {given_name}",
        f"{family} {middle}, {given_name}",
        f"{given_name}, {family} {middle}",
        f"{family} {middle} {given_name}, 1950-",
        unicodedata.normalize("NFD", f"{family} {middle} {given_name}").upper(),
    ]

    assert {one(text).words for text in written} == {words(" ".join(name))}


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Lê Lan (ch.b.)", ("edt",)),
        ("B.s.: Lê Lan", ("com",)),
        ("Lê Lan dịch", ("trl",)),
        ("Lê Lan, dịch và chú giải", ("trl",)),
        ("Minh hoạ: Lê Lan", ("ill",)),
        ("Lê Lan sưu tầm, giới thiệu", ("com", "aui")),
    ],
)
def test_roles_become_relator_codes(text, roles):
    assert one(text).roles == roles


@pytest.mark.parametrize(
    "text",
    [
        "Lê Lan... [và những người khác]",
        "Lê Lan ... và những người khác",
        "Lê Lan [et al.]",
        "Lê Lan, et al.",
        "Lê Lan và n.n.k.",
        "Lê Lan…",
    ],
)
def test_that_there_are_others_is_kept_apart(text):
    found = read(text)

    assert found.et_al
    assert [person.words for person in found.persons] == [words("Lê Lan")]


def test_a_statement_is_parted_into_persons_each_with_their_role():
    found = read("Lê Lan (ch.b.), TS. Trần Hà, Bùi Thị Nga ; Dịch: Ngô Minh, Hồ Thu").persons

    assert [(person.words[-1], person.roles) for person in found] == [
        ("lan", ("edt",)),
        (word_key("Hà"), ()),
        ("nga", ()),
        ("minh", ("trl",)),
        ("thu", ("trl",)),
    ]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Lê Lan, 1920-1987", ("1920", "1987")),
        ("Lê Lan (1920 - 1987)", ("1920", "1987")),
        ("Lê Lan, 1954-", ("1954", "")),
        ("Lê Lan, sinh 1954", ("1954", "")),
        ("Lê Lan", ("", "")),
    ],
)
def test_dates_are_kept_beside_the_name(text, years):
    person = one(text)

    assert (person.born, person.died) == years
    assert person.words == words("Lê Lan")


def test_other_names_are_kept_but_places_are_remarks():
    assert one("Sao Mai (Trần Thị Nga)").also == (words("Trần Thị Nga"),)
    assert one("Trần Thị Nga, tức Sao Mai").also == (words("Sao Mai"),)
    assert one("Trần Thị Nga (Hà Nội)").qualifiers == (word_key("Hà Nội"),)


def test_initials_are_no_honours():
    assert one("T. S. Eliot").words == ("t", "s", "eliot")


@given(st.text(max_size=60))
def test_any_text_can_be_read(text):
    assert all(person.words for person in read(text).persons)

"""Authorities on screen: lists taken in and looked up, questions answered, headings browsed."""

from __future__ import annotations

from io import BytesIO

import pytest

from catalogue.authorities import looking, review
from catalogue.model import HubIdentity
from catalogue.users import Role
from support.authorities import WRITERS, take_table
from support.indexed import index
from support.marc import marc
from support.staff import document, inside, post
from web.app import create_app

SHELF = [
    marc("001 1", "100 1_$aNguyễn, Du", "245 10$aTruyện Kiều", "650 _4$aThơ"),
    marc("001 2", "100 0_$aTố Như", "245 10$aBắc hành"),
    *(marc(f"001 {n}", f"100 0_$aZ {n}", "245 10$aA") for n in range(3, 33)),
]
AGAIN = "Tố Như\tperson\tHồng Sơn\tp9\t\n"


@pytest.fixture(params=["sqlite"])
def engine(request):
    return request.getfixturevalue(f"{request.param}_engine")


@pytest.fixture
def union(database):
    index(database, SHELF)
    return database


@pytest.fixture
def reader(union):
    return create_app(union, HubIdentity(), b"k" * 32).test_client()


def words_of(element):
    return " ".join(element.text_content().split())


def words(client, address):
    return words_of(document(client.get(address)).xpath("//main")[0])


def give(client, content, **more):
    file = (BytesIO(content.encode()), "writers.tsv")
    return post(client, "/staff/authorities", list="thu", file=file, **more)


def test_a_list_is_taken_in_on_the_page_and_its_headings_are_looked_up(union):
    client = inside(union, Role.OPERATOR)
    given = give(client, f"{WRITERS}\tperson\t\tp8\t\n", name="Nhà văn")
    found = words(client, "/staff/authorities?q=to+nhu")
    shown = words(client, "/staff/authorities/list/thu/heading?number=p1")

    assert given.status_code == 200
    assert "no heading is in it" in words_of(document(given))
    assert "Nguyễn Du, 1765-1820 Tố Như person thu" in found
    assert "See fromTố NhưThanh Hiên" in shown
    assert "http://viaf.org/viaf/1" in shown
    assert looking.one_list(union, "thu").author


def test_a_file_that_is_none_is_refused_with_what_to_do(union):
    client = inside(union, Role.OPERATOR)
    refused = give(client, "nothing")
    without = post(client, "/staff/authorities", list="thu")

    assert (refused.status_code, without.status_code) == (400, 400)
    assert "The file is in no form" in words_of(document(refused))


def test_a_list_is_kept_from_widening_and_taken_away(union):
    take_table(union)
    client = inside(union, Role.OPERATOR)
    post(client, "/staff/authorities/list/thu/widen", widens="no")
    widens = looking.one_list(union, "thu").widens
    post(client, "/staff/authorities/list/thu/remove")
    left = len(looking.all_lists(union))
    post(client, "/staff/authorities/list/thu/remove", sure="yes")

    assert (widens, left, looking.all_lists(union)) == (False, 1, [])


def test_a_question_is_answered_and_taken_back(union):
    take_table(union, WRITERS + AGAIN)
    client = inside(union, Role.CATALOGUER)
    asked = words(client, "/staff/authorities/asked")
    post(client, "/staff/authorities/asked", one="thu p1", other="thu p9", answer="same")
    answered = words(client, "/staff/authorities/asked")
    post(client, "/staff/authorities/asked/1/undo")

    assert "Tố Như Nguyễn Du, 1765-1820 thu Tố Như thu" in asked
    assert "Nothing is asked." in answered
    assert "thu p1 thu p9 the same cataloguer" in answered
    assert len(review.questions(union)) == 1


def test_the_search_page_tells_what_else_was_searched_and_can_do_without(union, reader):
    take_table(union)
    page = document(reader.get("/?q=nguyễn+du&lang=vi"))
    link = page.xpath("//a[contains(., 'Chỉ tìm đúng những gì')]/@href")[0]
    typed = document(reader.get(link))
    back = typed.xpath("//a[contains(., 'Tìm cả các tên khác')]/@href")[0]

    assert "Đã tìm thêm: Tố Như." in words_of(page)
    assert len(page.xpath("//ol/li")) == 2
    assert len(typed.xpath("//ol/li")) == 1
    assert "typed" not in back


def test_headings_are_browsed_with_what_leads_to_them(union, reader):
    take_table(union)
    page = document(reader.get("/headings?by=author&from=thanh&lang=vi"))
    first = page.xpath("//ul[@class='headings']/li")[0]
    found = document(reader.get(first.xpath(".//a/@href")[0]))

    assert words_of(first) == "Thanh Hiên Xem: Nguyễn Du, 1765-1820"
    assert len(found.xpath("//ol/li")) == 2


def test_the_list_of_headings_goes_on_and_back(union, reader):
    def shown(page):
        return [words_of(each) for each in page.xpath("//ul[@class='headings']/li")]

    first = document(reader.get("/headings?lang=vi"))
    after = document(reader.get(first.xpath("//a[@rel='next']/@href")[0]))
    before = document(reader.get(after.xpath("//a[@rel='prev']/@href")[0]))

    assert len(shown(first)) == 25
    assert shown(before) == shown(first)
    assert not set(shown(first)) & set(shown(after))
    assert not first.xpath("//a[@rel='prev']")
    assert not after.xpath("//a[@rel='next']")


@pytest.mark.parametrize("address", ["?from=%00", "?by=x&to=zzzz", "?to="])
def test_whatever_stands_in_the_address_the_list_is_shown(reader, address):
    assert reader.get(f"/headings{address}").status_code == 200

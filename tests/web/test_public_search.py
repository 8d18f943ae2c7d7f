"""The search page: facets, orders, fields and editions, all of it by plain addresses."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from lxml import html

from catalogue.search import FacetName
from support.shelf import NATIONAL, POLYTECHNIC
from web.public.facets import LABELS

BOOKS = "/?q=chuyen&f=material:book"


def page(client: FlaskClient, address: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(address.partition("#")[0])

    assert answer.status_code == status
    return html.document_fromstring(answer.get_data())


def text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def titles(document: html.HtmlElement) -> list[str]:
    return [text(each) for each in document.xpath("//ol/li//a[@class='title']")]


def values(document: html.HtmlElement, facet: str) -> list[str]:
    """Return the values of a facet as they are shown: words, and how many hits."""
    inside = "//nav[@class='materials']" if facet == "material" else f"//*[@id='facet-{facet}']"
    return [text(each) for each in document.xpath(f"{inside}//li")]


def follow(client: FlaskClient, document: html.HtmlElement, link: str) -> html.HtmlElement:
    """Go where the first link goes that begins with some words."""
    found = [each for each in document.xpath("//main//a") if text(each).startswith(link)]
    return page(client, found[0].get("href"))


def options(document: html.HtmlElement, box: str) -> dict[str, str]:
    return {
        each.get("value"): text(each) for each in document.xpath(f"//select[@id='{box}']/option")
    }


def test_material_is_the_first_facet_and_stands_before_the_hits(reader: FlaskClient) -> None:
    document = page(reader, "/?q=chuyen")
    first = document.xpath("//nav[@class='materials'] | //ol | //section[@id='narrow']")

    assert [each.tag for each in first] == ["nav", "ol", "section"]
    assert values(document, "material") == [
        "Sách 4",
        "Bài viết, bài trích 1",
        "Bản đồ, tập bản đồ 1",
        "Báo, tạp chí 1",
        "Luận án, luận văn 1",
    ]


def test_the_other_facets_follow_in_their_order_with_counts(reader: FlaskClient) -> None:
    document = page(reader, "/?q=chuyen")

    assert document.xpath("//section[@id='narrow']//h3/text()") == [
        "Năm xuất bản",
        "Ngôn ngữ",
        "Thư viện",
        "Chủ đề",
        "Tác giả",
    ]
    assert values(document, "language") == ["Tiếng Việt 7", "Tiếng Anh 1"]
    assert values(document, "library") == [f"{NATIONAL} 5", f"{POLYTECHNIC} 4"]
    assert values(document, "subject") == ["Cổ tích 1", "Trang phục 1", "Ẩm thực 1"]
    assert "Tô Hoài 1" in values(document, "author")


def test_years_come_the_newest_first(reader: FlaskClient) -> None:
    years = ["2021 1", "2019 1", "2015 2", "2014 1", "2010 1", "2004 1", "2001 1", "1999 1"]

    assert values(page(reader, "/?q=chuyen"), "year") == years
    assert values(page(reader, "/?q=chuyen&more=year"), "year") == [*years, "1990 1"]


def test_names_of_kinds_and_languages_are_in_the_readers_language(reader: FlaskClient) -> None:
    document = page(reader, "/?q=chuyen&lang=en")

    assert values(document, "material")[:2] == ["Book 4", "Article or chapter 1"]
    assert values(document, "language") == ["Vietnamese 7", "English 1"]
    assert "Thesis or dissertation" in text(document)


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("Luận án, luận văn", ["Chuyện đo lường"]),
        ("Tiếng Anh", ["Chuyện Story"]),
        ("2010", ["Chuyện ăn uống"]),
        ("Trang phục", ["Chuyện áo dài"]),
        ("Bùi An", ["Chuyện đo lường"]),
    ],
)
def test_a_value_narrows_and_is_taken_off_again(
    reader: FlaskClient, value: str, found: list[str]
) -> None:
    whole = page(reader, "/?q=chuyen")
    narrowed = follow(reader, whole, value)
    [chosen] = narrowed.xpath("//div[@class='chosen']//a")

    assert titles(narrowed) == found
    assert value in text(chosen)
    assert titles(page(reader, chosen.get("href"))) == titles(whole)


def test_a_count_is_the_number_of_hits_that_its_link_shows(reader: FlaskClient) -> None:
    document = page(reader, "/?q=chuyen")
    links = document.xpath("//nav[@class='materials']//li/a | //section[@id='narrow']//li/a")
    told = [int(text(link.find("span"))) for link in links]

    assert len(links) > 20
    assert told == [len(titles(page(reader, link.get("href")))) for link in links]


def test_values_add_up_and_are_taken_off_one_by_one_or_all_at_once(reader: FlaskClient) -> None:
    document = follow(reader, follow(reader, page(reader, "/?q=chuyen"), "Sách"), POLYTECHNIC)
    without_kind, without_library, without_any = (
        page(reader, link.get("href")) for link in document.xpath("//div[@class='chosen']//a")
    )

    assert titles(document) == ["Chuyện nỏ thần"]
    assert len(titles(without_kind)) == 4
    assert titles(without_library) == titles(page(reader, BOOKS))
    assert len(titles(without_any)) == 8


def test_what_has_one_value_only_offers_no_other_once_it_is_chosen(reader: FlaskClient) -> None:
    document = page(reader, f"{BOOKS}&f=language:vie&f=library:NLV")

    assert (values(document, "material"), values(document, "language")) == ([], [])
    assert values(document, "library") == [f"{POLYTECHNIC} 1"]


def test_a_long_facet_is_shown_in_full_when_asked(reader: FlaskClient) -> None:
    short = page(reader, "/?q=chuyen")
    link = short.xpath("string(//*[@id='facet-year']//p/a/@href)")
    full = page(reader, link)

    assert link == "/?q=chuyen&more=year#facet-year"
    assert len(values(full, "year")) == len(values(short, "year")) + 1
    assert full.xpath("string(//*[@id='facet-year']//p/a/@href)") == "/?q=chuyen#facet-year"


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("title", ["Chuyện áo dài", "Chuyện ăn uống", "Chuyện nỏ thần", "Chuyện Story"]),
        ("author", ["Chuyện ăn uống", "Chuyện áo dài", "Chuyện nỏ thần", "Chuyện Story"]),
        ("newest", ["Chuyện nỏ thần", "Chuyện ăn uống", "Chuyện áo dài", "Chuyện Story"]),
        ("oldest", ["Chuyện nỏ thần", "Chuyện Story", "Chuyện áo dài", "Chuyện ăn uống"]),
    ],
)
def test_hits_are_sorted_as_chosen(reader: FlaskClient, sort: str, found: list[str]) -> None:
    document = page(reader, f"{BOOKS}&sort={sort}")

    assert titles(document) == found
    assert document.xpath("string(//select[@id='sort']/option[@selected]/@value)") == sort


def test_the_form_that_sorts_keeps_all_else(reader: FlaskClient) -> None:
    document = page(reader, f"{BOOKS}&f=library:NLV&field=title&each=1&page=1&sort=title")
    hidden = document.xpath("//form[@class='sort']//input")

    assert [(each.name, each.value) for each in hidden] == [
        ("q", "chuyen"),
        ("field", "title"),
        ("f", "material:book"),
        ("f", "library:NLV"),
        ("each", "1"),
    ]
    assert options(document, "sort") == {
        "": "Phù hợp nhất trước",
        "newest": "Mới nhất trước",
        "oldest": "Cũ nhất trước",
        "title": "Nhan đề, từ A đến Y",
        "author": "Tác giả, từ A đến Y",
    }


def test_a_new_search_keeps_the_order_and_drops_what_was_narrowed(reader: FlaskClient) -> None:
    hidden = page(reader, f"{BOOKS}&sort=title").xpath(
        "//form[@role='search']//input[@type='hidden']"
    )

    assert [(each.name, each.value) for each in hidden] == [("sort", "title")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("to hoai&sort=title", ["Chuyện nỏ thần", "Chuyện về Tô Hoài"]),
        ("to hoai&field=author", ["Chuyện nỏ thần"]),
        ("to hoai&field=title", ["Chuyện về Tô Hoài"]),
        ("co tich&field=subject", ["Chuyện nỏ thần"]),
        ("van hoc chuyen&field=publisher", []),
        ("978 604 209 302 6&field=isbn", ["Chuyện nỏ thần"]),
        ("978-604-209-302-6&field=isbn", ["Chuyện nỏ thần"]),
        ("2010&field=year", ["Chuyện ăn uống"]),
        ("2010 – 2011&field=year", ["Chuyện ăn uống"]),
        ("200*&field=year&sort=newest", ["Chuyện nỏ thần", "Chuyện áo dài"]),
        ("2010&field=nonsense", []),
    ],
)
def test_words_are_looked_for_in_one_field(
    reader: FlaskClient, query: str, found: list[str]
) -> None:
    assert titles(page(reader, f"/?q={query}")) == found


def test_the_field_chosen_stays_chosen(reader: FlaskClient) -> None:
    document = page(reader, "/?q=to+hoai&field=author")

    assert document.xpath("string(//select[@id='field']/option[@selected])") == "Tác giả"
    assert list(options(document, "field").values()) == [
        "Tất cả các trường",
        "Nhan đề",
        "Tác giả",
        "Chủ đề",
        "Nhà xuất bản",
        "Tùng thư",
        "ISBN",
        "ISSN",
        "Năm xuất bản",
    ]


def test_a_work_is_one_hit_that_leads_to_its_editions(reader: FlaskClient) -> None:
    document = page(reader, "/?q=no+than")
    link = document.xpath("string(//ol/li//p[@class='kind']/a/@href)")
    shown = page(reader, link)
    others = shown.xpath("//*[@id='editions']/following-sibling::ul[1]/li")

    assert titles(document) == ["Chuyện nỏ thần"]
    assert text(document.xpath("//ol/li//p[@class='kind']")[0]).endswith("Sách 3 ấn bản")
    assert link.endswith("#editions")
    assert shown.xpath("string(//h2[@id='editions'])") == "Các ấn bản khác"
    assert len(others) == 2
    assert all("Sách. Nxb. Văn học" in text(each) for each in others)
    for each in others:
        assert text(page(reader, each.find("a").get("href")).find(".//h1")) == "Chuyện nỏ thần"


def test_other_editions_come_the_newest_first(reader: FlaskClient) -> None:
    oldest = page(reader, "/?q=9786042093026").xpath("string(//a[@class='title']/@href)")
    others = page(reader, oldest).xpath("//ul[@class='editions']/li")

    assert [text(each) for each in others] == [
        f"Chuyện nỏ thần Sách. Nxb. Văn học, {year}. Tiếng Việt. Số thư viện: 1"
        for year in ("2019", "2004")
    ]


def test_editions_stand_together_or_each_by_itself(reader: FlaskClient) -> None:
    together = page(reader, "/?q=no+than")
    apart = follow(reader, together, "Liệt kê riêng từng ấn bản")

    assert "Kết quả: 1" in text(together)
    assert "tất cả có 3 ấn bản" in text(together)
    assert titles(apart) == ["Chuyện nỏ thần"] * 3
    assert values(apart, "material") == ["Sách 3"]
    assert titles(follow(reader, apart, "Gộp các ấn bản")) == ["Chuyện nỏ thần"]


def test_a_hit_without_other_editions_says_nothing_of_them(reader: FlaskClient) -> None:
    document = page(reader, "/?q=ao+dai")

    assert "ấn bản" not in text(document.find(".//main"))


def test_facets_that_are_not_counted_among_so_many_hits_say_what_to_do(
    reader: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    hint = "Hãy chọn loại hình tài liệu, năm hoặc ngôn ngữ trước."
    monkeypatch.setattr("catalogue.search.facets.MOST_HEADED", 3)
    many, few = page(reader, "/?q=chuyen"), page(reader, "/?q=no+than")

    assert many.xpath("//section[@id='narrow']//h3/text()") == ["Năm xuất bản", "Ngôn ngữ"]
    assert (hint in text(many), hint in text(few)) == (True, False)


def test_every_facet_has_a_name() -> None:
    assert list(LABELS) == list(FacetName)

"""Help: every how-to is a page of the hub, and every screen leads to the section about it."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hatchling.builders.wheel import WheelBuilder
from lxml import html

from support.processes import REPOSITORY
from web.language import LANGUAGES
from web.manual.finding import find
from web.manual.guides import GROUPS, START, group_of, guide, names
from web.manual.places import place, table
from web.manual.rendering import anchors, page
from web.staff.permissions import permissions

NO_SCREEN = {"healthz", "metrics", "readyz", "static"}
SCREENS = sorted({each.endpoint for each in permissions() if each.method == "GET"} - NO_SCREEN)
BOTH = [(name, language) for name in names() for language in LANGUAGES]


def shown(client: FlaskClient, address: str) -> html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return html.document_fromstring(answer.get_data(as_text=True))


def test_every_screen_leads_to_its_help():
    """A new screen needs a line in web/manual/places.tsv: its endpoint, or its blueprint with .*"""
    without = [one for one in SCREENS if not one.startswith("help.") and place(one) is None]

    assert without == []


def test_no_line_of_the_table_is_for_a_screen_that_is_gone():
    blueprints = {f"{one.partition('.')[0]}.*" for one in SCREENS}

    assert set(table()) - set(SCREENS) - blueprints == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_section_that_a_screen_leads_to_is_there(language: str):
    """The anchor is the English one; the Vietnamese text has the same headings in their order."""
    missing = {
        screen: f"{language}/{found.page}.md#{found.anchor}"
        for screen, found in table().items()
        if found.page not in names()
        or (found.anchor and found.anchor not in anchors(found.page, language))
    }

    assert missing == {}


@pytest.mark.parametrize("name", names())
def test_a_how_to_has_the_same_sections_in_both_languages(name: str):
    levels = [
        [len(marks) for marks in re.findall(r"^(#+) ", without_code(found.text), re.MULTILINE)]
        for language in LANGUAGES
        if (found := guide(name, language)) is not None
    ]

    assert levels[0] == levels[1]
    assert anchors(name, "vi") == anchors(name, "en")


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_within_the_help_leads_to_a_section_that_is_there(language: str):
    broken = [
        (name, target)
        for name in names()
        for target in links_of(name, language)
        if not leads_somewhere(name, target, language)
    ]

    assert broken == []


def links_of(name: str, language: str) -> list[str]:
    made = page(name, language, "/help")
    assert made is not None
    body = html.fromstring(f"<div>{made.body}</div>")
    return [each for each in body.xpath(".//a/@href") if ":" not in each]


def leads_somewhere(name: str, target: str, language: str) -> bool:
    path, _, anchor = target.partition("#")
    path, _, asked = path.partition("?lang=")
    reached = path.removeprefix("/help").strip("/") or (START if path else name)
    if reached != START and reached not in names():
        return False
    return not anchor or anchor in anchors(reached, asked or language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_is_listed_by_what_one_wants_to_do(client: FlaskClient, language: str):
    listed = shown(client, f"/help?lang={language}")
    told = listed.xpath("//ul[@class='guides']//a/@href")

    assert {f"/help/{name}" for name in names()} == set(told)
    assert len(told) == len(names())
    assert {group_of(name) for name in names()} <= set(GROUPS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_speaks_the_language_of_the_screen(client: FlaskClient, language: str):
    read = shown(client, f"/help/staff?lang={language}")

    assert (
        read.xpath("string(//h1)") == {"vi": "Trang nghiệp vụ", "en": "The staff pages"}[language]
    )
    assert read.xpath("//h2[@id='harvests']")
    assert read.xpath("//details//a[@href='#harvests']")
    assert not read.xpath("//article//a[contains(@href, '.md')]")


def test_a_link_to_a_file_that_the_hub_does_not_show_is_text(client: FlaskClient):
    read = shown(client, "/help/upgrade?lang=en")

    assert "CHANGELOG" in read.xpath("string(//article)").upper()
    assert not read.xpath("//article//a[contains(@href, 'CHANGELOG')]")


def test_help_that_is_nowhere_is_not_found(client: FlaskClient):
    for address in ("/help/nothing", "/help/README", "/help/..%2freference", "/help/pictures/xx/a"):
        assert client.get(address).status_code == 404


def test_pictures_are_those_of_the_language_of_the_page(client: FlaskClient):
    read = shown(client, "/help/staff?lang=vi")
    [picture] = [one for one in read.xpath("//article//img") if "users" in one.get("src")]
    answer = client.get(picture.get("src"), buffered=True)

    assert picture.get("src") == "/help/pictures/vi/users.webp"
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert (picture.get("width"), picture.get("alt")) == (
        "1280",
        "Người dùng với vai trò của từng người, và biểu mẫu mời người mới",
    )


def test_what_has_not_changed_is_not_sent_again(client: FlaskClient):
    tag = client.get("/help/staff").headers["ETag"]

    assert client.get("/help/staff", headers={"If-None-Match": tag}).status_code == 304


def test_help_is_found_without_marks(client: FlaskClient):
    told = shown(client, "/help?lang=vi&q=bieu+ghi+cach+ly")
    first = told.xpath("//ul[@class='guides']//a")[0]

    assert first.get("href") == "/help/staff#quarantine"
    assert find("zzzz cach ly", "vi") == []
    assert find(" ", "vi") == []


def test_a_screen_has_a_link_to_its_help(client: FlaskClient):
    assert shown(client, "/?lang=en").xpath("//header/a[@class='aid']/@href") == [
        "/help/search#in-the-browser"
    ]
    assert shown(client, "/help").xpath("//header/a[@class='aid']/@href") == ["/help"]


def test_an_installed_hub_has_its_help_with_it(tmp_path: Path):
    [built] = WheelBuilder(str(REPOSITORY)).build(directory=str(tmp_path), versions=["standard"])
    with zipfile.ZipFile(built) as wheel:
        packed = set(wheel.namelist())
    wanted = {
        f"web/manual/docs/{found.place}"
        for name, language in [*BOTH, (START, "vi"), (START, "en")]
        if (found := guide(name, language)) is not None
    }

    assert wanted - packed == set()

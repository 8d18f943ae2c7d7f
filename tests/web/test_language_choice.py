from __future__ import annotations

import pytest
from flask.testing import FlaskClient


@pytest.mark.parametrize(
    ("address", "headers", "language"),
    [
        ("/", {}, "vi"),
        ("/", {"Accept-Language": "fr"}, "vi"),
        ("/", {"Accept-Language": "en-GB,en;q=0.9"}, "en"),
        ("/", {"Accept-Language": "en;q=0.5,vi;q=0.9"}, "vi"),
        ("/?lang=en", {}, "en"),
        ("/?lang=vi", {"Accept-Language": "en"}, "vi"),
        ("/?lang=xx", {}, "vi"),
    ],
)
def test_a_wish_in_the_address_wins_over_the_browser(
    client: FlaskClient, address: str, headers: dict[str, str], language: str
) -> None:
    page = client.get(address, headers=headers).get_data(as_text=True)

    assert f'<html lang="{language}">' in page
    assert ("Tra cứu mục lục liên hợp" in page) == (language == "vi")


def test_a_chosen_language_is_remembered_whatever_the_browser_prefers(client: FlaskClient) -> None:
    client.get("/?lang=en")
    page = client.get("/nowhere", headers={"Accept-Language": "vi"})

    assert '<html lang="en">' in page.get_data(as_text=True)


def test_a_cookie_that_names_no_language_is_passed_over(client: FlaskClient) -> None:
    client.set_cookie("lang", "<>")

    assert '<html lang="vi">' in client.get("/").get_data(as_text=True)


def test_the_other_language_is_the_same_page(client: FlaskClient) -> None:
    page = client.get("/?q=sach+so&page=2").get_data(as_text=True)

    assert 'href="/?q=sach+so&amp;page=2&amp;lang=en"' in page

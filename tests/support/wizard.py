"""The five steps of adding a source, as a person without a script goes through them."""

from __future__ import annotations

from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from support.staff import document


def begin(client: FlaskClient, url: str) -> html.HtmlElement:
    """Give the address, and return the page that tests it."""
    return document(onward(client, document(client.get("/staff/add-source")), url=url))


def onward(
    client: FlaskClient, page: html.HtmlElement, button: str = "", **changes: str | list[str]
) -> TestResponse:
    """Press a button of a step, the first if none is named, with these boxes filled in."""
    form = page.forms[-1]
    given: dict[str, list[str]] = {}
    for name, value in form.form_values():
        given.setdefault(name, []).append(value)
    for name, change in changes.items():
        given[name] = change if isinstance(change, list) else [change]
    pressed = form.xpath(".//button[contains(., $word)]", word=button)[0]
    if pressed.get("name"):
        given[pressed.get("name")] = [pressed.get("value")]
    return client.post(pressed.get("formaction") or form.action, data=given, buffered=True)


def through(client: FlaskClient, url: str, **changes: str) -> TestResponse:
    """Go through all steps, giving what is named where it is asked for; return the last answer."""
    page = begin(client, url)
    for _ in range(3):
        page = document(onward(client, page, **_asked_for(page, changes)))
    return onward(client, page, **_asked_for(page, changes))


def _asked_for(page: html.HtmlElement, changes: dict[str, str]) -> dict[str, str]:
    names = set(page.forms[-1].xpath(".//*[not(@type='hidden')]/@name"))
    return {name: value for name, value in changes.items() if name in names}

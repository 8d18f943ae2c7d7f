"""What a change of sharing or weight does is seen from outside when its command has ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from hub.instance import Hub
from hub.webapp import web_app
from protocols.oai import DC, OAI_DC
from support.lines import wait_until
from support.loopback import replying
from support.oai_source import Item, Repository
from web.language import translator

URL = "http://127.0.0.1"
ALL = "/oai?verb=ListRecords&metadataPrefix=oai_dc"
DELETED = 'status="deleted"'


def book(title: str) -> Repository:
    """Return an endpoint with one book; its title may be written in several ways."""
    payload = (
        f'<oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}"><dc:title>{title}</dc:title>'
        "<dc:creator>Vũ Trọng Phụng</dc:creator><dc:publisher>Văn học</dc:publisher>"
        "<dc:date>1988</dc:date><dc:identifier>ISBN 9786049763342</dc:identifier></oai_dc:dc>"
    )
    return Repository(items=[Item(identifier="oai:example.org:1", payload=payload)])


@pytest.fixture
def add(lienthong):
    """Add a source with a library of its own, and harvest it."""
    with ExitStack() as ending:

        def added(name: str, repository: Repository) -> None:
            url = ending.enter_context(replying(repository))
            place = ("--url", url, "--library", name.upper())
            assert lienthong("sources", "add", name, "--protocol", "oai-pmh", *place).code == 0
            assert lienthong("harvest", name).code == 0

        yield added


@pytest.fixture
def door(tmp_path) -> Iterator:
    """Give what asks the hub of this test over HTTP."""
    hub = Hub({"LIENTHONG_INSTANCE": str(tmp_path / "instance")}, translator("en"))
    with hub.catalogue() as db:
        client = web_app(hub, db, URL).test_client()
        yield lambda: client.get(ALL).get_data(as_text=True)


def test_what_a_library_no_longer_shares_is_deleted(lienthong, add, door):
    add("s1", book("Số đỏ"))
    wait_until(lambda: "Số đỏ" in door())

    said = lienthong("libraries", "change", "S1", "--sharing", "hub", "--json")

    assert said.json[0]["sharing"] == "hub"
    assert "Placing 1 records" in said.err
    # A change is shown once its second has passed.
    wait_until(lambda: DELETED in door())
    assert "Số đỏ" not in door()


def test_a_change_that_hides_nothing_places_nothing(lienthong, add):
    add("s1", book("Số đỏ"))

    assert lienthong("libraries", "change", "S1", "--name", "Thư viện").err == ""


def test_the_heavier_source_gives_the_record_its_words(lienthong, add, door, tmp_path):
    add("s1", book("Số đỏ"))
    add("s2", book("SỐ ĐỎ"))
    wait_until(lambda: "Số đỏ" in door())
    file = tmp_path / "sources.yaml"
    written = lienthong("sources", "export").out
    file.write_text(written.replace("name: s2", "name: s2\n  weight: 5"), encoding="utf-8")

    said = lienthong("sources", "apply", str(file), "--yes")

    assert "Placing 1 records" in said.err
    wait_until(lambda: "SỐ ĐỎ" in door())
    assert "Số đỏ" not in door()

"""Provenance beside what is given out: who of those a view sees a record was harvested from."""

from __future__ import annotations

from dataclasses import replace
from unittest.mock import patch

import pytest
from lxml import etree
from sqlalchemy import event

from catalogue import libraries, sources
from catalogue.model import Item, ItemQuery, Sharing
from catalogue.origins import about, origin_of
from catalogue.published import snapshot
from protocols.oai import PROVENANCE, XSI
from support.filled import settle
from support.pages import Book, Delivery, add_source, books, deliver

P = {"p": PROVENANCE}
SETTINGS = '{"protocol": "oai-pmh", "url": "http://127.0.0.1/oai"}'
NAMESPACE = "http://www.loc.gov/MARC21/slim"


def items(database, view="public") -> list[Item]:
    with snapshot(database, view) as shown:
        return shown.page(ItemQuery(prefix="marc21", end=shown.horizon))


def told(item: Item, name: str) -> list[str]:
    whole = b'<r xmlns:xsi="%b">%b</r>' % (XSI.encode(), item.about)
    return [str(each) for each in etree.fromstring(whole).xpath(f"//p:{name}/text()", namespaces=P)]


def two_of_one_book(database) -> None:
    add_source(database)
    add_source(database, "s2", "L2")
    deliver(database, "s1", *books([("oai:a:1", Book())]))
    deliver(database, "s2", *books([("oai:b:1", Book())]))
    settle(database)


def test_each_record_of_a_cluster_tells_its_origin(database):
    with patch("catalogue.clock.wall_clock", return_value=1_700_000_000):
        two_of_one_book(database)

    [item] = items(database)
    assert told(item, "identifier") == ["oai:a:1", "oai:b:1"]
    assert set(told(item, "baseURL")) == {"http://127.0.0.1/oai"}
    assert set(told(item, "datestamp")) == {"2024-01-01T00:00:00Z"}
    assert set(told(item, "metadataNamespace")) == {NAMESPACE}
    assert item.about.count(b'harvestDate="2023-11-14T22:13:20Z" altered="true"') == 2


def test_a_view_learns_nothing_of_records_it_may_not_see(database):
    two_of_one_book(database)
    libraries.change(database, "L2", sharing=Sharing.HUB)
    settle(database)

    [item] = items(database)
    assert told(item, "identifier") == ["oai:a:1"]


def test_another_address_of_a_source_gives_its_records_a_new_stamp(database):
    two_of_one_book(database)
    [before] = items(database)
    sources.change(database, replace(sources.get(database, "s2"), url="http://127.0.0.2/oai"))
    settle(database)

    [after] = items(database)
    assert after.stamp > before.stamp
    assert told(after, "baseURL") == ["http://127.0.0.1/oai", "http://127.0.0.2/oai"]


def test_the_same_bytes_once_more_are_no_news(database):
    two_of_one_book(database)
    before = items(database)
    deliver(database, "s1", *books([("oai:a:1", Book())]))
    settle(database)

    assert items(database) == before


def test_a_deleted_item_tells_nothing(database):
    add_source(database)
    deliver(database, "s1", *books([("oai:a:1", Book())]))
    settle(database)
    deliver(database, "s1", Delivery(identifier="oai:a:1"))
    settle(database)

    [item] = items(database)
    assert (item.deleted, item.about) == (True, b"")


def test_a_page_costs_no_query_more_for_it(database):
    two_of_one_book(database)
    statements: list[str] = []
    with snapshot(database) as shown:
        event.listen(
            database.read, "before_cursor_execute", lambda *each: statements.append(each[2])
        )
        shown.page(ItemQuery(prefix="marc21", end=shown.horizon))

    # The items with their forms and origins; their sets are asked of the driver.
    assert len(statements) == 1


@pytest.mark.parametrize(
    "of",
    [
        ("số 1", "2024-01-01", NAMESPACE, 0, SETTINGS),
        ("oai:a:1", "20240101", NAMESPACE, 0, SETTINGS),
        ("oai:a:1", "2024-01-01", "marc", 0, SETTINGS),
        ("oai:a:1", "2024-01-01", NAMESPACE, 0, SETTINGS.replace("oai-pmh", "file")),
    ],
)
def test_what_the_schema_has_no_way_to_say_is_left_out(of):
    assert about([origin_of(*of)]) == b""


def test_friends_are_the_servers_of_those_who_share_with_the_view(database):
    two_of_one_book(database)
    sources.change(database, replace(sources.get(database, "s2"), url="http://127.0.0.2/oai"))
    libraries.change(database, "L1", sharing=Sharing.MEMBERS)

    with snapshot(database) as shown:
        assert shown.friends() == ["http://127.0.0.2/oai"]

"""How much a member's pages ask of the database: no more for many things than for one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import event

from catalogue import users
from catalogue.accounts import keys
from catalogue.alerts import notices
from catalogue.alerts.model import Rhythm
from catalogue.database import Database
from catalogue.holdings import deliveries, one
from catalogue.holdings.deliveries import Delivery
from catalogue.holdings.model import Row
from catalogue.holdings.one import Having, Place
from catalogue.members import contacts
from catalogue.members.model import Contact
from catalogue.records import get
from catalogue.users import Role
from support.filled import add_library, book, deliver
from support.listed import give, settle
from support.pages import HUB
from support.staff import PASSWORD, hub, sign_in_at

MANY = 55
"""More than a page has."""
MOST = 20
"""Questions that any page may ask."""
REPORT = dict.fromkeys(("rows", "added", "changed", "withdrawn"), 1)


def add(database: Database, numbers: range) -> None:
    """Give library SMALL so many of everything."""
    place = Place(library="SMALL", public_id=get(database, "nlv", "n1").cluster)
    for number in numbers:
        name = f"so-{number}"
        contacts.add(database, "SMALL", Contact(name=name, mail="x@example.vn"))
        nothing = notices.of_library(database, "SMALL")[name]
        notices.choose(database, "SMALL", name, replace(nothing, digest=Rhythm.DAILY))
        given = Delivery(list=name, file=f"{name}.csv", author="an", report=REPORT)
        deliveries.note(database, "SMALL", given)
        deliveries.wait(database, "SMALL", given, b"x")
        one.hold(database, HUB, place, Having(location=name), "an")
        give(database, Row(title="Không có gì như thế", local_number=name), list=name)
        if len(keys.all(database)) < keys.MOST:
            keys.make(database, "tv", name, 9)
    give(database, *(Row(title="x", local_number=f"r{n}") for n in numbers), list="so-0")
    settle(database)


def test_pages_of_a_member_ask_as_often_for_many_things_as_for_one(database: Database):
    add_library(database, "SMALL", "Thư viện huyện")
    add_library(database, "NLV", "Thư viện Quốc gia")
    deliver(database, "NLV", {"n1": book("Truyện Kiều")})
    settle(database)
    users.add(database, "tv", PASSWORD, Role.MEMBER, library="SMALL")
    client = hub(database)
    sign_in_at(client, "member", "tv")
    cluster = get(database, "nlv", "n1").cluster
    pages = ["contacts", "contacts/contact?name=so-0", f"hold/{cluster}", "keys", "holdings"]
    pages += ["holdings/list/so-0", "holdings/list/one-by-one"]
    asked: list[str] = []
    for engine in (database.read, database.write):
        event.listen(engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    counts = []
    for numbers in (range(1), range(1, MANY)):
        add(database, numbers)
        counts.append([])
        for page in pages:
            asked.clear()
            assert client.get(f"/member/{page}").status_code == 200
            counts[-1].append(len(asked))

    assert counts[0] == counts[1]
    assert max(counts[0]) <= MOST


@pytest.mark.parametrize(("page", "more"), [("holdings", 1), ("holdings/list/so-0", 0)])
def test_long_lists_of_a_member_go_on_where_a_page_ends(database: Database, page: str, more: int):
    add_library(database, "SMALL", "Thư viện huyện")
    users.add(database, "tv", PASSWORD, Role.MEMBER, library="SMALL")
    for number in range(MANY):
        give(database, Row(title="x", local_number="1"), list=f"so-{number:02}")
    give(database, *(Row(title="x", local_number=f"r{n}") for n in range(MANY)), list="so-0")
    settle(database)
    client = hub(database)
    sign_in_at(client, "member", "tv")
    address, rows = f"/member/{page}", 0
    while address:
        shown = client.get(address).text
        rows += shown.count('<th scope="row">')
        address = shown.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")

    assert rows == MANY + more

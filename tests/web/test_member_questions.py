"""How much a member's pages ask of the database: no more for many things than for one."""

from __future__ import annotations

import re
from dataclasses import replace

from flask.testing import FlaskClient
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
from support.staff import PASSWORD, sign_in_at, visitor

MANY, SOME = 52, 9
"""More than a page has; and of what is not in pages."""
MOST = 20
"""Questions that any page may ask."""
REPORT = dict.fromkeys(("rows", "added", "changed", "withdrawn"), 1)


def add(database: Database, numbers: range) -> None:
    """Give library SMALL so many of everything."""
    place = Place(library="SMALL", public_id=get(database, "nlv", "n1").cluster)
    for number in numbers:
        name = f"so-{number}"
        if number < SOME:
            contacts.add(database, "SMALL", Contact(name=name, mail="x@example.vn"))
            nothing = notices.of_library(database, "SMALL")[name]
            notices.choose(database, "SMALL", name, replace(nothing, digest=Rhythm.DAILY))
            keys.make(database, "tv", name, 9)
            one.hold(database, HUB, place, Having(location=name), "an")
        given = Delivery(list=name, file=f"{name}.csv", author="an", report=REPORT)
        deliveries.note(database, "SMALL", given)
        deliveries.wait(database, "SMALL", given, b"x")
        give(database, Row(title="Không có gì như thế", local_number=name), list=name)
    give(database, *(Row(title="x", local_number=f"r{n}") for n in numbers), list="so-0")
    settle(database)


def walked(client: FlaskClient, address: str, wanted: str, by: str) -> list[str]:
    """Return what is found on a page, and on those that it goes on with by a name."""
    found: list[str] = []
    while address:
        shown = client.get(address).text
        found += re.findall(wanted, shown)
        following = re.search(rf'rel="next" href="([^"]*[?&;]{by}=[^"]*)"', shown)
        address = following[1].replace("&amp;", "&") if following else ""
    return found


def test_pages_of_a_member_ask_as_often_for_many_things_as_for_one(database: Database):
    add_library(database, "SMALL", "Thư viện huyện")
    add_library(database, "NLV", "Thư viện Quốc gia")
    deliver(database, "NLV", {"n1": book("Truyện Kiều")})
    settle(database)
    users.add(database, "tv", PASSWORD, Role.MEMBER, library="SMALL")
    client = visitor(database)
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
    # And each list goes on where its page ends.
    lists = walked(client, "/member/holdings", r"holdings/list/(so-\d+)", "list")
    files = walked(client, "/member/holdings?before=999", r"holdings/file/(\d+)", "before")
    rows = walked(client, "/member/holdings/list/so-0", r">(r\d+)<", "line")
    assert len(lists) == len(set(lists)) == MANY
    assert len(set(files)) == 2 * MANY
    assert len(rows) == len(set(rows)) == MANY - 1

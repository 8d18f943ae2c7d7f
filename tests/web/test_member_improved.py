"""What a library's own pages give back to it, and a Koha that loads it by the rules beside."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from dataclasses import replace

import pytest

from catalogue import users
from catalogue.database import Database
from catalogue.improved import giving
from catalogue.model import HubIdentity
from catalogue.users import Role
from crosswalks.formats import iso2709
from crosswalks.model import Control, Field, Record
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.staff import PASSWORD, hub, sign_in_at, text
from web.improved import koha_rules

SUBJECT = Field("650", " 7", (("a", "Văn học"), ("2", "bkt")))
OURS = (
    Field("541", "  ", (("a", "tặng"),)),
    Field("590", "  ", (("a", "có chữ ký"),)),
    Field("852", "  ", (("b", "Kho đọc"), ("x", "mất bìa"))),
    Field("952", "  ", (("p", "TV.0001"),)),
)


def record(number: str, *fields: Field) -> Record:
    made = book("Truyện Kiều", author="Nguyễn Du", year="1985")
    return replace(made, fields=(Control("001", number), *made.fields, *fields))


@pytest.fixture
def database(sqlite_engine: Engine) -> Iterator[Database]:
    """Give a hub in which B knows a subject that A does not."""
    with sqlite_engine.fresh() as url:
        opened = Database.open(url)
        for code in "AB":
            add_library(opened, code, f"Thư viện {code}")
            users.add(opened, f"lib{code}", PASSWORD, Role.MEMBER, library=code)
        deliver(opened, "A", {"1": record("a1", *OURS)})
        deliver(opened, "B", {"1": record("b1", SUBJECT)})
        settle(opened)
        yield opened
        opened.close()


def koha_loads(current: Record, incoming: Record) -> Record:
    """Return what Koha makes of a record it has and one that is staged for import.

    Its rules are in a database, and say by tag, or by a pattern of tags, what may be done; without
    one, fields of the new record take the place of those there were (Koha 21.11, record overlay
    rules).
    """
    with sqlite3.connect(":memory:") as koha:
        koha.execute("CREATE TABLE systempreferences (variable, value)")
        koha.execute("INSERT INTO systempreferences VALUES ('MARCOverlayRules', '0')")
        koha.execute(
            "CREATE TABLE marc_overlay_rules"
            " (tag, module, filter, `add`, `append`, `remove`, `delete`)"
        )
        for _ in range(2):
            koha.executescript(koha_rules())
        rules = koha.execute("SELECT * FROM marc_overlay_rules").fetchall()
        [[switched]] = koha.execute("SELECT value FROM systempreferences").fetchall()
    assert switched == "1"
    assert len(set(rules)) == len(rules)
    assert {rule[1:] for rule in rules} == {("source", "batchimport", 0, 0, 0, 0)}

    def is_kept(tag: str) -> bool:
        return any(re.fullmatch(rule[0], tag) for rule in rules)

    fields = [
        *(field for field in current.fields if is_kept(field.tag)),
        *(field for field in incoming.fields if not is_kept(field.tag)),
    ]
    return replace(incoming, fields=tuple(sorted(fields, key=lambda field: field.tag)))


def test_koha_loads_the_file_keeps_its_own_and_is_given_nothing_more(database: Database) -> None:
    client = hub(database)
    sign_in_at(client, "member", "libA")
    said = text(client.get("/member/?lang=en"))
    file = client.get("/member/improved/records.mrc")
    assert client.get("/member/improved/koha-rules.sql").text == koha_rules()

    loaded = koha_loads(record("a1", *OURS), iso2709.read(file.data))
    deliver(database, "A", {"1": loaded})
    settle(database)

    assert "1 of your records better" in said
    assert file.headers["Content-Disposition"] == 'attachment; filename="records.mrc"'
    assert {SUBJECT, *OURS} <= set(loaded.fields)
    assert giving.count(database, "A", "public", HubIdentity()) == 0
    assert "has a better one now" in text(client.get("/member/?lang=en"))
    assert client.get("/member/improved/records.mrc").data == b""


def test_a_library_gets_its_own_alone(database: Database) -> None:
    client = hub(database)
    sign_in_at(client, "member", "libB")

    assert b"a1" not in client.get("/member/improved/records.xml").data
    assert "/oai/improved/B" in text(client.get("/member/"))

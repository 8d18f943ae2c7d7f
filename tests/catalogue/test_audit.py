"""What people change is written down in the transaction that changes it, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from catalogue import clockwork, credentials, libraries, sources, users
from catalogue.audit import acting, store
from catalogue.audit.acting import Act, Way
from catalogue.audit.store import Entry, Wanted
from catalogue.audit.trail import SECRET
from catalogue.audit.watched import DERIVED, UNCOUNTED, WATCHED
from catalogue.clockwork import Maintenance
from catalogue.credentials import Credentials, Kind
from catalogue.database import Database
from catalogue.errors import NameTaken
from catalogue.every_table import METADATA
from catalogue.model import Library
from catalogue.people_tables import AuditRow
from catalogue.tables import LibraryRow
from catalogue.users import Role
from support.engines import Engine
from support.passwords import hashed_at_once
from support.processes import REPOSITORY

cheap_passwords = pytest.fixture(scope="module", autouse=True)(hashed_at_once)
PASSWORD = "mot mat khau dai"
EVERYTHING = Wanted()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """Give one database of each engine for all of these tests: each looks at what it adds."""
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    with engine.fresh() as url:
        opened = Database.open(url)
        yield opened
        opened.close()


def written(database: Database, work: Callable[[], object], **about: Any) -> list[Entry]:
    """Return what is written down while somebody does something, the oldest first."""
    known = store.entries(database, EVERYTHING, limit=1)
    usual = {"who": "lan", "way": Way.WEB, "address": "192.0.2.7", "act": "test.act"}
    with acting.during(Act(**usual | about)):
        work()
    last = known[0].id if known else 0
    return [each for each in store.entries(database, EVERYTHING, limit=50) if each.id > last][::-1]


def add_library(database: Database, code: str, **values: Any) -> None:
    libraries.add(database, Library(code=code, **values))


def test_what_is_added_is_told_with_all_it_has(database: Database):
    [entry] = written(database, lambda: add_library(database, "A1", name="Thư viện A"))

    assert (entry.who, entry.way, entry.address) == ("lan", "web", "192.0.2.7")
    assert (entry.act, entry.kind, entry.object) == ("test.act", "library", "A1")
    assert entry.before is None
    assert entry.after is not None
    assert (entry.after["code"], entry.after["name"]) == ("A1", "Thư viện A")


def test_what_is_changed_is_told_by_what_differs(database: Database):
    add_library(database, "B1", name="trước")
    change = {"name": "sau", "aliases": ("VN-B1",)}
    entries = written(database, lambda: libraries.change(database, "B1", **change))
    by_kind = {each.kind: each for each in entries}

    assert by_kind["library"].before == {"name": "trước"}
    assert by_kind["library"].after == {"name": "sau"}
    assert by_kind["library_alias"].object == "VN-B1"


def test_what_is_taken_away_is_told_as_it_was(database: Database):
    add_library(database, "C1", name="mất")

    def take_away() -> None:
        gone = delete(LibraryRow).where(LibraryRow.code == "C1")
        database.writing(lambda connection: connection.execute(gone))

    [entry] = written(database, take_away)

    assert entry.after is None
    assert entry.before is not None
    assert entry.before["name"] == "mất"


def test_settings_are_told_one_by_one_and_headers_not_at_all(database: Database):
    source = sources.parse(
        {"name": "s1", "library": "D1", "protocol": "oai-pmh", "url": "http://example.vn/oai"}
    )
    sources.add(database, source)
    other = sources.parse(
        {
            "name": "s1",
            "library": "D1",
            "protocol": "oai-pmh",
            "url": "http://example.vn/other",
            "connection": {"headers": {"X-Key": "geheim-123"}},
        }
    )
    [entry] = written(database, lambda: sources.change(database, other))

    assert entry.object == "s1"
    assert "http://example.vn/other" in map(str, (entry.after or {}).values())
    assert "geheim-123" not in str(entry)
    assert SECRET in (entry.after or {}).values()


def test_no_secret_is_written_down(database: Database):
    def work() -> None:
        users.add(database, "mai", PASSWORD, Role.VIEWER)
        users.set_password(database, "mai", "quite another one")
        users.set_password(database, "mai", "quite another one")
        given = Credentials(name="key", kind=Kind.BEARER, secret="geheim-123")
        credentials.put(database, b"k" * 32, given)

    entries = written(database, work)
    told = str(entries)

    assert [each.kind for each in entries] == ["user_account"] * 3 + ["credentials"]
    assert [bool(each.after and "password" in each.after) for each in entries[:3]] == [True] * 3
    assert all(secret not in told for secret in ("geheim", "argon2", PASSWORD))


def test_what_fails_leaves_nothing_behind(database: Database):
    add_library(database, "E1")

    def work() -> None:
        with pytest.raises(NameTaken):
            add_library(database, "E1", name="nochmal")

    assert written(database, work) == []


def test_what_stays_as_it_is_is_not_told(database: Database):
    add_library(database, "F1", name="gleich")

    def work() -> None:
        same = update(LibraryRow).where(LibraryRow.code == "F1").values(name="gleich")
        database.writing(lambda connection: connection.execute(same))

    assert written(database, work) == []


def test_one_row_that_stands_for_the_whole_hub_is_told_too(database: Database):
    pause = Maintenance(begins=1, ends=None, why="bảo trì")
    [entry] = written(database, lambda: clockwork.pause(database, pause), object="")

    assert entry.kind == "clockwork"
    assert (entry.after or {})["paused_why"] == "bảo trì"


def test_a_program_that_works_by_itself_writes_nothing_down(database: Database):
    known = store.entries(database, EVERYTHING, limit=1)[:1]
    add_library(database, "G1")

    assert store.entries(database, EVERYTHING, limit=1)[:1] == known


def test_signing_in_is_told_whether_it_succeeded_or_not(database: Database):
    from catalogue.accounts.errors import SignInRefused

    users.add(database, "thu", PASSWORD, Role.VIEWER)

    def wrong(name: str) -> None:
        with pytest.raises(SignInRefused):
            users.enter(database, name, "wrong password", "192.0.2.7")

    refused = written(database, lambda: wrong("Thu"), who="")
    unknown = written(database, lambda: wrong("a password typed here"), who="")
    let_in = written(database, lambda: users.enter(database, "THU", PASSWORD, "x"), who="")

    assert [(each.who, each.after) for each in refused] == [("thu", {"succeeded": False})]
    assert [(each.who, each.after) for each in unknown] == [("", {"succeeded": False})]
    assert [(each.who, each.after) for each in let_in] == [("thu", {"succeeded": True})]


def test_what_is_written_down_can_be_looked_for_and_turned_page_by_page(database: Database):
    for number in range(5):
        written(database, lambda n=number: add_library(database, f"H{n}"), who="hoa")  # type: ignore[misc]
    first = store.entries(database, Wanted(who="hoa"), limit=3)
    rest = store.entries(database, Wanted(who="hoa"), limit=3, before=first[-1].id)
    [one] = store.entries(database, Wanted(kind="library", object="H2"), limit=9)

    assert [each.object for each in first + rest] == ["H4", "H3", "H2", "H1", "H0"]
    assert one in first
    assert store.entries(database, Wanted(who="hoa", since=one.at + 9999), limit=9) == []


def test_the_database_refuses_to_change_what_is_written_down(database: Database):
    written(database, lambda: add_library(database, "I1"))

    with pytest.raises(DBAPIError, match="rows of audit are not changed"):
        database.writing(lambda connection: connection.execute(update(AuditRow).values(who="x")))


def test_only_what_is_old_is_forgotten(database: Database):
    written(database, lambda: add_library(database, "J1"), who="cu")
    [entry] = store.entries(database, Wanted(who="cu"), limit=9)
    store.forget(database, entry.at)
    still = store.entries(database, Wanted(who="cu"), limit=9)
    store.forget(database, entry.at + 1)
    with database.reading() as connection:
        left = connection.execute(select(AuditRow.id).where(AuditRow.who == "cu")).all()

    assert (still, left) == ([entry], [])


def test_every_table_is_watched_or_said_not_to_be():
    told = {*WATCHED} | DERIVED | UNCOUNTED
    tables = {*METADATA.tables}

    assert tables - told == set()
    assert told - tables == set()
    assert not ({*WATCHED} & (DERIVED | UNCOUNTED))


def test_columns_that_hold_secrets_are_said_to():
    secret = {"password", "digest", "sealed", "salt", "factor", "recovery"}

    for name, watched in WATCHED.items():
        columns = {column.name for column in METADATA.tables[name].columns}
        if name == "alert_channel":
            # Of a channel that is how often it is told.
            columns -= {"digest"}

        assert watched.secret == columns & secret, name
        assert watched.ignored | {*watched.key} <= columns, name


def test_nothing_but_the_trail_and_its_store_touches_what_was_written_down():
    rooms = (REPOSITORY / room for room in ("catalogue", "scheduler", "web", "hub"))
    modules = (path for room in rooms for path in room.rglob("*.py"))
    touching = {str(path.relative_to(REPOSITORY)) for path in modules if "AuditRow" in read(path)}

    assert touching == {
        "catalogue/people_tables.py",
        "catalogue/audit/trail.py",
        "catalogue/audit/store.py",
    }
    assert "delete(" not in read(REPOSITORY / "catalogue" / "audit" / "trail.py")


def read(path: Path) -> str:
    return path.read_text(encoding="utf-8")

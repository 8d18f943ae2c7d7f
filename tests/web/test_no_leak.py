"""What a member does not share with a view is at none of its doors, whatever changed before.

Two ways of telling: each record has a word of its own, which must be nowhere it may not be; and a
hub that never had what the view must not see has to answer in the same way, but for ids and dates.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from lxml import etree

from catalogue import libraries, public_figures
from catalogue.consumers import store
from catalogue.consumers.model import Consumer
from catalogue.database import Database
from catalogue.membership.hiding import Kind
from catalogue.membership.model import Membership
from catalogue.membership.standing import By, set_standing
from catalogue.membership.suppressing import Target, suppress
from catalogue.model import HubIdentity, Sharing
from crosswalks.model import Control
from protocols.oai import OAI
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from web.app import create_app

CODES = ("AAA", "BBB", "CCC")
TITLES = ("Lúa nước", "Cây chè", "Sông Hồng")
REACH = (Sharing.INTERNATIONAL, Sharing.PUBLIC, Sharing.MEMBERS, Sharing.HUB)
FORMS = ("marc21", "oai_dc", "mods", "qdc", "edm")
BY = By(person="an", reason="test")
XML = "{http://www.loc.gov/MARC21/slim}"


@dataclass
class World:
    """What libraries have, and with whom they share it."""

    records: dict[tuple[str, str], int]
    """Library and identifier -> which of the titles."""
    levels: dict[str, Sharing]
    standing: dict[str, Membership] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    hidden: set[tuple[str, str]] = field(default_factory=set)
    bare: set[tuple[str, str]] = field(default_factory=set)
    """Those whose subject is hidden."""

    def seen(self, view: Sharing) -> set[tuple[str, str]]:
        """Return the records of which a view may see anything."""
        return {
            each
            for each in self.records
            if REACH.index(self.levels[each[0]]) <= REACH.index(view)
            and self.standing.get(each[0], Membership.MEMBER) is Membership.MEMBER
            and each not in self.hidden
        }

    def words(self, view: Sharing) -> set[str]:
        """Return the words that a view may show: subjects are no field that is always shared."""
        return {
            secret(each)
            for each in self.seen(view)
            if each not in self.bare and not (view is not Sharing.HUB and self.fields.get(each[0]))
        }


def secret(name: tuple[str, str]) -> str:
    return f"bimat{name[0].lower()}{name[1]}"


def delivered(name: tuple[str, str], title: int) -> Any:
    made = book(
        *(TITLES[title],),
        author=f"Tác giả {title}",
        isbn=("9786040000019", "9786040000026", "9786040000033")[title],
        subject=secret(name),
        call_number=f"{secret(name)}/kho",
        url=f"http://example.vn/{secret(name)}",
    )
    return replace(made, fields=(Control("001", "".join(name)), *made.fields))


def fill(database: Database, world: World, only: set[tuple[str, str]]) -> None:
    for view in REACH:
        store.add(database, Consumer(name=view.value, view=view))
    for code in CODES:
        add_library(database, code, f"Thư viện {code}")
        mine = {
            name: delivered((library, name), title)
            for (library, name), title in world.records.items()
            if library == code and (library, name) in only
        }
        if mine:
            deliver(database, code, mine)


def agree(database: Database, world: World, only: set[tuple[str, str]]) -> None:
    """Bring what libraries agreed on and staff hid to what the world says."""
    for code in CODES:
        libraries.change(
            database, code, sharing=world.levels[code], fields=world.fields.get(code, "")
        )
    for library, name in sorted(world.bare & only):
        for field_ in ("650", "852", "856"):
            target = Target(kind=Kind.FIELD, name=f"{library.lower()}/{name}", field=field_)
            suppress(database, target, BY)


class Doors:
    """A hub as one view sees it."""

    def __init__(self, database: Database, view: Sharing) -> None:
        self._database = database
        self._key = store.renew_key(database, view.value)
        self._client: FlaskClient = create_app(database, HubIdentity(), b"k" * 32).test_client()
        self._is_public = view is Sharing.PUBLIC

    def get(self, path: str, **query: str) -> str:
        headers = {"Authorization": f"Bearer {self._key}"}
        return self._client.get(path, query_string=query, headers=headers).text

    def everything(self) -> Iterator[tuple[str, str]]:
        """Yield all answers there are to ordinary questions, by what was asked."""
        for form in FORMS:
            list_ = self.get("/oai", verb="ListRecords", metadataPrefix=form)
            yield f"oai {form}", list_
        yield "sets", self.get("/oai", verb="ListSets")
        for code in CODES:
            asked = {"metadataPrefix": "oai_dc", "set": f"library:{code}"}
            yield f"set {code}", self.get("/oai", verb="ListIdentifiers", **asked)
            yield (
                f"raw {code}",
                self.get(f"/oai/raw/{code}", verb="ListRecords", metadataPrefix="oai_dc"),
            )
            yield (
                f"improved {code}",
                self.get(f"/oai/improved/{code}", verb="ListRecords", metadataPrefix="marc21"),
            )
            yield f"sru {code}", self.sru(f"/sru/{code}", "cql.allRecords = 1 sortBy dc.title")
        for title in TITLES:
            yield f"sru {title}", self.sru("/sru", f'dc.title = "{title}"')
        yield "sorted", self.sru("/sru", "cql.allRecords = 1 sortBy dc.title")
        yield "subjects", self.scan("dc.subject = a")
        yield "titles", self.scan("dc.title = a")
        yield "explain", self.get("/sru")
        yield from self.rest()
        if self._is_public:
            yield "page", self.get("/search", q="", lang="en")
            yield "page of one", self.get("/search", q=TITLES[0], lang="en")
            yield "figures", self.figures()
            yield "page of fields", self.get("/", title=TITLES[0], subject="bimat*", lang="en")
            yield "page of nothing", self.get("/", q=f"bimat* {TITLES[0]} zzzz", lang="en")
            yield "form", self.get("/advanced", lang="en")
            yield "set feed", self.get("/changes.atom")
            for path in re.findall(r"/record/\w+", self.get("/resourcesync/changelist.xml")):
                # With what it says to search engines; and as a file.
                yield f"set {path}", self.get(path)
                for ending in ("xml", "ris"):
                    yield f"set {path}.{ending}", self.get(f"{path}.{ending}")
                for below in ("holdings", "sources"):
                    yield f"set {path}/{below}", self.get(f"{path}/{below}")
                yield f"set work {path}", self.get(path.replace("record", "work"))

    def figures(self) -> str:
        """Return what everybody is told in figures, but for how many libraries take part."""
        public_figures.count_if_due(self._database)
        told = re.findall(r"<strong>([^<]*)</strong>", self.get("/about", lang="en"))
        assert len(told) == 6
        return " ".join(told[1:])

    def rest(self) -> Iterator[tuple[str, str]]:
        """Yield what the REST interface says; what holds ids or dates is told from other hubs'."""
        counted = {"facets": "material,year,language,library,subject,author", "limit": "100"}
        for title in TITLES:
            yield f"api {title}", self.get("/api/v1/records", q=f'dc.title = "{title}"', **counted)
        yield "api sorted", self.get("/api/v1/records", sort="title", **counted)
        yield "api secrets", self.get("/api/v1/records", q="bimat*", sort="title", **counted)
        for code in CODES:
            yield f"api library {code}", self.get(f"/api/v1/libraries/{code}")
        yield "api libraries", self.get("/api/v1/libraries")
        changes = self.get("/api/v1/changes", limit="1000")
        yield "oai changes", changes
        yield "oai sources", self.get("/api/v1/sources")
        for each in json.loads(changes)["changes"]:
            for below in ("", "/holdings", "/sources"):
                one = f"/api/v1/records/{each['id']}{below}"
                yield f"oai {each['id']}{below}", self.get(one)
            for form in ("marcxml", "csv"):
                yield (
                    f"oai {each['id']} {form}",
                    self.get(f"/api/v1/records/{each['id']}", format=form),
                )
            yield f"oai cluster {each['id']}", self.get(f"/api/v1/clusters/{each['id']}")

    def sru(self, path: str, query: str) -> str:
        asked = {"version": "2.0", "maximumRecords": "50", "facetLimit": "50"}
        return self.get(path, operation="searchRetrieve", query=query, **asked)

    def scan(self, clause: str) -> str:
        return self.get("/sru", operation="scan", version="2.0", scanClause=clause)

    def live(self) -> list[tuple[str, list[str]]]:
        """Return what OAI-PMH gives: each record without what is history, and its sets."""
        answer = self.get("/oai", verb="ListRecords", metadataPrefix="marc21")
        found = []
        for each in etree.fromstring(answer.encode()).iter(f"{{{OAI}}}record"):
            body = each.find(f"{{{OAI}}}metadata/{XML}record")
            if body is not None:
                sets = sorted(spec.text or "" for spec in each.iter(f"{{{OAI}}}setSpec"))
                found.append((without_history(body), sets))
        return sorted(found)


def without_history(record: Any) -> str:
    for tag in ("001", "005"):
        for each in record.findall(f"{XML}controlfield[@tag='{tag}']"):
            record.remove(each)
    for each in record.findall(f"{XML}datafield[@tag='035']"):
        if each.find(f"{XML}subfield[@code='z']") is not None:
            record.remove(each)
    return etree.tostring(record).decode()


_HISTORY = re.compile(
    r"\d{4}-\d\d-\d\dT[\d:]+Z|(?<!\d)0000\d{5}(?!\d)|\d{14}\.0|lt_[\w-]+"
    r"|<[^<>]*resumptionToken.*?</[^<>]*>"
)


def answers(doors: Doors) -> Mapping[str, str]:
    """Return what is at the doors for searching, without ids and dates."""
    return {
        asked: _HISTORY.sub("?", said)
        for asked, said in doors.everything()
        if not asked.startswith(("oai", "set ", "raw", "improved"))
    }


@contextmanager
def hub(engine: Engine) -> Iterator[Database]:
    with engine.fresh() as url, closing(Database.open(url)) as database:
        yield database


names = st.tuples(st.sampled_from(CODES), st.sampled_from("12"))
levels = st.sampled_from(REACH)
changes = st.one_of(
    st.tuples(st.just("level"), st.sampled_from(CODES), levels),
    st.tuples(st.just("suspend"), st.sampled_from(CODES), st.none()),
    st.tuples(st.just("restore"), st.sampled_from(CODES), st.none()),
    st.tuples(st.just("hide"), names, st.none()),
    st.tuples(st.just("bare"), names, st.none()),
    st.tuples(st.just("fields"), st.sampled_from(CODES), st.sampled_from(["", "100 020"])),
)
worlds = st.builds(
    World,
    records=st.dictionaries(names, st.integers(0, 2), min_size=2),
    levels=st.fixed_dictionaries(dict.fromkeys(CODES, levels)),
)


def carry_out(database: Database, world: World, change: tuple[str, Any, Any]) -> None:
    kind, what, how = change
    if kind == "level":
        world.levels[what] = how
        libraries.change(database, what, sharing=how)
    elif kind == "fields":
        world.fields[what] = how
        libraries.change(database, what, fields=how)
    elif kind in ("suspend", "restore"):
        after = Membership.SUSPENDED if kind == "suspend" else Membership.MEMBER
        world.standing[what] = after
        set_standing(database, what, after, BY)
    elif what in world.records:
        (world.hidden if kind == "hide" else world.bare).add(what)
        kind_ = Kind.RECORD if kind == "hide" else Kind.FIELD
        name = f"{what[0].lower()}/{what[1]}"
        suppress(database, Target(kind=kind_, name=name, field="650"), BY)
        suppress(database, Target(kind=Kind.FIELD, name=name, field="852"), BY)
        suppress(database, Target(kind=Kind.FIELD, name=name, field="856"), BY)


def check(engine: Engine, world: World, done: list[tuple[str, Any, Any]], views: Any) -> None:
    with hub(engine) as database:
        fill(database, world, set(world.records))
        agree(database, world, set(world.records))
        settle(database)
        for change in done:
            carry_out(database, world, change)
            settle(database)
        for view in views:
            doors = Doors(database, view)
            may = world.words(view)
            for asked, said in doors.everything():
                at_most = world.words(Sharing.PUBLIC) if asked.startswith("raw") else may
                shown = {word for word in map(secret, world.records) if word in said}
                assert shown <= at_most, (view, asked)
                if asked.endswith("/sources") or asked.startswith("oai cluster"):
                    assert_no_name_of_what_is_not_seen(said, world, view)
                if asked.startswith(("set /record", "set work")):
                    seen = {code for code, _ in world.seen(view)}
                    assert {each for each in CODES if f"Thư viện {each}" in said} <= seen
                if asked == "oai marc21":
                    assert shown == may, view
            with hub(engine) as other:
                fill(other, world, world.seen(view))
                agree(other, world, world.seen(view))
                settle(other)
                never = Doors(other, view)
                assert doors.live() == never.live(), view
                told, wanted = answers(doors), answers(never)
                # Sets that a view saw once stay: those who harvest them have to hear of deletions.
                for asked in wanted.keys() - ({"sets"} if done else set()):
                    assert told[asked] == wanted[asked], (view, asked)


def assert_no_name_of_what_is_not_seen(said: str, world: World, view: Sharing) -> None:
    """Where records are from is told by names, which hold no secret word."""
    seen = {f"{code.lower()}/{name}" for code, name in world.seen(view)}
    named = {f"{code.lower()}/{name}" for code, name in world.records}

    assert {each for each in named if f'"{each}"' in said} <= seen, (view, said)


@settings(max_examples=3, phases=[Phase.generate])
@given(worlds, st.lists(changes, max_size=4), st.sampled_from(REACH))
def test_nothing_that_is_not_shared_is_at_any_door(sqlite_engine, world, done, view) -> None:
    check(sqlite_engine, world, done, [view])


@pytest.mark.soak
@pytest.mark.timeout(1800)
@settings(max_examples=60)
@given(worlds, st.lists(changes, max_size=8))
def test_nothing_that_is_not_shared_is_at_any_door_of_any_view(
    postgresql_engine, world, done
) -> None:
    check(postgresql_engine, world, done, REACH)

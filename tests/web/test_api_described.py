"""The REST interface is what its description in OpenAPI says, whatever it is asked.

Requests are made up by schemathesis out of the description itself, half of them about things that
are there, and each answer is held to it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance

from catalogue import libraries, users
from catalogue.accounts import keys
from catalogue.consumers import store
from catalogue.consumers.model import Consumer
from catalogue.database import Database
from catalogue.model import HubIdentity, Sharing
from catalogue.search import waiting
from catalogue.users import Role
from provider.api.endpoints import ENDPOINTS, matching
from provider.api.schemas import SCHEMAS
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.passwords import hashed_at_once
from support.shelved import real_records
from support.staff import PASSWORD
from web.app import create_app

NAMES = [each.name for each in ENDPOINTS]
QUERIES = ("kiều", 'dc.title = "the"', "dc.date > 1990", "cql.allRecords = 1", "a* or dc.type=map")


class Described:
    """A hub of real records, its description as read, and what there is to ask for."""

    def __init__(self, database: Database) -> None:
        self.key = store.add(database, Consumer(name="staff", view=Sharing.HUB))
        with contextmanager(hashed_at_once)():
            users.add(database, "lan", PASSWORD, Role.CATALOGUER)
            users.add(database, "hust", PASSWORD, Role.MEMBER, library="HUST")
        _, self.person = keys.make(database, "lan", "", 9)
        _, self.member = keys.make(database, "hust", "", 9)
        settle(database)
        waiting.settle(database)
        self.app = create_app(database, HubIdentity(), b"k" * 32)
        self.app.wsgi_app = Plainly(self.app)  # type: ignore[method-assign]
        self.get = self.app.test_client().get
        self.document = self.get("/api/v1/openapi.json").get_json()
        self.schema = schemathesis.openapi.from_dict(self.document)
        self.schema.app = self.app
        listed = self.get("/api/v1/changes?limit=1000").get_json()["changes"]
        self.known = {
            "id": [each["id"] for each in listed],
            "code": ["NLV", "HUST", "VN/A"],
            "name": ["nlv", "hust"],
            "number": ["1", "2"],
        }
        self.sets = [each["set"] for each in self.get("/api/v1/sets").get_json()["sets"]]
        schemathesis.openapi.format("cql", st.sampled_from(QUERIES))
        schemathesis.openapi.format("moment", st.dates().map(str) | st.just("2026-11-28T00:00:00Z"))
        schemathesis.openapi.format("set", st.sampled_from(self.sets))
        # One is good for one list alone: walking through them is tried elsewhere.
        schemathesis.openapi.format("cursor", st.just("x"))

    def operation(self, name: str) -> Any:
        return self.schema.find_operation_by_id(name)


class Plainly:
    """Asks without compression, which the tester of descriptions does not read."""

    def __init__(self, app: Flask) -> None:
        self._inner = app.wsgi_app

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        return self._inner(environ, start)


@pytest.fixture(scope="module")
def described(sqlite_engine: Engine, shared: Path) -> Iterator[Described]:
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        add_library(database, "NLV", "Thư viện Quốc gia Việt Nam")
        add_library(database, "HUST", "Thư viện Tạ Quang Bửu")
        libraries.change(database, "HUST", sharing=Sharing.MEMBERS, licence="CC0-1.0")
        real = {str(number): each for number, each in enumerate(real_records(shared, 6))}
        one = book("Một cuốn khác hẳn", author="Người Nào Đó")
        deliver(database, "NLV", {**real, "gone": book("Sẽ bị rút"), "one": one})
        deliver(database, "HUST", {"1": real["1"], "2": one, "3": book("Chỉ của thành viên")})
        settle(database)
        deliver(database, "NLV", {"gone": None})
        yield Described(database)
        database.close()


def try_out(described: Described, name: str, mode: GenerationMode, many: int) -> None:
    operation = described.operation(name)
    wanted = operation.as_strategy(generation_mode=mode)

    @settings(max_examples=many, suppress_health_check=[*HealthCheck], database=None)
    @given(wanted, st.randoms(use_true_random=False), st.booleans())
    def ask(case: Any, chance: Any, keyed: bool) -> None:
        if mode is GenerationMode.POSITIVE:
            case.query.pop("after", None)
            for each in case.path_parameters if chance.random() < 0.7 else ():
                case.path_parameters[each] = chance.choice(described.known[each])
        key = described.person if "corrections" in operation.path else described.key
        key = described.member if operation.path.startswith("/own") else key
        answer = case.call(headers={"Authorization": f"Bearer {key}"} if keyed else {})
        # What may be asked may still be gone, or not to be had in this format; and of corrections
        # no description tells which fields a record has.
        is_fine = answer.status_code in (406, 410) or operation.method == "post"
        fine = [positive_data_acceptance] if is_fine else []
        case.validate_response(answer, excluded_checks=[*fine, *([ignored_auth] if keyed else [])])

    ask()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("many", [3, pytest.param(300, marks=pytest.mark.soak)])
def test_what_may_be_asked_is_answered_as_described(described, name, many):
    try_out(described, name, GenerationMode.POSITIVE, many)


@pytest.mark.parametrize(
    ("name", "many"),
    [
        ("searchRecords", 1),
        ("makeCorrection", 3),
        *(
            pytest.param(name, 500, marks=pytest.mark.soak)
            for name in ("searchRecords", "getRecord", "listChanges", "makeCorrection")
        ),
    ],
)
def test_what_may_not_be_asked_is_refused_as_described(described, name, many):
    try_out(described, name, GenerationMode.NEGATIVE, many)


def test_all_pages_of_all_lists_are_as_described(described):
    for name in ("searchRecords", "listChanges", "listLibraries", "listSources", "listSets"):
        operation = described.operation(name)
        query: Any = {"limit": "1" if name in ("listLibraries", "listSources") else "5"}
        pages = 0
        while query:
            case = operation.Case(query=query)
            answer = case.call(headers={"Authorization": f"Bearer {described.key}"})
            case.validate_response(answer, excluded_checks=[ignored_auth])
            query = parse_qs(urlsplit(answer.json()["next"] or "").query)
            pages += 1

        assert pages > 1, name


def test_what_is_described_is_there_and_nothing_else(described):
    told = described.document["paths"]

    assert [*told] == [*dict.fromkeys(each.path for each in ENDPOINTS)]
    for path in told:
        found = matching(path.replace("{", "").replace("}", ""))
        assert {each.path for each in found[0]} == {path}
        assert [*told[path]] == [each.method.lower() for each in found[0]]


def test_every_schema_is_used_and_every_name_is_one_of_a_schema(described):
    text = json.dumps(described.document)
    named = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}

    assert named == {*SCHEMAS}
    described.schema.validate()

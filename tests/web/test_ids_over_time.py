"""What the world sees of public ids: pages and OAI-PMH, before and after a merge is taken back."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from catalogue import records
from catalogue.clock import told
from catalogue.database import Database
from catalogue.judging import decide
from catalogue.model import HubIdentity
from catalogue.verdicts import Said, Verdict, undo
from support.filled import add_library, book, deliver
from support.pages import place_all
from support.staff import with_known_templates
from web.app import create_app

SAID = Said(author="Lan", reason="hai lần in")
NOON = 2**31


class Union:
    """A hub as the world sees it, at moments that it is told."""

    def __init__(self, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
        self.database = database
        self.now = NOON
        monkeypatch.setattr("catalogue.clock.wall_clock", lambda: self.now)
        app = create_app(database, HubIdentity(), b"k" * 32)
        self.client: FlaskClient = with_known_templates(app).test_client()
        add_library(database, "NLV", "Thư viện Quốc gia Việt Nam")
        self.bring(a="Số đỏ")
        self.bring(b="Giông tố")

    def bring(self, **titles: str | None) -> None:
        deliver(
            self.database,
            "NLV",
            {
                name: title and book(title, author="Vũ Trọng Phụng")
                for name, title in titles.items()
            },
        )
        self.settle()

    def settle(self) -> None:
        place_all(self.database)
        self.now += 3600

    def join(self) -> int:
        number = decide(self.database, ("nlv", "a"), ("nlv", "b"), Verdict.SAME, SAID)
        self.settle()
        return number

    def take_back(self, number: int) -> None:
        undo(self.database, number, SAID)
        self.settle()

    def ids(self) -> list[str]:
        return [records.get(self.database, "nlv", name).cluster for name in "ab"]

    def page(self, public_id: str) -> str:
        """Return where a page leads to, or else its status."""
        answer = self.client.get(f"/record/{public_id}")
        return answer.location or answer.status

    def listed(self, since: int) -> dict[str, str]:
        """Return what ListIdentifiers gives from a moment on: id -> live or deleted."""
        query = f"verb=ListIdentifiers&metadataPrefix=oai_dc&from={told(since)}"
        body = self.client.get(f"/oai?{query}").get_data(as_text=True)
        found = re.findall(r"<header( status=\"deleted\")?><identifier>[^<]*:(\w+)<", body)
        return {public_id: "deleted" if gone else "live" for gone, public_id in found}


@pytest.fixture
def union(database: Database, monkeypatch: pytest.MonkeyPatch) -> Union:
    return Union(database, monkeypatch)


def test_an_id_that_comes_back_leads_nowhere_else_and_is_live_in_the_list(union: Union) -> None:
    a, b = union.ids()
    merging = union.now
    number = union.join()
    merged = union.page(b), union.listed(merging)
    parting = union.now
    union.take_back(number)

    assert merged == (f"/record/{a}", {a: "live", b: "deleted"})
    assert union.listed(parting) == {a: "live", b: "live"}
    assert [union.page(a), union.page(b)] == ["200 OK", "200 OK"]


def test_where_the_cluster_an_id_leads_to_ends_both_are_gone(union: Union) -> None:
    a, b = union.ids()
    union.join()
    ending = union.now
    union.bring(a=None, b=None)

    assert [union.page(a), union.page(b)] == ["410 GONE", "410 GONE"]
    assert union.listed(ending) == {a: "deleted"}

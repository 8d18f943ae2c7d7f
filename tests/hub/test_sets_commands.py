"""Sets by a query, by command."""

import pytest
from lxml import etree

from catalogue.database import Database
from catalogue.model import HubIdentity
from catalogue.published import snapshot
from protocols.oai import OAI
from provider.model import Request
from provider.oai.repository import Repository
from provider.oai.respond import respond
from support.filled import add_library, book, deliver, settle
from support.oai_schema import oai_schema


@pytest.fixture
def filled(lienthong, tmp_path):
    lienthong("libraries", "list")
    database = Database.open(f"sqlite:///{tmp_path}/instance/lienthong.db")
    add_library(database, "A", "Thư viện A")
    records = {"1": book("Sách Hán Nôm"), "2": book("Chữ Nôm"), "3": book("Số đỏ")}
    deliver(database, "A", records)
    settle(database)
    yield database
    database.close()


def answer(database, query):
    repository = Repository(
        identity=HubIdentity(), snapshot=lambda: snapshot(database), token_key=b"k" * 32
    )
    return etree.fromstring(respond(repository, Request.parse(query.encode())).body)


def identifiers(database, spec):
    settle(database)
    query = f"verb=ListIdentifiers&metadataPrefix=oai_dc&set={spec}"
    return {
        header.findtext(f"{{{OAI}}}identifier"): header.get("status")
        for header in answer(database, query).iter(f"{{{OAI}}}header")
    }


def test_a_set_is_defined_listed_changed_and_removed(lienthong, filled, shared):
    said = lienthong("sets", "add", "nom", "--title", "Chữ Nôm", "--words", "nôm", "--lang", "vi")
    assert said.code == 2

    said = lienthong("--lang", "vi", "sets", "add", "nom", "--title", "Chữ Nôm", "--words", "nom")
    assert "Tập hợp query:nom có 2 biểu ghi." in said.out + said.err
    assert list(identifiers(filled, "query:nom").values()) == [None, None]

    lienthong("sets", "change", "nom", "--description", "Phòng Hán Nôm <chọn>")
    sets = answer(filled, "verb=ListSets")
    oai_schema(shared).assertValid(sets)
    [found] = [each for each in sets.iter(f"{{{OAI}}}set") if each[0].text == "query:nom"]
    assert (found[1].text, found[2][0][0].text) == ("Chữ Nôm", "Phòng Hán Nôm <chọn>")

    lienthong("sets", "change", "nom", "--cql", 'dc.title="han nom" and dc.type=book')
    assert sorted(map(str, identifiers(filled, "query:nom").values())) == ["None", "deleted"]
    [told] = lienthong("sets", "list", "--json").json
    assert (told["spec"], told["language"], told["records"]) == ("query:nom", "cql", 1)
    assert told["complete"] is True

    [same] = lienthong("sets", "change", "nom", "--title", "Nôm", "--json").json
    assert (same["title"], same["query"], same["records"]) == ("Nôm", told["query"], 1)

    [gone] = lienthong("sets", "remove", "nom", "--json").json
    assert (gone["name"], gone["records"]) == ("nom", 0)
    assert set(identifiers(filled, "query:nom").values()) == {"deleted"}
    assert lienthong("sets", "list", "--json").json == []


def test_what_is_wrong_is_said(lienthong, filled):
    for arguments, told in (
        (("add", "nom"), "--words WORDS, --cql QUERY or --pqf QUERY"),
        (("add", "nom", "--words", "a", "--cql", "b"), "Say in one way"),
        (("add", "Nôm", "--words", "nom"), "cannot be the name of a set"),
        (("add", "nom", "--cql", "dc.title="), "The query ends"),
        (("change", "nom", "--title", "Nôm"), "There is no set nom"),
        (("remove", "nom"), "lienthong sets list"),
    ):
        said = lienthong("sets", *arguments)
        assert (said.code, told in said.err) == (2, True), said

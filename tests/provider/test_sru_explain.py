"""explain: what the server says it can do is what it does."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from catalogue.model import HubIdentity
from protocols.sru.names import ZEEREX, Version
from support.sru import asking, service

NS = {"z": ZEEREX}


@pytest.fixture
def ask(small):
    return asking(service(small))


def explained(answer):
    data = answer.root.find("{*}record/{*}recordData")
    return data[0] if len(data) else etree.fromstring(data.text)


def test_nothing_asked_for_is_explained_in_a_version_that_clients_know(ask):
    answer = ask()

    assert etree.QName(answer.root).localname == "explainResponse"
    assert answer.texts("s:version") == ["1.2"]
    assert answer.texts("s:record/s:recordSchema") == [ZEEREX]


@pytest.mark.parametrize("version", list(Version))
@pytest.mark.parametrize("packing", ["xml", "string"])
def test_explain_is_an_operation_of_every_version(ask, version, packing):
    asked = {"version": version, "operation": "explain", "recordPacking": packing}
    server = explained(ask(**asked)).find("z:serverInfo", NS)

    assert dict(server.attrib) == {
        "protocol": "SRU",
        "version": version,
        "transport": "http",
        "method": "GET POST",
    }
    assert [each.text for each in server] == ["127.0.0.1", "8080", "sru"]


def test_the_address_is_the_configured_one(small):
    server = service(small)
    away = replace(server, identity=HubIdentity(base_url="https://mucluc.example.vn/lt/"))

    info = explained(asking(away, "hcm")()).find("z:serverInfo", NS)

    assert info.get("transport") == "https"
    assert [each.text for each in info] == ["mucluc.example.vn", "443", "lt/sru/HCM"]


def test_a_library_s_database_has_the_library_s_name(small):
    titles = explained(asking(service(small), "NLV")()).findall("z:databaseInfo/z:title", NS)

    assert [each.text for each in titles] == ["Thư viện Quốc gia Việt Nam"] * 2
    assert [each.get("lang") for each in titles] == ["vi", "en"]


def test_no_database_is_explained_that_is_not_there(small):
    answer = asking(service(small), "elsewhere")()

    assert answer.diagnostics == [(235, "elsewhere")]
    assert answer.root.find("{*}record") is None


def test_every_index_named_can_be_searched(ask):
    names = explained(ask()).findall("z:indexInfo/z:index/z:map/z:name", NS)
    queries = [f"{each.get('set')}.{each.text} = 2000" for each in names]

    assert len(queries) > 60
    assert [q for q in queries if ask(query=q, maximumRecords=0).diagnostics] == []


def test_an_index_said_to_be_listed_or_sorted_by_is(ask):
    for index in explained(ask()).findall("z:indexInfo/z:index", NS):
        name = index.find("z:map/z:name", NS)
        called = f"{name.get('set')}.{name.text}"
        can_list = ask(scanClause=f"{called} = a").diagnostics == []
        can_sort = ask(query=f"a sortby {called}").diagnostics == []

        assert index.get("sort") == str(can_sort).lower(), called
        assert can_list or index.get("scan") == "false", called


def test_every_index_has_a_title_in_both_languages(ask):
    for index in explained(ask()).findall("z:indexInfo/z:index", NS):
        languages = [each.get("lang") for each in index.findall("z:title", NS)]

        assert languages == ["vi", "en"], etree.tostring(index)


def test_every_context_set_is_named_by_its_uri(ask):
    info = explained(ask()).find("z:indexInfo", NS)
    sets = {each.get("name"): each.get("identifier") for each in info.findall("z:set", NS)}
    query = "".join(f'> {name}2 = "{uri}" ' for name, uri in sets.items())

    assert {each.get("set") for each in info.findall(".//z:name", NS)} == set(sets)
    assert ask(query=f"{query} dc2.title = kieu").total == 1


def test_every_schema_named_can_be_had_by_name_and_by_uri(ask):
    for each in explained(ask()).findall("z:schemaInfo/z:schema", NS):
        for name in (each.get("name"), each.get("identifier")):
            answer = ask(query="kieu", recordSchema=name)

            assert answer.texts("s:records/s:record/s:recordSchema") == [each.get("identifier")]


def test_every_relation_and_modifier_named_is_understood(ask):
    config = explained(ask()).find("z:configInfo", NS)
    supports = [(each.get("type"), each.text or "") for each in config.findall("z:supports", NS)]
    relations = [value for kind, value in supports if kind == "relation"]
    modifiers = [value for kind, value in supports if kind == "relationModifier"]
    queries = [
        *(f'dc.date {each} "1990 1999"' for each in relations if each == "within"),
        *(f"dc.date {each} 1990" for each in relations if each != "within"),
        *(f"dc.title =/{each} x" for each in modifiers),
    ]

    assert len(queries) > 15
    assert [q for q in queries if ask(query=q).diagnostics] == []


def test_the_limits_named_hold(small):
    config = explained(asking(service(small, most_records=3))()).find("z:configInfo", NS)
    said = {each.get("type"): each.text for each in config if each.tag.endswith(("ult", "ting"))}

    assert said["maximumRecords"] == "3"
    assert said["numberOfRecords"] == "3"
    assert said["retrieveSchema"] == "marcxml"


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("1.1", "1.1"), ("1.2", "1.2"), ("2.0", "2.0"), ("1.15", "1.2"), ("1.9", "1.2"),
        ("3", "2.0"), ("99", "2.0"), (" 1.1 ", "1.1"),
    ],
)  # fmt: skip
def test_the_highest_version_not_above_the_one_asked_for_is_spoken(ask, asked, answered):
    answer = ask(version=asked, operation="explain")

    assert (answer.texts("s:version"), answer.diagnostics) == ([answered], [])


@pytest.mark.parametrize("asked", ["1.0", "1", "0.9", "x", "1.1.1", "-2", "٢.٠"])
def test_a_version_that_is_not_spoken_is_told_with_the_highest(ask, asked):
    answer = ask(version=asked, operation="explain")

    assert answer.diagnostics == [(5, "2.0")]
    assert explained(answer) is not None


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
def test_an_operation_that_is_not_there_is_told_with_what_is(ask, version):
    answer = ask(version=version, operation="update")

    assert answer.diagnostics == [(4, "update")]
    assert explained(answer) is not None

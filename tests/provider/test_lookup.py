from __future__ import annotations

import pytest

from catalogue.search import ScanRequest
from protocols import cql, pqf
from protocols.errors import ResultSetUnknown, ResultSetUnsupported
from provider.errors import NoSuchDatabase
from provider.lookup import Base, Lookup
from support.filled import add_library, book, deliver, settle

WHOLE = Base(name="union")


@pytest.fixture
def hub(database):
    add_library(database, "NLV", "Thư viện Quốc gia")
    add_library(database, "HCM", "Thư viện Thành phố")
    common = book("Số đỏ", author="Vũ Trọng Phụng", isbn="9786042093026", subject="Truyện")
    deliver(database, "NLV", {"a": common, "b": book("Truyện Kiều", author="Nguyễn Du")})
    deliver(database, "HCM", {"c": common, "d": book("Đất rừng phương Nam", author="Đoàn Giỏi")})
    settle(database)
    return database


@pytest.fixture
def lookup(hub):
    return Lookup(hub, title="Mục lục liên hợp")


def titles(lookup, text, *names):
    bases = [lookup.base(name) for name in names or ("union",)]
    found = lookup.find(lookup.wanted(cql.read(text), bases), 10)
    masters = lookup.records(found.ids)
    return [masters[each].record.values("245", "a")[0] for each in found.ids]


def test_there_is_the_union_and_a_database_of_each_library(lookup):
    assert [(each.name, each.title) for each in lookup.bases()] == [
        ("union", "Mục lục liên hợp"),
        ("HCM", "Thư viện Thành phố"),
        ("NLV", "Thư viện Quốc gia"),
    ]


def test_a_database_is_found_in_any_case_of_letters(lookup):
    assert {lookup.base(name).name for name in ("nlv", "NLV", "Nlv")} == {"NLV"}
    assert lookup.base("UNION").name == "union"


def test_what_is_no_database_is_told(lookup):
    with pytest.raises(NoSuchDatabase):
        lookup.base("elsewhere")


def test_a_library_s_database_has_what_the_library_has(lookup):
    everything = "cql.allRecords = 1"

    assert len(titles(lookup, everything)) == 3
    assert sorted(titles(lookup, everything, "NLV")) == ["Số đỏ", "Truyện Kiều"]
    assert len(titles(lookup, everything, "NLV", "HCM")) == 3
    assert len(titles(lookup, everything, "NLV", "union")) == 3


def test_hits_come_in_the_order_asked_for(lookup):
    assert titles(lookup, "cql.allRecords = 1 sortby dc.title") == [
        "Đất rừng phương Nam",
        "Số đỏ",
        "Truyện Kiều",
    ]


def test_a_query_can_have_an_earlier_result_in_it(lookup):
    bases = [lookup.base("HCM")]
    earlier = lookup.wanted(cql.read("cql.allRecords = 1"), bases).expression
    query = pqf.read("@and @set one @attr 1=1003 phụng")

    assert lookup.find(lookup.wanted(query, bases, {"one": earlier}), 10).total == 1
    with pytest.raises(ResultSetUnknown):
        lookup.wanted(query, bases, {})
    with pytest.raises(ResultSetUnsupported):
        lookup.wanted(query, bases)


def test_records_come_with_what_libraries_have_of_them(lookup):
    found = lookup.find(lookup.wanted(cql.read("dc.title = đỏ"), [WHOLE]), 1)
    (master,) = lookup.records(found.ids).values()

    assert [each.library for each in master.holdings] == ["HCM", "NLV"]


def test_a_record_that_is_gone_is_left_out(hub, lookup):
    ids = lookup.find(lookup.wanted(cql.read("dc.creator = giỏi"), [WHOLE]), 1).ids
    deliver(hub, "HCM", {"d": None})
    settle(hub)

    assert lookup.records(ids) == {}


def scanned(lookup, name, term, **more):
    request = ScanRequest(columns=("person",), term=term, **more)
    found = lookup.scan(request, [lookup.base(name)])
    return [(each.text, each.clusters) for each in found.terms], found.at


def test_an_index_is_listed(lookup):
    assert scanned(lookup, "union", "nguyen", before=1) == (
        [("Đoàn Giỏi", 1), ("Nguyễn Du", 1), ("Vũ Trọng Phụng", 1)],
        1,
    )


def test_a_library_s_index_has_its_own_terms_only(lookup):
    assert scanned(lookup, "HCM", "nguyen", before=5) == (
        [("Đoàn Giỏi", 1), ("Vũ Trọng Phụng", 1)],
        1,
    )
    assert scanned(lookup, "NLV", "a", count=1) == ([("Nguyễn Du", 1)], 0)


def test_a_list_of_numbers_is_narrowed_too(lookup):
    request = ScanRequest(columns=("isbn",), term="")

    assert [each.clusters for each in lookup.scan(request, [lookup.base("NLV")]).terms] == [1]

"""Lists of headings with what leads to them, at the doors for machines."""

from __future__ import annotations

import re
import shutil

import pytest

from catalogue.database import Database
from catalogue.search import ScanRequest, engine
from provider.lookup import Lookup
from support.authorities import take_table
from support.filled import add_library, book, deliver, settle
from support.sru import asking, service
from support.z3950_server import served, yaz_client

LIST = """heading\tkind\tsee\tsee also\tid
Nguyễn Du, 1765-1820\tperson\tTố Như; Thanh Hiên; Du, Nguyễn\tTô Hoài\tp1
Tô Hoài\tperson\tNguyễn Sen\t\tp3
Thế Lữ\tperson\tNguyễn Thứ Lễ\t\tp4
Tiểu thuyết\ttopic\tTruyện dài\tThơ\tt1
Nguyễn Thi\tperson\tNguyễn Hoàng Ca\t\tp5
"""
BOOKS = {
    "a": book("Truyện Kiều", author="Nguyễn Du", subject="Thơ"),
    "b": book("Dế Mèn", author="Tô Hoài", subject="Tiểu thuyết"),
    "c": book("Thanh Hiên thi tập", author="Thanh Hiên"),
    "d": book("Truyện", author="Nguyễn Thi 1928-1968", subject="Tiểu thuyết"),
}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def union(request):
    with request.getfixturevalue(f"{request.param}_engine").fresh() as url:
        database = Database.open(url)
        add_library(database, "NLV", "Thư viện Quốc gia")
        add_library(database, "HCM", "Thư viện Thành phố")
        deliver(database, "NLV", BOOKS)
        deliver(database, "HCM", {"x": book("Mắt biếc", author="Nguyễn Nhật Ánh")})
        settle(database)
        take_table(database, LIST)
        yield database
        database.close()


def scanned(database, term, column="person", **more):
    request = ScanRequest(columns=(column,), term=term, see=True, **more)
    return [tuple(each) for each in engine(database).scan(request).terms]


def test_names_that_lead_to_headings_with_records_stand_among_these(union):
    assert scanned(union, "a") == [
        ("Du, Nguyễn", 0, ("Nguyễn Du, 1765-1820",), ()),
        ("Nguyễn Du", 1, (), ("Tô Hoài",)),
        ("Nguyễn Hoàng Ca", 0, ("Nguyễn Thi",), ()),
        ("Nguyễn Nhật Ánh", 1, (), ()),
        ("Nguyễn Sen", 0, ("Tô Hoài",), ()),
        ("Nguyễn Thi 1928-1968", 1, (), ()),
        ("Thanh Hiên", 1, ("Nguyễn Du, 1765-1820",), ()),
        ("Tô Hoài", 1, (), ()),
        ("Tố Như", 0, ("Nguyễn Du, 1765-1820",), ()),
    ]
    assert scanned(union, "ti", "subject") == [
        ("Tiểu thuyết", 2, (), ("Thơ",)),
        ("Truyện dài", 0, ("Tiểu thuyết",), ()),
    ]


@pytest.mark.parametrize("term", ["a", "nguyen", "Nguyễn Nhật", "thanh hien", "tz"])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_part_of_the_list_is_the_same_from_either_side(union, term, size):
    whole = [each[0] for each in scanned(union, "", count=50)]
    request = ScanRequest(columns=("person",), term=term, before=size, count=size, see=True)
    found = engine(union).scan(request)
    terms = [each.text for each in found.terms]
    at = whole.index(terms[0])

    assert whole[at : at + len(terms)] == terms
    assert len(terms) == min(size, len(whole) - at - found.at) + found.at
    assert found.at == min(size, at + found.at)


def test_without_references_the_list_is_as_it_was(union):
    request = ScanRequest(columns=("person",), term="")
    found = [each.text for each in engine(union).scan(request).terms]

    assert found == [text for text, clusters, *_ in scanned(union, "") if clusters]


def test_a_library_shows_only_what_leads_to_what_it_has(union):
    lookup = Lookup(union)
    bases = [lookup.base("HCM")]
    found = lookup.scan(ScanRequest(columns=("person",), term=""), bases)
    all_of_it = lookup.scan(ScanRequest(columns=("person",), term=""), [lookup.base("NLV")])

    assert [each.text for each in found.terms] == ["Nguyễn Nhật Ánh"]
    assert ("Nguyễn Sen", 0, ("Tô Hoài",), ()) in all_of_it.terms


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
def test_sru_tells_references_in_extra_term_data(union, version):
    ask = asking(service(union))
    answer = ask(version=version, operation="scan", scanClause="dc.creator = to", maximumTerms=2)
    data = {
        each.tag.rpartition("}")[2]: each.text
        for each in answer.root.iter("{info:lienthong/references}*")
    }

    assert answer.texts("s:terms/s:term/s:value") == ["Tô Hoài", "Tố Như"]
    assert answer.texts("s:terms/s:term/s:displayTerm") == ["Tố Như → Nguyễn Du, 1765-1820"]
    assert data == {"see": "Nguyễn Du, 1765-1820"}


@pytest.mark.skipif(not shutil.which("yaz-client"), reason="on Debian, apt install yaz")
@pytest.mark.parametrize("version", ["-v 2", ""])
def test_yaz_client_shows_references_and_what_they_find(union, version):
    with served(union) as (port, _):
        told = yaz_client(
            port,
            'scan @attr 1=1003 "tô"',
            'find @attr 1=1003 "Tố Như"',
            'find @attr 1=1003 "Nguyễn Sen"',
            options=tuple(version.split()),
        )

    assert re.findall(r"^[* ] (\w.*) \((\d)\)$", told, re.MULTILINE) == [
        ("Tô Hoài", "1"),
        ("Tố Như → Nguyễn Du, 1765-1820", "0"),
    ]
    assert re.findall(r"hits: (\d+)", told) == ["2", "1"]

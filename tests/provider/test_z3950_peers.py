"""Clients that others wrote, as libraries have them: whether they find, fetch, list and sort."""

from __future__ import annotations

import re
import shutil
import unicodedata
from pathlib import Path

import pytest

from catalogue.database import Database
from support.filled import add_library, book, deliver, settle
from support.z3950_server import run, served, yaz_client, zoomsh

SUPPORT = Path(__file__).parents[1] / "support"
TITLES = ("Số đỏ", "Truyện Kiều", "Đất rừng phương Nam")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def port(request):
    """Give the port of a server of a small catalogue, on each engine."""
    engine = request.getfixturevalue(f"{request.param}_engine")
    with engine.fresh() as url:
        database = Database.open(url)
        add_library(database, "NLV", "Thư viện Quốc gia")
        add_library(database, "HCM", "Thư viện Thành phố")
        common = book(
            TITLES[0],
            author="Vũ Trọng Phụng",
            isbn="9786042093026",
            subject="Tiểu thuyết",
            year="1936",
            call_number="895.922",
        )
        deliver(database, "NLV", {"a": common, "b": book(TITLES[1], author="Nguyễn Du")})
        deliver(database, "HCM", {"c": common, "d": book(TITLES[2], author="Đoàn Giỏi")})
        settle(database)
        with served(database) as (port, _):
            yield port
        database.close()


def needs(program):
    found = shutil.which(program)
    return pytest.mark.skipif(not found, reason=f"{program} is missing: on Debian, apt install yaz")


def hits(told):
    return [int(number) for number in re.findall(r"Number of hits: (\d+)", told)]


@needs("yaz-client")
def test_yaz_client_finds_in_vietnamese_with_and_without_marks(port):
    told = yaz_client(
        port,
        'find @attr 1=4 "đất rừng"',
        'find @attr 1=4 "dat rung"',
        'find @attr 1=1003 "Nguyễn Du"',
        "find @attr 1=7 978-604-209-302-6",
        "find @attr 1=31 1936",
        "find @attr 1=4 @attr 5=1 truy",
        "find @or @attr 1=4 kiều @attr 1=4 đỏ",
        'find "không có gì"',
    )

    assert hits(told) == [1, 1, 1, 1, 1, 1, 2, 0]


@needs("yaz-client")
def test_yaz_client_shows_records_in_each_form(port):
    told = yaz_client(
        port,
        "find @attr 1=4 đỏ",
        *(line for form in ("usmarc", "unimarc", "xml", "sutrs", "opac") for line in _show(form)),
        "elements dc",
        *_show("xml"),
        "elements mods",
        *_show("xml"),
    )

    kinds = re.findall(r"Record type: (\w+)", told)
    assert kinds == ["USmarc", "Unimarc", "XML", "SUTRS", "OPAC", "USmarc", "XML", "XML"]
    assert "245 10 $a Số đỏ" in told
    assert "200 1  $a Số đỏ" in told
    assert "<dc:title>Số đỏ</dc:title>" in told
    assert '<mods xmlns="http://www.loc.gov/mods/v3"' in told
    assert told.count("callNumber: 895.922") == 2
    assert "Diagnostic" not in told


def _show(form):
    return (f"format {form}", "show 1")


@needs("yaz-client")
def test_yaz_client_reads_marc8_as_it_does_that_of_others(port):
    told = yaz_client(
        port, "base union_MARC8", "marccharset marc8", "find @attr 1=4 kiều", "show 1"
    )

    assert "245 10 $a Truyện Kiều" in unicodedata.normalize("NFC", told)


@needs("yaz-client")
@pytest.mark.parametrize("version", ["-v 2", ""])
def test_yaz_client_lists_sorts_and_deletes(port, version):
    told = yaz_client(
        port,
        'scan @attr 1=1003 "nguyễn"',
        "find @attr 1=_ALLRECORDS @attr 2=103 ''",
        "sort 1=4 i<",
        "show 1+3",
        "delete 1",
        options=tuple(version.split()),
    )

    assert re.findall(r"^[* ] (\w.*) \((\d)\)$", told, re.MULTILINE) == [
        ("Nguyễn Du", "1"),
        ("Vũ Trọng Phụng", "1"),
    ]
    assert re.findall(r"245 10 \$a (.*)", told) == [TITLES[2], TITLES[0], TITLES[1]]


@needs("yaz-client")
def test_yaz_client_agrees_on_a_character_set(port):
    negotiated = run(
        "yaz-client",
        told=f"charset utf-8 utf-8\nnegcharset utf-8\nopen 127.0.0.1:{port}/union\n"
        "find @attr 1=4 kiều\nquit\n",
    )

    assert "Accepted character set : UTF-8" in negotiated
    assert hits(negotiated) == [1]


@needs("yaz-client")
def test_yaz_client_s_cql_is_understood(port):
    told = yaz_client(
        port,
        "querytype cql",
        'find dc.title = "số đỏ" and dc.creator = phụng',
        "find dc.title any kiều,đỏ",
        'find dc.title = "chưa xong',
    )

    assert hits(told) == [1, 0, 0]
    assert re.findall(r"\[(\d+)\]", told) == ["108"]


@needs("yaz-client")
def test_yaz_client_is_told_what_cannot_be_done(port):
    told = yaz_client(
        port,
        "find @attr 1=9999 x",
        "base nowhere",
        "find x",
        "base union",
        "find kiều",
        "format grs-1",
        "show 1",
        "format usmarc",
        "show 9",
    )

    assert re.findall(r"\[(\d+)\]", told) == ["114", "109", "239", "13"]


@needs("yaz-client")
def test_there_is_no_explain_and_clients_are_told_so(port):
    asked = ("find @attrset exp-1 @attr 1=1 TargetInfo", 'scan @attrset exp-1 @attr 1=1 ""')
    told = yaz_client(port, "base IR-Explain-1", *asked, "base union", "find @attr 1=4 kiều")

    assert (
        re.findall(r"\[(\d+)\] (.*) -- v\d addinfo '(.*)'", told)
        == [("109", "Database unavailable", "IR-Explain-1")] * 2
    )
    assert hits(told) == [0, 1]
    assert "(Bib-1:109)" in run(
        "zoomsh", f"connect 127.0.0.1:{port}/IR-Explain-1", f"search {asked[0][5:]}", "quit"
    )


@needs("zoomsh")
@pytest.mark.parametrize("count", [0, 1, 10])
def test_zoomsh_fetches_what_it_finds(port, count):
    told = zoomsh(
        port,
        f"set count {count}",
        "set preferredRecordSyntax usmarc",
        "search @attr 1=_ALLRECORDS @attr 2=103 ''",
        "show 0 3",
    )

    assert set(re.findall(r"245 10 \$a (.*)", told)) == set(TITLES)


@needs("zoomsh")
def test_zoomsh_goes_on_where_messages_are_short(port):
    told = zoomsh(
        port,
        "set preferredMessageSize 700",
        "set maximumRecordSize 700",
        "set preferredRecordSyntax usmarc",
        "search @attr 1=_ALLRECORDS @attr 2=103 ''",
        "show 0 3",
    )

    assert sorted(re.findall(r"245 10 \$a (.*)", told)) == sorted(TITLES)


KOHA = {
    "@attr 1=7 @attr 5=1 9786042093026": [TITLES[0]],
    "@attr 1=8 @attr 5=1 0866-6520": [],
    '@attr 4=1 @attr 1=4 "số đỏ"': [TITLES[0]],
    '@attr 4=1 @attr 1=1003 "vu trong phung"': [TITLES[0]],
    "@attr 1=16 895.922": [],
    '@attr 1=21 "tiểu thuyết"': [TITLES[0]],
    "@attr 1=16 @attr 2=3 @attr 3=1 @attr 4=1 @attr 5=1 @attr 6=1 895": [],
    "@attr 1=12 000000001": None,
    "@attr 1=1016 đỏ": [TITLES[0]],
    "@attr 1=1007 9786042093026": [TITLES[0]],
    "@attr 1=31 1936": [TITLES[0]],
    '@and @attr 1=4 "kiều" @attr 1=1003 "nguyễn"': [TITLES[1]],
    '@attr 1=1002 "nguyen du"': [TITLES[1]],
    '@attr 1=1 "nguyen du"': [TITLES[1]],
    '@attr 1=2 "van hoc"': [],
    '@attr 1=3 "hoi nghi"': [],
    '@attr 1=6 "truyen"': [],
    '@attr 1=47 "truyen"': None,
}
"""The kinds of queries that Koha's cataloguing and its search for headings ask (None: whatever)."""


@pytest.mark.skipif(
    run("perl", "-MZOOM", "-e", "print 'there'") != "there",
    reason="Perl has no ZOOM: on Debian, apt install libnet-z3950-zoom-perl",
)
@pytest.mark.parametrize("syntax", ["USMARC", "UNIMARC"])
def test_koha_finds_and_fetches(port, syntax):
    told = run("perl", str(SUPPORT / "koha.pl"), str(port), syntax, *KOHA)
    rows = {query: found for query, *found in (line.split("\t") for line in told.splitlines())}

    assert {query: found[1:] for query, found in rows.items() if KOHA[query] is not None} == {
        query: titles for query, titles in KOHA.items() if titles is not None
    }
    assert rows['@attr 1=47 "truyen"'][0].startswith("error 114")


CATMANDU = """
use Catmandu::Importer::Z3950;
my ($port, $language, $query) = @ARGV;
my $importer = Catmandu::Importer::Z3950->new(
    host => '127.0.0.1', port => $port, databaseName => 'union', handler => 'RAW',
    preferredRecordSyntax => 'usmarc', queryType => $language, query => $query);
$importer->each(sub { print $_[0]->{record}; });
"""


@pytest.mark.skipif(
    run("perl", "-MCatmandu::Importer::Z3950", "-e", "print 'there'") != "there",
    reason="Catmandu is missing: on Debian, apt install libcatmandu-z3950-perl",
)
@pytest.mark.parametrize(
    ("language", "query"),
    [("PQF", "@attr 1=_ALLRECORDS @attr 2=103 ''"), ("CQL", "cql.allRecords = 1")],
)
def test_catmandu_takes_all_records(port, language, query):
    told = run("perl", "-e", CATMANDU, str(port), language, query)

    assert sorted(re.findall("\x1e10\x1fa([^\x1e]*)", told)) == sorted(TITLES)

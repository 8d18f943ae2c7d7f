"""Programs that libraries use ask the hub by SRU, over a socket of this machine."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from catalogue.model import HubIdentity
from support.searching import search_cql
from support.sru import filled
from support.waitress_server import waitress_serving
from web.app import create_app

ALL = "cql.allRecords = 1"
# As Koha asks (Koha's C4::Breeding): ZOOM from Perl, the number of hits first, then each record.
ZOOM = """
use strict; use ZOOM;
my ($url, $version, $query) = @ARGV;
my $options = ZOOM::Options->new();
$options->option(sru => 'get');
$options->option(sru_version => $version);
$options->option(preferredRecordSyntax => 'xml');
$options->option(schema => 'marcxml');
my $connection = ZOOM::Connection->create($options);
$connection->connect($url);
my $found = $connection->search(ZOOM::Query::CQL->new($query));
print $found->size(), "\n";
for my $number (0 .. $found->size() - 1) {
    my ($id) = $found->record($number)->raw() =~ /tag="001">(.*?)</;
    print "$id\n";
}
"""
CATMANDU = """
use strict; use Encode; use Catmandu::Importer::SRU;
my ($url, $query, $parser, $schema) = @ARGV;
my $importer = Catmandu::Importer::SRU->new(
    base => $url, query => decode('UTF-8', $query), recordSchema => $schema,
    parser => $parser, limit => 4);
$importer->each(sub { print $_[0]->{_id} // 'a record', "\n" });
"""


@pytest.fixture(scope="module")
def hub(sqlite_engine):
    with filled(sqlite_engine) as database:
        yield database


@pytest.fixture(scope="module")
def address(hub):
    with waitress_serving(create_app(hub, HubIdentity(), b"k" * 32)) as url:
        yield f"{url}/sru"


@pytest.fixture
def ids(hub):
    return lambda query: [each.public_id for each in search_cql(hub, query).hits]


def run(program, *arguments, said=""):
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"needs {program}")
    done = subprocess.run(
        [path, *arguments],
        input=said,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


def perl(script, *arguments):
    module = re.search(r"Catmandu::Importer::SRU|ZOOM", script)[0]
    if subprocess.run(["perl", f"-M{module}", "-e1"], capture_output=True, check=False).returncode:
        pytest.skip(f"needs the Perl module {module}")
    return run("perl", "-e", script, *arguments).splitlines()


def yaz_client(address, version, method, *commands):
    lines = (f"open {address}", f"sru {method} {version}", "querytype cql", *commands, "quit")
    return run("yaz-client", "-u", "x/y", said="\n".join(lines) + "\n")


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
def test_yaz_client_finds_fetches_and_lists(address, version, method):
    commands = ("find dc.title=do sortby dc.title", "show 2+1", "scan dc.title=s")
    out = yaz_client(f"{address}/union", version, method, "find dc.title=kieu", "show 1", *commands)

    assert out.count("Number of hits: 1") == 4
    assert '<subfield code="a">Truyện Kiều</subfield>' in out
    assert "Số đỏ: 1 inner" in out
    assert "Truyện Kiều: 1 last" in out


def test_yaz_client_takes_every_schema(address):
    for schema, root in (("mods", "<mods "), ("dc", "<srw_dc:dc "), ("oai_dc", "<oai_dc:dc ")):
        out = yaz_client(
            f"{address}/HCM", "1.2", "get", f"schema {schema}", f"find {ALL}", "show 2"
        )

        assert "Number of hits: 2" in out
        assert root in out


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
def test_yaz_client_is_told_what_is_wrong(address, version):
    out = yaz_client(
        f"{address}/union", version, "get", "find dc.nosuch=x", f"find {ALL}", "show 9"
    )
    elsewhere = yaz_client(f"{address}/nowhere", version, "get", "find x")

    assert "info:srw/diagnostic/1/16" in out
    assert "Details: dc.nosuch" in out
    assert "info:srw/diagnostic/1/61" in out
    assert "info:srw/diagnostic/1/235" in elsewhere


def test_zoomsh_shows_records_and_terms(address):
    said = f"""set sru get
set sru_version 1.2
set schema marcxml
connect {address}/union
search cql:dc.creator=phung
show 0 1 xml
quit
"""
    out = run("zoomsh", said=said)

    assert ": 1 hits" in out
    assert '<subfield code="a">Số đỏ</subfield>' in out


@pytest.mark.parametrize("version", ["1.1", "1.2", "2.0"])
@pytest.mark.parametrize(
    "query",
    [
        'dc.title="truyen" and dc.creator="Nguyễn Du"',
        "dc.title any 'kieu do'".replace("'", '"'),
        f"{ALL} sortby dc.title",
        'bath.isbn="9786046977711"',
        'dc.title="không có"',
    ],
)
def test_perl_s_zoom_fetches_what_the_search_engine_finds(address, ids, version, query):
    hits, *found = perl(ZOOM, f"{address}/union", version, query)

    assert (int(hits), found) == (len(ids(query)), ids(query))


def test_catmandu_takes_all_records_page_by_page(address, ids):
    assert perl(CATMANDU, address, ALL, "marcxml", "marcxml") == ids(ALL)
    assert len(perl(CATMANDU, address, "dc.title = chuyen", "simple", "dc")) == 2
    assert perl(CATMANDU, f"{address}/HCM", 'dc.title = "mắt"', "raw", "mods") == ["a record"]

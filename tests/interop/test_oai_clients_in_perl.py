"""The union harvested by clients that we did not write: Perl's HTTP::OAI and Catmandu::OAI."""

from __future__ import annotations

import subprocess

import pytest

from catalogue import published
from catalogue.model import HubIdentity, ItemQuery
from support.filled import deliver, settle
from support.sru import filled
from support.waitress_server import waitress_serving
from web.app import create_app
from web.counting import Doors

HTTP_OAI = """
use strict; use HTTP::OAI;
my $repository = HTTP::OAI::Harvester->new(baseURL => $ARGV[0]);
my $list = $repository->ListRecords(metadataPrefix => $ARGV[1], onRecord => sub {
    print $_[0]->identifier, ' ', $_[0]->status ? 'deleted' : 'live', "\\n";
});
die $list->message if $list->is_error;
"""
CATMANDU = """
use strict; use Catmandu::Importer::OAI;
Catmandu::Importer::OAI->new(
    url => $ARGV[0], metadataPrefix => $ARGV[1], handler => 'raw', listIdentifiers => 0
)->each(sub { print $_[0]->{_identifier}, ' ', $_[0]->{_status} || 'live', "\\n" });
"""


@pytest.fixture(scope="module")
def hub(sqlite_engine):
    with filled(sqlite_engine) as database:
        deliver(database, "NLV", {"so-do": None})
        settle(database)
        yield database


@pytest.fixture(scope="module")
def address(hub):
    app = create_app(hub, HubIdentity(), b"k" * 32, doors=Doors(page_size=2))
    with waitress_serving(app) as url:
        yield f"{url}/oai"


@pytest.fixture(scope="module")
def expected(hub):
    with published.snapshot(hub) as shown:
        items = shown.page(ItemQuery(prefix="oai_dc", end=shown.horizon, limit=100))
    return sorted(
        f"oai:lienthong.localhost:{each.public_id} {'deleted' if each.deleted else 'live'}"
        for each in items
    )


@pytest.mark.parametrize("prefix", ["oai_dc", "marc21"])
@pytest.mark.parametrize(
    ("module", "script"),
    [("HTTP::OAI", HTTP_OAI), ("Catmandu::Importer::OAI", CATMANDU)],
)
def test_a_client_in_perl_harvests_all_there_is(address, expected, module, script, prefix):
    if subprocess.run(["perl", f"-M{module}", "-e1"], capture_output=True, check=False).returncode:
        pytest.skip(f"needs the Perl module {module}")
    done = subprocess.run(
        ["perl", "-e", script, address, prefix],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
    )

    assert done.returncode == 0, done.stderr
    assert sorted(done.stdout.splitlines()) == expected
    assert any(each.endswith("deleted") for each in expected)

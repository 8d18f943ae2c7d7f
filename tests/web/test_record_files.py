"""A record as files, each read by somebody else's reader, or by the rules of its form."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pymarc
import pytest
from flask.testing import FlaskClient
from lxml import etree

from catalogue import crosswalks
from catalogue.crosswalks import Version
from catalogue.database import Database
from catalogue.model import HubIdentity
from crosswalks.formats import marcxml
from crosswalks.shelf import Written
from support.filled import add_library, deliver, settle
from support.given_out import BOOK, THESIS
from support.marc import marc
from support.oai_schema import schema
from web.app import create_app

HUB = HubIdentity(base_url="https://hub.example.vn")
TYPES = {
    "mrc": "application/marc",
    "xml": "application/xml; charset=utf-8",
    "dc.xml": "application/xml; charset=utf-8",
    "mods.xml": "application/mods+xml; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
    "bib": "application/x-bibtex; charset=utf-8",
    "jsonld": "application/ld+json; charset=utf-8",
}


@pytest.fixture
def client(database: Database) -> FlaskClient:
    """Give a hub of a book, a thesis and a record that is longer than ISO 2709 can say."""
    add_library(database, "A", "Thư viện A")
    long = marc("245 10 $aDài", *(f"500 __ $a{number} {'x' * 900}" for number in range(120)))
    deliver(database, "A", {"book": BOOK, "thesis": THESIS, "long": long})
    settle(database)
    return create_app(database, HUB, b"k" * 32).test_client()


def test_every_form_is_read_by_others_as_what_it_is(client: FlaskClient, shared: Path) -> None:
    found = {ending: client.get(f"/record/000000001.{ending}") for ending in TYPES}

    for ending, answer in found.items():
        assert (answer.status_code, answer.content_type) == (200, TYPES[ending])
        name = f"record-000000001.{ending}"
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    [read] = pymarc.MARCReader(BytesIO(found["mrc"].data))
    assert read["245"]["a"] == "Mắt biếc :"
    assert _by_yaz(found["mrc"].data) == _fields(found["xml"].data)
    dublin = etree.fromstring(found["dc.xml"].data)
    assert "https://hub.example.vn/record/000000001" in dublin.itertext()
    schema(shared, "loc/mods-3-7.xsd").assertValid(etree.fromstring(found["mods.xml"].data))
    linked = json.loads(found["jsonld"].data)
    assert (linked["@type"], linked["@id"]) == ("Book", "https://hub.example.vn/record/000000001")
    assert re.fullmatch(r"@book\{[\w-]+,\n(  \w+ = \{.*\},\n)+\}\n", found["bib"].text)
    assert re.search(r"  title = \{.*Mắt biếc.*\},\n", found["bib"].text)
    ris = found["ris"].text.split("\r\n")
    assert (ris[0], ris[-2]) == ("TY  - BOOK", "ER  - ")
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in ris if line)
    assert "AU  - Nguyễn Nhật Ánh" in ris


def _by_yaz(data: bytes) -> list[str]:
    program = shutil.which("yaz-marcdump")
    assert program is not None
    command = (program, "-i", "marc", "-o", "marcxml", "/dev/stdin")
    run = subprocess.run(command, input=data, capture_output=True, check=True)
    return _fields(etree.tostring(etree.fromstring(run.stdout)[0]))


def _fields(data: bytes) -> list[str]:
    return [repr(field) for field in marcxml.read(data).fields]


def test_who_has_a_file_already_is_told_that_it_is_the_same(client: FlaskClient) -> None:
    for ending in TYPES:
        path = f"/record/000000002.{ending}"
        tag = client.get(path).headers["ETag"]

        assert client.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_a_file_that_another_crosswalk_makes_is_another_file(
    client: FlaskClient, database: Database
) -> None:
    before = client.get("/record/000000001.ris")
    text = 'crosswalk marc21-ris version 7\nfrom marc21 to ris\nTY <- "GEN"\nTI <- "Khác"\n'
    written = Written(text=text)
    crosswalks.put_draft(database, Version(name="marc21-ris", version=None, written=written))
    crosswalks.publish(database, "marc21-ris", "an")
    after = client.get("/record/000000001.ris", headers={"If-None-Match": before.headers["ETag"]})

    assert "TI  - Khác" in after.text
    assert "Last-Modified" not in before.headers
    assert "Last-Modified" in client.get("/record/000000001.mrc").headers


def test_what_cannot_be_said_in_a_form_is_said_with_what_to_take_instead(
    client: FlaskClient,
) -> None:
    answer = client.get("/record/000000003.mrc", headers={"Accept-Language": "vi"})

    assert answer.status_code == 406
    assert "000000003" in answer.text
    assert client.get("/record/000000003.xml").status_code == 200


def test_a_record_that_is_gone_is_gone_and_one_that_was_joined_leads_on(
    client: FlaskClient, filled: Database
) -> None:
    reader = create_app(filled, HUB, b"k" * 32).test_client()
    listed = "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc&set=library:HUST"
    gone = re.findall(r'status="deleted"><identifier>[^<]*:(\w+)<', reader.get(listed).text)
    answers = [reader.get(f"/record/{name}.mods.xml") for name in gone]

    assert sorted(answer.status_code for answer in answers) == [302, 410]
    [led] = [answer.location for answer in answers if answer.status_code == 302]
    assert led.endswith(".mods.xml")
    assert b"Nguy\xe1\xbb\x85n Du" in reader.get(led).data
    for name in ("nosuch.ris", "%00.bib", "a/b.mrc", "000000001.zip", ".ris"):
        assert client.get(f"/record/{name}").status_code == 404

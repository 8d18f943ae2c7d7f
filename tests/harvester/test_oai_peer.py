"""Against a server that others wrote: the oaipmh library's own."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from lxml import etree

from harvester.errors import CannotDisseminateFormat
from harvester.model import SourceSpec
from protocols.oai import DC, MARC21, OAI_DC, Granularity
from support.harvesting import harvest, identifiers, reader
from support.oaipmh_server import PeerItem, peer_server

DAY = datetime(2024, 1, 1)  # noqa: DTZ001 - the library has dates without a zone


def marc(number: int) -> bytes:
    return (
        f'<m:record xmlns:m="{MARC21}"><m:leader>00000nam a2200000 a 4500</m:leader>'
        f'<m:controlfield tag="001">{number}</m:controlfield></m:record>'
    ).encode()


def dublin_core(number: int) -> etree._Element:
    root = etree.Element(f"{{{OAI_DC}}}dc", nsmap={"oai_dc": OAI_DC, "dc": DC})
    etree.SubElement(root, f"{{{DC}}}title").text = f"Nhan đề {number}"
    return root


def peer_items(count: int, metadata=marc) -> list[PeerItem]:
    return [
        PeerItem(
            identifier=f"oai:peer:{n}",
            datestamp=DAY + timedelta(days=n),
            deleted=n % 5 == 4,
            sets=("even",) if n % 2 == 0 else ("odd", "odd:er"),
            metadata=None if n % 5 == 4 else metadata(n),
        )
        for n in range(count)
    ]


@pytest.mark.parametrize(("prefix", "metadata"), [("marc21", marc), ("oai_dc", dublin_core)])
def test_every_record_arrives_once(prefix, metadata):
    items = peer_items(23, metadata)
    with peer_server(items, prefix=prefix, batch=5) as url:
        pages = harvest(url)

    assert identifiers(pages) == [item.identifier for item in items]
    assert [record.deleted for page in pages for record in page.records] == [
        item.deleted for item in items
    ]
    assert [page.last for page in pages] == [False] * 4 + [True]


def test_metadata_arrives_as_it_is():
    with peer_server(peer_items(3)) as url:
        [page] = harvest(url, prefix="marc21")

    assert canonical(page.records[2].body) == canonical(marc(2))
    assert page.records[2].format == MARC21


def canonical(xml: bytes) -> str:
    return etree.canonicalize(xml.decode(), strip_text=True)


def test_only_what_has_changed_is_harvested_again():
    items = peer_items(9)
    with peer_server(items, batch=2) as url:
        pages = harvest(url, {"from": "2024-01-08T00:00:00Z"})

    assert identifiers(pages) == ["oai:peer:6", "oai:peer:7", "oai:peer:8"]


def test_nothing_new_is_a_success():
    with peer_server(peer_items(2)) as url:
        [page] = harvest(url, {"from": "2024-02-01T00:00:00Z"})

    assert (page.records, page.last) == ((), True)


def test_a_harvest_resumes_from_a_checkpoint():
    items = peer_items(9)
    with peer_server(items, batch=2) as url:
        third = harvest(url)[2]
        rest = harvest(url, third.next_checkpoint)

    assert identifiers(rest) == [item.identifier for item in items[6:]]
    assert rest[0].number == 4


def test_sets_are_harvested_by_name():
    with peer_server(peer_items(7), batch=2) as url:
        pages = harvest(url, sets=("odd:er",))

    assert identifiers(pages) == ["oai:peer:1", "oai:peer:3", "oai:peer:5"]


def test_a_prefix_it_does_not_have_is_refused_in_its_own_words():
    with peer_server(peer_items(1)) as url, pytest.raises(CannotDisseminateFormat):
        harvest(url, prefix="mods")


def test_it_describes_itself():
    with peer_server(peer_items(3), batch=2) as url:
        spec = SourceSpec(url=url)
        info = reader().identify(spec)
        sets = reader().sets(spec)

    assert (info.granularity, info.deleted_record) == (Granularity.SECOND, "persistent")
    assert [found.spec for found in sets] == ["even", "odd", "odd:er"]

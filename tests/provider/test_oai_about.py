from __future__ import annotations

from dataclasses import replace

import pytest
from lxml import etree

from catalogue.model import HubIdentity
from catalogue.origins import Origin, about
from protocols.oai import MARC21
from support.memory_items import MemoryView, make_item, make_view
from support.oai_answers import ask, make_repository, text

LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
ORIGIN = Origin("http://a.vn/oai?x=1&y", "oai:a.vn:1", "2024-01-01", MARC21, 1_700_000_000)
GET = "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:lienthong.localhost:b1"


def view_with(*origins: Origin) -> MemoryView:
    view = make_view(0)
    view.put(make_item(1, about=about(origins)), replace(make_item(2), deleted=True))
    return view


@pytest.mark.parametrize("query", [GET, "verb=ListRecords&metadataPrefix=marc21"])
def test_several_origins_and_the_rights_stand_beside_a_record(
    query: str, schema: etree.XMLSchema
) -> None:
    view = view_with(ORIGIN, ORIGIN._replace(identifier="oai:a.vn:2"))
    repository = make_repository(view, identity=HubIdentity(rights=LICENCE))

    answer = ask(repository, query)

    schema.assertValid(answer)
    assert text(answer, "count(//o:about)") == "3"
    assert text(answer, "//@ref") == LICENCE
    assert text(answer, "//*[local-name()='provenance']/*/*") == "http://a.vn/oai?x=1&y"
    assert text(answer, "count(//o:record[o:header/@status='deleted']/o:about)") == "0"


def test_without_a_setting_nothing_is_said_of_rights() -> None:
    answer = ask(make_repository(view_with()), GET)

    assert text(answer, "count(//o:about)") == "0"


def test_identify_says_as_much_as_the_hub_is_set_to(schema: etree.XMLSchema) -> None:
    identity = HubIdentity(
        name="Kho <A>",
        rights=LICENCE,
        icon="http://h.vn/i.png?a&b",
        icon_link="http://h.vn/",
        friends=True,
    )

    plain = ask(make_repository(view_with()), "verb=Identify")
    told = ask(make_repository(view_with(), identity=identity), "verb=Identify")

    schema.assertValid(told)
    assert text(plain, "count(//o:description)") == "1"
    names = told.xpath("//*[local-name()='description']/*")
    assert [etree.QName(each).localname for each in names] == [
        *("oai-identifier", "branding", "rightsManifest", "friends")
    ]
    assert text(told, "//*[local-name()='collectionIcon']/*[local-name()='url']") == identity.icon
    assert text(told, "//*[local-name()='friends']/*[2]") == "http://b.vn/oai"

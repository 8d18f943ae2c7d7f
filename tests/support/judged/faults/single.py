"""Records one by one, and their metadata."""

from __future__ import annotations

import re
from dataclasses import replace

from protocols.oai import OAI_DC
from support.judged.faults.keeping import (
    HEADERS,
    THIRD_PAGE,
    fault,
    of_header,
    of_record,
    of_text,
    taking,
)
from support.judged.provider import Call, Provider
from support.loopback import Reply

of_header(
    *("another datestamp in GetRecord", "get-record-header"),
    lambda call, item: (
        replace(item, stamp=item.stamp + 60)
        if call.verb == "GetRecord" and item.identifier.endswith(":6")
        else item
    ),
)
of_header(
    *("no sets in GetRecord", "get-record-header"),
    lambda call, item: replace(item, sets=()) if call.verb == "GetRecord" else item,
)
of_header(
    *("other datestamps in lists of headers", "header-differs"),
    lambda call, item: (
        replace(item, stamp=item.stamp + 60)
        if call.verb == HEADERS and item.identifier.endswith(":6")
        else item
    ),
)
of_header(
    *("no sets in lists of headers", "header-differs"),
    lambda call, item: replace(item, sets=()) if call.verb == HEADERS else item,
)
of_header(
    *("deleted in lists of headers only", "header-differs"),
    lambda call, item: (
        replace(item, deleted=True)
        if call.verb == HEADERS and item.identifier.endswith(":6")
        else item
    ),
)
of_header(
    *("a set that is not listed", "set-unlisted"),
    lambda _, item: replace(item, sets=(*item.sets, "secret")),
)
of_text("other metadata in GetRecord", "get-record-metadata", "Nhan đề", "Đề mục", "GetRecord")
of_text(
    *("another record from GetRecord", "get-record-other"),
    *("<identifier>.*?</identifier>", "<identifier>oai:example.org:99</identifier>"),
    "GetRecord",
)
taking(
    *("deleted records unknown to GetRecord", "get-record-deleted"),
    lambda told: (
        {**told, "identifier": "oai:example.org:nothing"}
        if told.get("verb") == "GetRecord" and told.get("identifier", "").endswith(":3")
        else None
    ),
)
taking(
    *("a record unknown to GetRecord", "get-record-refused"),
    lambda told: (
        {**told, "identifier": "oai:example.org:nothing"}
        if told.get("verb") == "GetRecord" and told.get("identifier", "").endswith(":6")
        else None
    ),
)


METADATA = "<metadata><x:y xmlns:x='http://example.org/x'/></metadata>"
of_record(
    *("deleted with metadata", "deleted-with-metadata"),
    lambda _, item, xml: xml.replace("</header>", f"</header>{METADATA}") if item.deleted else xml,
)
of_record(
    *("deleted with metadata on page 3 only", "deleted-with-metadata"),
    lambda call, item, xml: (
        xml.replace("</header>", f"</header>{METADATA}")
        if item.deleted and call.offset == THIRD_PAGE
        else xml
    ),
)
of_record(
    *("a record without metadata", "no-metadata"),
    lambda _, item, xml: (
        re.sub("<metadata>.*</metadata>", "", xml) if item.identifier.endswith(":6") else xml
    ),
)
of_record(
    *("metadata in the envelope's namespace", "metadata-namespace"),
    lambda _call, _item, xml: re.sub("<metadata>.*</metadata>", "<metadata><a/></metadata>", xml),
)
of_record(
    *("two elements in metadata", "unexpected-element"),
    lambda _call, _item, xml: xml.replace("</metadata>", "<x xmlns='http://e.org'/></metadata>"),
)
of_record(
    *("a child in dc:title", "oai-dc"),
    lambda _call, _item, xml: xml.replace("Nhan đề", "<b xmlns='http://e.org'>Nhan</b> đề"),
)
of_record(
    *("an element that is not of Dublin Core", "oai-dc"),
    lambda _call, _item, xml: xml.replace("dc:title>", "dc:titel>"),
)
of_record(
    *("Dublin Core of another namespace", "format-mixed"),
    lambda _call, _item, xml: xml.replace(f'"{OAI_DC}"', '"http://example.org/oai_dc/"'),
)
of_record(
    *("MARC without indicators", "marc21"),
    lambda _call, _item, xml: xml.replace(' ind1="0"', ""),
)
of_record(
    *("a MARC leader of 10 signs", "marc21"),
    lambda _call, _item, xml: xml.replace("00000nam a2200000 a 4500", "00000nam a"),
)
of_record(
    *("header behind metadata", "unexpected-element"),
    lambda _call, _item, xml: re.sub("(<header.*</header>)(<metadata.*</metadata>)", r"\2\1", xml),
)


@fault("format-mixed")
def every_format_is_dublin_core(provider: Provider) -> None:
    plain = provider.payload
    provider.payload = lambda call, item: plain(  # type: ignore[method-assign]
        Call(call.verb, {"metadataPrefix": "oai_dc"}), item
    )


@fault("format-not-given")
def a_format_is_listed_and_refused(provider: Provider) -> None:
    plain = provider.list_formats
    extra = (
        "<metadataFormat><metadataPrefix>mods</metadataPrefix><schema>http://e.org/m.xsd</schema>"
        "<metadataNamespace>http://www.loc.gov/mods/v3</metadataNamespace></metadataFormat>"
    )
    provider.list_formats = lambda call: plain(call) + extra  # type: ignore[method-assign]


@fault("no-oai-dc")
def no_dublin_core(provider: Provider) -> None:
    provider.formats.pop("oai_dc")


@fault("item-format-unknown")
def a_record_has_a_format_that_is_not_listed(provider: Provider) -> None:
    plain = provider.list_formats
    provider.list_formats = lambda call: (  # type: ignore[method-assign]
        plain(call).replace("marc21<", "marcxml<") if call.get("identifier") else plain(call)
    )


@fault("deleted-unannounced")
def deletions_that_are_not_kept(provider: Provider) -> None:
    provider.deleted_record = "no"


@fault("set-twice")
def a_set_listed_twice(provider: Provider) -> None:
    provider.sets = (*provider.sets, "a")


@fault("set-parent")
def the_set_above_is_not_listed(provider: Provider) -> None:
    provider.sets = tuple(spec for spec in provider.sets if spec != "a")


@fault("set-unlisted")
def sets_in_headers_and_none_listed(provider: Provider) -> None:
    provider.on_request = lambda request: (
        Reply(body=provider.envelope(
            f' verb="{request.arguments["verb"]}"', '<error code="noSetHierarchy">no</error>'
        ).encode())
        if request.arguments.get("verb") == "ListSets" and len(request.pairs) == 1
        else None
    )  # fmt: skip

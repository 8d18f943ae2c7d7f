"""Metadata formats (OAI-PMH 2.0 s3.4, s4.4): what is offered must come, and oai_dc of all."""

from __future__ import annotations

from collections.abc import Iterator

from harvester.validate.asking import Line
from harvester.validate.changes import Changes
from harvester.validate.dates import Dates
from harvester.validate.lists import compare, judge_list, missing, names
from harvester.validate.model import Exchange, Found, text_of
from harvester.validate.records import Records
from harvester.validate.sets import Sets
from harvester.validate.single import judge_single
from harvester.validate.walking import Listing, walk
from protocols.oai import OAI, OAI_DC, OAI_DC_SCHEMA, Verb

_FORMAT = f"{{{OAI}}}metadataFormat"
_WHOLE = 20
"""Pages of the whole list up to which it is walked through in every format."""
_PART = 2
"""Pages of each format where it is longer."""
_SAMPLES = 30
_FEW = 5


def list_formats(line: Line) -> None:
    """Ask for the formats, and judge their list."""
    exchange = line.ask(Verb.LIST_METADATA_FORMATS)
    content = exchange.content
    if content is None:
        if exchange.errors:
            line.add(Found("formats-refused", {"value": ", ".join(exchange.errors)}), exchange)
        return
    line.add_all(_judge(line, exchange), exchange)


def _judge(line: Line, exchange: Exchange) -> Iterator[Found]:
    formats = line.repository.prefixes
    for one in offered(exchange):
        prefix, schema, namespace = one
        if prefix in formats:
            yield Found("format-twice", {"prefix": prefix}, prefix)
        formats[prefix] = namespace
        if prefix == "oai_dc" and namespace != OAI_DC:
            yield Found("oai-dc-namespace", {"value": namespace, "right": OAI_DC})
        elif prefix == "oai_dc" and _end(schema) != _end(OAI_DC_SCHEMA):
            yield Found("oai-dc-schema", {"value": schema, "right": OAI_DC_SCHEMA})
        if not schema.startswith(("http://", "https://")) or " " in schema:
            yield Found("schema-url", {"prefix": prefix, "value": schema}, prefix)
    if "oai_dc" not in formats:
        yield Found("no-oai-dc")


def _end(url: str) -> str:
    return url.partition("://")[2]


def offered(exchange: Exchange) -> list[tuple[str, str, str]]:
    """Return prefix, schema and namespace of each format."""
    content = exchange.content
    found = () if content is None else content.findall(_FORMAT)
    fields = ("metadataPrefix", "schema", "metadataNamespace")
    return [
        (text_of(one, fields[0]), text_of(one, fields[1]), text_of(one, fields[2])) for one in found
    ]


def judge_others(line: Line, whole: Listing, changes: Changes, records: Records) -> None:
    """Harvest in every other format, whole where the list is short."""
    most = 0 if len(whole.pages) <= _WHOLE else _PART
    for prefix in line.repository.prefixes:
        if prefix == "oai_dc":
            continue
        arguments = {"metadataPrefix": prefix}
        records.prefix = prefix
        headers = walk(line, Verb.LIST_IDENTIFIERS, arguments, most, records)
        listed = walk(line, Verb.LIST_RECORDS, arguments, most, records)
        for listing in (headers, listed):
            _judge_other(line, listing, whole, changes)
        if headers.complete and listed.complete:
            compare(line, headers, listed, changes)
        judge_single(line, listed, changes, records, _SAMPLES)
        Dates(line, listed, changes).judge_few()
        Sets(line, listed, changes).judge_few()
    records.prefix = "oai_dc"


def _judge_other(line: Line, listing: Listing, whole: Listing, changes: Changes) -> None:
    prefix = listing.arguments["metadataPrefix"]
    if listing.errors and not listing.is_empty:
        details = {"prefix": prefix, "value": ", ".join(listing.errors)}
        line.add_at(Found("format-not-given", details, prefix), listing.url, listing.verb)
        return
    judge_list(line, listing, changes)
    if whole.complete:
        live = [each for each in listing.entries.items() if not each[1].deleted]
        _judge_buried(line, listing, whole, changes)
        if lacking := missing(live, whole, changes):
            found = Found("not-in-oai-dc", {**names(lacking), "prefix": prefix}, prefix)
            line.add_at(found, listing.url, listing.verb)


def _judge_buried(line: Line, listing: Listing, whole: Listing, changes: Changes) -> None:
    """Take in deleted records that Dublin Core knows nothing of, though it should keep them."""
    if line.repository.deleted != "persistent":
        return
    buried = [each for each in listing.entries.items() if each[1].deleted]
    if lacking := missing(buried, whole, changes):
        told = {"here": listing.arguments["metadataPrefix"], "there": "oai_dc"}
        line.add_at(
            Found("tombstones-missing", {**names(lacking), **told}), listing.url, listing.verb
        )


def judge_of_items(line: Line, identifiers: list[str]) -> None:
    """Ask for the formats of some live records, and whether each of those comes."""
    for identifier in identifiers[:_FEW]:
        exchange = line.ask(Verb.LIST_METADATA_FORMATS, identifier=identifier)
        prefixes = [prefix for prefix, _, _ in offered(exchange)]
        named = {"identifier": identifier}
        if exchange.errors:
            details = {**named, "value": ", ".join(exchange.errors)}
            line.add(Found("item-formats-refused", details), exchange)
            continue
        if exchange.content is not None and "oai_dc" not in prefixes:
            line.add(Found("item-without-oai-dc", named), exchange)
        for prefix in prefixes:
            if prefix not in line.repository.prefixes:
                line.add(Found("item-format-unknown", {**named, "prefix": prefix}), exchange)
            elif prefix != "oai_dc":
                _judge_item(line, identifier, prefix)


def _judge_item(line: Line, identifier: str, prefix: str) -> None:
    got = line.ask(Verb.GET_RECORD, identifier=identifier, metadataPrefix=prefix)
    if got.errors:
        details = {"identifier": identifier, "prefix": prefix, "value": ", ".join(got.errors)}
        line.add(Found("item-format-refused", details), got)

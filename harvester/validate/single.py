"""GetRecord (OAI-PMH 2.0 s4.1) beside the lists: the same record has to come by both ways."""

from __future__ import annotations

from harvester.validate.asking import Line
from harvester.validate.changes import Changes
from harvester.validate.lists import difference
from harvester.validate.model import Entry, Exchange, Found
from harvester.validate.records import Records
from harvester.validate.walking import Listing, entry_of
from protocols.oai import OAI, Verb

_RECORD = f"{{{OAI}}}record"
_OF_A_KIND = 10


def choose(listing: Listing, most: int) -> list[str]:
    """Return identifiers: all, or some of each page, of the deleted and of each set."""
    if len(listing.entries) <= most:
        return list(listing.entries)
    deleted = [name for name, entry in listing.entries.items() if entry.deleted]
    firsts = {spec: name for name, entry in listing.entries.items() for spec in entry.sets}
    every = list(listing.entries)
    step = max(1, len(every) // max(1, most - 2 * _OF_A_KIND))
    chosen = [*deleted[:_OF_A_KIND], *list(firsts.values())[:_OF_A_KIND], every[0], every[-1]]
    return list(dict.fromkeys([*chosen, *every[::step]]))[:most]


def judge_single(
    line: Line, listing: Listing, changes: Changes, records: Records, most: int
) -> None:
    """Ask for records of a list one by one, and take in where they come otherwise."""
    prefix = listing.arguments["metadataPrefix"]
    for identifier in choose(listing, most):
        _judge(line, (identifier, listing.entries[identifier], prefix), changes, records)


def _judge(line: Line, listed: tuple[str, Entry, str], changes: Changes, records: Records) -> None:
    identifier, entry, prefix = listed
    exchange = line.ask(Verb.GET_RECORD, identifier=identifier, metadataPrefix=prefix)
    record = None if exchange.content is None else exchange.content.find(_RECORD)
    named = {"identifier": identifier}
    if record is None:
        if exchange.errors and not changes.explain(identifier, entry):
            code = "get-record-deleted" if entry.deleted else "get-record-refused"
            line.add(Found(code, {**named, "value": ", ".join(exchange.errors)}), exchange)
        return
    records(exchange, record)
    name, single = entry_of(record)
    if name != identifier:
        line.add(Found("get-record-other", {**named, "value": name}), exchange)
    elif single.header != entry.header:
        if not changes.explain(identifier, entry, single):
            details = {**named, **difference(single, entry)}
            line.add(Found("get-record-header", details), exchange)
    elif single.digest != entry.digest and not changes.is_new(entry.stamp):
        _unlike(line, exchange, single)


def _unlike(line: Line, exchange: Exchange, single: Entry) -> None:
    """Take in that metadata differ: from the list's, or each time they are asked for."""
    again = line.send(exchange.pairs)
    record = None if again.content is None else again.content.find(_RECORD)
    named = {"identifier": dict(exchange.pairs)["identifier"]}
    if record is not None and entry_of(record)[1].digest != single.digest:
        line.add(Found("metadata-unsteady", named), exchange)
    else:
        line.add(Found("get-record-metadata", named), exchange)

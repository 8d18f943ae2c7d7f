"""Real corpora through the whole line, and what has to add up afterwards.

Everything is compared from outside: what a server gave out against what the hub stored, and what
the hub stored against what foreign clients get from its own /oai.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pymarc
from lxml import etree
from oaipmh.client import Client
from oaipmh.metadata import MetadataRegistry, oai_dc_reader
from sickle import Sickle

from catalogue import published, records, sources
from catalogue.cluster.place import waiting
from catalogue.database import Database
from catalogue.model import (
    Counts,
    HubIdentity,
    Item,
    ItemQuery,
    RecordState,
    RunStatus,
    Source,
)
from catalogue.options import Guards
from crosswalks.model import Field, Record
from protocols.oai import DC, MARC21
from provider.oai.formats import FORMATS, body, find
from scheduler.model import HarvestOptions, Line
from scheduler.pipeline import harvest
from support.corpora import Corpus, Given
from support.oaipmh_server import PeerItem, peer_server

FIRST = datetime(2024, 4, 1)  # noqa: DTZ001 - the library has dates without a zone
_PAGES = f"{HubIdentity().base_url}/record/"
_TERMS = (
    *("title", "creator", "subject", "description", "publisher", "contributor", "date", "type"),
    *("format", "identifier", "source", "language", "relation", "coverage", "rights"),
)


@dataclass(slots=True)
class Account:
    """What was given, what became of it, and every disagreement between the two."""

    name: str
    given: int
    refused: Counter[str]
    """What could not even be served, by reason."""
    served: int
    counts: Counts
    stored: Counter[str] = field(default_factory=Counter)
    """Records of the hub by state."""
    problems: Counter[str] = field(default_factory=Counter)
    """Codes of the problems of those that were kept out."""
    faults: list[str] = field(default_factory=list)
    """What does not add up; empty = nothing was lost, doubled or changed."""


def first_harvest(line: Line, corpus: Corpus) -> Account:
    """Serve a corpus, harvest all of it, and account for each record."""
    source = Source(
        name=corpus.name,
        library=corpus.name[:16].upper(),
        protocol="oai-pmh",
        url="http://127.0.0.1/oai",
        prefix=corpus.prefix,
        # A sample of an update deletes more of a sample than a person has to be asked about.
        guards=Guards(delete_percent=100),
    )
    sources.add(line.db, source)
    items = [_item(each, FIRST) for each in corpus.given if each.body]
    counts, faults = _run(line, source, items)
    account = _account(line.db, corpus.name, corpus.given, items, counts)
    account.faults += faults
    if counts.delivered != len(items):
        account.faults.append(f"{len(items)} served, {counts.delivered} delivered")
    if counts.added + counts.quarantined != counts.delivered:
        account.faults.append(f"{counts} does not add up")
    return account


def second_harvest(line: Line, corpus: Corpus) -> Account:
    """Serve the later version of a corpus, harvest what changed, and account for all of it."""
    now = datetime.now(UTC).replace(microsecond=0, tzinfo=None) + timedelta(hours=1)
    before = {each.identifier: each for each in corpus.given if each.body}
    after = {each.identifier: each for each in corpus.later if each.body}
    gone = [_deleted(name, now) for name in before.keys() - after.keys()]
    same = [name for name in after if name in before and before[name].body == after[name].body]
    changed = [_item(after[name], now) for name in after.keys() - set(same)]
    unchanged = [_item(after[name], FIRST) for name in same]
    items = [*unchanged, *changed, *gone]
    counts, faults = _run(line, sources.get(line.db, corpus.name), items)
    account = _account(line.db, corpus.name, corpus.later, items, counts)
    account.faults += faults
    if counts.delivered != len(changed) + len(gone) or counts.deleted != len(gone):
        account.faults.append(f"{len(changed)} changed, {len(gone)} gone, but {counts}")
    return account


def _item(given: Given, stamp: datetime) -> PeerItem:
    return PeerItem(given.identifier, stamp, deleted=False, sets=(), metadata=given.body)


def _deleted(identifier: str, stamp: datetime) -> PeerItem:
    return PeerItem(identifier, stamp, deleted=True, sets=(), metadata=None)


def _run(line: Line, source: Source, items: Sequence[PeerItem]) -> tuple[Counts, list[str]]:
    with peer_server(items, prefix=source.prefix) as url:
        sources.change(line.db, replace(source, url=url), same_list=True)
        outcome = harvest(line, source.name, HarvestOptions())
    faults = (
        [] if outcome.status is RunStatus.SUCCEEDED else [f"{outcome.status}: {outcome.message}"]
    )
    if waiting(line.db):
        faults.append("records still wait to be placed")
    return outcome.counts, faults


def _account(
    database: Database,
    name: str,
    given: Sequence[Given],
    items: Sequence[PeerItem],
    counts: Counts,
) -> Account:
    account = Account(
        name=name,
        given=len(given),
        refused=Counter(each.reason for each in given if each.reason),
        served=len(items),
        counts=counts,
    )
    expected = {item.identifier: item for item in items}
    found = list(records.listing(database, name))
    account.stored.update(each.state.value for each in found)
    if len(found) != len({each.identifier for each in found}):
        account.faults.append("a record is stored twice")
    account.faults += [f"lost: {each}" for each in expected.keys() - {x.identifier for x in found}]
    for each in found:
        item = expected.get(each.identifier)
        if item is None:
            account.faults.append(f"never served: {each.identifier}")
        else:
            _compare(database, account, item, each.state)
    return account


def _compare(database: Database, account: Account, item: PeerItem, state: RecordState) -> None:
    if item.deleted or state is RecordState.DELETED:
        if item.deleted != (state is RecordState.DELETED):
            account.faults.append(f"deleted or not: {item.identifier}")
        return
    kept = records.get(database, account.name, item.identifier)
    if _elements(kept.raw) != _elements(item.metadata):
        account.faults.append(f"other content: {item.identifier}")
    if state is RecordState.QUARANTINED:
        reasons = [each["code"] for each in kept.problems if each["severity"] == "error"]
        account.problems.update(reasons)
        if not reasons:
            account.faults.append(f"kept out without a reason: {item.identifier}")
    elif state is RecordState.SUPPRESSED:
        if kept.record is None or kept.cluster:
            account.faults.append(
                f"suppressed, but without content or in a cluster: {item.identifier}"
            )
    elif kept.record is None or not kept.cluster:
        account.faults.append(f"live, but without content or cluster: {item.identifier}")
    elif kept.format == MARC21 and _fields(kept.record) != _pymarc_fields(kept.raw):
        account.faults.append(f"read otherwise than by pymarc: {item.identifier}")


def _fields(record: Record) -> list[tuple[object, ...]]:
    return [
        (each.tag, each.indicators, each.subfields)
        if isinstance(each, Field)
        else (each[0], each[1])
        for each in record.fields
    ]


def _pymarc_fields(body: bytes) -> list[tuple[object, ...]]:
    """Return what pymarc reads of MARCXML, in the normal form of everything that is stored."""
    [record] = pymarc.parse_xml_to_array(io.BytesIO(body), normalize_form="NFC")  # type: ignore[no-untyped-call]
    return [
        (each.tag, each.data)
        if each.control_field
        else (each.tag, "".join(each.indicators), tuple(map(tuple, each.subfields)))
        for each in record.fields
    ]


def _elements(body: object) -> list[tuple[object, ...]]:
    """Return the elements of a record; the peer's server puts white space between them."""
    assert isinstance(body, bytes)
    return [
        (each.tag, sorted(each.attrib.items()), "" if len(each) else each.text or "")
        for each in etree.fromstring(body).iter()
    ]


def published_items(database: Database, prefix: str) -> dict[str, Item]:
    """Return what the public view holds in one form, by public id."""
    with published.snapshot(database) as snapshot:
        query = ItemQuery(prefix=prefix, end=snapshot.horizon, limit=10**9)
        form = find(prefix, FORMATS)
        # Where a record can be looked at is told when it is given out, and not stored.
        return {
            item.public_id: replace(item, body=body(item, form, _PAGES))
            for item in snapshot.page(query)
        }


def sickle_faults(url: str, items: Mapping[str, Item], prefix: str) -> Iterator[str]:
    """Yield where a harvest by sickle disagrees with the database: ids, deletions, bytes."""
    got = {}
    for record in Sickle(url).ListRecords(metadataPrefix=prefix):
        name = record.header.identifier.rpartition(":")[2]
        if name in got:
            yield f"twice: {name}"
        payload = record.xml.find("{*}metadata/*")
        got[name] = None if record.deleted else etree.tostring(payload, method="c14n2")
    yield from _differences(got, items, _canonical)


def _canonical(item: Item) -> bytes:
    return etree.tostring(etree.fromstring(item.body), method="c14n2")


def oaipmh_faults(url: str, items: Mapping[str, Item]) -> Iterator[str]:
    """Yield where a harvest of oai_dc by the oaipmh client disagrees: ids, deletions, fields."""
    registry = MetadataRegistry()
    registry.registerReader("oai_dc", oai_dc_reader)
    got = {}
    for header, metadata, _ in Client(url, registry).listRecords(metadataPrefix="oai_dc"):
        name = header.identifier().rpartition(":")[2]
        if name in got:
            yield f"twice: {name}"
        got[name] = None if header.isDeleted() else metadata.getMap()
    yield from _differences(got, items, _dublin_core)


def _dublin_core(item: Item) -> dict[str, list[str]]:
    root = etree.fromstring(item.body)
    return {name: [each.text or "" for each in root.findall(f"{{{DC}}}{name}")] for name in _TERMS}


def _differences(
    got: Mapping[str, object], items: Mapping[str, Item], content: Callable[[Item], object]
) -> Iterator[str]:
    yield from (f"not harvested: {name}" for name in items.keys() - got.keys())
    for name, value in got.items():
        item = items.get(name)
        if item is None:
            yield f"harvested, but not in the database: {name}"
        elif item.deleted != (value is None):
            yield f"deleted or not: {name}"
        elif value is not None and value != content(item):
            yield f"other content: {name}"

"""What is in a hub after the line went through, and that all of it is given out."""

from __future__ import annotations

import re
import time
from functools import partial
from typing import NamedTuple

from catalogue import clock, published, quarantine, system
from catalogue.browse import totals
from catalogue.database import Database
from catalogue.digest import digest
from catalogue.model import HubIdentity
from crosswalks.errors import Said
from hub.bench.hub import Measured
from hub.errors import LineStopped
from provider.model import Request
from provider.oai.repository import Repository
from provider.oai.respond import respond
from web.language import mark

_HEADER = re.compile(rb"<header( status=\"deleted\")?><identifier>([^<]*)")
_TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]+)</resumptionToken>")
_SECOND = 1.1
"""After so long the hub's clock may show the last second in which anything changed."""


class Verified(NamedTuple):
    """What there is."""

    records: int
    """Live ones of all members."""
    clusters: int
    folded: int
    """Records that are one with another."""
    quarantined: int
    problems: int
    given_out: int
    """Live items of the whole list by OAI-PMH, each counted once."""
    withdrawn: int
    """Deleted ones in it."""
    digest: str
    database_bytes: int
    raw_bytes: int
    engine: str
    """The database and its version."""


def verify(hub: Measured, db: Database) -> Verified:
    """Look at all that is in a hub; raise LineStopped where a cluster is not given out."""
    found = totals(db)
    given, withdrawn = given_out(db)
    if given != found.clusters:
        why = Said(
            mark("{clusters} clusters are live, and {given} are given out"),
            {"clusters": found.clusters, "given": given},
        )
        raise LineStopped(reason=why)
    engine = system.standing(db).engine
    return Verified(
        records=found.records,
        clusters=found.clusters,
        folded=found.folded,
        quarantined=quarantine.count(db),
        problems=found.problems,
        given_out=given,
        withdrawn=withdrawn,
        digest=digest(db),
        database_bytes=engine.bytes,
        raw_bytes=hub.raw_bytes,
        engine=f"{engine.name} {engine.version}",
    )


def given_out(db: Database) -> tuple[int, int]:
    """Go through the whole list by OAI-PMH; return how many live items it has, and deleted ones."""
    time.sleep(_SECOND)
    clock.tick(db)
    repository = Repository(
        identity=HubIdentity(base_url="http://127.0.0.1"),
        snapshot=partial(published.snapshot, db),
        token_key=b"of a hub that is taken away again",
    )
    live: set[bytes] = set()
    deleted: set[bytes] = set()
    asked: tuple[tuple[str, str], ...] = (("verb", "ListRecords"), ("metadataPrefix", "marc21"))
    while asked:
        body = respond(repository, Request(arguments=asked)).body
        for is_deleted, identifier in _HEADER.findall(body):
            (deleted if is_deleted else live).add(identifier)
        token = _TOKEN.search(body)
        asked = (("verb", "ListRecords"), ("resumptionToken", token[1].decode())) if token else ()
    return len(live), len(deleted)

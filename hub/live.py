"""Which servers a live search asks, and how each is connected to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from catalogue import sources
from catalogue.database import Database
from catalogue.model import Source
from harvester.model import HttpSettings, SourceSpec
from harvester.sru.target import SruTarget
from harvester.z3950.target import Z3950Target
from hub.errors import NoLiveTarget
from hub.harvesting import line_of
from hub.instance import Hub
from hub.sourcecheck import check
from provider.federation.model import LiveTarget, Server
from scheduler.model import Line
from scheduler.outgoing import SEARCHED, SRU, http_of, protocol_of


def live_targets(hub: Hub, db: Database, named: Sequence[str], seconds: float) -> list[LiveTarget]:
    """Return the servers named by source or address, or all sources that are searched.

    Raises NoSuchSource, NoLiveTarget, or what is wrong with an address.
    """
    line = line_of(hub, db)
    if named:
        found = [_named(db, each) for each in named]
    else:
        found = [each for each in sources.all(db) if each.protocol in SEARCHED and not each.paused]
    wanted = {each.name: each for each in found if each.protocol in SEARCHED}
    if not wanted or len(wanted) < len({each.name for each in found}):
        raise NoLiveTarget
    return [_target(line, each, seconds) for each in wanted.values()]


def _named(db: Database, name: str) -> Source:
    if "://" not in name:
        return sources.get(db, name)
    return check(Source(name=name, library="-", protocol=protocol_of(name), url=name))


def _target(line: Line, source: Source, seconds: float) -> LiveTarget:
    http = replace(
        http_of(line, source),
        retries=0,
        connect_timeout=seconds,
        read_timeout=seconds,
        total_timeout=seconds,
        requests_per_minute=0,
    )
    spec = SourceSpec(url=source.url, prefix=source.prefix)
    return LiveTarget(
        name=source.name,
        open=partial(_opened, source.protocol, spec, http),
        crosswalk=source.crosswalk,
    )


def _opened(protocol: str, spec: SourceSpec, http: HttpSettings) -> Server:
    return SruTarget(spec, http) if protocol == SRU else Z3950Target(spec, http)

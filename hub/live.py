"""Which servers a live search asks, and how each is connected to."""

from __future__ import annotations

from collections.abc import Sequence

from catalogue import sources
from catalogue.database import Database
from catalogue.model import Source
from hub.errors import NoLiveTarget
from hub.harvesting import line_of
from hub.instance import Hub
from hub.sourcecheck import check
from provider.federation.model import LiveTarget
from scheduler.outgoing import SEARCHED, protocol_of
from web.live import target


def live_targets(hub: Hub, db: Database, named: Sequence[str], seconds: float) -> list[LiveTarget]:
    """Return the servers named by source or address, or all sources that are searched.

    Raises NoSuchSource, NoLiveTarget, or what is wrong with an address.
    """
    line = line_of(hub, db)
    if named:
        found = [_named(db, each) for each in named]
    else:
        found = [each for each in sources.all(db) if each.protocol in SEARCHED and not each.rests]
    wanted = {each.name: each for each in found if each.protocol in SEARCHED}
    if not wanted or len(wanted) < len({each.name for each in found}):
        raise NoLiveTarget
    return [target(line, each, seconds) for each in wanted.values()]


def _named(db: Database, name: str) -> Source:
    if "://" not in name:
        return sources.get(db, name)
    return check(Source(name=name, library="-", protocol=protocol_of(name), url=name))

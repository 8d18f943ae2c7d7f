"""``/changes``: what changed and what is gone, in the order in which it did.

The list is pinned when it begins, as those of OAI-PMH are: it ends at a moment in which nothing can
change any more, and each page names it. Who asks next time from that moment on misses nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from catalogue.clock import told
from catalogue.consumers.model import Taken
from catalogue.model import Item, ItemQuery
from catalogue.published import Snapshot, snapshot
from catalogue.served import successors
from crosswalks.errors import Said
from provider.api import cursors
from provider.api.addresses import going_on, of
from provider.api.errors import BadParameter, KeyTooNarrow
from provider.api.model import Answer, Call
from provider.api.parameters import Parameter, cursor, moment, text, whole
from provider.errors import NotYetHere
from provider.oai.formats import FORMATS

_LISTED = FORMATS[0].prefix
"""Any format will do that every record has: none is read."""
_SCOPE = "changes"
_NO_SET = Said("there is no such set; see /api/v1/sets", {})
_WITH_CURSOR = Said("the list that is gone on with has its own: leave it out beside after", {})

PARAMETERS: tuple[Parameter, ...] = (
    moment("since", "From which moment on; without it everything there is and was."),
    text("set", "Only of this set; what left it is deleted there.", 1_000, format="set"),
    whole("limit", "Changes on a page.", 1_000, 100),
    cursor(),
)


def changes(call: Call) -> Answer:
    """Answer a page of changes. Raises BadParameter, BadCursor, KeyTooNarrow or NotYetHere."""
    service, limit = call.service, call.values["limit"]
    with snapshot(service.database, service.view.value) as at:
        query, total, reached = _wanted(call, at)
        items = at.page(replace(query, limit=limit + 1))
        if total is None:
            total = at.count(query) if len(items) > limit else len(items)
    shown = items[:limit]
    reached += len(shown)
    following = None
    if len(items) > limit:
        last = shown[-1]
        pinned = (query.start, query.end, query.set_spec)
        place = (last.stamp, last.key, total, reached)
        following = going_on(call, cursors.given_out(service, _SCOPE, *pinned, *place), "changes")
    value = {
        "until": told(query.end),
        "total": total,
        "changes": _told(call, shown),
        "next": following,
    }
    spec = query.set_spec
    taken = Taken("changes", "json", spec, query.start or 0, query.end, reached, total)
    return Answer(value=value, records=len(shown), next=following, taken=taken)


def _wanted(call: Call, at: Snapshot) -> tuple[ItemQuery, int | None, int]:
    """Return what is to be listed, how much that is where it is known, and how much came before."""
    begun = cursors.taken(call, _SCOPE)
    if begun is None:
        spec = call.values["set"] or ""
        _check_set(call, at, spec)
        return _query(call.values["since"], at.horizon, spec), None, 0
    for name in ("since", "set"):
        if call.values[name] is not None:
            raise BadParameter(name=name, reason=_WITH_CURSOR)
    start, end, spec, stamp, key, total, reached = begun
    if end > at.horizon:
        raise NotYetHere
    if not call.service.repository.gives(spec):
        raise _narrow(call)
    return replace(_query(start, end, spec), after=(stamp, key)), total, reached


def _query(start: int | None, end: int, spec: str) -> ItemQuery:
    return ItemQuery(prefix=_LISTED, start=start, end=end, set_spec=spec, bodies=False)


def _check_set(call: Call, at: Snapshot, spec: str) -> None:
    if not call.service.repository.gives(spec):
        raise _narrow(call)
    if spec and not at.has_set(spec):
        raise BadParameter(name="set", reason=_NO_SET)


def _narrow(call: Call) -> KeyTooNarrow:
    sets = ", ".join(call.service.consumer.sets)
    return KeyTooNarrow(reason=Said("it is for these sets alone: {sets}", {"sets": sets}))


def _told(call: Call, items: list[Item]) -> list[Mapping[str, Any]]:
    service = call.service
    gone = [each.key for each in items if each.deleted]
    heirs = successors(service.database, gone, service.view.value) if gone else {}
    return [
        {
            "id": each.public_id,
            "changed": told(each.stamp),
            "deleted": each.deleted,
            "successor": heirs.get(each.key) if each.deleted else None,
            "sets": [*each.sets],
            "url": of(service, "records", each.public_id),
        }
        for each in items
    ]

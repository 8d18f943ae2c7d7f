"""What lists hold: left out, twice, in another order."""

from __future__ import annotations

import random
from dataclasses import replace

from support.judged.faults.keeping import (
    HEADERS,
    RECORDS,
    THIRD_PAGE,
    fault,
    of_items,
    without,
)
from support.judged.provider import Call, Item, Provider


def _whole(call: Call) -> bool:
    """Tell whether a whole list was asked for."""
    return not (call.get("from") or call.get("until") or call.get("set"))


of_items("a record left out of lists of records", "records-missing", RECORDS)(
    lambda _, items: [item for item in items if not item.identifier.endswith(":6")]
)
of_items("a record left out of lists of headers", "records-missing", HEADERS)(
    lambda _, items: [item for item in items if not item.identifier.endswith(":6")]
)
of_items("a tombstone left out of lists of records", "tombstones-missing", RECORDS)(
    lambda _, items: [item for item in items if not item.identifier.endswith(":3")]
)
of_items("tombstones left out of lists of records", "tombstones-missing", RECORDS)(
    lambda _, items: [item for item in items if not item.deleted]
)
of_items("tombstones left out of lists of headers", "tombstones-missing", HEADERS)(
    lambda _, items: [item for item in items if not item.deleted]
)
of_items("tombstones left out of whole lists", "tombstones-missing")(
    lambda call, items: [item for item in items if not (item.deleted and _whole(call))]
)
of_items("tombstones left out of harvests by date", "tombstones-missing")(
    lambda call, items: [item for item in items if not (item.deleted and call.get("from"))]
)
of_items("tombstones left out of sets", "tombstones-missing")(
    lambda call, items: [item for item in items if not (item.deleted and call.get("set"))]
)
of_items("a record twice, pages apart", "doubled")(
    lambda _, items: [*items, items[0]] if len(items) > 6 else items
)
of_items("a record twice side by side", "doubled", RECORDS)(
    lambda _, items: [*items[:1], *items[:1], *items[1:]]
)
of_items("a record live and deleted", "live-and-deleted")(
    lambda _, items: [*items, *(replace(i, deleted=True) for i in items[:1] if not i.deleted)]
)
of_items("another order each time", "order-unstable")(
    lambda call, items: (
        items if call.offset or call.verb == RECORDS else random.sample(items, len(items))
    )
)


@fault("order-unstable")
def another_order_in_each_walk(provider: Provider) -> None:
    walks = 0

    def turned(call: Call, items: list[Item]) -> list[Item]:
        nonlocal walks
        walks += call.offset == 0
        return random.Random(walks).sample(items, len(items)) if call.verb == HEADERS else items

    provider.on_items = turned


@fault("list-unstable")
def less_the_second_time(provider: Provider) -> None:
    walks = 0

    def fewer(call: Call, items: list[Item]) -> list[Item]:
        nonlocal walks
        if call.verb != HEADERS or not _whole(call):
            return items
        walks += call.offset == THIRD_PAGE
        return without(items, 9) if walks > 1 else items

    provider.on_items = fewer

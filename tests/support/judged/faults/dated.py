"""Harvests by time and by set, and the datestamps themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from protocols.oai import Granularity, format_stamp
from support.judged.faults.keeping import (
    FAULTS,
    HEADERS,
    RECORDS,
    fault,
    of_header,
    of_items,
    of_text,
    whole_stamp,
    without,
)
from support.judged.provider import Call, Item, Provider
from support.loopback import Reply


def _dated(name: str, code: str, keep: Callable[[Call, Item, str, str], bool]) -> None:
    def put(provider: Provider) -> None:
        def found(call: Call, items: list[Item]) -> list[Item]:
            start, until = call.get("from"), call.get("until")
            return [item for item in items if keep(call, item, start, until)]

        provider.on_items = found

    FAULTS[name] = (code, put)


_dated(
    *("from is exclusive", "from-exclusive"),
    lambda _, item, start, __: whole_stamp(item) != start,
)
_dated(
    *("until is exclusive", "until-exclusive"),
    lambda _, item, __, until: whole_stamp(item) != until,
)
_dated(
    *("until a day is until its beginning", "until-exclusive"),
    lambda _, item, __, until: not (until and len(until) == 10 and whole_stamp(item)[:10] == until),
)
_dated(
    *("from is exclusive in lists of records", "from-exclusive"),
    lambda call, item, start, __: call.verb != RECORDS or whole_stamp(item) != start,
)


def _ignoring(name: str, code: str, *left: str, when: Callable[[Call], bool]) -> None:
    def put(provider: Provider) -> None:
        plain = provider.found

        def found(call: Call) -> list[Item]:
            told = {k: v for k, v in call.arguments.items() if k not in left}
            return plain(Call(call.verb, told, call.offset) if when(call) else call)

        provider.found = found  # type: ignore[method-assign]

    FAULTS[name] = (code, put)


_ignoring("from ignored", "before-from", "from", when=lambda _: True)
_ignoring("until ignored", "after-until", "until", when=lambda _: True)
_ignoring("from ignored on later pages", "before-from", "from", when=lambda c: c.offset > 0)
_ignoring(*("from ignored with a set", "before-from", "from"), when=lambda c: bool(c.get("set")))
_ignoring(
    *("from ignored by lists of records", "before-from", "from"),
    when=lambda c: c.verb == RECORDS,
)
_ignoring("set ignored", "set-ignored", "set", when=lambda _: True)
_ignoring("set ignored on later pages", "set-ignored", "set", when=lambda c: c.offset > 0)
_ignoring(
    *("set ignored by lists of records", "set-ignored", "set"), when=lambda c: c.verb == RECORDS
)
_ignoring(*("set ignored with from", "set-ignored", "set"), when=lambda c: bool(c.get("from")))
of_items("sets do not hold those below them", "set-hierarchy")(
    lambda call, items: [
        item for item in items if not call.get("set") or call.get("set") in item.sets
    ]
)
of_items("a set lacks a record", "set-incomplete")(
    lambda call, items: without(items, 2) if call.get("set") == "c" else items
)


@fault("span-refused")
def days_are_refused(provider: Provider) -> None:
    provider.on_request = lambda request: (
        Reply(body=provider.envelope("", '<error code="badArgument">no</error>').encode())
        if len(request.arguments.get("from", "")) == 10
        else None
    )


@fault("earliest-late")
def earliest_later_than_a_record(provider: Provider) -> None:
    provider.earliest = format_stamp(provider.items[1].stamp)


@fault("earliest-granularity")
def earliest_as_a_day(provider: Provider) -> None:
    provider.earliest = format_stamp(provider.items[0].stamp, Granularity.DAY)


@fault("earliest-late")
def earliest_is_now(provider: Provider) -> None:
    provider.earliest = provider.now()


@fault("datestamps-move")
def every_datestamp_is_now(provider: Provider) -> None:
    provider.on_header = lambda _, item: replace(item, stamp=2_000 * provider.requests + item.stamp)


of_header(
    *("a datestamp of the future", "datestamp-future"),
    lambda _, item: replace(item, stamp=4_000_000_000) if item.identifier.endswith(":6") else item,
)
of_text(
    *("datestamps as days", "datestamp-granularity"),
    *(r"<datestamp>(.{10}).*?</datestamp>", r"<datestamp>\1</datestamp>"),
    RECORDS,
)
of_text(
    *("datestamps with fractions", "datestamp-form"),
    *(r"(<datestamp>.{19})Z", r"\1.000Z"),
    HEADERS,
)
of_text("a datestamp without a zone", "datestamp-form", r"(<datestamp>.{19})Z", r"\1", RECORDS)

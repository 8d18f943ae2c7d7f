"""Faults, each put into a repository that has no other, with the code it has to be found by."""

from __future__ import annotations

import gzip
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from protocols.oai import OAI_DC, Granularity, format_stamp
from support.judged.provider import Call, Item, Page, Provider
from support.loopback import Reply, Request

Put = Callable[[Provider], None]
FAULTS: dict[str, tuple[str, Put]] = {}
"""The code that has to be found, and how the fault is put in, by the fault's name."""
_LISTS = {"ListRecords", "ListIdentifiers"}
_RECORDS = "ListRecords"
_HEADERS = "ListIdentifiers"
_THIRD_PAGE = 8


def fault(code: str) -> Callable[[Put], Put]:
    """Keep a fault under its function's name."""

    def keep(put: Put) -> Put:
        FAULTS[put.__name__] = (code, put)
        return put

    return keep


def _items(name: str, code: str, *verbs: str) -> Callable[[Any], None]:
    """Keep a fault of what lists hold: a function of call and items."""

    def keep(change: Callable[[Call, list[Item]], list[Item]]) -> None:
        def put(provider: Provider) -> None:
            provider.on_items = lambda call, items: (
                change(call, items) if call.verb in (verbs or _LISTS) else items
            )

        FAULTS[name] = (code, put)

    return keep


def _page(name: str, code: str, change: Callable[[Page], Page | None]) -> None:
    """Keep a fault of pages: a function that changes them."""

    def put(provider: Provider) -> None:
        provider.on_page = lambda page: change(page) or page

    FAULTS[name] = (code, put)


def _header(name: str, code: str, change: Callable[[Call, Item], Item]) -> None:
    def put(provider: Provider) -> None:
        provider.on_header = change

    FAULTS[name] = (code, put)


def _text(name: str, code: str, old: str, new: str, verb: str = "") -> None:
    """Keep a fault of the text of answers, to a verb or to all."""

    def put(provider: Provider) -> None:
        provider.on_answer = lambda request, xml: (
            re.sub(old, new, xml, count=1) if verb in ("", request.arguments.get("verb")) else xml
        )

    FAULTS[name] = (code, put)


def _bytes(name: str, code: str, change: Callable[[bytes], bytes], verb: str = "") -> None:
    def put(provider: Provider) -> None:
        provider.on_bytes = lambda request, body: (
            change(body) if verb in ("", request.arguments.get("verb")) else body
        )

    FAULTS[name] = (code, put)


def _reply(name: str, code: str, change: Callable[[Request, Reply], Reply]) -> None:
    def put(provider: Provider) -> None:
        provider.on_reply = change

    FAULTS[name] = (code, put)


def _error(name: str, code: str, change: Callable[[str, Request], str | None]) -> None:
    def put(provider: Provider) -> None:
        provider.on_error = change

    FAULTS[name] = (code, put)


# --- what lists hold

_whole = lambda call: not (call.get("from") or call.get("until") or call.get("set"))  # noqa: E731


def _without(items: Sequence[Item], place: int) -> list[Item]:
    return [item for n, item in enumerate(items) if n != place]


_items("a record left out of lists of records", "records-missing", _RECORDS)(
    lambda _, items: [item for item in items if not item.identifier.endswith(":6")]
)
_items("a record left out of lists of headers", "records-missing", _HEADERS)(
    lambda _, items: [item for item in items if not item.identifier.endswith(":6")]
)
_items("a tombstone left out of lists of records", "tombstones-missing", _RECORDS)(
    lambda _, items: [item for item in items if not item.identifier.endswith(":3")]
)
_items("tombstones left out of lists of records", "tombstones-missing", _RECORDS)(
    lambda _, items: [item for item in items if not item.deleted]
)
_items("tombstones left out of lists of headers", "tombstones-missing", _HEADERS)(
    lambda _, items: [item for item in items if not item.deleted]
)
_items("tombstones left out of whole lists", "tombstones-missing")(
    lambda call, items: [item for item in items if not (item.deleted and _whole(call))]
)
_items("tombstones left out of harvests by date", "tombstones-missing")(
    lambda call, items: [item for item in items if not (item.deleted and call.get("from"))]
)
_items("tombstones left out of sets", "tombstones-missing")(
    lambda call, items: [item for item in items if not (item.deleted and call.get("set"))]
)
_items("a record twice, pages apart", "doubled")(
    lambda _, items: [*items, items[0]] if len(items) > 6 else items
)
_items("a record twice side by side", "doubled", _RECORDS)(
    lambda _, items: [*items[:1], *items[:1], *items[1:]]
)
_items("a record live and deleted", "live-and-deleted")(
    lambda _, items: [*items, *(replace(i, deleted=True) for i in items[:1] if not i.deleted)]
)
_items("another order each time", "order-unstable")(
    lambda call, items: (
        items if call.offset or call.verb == _RECORDS else random.sample(items, len(items))
    )
)


@fault("order-unstable")
def another_order_in_each_walk(provider: Provider) -> None:
    walks = 0

    def turned(call: Call, items: list[Item]) -> list[Item]:
        nonlocal walks
        walks += call.offset == 0
        return random.Random(walks).sample(items, len(items)) if call.verb == _HEADERS else items

    provider.on_items = turned


@fault("list-unstable")
def less_the_second_time(provider: Provider) -> None:
    walks = 0

    def fewer(call: Call, items: list[Item]) -> list[Item]:
        nonlocal walks
        if call.verb != _HEADERS or not _whole(call):
            return items
        walks += call.offset == _THIRD_PAGE
        return _without(items, 9) if walks > 1 else items

    provider.on_items = fewer


# --- pages and tokens


def _skip(page: Page) -> Page | None:
    if page.call.verb in _LISTS and page.call.offset == _THIRD_PAGE:
        return replace(page, items=())
    return None


def _skipped(verbs: set[str]) -> Callable[[Provider], None]:
    def put(provider: Provider) -> None:
        plain = provider.token

        def token(call: Call, offset: int) -> str:
            skips = offset == _THIRD_PAGE and call.verb in verbs
            return plain(call, offset + provider.page_size if skips else offset)

        provider.token = token  # type: ignore[method-assign] # what it is for
        provider.on_page = lambda page: replace(page, size=None, cursor=None)

    return put


FAULTS["page 3 skipped in all lists"] = ("skipped", _skipped(_LISTS))
FAULTS["page 3 skipped in lists of records"] = ("records-missing", _skipped({_RECORDS}))
FAULTS["page 3 skipped in lists of headers"] = ("records-missing", _skipped({_HEADERS}))


@fault("doubled")
def pages_overlap_by_one(provider: Provider) -> None:
    plain = provider.token
    provider.token = lambda call, offset: plain(call, offset - 1)  # type: ignore[method-assign]


@fault("skipped")
def a_record_lost_at_each_border(provider: Provider) -> None:
    plain = provider.token
    provider.token = lambda call, offset: plain(call, offset + 1)  # type: ignore[method-assign]
    provider.on_page = lambda page: replace(page, size=None, cursor=None)


@fault("endless-list")
def the_last_page_for_ever(provider: Provider) -> None:
    plain = provider.on_page

    def again(page: Page) -> Page:
        page = plain(page)
        if page.call.verb == _RECORDS and not page.token and page.call.offset:
            page.token = provider.token(page.call, page.call.offset)
        return page

    provider.on_page = again


def _wrong_size(change: Callable[[Page], bool]) -> Callable[[Page], Page | None]:
    return lambda page: (
        replace(page, size=(page.size or 0) + 7)
        if page.call.verb in _LISTS and change(page)
        else None
    )


_page("completeListSize too large", "list-size", _wrong_size(lambda _: True))
_page(
    *("completeListSize wrong on the last page", "list-size"),
    _wrong_size(lambda page: not page.token),
)
_page(
    *("completeListSize wrong on page 2", "size-changes"),
    _wrong_size(lambda page: page.call.offset == 4 and page.call.verb == _RECORDS),
)
_page(
    *("completeListSize is that of the page", "list-size"),
    lambda page: replace(page, size=len(page.items) or 1),
)
_page(
    *("completeListSize of the whole in sets", "list-size"),
    lambda page: replace(page, size=14) if page.call.get("set") else None,
)
_page(
    *("completeListSize wrong in lists of sets", "list-size"),
    lambda page: replace(page, size=40) if page.call.verb == "ListSets" else None,
)
_page(
    *("cursor begins at 1", "cursor"),
    lambda page: replace(page, cursor=(page.cursor or 0) + 1),
)
_page(
    *("cursor counts pages", "cursor"),
    lambda page: replace(page, cursor=(page.cursor or 0) // 4),
)
_page(
    *("cursor is that of the next page", "cursor"),
    lambda page: replace(page, cursor=(page.cursor or 0) + len(page.items) or 2),
)
_page(
    *("cursor always 0", "cursor"),
    lambda page: replace(page, cursor=0) if page.call.verb == _RECORDS else None,
)
for _verb in (_RECORDS, _HEADERS, "ListSets"):
    _page(
        *(f"no last token for {_verb}", "no-last-token"),
        lambda page, verb=_verb: (  # type: ignore[misc] # the loop's value
            replace(page, has_token=False) if page.call.verb == verb and not page.token else None
        ),
    )
_page(
    *("token already expired", "token-expired"),
    lambda page: replace(page, expires="2020-01-01T00:00:00Z"),
)
_page(
    *("token for a few seconds", "token-short"),
    lambda page: replace(
        page, expires=(datetime.now(UTC) + timedelta(seconds=9)).strftime("%Y-%m-%dT%H:%M:%SZ")
    ),
)
_page(
    *("the list ends after page 2", "records-missing"),
    lambda page: (
        replace(page, token="") if page.call.verb == _RECORDS and page.call.offset == 4 else None
    ),
)


@fault("token-of-other-accepted")
def a_token_of_any_verb_taken(provider: Provider) -> None:
    plain = provider.resume

    def resume(call: Call, token: str) -> Call:
        verb = token.split("!", maxsplit=1)[0]
        return replace(plain(Call(verb, {}), token), verb=call.verb)

    provider.resume = resume  # type: ignore[method-assign]


@fault("token-again-differs")
def a_token_leads_on_each_time(provider: Provider) -> None:
    plain, used = provider.resume, dict[str, int]()

    def resume(call: Call, token: str) -> Call:
        used[token] = used.get(token, -1) + 1
        found = plain(call, token)
        again = found.offset + used[token] * provider.page_size
        return replace(found, offset=min(again, len(provider.items) - 1))

    provider.resume = resume  # type: ignore[method-assign]


@fault("token-again-differs")
def a_token_gives_another_page_at_times(provider: Provider) -> None:
    asked = 0

    def items(call: Call, found: list[Item]) -> list[Item]:
        nonlocal asked
        asked += 1
        return found[1:] + found[:1] if call.offset and asked % 2 else found

    provider.on_items = items


def _accept(name: str, code: str, right: str, when: Callable[[dict[str, str]], bool]) -> None:
    _error(
        *(name, code),
        lambda error, request: None if error == right and when(request.arguments) else error,
    )


def _is(verb: str, *names: str) -> Callable[[dict[str, str]], bool]:
    return lambda told: told.get("verb") == verb and set(names) <= told.keys()


_accept(
    *("a bad token begins anew", "token-accepted", "badResumptionToken"),
    lambda told: told["verb"] == _RECORDS,
)
_accept(
    *("a bad token of sets is overlooked", "token-accepted", "badResumptionToken"),
    lambda told: told["verb"] == "ListSets",
)


@fault("token-argument-accepted")
def arguments_beside_a_token(provider: Provider) -> None:
    def drop(request: Request) -> Reply | None:
        if "resumptionToken" not in request.arguments or len(request.arguments) == 2:
            return None
        kept = {k: v for k, v in request.arguments.items() if k in {"verb", "resumptionToken"}}
        return provider(Request(request.path, kept, {}, tuple(kept.items())))

    provider.on_request = drop


# --- wrong requests answered

_ARGUMENTS = {
    "verb", "identifier", "metadataPrefix", "from", "until", "set", "resumptionToken"
}  # fmt: skip
_accept(
    *("unknown arguments", "argument-accepted", "badArgument"),
    lambda told: bool(told.keys() - _ARGUMENTS),
)
_accept(
    *("unknown arguments of Identify", "argument-accepted", "badArgument"),
    lambda told: told["verb"] == "Identify",
)
_accept(
    *("arguments of other verbs", "argument-accepted", "badArgument"),
    lambda told: told["verb"] == "ListSets" and "metadataPrefix" in told,
)


@fault("argument-twice-accepted")
def arguments_twice(provider: Provider) -> None:
    provider.on_error = lambda code, request: (
        None
        if code == "badArgument"
        and len(request.pairs) > len(request.arguments)
        and "metadataPrefix" in request.arguments
        else code
    )


@fault("verb-accepted")
def the_verb_twice(provider: Provider) -> None:
    provider.on_error = lambda code, request: (
        None if code == "badVerb" and request.arguments.get("verb") == "Identify" else code
    )


@fault("verb-accepted")
def no_verb_is_identify(provider: Provider) -> None:
    provider.on_error = lambda code, request: (
        None if code == "badVerb" and "verb" not in request.arguments else code
    )


@fault("argument-missing-accepted")
def a_default_format(provider: Provider) -> None:
    def filled(request: Request) -> Reply | None:
        told = request.arguments
        if told.get("verb") != _RECORDS or {"metadataPrefix", "resumptionToken"} & told.keys():
            return None
        pairs = (*request.pairs, ("metadataPrefix", "oai_dc"))
        return provider(Request(request.path, dict(pairs), {}, pairs))

    provider.on_request = filled


def _taking(
    name: str, code: str, change: Callable[[dict[str, str]], dict[str, str] | None]
) -> None:
    """Keep a fault by which a request is answered as if it were another."""

    def put(provider: Provider) -> None:
        def other(request: Request) -> Reply | None:
            if len(request.pairs) > len(request.arguments) + 1:
                return None
            told = change(dict(request.arguments))
            if told is None or told == request.arguments:
                return None
            return provider(Request(request.path, told, {}, tuple(told.items())))

        provider.on_request = other

    FAULTS[name] = (code, put)


def _other_prefix(told: dict[str, str]) -> dict[str, str] | None:
    known = told.get("metadataPrefix") in {None, "oai_dc", "marc21"}
    return None if known else {**told, "metadataPrefix": "oai_dc"}


_taking("any format is Dublin Core", "format-accepted", _other_prefix)
_taking(
    *("dates cut to days", "date-form-accepted"),
    lambda told: {k: v[:10] if k in {"from", "until"} else v for k, v in told.items()},
)
_taking(
    *("mixed granularity", "granularity-mixed-accepted"),
    lambda told: (
        {**told, "from": told["from"][:10], "until": told["until"][:10]}
        if {"from", "until"} <= told.keys() and len(told["from"]) != len(told["until"])
        else None
    ),
)
_taking(
    *("from after until is turned round", "span-backwards-accepted"),
    lambda told: (
        {**told, "from": told["until"], "until": told["from"]}
        if told.get("from", "") > told.get("until", "~")
        else None
    ),
)
_taking(
    *("dates that are none are overlooked", "date-accepted"),
    lambda told: (
        {k: v for k, v in told.items() if k != "from"} if told.get("from") == "junk" else None
    ),
)
_taking(
    *("impossible dates are overlooked", "date-accepted"),
    lambda told: (
        {k: v for k, v in told.items() if k != "from"} if told.get("from") == "2002-02-30" else None
    ),
)
_taking(
    *("unknown identifiers give the first record", "identifier-accepted"),
    lambda told: (
        {**told, "identifier": "oai:example.org:0"}
        if "no-such" in told.get("identifier", "")
        else None
    ),
)
_taking(
    *("unknown sets are everything", "set-accepted"),
    lambda told: (
        {k: v for k, v in told.items() if k != "set"} if "no-such" in told.get("set", "") else None
    ),
)
for _right, _wrong, _name in (
    ("badArgument", "badVerb", "a wrong argument is a wrong verb"),
    ("badVerb", "badArgument", "a wrong verb is a wrong argument"),
    ("badResumptionToken", "badArgument", "a bad token is a wrong argument"),
    ("cannotDisseminateFormat", "badArgument", "an unknown format is a wrong argument"),
):
    _text(_name, "wrong-error", f'code="{_right}"', f'code="{_wrong}"')
_text("idDoesNotExist is noRecordsMatch", "wrong-error", "idDoesNotExist", "noRecordsMatch")
_text("an invented error", "error-code", "idDoesNotExist", "InternalException")
_text("an error without a code", "missing-element", ' code="[A-Za-z]+"', "")
_text(
    *("an error beside content", "error-with-content", "(<error code=.badArg.*?</error>)"),
    r"\1<ListRecords/>",
)
_text(
    *("arguments repeated with badArgument", "request-attributes-on-error"),
    "<request>(.*badArgument)", r'<request verb="ListRecords">\1',
)  # fmt: skip

# --- dates


def _dated(name: str, code: str, keep: Callable[[Call, Item, str, str], bool]) -> None:
    def put(provider: Provider) -> None:
        def found(call: Call, items: list[Item]) -> list[Item]:
            start, until = call.get("from"), call.get("until")
            return [item for item in items if keep(call, item, start, until)]

        provider.on_items = found

    FAULTS[name] = (code, put)


def _whole_stamp(item: Item) -> str:
    return format_stamp(item.stamp)


_dated(
    *("from is exclusive", "from-exclusive"),
    lambda _, item, start, __: _whole_stamp(item) != start,
)
_dated(
    *("until is exclusive", "until-exclusive"),
    lambda _, item, __, until: _whole_stamp(item) != until,
)
_dated(
    *("until a day is until its beginning", "until-exclusive"),
    lambda _, item, __, until: (
        not (until and len(until) == 10 and _whole_stamp(item)[:10] == until)
    ),
)
_dated(
    *("from is exclusive in lists of records", "from-exclusive"),
    lambda call, item, start, __: call.verb != _RECORDS or _whole_stamp(item) != start,
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
    when=lambda c: c.verb == _RECORDS,
)
_ignoring("set ignored", "set-ignored", "set", when=lambda _: True)
_ignoring("set ignored on later pages", "set-ignored", "set", when=lambda c: c.offset > 0)
_ignoring(
    *("set ignored by lists of records", "set-ignored", "set"), when=lambda c: c.verb == _RECORDS
)
_ignoring(*("set ignored with from", "set-ignored", "set"), when=lambda c: bool(c.get("from")))
_items("sets do not hold those below them", "set-hierarchy")(
    lambda call, items: [
        item for item in items if not call.get("set") or call.get("set") in item.sets
    ]
)
_items("a set lacks a record", "set-incomplete")(
    lambda call, items: _without(items, 2) if call.get("set") == "c" else items
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


_header(
    *("a datestamp of the future", "datestamp-future"),
    lambda _, item: replace(item, stamp=4_000_000_000) if item.identifier.endswith(":6") else item,
)
_text(
    *("datestamps as days", "datestamp-granularity"),
    *(r"<datestamp>(.{10}).*?</datestamp>", r"<datestamp>\1</datestamp>"),
    _RECORDS,
)
_text(
    *("datestamps with fractions", "datestamp-form"),
    *(r"(<datestamp>.{19})Z", r"\1.000Z"),
    _HEADERS,
)
_text("a datestamp without a zone", "datestamp-form", r"(<datestamp>.{19})Z", r"\1", _RECORDS)

# --- records one by one

_header(
    *("another datestamp in GetRecord", "get-record-header"),
    lambda call, item: (
        replace(item, stamp=item.stamp + 60)
        if call.verb == "GetRecord" and item.identifier.endswith(":6")
        else item
    ),
)
_header(
    *("no sets in GetRecord", "get-record-header"),
    lambda call, item: replace(item, sets=()) if call.verb == "GetRecord" else item,
)
_header(
    *("other datestamps in lists of headers", "header-differs"),
    lambda call, item: (
        replace(item, stamp=item.stamp + 60)
        if call.verb == _HEADERS and item.identifier.endswith(":6")
        else item
    ),
)
_header(
    *("no sets in lists of headers", "header-differs"),
    lambda call, item: replace(item, sets=()) if call.verb == _HEADERS else item,
)
_header(
    *("deleted in lists of headers only", "header-differs"),
    lambda call, item: (
        replace(item, deleted=True)
        if call.verb == _HEADERS and item.identifier.endswith(":6")
        else item
    ),
)
_header(
    *("a set that is not listed", "set-unlisted"),
    lambda _, item: replace(item, sets=(*item.sets, "secret")),
)
_text("other metadata in GetRecord", "get-record-metadata", "Nhan đề", "Đề mục", "GetRecord")
_text(
    *("another record from GetRecord", "get-record-other"),
    *("<identifier>.*?</identifier>", "<identifier>oai:example.org:99</identifier>"),
    "GetRecord",
)
_taking(
    *("deleted records unknown to GetRecord", "get-record-deleted"),
    lambda told: (
        {**told, "identifier": "oai:example.org:nothing"}
        if told.get("verb") == "GetRecord" and told.get("identifier", "").endswith(":3")
        else None
    ),
)
_taking(
    *("a record unknown to GetRecord", "get-record-refused"),
    lambda told: (
        {**told, "identifier": "oai:example.org:nothing"}
        if told.get("verb") == "GetRecord" and told.get("identifier", "").endswith(":6")
        else None
    ),
)


def _record(name: str, code: str, change: Callable[[Call, Item, str], str]) -> None:
    def put(provider: Provider) -> None:
        provider.on_record = change

    FAULTS[name] = (code, put)


_METADATA = "<metadata><x:y xmlns:x='http://example.org/x'/></metadata>"
_record(
    *("deleted with metadata", "deleted-with-metadata"),
    lambda _, item, xml: xml.replace("</header>", f"</header>{_METADATA}") if item.deleted else xml,
)
_record(
    *("deleted with metadata on page 3 only", "deleted-with-metadata"),
    lambda call, item, xml: (
        xml.replace("</header>", f"</header>{_METADATA}")
        if item.deleted and call.offset == _THIRD_PAGE
        else xml
    ),
)
_record(
    *("a record without metadata", "no-metadata"),
    lambda _, item, xml: (
        re.sub("<metadata>.*</metadata>", "", xml) if item.identifier.endswith(":6") else xml
    ),
)
_record(
    *("metadata in the envelope's namespace", "metadata-namespace"),
    lambda _call, _item, xml: re.sub("<metadata>.*</metadata>", "<metadata><a/></metadata>", xml),
)
_record(
    *("two elements in metadata", "unexpected-element"),
    lambda _call, _item, xml: xml.replace("</metadata>", "<x xmlns='http://e.org'/></metadata>"),
)
_record(
    *("a child in dc:title", "oai-dc"),
    lambda _call, _item, xml: xml.replace("Nhan đề", "<b xmlns='http://e.org'>Nhan</b> đề"),
)
_record(
    *("an element that is not of Dublin Core", "oai-dc"),
    lambda _call, _item, xml: xml.replace("dc:title>", "dc:titel>"),
)
_record(
    *("Dublin Core of another namespace", "format-mixed"),
    lambda _call, _item, xml: xml.replace(f'"{OAI_DC}"', '"http://example.org/oai_dc/"'),
)
_record(
    *("MARC without indicators", "marc21"),
    lambda _call, _item, xml: xml.replace(' ind1="0"', ""),
)
_record(
    *("a MARC leader of 10 signs", "marc21"),
    lambda _call, _item, xml: xml.replace("00000nam a2200000 a 4500", "00000nam a"),
)
_record(
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


# --- Identify and the envelope

_text("protocolVersion 1.1", "illegal-value", "2.0</protocolV", "1.1</protocolV", "Identify")
_text("an e-mail address that is none", "illegal-value", "a@example.org", "quản trị", "Identify")
_text("no e-mail address", "missing-element", "<adminEmail>.*</adminEmail>", "", "Identify")
_text("deletedRecord yes", "illegal-value", ">persistent<", ">yes<", "Identify")
_text("a granularity of minutes", "illegal-value", "YYYY-MM-DDThh:mm:ssZ<", "minutes<", "Identify")
_text("no granularity", "missing-element", "<granularity>.*</granularity>", "", "Identify")
_text("no name", "no-name", "<repositoryName>.*?</", "<repositoryName></", "Identify")
_text(
    *("Identify in another order", "unexpected-element"),
    *("(<repositoryName>.*</repositoryName>)(<baseURL>.*</baseURL>)", r"\2\1"),
    "Identify",
)
_text(
    *("a baseURL of this machine alone", "base-url", "<baseURL>.*</baseURL>"),
    *("<baseURL>http://localhost:8080/oai</baseURL>", "Identify"),
)
_text(
    *("a baseURL that is no URL", "base-url-form", "<baseURL>.*</baseURL>"),
    *("<baseURL>/oai</baseURL>", "Identify"),
)
_text(
    *("a sample identifier of another repository", "oai-identifier-sample"),
    *("<sampleIdentifier>oai:example.org", "<sampleIdentifier>oai:other.org", "Identify"),
)
_text(
    *("oai-identifier without a delimiter", "oai-identifier"),
    *("<delimiter>:</delimiter>", "", "Identify"),
)
_text("a responseDate with a fraction", "response-date", "Z</responseDate>", ".5Z</responseDate>")
_text("a responseDate without a zone", "response-date", "Z</responseDate>", "</responseDate>")
_text("a responseDate of a day", "response-date", "T[^<]*Z</responseDate>", "</responseDate>")
_text("a request of another address", "request-url", r"(<request[^>]*>)[^<]*", r"\1http://x.org/")
_text(
    *("a request without its arguments", "request-attributes"),
    *("<request [^>]*>", "<request>", _RECORDS),
)
_text(
    *("a request with the verb of another", "request-attributes"),
    *('<request verb="[A-Za-z]*"', '<request verb="Identify"', _HEADERS),
)
_text("no schemaLocation", "no-schema-location", r' xsi:schemaLocation="[^"]*"', "", "Identify")
_text("an element that is unknown", "unexpected-element", "</request>", "</request><x/>")
_text("an attribute that is unknown", "unexpected-attribute", "<header>", '<header a="1">')
_text("a setSpec with a slash", "set-spec", "<setSpec>a:b<", "<setSpec>a/b<")
_text("a status of live", "illegal-value", "<header>", '<header status="live">', _RECORDS)


@fault("clock-zone")
def the_clock_of_viet_nam_as_utc(provider: Provider) -> None:
    def late() -> str:
        return (datetime.now(UTC) + timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M:%SZ")

    provider.now = late  # type: ignore[method-assign]


# --- bytes

_TCVN3 = (
    "ThuyÕt minh gi¸o ¸n ®iÖn tö",
    "LÞch sö ViÖt Nam thêi kú cËn ®¹i",
    "Nh÷ng vÊn ®Ò vÒ gi¸o dôc ®¹i häc",
    "TuyÓn tËp truyÖn ng¾n hay",
)

_bytes("a page cut", "not-well-formed", lambda body: body[: len(body) // 2], _RECORDS)
_bytes("a bare ampersand", "not-well-formed", lambda body: body.replace("đề".encode(), b"&", 1))
_bytes("a control character", "not-well-formed", lambda body: body.replace(b"Nhan", b"N\x0b", 1))
_bytes("latin bytes in UTF-8", "bad-utf-8", lambda body: body.replace("đ".encode(), b"\xf0", 1))
_bytes("a document type", "doctype", lambda b: b.replace(b"?>", b"?><!DOCTYPE OAI-PMH>", 1))
_bytes(
    *("text before the document", "not-well-formed"),
    lambda body: b"Notice: Undefined index\n" + body,
)
_bytes("blank lines before the document", "not-well-formed", lambda body: b"\n" + body)
_bytes("text behind the document", "not-well-formed", lambda body: body + b"Notice: x", _RECORDS)
_bytes(
    *("UTF-8 that is called Latin-1", "not-utf-8"),
    lambda body: body.replace(b'encoding="UTF-8"', b'encoding="ISO-8859-1"'),
)
_bytes(
    *("Latin-1", "not-utf-8"),
    lambda body: (
        body.decode().replace('encoding="UTF-8"', 'encoding="ISO-8859-1"')
        .encode("iso-8859-1", "xmlcharrefreplace")
    ),
)  # fmt: skip
_bytes(
    *("UTF-16", "not-utf-8"),
    lambda body: body.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"').encode("utf-16"),
)
_bytes(
    *("text encoded twice", "text-misread"),
    lambda body: body.replace(
        "Nhan đề thứ".encode(), "Nhan đề thứ".encode().decode("latin-1").encode()
    ),
)
_bytes(
    "text with a lost letter", "text-lost", lambda body: body.replace("đ".encode(), b"\xef\xbf\xbd")
)
_bytes(
    *("text of TCVN3", "text-old-encoding"),
    lambda body: re.sub(
        "Nhan đề thứ [0-9]*([0-9])".encode(),
        lambda match: _TCVN3[int(match[1]) % len(_TCVN3)].encode(),
        body,
    ),
)
_bytes("an empty answer", "empty-answer", lambda _: b"", "ListSets")
_bytes("a page of HTML", "html-page", lambda _: b"<!DOCTYPE html><html><body>x", "ListSets")
_bytes("another kind of XML", "not-oai", lambda _: b"<?xml version='1.0'?><rss/>", "ListSets")

# --- HTTP

_reply("application/xml", "content-type", lambda _, r: replace(r, kind="application/xml"))
_reply("text/html", "content-type", lambda _, r: replace(r, kind="text/html; charset=utf-8"))
_reply(
    *("charset of HTTP is Latin-1", "charset"),
    lambda _, r: replace(r, kind="text/xml; charset=iso-8859-1"),
)
_reply(
    *("errors with HTTP 400", "status-with-error"),
    lambda _, r: replace(r, status=HTTPStatus.BAD_REQUEST) if b"<error" in r.body else r,
)
_reply(
    *("HTTP 500 for wrong requests", "http-status"),
    lambda _, r: (
        Reply(status=500, body=b"Internal Server Error") if b"badArgument" in r.body else r
    ),
)
_reply(
    *("HTTP 404 for unknown identifiers", "http-status"),
    lambda _, r: Reply(status=404, body=b"Not found") if b"idDoesNotExist" in r.body else r,
)
_reply(
    *("page 3 is HTTP 500", "http-status"),
    lambda request, r: (
        Reply(status=500, body=b"Internal Server Error")
        if request.arguments.get("resumptionToken", "").endswith("!8")
        else r
    ),
)
_reply(
    *("gzip announced and not done", "packed-undone"),
    lambda _, r: replace(r, headers={"Content-Encoding": "gzip"}),
)
_reply(
    *("gzip done and not announced", "packed-unsaid"),
    lambda _, r: replace(r, body=gzip.compress(r.body)),
)
_reply(
    *("gzip for whoever does not want it", "packed-always"),
    lambda _, r: replace(r, body=gzip.compress(r.body), headers={"Content-Encoding": "gzip"}),
)


@fault("no-retry-after")
def busy_without_saying_how_long(provider: Provider) -> None:
    asked = 0

    def busy(_: Request) -> Reply | None:
        nonlocal asked
        asked += 1
        return Reply(status=503) if asked % 50 == 1 else None

    provider.on_request = busy


@fault("post")
def post_is_not_understood(provider: Provider) -> None:
    provider.on_request = lambda request: Reply(status=405) if request.posted else None


@fault("post")
def what_is_posted_is_not_read(provider: Provider) -> None:
    provider.on_request = lambda request: (
        Reply(body=provider.envelope("", '<error code="badVerb">no</error>').encode())
        if request.posted
        else None
    )


@fault("token-once")
def each_token_once(provider: Provider) -> None:
    plain, used, issued = provider.resume, set[str](), 0
    plain_token = provider.token

    def token(call: Call, offset: int) -> str:
        nonlocal issued
        issued += 1
        return f"{plain_token(call, offset)}!{issued}"

    def resume(call: Call, token: str) -> Call:
        if token in used:
            raise ValueError(token)
        found = plain(call, token.rpartition("!")[0])
        used.add(token)
        return found

    provider.token, provider.resume = token, resume  # type: ignore[method-assign]


@fault("granularity-finer-accepted")
def seconds_taken_by_a_repository_of_days(provider: Provider) -> None:
    provider.granularity = Granularity.DAY
    provider.on_error = lambda code, request: (
        None
        if code == "badArgument"
        and {len(request.arguments.get(name, "12345678901234567890")) for name in ("from", "until")}
        == {20}
        and request.arguments.get("metadataPrefix") == "oai_dc"
        and len(request.pairs) == len(request.arguments)
        and request.arguments.keys() <= _ARGUMENTS - {"identifier", "resumptionToken"}
        else code
    )


@fault("until-exclusive")
def until_a_day_is_exclusive(provider: Provider) -> None:
    provider.granularity = Granularity.DAY
    provider.on_items = lambda call, items: [
        item for item in items if format_stamp(item.stamp, Granularity.DAY) != call.get("until")
    ]


@fault("tombstones-missing")
def tombstones_in_no_list(provider: Provider) -> None:
    provider.on_items = lambda _, items: [item for item in items if not item.deleted]


@fault("skipped")
def a_record_in_no_list(provider: Provider) -> None:
    provider.on_items = lambda _, items: _without(items, 6) if len(items) > 6 else items


@fault("after-until")
def until_ignored_on_later_pages(provider: Provider) -> None:
    plain = provider.resume

    def resume(call: Call, token: str) -> Call:
        found = plain(call, token)
        kept = {name: value for name, value in found.arguments.items() if name != "until"}
        return replace(found, arguments=kept)

    provider.resume = resume  # type: ignore[method-assign]


@fault("format-mixed")
def the_format_is_lost_with_the_token(provider: Provider) -> None:
    plain = provider.resume
    provider.resume = lambda call, token: replace(  # type: ignore[method-assign]
        found := plain(call, token), arguments={**found.arguments, "metadataPrefix": "oai_dc"}
    )


@fault("token-refused")
def a_last_page_of_nothing(provider: Provider) -> None:
    plain = provider.on_page

    def one_more(page: Page) -> Page:
        page = plain(page)
        if page.call.verb == _RECORDS and not page.token and page.call.offset:
            page.token = provider.token(page.call, 900)
        return page

    def refused(call: Call, items: list[Item]) -> list[Item]:
        return [] if call.offset == 900 else items

    provider.on_page, provider.on_items = one_more, refused


_record(
    *("a prefix that is not declared", "not-well-formed"),
    lambda _call, _item, xml: xml.replace("<dc:title>", "<dcterms:a/><dc:title>"),
)
_text(
    *("an expiry without a zone", "illegal-value", "<resumptionToken"),
    '<resumptionToken expirationDate="2099-01-01T00:00:00"',
)
_text("a list size of 0", "illegal-value", 'completeListSize="14"', 'completeListSize="0"')
_text("a cursor that is no number", "illegal-value", 'cursor="4"', 'cursor="four"')
_text("nothing in an answer", "missing-element", "<ListSets>.*</ListSets>", "", "ListSets")
_text(
    "a list that is empty",
    "missing-element",
    '<error code="noRecordsMatch">no</error>',
    "<ListRecords/>",
)
_text("a set without a name", "missing-element", "<setName>.*?</setName>", "", "ListSets")
_text("no schema of a format", "missing-element", "<schema>.*?</schema>", "", "ListMetadataFormats")
_reply("no content type", "content-type", lambda _, r: replace(r, kind=""))
_reply(
    *("pages that break off", "broke-off"),
    lambda request, r: (
        replace(r, cut=300) if request.arguments.get("resumptionToken", "").endswith("!4") else r
    ),
)

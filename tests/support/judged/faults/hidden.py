"""Faults that show only when one looks twice, or where lists do not."""

from __future__ import annotations

import random
from dataclasses import replace

from support.judged.faults.keeping import (
    HEADERS,
    RECORDS,
    THIRD_PAGE,
    fault,
    of_record,
    of_reply,
    of_text,
    without,
)
from support.judged.provider import Call, Item, Page, Provider
from support.loopback import Reply


@fault("tombstones-missing")
def tombstones_in_no_list(provider: Provider) -> None:
    provider.on_items = lambda _, items: [item for item in items if not item.deleted]


@fault("skipped")
def a_record_in_no_list(provider: Provider) -> None:
    provider.on_items = lambda _, items: without(items, 6) if len(items) > 6 else items


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
        if page.call.verb == RECORDS and not page.token and page.call.offset:
            page.token = provider.token(page.call, 900)
        return page

    def refused(call: Call, items: list[Item]) -> list[Item]:
        return [] if call.offset == 900 else items

    provider.on_page, provider.on_items = one_more, refused


of_record(
    *("a prefix that is not declared", "not-well-formed"),
    lambda _call, _item, xml: xml.replace("<dc:title>", "<dcterms:a/><dc:title>"),
)
of_text(
    *("an expiry without a zone", "illegal-value", "<resumptionToken"),
    '<resumptionToken expirationDate="2099-01-01T00:00:00"',
)
of_text("a list size of 0", "illegal-value", r'completeListSize="\d+"', 'completeListSize="0"')
of_text("a cursor that is no number", "illegal-value", 'cursor="4"', 'cursor="four"')
of_text("nothing in an answer", "missing-element", "<ListSets>.*</ListSets>", "", "ListSets")
of_text(
    "a list that is empty",
    "missing-element",
    '<error code="noRecordsMatch">no</error>',
    "<ListRecords/>",
)
of_text("a set without a name", "missing-element", "<setName>.*?</setName>", "", "ListSets")
of_text(
    "no schema of a format", "missing-element", "<schema>.*?</schema>", "", "ListMetadataFormats"
)
of_reply("no content type", "content-type", lambda _, r: replace(r, kind=""))
of_reply(
    *("pages that break off", "broke-off"),
    lambda request, r: (
        replace(r, cut=300) if request.arguments.get("resumptionToken", "").endswith("!4") else r
    ),
)


@fault("order-unstable")
def another_order_within_each_page(provider: Provider) -> None:
    def mixed(page: Page) -> Page:
        if page.call.verb != RECORDS or len(page.items) < provider.page_size:
            return page
        chance = random.Random(provider.requests)
        return replace(page, items=chance.sample(list(page.items), len(page.items)))

    provider.on_page = mixed


@fault("endless-list")
def a_list_of_new_records_without_end(provider: Provider) -> None:
    def more(page: Page) -> Page:
        if page.call.verb != HEADERS or page.call.offset < THIRD_PAGE:
            return page
        made = [
            replace(provider.items[0], identifier=f"oai:example.org:x{page.call.offset + n}")
            for n in range(300)
        ]
        return replace(page, items=made, token=provider.token(page.call, page.call.offset + 300))

    def found(call: Call, items: list[Item]) -> list[Item]:
        return items or provider.items[:1]

    provider.on_page, provider.on_items = more, found


@fault("format-namespace")
def a_format_of_another_namespace_than_announced(provider: Provider) -> None:
    schema, _ = provider.formats["marc21"]
    provider.formats["marc21"] = (schema, "http://example.org/marc/")


@fault("no-retry-after")
def busy_with_a_date_that_is_none(provider: Provider) -> None:
    provider.on_request = lambda _: (
        Reply(status=503, headers={"Retry-After": "soon"}) if provider.requests % 50 == 1 else None
    )

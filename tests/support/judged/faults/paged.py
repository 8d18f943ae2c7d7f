"""How lists are cut into pages: cursors, sizes, tokens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from support.judged.faults.keeping import (
    FAULTS,
    HEADERS,
    LISTS,
    RECORDS,
    THIRD_PAGE,
    accept,
    fault,
    of_page,
)
from support.judged.provider import Call, Item, Page, Provider
from support.loopback import Reply, Request


def _skip(page: Page) -> Page | None:
    if page.call.verb in LISTS and page.call.offset == THIRD_PAGE:
        return replace(page, items=())
    return None


def _skipped(verbs: set[str]) -> Callable[[Provider], None]:
    def put(provider: Provider) -> None:
        plain = provider.token

        def token(call: Call, offset: int) -> str:
            skips = offset == THIRD_PAGE and call.verb in verbs
            return plain(call, offset + provider.page_size if skips else offset)

        provider.token = token  # type: ignore[method-assign] # what it is for
        provider.on_page = lambda page: replace(page, size=None, cursor=None)

    return put


FAULTS["page 3 skipped in all lists"] = ("skipped", _skipped(LISTS))
FAULTS["page 3 skipped in lists of records"] = ("records-missing", _skipped({RECORDS}))
FAULTS["page 3 skipped in lists of headers"] = ("records-missing", _skipped({HEADERS}))


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
        if page.call.verb == RECORDS and not page.token and page.call.offset:
            page.token = provider.token(page.call, page.call.offset)
        return page

    provider.on_page = again


def _wrong_size(change: Callable[[Page], bool]) -> Callable[[Page], Page | None]:
    return lambda page: (
        replace(page, size=(page.size or 0) + 7)
        if page.call.verb in LISTS and change(page)
        else None
    )


of_page("completeListSize too large", "list-size", _wrong_size(lambda _: True))
of_page(
    *("completeListSize wrong on the last page", "list-size"),
    _wrong_size(lambda page: not page.token),
)
of_page(
    *("completeListSize wrong on page 2", "size-changes"),
    _wrong_size(lambda page: page.call.offset == 4 and page.call.verb == RECORDS),
)
of_page(
    *("completeListSize is that of the page", "list-size"),
    lambda page: replace(page, size=len(page.items) or 1),
)
of_page(
    *("completeListSize of the whole in sets", "list-size"),
    lambda page: replace(page, size=14) if page.call.get("set") else None,
)
of_page(
    *("completeListSize wrong in lists of sets", "list-size"),
    lambda page: replace(page, size=40) if page.call.verb == "ListSets" else None,
)
of_page(
    *("cursor begins at 1", "cursor"),
    lambda page: replace(page, cursor=(page.cursor or 0) + 1),
)
of_page(
    *("cursor counts pages", "cursor"),
    lambda page: replace(page, cursor=(page.cursor or 0) // 4),
)
of_page(
    *("cursor is that of the next page", "cursor"),
    lambda page: replace(page, cursor=(page.cursor or 0) + len(page.items) or 2),
)
of_page(
    *("cursor always 0", "cursor"),
    lambda page: replace(page, cursor=0) if page.call.verb == RECORDS else None,
)
for _verb in (RECORDS, HEADERS, "ListSets"):
    of_page(
        *(f"no last token for {_verb}", "no-last-token"),
        lambda page, verb=_verb: (  # type: ignore[misc] # the loop's value
            replace(page, has_token=False) if page.call.verb == verb and not page.token else None
        ),
    )
of_page(
    *("token already expired", "token-expired"),
    lambda page: replace(page, expires="2020-01-01T00:00:00Z"),
)
of_page(
    *("token for a few seconds", "token-short"),
    lambda page: replace(
        page, expires=(datetime.now(UTC) + timedelta(seconds=9)).strftime("%Y-%m-%dT%H:%M:%SZ")
    ),
)
of_page(
    *("the list ends after page 2", "records-missing"),
    lambda page: (
        replace(page, token="") if page.call.verb == RECORDS and page.call.offset == 4 else None
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


def _is(verb: str, *names: str) -> Callable[[dict[str, str]], bool]:
    return lambda told: told.get("verb") == verb and set(names) <= told.keys()


accept(
    *("a bad token begins anew", "token-accepted", "badResumptionToken"),
    lambda told: told["verb"] == RECORDS,
)
accept(
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

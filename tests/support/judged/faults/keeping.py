"""How faults are kept: by name, with the code that has to be found, and how they are put in."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from protocols.oai import format_stamp
from support.judged.provider import Call, Item, Page, Provider
from support.loopback import Reply, Request

Put = Callable[[Provider], None]
FAULTS: dict[str, tuple[str, Put]] = {}
"""The code that has to be found, and how the fault is put in, by the fault's name."""
LISTS = {"ListRecords", "ListIdentifiers"}
RECORDS = "ListRecords"
HEADERS = "ListIdentifiers"
THIRD_PAGE = 8


def fault(code: str) -> Callable[[Put], Put]:
    """Keep a fault under its function's name."""

    def keep(put: Put) -> Put:
        FAULTS[put.__name__] = (code, put)
        return put

    return keep


def of_items(name: str, code: str, *verbs: str) -> Callable[[Any], None]:
    """Keep a fault of what lists hold: a function of call and items."""

    def keep(change: Callable[[Call, list[Item]], list[Item]]) -> None:
        def put(provider: Provider) -> None:
            provider.on_items = lambda call, items: (
                change(call, items) if call.verb in (verbs or LISTS) else items
            )

        FAULTS[name] = (code, put)

    return keep


def of_page(name: str, code: str, change: Callable[[Page], Page | None]) -> None:
    """Keep a fault of pages: a function that changes them."""

    def put(provider: Provider) -> None:
        provider.on_page = lambda page: change(page) or page

    FAULTS[name] = (code, put)


def of_header(name: str, code: str, change: Callable[[Call, Item], Item]) -> None:
    def put(provider: Provider) -> None:
        provider.on_header = change

    FAULTS[name] = (code, put)


def of_text(name: str, code: str, old: str, new: str, verb: str = "") -> None:
    """Keep a fault of the text of answers, to a verb or to all."""

    def put(provider: Provider) -> None:
        provider.on_answer = lambda request, xml: (
            re.sub(old, new, xml, count=1) if verb in ("", request.arguments.get("verb")) else xml
        )

    FAULTS[name] = (code, put)


def of_bytes(name: str, code: str, change: Callable[[bytes], bytes], verb: str = "") -> None:
    def put(provider: Provider) -> None:
        provider.on_bytes = lambda request, body: (
            change(body) if verb in ("", request.arguments.get("verb")) else body
        )

    FAULTS[name] = (code, put)


def of_reply(name: str, code: str, change: Callable[[Request, Reply], Reply]) -> None:
    def put(provider: Provider) -> None:
        provider.on_reply = change

    FAULTS[name] = (code, put)


def of_error(name: str, code: str, change: Callable[[str, Request], str | None]) -> None:
    def put(provider: Provider) -> None:
        provider.on_error = change

    FAULTS[name] = (code, put)


def accept(name: str, code: str, right: str, when: Callable[[dict[str, str]], bool]) -> None:
    of_error(
        *(name, code),
        lambda error, request: None if error == right and when(request.arguments) else error,
    )


def taking(name: str, code: str, change: Callable[[dict[str, str]], dict[str, str] | None]) -> None:
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


def of_record(name: str, code: str, change: Callable[[Call, Item, str], str]) -> None:
    def put(provider: Provider) -> None:
        provider.on_record = change

    FAULTS[name] = (code, put)


ARGUMENTS = {"verb", "identifier", "metadataPrefix", "from", "until", "set", "resumptionToken"}


def without(items: Sequence[Item], place: int) -> list[Item]:
    return [item for n, item in enumerate(items) if n != place]


def whole_stamp(item: Item) -> str:
    return format_stamp(item.stamp)

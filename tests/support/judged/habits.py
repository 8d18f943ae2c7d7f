"""More that a repository may do: what it holds and how it is served, none of it wrong."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from protocols.oai import DC, OAI_DC, Granularity
from support.judged.provider import Call, Item, Provider, library
from support.judged.variants import VARIANTS, variant
from support.loopback import Reply, Request

__all__ = ["VARIANTS"]


@variant
def everything_from_today(provider: Provider) -> None:
    provider.granularity = Granularity.DAY
    provider.items = [replace(item, stamp=int(time.time())) for item in provider.items]


@variant
def everything_from_just_now(provider: Provider) -> None:
    provider.items = [replace(item, stamp=int(time.time()) - 1) for item in provider.items]


@variant
def everything_at_midnight(provider: Provider) -> None:
    provider.items = [replace(item, stamp=item.stamp // 86_400 * 86_400) for item in provider.items]


@variant
def everything_deleted(provider: Provider) -> None:
    provider.items = [replace(item, deleted=True) for item in provider.items]


@variant
def signs_in_identifiers(provider: Provider) -> None:
    provider.items = [
        replace(item, identifier=f"oai:example.org:a/b?c={n}&d=%2F+;'(é)#{n}")
        for n, item in enumerate(provider.items)
    ]


@variant
def many_sets(provider: Provider) -> None:
    provider.sets = (*provider.sets, *(f"s:{n}" for n in range(80)), "s")


@variant
def sets_with_descriptions(provider: Provider) -> None:
    about = (
        f'<setDescription><o:dc xmlns:o="{OAI_DC}" xmlns:d="{DC}"><d:description>Bộ'
        "</d:description></o:dc></setDescription>"
    )
    provider.on_answer = lambda _, xml: xml.replace("</set>", f"{about}</set>")


@variant
def descriptions_of_the_repository(provider: Provider) -> None:
    friends = (
        '<description><friends xmlns="http://www.openarchives.org/OAI/2.0/friends/">'
        "<baseURL>http://example.org/oai</baseURL></friends></description>"
    )
    provider.on_answer = lambda _, xml: xml.replace("</Identify>", f"{friends}</Identify>")


@variant
def no_description_of_identifiers(provider: Provider) -> None:
    provider.items = [
        replace(item, identifier=item.identifier.replace("oai:example.org:", "hdl:1234/"))
        for item in provider.items
    ]
    provider.on_answer = lambda _, xml: re.sub("<description>.*</description>", "", xml)


@variant
def tokens_for_two_minutes(provider: Provider) -> None:
    def soon() -> str:
        return (datetime.now(UTC) + timedelta(minutes=2)).strftime("%Y-%m-%dT%H:%M:%SZ")

    provider.on_page = lambda page: replace(page, expires=soon() if page.token else "")


@variant
def a_declaration_in_single_quotes(provider: Provider) -> None:
    provider.declaration = "<?xml version='1.0' encoding='utf-8' standalone='yes'?>\n"


@variant
def a_page_of_a_thousand(provider: Provider) -> None:
    provider.items, provider.page_size = library(300), 1000


@variant
def many_pages(provider: Provider) -> None:
    provider.items, provider.page_size = library(120), 5


@variant
def an_earliest_datestamp_long_ago(provider: Provider) -> None:
    provider.earliest = "1900-01-01T00:00:00Z"


@variant
def an_earliest_datestamp_before_all_time(provider: Provider) -> None:
    provider.earliest = "0001-01-01T00:00:00Z"


@variant
def connections_that_end_with_each_answer(provider: Provider) -> None:
    provider.on_reply = lambda _, reply: replace(
        reply, length=False, headers={"Content-Encoding": "identity"}
    )


@variant
def tokens_that_name_a_session(provider: Provider) -> None:
    """One token for each list, good for its next page whichever that is."""
    places, plain = dict[str, Call](), provider.resume
    plain_token, made = provider.token, dict[str, str]()

    def named(call: Call, offset: int) -> str:
        wanted = call.arguments.pop("session", "")
        name = wanted or f"session-{len(places)}"
        made[name] = plain_token(call, offset)
        places[name] = call
        return name

    def resume(call: Call, token: str) -> Call:
        if token not in made:
            raise ValueError(token)
        found = plain(call, made[token])
        return Call(found.verb, {**found.arguments, "session": token}, found.offset)

    provider.token, provider.resume = named, resume  # type: ignore[method-assign]


@variant
def posts_are_redirected(provider: Provider) -> None:
    def moved(request: Request) -> Reply | None:
        if request.posted and not request.path.endswith("/new"):
            return Reply(status=307, headers={"Location": "/new"})
        return None

    provider.on_request = moved


@variant
def a_set_of_everything(provider: Provider) -> None:
    provider.sets = (*provider.sets, "all")
    provider.items = [replace(item, sets=(*item.sets, "all")) for item in provider.items]


@variant
def new_records_all_the_time(provider: Provider) -> None:
    def add(request: Request) -> Reply | None:
        number = 2000 + provider.requests
        if provider.requests % 4 == 0 and "resumptionToken" not in request.arguments:
            item = Item(identifier=f"oai:example.org:{number}", stamp=int(time.time()), sets=("a",))
            provider.items.append(item)
        return None

    provider.on_request = add

"""What a repository may do otherwise without being wrong, each put into one that keeps to rules."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import urlencode

from protocols.oai import Granularity
from support.judged.provider import Call, Item, Provider, Refusal
from support.loopback import Reply, Request

Put = Callable[[Provider], None]
VARIANTS: dict[str, Put] = {}


def variant(put: Put) -> Put:
    """Keep a variant under its function's name."""
    VARIANTS[put.__name__] = put
    return put


@variant
def as_it_is(_: Provider) -> None:
    pass


@variant
def a_prefixed_envelope(provider: Provider) -> None:
    provider.prefix = "oai:"


@variant
def a_byte_order_mark(provider: Provider) -> None:
    provider.on_bytes = lambda _, body: b"\xef\xbb\xbf" + body


@variant
def redirects_without_a_host(provider: Provider) -> None:
    provider.on_request = lambda request: (
        None
        if request.path.endswith("/new")
        else Reply(status=302, headers={"Location": "new?" + _query(request)})
    )
    provider.on_answer = lambda _, xml: xml.replace("/oai<", "/new<")


def _query(request: Request) -> str:
    return urlencode(request.pairs) if not request.posted else ""


@variant
def a_redirect_for_good(provider: Provider) -> None:
    provider.on_request = lambda request: (
        None
        if request.path.endswith("/new")
        else Reply(status=301, headers={"Location": "/new?" + _query(request)})
    )


def _busy(retry: Callable[[], str]) -> Put:
    def put(provider: Provider) -> None:
        asked = 0

        def busy(_: Request) -> Reply | None:
            nonlocal asked
            asked += 1
            if asked % 40 != 3:
                return None
            return Reply(
                status=503, headers={"Retry-After": retry()}, body=b"busy", kind="text/html"
            )

        provider.on_request = busy

    return put


VARIANTS["503 with seconds"] = _busy(lambda: "0")
VARIANTS["503 with a date"] = _busy(
    lambda: format_datetime(datetime.now(UTC) - timedelta(seconds=5), usegmt=True)
)


def _marks(marks: str) -> Put:
    def put(provider: Provider) -> None:
        provider.token_marks = marks

    return put


for _mark in ("+a/b==", " a b ", "&<x>\"'", "%2B%20", "#é;?", "|^{}"):
    VARIANTS[f"tokens with {_mark}"] = _marks(f"x{_mark}y")


@variant
def days(provider: Provider) -> None:
    provider.granularity = Granularity.DAY


@variant
def no_sets(provider: Provider) -> None:
    provider.sets = ()


@variant
def nothing_kept_of_deletions(provider: Provider) -> None:
    provider.deleted_record = "no"
    provider.items = [item for item in provider.items if not item.deleted]


@variant
def transient(provider: Provider) -> None:
    provider.deleted_record = "transient"


@variant
def one_page(provider: Provider) -> None:
    provider.page_size = 100


@variant
def one_page_with_an_empty_token(provider: Provider) -> None:
    provider.page_size = 100
    provider.on_page = lambda page: replace(page, has_token=True)


@variant
def bare_tokens(provider: Provider) -> None:
    provider.on_page = lambda page: replace(page, size=None, cursor=None)


@variant
def tokens_that_expire_tomorrow(provider: Provider) -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    provider.on_page = lambda page: replace(page, expires=tomorrow)


@variant
def gzip_when_asked(provider: Provider) -> None:
    provider.on_reply = lambda request, reply: (
        replace(reply, body=gzip.compress(reply.body), headers={"Content-Encoding": "gzip"})
        if "gzip" in request.headers.get("Accept-Encoding", "")
        else reply
    )
    provider.on_answer = lambda _, xml: xml.replace(
        "</granularity>", "</granularity><compression>gzip</compression>"
    )


@variant
def empty(provider: Provider) -> None:
    provider.items = []


@variant
def empty_without_sets(provider: Provider) -> None:
    provider.items, provider.sets = [], ()


@variant
def one_record(provider: Provider) -> None:
    provider.items = provider.items[:1]


@variant
def only_a_deleted_record(provider: Provider) -> None:
    provider.items = provider.items[3:4]


@variant
def all_of_one_moment(provider: Provider) -> None:
    provider.items = [replace(item, stamp=1_700_000_000) for item in provider.items]


@variant
def about_containers(provider: Provider) -> None:
    about = (
        '<about><p:provenance xmlns:p="http://www.openarchives.org/OAI/2.0/provenance"/></about>'
    )
    provider.on_record = lambda _, item, xml: (
        xml if item.deleted else xml.replace("</record>", f"{about}</record>", 1)
        if xml.count("</record>") == 1 else xml
    )  # fmt: skip


@variant
def a_format_with_a_schema_nobody_reaches(provider: Provider) -> None:
    provider.formats["odd"] = ("http://nowhere.example.org/odd.xsd", "http://example.org/odd")
    plain = provider.payload
    provider.payload = lambda call, item: (  # type: ignore[method-assign]
        '<o:odd xmlns:o="http://example.org/odd" o:when="x"><b xmlns="">y</b></o:odd>'
        if call.get("metadataPrefix") == "odd"
        else plain(call, item)
    )


@variant
def cdata(provider: Provider) -> None:
    provider.on_record = lambda _c, _i, xml: re.sub(
        "(<dc:title>)(.*?)(</dc:title>)", r"\1<![CDATA[\2 & <b>]]>\3", xml
    )


@variant
def other_prefixes(provider: Provider) -> None:
    provider.on_record = lambda _c, _i, xml: xml.replace("dc:title", "t:title").replace(
        "xmlns:dc=", "xmlns:t="
    )


@variant
def a_default_namespace_in_metadata(provider: Provider) -> None:
    provider.on_record = lambda _c, _i, xml: xml.replace("oai_dc:dc", "dc").replace(
        "xmlns:oai_dc=", "xmlns="
    )


@variant
def languages_in_dublin_core(provider: Provider) -> None:
    provider.on_record = lambda _c, _i, xml: xml.replace("<dc:title>", '<dc:title xml:lang="vi">')


@variant
def comments_and_instructions(provider: Provider) -> None:
    provider.on_answer = lambda _, xml: (
        xml.replace("?>", '?><?xml-stylesheet type="text/xsl" href="/a.xsl"?><!-- x -->', 1)
        .replace("<header>", "<!-- a --><header><!-- b -->")
        .replace("</dc:title>", "<!-- c --></dc:title>")
    )


@variant
def white_space_everywhere(provider: Provider) -> None:
    provider.on_answer = lambda _, xml: (
        re.sub("(<resumptionToken[^>]*>)(.+?)(</resumptionToken>)", r"\1\n  \2\n\3", xml)
        .replace("><", ">\n  <")
        .replace(">\n  </dc:title>", "></dc:title>")
    )


@variant
def schema_location_on_the_verb(provider: Provider) -> None:
    location = provider.location
    provider.location = ""
    provider.on_answer = lambda _, xml: re.sub(
        "<(Identify|List[A-Za-z]+|GetRecord|error)([ >])", rf"<\1{location}\2", xml, count=1
    )


@variant
def http_schema_location_by_https(provider: Provider) -> None:
    provider.location = provider.location.replace(
        "http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd",
        "https://www.openarchives.org/OAI/2.0/OAI-PMH.xsd",
    )


@variant
def several_errors_at_once(provider: Provider) -> None:
    provider.on_answer = lambda _, xml: xml.replace(
        '<error code="badArgument">',
        '<error code="badArgument">a</error><error code="badArgument">',
    )


@variant
def a_clock_a_little_off(provider: Provider) -> None:
    provider.now = lambda: (  # type: ignore[method-assign]
        (datetime.now(UTC) - timedelta(minutes=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    )


@variant
def a_list_size_revised_at_the_end_only(provider: Provider) -> None:
    provider.on_page = lambda page: replace(page, size=None if page.token else page.size)


@variant
def lists_by_identifier_backwards(provider: Provider) -> None:
    provider.items.reverse()


def _lists_go_on_as_begun(provider: Provider) -> None:
    """A page by its place in a list that got shorter would be empty, which no list may be."""
    plain = provider.found
    begun: dict[str, list[str]] = {}

    def found(call: Call) -> list[Item]:
        name = provider.token(call, 0)
        if call.offset == 0:
            items = plain(call)
            begun[name] = [item.identifier for item in items]
            return items
        now = {item.identifier: item for item in provider.items}
        return [now[identifier] for identifier in begun[name]]

    provider.found = found  # type: ignore[method-assign]


@variant
def records_change_meanwhile(provider: Provider) -> None:
    _lists_go_on_as_begun(provider)

    def change(request: Request) -> Reply | None:
        now = int(datetime.now(UTC).timestamp())
        turn = provider.requests
        if turn % 9 == 0 and provider.items:
            place = (turn // 9) % 14
            item = provider.items[place]
            provider.items[place] = replace(item, stamp=now, title=f"Đổi {turn}")
        if turn % 31 == 0:
            provider.items.append(
                Item(identifier=f"oai:example.org:{1000 + turn}", stamp=now, sets=("c",))
            )
        if turn % 47 == 0:
            place = (turn // 47) % 14
            provider.items[place] = replace(provider.items[place], stamp=now, deleted=True)
        return None

    provider.on_request = change


@variant
def records_vanish_without_a_trace(provider: Provider) -> None:
    nothing_kept_of_deletions(provider)

    def change(request: Request) -> Reply | None:
        first = "resumptionToken" not in request.arguments
        if provider.requests in {12, 60, 140} and len(provider.items) > 5 and first:
            provider.items.pop()
        return None

    provider.on_request = change


@variant
def a_base_url_with_a_query(provider: Provider) -> None:
    provider.query = "?mode=oaipmh"


@variant
def fewer_records_in_a_format(provider: Provider) -> None:
    plain = provider.found
    provider.found = lambda call: [  # type: ignore[method-assign]
        item
        for item in plain(call)
        if call.get("metadataPrefix") != "marc21" or item.identifier[-1] in "0246"
    ]
    record = provider.get_record
    formats = provider.list_formats

    def get_record(call: Call) -> str:
        if call.get("metadataPrefix") == "marc21" and call.get("identifier")[-1] not in "0246":
            raise Refusal(code="cannotDisseminateFormat")
        return record(call)

    def list_formats(call: Call) -> str:
        text = formats(call)
        if call.get("identifier") and call.get("identifier")[-1] not in "0246":
            return re.sub("<metadataFormat><metadataPrefix>marc21.*?</metadataFormat>", "", text)
        return text

    provider.get_record, provider.list_formats = get_record, list_formats  # type: ignore[method-assign]


@variant
def left_a_set_is_deleted_there(provider: Provider) -> None:
    plain = provider.found

    def found(call: Call) -> list[Item]:
        items = plain(call)
        gone = provider.items[7]
        bounds = {k: v for k, v in call.arguments.items() if k in {"from", "until"}}
        here = {item.identifier for item in plain(Call(call.verb, bounds))}
        if call.get("set") == "empty" and gone.identifier in here:
            return [replace(gone, deleted=True)]
        return items

    provider.found = found  # type: ignore[method-assign]


@variant
def deleted_without_sets(provider: Provider) -> None:
    provider.items = [
        replace(item, sets=() if item.deleted else item.sets) for item in provider.items
    ]


@variant
def a_cursor_on_no_page_but_the_first(provider: Provider) -> None:
    provider.on_page = lambda page: replace(page, cursor=None if page.cursor else page.cursor)


@variant
def no_charset_and_an_old_protocol(provider: Provider) -> None:
    provider.on_reply = lambda _, reply: replace(reply, kind="text/xml", length=False)


@variant
def quotes_and_case_in_the_charset(provider: Provider) -> None:
    provider.kind = 'TEXT/XML;Charset="utf-8"'

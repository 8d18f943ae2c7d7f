"""The repository: each step of an answer is a method or a value that a test may put another for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from protocols.oai import (
    DC,
    MARC21,
    MARC21_SCHEMA,
    OAI,
    OAI_DC,
    OAI_DC_SCHEMA,
    OAI_IDENTIFIER,
    XSI,
    Granularity,
    format_stamp,
    parse_stamp,
)
from provider.oai.arguments import read
from provider.oai.errors import BadResumptionToken, OaiError
from support.loopback import Reply, Request

FORMATS = {
    "oai_dc": (OAI_DC_SCHEMA, OAI_DC),
    "marc21": (MARC21_SCHEMA, MARC21),
}
_START = 1_700_000_000
_HOURS = 7 * 3600


@dataclass(frozen=True, kw_only=True)
class Item:
    """One record."""

    identifier: str
    stamp: int
    sets: tuple[str, ...] = ()
    deleted: bool = False
    title: str = "Số đỏ"


def library(count: int = 14) -> list[Item]:
    """Return records of several days and sets, two of them deleted, two of one moment."""
    sets = (("a:b",), ("a",), ("c", "a:b"), ("c",))
    return [
        Item(
            identifier=f"oai:example.org:{n}",
            stamp=_START + _HOURS * (n if n != 5 else 4),
            sets=sets[n % len(sets)],
            deleted=n in {3, 8},
            title=f"Nhan đề thứ {n}",
        )
        for n in range(count)
    ]


@lru_cache(maxsize=4096)
def _moment(text: str, *, end: bool = False) -> int:
    """Return a date as epoch seconds, 0 for what was let in though it is none."""
    try:
        return parse_stamp(text, end=end)
    except ValueError:
        return 0


@dataclass(frozen=True)
class Call:
    """A request understood, what the first of its list asked for included."""

    verb: str
    arguments: dict[str, str]
    offset: int = 0

    def get(self, name: str) -> str:
        """Return an argument or nothing."""
        return self.arguments.get(name, "")


@dataclass
class Page:
    """A page of a list before it is written."""

    call: Call
    items: Sequence[Item]
    token: str
    """None where there is no element at all."""
    size: int | None
    cursor: int | None
    has_token: bool
    expires: str = ""


class Refusal(Exception):
    """An OAI-PMH error."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass
class Provider:
    """Answers requests; ``url`` is set once it is served."""

    items: list[Item] = field(default_factory=library)
    sets: tuple[str, ...] = ("a", "a:b", "c", "empty")
    page_size: int = 4
    granularity: Granularity = Granularity.SECOND
    deleted_record: str = "persistent"
    formats: dict[str, tuple[str, str]] = field(default_factory=lambda: dict(FORMATS))
    url: str = ""
    declaration: str = '<?xml version="1.0" encoding="UTF-8"?>\n'
    prefix: str = ""
    """Of the envelope's elements, with its colon."""
    kind: str = "text/xml; charset=utf-8"
    location: str = f' xmlns:xsi="{XSI}" xsi:schemaLocation="{OAI} {OAI}OAI-PMH.xsd"'
    earliest: str = ""
    token_marks: str = ""
    """What each token ends with."""
    query: str = ""
    """What its base URL has for a query of its own."""
    requests: int = 0

    # Steps that a test may put others for.
    on_request: Callable[[Request], Reply | None] = lambda _: None
    on_call: Callable[[Call], Call] = lambda call: call
    on_error: Callable[[str, Request], str | None] = lambda code, _: code
    """Makes another error of one, or nothing: then it is answered as if it were right."""
    on_items: Callable[[Call, list[Item]], list[Item]] = lambda _, items: items
    on_page: Callable[[Page], Page] = lambda page: page
    on_header: Callable[[Call, Item], Item] = lambda _, item: item
    on_record: Callable[[Call, Item, str], str] = lambda _call, _item, xml: xml
    on_answer: Callable[[Request, str], str] = lambda _, xml: xml
    on_bytes: Callable[[Request, bytes], bytes] = lambda _, body: body
    on_reply: Callable[[Request, Reply], Reply] = lambda _, reply: reply

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        self.requests += 1
        before = self.on_request(request)
        if before is not None:
            return before
        text = self.on_answer(request, self.answer(request))
        body = self.on_bytes(request, text.encode())
        return self.on_reply(request, Reply(body=body, kind=self.kind))

    def now(self) -> str:
        """Return the responseDate."""
        return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def answer(self, request: Request) -> str:
        """Return an answer as text."""
        pairs = [pair for pair in request.pairs if pair[0] != "mode"]
        echoed = ""
        try:
            call = self._call(pairs, request)
            echoed = self._echo(dict(pairs))
            content = self._content(call)
        except Refusal as refusal:
            if refusal.code not in {"badVerb", "badArgument"}:
                echoed = self._echo(dict(pairs))
            content = f'<{self.prefix}error code="{refusal.code}">no</{self.prefix}error>'
        return self.envelope(echoed, content)

    def envelope(self, echoed: str, content: str) -> str:
        """Return a whole document."""
        p = self.prefix
        name = f"xmlns:{p[:-1]}" if p else "xmlns"
        return (
            f'{self.declaration}<{p}OAI-PMH {name}="{OAI}"{self.location}>'
            f"<{p}responseDate>{self.now()}</{p}responseDate>"
            f"<{p}request{echoed}>{escape(self.url)}</{p}request>{content}</{p}OAI-PMH>"
        )

    def _echo(self, arguments: dict[str, str]) -> str:
        return "".join(f" {name}={quoteattr(value)}" for name, value in arguments.items())

    def _call(self, pairs: list[tuple[str, str]], request: Request) -> Call:
        try:
            arguments = dict(read(pairs).arguments)
            verb = dict(pairs)["verb"]
            self._check_dates(arguments)
        except OaiError as error:
            code = self.on_error(error.oai_code(), request)
            if code is not None:
                raise Refusal(code) from error
            arguments = {name: value for name, value in pairs if name != "verb"}
            verb = dict(pairs).get("verb", "Identify")
        except Refusal as refusal:
            code = self.on_error(refusal.code, request)
            if code is not None:
                raise Refusal(code) from refusal
            arguments, verb = dict(pairs), dict(pairs)["verb"]
        return self.on_call(self._resumed(Call(verb, arguments), request))

    def _check_dates(self, arguments: dict[str, str]) -> None:
        if self.granularity is Granularity.DAY and any(
            len(arguments.get(name, "")) > len("2024-01-01") for name in ("from", "until")
        ):
            raise Refusal(code="badArgument")

    def _resumed(self, call: Call, request: Request) -> Call:
        token = call.get("resumptionToken")
        if not token and "resumptionToken" not in call.arguments:
            return call
        try:
            return self.resume(call, token)
        except (ValueError, BadResumptionToken):
            code = self.on_error("badResumptionToken", request)
            if code is not None:
                raise Refusal(code) from None
            return Call(call.verb, {"metadataPrefix": "oai_dc"})

    def resume(self, call: Call, token: str) -> Call:
        """Return the call a token stands for; raise ValueError."""
        verb, prefix, start, until, set_spec, offset = token.removesuffix(self.token_marks).split(
            "!"
        )
        if not token.endswith(self.token_marks) or verb != call.verb:
            raise ValueError(token)
        named = {"metadataPrefix": prefix, "from": start, "until": until, "set": set_spec}
        return Call(verb, {name: value for name, value in named.items() if value}, int(offset))

    def token(self, call: Call, offset: int) -> str:
        """Return the token for the page at an offset."""
        parts = (call.get(name) for name in ("metadataPrefix", "from", "until", "set"))
        return "!".join((call.verb, *parts, str(offset))) + self.token_marks

    def _content(self, call: Call) -> str:
        answers: dict[str, Callable[[Call], str]] = {
            "Identify": self.identify,
            "ListMetadataFormats": self.list_formats,
            "ListSets": self.list_sets,
            "ListIdentifiers": self.list_items,
            "ListRecords": self.list_items,
            "GetRecord": self.get_record,
        }
        p = self.prefix
        return f"<{p}{call.verb}>{answers[call.verb](call)}</{p}{call.verb}>"

    def element(self, name: str, text: str) -> str:
        """Return an element of the envelope."""
        return f"<{self.prefix}{name}>{escape(text)}</{self.prefix}{name}>"

    def stamp(self, item: Item) -> str:
        """Return a datestamp."""
        return format_stamp(item.stamp, self.granularity)

    def identify(self, _call: Call) -> str:
        """Return the content of Identify."""
        first = min((item.stamp for item in self.items), default=_START)
        earliest = self.earliest or format_stamp(first, self.granularity)
        p = self.prefix
        return (
            self.element("repositoryName", "Thư viện mẫu")
            + self.element("baseURL", self.url)
            + self.element("protocolVersion", "2.0")
            + self.element("adminEmail", "a@example.org")
            + self.element("earliestDatestamp", earliest)
            + self.element("deletedRecord", self.deleted_record)
            + self.element("granularity", self.granularity.value)
            + f'<{p}description><oai-identifier xmlns="{OAI_IDENTIFIER}"><scheme>oai</scheme>'
            "<repositoryIdentifier>example.org</repositoryIdentifier><delimiter>:</delimiter>"
            "<sampleIdentifier>oai:example.org:1</sampleIdentifier></oai-identifier>"
            f"</{p}description>"
        )

    def list_formats(self, call: Call) -> str:
        """Return the formats."""
        name = call.get("identifier")
        if name and not any(item.identifier == name for item in self.items):
            raise Refusal(code="idDoesNotExist")
        p = self.prefix
        return "".join(
            f"<{p}metadataFormat>{self.element('metadataPrefix', prefix)}"
            f"{self.element('schema', schema)}{self.element('metadataNamespace', namespace)}"
            f"</{p}metadataFormat>"
            for prefix, (schema, namespace) in self.formats.items()
        )

    def list_sets(self, call: Call) -> str:
        """Return the sets, two on a page."""
        if not self.sets:
            raise Refusal(code="noSetHierarchy")
        size, p = 2, self.prefix
        some = self.sets[call.offset : call.offset + size]
        ahead = call.offset + size < len(self.sets)
        token = self.token(call, call.offset + size) if ahead else ""
        page = Page(
            *(call, (), token, len(self.sets), call.offset), has_token=len(self.sets) > size
        )
        return "".join(
            f"<{p}set>{self.element('setSpec', spec)}{self.element('setName', spec)}</{p}set>"
            for spec in some
        ) + self.write_token(self.on_page(page))

    def _when(self, item: Item) -> int:
        day = 86_400 if self.granularity is Granularity.DAY else 1
        return item.stamp // day * day

    def found(self, call: Call) -> list[Item]:
        """Return the items of a whole list."""
        start, until, spec = (call.get(name) for name in ("from", "until", "set"))
        return [
            item
            for item in self.items
            if (not start or self._when(item) >= _moment(start))
            and (not until or self._when(item) <= _moment(until, end=True))
            and (not spec or any(f"{one}:".startswith(f"{spec}:") for one in item.sets))
        ]

    def list_items(self, call: Call) -> str:
        """Return a page of headers or records."""
        if call.get("metadataPrefix") not in self.formats:
            raise Refusal(code="cannotDisseminateFormat")
        if call.get("set") and not self.sets:
            raise Refusal(code="noSetHierarchy")
        found = self.on_items(call, self.found(call))
        if not found:
            raise Refusal(code="noRecordsMatch")
        end = call.offset + self.page_size
        page = self.on_page(
            Page(
                call=call,
                items=found[call.offset : end],
                token=self.token(call, end) if end < len(found) else "",
                size=len(found),
                cursor=call.offset,
                has_token=len(found) > self.page_size,
            )
        )
        write = self.header if call.verb == "ListIdentifiers" else self.record
        return "".join(write(call, item) for item in page.items) + self.write_token(page)

    def write_token(self, page: Page) -> str:
        """Return the token element of a page."""
        if not page.has_token:
            return ""
        told = {
            "expirationDate": page.expires or None,
            "completeListSize": page.size,
            "cursor": page.cursor,
        }
        attributes = "".join(f' {k}="{v}"' for k, v in told.items() if v is not None)
        p = self.prefix
        return f"<{p}resumptionToken{attributes}>{escape(page.token)}</{p}resumptionToken>"

    def get_record(self, call: Call) -> str:
        """Return one record."""
        item = next((one for one in self.items if one.identifier == call.get("identifier")), None)
        if item is None:
            raise Refusal(code="idDoesNotExist")
        if call.get("metadataPrefix") not in self.formats:
            raise Refusal(code="cannotDisseminateFormat")
        return self.record(call, item)

    def header(self, call: Call, item: Item) -> str:
        """Return a header."""
        item, p = self.on_header(call, item), self.prefix
        status = ' status="deleted"' if item.deleted else ""
        sets = "".join(self.element("setSpec", spec) for spec in item.sets if self.sets)
        return (
            f"<{p}header{status}>{self.element('identifier', item.identifier)}"
            f"{self.element('datestamp', self.stamp(item))}{sets}</{p}header>"
        )

    def record(self, call: Call, item: Item) -> str:
        """Return a record."""
        p = self.prefix
        held = "" if item.deleted else f"<{p}metadata>{self.payload(call, item)}</{p}metadata>"
        xml = f"<{p}record>{self.header(call, item)}{held}</{p}record>"
        return self.on_record(call, item, xml)

    def payload(self, call: Call, item: Item) -> str:
        """Return the metadata."""
        if call.get("metadataPrefix") == "oai_dc":
            return (
                f'<oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}" xmlns:xsi="{XSI}" '
                f'xsi:schemaLocation="{OAI_DC} {OAI_DC_SCHEMA}">'
                f"<dc:title>{escape(item.title)}</dc:title></oai_dc:dc>"
            )
        return (
            f'<record xmlns="{MARC21}"><leader>00000nam a2200000 a 4500</leader>'
            '<datafield tag="245" ind1="0" ind2="0">'
            f'<subfield code="a">{escape(item.title)}</subfield></datafield></record>'
        )

    def change(self, place: int, **values: object) -> None:
        """Put another item for one."""
        self.items[place] = replace(self.items[place], **values)  # type: ignore[arg-type] # fields

"""A small OAI-PMH repository that answers rightly, except where a test tells it not to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from protocols.oai import DC, MARC21, OAI, OAI_DC
from support.loopback import Reply, Request

RESPONSE_DATE = "2024-05-06T07:08:09Z"
Misbehaviour = Reply | Callable[[], Reply]


def envelope(inner: str, *, date: str = RESPONSE_DATE) -> bytes:
    """Return an OAI-PMH document around a verb's element."""
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<OAI-PMH xmlns="{OAI}">\n<responseDate>{date}</responseDate>\n'
        f"<request>http://example.org/oai</request>\n{inner}\n</OAI-PMH>\n"
    )
    return text.encode()


def failure(code: str, text: str = "so it is") -> bytes:
    """Return an OAI-PMH error."""
    return envelope(f'<error code="{code}">{escape(text)}</error>')


def dublin_core(title: str) -> str:
    """Return an oai_dc payload."""
    return (
        f'<oai_dc:dc xmlns:oai_dc="{OAI_DC}" xmlns:dc="{DC}">'
        f"<dc:title>{escape(title)}</dc:title></oai_dc:dc>"
    )


@dataclass(frozen=True, kw_only=True)
class Item:
    """One record of the repository."""

    identifier: str
    payload: str = ""
    datestamp: str = "2024-01-01"
    deleted: bool = False
    set: str = ""

    def xml(self) -> str:
        """Return the record element."""
        payload = "" if self.deleted else f"<metadata>{self.payload}</metadata>"
        return f"<record>{self.header()}{payload}</record>"

    def header(self) -> str:
        """Return the header element."""
        status = ' status="deleted"' if self.deleted else ""
        member = f"<setSpec>{escape(self.set)}</setSpec>" if self.set else ""
        return (
            f"<header{status}><identifier>{escape(self.identifier)}</identifier>"
            f"<datestamp>{self.datestamp}</datestamp>{member}</header>"
        )


def items(count: int) -> list[Item]:
    """Return so many records that differ."""
    return [
        Item(identifier=f"oai:example.org:{n}", payload=dublin_core(f"Nhan đề {n}"))
        for n in range(count)
    ]


def no_other_way(arguments: dict[str, str]) -> Reply | None:
    """Refuse, for ``Repository.refusing``, all that leads round a list that is broken."""
    if arguments["verb"] == "ListIdentifiers":
        return Reply(body=failure("badVerb"))
    return Reply(body=failure("badArgument")) if "until" in arguments else None


@dataclass(kw_only=True)
class Repository:
    """Answers all six verbs.

    ``faults`` replaces the answer to ListRecords by token ("" = the first page), each time it is
    asked for, and ``refusing`` that to any request for which it gives one; ``broken`` names records
    that break every answer they are in; ``requests`` remembers what was asked.
    """

    items: list[Item] = field(default_factory=lambda: items(5))
    page_size: int = 2
    granularity: str = "YYYY-MM-DDThh:mm:ssZ"
    formats: tuple[tuple[str, str], ...] = (("oai_dc", OAI_DC),)
    sets: tuple[str, ...] = ()
    faults: dict[str, Misbehaviour] = field(default_factory=dict)
    refusing: Callable[[dict[str, str]], Reply | None] = lambda _: None
    broken: frozenset[str] = frozenset()
    earliest: str = "2020-01-01"
    deleted_record: str = "persistent"
    requests: list[Request] = field(default_factory=list)

    def asked(self, verb: str = "ListRecords") -> list[dict[str, str]]:
        """Return the arguments of the requests with a verb, in order."""
        return [
            {name: value for name, value in request.arguments.items() if name != "verb"}
            for request in self.requests
            if request.arguments.get("verb") == verb
        ]

    def __call__(self, request: Request) -> Reply:
        """Answer a request."""
        self.requests.append(request)
        arguments = request.arguments
        refusal = self.refusing(arguments)
        if refusal is not None:
            return refusal
        verb = arguments.get("verb", "")
        if verb == "ListRecords":
            fault = self.faults.get(arguments.get("resumptionToken", ""))
            if fault is not None:
                return fault if isinstance(fault, Reply) else fault()
            if any(item.identifier in self.broken for item in self._some(arguments)[0]):
                return Reply(status=500, body=b"out of memory")
            return Reply(body=self.list_records(arguments))
        answers: dict[str, Callable[[], bytes | Reply]] = {
            "Identify": self._identify,
            "ListMetadataFormats": self._list_formats,
            "ListSets": self._list_sets,
            "ListIdentifiers": lambda: self.list_identifiers(arguments),
            "GetRecord": lambda: self.get_record(arguments),
        }
        answer = answers[verb]() if verb in answers else failure("badVerb")
        return answer if isinstance(answer, Reply) else Reply(body=answer)

    def list_records(self, arguments: dict[str, str]) -> bytes:
        """Return a page of the list; tokens are ``set/from/[until/]offset``."""
        some, token, size = self._some(arguments)
        return self.page(some, token, size) if some else failure("noRecordsMatch")

    def list_identifiers(self, arguments: dict[str, str]) -> bytes:
        """Return a page of headers."""
        some, token, size = self._some(arguments)
        if not some:
            return failure("noRecordsMatch")
        headers = "".join(item.header() for item in some)
        after = f'<resumptionToken completeListSize="{size}">{escape(token)}</resumptionToken>'
        return envelope(f"<ListIdentifiers>{headers}{after}</ListIdentifiers>")

    def get_record(self, arguments: dict[str, str]) -> Reply:
        """Return one record."""
        name = arguments["identifier"]
        if name in self.broken:
            return Reply(status=500, body=b"out of memory")
        found = next((item for item in self.items if item.identifier == name), None)
        if found is None:
            return Reply(body=failure("idDoesNotExist"))
        return Reply(body=envelope(f"<GetRecord>{found.xml()}</GetRecord>"))

    def _some(self, arguments: dict[str, str]) -> tuple[list[Item], str, int]:
        """Return the items of a page, the token after it, and how many the list has."""
        token = arguments.get("resumptionToken", "")
        if token:
            wanted, start, *until_or_none, offset = token.split("/")
            until = "".join(until_or_none)
        else:
            wanted, start, until = (arguments.get(name, "") for name in ("set", "from", "until"))
            offset = "0"
        found = [
            item
            for item in self.items
            if _moment(start) <= _moment(item.datestamp)
            and (not until or _moment(item.datestamp) <= _moment(until, end=True))
            and (not wanted or item.set == wanted)
        ]
        end = int(offset) + self.page_size
        ahead = (
            "/".join([wanted, start, *filter(None, [until]), str(end)]) if end < len(found) else ""
        )
        return found[int(offset) : end], ahead, len(found)

    def page(self, some: list[Item], token: str = "", size: int | None = None) -> bytes:
        """Return a page with these records."""
        total = "" if size is None else f' completeListSize="{size}"'
        after = f"<resumptionToken{total}>{escape(token)}</resumptionToken>"
        records = "\n".join(item.xml() for item in some)
        return envelope(f"<ListRecords>\n{records}\n{after}\n</ListRecords>")

    def _identify(self) -> bytes:
        return envelope(
            "<Identify><repositoryName>Thư viện thử</repositoryName>"
            "<baseURL>http://example.org/oai</baseURL><protocolVersion>2.0</protocolVersion>"
            "<adminEmail>a@example.org</adminEmail>"
            f"<earliestDatestamp>{self.earliest}</earliestDatestamp>"
            f"<deletedRecord>{self.deleted_record}</deletedRecord>"
            f"<granularity>{self.granularity}</granularity></Identify>"
        )

    def _list_formats(self) -> bytes:
        formats = "".join(
            f"<metadataFormat><metadataPrefix>{prefix}</metadataPrefix><schema>s</schema>"
            f"<metadataNamespace>{namespace}</metadataNamespace></metadataFormat>"
            for prefix, namespace in self.formats
        )
        return envelope(f"<ListMetadataFormats>{formats}</ListMetadataFormats>")

    def _list_sets(self) -> bytes:
        if not self.sets:
            return failure("noSetHierarchy")
        sets = "".join(
            f"<set><setSpec>{spec}</setSpec><setName>Bộ {spec}</setName></set>"
            for spec in self.sets
        )
        return envelope(f"<ListSets>{sets}</ListSets>")


def _moment(stamp: str, *, end: bool = False) -> str:
    """Return a stamp that sorts beside days and seconds."""
    if len(stamp) == len("2024-01-01"):
        return stamp + ("T23:59:59Z" if end else "T00:00:00Z")
    return stamp


MARC_FORMATS = (("oai_dc", OAI_DC), ("m21", MARC21))
"""Formats of a repository that has MARCXML under a name of its own."""

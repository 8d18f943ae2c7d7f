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
        status = ' status="deleted"' if self.deleted else ""
        member = f"<setSpec>{escape(self.set)}</setSpec>" if self.set else ""
        payload = "" if self.deleted else f"<metadata>{self.payload}</metadata>"
        return (
            f"<record><header{status}><identifier>{escape(self.identifier)}</identifier>"
            f"<datestamp>{self.datestamp}</datestamp>{member}</header>{payload}</record>"
        )


def items(count: int) -> list[Item]:
    """Return so many records that differ."""
    return [
        Item(identifier=f"oai:example.org:{n}", payload=dublin_core(f"Nhan đề {n}"))
        for n in range(count)
    ]


@dataclass(kw_only=True)
class Repository:
    """Answers Identify, ListMetadataFormats, ListSets and ListRecords.

    ``faults`` replaces the answer to ListRecords by token ("" = the first page), each time it is
    asked for; ``requests`` remembers what was asked.
    """

    items: list[Item] = field(default_factory=lambda: items(5))
    page_size: int = 2
    granularity: str = "YYYY-MM-DDThh:mm:ssZ"
    formats: tuple[tuple[str, str], ...] = (("oai_dc", OAI_DC),)
    sets: tuple[str, ...] = ()
    faults: dict[str, Misbehaviour] = field(default_factory=dict)
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
        verb = request.arguments.get("verb", "")
        if verb == "ListRecords":
            fault = self.faults.get(request.arguments.get("resumptionToken", ""))
            if fault is not None:
                return fault if isinstance(fault, Reply) else fault()
            return Reply(body=self.list_records(request.arguments))
        answers = {
            "Identify": self._identify,
            "ListMetadataFormats": self._list_formats,
            "ListSets": self._list_sets,
        }
        return Reply(body=answers[verb]() if verb in answers else failure("badVerb"))

    def list_records(self, arguments: dict[str, str]) -> bytes:
        """Return a page of the list; tokens are ``set/from/offset``."""
        token = arguments.get("resumptionToken", "")
        wanted, start, offset = (
            token.split("/")
            if token
            else (arguments.get("set", ""), arguments.get("from", ""), "0")
        )
        found = [
            item
            for item in self.items
            if item.datestamp >= start and (not wanted or item.set == wanted)
        ]
        if not found:
            return failure("noRecordsMatch")
        end = int(offset) + self.page_size
        ahead = f"{wanted}/{start}/{end}" if end < len(found) else ""
        return self.page(found[int(offset) : end], ahead, len(found))

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
            "<earliestDatestamp>2020-01-01</earliestDatestamp>"
            "<deletedRecord>persistent</deletedRecord>"
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


MARC_FORMATS = (("oai_dc", OAI_DC), ("m21", MARC21))
"""Formats of a repository that has MARCXML under a name of its own."""

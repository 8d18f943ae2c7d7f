"""SRU as tests speak it: a hub of two libraries, requests to it, answers held to their schemas.

The schemas are typed from those of SRU 1.1 and 1.2 and of OASIS searchRetrieve 1.0, in RELAX NG:
which elements an answer has, and in which order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial
from typing import Any
from urllib.parse import quote_plus

from lxml import etree

from catalogue import crosswalks
from catalogue.database import Database
from catalogue.model import HubIdentity
from protocols.sru.names import DIALECTS, FACETS, Version
from provider.lookup import UNION, Lookup
from provider.model import Request
from provider.sru.respond import respond
from provider.sru.service import Service
from support.engines import Engine
from support.filled import add_library, book, deliver, settle

BOOKS: Mapping[str, Mapping[str, str]] = {
    "kieu": {
        "title": "Truyện Kiều",
        "author": "Nguyễn Du",
        "year": "1985",
        "subject": "Thơ",
        "isbn": "9786046977711",
    },
    "so-do": {
        "title": "Số đỏ",
        "author": "Vũ Trọng Phụng",
        "year": "2004",
        "subject": "Tiểu thuyết",
    },
    "dat-rung": {
        "title": "Đất rừng phương Nam",
        "author": "Đoàn Giỏi",
        "year": "1999",
        "subject": "Tiểu thuyết",
    },
    "ma": {"title": "Chuyện con mã", "author": "Tô Hoài", "year": "1999"},
    "ma2": {"title": "Chuyện con ma", "author": "Thế Lữ", "year": "1936", "subject": "Truyện ma"},
}


def fill(database: Database) -> None:
    """Deliver five books, one of which both libraries have."""
    add_library(database, "NLV", "Thư viện Quốc gia Việt Nam")
    add_library(database, "HCM", "Thư viện Thành phố")
    made = {name: book(**parts) for name, parts in BOOKS.items()}
    deliver(database, "NLV", made)
    deliver(database, "HCM", {"k": made["kieu"], "x": book("Mắt biếc", author="Nguyễn Nhật Ánh")})
    settle(database)


@contextmanager
def filled(engine: Engine) -> Iterator[Database]:
    """Give a hub of these books on a fresh database."""
    with engine.fresh() as url:
        database = Database.open(url)
        fill(database)
        yield database
        database.close()


def service(database: Database, **changes: Any) -> Service:
    """Return the SRU server of a database."""
    return Service(
        identity=HubIdentity(),
        lookup=changes.pop("lookup", None) or Lookup(database, title="Liên Thông"),
        shelf=partial(crosswalks.shelf, database),
        **changes,
    )


class Answer:
    """An answer, known to be what its schema says."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.root = etree.fromstring(body)
        namespace = etree.QName(self.root).namespace or ""
        self.dialect = next(
            each for each in DIALECTS.values() if namespace in {each.namespace, each.scan}
        )
        self._names = {"s": namespace, "d": self.dialect.diagnostic, "f": FACETS}
        grammar(self.dialect.packing).assertValid(self.root)

    def texts(self, path: str) -> list[str]:
        """Return the texts of elements: ``s:`` SRU's own, ``d:`` diagnostics, ``f:`` facets."""
        return [each.text or "" for each in self.root.findall(path, self._names)]

    @property
    def total(self) -> int:
        """The numberOfRecords."""
        return int(self.texts("s:numberOfRecords")[0])

    @property
    def following(self) -> str:
        """The nextRecordPosition, empty if there is none."""
        return "".join(self.texts("s:nextRecordPosition"))

    @property
    def diagnostics(self) -> list[tuple[int, str]]:
        """Number and details of those that stand for no record."""
        found = self.root.findall("s:diagnostics/d:diagnostic", self._names)
        return [_told(each, self.dialect.diagnostic) for each in found]

    @property
    def records(self) -> list[etree._Element]:
        """The elements in recordData, with what was packed as text unpacked."""
        found = self.root.findall("s:records/s:record/s:recordData", self._names)
        return [each[0] if len(each) else etree.fromstring(each.text or "") for each in found]

    @property
    def titles(self) -> list[str]:
        """The titles of records in MARCXML."""
        path = "{*}datafield[@tag='245']/{*}subfield"
        return [each.findtext(path) or "" for each in self.records]


def _told(element: etree._Element, namespace: str) -> tuple[int, str]:
    uri = element.findtext(f"{{{namespace}}}uri") or ""
    return int(uri.rpartition("/")[2]), element.findtext(f"{{{namespace}}}details") or ""


def request(**parameters: object) -> Request:
    """Return a request with these parameters."""
    return Request(arguments=tuple((name, str(value)) for name, value in parameters.items()))


def asking(server: Service, database: str = UNION) -> Callable[..., Answer]:
    """Return what asks a server and gives its answer."""

    def ask(**parameters: object) -> Answer:
        response = respond(server, database, request(**parameters))
        assert response.status == 200
        return Answer(response.body)

    return ask


def address(base: str, **parameters: object) -> str:
    """Return a URL with these parameters."""
    return f"{base}?" + "&".join(f"{name}={quote_plus(str(v))}" for name, v in parameters.items())


@cache
def grammar(packing: str) -> etree.RelaxNG:
    """Return the schema of all answers in a dialect, told apart by how it calls packing."""
    dialect = next(each for each in DIALECTS.values() if each.packing == packing)
    versioned = "" if dialect is DIALECTS[Version.V2_0] else _one("version")
    parts = {
        "searchRetrieveResponse": versioned
        + _one("numberOfRecords", "nonNegativeInteger")
        + _maybe(_element("records", f"<oneOrMore>{_record(packing)}</oneOrMore>"))
        + _maybe(_one("nextRecordPosition", "positiveInteger"))
        + _element("echoedSearchRetrieveRequest", _ECHO.format(packing=packing))
        + _diagnostics(dialect.diagnostic)
        + ("" if versioned else _one("resultCountPrecision") + _maybe(_FACETS)),
        "explainResponse": _one("version")
        + _maybe(_element("record", _one("recordSchema") + _one(packing) + _data()))
        + _element("echoedExplainRequest", _ECHO.format(packing=packing))
        + _diagnostics(dialect.diagnostic),
    }
    scan = (
        versioned
        + _maybe(_element("terms", f"<oneOrMore>{_TERM}</oneOrMore>"))
        + _element("echoedScanRequest", _ECHO.format(packing=packing))
        + _diagnostics(dialect.diagnostic)
    )
    choices = "".join(_element(name, body, dialect.namespace) for name, body in parts.items())
    return etree.RelaxNG(
        etree.fromstring(
            f'<grammar xmlns="http://relaxng.org/ns/structure/1.0"'
            f' datatypeLibrary="http://www.w3.org/2001/XMLSchema-datatypes"><start><choice>'
            f"{choices}{_element('scanResponse', scan, dialect.scan)}</choice></start>"
            f"{_ANYTHING}</grammar>"
        )
    )


def _element(name: str, body: str, namespace: str = "") -> str:
    ns = f' ns="{namespace}"' if namespace else ""
    return f'<element name="{name}"{ns}>{body}</element>'


def _one(name: str, kind: str = "string") -> str:
    return _element(name, f'<data type="{kind}"/>')


def _maybe(body: str) -> str:
    return f"<optional>{body}</optional>"


def _data() -> str:
    return '<element name="recordData"><choice><text/><ref name="anything"/></choice></element>'


def _record(packing: str) -> str:
    return _element(
        "record",
        _one("recordSchema", "anyURI")
        + _element(packing, "<choice><value>xml</value><value>string</value></choice>")
        + _data()
        + _maybe(_one("recordIdentifier"))
        + _maybe(_one("recordPosition", "positiveInteger")),
    )


def _diagnostics(namespace: str) -> str:
    one = _element("diagnostic", _one("uri", "anyURI") + _maybe(_one("details")) + _one("message"))
    inner = one.replace('name="diagnostic"', f'name="diagnostic" ns="{namespace}"')
    return _maybe(_element("diagnostics", f"<oneOrMore>{inner}</oneOrMore>"))


_ECHO = (
    '<element name="version"><text/></element><zeroOrMore><choice>'
    + "".join(
        f'<element name="{name}"><text/></element>'
        for name in (
            *("query", "startRecord", "maximumRecords", "{packing}", "recordSchema"),
            *("resultSetTTL", "sortKeys", "scanClause", "responsePosition", "maximumTerms"),
            *("stylesheet", "facetLimit", "facetStart", "facetSort"),
        )
    )
    + "</choice></zeroOrMore>"
)
_TERM = _element(
    "term",
    _one("value")
    + _maybe(_one("numberOfRecords", "nonNegativeInteger"))
    + _maybe(_one("displayTerm"))
    + _maybe(_one("whereInList"))
    + _maybe(
        '<element name="extraTermData"><oneOrMore><ref name="anything"/></oneOrMore></element>'
    ),
)
_FACETS = _element(
    "facetedResults",
    _element(
        "datasource",
        _element(
            "facets",
            "<zeroOrMore>"
            + _element(
                "facet",
                _one("facetDisplayLabel")
                + _one("index")
                + _one("relation")
                + _element(
                    "terms",
                    "<zeroOrMore>"
                    + _element(
                        "term",
                        _one("actualTerm") + _one("query") + _one("count", "nonNegativeInteger"),
                    )
                    + "</zeroOrMore>",
                ),
            )
            + "</zeroOrMore>",
        ),
    ),
    FACETS,
)
_ANYTHING = (
    '<define name="anything"><element><anyName/><zeroOrMore><choice><attribute><anyName/>'
    '</attribute><text/><ref name="anything"/></choice></zeroOrMore></element></define>'
)

"""Answers as XML, by string building: records are stored bytes and never parsed again.

Elements stand in the order of the schemas of 1.1, 1.2 and of OASIS; all have the prefix ``zs``, so
that records need none of ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from protocols.sru.model import (
    Asked,
    Diagnostic,
    ExplainAnswer,
    Facet,
    FacetTerm,
    ListTerm,
    RecordData,
    ScanAnswer,
    SearchAnswer,
    Surrogate,
)
from protocols.sru.names import (
    DIAGNOSTIC_SCHEMA,
    DIAGNOSTIC_URI,
    DIALECTS,
    FACETS,
    REFERENCES,
    ZEEREX,
    Dialect,
    Packing,
    Version,
)

_ECHOED: Mapping[Version, tuple[str, ...]] = {
    version: (
        *("query", "startRecord", "maximumRecords", packing, "recordSchema", "resultSetTTL"),
        *("sortKeys", "scanClause", "responsePosition", "maximumTerms", "stylesheet"),
        *more,
    )
    for version, packing, more in (
        (Version.V1_1, "recordPacking", ()),
        (Version.V1_2, "recordPacking", ()),
        (Version.V2_0, "recordXMLEscaping", ("facetLimit", "facetStart", "facetSort")),
    )
}
"""What is repeated of a request, in order."""


def search(asked: Asked, answer: SearchAnswer) -> bytes:
    """Return a searchRetrieveResponse."""
    dialect = DIALECTS[asked.version]
    following = answer.next_position
    parts: list[bytes | str] = [
        _version(asked) if dialect.has_version else "",
        _element("numberOfRecords", answer.total),
        *_records(dialect, answer),
        _element("nextRecordPosition", following) if following else "",
        _echoed(asked, "echoedSearchRetrieveRequest"),
        _diagnostics(dialect, answer.diagnostics),
        "" if dialect.has_version else _element("resultCountPrecision", "exact"),
        _facets(answer.facets) if answer.has_facets else "",
    ]
    return _response(asked, dialect.namespace, "searchRetrieveResponse", parts)


def scan(asked: Asked, answer: ScanAnswer) -> bytes:
    """Return a scanResponse."""
    dialect = DIALECTS[asked.version]
    terms = "".join(map(_term, answer.terms))
    parts = [
        _version(asked) if dialect.has_version else "",
        f"<zs:terms>{terms}</zs:terms>" if terms else "",
        _echoed(asked, "echoedScanRequest"),
        _diagnostics(dialect, answer.diagnostics),
    ]
    return _response(asked, dialect.scan, "scanResponse", parts)


def explain(asked: Asked, answer: ExplainAnswer) -> bytes:
    """Return an explainResponse."""
    dialect = DIALECTS[asked.version]
    parts: list[bytes | str] = [
        _version(asked),
        *(_explained(dialect, answer) if answer.body else ()),
        _echoed(asked, "echoedExplainRequest"),
        _diagnostics(dialect, answer.diagnostics),
    ]
    return _response(asked, dialect.namespace, "explainResponse", parts)


def _explained(dialect: Dialect, answer: ExplainAnswer) -> tuple[str, bytes, str]:
    head = _element("recordSchema", ZEEREX) + _element(dialect.packing, answer.packing)
    body = _packed(answer.body, answer.packing)
    return f"<zs:record>{head}<zs:recordData>", body, "</zs:recordData></zs:record>"


def _response(asked: Asked, namespace: str, name: str, parts: Iterable[bytes | str]) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    if asked.stylesheet:
        head += f'<?xml-stylesheet type="text/xsl" href={quoteattr(asked.stylesheet)}?>\n'
    head += f'<zs:{name} xmlns:zs="{namespace}">'
    body = [part if isinstance(part, bytes) else part.encode() for part in parts]
    return b"".join((head.encode(), *body, f"</zs:{name}>\n".encode()))


def _element(name: str, value: object) -> str:
    return f"<zs:{name}>{_escaped(str(value))}</zs:{name}>"


def _escaped(text: str) -> str:
    return escape(text, {"\r": "&#13;"})


def _version(asked: Asked) -> str:
    return _element("version", asked.version)


def _records(dialect: Dialect, answer: SearchAnswer) -> list[bytes | str]:
    if not answer.records or answer.schema is None:
        return []
    head = _element("recordSchema", answer.schema.uri) + _element(dialect.packing, answer.packing)
    found: list[bytes | str] = ["<zs:records>"]
    for each in answer.records:
        if isinstance(each, Surrogate):
            found += _surrogate(dialect, each, answer.packing)
        else:
            found += _record(dialect, each, head, _packed(each.body, answer.packing))
    return [*found, "</zs:records>"]


def _record(
    dialect: Dialect, each: RecordData | Surrogate, head: str, body: bytes
) -> tuple[str, bytes, str]:
    identifier = _element("recordIdentifier", each.identifier) if dialect.has_identifier else ""
    position = _element("recordPosition", each.position)
    end = f"</zs:recordData>{identifier}{position}</zs:record>"
    return f"<zs:record>{head}<zs:recordData>", body, end


def _surrogate(dialect: Dialect, each: Surrogate, packing: Packing) -> tuple[str, bytes, str]:
    head = _element("recordSchema", DIAGNOSTIC_SCHEMA) + _element(dialect.packing, packing)
    body = _diagnostic(dialect, each.diagnostic).encode()
    return _record(dialect, each, head, _packed(body, packing))


def _packed(body: bytes, packing: Packing) -> bytes:
    return body if packing is Packing.XML else _escaped(body.decode()).encode()


def _diagnostics(dialect: Dialect, diagnostics: tuple[Diagnostic, ...]) -> str:
    if not diagnostics:
        return ""
    found = "".join(_diagnostic(dialect, each) for each in diagnostics)
    return f"<zs:diagnostics>{found}</zs:diagnostics>"


def _diagnostic(dialect: Dialect, each: Diagnostic) -> str:
    details = f"<details>{_escaped(each.details)}</details>" if each.details else ""
    return (
        f'<diagnostic xmlns="{dialect.diagnostic}"><uri>{DIAGNOSTIC_URI}{each.number}</uri>'
        f"{details}<message>{_escaped(each.message)}</message></diagnostic>"
    )


def _echoed(asked: Asked, name: str) -> str:
    given = {"recordPacking": "xml", "recordXMLEscaping": "xml"}
    if name != "echoedScanRequest":
        given |= asked.echoed
    else:
        given = dict(asked.echoed)
    found = "".join(
        _element(each, given[each]) for each in _ECHOED[asked.version] if given.get(each)
    )
    return f"<zs:{name}>{_version(asked)}{found}</zs:{name}>"


def _term(each: ListTerm) -> str:
    shown = _element("displayTerm", each.shown) if each.shown else ""
    where = _element("whereInList", each.where) if each.where else ""
    return (
        f"<zs:term>{_element('value', each.value)}{_element('numberOfRecords', each.hits)}"
        f"{shown}{where}{_references(each)}</zs:term>"
    )


def _references(each: ListTerm) -> str:
    """Return what a term leads to, which SRU has no element of its own for."""
    see = "".join(f"<t:see>{_escaped(text)}</t:see>" for text in each.see)
    also = "".join(f"<t:seeAlso>{_escaped(text)}</t:seeAlso>" for text in each.also)
    if not see and not also:
        return ""
    return f'<zs:extraTermData xmlns:t="{REFERENCES}">{see}{also}</zs:extraTermData>'


def _facets(facets: Iterable[Facet]) -> str:
    found = "".join(map(_facet, facets))
    return (
        f'<fr:facetedResults xmlns:fr="{FACETS}"><fr:datasource><fr:facets>{found}</fr:facets>'
        "</fr:datasource></fr:facetedResults>"
    )


def _facet(facet: Facet) -> str:
    terms = "".join(map(_facet_term, facet.terms))
    return (
        f"<fr:facet><fr:facetDisplayLabel>{_escaped(facet.label)}</fr:facetDisplayLabel>"
        f"<fr:index>{_escaped(facet.name)}</fr:index><fr:relation>=</fr:relation>"
        f"<fr:terms>{terms}</fr:terms></fr:facet>"
    )


def _facet_term(term: FacetTerm) -> str:
    return (
        f"<fr:term><fr:actualTerm>{_escaped(term.value)}</fr:actualTerm>"
        f"<fr:query>{_escaped(term.query)}</fr:query><fr:count>{term.hits}</fr:count></fr:term>"
    )

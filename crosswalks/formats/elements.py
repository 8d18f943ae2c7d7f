"""XML records as Element trees under fixed prefixes, and trees as XML again.

An element is named ``dc:title`` whatever prefix its document used; one in a namespace that nobody
knows keeps it in its name (``{urn:x}title``), so that nothing is lost between reading and writing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from lxml import etree

from crosswalks import tables
from crosswalks.errors import FormatError
from crosswalks.formats.xml import descendants, escape, local_name, parse
from crosswalks.formats.xml import parse_leniently as parse_xml_leniently
from crosswalks.model import Element, Problem, Record, Schema, Severity

_KNOWN = [(prefix, namespace) for prefix, namespace in tables.rows("namespaces.tsv")]
PREFIXES: Mapping[str, str] = {namespace: prefix for prefix, namespace in _KNOWN}
"""The prefix in Records of each namespace."""
NAMESPACES: Mapping[str, str] = dict(reversed(_KNOWN))
"""The namespace that is written for each prefix."""
DC, DCTERMS = NAMESPACES["dc"], NAMESPACES["dcterms"]
DC_ELEMENTS = (
    *("title", "creator", "subject", "description", "publisher", "contributor", "date", "type"),
    *("format", "identifier", "source", "language", "relation", "coverage", "rights"),
)
"""The fifteen elements (DCMES 1.1), in the order of its document."""
TERMS = frozenset(name for name, kind in tables.rows("dcterms.tsv") if kind == "element")
"""The refinements of DCMI Metadata Terms."""
DC_WORDS = {**dict.fromkeys(TERMS, DCTERMS), **dict.fromkeys(DC_ELEMENTS, DC)}
"""The namespace in which each name of qualified Dublin Core is usual."""
LANGUAGE = re.compile("[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
"""What xml:lang may say (RFC 3066)."""
HEAD = 1 << 16
"""How far into a file its first record is looked for."""

_TYPE = f"{{{NAMESPACES['xsi']}}}type"
_START = (
    "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_URI_CHARACTERS = r"[A-Za-z0-9\-._~!$&'()*+,;=:@/?]*"
_URI = re.compile(
    rf"(?:[A-Za-z][A-Za-z0-9+.-]*:(?://[A-Za-z0-9.-]+(?=[/?#]|$)|(?!//)){_URI_CHARACTERS}"
    rf"(?:#{_URI_CHARACTERS})?|[A-Za-z0-9\-._~]*)"
)
# XML 1.0 s2.3, without the colon.
_LOCAL = re.compile(f"[{_START}][{_START}\\-.0-9\u00b7\u0300-\u036f\u203f\u2040]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How the records of a schema are told from other XML, and what their elements are called."""

    name: str
    schema: Schema
    roots: tuple[str, ...]
    """The elements that are a record, as ``{namespace}name``."""
    own: str = ""
    """The namespace of the elements that are named without a prefix."""
    words: Mapping[str, str]
    """The namespace each local name belongs in, for records that put it elsewhere or nowhere."""

    def home(self, local: str) -> str:
        """Return the namespace a name belongs in; empty if it could be anything."""
        return self.words.get(local, "")


def read(data: bytes, shape: Shape) -> Record:
    """Return the one record in a document; raise FormatError if there is any doubt about it."""
    root = parse(data, shape.name)
    found = [root] if root.tag in shape.roots else list(root.iter(*shape.roots))
    if len(found) != 1:
        raise FormatError(schema=shape.name, reason=f"{len(found)} records where one was expected")
    stray = next(_strays(found[0], shape), None)
    if stray is not None:
        raise FormatError(
            schema=shape.name, reason=f"{local_name(stray.tag)} is in a wrong namespace"
        )
    return _record(found[0], shape)


def read_leniently(data: bytes, shape: Shape) -> tuple[Record, tuple[Problem, ...]]:
    """Return what can be read of a damaged record, and what had to be overlooked for it."""
    root, problems = parse_xml_leniently(data, shape.name)
    element = _find(root, shape)
    if element is None:
        raise FormatError(schema=shape.name, reason="no record in it")
    moved = tuple(_brought_home(element, shape))
    return _record(element, shape), (*problems, *moved)


def children(element: etree._Element, own: str) -> tuple[Element, ...]:
    """Return the elements below one as trees."""
    return tuple([tree(child, own) for child in element if isinstance(child.tag, str)])


def tree(element: etree._Element, own: str) -> Element:
    """Return an element with everything in it; blank text between children is left out."""
    name = prefixed(str(element.tag), own)
    found = element.attrib
    attributes = tuple([(prefixed(n), v) for n, v in found.items()]) if found else ()
    if _TYPE in found:
        attributes = tuple([(n, _typed(element, v, n)) for n, v in attributes])
    if not len(element):
        return Element(name, attributes, element.text or "")
    below = children(element, own)
    text = "".join([element.text or "", *(child.tail or "" for child in element)])
    return Element(name, attributes, "" if below and not text.strip() else text, below)


def _typed(element: etree._Element, value: str, name: str) -> str:
    """Return the name in an xsi:type under its fixed prefix; other values as they are."""
    prefix, colon, local = value.partition(":")
    namespace = element.nsmap.get(prefix, "") if colon and name == "xsi:type" else ""
    return prefixed(f"{{{namespace}}}{local}") if namespace in PREFIXES else value


@lru_cache(maxsize=4096)
def prefixed(tag: str, own: str = "") -> str:
    """Return the name in Records of a ``{namespace}name``."""
    namespace, local = _namespace(tag), local_name(tag)
    if namespace == own:
        return local
    prefix = PREFIXES.get(namespace)
    return f"{prefix}:{local}" if prefix else f"{{{namespace}}}{local}"


def markup(element: Element, own: str = "", default: str = "") -> str:
    """Return an element as markup; ``default`` is the default namespace where it will stand.

    Raises FormatError for names that cannot be XML. The text goes through ``xml.legal_bytes``.
    """
    namespace, name = _qualified(element.name, own)
    attributes = "".join(_attributes(element))
    if namespace is not None and namespace != default:
        default = namespace
        attributes = f' xmlns="{_uri(namespace)}"{attributes}'
    below = "".join([markup(child, own, default) for child in element.children])
    inside = escape(element.text) + below
    return f"<{name}{attributes}>{inside}</{name}>" if inside else f"<{name}{attributes}/>"


def declarations(elements: Iterable[Element], always: Iterable[str] = ()) -> str:
    """Return the declarations of the prefixes that elements use, in the order of their table."""
    used = {*always}
    for element in elements:
        used.update(_prefixes(element))
    return "".join(
        f' xmlns:{prefix}="{namespace}"'
        for prefix, namespace in _DECLARED.items()
        if prefix in used
    )


_DECLARED = {
    prefix: NAMESPACES[prefix]
    for prefix in dict.fromkeys(row[0] for row in _KNOWN)
    if prefix != "xml"
}


def _prefixes(element: Element) -> Iterator[str]:
    yield element.name.partition(":")[0]
    for name, value in element.attributes:
        yield name.partition(":")[0]
        if name == "xsi:type":
            yield value.partition(":")[0]
    for child in element.children:
        yield from _prefixes(child)


@lru_cache(maxsize=4096)
def _qualified(name: str, own: str) -> tuple[str | None, str]:
    """Return the namespace that has to be the default for a name, if any, and the name written."""
    if name.startswith("{"):
        namespace, _, local = name[1:].rpartition("}")
        return namespace, _legal(local, name)
    prefix, colon, local = name.rpartition(":")
    if not colon:
        return own, _legal(local, name)
    if prefix not in _DECLARED:
        raise FormatError(schema="XML", reason=f"no namespace is known for {name!r}")
    _legal(local, name)
    return None, name


def _attributes(element: Element) -> Iterator[str]:
    for place, (name, value) in enumerate(dict(element.attributes).items()):
        namespace, written = _qualified_attribute(name)
        if namespace:
            written = f"a{place}:{written}"
            yield f' xmlns:a{place}="{_uri(namespace)}"'
        # Line breaks in a value would come back as spaces (XML 1.0 s3.3.3).
        safe = escape(value).replace("\n", "&#10;").replace("\t", "&#9;")
        yield f' {written}="{safe}"'


@lru_cache(maxsize=4096)
def _qualified_attribute(name: str) -> tuple[str | None, str]:
    if name.startswith("xml:"):
        _legal(name[4:], name)
        return None, name
    return _qualified(name, "")


@lru_cache(maxsize=1024)
def _uri(namespace: str) -> str:
    """Return a namespace as markup; one that is no URI, which no parser takes, in a URI's form."""
    if _URI.fullmatch(namespace):
        return escape(namespace)
    return f"urn:unsound:{quote(namespace, safe='', errors='replace')}"


def _legal(local: str, name: str) -> str:
    if not _LOCAL.fullmatch(local):
        raise FormatError(schema="XML", reason=f"an element or attribute cannot be named {name!r}")
    return local


def _record(element: etree._Element, shape: Shape) -> Record:
    fields = children(element, shape.own)
    if not fields:
        raise FormatError(schema=shape.name, reason="a record without elements")
    return Record(schema=shape.schema, fields=fields)


def _strays(element: etree._Element, shape: Shape) -> Iterator[etree._Element]:
    """Yield the elements of a record whose names are known, but whose namespaces are not."""
    for child in element:
        if isinstance(child.tag, str) and _is_stray(child.tag, shape):
            yield child


@lru_cache(maxsize=4096)
def _is_astray(tag: str, own: str) -> bool:
    namespace = _namespace(tag)
    return namespace not in PREFIXES and (namespace != own or not own)


def _is_stray(tag: str, shape: Shape) -> bool:
    return _is_astray(tag, shape.own) and bool(shape.home(local_name(tag)))


def _find(root: etree._Element, shape: Shape) -> etree._Element | None:
    """Return the record: by its whole name, else by its local name alone."""
    exact = next(root.iter(*shape.roots), None)
    if exact is not None:
        return exact
    names = dict.fromkeys(map(local_name, shape.roots))
    return next((found for name in names for found in descendants(root, name)), None)


def _brought_home(element: etree._Element, shape: Shape) -> Iterator[Problem]:
    """Put elements that are astray where they belong, and say which namespaces were wrong."""
    wrong = {_namespace(str(child.tag)): local_name(child.tag) for child in _strays(element, shape)}
    for below in element.iter(etree.Element):
        local = local_name(below.tag)
        if below is not element and _namespace(str(below.tag)) in wrong and shape.home(local):
            below.tag = f"{{{shape.home(local)}}}{local}"
    for namespace, sample in wrong.items():
        yield _problem("wrong-namespace", sample, namespace or "none")


def _namespace(tag: str) -> str:
    return tag[1:].rpartition("}")[0] if tag[0] == "{" else ""


def _problem(code: str, sample: str, detail: str) -> Problem:
    return Problem(code=code, severity=Severity.WARNING, sample=sample, detail=detail)

"""The envelope of OAI-PMH 2.0: how each answer is built (s3.2, s4), and what it repeats.

The rules are our own; they hold what the schema of the protocol holds, and what only its text does.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit, urlunsplit

from lxml.etree import _Element

from harvester.validate.grammar import ANY, MANY, URI, Part, Rule, Text, judge
from harvester.validate.model import Exchange, Found, text_of
from protocols.oai import OAI, OAI_SCHEMA, XSI, Granularity, Verb, granularity_of, parse_stamp

CODES = frozenset(
    {
        "badArgument",
        "badResumptionToken",
        "badVerb",
        "cannotDisseminateFormat",
        "idDoesNotExist",
        "noMetadataFormats",
        "noRecordsMatch",
        "noSetHierarchy",
    }
)
"""The errors there are (s3.6)."""
SILENT = frozenset({"badVerb", "badArgument"})
"""With these the request is repeated without its arguments (s3.2)."""
_WORD = r"[A-Za-z0-9\-_.!~*'()]+"
SET_SPEC = Text(rf"{_WORD}(:{_WORD})*", collapse=False)
PREFIX = Text(_WORD, collapse=False)
_DATE = r"-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_ZONE = r"(Z|[+\-]\d{2}:\d{2})?"
_DATE_TIME = Text(rf"{_DATE}T\d{{2}}:\d{{2}}:\d{{2}}(\.\d+)?{_ZONE}")
_DATESTAMP = Text(rf"{_DATE}({_ZONE}|T\d{{2}}:\d{{2}}:\d{{2}}(\.\d+)?Z)")
_COUNT = Text(r"\+?\d+")
_POSITIVE = Text(r"\+?0*[1-9]\d*")
_VERBS = Text("|".join(Verb), collapse=False)


def _n(name: str) -> str:
    return f"{{{OAI}}}{name}"


def _part(name: str, least: int = 1, most: int = 1) -> Part:
    return Part((_n(name),), least, most)


_HOLDS_ONE = Rule(foreign=OAI)
_TOKEN = _part("resumptionToken", 0)
GRAMMAR = {
    _n("OAI-PMH"): Rule(
        parts=(
            _part("responseDate"),
            _part("request"),
            Part((_n("error"), *map(_n, Verb)), 1, MANY),
        )
    ),
    _n("responseDate"): Rule(text=_DATE_TIME),
    _n("request"): Rule(
        text=URI,
        attributes={
            "verb": _VERBS,
            "identifier": ANY,
            "metadataPrefix": PREFIX,
            "from": _DATESTAMP,
            "until": _DATESTAMP,
            "set": SET_SPEC,
            "resumptionToken": ANY,
        },
    ),
    _n("error"): Rule(
        text=ANY, attributes={"code": Text("|".join(CODES), collapse=False)}, required=("code",)
    ),
    _n("Identify"): Rule(
        parts=(
            _part("repositoryName"),
            _part("baseURL"),
            _part("protocolVersion"),
            _part("adminEmail", 1, MANY),
            _part("earliestDatestamp"),
            _part("deletedRecord"),
            _part("granularity"),
            _part("compression", 0, MANY),
            _part("description", 0, MANY),
        )
    ),
    _n("repositoryName"): Rule(text=ANY),
    _n("baseURL"): Rule(text=URI),
    _n("protocolVersion"): Rule(text=Text(r"2\.0", collapse=False)),
    _n("adminEmail"): Rule(text=Text(r"\S+@(\S+\.)+\S+", collapse=False)),
    _n("earliestDatestamp"): Rule(text=_DATESTAMP),
    _n("deletedRecord"): Rule(text=Text("no|persistent|transient", collapse=False)),
    _n("granularity"): Rule(text=Text("|".join(Granularity), collapse=False)),
    _n("compression"): Rule(text=ANY),
    _n("description"): _HOLDS_ONE,
    _n("ListMetadataFormats"): Rule(parts=(_part("metadataFormat", 1, MANY),)),
    _n("metadataFormat"): Rule(
        parts=(_part("metadataPrefix"), _part("schema"), _part("metadataNamespace"))
    ),
    _n("metadataPrefix"): Rule(text=PREFIX),
    _n("schema"): Rule(text=URI),
    _n("metadataNamespace"): Rule(text=URI),
    _n("ListSets"): Rule(parts=(_part("set", 1, MANY), _TOKEN)),
    _n("set"): Rule(parts=(_part("setSpec"), _part("setName"), _part("setDescription", 0, MANY))),
    _n("setSpec"): Rule(text=SET_SPEC),
    _n("setName"): Rule(text=ANY),
    _n("setDescription"): _HOLDS_ONE,
    _n("GetRecord"): Rule(parts=(_part("record"),)),
    _n("ListRecords"): Rule(parts=(_part("record", 1, MANY), _TOKEN)),
    _n("ListIdentifiers"): Rule(parts=(_part("header", 1, MANY), _TOKEN)),
    _n("record"): Rule(parts=(_part("header"), _part("metadata", 0), _part("about", 0, MANY))),
    _n("header"): Rule(
        parts=(_part("identifier"), _part("datestamp"), _part("setSpec", 0, MANY)),
        attributes={"status": Text("deleted", collapse=False)},
    ),
    _n("identifier"): Rule(text=URI),
    _n("datestamp"): Rule(text=_DATESTAMP),
    _n("metadata"): _HOLDS_ONE,
    _n("about"): _HOLDS_ONE,
    _n("resumptionToken"): Rule(
        text=ANY,
        attributes={
            "expirationDate": _DATE_TIME,
            "completeListSize": _POSITIVE,
            "cursor": _COUNT,
        },
    ),
}
_KINDS = {
    "unexpected": "unexpected-element",
    "missing": "missing-element",
    "value": "illegal-value",
    "attribute": "unexpected-attribute",
    "text": "unexpected-text",
    "foreign": "metadata-namespace",
}
_OWN_CODES = {
    "responseDate": "response-date",
    "datestamp": "datestamp-form",
    "earliestDatestamp": "earliest-form",
    "setSpec": "set-spec",
    "@code": "error-code",
}
"""Values that have a code of their own, by the last part of their place."""


def structure(root: _Element) -> Iterator[Found]:
    """Yield what is wrong with the build of an answer."""
    for fault in judge(root, GRAMMAR):
        last = fault.place.rpartition("/")[2]
        own = _OWN_CODES.get(last) if fault.kind == "value" else None
        yield Found(
            own or _KINDS[fault.kind], {"place": fault.place, "value": fault.value}, fault.place
        )
    answers = [child.tag for child in root if child.tag in _ANSWERS]
    if len(set(answers)) > 1 or (answers and answers[0] != _n("error") and len(answers) > 1):
        yield Found("error-with-content")
    moment = text_of(root, "responseDate")
    if _DATE_TIME.fits(moment) and not _is_moment(moment):
        yield Found("response-date", {"place": "OAI-PMH/responseDate", "value": moment})
    yield from _location(root)


_ANSWERS = {_n("error"), *map(_n, Verb)}


def _is_moment(text: str) -> bool:
    if granularity_of(text) is not Granularity.SECOND:
        return False
    try:
        parse_stamp(text)
    except ValueError:
        return False
    return True


def _location(root: _Element) -> Iterator[Found]:
    """Yield what is wrong with the place of the schema that the root has to name (s3.2)."""
    name = f"{{{XSI}}}schemaLocation"
    told = root.get(name, "").split()
    pairs = dict(zip(told[::2], told[1::2], strict=False))
    if len(told) % 2:
        yield Found("schema-location", {"value": root.get(name, "")[:100]})
    elif OAI in pairs and pairs[OAI].partition("://")[2] != OAI_SCHEMA.partition("://")[2]:
        yield Found("schema-location", {"value": pairs[OAI]})
    elif not told and root.find(f".//*[@{name}]") is None:
        yield Found("no-schema-location")


def echo(exchange: Exchange, addresses: tuple[str, ...]) -> Iterator[Found]:
    """Yield where <request> does not repeat what was asked (s3.2)."""
    root = exchange.root
    request = None if root is None else root.find(_n("request"))
    if request is None:
        return
    text = (request.text or "").strip()
    if exchange.verb in set(Verb) and not exchange.errors and exchange.content is None:
        yield Found("wrong-verb-element", {"verb": exchange.verb})
    known = {form for each in addresses if each for form in (plain(each), plain(bare(each)))}
    if "verb=" in text or not {plain(text), plain(bare(text))} & known:
        yield Found("request-url", {"value": text[:200]})
    told = {name: value for name, value in request.attrib.items() if "}" not in name}
    if SILENT & set(exchange.errors):
        if told:
            yield Found("request-attributes-on-error", {"names": ", ".join(told)})
        return
    if exchange.errors:
        # What the attributes are then is left open.
        return
    asked = dict(exchange.pairs)
    for name in sorted(asked.keys() | told.keys()):
        if _collapsed(asked.get(name)) != _collapsed(told.get(name)):
            details = {"name": name, "value": told.get(name, "-"), "asked": asked.get(name, "-")}
            yield Found("request-attributes", details, name)


def _collapsed(value: str | None) -> str | None:
    return value if value is None else " ".join(value.split())


def bare(url: str) -> str:
    """Return a URL without its query and fragment."""
    return urlunsplit(urlsplit(url)._replace(query="", fragment=""))


def plain(url: str) -> str:
    """Return a base URL as far as it matters: scheme, usual ports and a last slash do not."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return url
    host = (parts.hostname or "").removesuffix(".")
    if host in {"localhost", "::1"}:
        host = "127.0.0.1"
    where = f"{host}:{port}" if port not in (None, 80, 443) else host
    path = parts.path.rstrip("/")
    return f"{where}{path}?{parts.query}" if parts.query else f"{where}{path}"

"""The doors of this hub as programs find them: what each is for, where it is, and how to try it.

Every example is one that works here and now; a test carries each of them out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from provider.api.model import ROOT
from web.language import mark

WORD = "sach"
"""What examples look for."""
_PROGRAM = """\
from sickle import Sickle

hub = Sickle("{base}/oai", encoding="utf-8")
for record in hub.ListRecords(metadataPrefix="marc21"):
    print(record.header.datestamp, record.header.identifier)
"""
_VUFIND = """\
[lienthong]
url = {base}/oai
metadataPrefix = marc21
idSearch[] = "/^oai:{domain}:/"
idReplace[] = ""
dateGranularity = auto
"""
_KOHA_OAI = mark(
    "Koha, Administration, OAI repositories: the address above, data format marcxml, record type"
    " bibliographic."
)
_KOHA_Z3950 = mark(
    "Koha, Administration, Z39.50/SRU servers: host {host}, port {port}, database {database},"
    " syntax MARC21, encoding utf8."
)


class Example(NamedTuple):
    """Something to copy."""

    label: str
    text: str


class Hint(NamedTuple):
    """Settings of a program, in a sentence with what stands in its braces."""

    message: str
    details: dict[str, str]


class Door(NamedTuple):
    """A way in for programs."""

    name: str
    """As an anchor in the page."""
    title: str
    about: str
    addresses: tuple[str, ...]
    examples: tuple[Example, ...]
    hints: tuple[Hint, ...] = ()


class Here(NamedTuple):
    """What the examples name of this hub."""

    base: str
    """The base URL, without a slash at its end."""
    domain: str
    z3950: str
    """``host:port``, or empty."""
    library: str
    """The code of a library that has a database; empty: none has."""
    set_spec: str
    """A set that there is; empty: there is none."""
    series: str
    """The path of a dump below ``/dumps/``; empty: there is none."""
    opensearch: bool
    """Whether there is a description for browsers."""


def doors(here: Here) -> list[Door]:
    """Return the doors there are."""
    return [
        _oai(here),
        _sru(here),
        *_z3950(here),
        _rest(here),
        _dumps(here),
        *_others(here),
    ]


def _oai(here: Here) -> Door:
    address = f"{here.base}/oai"
    asked = [("verb", "ListRecords"), ("metadataPrefix", "marc21")]
    examples = [
        Example(mark("What it says of itself"), _curl(address, [("verb", "Identify")])),
        Example(mark("All records, page by page"), _curl(address, asked)),
    ]
    if here.set_spec:
        one = [("verb", "ListIdentifiers"), ("metadataPrefix", "oai_dc"), ("set", here.set_spec)]
        examples.append(Example(mark("Only a set"), _curl(address, one)))
    examples += [
        Example("Python, sickle", _PROGRAM.format(base=here.base)),
        Example("VuFind, harvest/oai.ini", _VUFIND.format(base=here.base, domain=here.domain)),
    ]
    about = mark("To keep a copy: everything once, later what changed, deletions too.")
    return Door("oai", "OAI-PMH", about, (address,), tuple(examples), (Hint(_KOHA_OAI, {}),))


def _sru(here: Here) -> Door:
    address = f"{here.base}/sru"
    search = [
        ("version", "1.2"),
        ("operation", "searchRetrieve"),
        ("query", f"dc.title = {WORD}"),
        ("maximumRecords", "3"),
    ]
    examples = [
        Example(mark("What can be asked"), _curl(address, [("operation", "explain")])),
        Example(mark("A search in CQL"), _curl(address, search)),
    ]
    addresses = [address]
    if here.library:
        addresses.append(f"{address}/{here.library}")
        one = _curl(f"{address}/{here.library}", search)
        examples.append(Example(mark("Only what one library has"), one))
    about = mark("To search from another program over HTTP, by queries in CQL.")
    return Door("sru", "SRU", about, tuple(addresses), tuple(examples))


def _z3950(here: Here) -> Iterator[Door]:
    if not here.z3950:
        return
    bases = ("union", *filter(None, [here.library]))
    asked = rf"find @attr 1=4 {WORD}\nshow 1\nquit\n"
    examples = tuple(
        Example(
            mark("A search by title, and the first record"),
            f"printf '{asked}' | yaz-client {here.z3950}/{each}",
        )
        for each in bases
    )
    host, _, port = here.z3950.rpartition(":")
    hint = Hint(_KOHA_Z3950, {"host": host, "port": port, "database": "union"})
    about = mark("For copy cataloguing from a library system: search, and take the record.")
    addresses = tuple(f"{here.z3950}/{each}" for each in bases)
    yield Door("z3950", "Z39.50", about, addresses, examples, (hint,))


def _rest(here: Here) -> Door:
    address = f"{here.base}{ROOT}"
    examples = (
        Example(mark("A search"), _curl(f"{address}/records", [("q", WORD), ("limit", "3")])),
        Example(mark("Who takes part"), _curl(f"{address}/libraries")),
        Example(mark("Its description, for programs"), _curl(f"{address}/openapi.json")),
    )
    about = mark("JSON for web pages and programs: search, records, changes, libraries.")
    return Door("rest", "REST", about, (address,), examples)


def _dumps(here: Here) -> Door:
    address = f"{here.base}/dumps/"
    examples = []
    if here.series:
        latest = _curl(f"{address}{here.series}/latest.json")
        examples.append(Example(mark("Which files are the newest"), latest))
    about = mark("The whole catalogue as files, and what changed since.")
    return Door("dumps", mark("The catalogue as files"), about, (address,), tuple(examples))


def _others(here: Here) -> Iterator[Door]:
    for name, title, path, about in _OTHERS:
        if name != "opensearch" or here.opensearch:
            address = f"{here.base}/{path}"
            example = Example(mark("Have a look"), _curl(address))
            yield Door(name, title, about, (address,), (example,))


_OTHERS = (
    (
        *("resourcesync", "ResourceSync", ".well-known/resourcesync"),
        mark("To keep a copy by lists of resources and of changes."),
    ),
    ("feed", "Atom", "changes.atom", mark("What changed lately, for feed readers.")),
    ("sitemap", "Sitemap", "sitemap.xml", mark("All pages of records, for search engines.")),
    (
        *("opensearch", "OpenSearch", "opensearch.xml"),
        mark("Lets a browser search this catalogue from its address bar."),
    ),
)


def _curl(address: str, asked: Sequence[tuple[str, str]] = ()) -> str:
    query = f"?{urlencode(asked)}" if asked else ""
    return f'curl "{address}{query}"'

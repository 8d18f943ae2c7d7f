"""An SRU server as a harvest sees it: it keeps no result, so each page is a search of its own."""

from __future__ import annotations

from collections.abc import Sequence

from harvester.model import HttpSettings, SourceSpec
from harvester.searching.errors import UnknownSyntax
from harvester.searching.model import Brought, Described, Entry, Index, Indexes, Terms
from harvester.sru.asking import clause, index, written
from harvester.sru.client import Client
from harvester.sru.errors import SruGarbled, SruGaveNothing, SruMoved, SruRefused
from harvester.sru.model import Explained, SruRecord
from protocols import cql
from protocols.rpn.tree import Query, Term
from protocols.sru.names import schema_of

SCHEMAS = ("marcxml", "dc", "oai_dc", "mods")
"""As what records can be asked for, what is wanted most first."""
_NUMBERS = (
    *("rec.id", "rec.identifier", "bath.localnumber", "dc.identifier", "dc.resourceidentifier"),
)
_CHANGED = ("rec.lastmodificationdate", "rec.modified", "dcterms.modified", "dc.modified")
_ENTERED = ("rec.creationdate", "rec.created", "dcterms.created")
_NAMES = {
    "rec.lastmodificationdate": "rec.lastModificationDate",
    "rec.creationdate": "rec.creationDate",
    "bath.localnumber": "bath.localNumber",
    "dc.resourceidentifier": "dc.resourceIdentifier",
}
"""Names of indexes with the letters that they are usually written in."""
_EVERYTHING = ("cql.allRecords=1", "rec.id>0", "cql.serverChoice=*", "dc.title=*")
_UNSUPPORTED_VALUE = 6


class SruTarget:
    """One server; ``open`` asks what it says of itself, which may be nothing."""

    def __init__(self, spec: SourceSpec, http: HttpSettings) -> None:
        self.formats = formats(spec.prefix)
        self._client = Client(spec.url, http)
        self.url = self._client.url
        self.indexes = _indexes(Explained())
        self._explained = Explained()
        self._schema = self.formats[0]
        self._query = ""
        self._hits = 0
        self._least = 0
        """How many records a search asks for: some servers do not take 0."""

    def open(self) -> Described:
        """Ask what the server says of itself; raise HarvestError where it is none."""
        try:
            self._explained = self._client.explain()
        except (SruRefused, SruGarbled):
            # Many have no explain; what they are shows with the first search.
            self._client.search("a", 1, 0)
        found = self._explained
        self.indexes = _indexes(found)
        return Described(
            name=found.name,
            software=found.software,
            facts={"version": self._client.version} if self._client.version else {},
            scans=found.scans,
        )

    def search(self, query: Query) -> int:
        """Search, and return how many hits the server says there are."""
        self._query = written(query)
        try:
            found = self._client.search(self._query, 1, self._least)
        except SruRefused as wrong:
            if wrong.number != _UNSUPPORTED_VALUE or self._least:
                raise
            self._least = 1
            found = self._client.search(self._query, 1, self._least)
        self._hits = found.hits
        return found.hits

    def fetch(self, start: int, count: int) -> tuple[Brought, ...]:
        """Return records of the result, or the diagnostics in their places."""
        most = min(count, self._explained.most or count)
        found = self._client.search(self._query, start, most, self._asked_for())
        if found.hits != self._hits:
            raise SruMoved(url=self.url, hits=self._hits, now=found.hits)
        if not found.records:
            raise SruGaveNothing(url=self.url, hits=found.hits, position=start)
        return tuple(map(_brought, found.records[:count]))

    def scan(self, term: Term, count: int) -> Terms:
        """Return terms of the index that a term's attributes name, from that term on."""
        found = self._client.scan(clause(term), count)
        return Terms(tuple(Entry(*each) for each in found[:count]), len(found) < count)

    def use_format(self, name: str) -> None:
        """Ask for records in one of ``formats`` from now on."""
        self._schema = name

    def close(self) -> None:
        """End the connection."""
        self._client.close()

    def _asked_for(self) -> str:
        """Return what the server calls the schema wanted."""
        for uri, name in self._explained.schemas.items():
            known = schema_of(uri) or schema_of(name)
            if known is not None and known.name == self._schema:
                return name
        return self._schema


def formats(prefix: str) -> tuple[str, ...]:
    """Return as what records are asked for; raise UnknownSyntax."""
    if not prefix:
        return SCHEMAS
    known = schema_of(prefix)
    if known is None:
        raise UnknownSyntax(name=prefix, known=", ".join(SCHEMAS))
    return (known.name,)


def _indexes(found: Explained) -> Indexes:
    return Indexes(
        everything=tuple(map(cql.read, _EVERYTHING)),
        numbers=_known(_NUMBERS, found),
        changed=_known(_CHANGED, found),
        entered=_known(_ENTERED, found),
    )


def _known(names: Sequence[str], found: Explained) -> tuple[Index, ...]:
    """Return those of the indexes that a server says it has; all where it names none of them."""
    bare = {each.rpartition(".")[2] for each in found.indexes}
    has = [each for each in names if each in found.indexes or each in bare]
    return tuple(index(_NAMES.get(each, each)) for each in has or names)


def _brought(record: SruRecord) -> Brought:
    if record.said is not None:
        said = f"SRU {record.said.number}: {record.said.message} {record.said.details}"
        return Brought(record.position, refused=said.strip(": "))
    return Brought(record.position, record.body)

"""The official schemas of OAI-PMH answers, read without a network through their XML catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import etree

_CATALOG = "{urn:oasis:names:tc:entity:xmlns:xml:catalog}"


class _Catalog(etree.Resolver):
    """libxml2's own catalogue support is fixed by the first document of a process; this is not."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        catalog = etree.parse(folder / "catalog.xml").getroot()
        self.files = {e.attrib["name"]: e.attrib["uri"] for e in catalog.iter(f"{_CATALOG}uri")}
        self.starts = {
            e.attrib["uriStartString"]: e.attrib["rewritePrefix"]
            for e in catalog.iter(f"{_CATALOG}rewriteURI")
        }

    def resolve(self, system_url: str | None, _public_id: str | None, context: Any) -> Any:
        url = system_url or ""
        name = self.files.get(url) or self._rewritten(url)
        return self.resolve_filename(str(self.folder / name), context) if name else None

    def _rewritten(self, url: str) -> str:
        starts = (start for start in self.starts if url.startswith(start))
        return next((self.starts[start] + url.removeprefix(start) for start in starts), "")


def oai_schema(shared: Path) -> etree.XMLSchema:
    """Compile the schema of a whole OAI-PMH answer, its metadata formats included."""
    return schema(shared, "oai-all.xsd")


def schema(shared: Path, name: str) -> etree.XMLSchema:
    """Compile one of the official schemas, what it imports found through the catalogue."""
    folder = shared / "data" / "xsd"
    parser = etree.XMLParser()
    parser.resolvers.add(_Catalog(folder))
    return etree.XMLSchema(etree.parse(folder / name, parser))

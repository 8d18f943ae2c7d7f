"""The record in which a server describes itself: ZeeRex 2.0."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from protocols.sru.model import Explained, Index
from protocols.sru.names import SCHEMAS, ZEEREX, Version

_PORTS = {"http": 80, "https": 443}


def write(explained: Explained, version: Version) -> bytes:
    """Return the explain record as it is given in a version."""
    parts = (
        _server(explained.address, version),
        _database(explained),
        _indexes(explained),
        _schemas(),
        _config(explained),
    )
    return f'<explain xmlns="{ZEEREX}">{"".join(parts)}</explain>'.encode()


def _server(address: str, version: Version) -> str:
    url = urlsplit(address)
    port = url.port or _PORTS.get(url.scheme, _PORTS["http"])
    return (
        f'<serverInfo protocol="SRU" version="{version}" transport={quoteattr(url.scheme)}'
        f' method="GET POST"><host>{escape(url.hostname or "")}</host><port>{port}</port>'
        f"<database>{escape(url.path.strip('/'))}</database></serverInfo>"
    )


def _database(explained: Explained) -> str:
    texts = _texts("title", explained.titles) + _texts("description", explained.descriptions)
    return f"<databaseInfo>{texts}<contact>{escape(explained.contact)}</contact></databaseInfo>"


def _texts(name: str, texts: Iterable[tuple[str, str]]) -> str:
    primary = ' primary="true"'
    found = []
    for language, text in texts:
        found.append(f"<{name} lang={quoteattr(language)}{primary}>{escape(text)}</{name}>")
        primary = ""
    return "".join(found)


def _indexes(explained: Explained) -> str:
    sets = "".join(
        f"<set identifier={quoteattr(uri)} name={quoteattr(prefix)}/>"
        for prefix, uri in explained.sets
    )
    return f"<indexInfo>{sets}{''.join(map(_index, explained.indexes))}</indexInfo>"


def _index(index: Index) -> str:
    maps = "".join(
        f"<map><name set={quoteattr(prefix)}>{escape(name)}</name></map>"
        for prefix, name in index.names
    )
    scan, sort = str(index.scan).lower(), str(index.sort).lower()
    titles = _texts("title", index.titles)
    return f'<index search="true" scan="{scan}" sort="{sort}">{titles}{maps}</index>'


def _schemas() -> str:
    found = "".join(
        f'<schema identifier={quoteattr(each.uri)} name="{each.name}" sort="false"'
        f' retrieve="true"><title lang="en">{escape(each.title)}</title></schema>'
        for each in SCHEMAS
    )
    return f"<schemaInfo>{found}</schemaInfo>"


def _config(explained: Explained) -> str:
    kinds = (
        ("default", explained.defaults),
        ("setting", explained.settings),
        ("supports", explained.supports),
    )
    found = "".join(
        f"<{kind} type={quoteattr(name)}>{escape(value)}</{kind}>"
        for kind, pairs in kinds
        for name, value in pairs
    )
    return f"<configInfo>{found}</configInfo>"

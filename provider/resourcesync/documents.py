"""ResourceSync's documents: sitemaps with ``rs:md`` and ``rs:ln`` in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from catalogue.clock import told

SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
RS = "http://www.openarchives.org/rs/terms/"
_OPENING = '<?xml version="1.0" encoding="UTF-8"?>\n'


class Entry(NamedTuple):
    """A resource, or another list, as a list tells of it."""

    loc: str
    md: Mapping[str, str]
    stamp: int | None = None
    """When it changed last, epoch seconds."""


class Head(NamedTuple):
    """What stands before the entries of a list."""

    md: Mapping[str, str]
    """Its capability and the moments it is about."""
    up: str = ""
    """The address of the list that leads to it."""


def urlset(head: Head, entries: Iterable[Entry]) -> bytes:
    """Return a list."""
    return _document("urlset", "url", head, entries)


def index(head: Head, entries: Iterable[Entry]) -> bytes:
    """Return a list of lists."""
    return _document("sitemapindex", "sitemap", head, entries)


def _document(root: str, name: str, head: Head, entries: Iterable[Entry]) -> bytes:
    return "".join(_pieces(root, name, head, entries)).encode()


def _pieces(root: str, name: str, head: Head, entries: Iterable[Entry]) -> Iterator[str]:
    yield f'{_OPENING}<{root} xmlns="{SITEMAP}" xmlns:rs="{RS}">\n'
    if head.up:
        yield f'<rs:ln rel="up" href={quoteattr(head.up)}/>\n'
    yield f"{_md(head.md)}\n"
    for each in entries:
        changed = "" if each.stamp is None else f"<lastmod>{told(each.stamp)}</lastmod>"
        yield f"<{name}><loc>{escape(each.loc)}</loc>{changed}{_md(each.md)}</{name}>\n"
    yield f"</{root}>\n"


def _md(said: Mapping[str, str]) -> str:
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in said.items())
    return f"<rs:md{attributes}/>" if said else ""

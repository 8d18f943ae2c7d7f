"""What changed last, as an Atom feed (RFC 4287), deletions included (RFC 6721).

It is paged (RFC 5005 s3): each page leads to what changed before it, to the very first record. An
entry's id is the record's, so a reader shows a record that changed again but once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

from catalogue.clock import told
from catalogue.model import HubIdentity, Item
from catalogue.walks import Walk
from crosswalks.formats import marcxml
from crosswalks.model import Record
from provider.model import Request, Response

ATOM = "http://www.w3.org/2005/Atom"
TOMBSTONES = "http://purl.org/atompub/tombstones/1.0"
PAGE = 100
_HEADERS = {"Content-Type": "application/atom+xml; charset=utf-8"}
_FORM = "marc21"
_PLACE = re.compile(r"([0-9]{1,12})\.([0-9]{1,15})")
_SPEC = re.compile(r"[!-~]{1,200}")
_XML = 'type="application/marcxml+xml"'
_HTML = 'type="text/html"'
_TRAILING = " /:;,="


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What is given out, and by whom."""

    identity: HubIdentity
    gives: Callable[[str], bool] = lambda _set: True
    """Tells whether whoever asks may take a set; the empty one is everything."""
    page: int = PAGE
    """Entries on a page."""

    @property
    def base_url(self) -> str:
        """Return the address of the hub."""
        return self.identity.base_url.rstrip("/")

    def address(self, **asked: str) -> str:
        """Return the address of a page."""
        told_apart = urlencode({name: value for name, value in asked.items() if value}, safe=":")
        return f"{self.base_url}/changes.atom{'?' if told_apart else ''}{told_apart}"


def respond(feed: Feed, shown: Walk, request: Request) -> Response | None:
    """Return a page: the newest changes, or of ``set``, or ``before`` a place in the list.

    None where there is no such set, or the place is none.
    """
    asked = dict(request.arguments)
    spec, place = asked.get("set", ""), asked.get("before", "")
    found = _PLACE.fullmatch(place)
    if not feed.gives(spec) or (place and not found) or (spec and not _SPEC.fullmatch(spec)):
        return None
    if spec and not shown.knows_set(spec):
        return None
    before = (int(found[1]), int(found[2])) if found else None
    items = shown.newest(before, feed.page, _FORM, spec)
    updated = items[0].stamp if items else shown.earliest()
    links = [
        _link("self", feed.address(set=spec, before=place)),
        _link("first", feed.address(set=spec)),
        _link("alternate", f"{feed.base_url}/", _HTML),
    ]
    if len(items) == feed.page:
        last = f"{items[-1].stamp}.{items[-1].key}"
        links.append(_link("next", feed.address(set=spec, before=last)))
    body = _document(feed, spec, updated, links, map(_entry_of(feed), items))
    return Response(headers=_HEADERS, body=body, tag=sha256(body).hexdigest()[:32])


def _document(
    feed: Feed, spec: str, updated: int, links: Iterable[str], entries: Iterable[str]
) -> bytes:
    name = f"{feed.identity.name} - {spec}" if spec else feed.identity.name
    rights = feed.identity.rights
    return "".join(
        (
            '<?xml version="1.0" encoding="UTF-8"?>\n',
            f'<feed xmlns="{ATOM}" xmlns:at="{TOMBSTONES}">\n',
            f"<id>{escape(feed.address(set=spec))}</id>\n",
            f"<title>{escape(name)}</title>\n<updated>{told(updated)}</updated>\n",
            f"<author><name>{escape(feed.identity.name)}</name></author>\n",
            f"<rights>{escape(rights)}</rights>\n" if rights else "",
            *links,
            *entries,
            "</feed>\n",
        )
    ).encode()


def _link(rel: str, address: str, more: str = 'type="application/atom+xml"') -> str:
    return f'<link rel="{rel}" href={quoteattr(address)} {more}/>\n'


def _entry_of(feed: Feed) -> Callable[[Item], str]:
    prefix = f"oai:{feed.identity.domain}:"

    def entry(item: Item) -> str:
        name, when = escape(f"{prefix}{item.public_id}"), told(item.stamp)
        if item.deleted:
            return f'<at:deleted-entry ref={quoteattr(prefix + item.public_id)} when="{when}"/>\n'
        record = marcxml.read(item.body)
        page = f"{feed.base_url}/record/{item.public_id}"
        return (
            f"<entry><id>{name}</id><title>{escape(_title(record) or item.public_id)}</title>"
            f"<updated>{when}</updated>\n"
            f"{_link('alternate', page, _HTML)}"
            f"{_link('alternate', f'{page}.xml', _XML)}"
            f"<summary>{escape(_summary(record))}</summary></entry>\n"
        )

    return entry


def _title(record: Record) -> str:
    return _first(record, "245", "abnp")


def _summary(record: Record) -> str:
    """Return who wrote it, and where and when it came out, as far as the record says."""
    names = _first(record, "245", "c") or _first(record, "100", "a")
    imprint = _first(record, "264", "abc") or _first(record, "260", "abc")
    return ". ".join(filter(None, (names, imprint)))


def _first(record: Record, tag: str, codes: str) -> str:
    found = (" ".join(field.all(codes)).rstrip(_TRAILING) for field in record.data(tag))
    return next(found, "")

"""The addresses of ResourceSync, each with its document.

``/.well-known/resourcesync`` leads to the capability lists: of all records at
``/resourcesync/capabilitylist.xml``, of a set at ``/resourcesync/set/<set>/capabilitylist.xml``,
and beside them a list of resources and a list of changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from catalogue.clock import told
from catalogue.walks import DAY, Walk
from provider.model import Response
from provider.resourcesync.documents import Entry, Head, index, urlset
from provider.resourcesync.lists import CHANGE_DAYS, WIDTH, Lists, Span

DESCRIPTION = ".well-known/resourcesync"
_BASE = "resourcesync"
_HEADERS = {"Content-Type": "application/xml; charset=utf-8"}
_MOMENT = "%Y%m%dT%H%M%SZ"
_PATH = re.compile(r"(?:set/([^/]{1,200})/)?([a-z]+(?:/[0-9TZ-]{1,40})?)\.xml")
_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}")
_SPAN = re.compile(r"(\d{8}T\d{6}Z)-(\d{8}T\d{6}Z)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A view as it is given out by ResourceSync."""

    walk: Callable[[], AbstractContextManager[Walk]]
    base_url: str
    gives: Callable[[str], bool] = lambda _set: True
    """Tells whether whoever asks may take a set; the empty one is everything."""
    width: int = WIDTH

    def lists(self, shown: Walk, set_spec: str) -> Lists:
        """Return the lists of a set, or of everything."""
        records = f"{self.base_url}/record/"
        return Lists(shown=shown, records=records, set_spec=set_spec, width=self.width)

    def at(self, name: str, set_spec: str = "") -> str:
        """Return the address of a document."""
        within = f"set/{set_spec}/" if set_spec else ""
        return f"{self.base_url}/{_BASE}/{within}{name}.xml"


def respond(publication: Publication, path: str) -> Response | None:
    """Return the document at an address; None where there is none."""
    with publication.walk() as shown:
        if path == DESCRIPTION:
            return _answer(_description(publication, shown))
        found = _PATH.fullmatch(path.removeprefix(f"{_BASE}/"))
        if found is None or not publication.gives(found[1] or ""):
            return None
        if found[1] and not shown.knows_set(found[1]):
            return None
        name, _, part = found[2].partition("/")
        answering = _LISTS.get(name)
        body = answering(publication, shown, found[1] or "", part) if answering else None
    return None if body is None else _answer(body)


def _answer(body: bytes) -> Response:
    return Response(headers=_HEADERS, body=body, tag=sha256(body).hexdigest()[:32])


def _description(publication: Publication, shown: Walk) -> bytes:
    specs = ["", *(each.spec for each in shown.sets())]
    entries = [
        Entry(publication.at("capabilitylist", spec), {"capability": "capabilitylist"})
        for spec in specs
        if publication.gives(spec)
    ]
    return urlset(Head({"capability": "description"}), entries)


def _capabilities(publication: Publication, _shown: Walk, spec: str, part: str) -> bytes | None:
    if part:
        return None
    names = ("resourcelist", "changelist")
    entries = [Entry(publication.at(name, spec), {"capability": name}) for name in names]
    up = f"{publication.base_url}/{DESCRIPTION}"
    return urlset(Head({"capability": "capabilitylist"}, up), entries)


def _resources(publication: Publication, shown: Walk, spec: str, part: str) -> bytes | None:
    lists, up = publication.lists(shown, spec), publication.at("capabilitylist", spec)
    head = Head({"capability": "resourcelist", "at": told(shown.horizon)}, up)
    if part:
        return urlset(head, lists.resources(int(part))) if _NUMBER.fullmatch(part) else None
    numbers = lists.numbers()
    if len(numbers) > 1:
        entries = [Entry(publication.at(f"resourcelist/{each}", spec), {}) for each in numbers]
        return index(head, entries)
    return urlset(head, lists.resources(numbers[0]) if numbers else [])


def _changes(publication: Publication, shown: Walk, spec: str, part: str) -> bytes | None:
    """Return changes of a span, or where there are several, where they are."""
    lists = publication.lists(shown, spec)
    if part:
        span = _span(part)
        return None if span is None else _changes_of(publication, lists, span)
    start = max(shown.earliest(), (shown.horizon // DAY - CHANGE_DAYS) * DAY)
    found = lists.spans(start)
    if len(found) > 1:
        entries = [
            Entry(publication.at(f"changelist/{_named(each)}", spec), _moments(each))
            for each in found
        ]
        return index(_head_of_changes(publication, spec, Span(start, None)), entries)
    return _changes_of(publication, lists, Span(start, None))


def _changes_of(publication: Publication, lists: Lists, span: Span) -> bytes:
    listed = lists.changes(span)
    head = _head_of_changes(publication, lists.set_spec, span._replace(end=listed.until))
    return urlset(head, listed.entries)


def _head_of_changes(publication: Publication, spec: str, span: Span) -> Head:
    return Head(
        {"capability": "changelist", **_moments(span)}, publication.at("capabilitylist", spec)
    )


def _moments(span: Span) -> dict[str, str]:
    until = {} if span.end is None else {"until": told(span.end)}
    return {"from": told(span.start), **until}


def _named(span: Span) -> str:
    start, end = (
        "" if each is None else datetime.fromtimestamp(each, UTC).strftime(_MOMENT) for each in span
    )
    return f"{start}-{end}"


def _span(part: str) -> Span | None:
    found = _SPAN.fullmatch(part)
    if found is None:
        return None
    try:
        start, end = (
            None
            if each is None
            else int(datetime.strptime(each, _MOMENT).replace(tzinfo=UTC).timestamp())
            for each in found.groups()
        )
    except ValueError:
        return None
    return None if start is None else Span(start, end)


_LISTS = {
    "capabilitylist": _capabilities,
    "resourcelist": _resources,
    "changelist": _changes,
}

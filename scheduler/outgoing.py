"""How one source is connected to: the hub's own manners, with what its settings say instead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from catalogue import credentials
from catalogue.credentials import Credentials, Kind
from catalogue.model import Source
from harvester.model import MEBIBYTE, Auth, FileSettings, HttpSettings, Mode, SourceSpec
from harvester.searching.model import SearchSettings, Way
from harvester.signing import basic
from harvester.sru import address as sru
from harvester.z3950 import address as z3950
from scheduler.model import HarvestOptions, Line

FILE = "file"
"""The protocol of sources that are files."""
OAI = "oai-pmh"
Z3950 = "z3950"
"""The protocol of sources that are searched over Z39.50."""
SRU = "sru"
"""That of those searched over SRU."""
SEARCHED = frozenset({SRU, Z3950})
"""The protocols by which a source can only be searched."""
_SAME = ("connect_timeout", "read_timeout", "total_timeout", "requests_per_minute")


def http_of(line: Line, source: Source) -> HttpSettings:
    """Return how to go out to a source. Raises NoSuchCredentials or CredentialsSealed."""
    connection = source.connection
    given: dict[str, Any] = {name: getattr(connection, name) for name in _SAME}
    given["max_page_bytes"] = connection.max_page_mb * MEBIBYTE
    given |= {"ca_bundle": connection.ca_bundle, "proxy": connection.proxy}
    if connection.credentials:
        found = credentials.get(line.db, line.key, connection.credentials)
        given["auth"] = _auth(found)
    chosen = {name: value for name, value in given.items() if value}
    return replace(line.http, headers=connection.headers, **chosen)


def spec_of(line: Line, source: Source, options: HarvestOptions) -> SourceSpec:
    """Return what to ask a source for: as its settings say, and as this harvest differs."""
    return SourceSpec(
        url=source.url,
        prefix=source.prefix,
        sets=options.sets or source.sets,
        start=options.start,
        until=options.until,
        overlap_hours=source.listing.overlap_hours,
        days_a_window=source.listing.days_a_window,
        mode=Mode(source.listing.mode),
        files=_files_here(line, source),
        search=search_of(source),
    )


def search_of(source: Source) -> SearchSettings:
    """Return how a source is harvested that can only be searched."""
    search = source.search
    return SearchSettings(
        way=next((way for way in Way if way == search.way), None),
        query=search.query.strip(),
        numbers=tuple(dict.fromkeys(filter(None, map(str.strip, search.numbers.splitlines())))),
    )


def protocol_of(url: str) -> str:
    """Return which protocol an address is of, where nobody says it."""
    scheme = url.partition(":")[0].lower()
    if scheme == FILE:
        return FILE
    if scheme in sru.SCHEMES:
        return SRU
    return Z3950 if scheme in z3950.SCHEMES else OAI


def spec_of_search(source: Source) -> SourceSpec:
    """Return what a source that is searched is asked for, as its settings alone say."""
    return SourceSpec(
        url=source.url, prefix=source.prefix, sets=source.sets, search=search_of(source)
    )


def files_of(source: Source) -> FileSettings:
    """Return how a source's files are taken, wherever its inbox is."""
    files = source.files
    return FileSettings(
        delivers=files.delivers,
        deletions=files.deletions,
        identifier=files.identifier,
        columns=files.columns,
        format=files.format,
        encoding=source.encoding.strip().lower(),
    )


def _files_here(line: Line, source: Source) -> FileSettings:
    inbox = line.incoming / source.name if line.incoming else None
    return replace(files_of(source), inbox=inbox, limits=line.file_limits)


def _auth(found: Credentials) -> Auth:
    match found.kind:
        case Kind.BASIC:
            headers = basic(found.user, found.secret)
            return Auth(headers=headers, user=found.user, password=found.secret)
        case Kind.BEARER:
            return Auth(headers={"Authorization": f"Bearer {found.secret}"})
        case Kind.HEADER:
            return Auth(headers=_named(found))
        case Kind.QUERY:
            return Auth(query=_named(found))


def _named(found: Credentials) -> Mapping[str, str]:
    return {found.where: found.secret}

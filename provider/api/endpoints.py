"""All addresses of the interface, in one table."""

from __future__ import annotations

from collections.abc import Mapping

from crosswalks.errors import Error, Said
from provider.api import changes, formats, listings, members, records, searching
from provider.api.errors import (
    BadCursor,
    BadParameter,
    KeyNeeded,
    KeyTooNarrow,
    MethodUnknown,
    NoSuchMember,
    NoSuchPublicRecord,
    NoSuchPublicSource,
    NoSuchResource,
    NothingAcceptable,
    NotInFormat,
    RecordMoved,
    RecordWithdrawn,
    SearchNotReady,
)
from provider.api.model import Endpoint
from provider.errors import KeyUnknown, NotYetHere, TooOften

OF_ALL: tuple[type[Error], ...] = (
    NoSuchResource,
    MethodUnknown,
    NothingAcceptable,
    KeyUnknown,
    TooOften,
    NotYetHere,
)
"""What any address may refuse."""
_OF_RECORDS = (NoSuchPublicRecord, RecordMoved, RecordWithdrawn)

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        path="/",
        name="index",
        summary=Said("What there is", {}),
        answer=listings.index,
        schema="Index",
    ),
    Endpoint(
        path="/records",
        name="searchRecords",
        summary=Said("Search", {}),
        about="The next page begins behind the last record of this one. What changes meanwhile"
        " moves nothing: a record that stays as it is comes once. To have everything and whatever"
        " changes, take the list of changes.",
        answer=searching.search,
        schema="Found",
        parameters=searching.PARAMETERS,
        refusals=(BadParameter, BadCursor, SearchNotReady),
    ),
    Endpoint(
        path="/records/{id}",
        name="getRecord",
        summary=Said("A merged record", {}),
        about="In plain fields with MARC 21 beside them, or in the format asked for.",
        answer=records.record,
        schema="Record",
        parameters=records.PARAMETERS,
        types=formats.TYPES,
        refusals=(*_OF_RECORDS, BadParameter, NotInFormat),
    ),
    Endpoint(
        path="/records/{id}/holdings",
        name="getHoldings",
        summary=Said("Which libraries have a record", {}),
        answer=records.holdings,
        schema="Holdings",
        refusals=_OF_RECORDS,
    ),
    Endpoint(
        path="/records/{id}/sources",
        name="getSources",
        summary=Said("Where a record is from, field by field", {}),
        answer=records.sources,
        schema="Provenance",
        refusals=_OF_RECORDS,
    ),
    Endpoint(
        path="/clusters/{id}",
        name="getCluster",
        summary=Said("Which members' records are one, and why", {}),
        about="For keys that see what the hub's staff sees.",
        answer=records.cluster,
        schema="Cluster",
        refusals=(*_OF_RECORDS, KeyNeeded, KeyTooNarrow),
    ),
    Endpoint(
        path="/changes",
        name="listChanges",
        summary=Said("What changed and what is gone", {}),
        about="The oldest change first. The list ends at the moment that each page names: ask next"
        " time from that moment on, and nothing is missed.",
        answer=changes.changes,
        schema="Changes",
        parameters=changes.PARAMETERS,
        refusals=(BadParameter, BadCursor, KeyTooNarrow, SearchNotReady),
    ),
    Endpoint(
        path="/libraries",
        name="listLibraries",
        summary=Said("The member libraries", {}),
        answer=members.libraries,
        schema="Libraries",
        parameters=members.PARAMETERS,
        refusals=(BadParameter, BadCursor),
    ),
    Endpoint(
        path="/libraries/{code}",
        name="getLibrary",
        summary=Said("A member library, and how many records it has", {}),
        answer=members.library,
        schema="LibraryAndRecords",
        refusals=(NoSuchMember, SearchNotReady),
    ),
    Endpoint(
        path="/sources",
        name="listSources",
        summary=Said("How the members' sources fare", {}),
        answer=members.sources,
        schema="Sources",
        parameters=members.PARAMETERS,
        refusals=(BadParameter, BadCursor),
    ),
    Endpoint(
        path="/sources/{name}",
        name="getSource",
        summary=Said("How a source fares", {}),
        answer=members.source,
        schema="Source",
        refusals=(NoSuchPublicSource,),
    ),
    Endpoint(
        path="/sets",
        name="listSets",
        summary=Said("The sets that changes can be asked of", {}),
        answer=listings.sets,
        schema="Sets",
        parameters=listings.OF_SETS,
        refusals=(BadParameter, BadCursor),
    ),
    Endpoint(
        path="/formats",
        name="listFormats",
        summary=Said("What a record can be had as", {}),
        answer=listings.formats,
        schema="Formats",
    ),
    Endpoint(
        path="/openapi.json",
        name="describe",
        summary=Said("This description", {}),
        answer=listings.described,
        schema="OpenApi",
    ),
)


def matching(path: str) -> tuple[Endpoint, Mapping[str, str]] | None:
    """Return the endpoint at an address below the root, and what stands in its braces."""
    given = path.split("/") if path != "/" else ["", ""]
    for each in ENDPOINTS:
        wanted = each.path.split("/")
        found = _fitting(wanted, given)
        if found is not None:
            return each, found
    return None


def _fitting(wanted: list[str], given: list[str]) -> Mapping[str, str] | None:
    if len(wanted) != len(given):
        return None
    found: dict[str, str] = {}
    for part, text in zip(wanted, given, strict=True):
        if part.startswith("{"):
            if not text:
                return None
            found[part.strip("{}")] = text
        elif part != text:
            return None
    return found

"""All addresses of the interface, in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from catalogue.errors import NoSuchCluster
from catalogue.holdings.errors import NumberOfAnother
from catalogue.overlays.errors import (
    BadFieldLine,
    MasterChanged,
    NoSuchField,
    NoSuchOverlay,
    NothingChanges,
    NotOverlaid,
    NowhereShown,
)
from catalogue.users import Role
from crosswalks.errors import Said
from provider.api import (
    changes,
    correcting,
    formats,
    listings,
    members,
    own,
    records,
    searching,
)
from provider.api.errors import (
    BadBody,
    BadCursor,
    BadParameter,
    BodyTypeUnknown,
    KeyNeeded,
    KeyTooNarrow,
    MemberNeeded,
    NoSuchMember,
    NoSuchPublicRecord,
    NoSuchPublicSource,
    NotInFormat,
    PersonNeeded,
    RecordMoved,
    RecordWithdrawn,
    RoleTooLow,
    SearchNotReady,
)
from provider.api.model import Endpoint

_OF_PEOPLE = (PersonNeeded, RoleTooLow)
_OF_MEMBERS = (MemberNeeded, RoleTooLow)
_OF_RECORDS = (NoSuchPublicRecord, RecordMoved, RecordWithdrawn)

ENDPOINTS: tuple[Endpoint, ...] = (
    Endpoint(
        path="/",
        name="index",
        summary=Said("What can be asked for", {}),
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
        path="/records/{id}/corrections",
        name="listCorrections",
        summary=Said("What cataloguers corrected of a record", {}),
        answer=correcting.corrections,
        schema="Corrections",
        refusals=(*_OF_PEOPLE, NoSuchCluster, NowhereShown),
        role=Role.VIEWER,
    ),
    Endpoint(
        path="/records/{id}/corrections",
        name="makeCorrection",
        summary=Said("Correct a record", {}),
        about="It is at every door before it is answered. What members deliver stays as it is.",
        answer=correcting.correct,
        schema="Correction",
        refusals=(
            *(*_OF_PEOPLE, NoSuchCluster, NowhereShown, BadBody, BodyTypeUnknown, BadFieldLine),
            *(NotOverlaid, NoSuchField, NothingChanges, MasterChanged),
        ),
        method="POST",
        role=Role.CATALOGUER,
        takes="NewCorrection",
        done=HTTPStatus.CREATED,
    ),
    Endpoint(
        path="/corrections/{number}",
        name="getCorrection",
        summary=Said("A correction", {}),
        answer=correcting.correction,
        schema="Correction",
        refusals=(*_OF_PEOPLE, NoSuchOverlay),
        role=Role.VIEWER,
    ),
    Endpoint(
        path="/corrections/{number}",
        name="undoCorrection",
        summary=Said("Take a correction off", {}),
        about="Once it is taken off, asking again changes nothing.",
        answer=correcting.undo,
        schema="Correction",
        refusals=(*_OF_PEOPLE, NoSuchOverlay),
        method="DELETE",
        role=Role.CATALOGUER,
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
        path="/own/improved",
        name="listOwnImproved",
        summary=Said("A library's own records that the union has better", {}),
        about="With the library's own numbers, and nothing of other libraries' copies.",
        answer=own.improved,
        schema="OwnImproved",
        parameters=own.PARAMETERS,
        refusals=(*_OF_MEMBERS, BadParameter, BadCursor),
        role=Role.MEMBER,
    ),
    Endpoint(
        path="/own/corrections",
        name="listOwnCorrections",
        summary=Said("What was corrected of a library's own records", {}),
        answer=own.corrections,
        schema="OwnCorrections",
        parameters=own.PARAMETERS,
        refusals=(*_OF_MEMBERS, BadParameter, BadCursor),
        role=Role.MEMBER,
    ),
    Endpoint(
        path="/own/problems",
        name="listOwnProblems",
        summary=Said("What there is to mend in a library's own records", {}),
        answer=own.problems,
        schema="OwnProblems",
        refusals=_OF_MEMBERS,
        role=Role.MEMBER,
    ),
    Endpoint(
        path="/own/holdings/{id}",
        name="getOwnHoldings",
        summary=Said("What a library said it has of a record", {}),
        answer=own.holdings,
        schema="OwnHoldings",
        refusals=(*_OF_MEMBERS, *_OF_RECORDS),
        role=Role.MEMBER,
    ),
    Endpoint(
        path="/own/holdings/{id}",
        name="holdRecord",
        summary=Said("Say that a library has a record", {}),
        about="It is shown within minutes. The same twice is once.",
        answer=own.hold,
        schema="OwnHoldings",
        refusals=(*_OF_MEMBERS, *_OF_RECORDS, BadBody, BodyTypeUnknown, NumberOfAnother),
        method="POST",
        role=Role.MEMBER,
        takes="NewHolding",
        done=HTTPStatus.CREATED,
    ),
    Endpoint(
        path="/own/holdings/{id}",
        name="dropRecord",
        summary=Said("Take back that a library has a record", {}),
        about="Records and lists that the library delivered stay as they are.",
        answer=own.drop,
        schema="OwnHoldings",
        refusals=(*_OF_MEMBERS, *_OF_RECORDS),
        method="DELETE",
        role=Role.MEMBER,
    ),
    Endpoint(
        path="/openapi.json",
        name="describe",
        summary=Said("This description", {}),
        answer=listings.described,
        schema="OpenApi",
    ),
)


def matching(path: str) -> tuple[Sequence[Endpoint], Mapping[str, str]]:
    """Return what can be done at an address below the root, and what stands in its braces."""
    given = path.split("/") if path != "/" else ["", ""]
    for each in ENDPOINTS:
        found = _fitting(each.path.split("/"), given)
        if found is not None:
            return [one for one in ENDPOINTS if one.path == each.path], found
    return [], {}


def allowed(endpoints: Sequence[Endpoint]) -> str:
    """Return the methods of an address, as the header Allow has them."""
    methods = [each.method for each in endpoints]
    return ", ".join(["GET", "HEAD", *(each for each in methods if each != "GET"), "OPTIONS"])


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

"""Lists of a collection and the tokens that go on with them, each in the manner it is told."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from protocols.oai import format_stamp, parse_stamp
from support.faulty.collection import Collection, Entry
from support.faulty.manners import Manners, Paging


class Code(StrEnum):
    """The errors of OAI-PMH 2.0 s3.6 that it may give."""

    ARGUMENT = "badArgument"
    FORMAT = "cannotDisseminateFormat"
    ID = "idDoesNotExist"
    MATCH = "noRecordsMatch"
    SETS = "noSetHierarchy"
    TOKEN = "badResumptionToken"
    VERB = "badVerb"


class Refused(Exception):
    """An OAI-PMH error by its code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in which list a request stands; a token is this, written down."""

    prefix: str = ""
    start: str = ""
    until: str = ""
    set: str = ""
    after: tuple[int | str, str] | None = None
    """The key of the last record given, where a token goes by it."""
    given: int = 0
    """How many records were given before."""
    turn: int = 0
    """Makes tokens of one place differ."""

    @property
    def token(self) -> str:
        """Return it as an opaque token; base64 has characters that a URL must escape."""
        return base64.b64encode(json.dumps(asdict(self)).encode()).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One page of a list."""

    entries: list[Entry]
    ahead: Place | None
    """Where the list goes on, if it does."""
    size: int
    """How many records the whole list has now."""


def asked(arguments: Mapping[str, str], manners: Manners) -> Place:
    """Return the place that a request asks for; raise Refused."""
    token = arguments.get("resumptionToken")
    if token is None:
        return _begun(arguments, manners)
    if manners.wants_prefix != ("metadataPrefix" in arguments):
        raise Refused(Code.ARGUMENT)
    try:
        told = json.loads(base64.b64decode(token, validate=True))
        after = told.pop("after")
        return Place(**told, after=None if after is None else tuple(after))
    except (ValueError, TypeError) as error:
        raise Refused(Code.TOKEN) from error


def _begun(arguments: Mapping[str, str], manners: Manners) -> Place:
    if "metadataPrefix" not in arguments:
        raise Refused(Code.ARGUMENT)
    if arguments["metadataPrefix"] != "oai_dc":
        raise Refused(Code.FORMAT)
    place = Place(
        prefix=arguments["metadataPrefix"],
        start=arguments.get("from", ""),
        until=arguments.get("until", ""),
        set=arguments.get("set", ""),
    )
    wanted = len(format_stamp(0, manners.granularity))
    if any(len(date) not in {0, len("2024-01-01"), wanted} for date in (place.start, place.until)):
        raise Refused(Code.ARGUMENT)
    if place.set and not manners.sets:
        raise Refused(Code.SETS)
    return place


def part(collection: Collection, place: Place, manners: Manners) -> Part:
    """Return the page of a list that begins at a place; raise Refused where nothing matches."""
    listed = sorted(_matching(collection, place, manners), key=lambda each: _key(each, manners))
    if not listed and place.given == 0:
        raise Refused(Code.MATCH)
    left = _left(listed, place, manners)
    given = left[: manners.page_size]
    ahead = None
    if len(left) > len(given):
        # Tokens that are taken once differ each time, though they lead to the same place.
        turn = collection.now if manners.paging is Paging.ONCE else 0
        after = _key(given[-1], manners)
        ahead = replace(place, after=after, given=place.given + len(given), turn=turn)
    return Part(entries=given, ahead=ahead, size=len(listed))


def _left(listed: list[Entry], place: Place, manners: Manners) -> list[Entry]:
    if manners.paging is Paging.OFFSET:
        return listed[place.given :]
    if not place.after:
        return listed
    if isinstance(place.after[0], str) != manners.by_identifier:
        raise Refused(Code.TOKEN)
    return [each for each in listed if _key(each, manners) > place.after]


def _matching(collection: Collection, place: Place, manners: Manners) -> list[Entry]:
    found = [each for each in collection.entries() if not place.set or each.set == place.set]
    if manners.ignores_dates:
        return found
    start = parse_stamp(place.start) if place.start else 0
    until = parse_stamp(place.until, end=True) if place.until else collection.now
    return [each for each in found if start <= each.stamp <= until]


def _key(entry: Entry, manners: Manners) -> tuple[int | str, str]:
    return (entry.identifier if manners.by_identifier else entry.stamp, entry.identifier)

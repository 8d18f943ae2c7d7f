"""A member's OAI-PMH repository: simple on purpose, as members' servers are, and by the book.

Only the checking of arguments and the envelope are the hub's own; lists are cut by offset, tokens
are plain text, and each member has its own prefixes and granularity, as in the wild.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from time import time

from hub.demo.generate import DemoRecord, deliveries
from hub.demo.member import Member, set_spec
from hub.demo.works import table
from protocols import oai
from protocols.oai import Granularity, Verb, granularity_of, parse_stamp
from provider.oai import arguments
from provider.oai.arguments import RESUMPTION, Call
from provider.oai.envelope import echo, element, envelope
from provider.oai.errors import (
    BadArgument,
    BadResumptionToken,
    CannotDisseminateFormat,
    IdDoesNotExist,
    NoRecordsMatch,
    OaiError,
)

PAGE_SIZE = 100
_SCHEMAS = {
    "oai_dc": (oai.OAI_DC_SCHEMA, oai.OAI_DC),
    "marc21": (oai.MARC21_SCHEMA, oai.MARC21),
    "marcxml": (oai.MARC21_SCHEMA, oai.MARC21),
}
_SEPARATOR = "/"


@dataclass(frozen=True, kw_only=True)
class Repository:
    """What one member gives out at one address."""

    member: Member
    base_url: str
    most: int | None = None
    """Give only so many of its records, the first of the list; None = all."""

    @property
    def prefixes(self) -> tuple[str, ...]:
        """The metadata prefixes offered: the member's own, and the one nobody may leave out."""
        return tuple(dict.fromkeys((self.member.habit("prefix"), "oai_dc")))

    @cached_property
    def records(self) -> tuple[DemoRecord, ...]:
        """Every record, in the order of the lists."""
        return deliveries(self.member)[: self.most]

    @cached_property
    def by_identifier(self) -> dict[str, DemoRecord]:
        """Every record, to be found by its identifier."""
        return {record.identifier: record for record in self.records}


def respond(repository: Repository, pairs: Sequence[tuple[str, str]]) -> bytes:
    """Answer a request with a whole OAI-PMH document; its faults become OAI-PMH errors."""
    echoed = echo(repository.base_url)
    try:
        call = arguments.read(pairs)
        echoed = echo(repository.base_url, call.verb, call.arguments)
        content = _answer(repository, call)
    except OaiError as error:
        content = element("error", str(error), f' code="{error.oai_code()}"')
    return envelope(int(time()), echoed, [content.encode()])


def _answer(repository: Repository, call: Call) -> str:
    _check_granularity(repository, call)
    return f"<{call.verb}>{_VERBS[call.verb](repository, call)}</{call.verb}>"


def _check_granularity(repository: Repository, call: Call) -> None:
    if repository.member.granularity is Granularity.SECOND:
        return
    for name in ("from", "until"):
        if granularity_of(call.get(name)) is Granularity.SECOND:
            raise BadArgument(name=name, reason="dates here have the form YYYY-MM-DD")


def _identify(repository: Repository, _call: Call) -> str:
    member = repository.member
    return "".join(
        (
            element("repositoryName", member.habit("library")),
            element("baseURL", repository.base_url),
            element("protocolVersion", "2.0"),
            element("adminEmail", f"thuvien@{member.habit('code').lower()}.localhost"),
            element("earliestDatestamp", repository.records[0].datestamp),
            element("deletedRecord", "persistent"),
            element("granularity", member.granularity.value),
        )
    )


def _list_metadata_formats(repository: Repository, call: Call) -> str:
    if "identifier" in call.arguments:
        _record(repository, call)
    return "".join(_format(prefix, *_SCHEMAS[prefix]) for prefix in repository.prefixes)


def _format(prefix: str, schema: str, namespace: str) -> str:
    content = (
        element("metadataPrefix", prefix)
        + element("schema", schema)
        + element("metadataNamespace", namespace)
    )
    return f"<metadataFormat>{content}</metadataFormat>"


def _list_sets(repository: Repository, call: Call) -> str:
    if RESUMPTION in call.arguments:
        raise BadResumptionToken
    return "".join(
        f"<set>{element('setSpec', spec)}{element('setName', name)}</set>"
        for spec, name in sets(repository.member).items()
    )


def sets(member: Member) -> dict[str, str]:
    """Return a member's sets with their names, parents before their children."""
    found: dict[str, str] = {}
    for number, row in enumerate(table("collections"), start=1):
        spec = set_spec(member, number)
        parent, colon, _ = spec.rpartition(":")
        if colon:
            found.setdefault(parent, "Sách")
        found[spec] = row["label"]
    return found


def _get_record(repository: Repository, call: Call) -> str:
    prefix = _prefix(repository, call)
    return _whole(_record(repository, call), prefix)


def _record(repository: Repository, call: Call) -> DemoRecord:
    identifier = call.get("identifier")
    try:
        return repository.by_identifier[identifier]
    except KeyError as error:
        raise IdDoesNotExist(name=arguments.legible(identifier)) from error


def _prefix(repository: Repository, call: Call) -> str:
    prefix = call.get("metadataPrefix")
    if prefix not in repository.prefixes:
        raise CannotDisseminateFormat(name=prefix)
    return prefix


def _header(record: DemoRecord, _prefix: str = "") -> str:
    status = ' status="deleted"' if record.deleted else ""
    content = (
        element("identifier", record.identifier)
        + element("datestamp", record.datestamp)
        + "".join(element("setSpec", spec) for spec in record.sets)
    )
    return f"<header{status}>{content}</header>"


def _whole(record: DemoRecord, prefix: str) -> str:
    body = record.payload if prefix == record.prefix else record.dublin_core
    metadata = f"<metadata>{body.decode()}</metadata>" if body else ""
    return f"<record>{_header(record)}{metadata}</record>"


def _list(repository: Repository, call: Call) -> str:
    begun, start = _resumed(call) if RESUMPTION in call.arguments else (call, 0)
    prefix = _prefix(repository, begun)
    matching = _matching(repository, begun)
    page = matching[start : start + PAGE_SIZE]
    if not page:
        raise BadResumptionToken if start else NoRecordsMatch
    render = _whole if call.verb is Verb.LIST_RECORDS else _header
    content = "".join(render(record, prefix) for record in page)
    return content + _resumption(begun, start, len(matching))


def _matching(repository: Repository, call: Call) -> list[DemoRecord]:
    start, end, spec = call.moment("from"), call.moment("until"), call.get("set")
    return [
        record
        for record in repository.records
        if (start is None or start <= parse_stamp(record.datestamp))
        and (end is None or parse_stamp(record.datestamp) <= end)
        and (not spec or any(f"{own}:".startswith(f"{spec}:") for own in record.sets))
    ]


_TOKEN = ("metadataPrefix", "from", "until", "set")
_OFFSET = re.compile("[1-9][0-9]{0,6}")


def _resumption(call: Call, start: int, total: int) -> str:
    """Return the token's element: none for a list of one page, an empty one at the end."""
    if total <= PAGE_SIZE:
        return ""
    following = start + PAGE_SIZE
    values = (call.verb, *map(call.get, _TOKEN), str(following))
    token = _SEPARATOR.join(values) if following < total else ""
    return element(RESUMPTION, token, f' completeListSize="{total}" cursor="{start}"')


def _resumed(call: Call) -> tuple[Call, int]:
    """Return the request that a token goes on with, and where in its list."""
    try:
        verb, *values, start = call.get(RESUMPTION).split(_SEPARATOR)
        named = zip(_TOKEN, values, strict=True)
        begun = arguments.read([("verb", verb), *((name, value) for name, value in named if value)])
    except (ValueError, OaiError) as error:
        raise BadResumptionToken from error
    if verb != call.verb or not _OFFSET.fullmatch(start):
        raise BadResumptionToken
    return begun, int(start)


_VERBS: dict[Verb, Callable[[Repository, Call], str]] = {
    Verb.IDENTIFY: _identify,
    Verb.LIST_METADATA_FORMATS: _list_metadata_formats,
    Verb.LIST_SETS: _list_sets,
    Verb.LIST_IDENTIFIERS: _list,
    Verb.LIST_RECORDS: _list,
    Verb.GET_RECORD: _get_record,
}

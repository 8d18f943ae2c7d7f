"""The connection to a source, checked step by step: what was found, or which step failed and why.

Each step needs those before it, but for formats and sets, which servers get wrong and still give
their records. Nothing is stored.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from catalogue.errors import CatalogueError
from catalogue.model import Source
from crosswalks.errors import Said
from crosswalks.model import Problem, Severity
from harvester.errors import HarvestError, NoReadableFormat
from harvester.files.address import is_remote
from harvester.files.check import FilesCheck
from harvester.model import HttpSettings
from harvester.oai.check import OaiCheck
from harvester.probe import Certificate, Probe, is_about_certificate
from scheduler.model import HarvestOptions, Line
from scheduler.outgoing import FILE, SEARCHED, http_of, spec_of
from scheduler.searchsteps import SearchCheck
from scheduler.steps import (
    Asking,
    Explained,
    FileStage,
    Found,
    SearchStage,
    Stage,
    State,
    Step,
    few,
    notice,
)

__all__ = [
    "MOST_OFFERED",
    "FileStage",
    "Found",
    "SearchStage",
    "Stage",
    "State",
    "Step",
    "check",
    "notice",
]

_MOST_NAMED = 12
MOST_OFFERED = 60
"""Sets told with their names, for a form to choose from."""
_CLOCK_SECONDS = 300
"""A difference that says something: overlap makes up for less."""


_MAY_FAIL: set[Stage | FileStage | SearchStage] = {Stage.FORMATS, Stage.SETS}


def check(line: Line, source: Source) -> Iterator[Step]:
    """Yield the steps of connecting to a source, as each ends; those after a failure are skipped.

    Raises NoSuchCredentials or CredentialsSealed before anything is tried.
    """
    # Who waits at a screen wants to hear that a server is busy, not to wait until it is not.
    http = replace(http_of(line, source), retries=0)
    failed = False
    for stage, ask in _stages(line, source, http):
        if failed:
            yield Step(name=stage, state=State.SKIPPED)
            continue
        step = _try(stage, ask)
        yield step
        failed = step.state is State.FAILED and stage not in _MAY_FAIL


def _stages(line: Line, source: Source, http: HttpSettings) -> Iterator[Asking]:
    if source.protocol in SEARCHED:
        spec = spec_of(line, source, HarvestOptions())
        yield from SearchCheck(source.protocol, spec, http).stages()
        return
    if source.protocol != FILE:
        yield from _Check(line, source, http).stages()
        return
    if is_remote(source.url):
        yield from _Check(line, source, http).to_server()
    with FilesCheck(spec_of(line, source, HarvestOptions()), http) as files:
        yield FileStage.FILES, partial(_files, files)
        yield FileStage.FORMAT, partial(_format, files)
        yield FileStage.FIRST_RECORDS, partial(_first_records, files)


def _try(stage: Stage | FileStage | SearchStage, ask: Callable[[], Found]) -> Step:
    begun = time.monotonic()
    try:
        found = ask()
    except Explained as failure:
        return Step(
            name=stage,
            state=State.FAILED,
            detail=failure.found.detail,
            found=failure.found.found,
            error=failure.error,
            seconds=time.monotonic() - begun,
        )
    except (HarvestError, CatalogueError) as error:
        return Step(name=stage, state=State.FAILED, error=error, seconds=time.monotonic() - begun)
    return Step(
        name=stage,
        state=State.SKIPPED if found.skipped else State.OK,
        detail=found.detail,
        found=found.found,
        seconds=time.monotonic() - begun,
    )


class _Check:
    """What is asked of one source, step by step."""

    def __init__(self, line: Line, source: Source, http: HttpSettings) -> None:
        self._line = line
        self._source = source
        self._http = http
        self._probe = Probe(source.url, http)
        self._oai = OaiCheck(source.url, http)

    def to_server(self) -> Iterator[Asking]:
        yield Stage.DNS, self._dns
        yield Stage.TCP, self._tcp
        yield Stage.TLS, self._tls

    def stages(self) -> Iterator[Asking]:
        yield from self.to_server()
        yield Stage.HTTP, self._greet
        yield Stage.IDENTIFY, self._identify
        yield Stage.FORMATS, self._formats
        yield Stage.SETS, self._sets
        yield Stage.FIRST_PAGE, self._first_page

    def _dns(self) -> Found:
        found = self._probe.addresses()
        detail = notice("{host} is {addresses}", host=self._probe.host, addresses=few(found))
        return Found((detail,), {"host": self._probe.host, "addresses": found})

    def _tcp(self) -> Found:
        address, port = self._probe.connect(), self._probe.port
        if self._http.proxy:
            detail = notice("connected to the proxy {address}:{port}", address=address, port=port)
        else:
            detail = notice("connected to {address}:{port}", address=address, port=port)
        return Found((detail,), {"address": address, "port": port})

    def _tls(self) -> Found:
        if not self._probe.encrypted:
            return self._open()
        try:
            return _certificate(self._probe.certificate())
        except HarvestError as error:
            shown = self._probe.unverified() if is_about_certificate(error) else None
            if shown is None:
                raise
            raise Explained(error, _certificate(shown)) from error

    def _open(self) -> Found:
        if urlsplit(self._source.url).scheme == "https":
            return Found((notice("the proxy leads there; see HTTP"),), {}, skipped=True)
        detail = [notice("the address begins with http://: nothing is encrypted")]
        if self._http.auth:
            detail.append(notice("anyone on the way can read the password or key of the source"))
        return Found(tuple(detail), {}, skipped=True)

    def _greet(self) -> Found:
        greeting = self._probe.greet({"verb": "Identify"})
        answer = greeting.answer
        kind = answer.headers.get("content-type", "")
        detail = [
            notice(
                "status {status}, {kind}, {size} bytes",
                status=answer.status,
                kind=kind or "-",
                size=len(answer.body),
            )
        ]
        found: dict[str, Any] = {"status": answer.status, "type": kind, "bytes": len(answer.body)}
        for moved in greeting.notices:
            found["moved"] = moved.detail
            detail.append(notice("the address has moved for good: {where}", where=moved.detail))
        return Found(tuple(detail), found)

    def _identify(self) -> Found:
        info = self._oai.identify()
        detail = [
            notice(
                "{name}; deletions: {deleted}; dates: {granularity}; earliest {earliest}",
                name=info.name or "-",
                deleted=info.deleted_record or "-",
                granularity=info.granularity,
                earliest=info.earliest or "-",
            )
        ]
        ahead = _seconds_ahead(info.now)
        if ahead is not None and abs(ahead) > _CLOCK_SECONDS:
            detail.append(notice("its clock differs from ours by {n} seconds", n=ahead))
        found = {
            "name": info.name,
            "deleted_record": info.deleted_record,
            "granularity": str(info.granularity),
            "earliest": info.earliest,
            "emails": list(info.emails),
            "base_url": info.base_url,
            "clock_seconds": ahead,
        }
        return Found(tuple(detail), found)

    def _formats(self) -> Found:
        known, others = ([one.prefix for one in group] for group in self._oai.formats())
        detail = [notice("we can read: {formats}", formats=few(known) or "-")]
        if others:
            detail.append(notice("we cannot read: {formats}", formats=few(others)))
        made = Found(tuple(detail), {"readable": known, "others": others})
        if not known:
            error = NoReadableFormat(url=self._source.url, offered=few(others) or "-")
            raise Explained(error, made)
        return made

    def _sets(self) -> Found:
        found = self._oai.sets()
        specs = [one.spec for one in found]
        detail = notice("{count} sets: {sets}", count=len(specs), sets=few(specs) or "-")
        offered = {one.spec: one.name for one in found[:MOST_OFFERED]}
        told = {"count": len(specs), "sets": specs[:_MOST_NAMED], "offered": offered}
        return Found((detail,), told)

    def _first_page(self) -> Found:
        page = self._oai.first_page(spec_of(self._line, self._source, HarvestOptions()))
        detail = [notice("{count} records", count=len(page.records))]
        if page.total is not None:
            detail.append(notice("{total} in all, it says", total=page.total))
        detail += _mended(page.problems)
        found = {
            "records": len(page.records),
            "total": page.total,
            "bytes": len(page.raw),
            "problems": [one.code for one in page.problems],
        }
        return Found(tuple(detail), found)


def _mended(problems: Iterable[Problem]) -> list[Said]:
    return [
        notice("had to be mended: {what}", what=code)
        for code in dict.fromkeys(one.code for one in problems if one.severity is not Severity.INFO)
    ]


def _files(check: FilesCheck) -> Found:
    lying = check.files()
    size = sum(each.size for each in lying)
    names = [each.name for each in lying]
    detail = [
        notice(
            "{count} files, {size} bytes: {names}",
            count=len(lying),
            size=size,
            names=few(names) or "-",
        )
    ]
    waiting = len(check.waiting())
    if waiting:
        detail.append(notice("{count} in the inbox", count=waiting))
    found = {"count": len(lying), "bytes": size, "names": names[:_MOST_NAMED], "inbox": waiting}
    return Found(tuple(detail), found)


def _format(check: FilesCheck) -> Found:
    kinds = check.kinds()
    detail = tuple(
        notice("{name}: {format}", name=name, format=kind) for name, kind in kinds.items()
    )
    return Found(detail, {"formats": kinds}, skipped=not kinds)


def _first_records(check: FilesCheck) -> Found:
    page = check.first_page()
    if page is None:
        return Found((), {"records": 0}, skipped=True)
    problems = [*page.problems, *(one for each in page.records for one in each.problems)]
    names = [each.identifier for each in page.records]
    detail = [
        notice("{count} records: {names}", count=len(names), names=few(names)),
        *_mended(problems),
    ]
    found = {
        "records": len(names),
        "identifiers": names[:_MOST_NAMED],
        "problems": list(dict.fromkeys(one.code for one in problems)),
    }
    return Found(tuple(detail), found)


def _certificate(shown: Certificate) -> Found:
    until = shown.until.strftime("%Y-%m-%d")
    detail = [
        notice(
            "certificate of {issuer} for {names}, valid until {until}",
            issuer=shown.issuer,
            names=few(shown.names),
            until=until,
        )
    ]
    if shown.fetch_issuer:
        detail.append(notice("certificate of its issuer: {url}", url=shown.fetch_issuer))
    return Found(
        tuple(detail),
        {
            "issuer": shown.issuer,
            "names": list(shown.names),
            "until": until,
            "issuer_url": shown.fetch_issuer,
            "protocol": shown.protocol,
        },
    )


def _seconds_ahead(text: str) -> int | None:
    """Return how far a server's clock is ahead of ours, or None where it tells no time."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    return round(
        ((told if told.tzinfo else told.replace(tzinfo=UTC)) - datetime.now(UTC)).total_seconds()
    )

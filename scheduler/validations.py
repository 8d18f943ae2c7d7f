"""Checks of members' servers as work: each in turn, in a thread beside a worker.

A check takes minutes, so no harvest waits for one, but for those of the same server: a check holds
a place in its budget. One that dies with its worker is begun again by whoever comes by.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from threading import Event
from typing import Any

from catalogue import queue, sources
from catalogue.errors import CredentialsSealed, NoSuchCredentials
from catalogue.messages import packed_details
from catalogue.model import Lease, Source
from catalogue.validations import store
from catalogue.validations.store import KIND, MEND, PASS, Validation
from crosswalks.errors import Error, Said
from crosswalks.model import Severity
from harvester.errors import HarvestError
from harvester.model import HttpSettings
from harvester.validate.examine import Report, validate
from harvester.validate.model import Finding, Options, Stage
from scheduler import budget
from scheduler.heartbeat import failing, heartbeat
from scheduler.loop import repeat
from scheduler.model import Line
from scheduler.outgoing import http_of

REST_SECONDS = 2.0
PAGES = 100
"""Pages of each list that are looked at; the command ``validate`` goes to the end."""
_OPTIONS = Options(pages=PAGES, samples=100, sets=20, windows=20, retries=2)
_PATIENCE = 60.0
"""Seconds that a server may have us wait: somebody waits for the report."""
_MOST = 400
"""Findings that are kept; of one code and verb there are five."""
_LONGEST = 2000


class _Ended(Exception):
    """The worker was told to stop."""


def keep_validating(line: Line, stopping: Event, rest_seconds: float = REST_SECONDS) -> None:
    """Check what people ask for until told to stop."""
    repeat(lambda: validate_next(line, stopping), stopping, rest_seconds)


def validate_next(line: Line, stopping: Event, options: Options = _OPTIONS) -> bool:
    """Check the server that waits longest and has a place free; tell whether there was one."""
    for key in queue.due(line.db, KIND):
        found = store.waiting(line.db, key)
        source = sources.get(line.db, found.source) if found is not None else None
        if found is None or source is None:
            _drop(line, key)
            continue
        with budget.place(line.db, source) as placed:
            lease = queue.claim(line.db, KIND, key, anew=False) if placed else None
            if lease is not None:
                _Check(line, lease, stopping, options).carry_out(found, source)
                return True
    return False


class _Check:
    """One check."""

    def __init__(self, line: Line, lease: Lease, stopping: Event, options: Options) -> None:
        self._line, self._lease, self._stopping = line, lease, stopping
        self._options = replace(options, hear=self._hear)

    def carry_out(self, found: Validation, source: Source) -> None:
        """Check a server and keep what was found; leave it to another where this worker goes."""
        database = self._line.db
        with failing(database, self._lease), heartbeat(database, self._lease):
            report = self._report(source)
            if report is None:
                queue.put_back(database, self._lease)
                return
            verdict = PASS if report.passed else MEND
            store.finish(database, self._lease, found.id, verdict, plain(report))

    def _report(self, source: Source) -> Report | None:
        """Return what was found; None where this worker has to go before that."""
        try:
            return validate(source.url, _patient(http_of(self._line, source)), self._options)
        except _Ended:
            return None
        except (HarvestError, NoSuchCredentials, CredentialsSealed) as error:
            # What keeps us from asking at all is what was found.
            return _unreached(source.url, error)

    def _hear(self, stage: Stage) -> None:
        if self._stopping.is_set():
            raise _Ended
        noted = json.dumps(stage._asdict())
        self._line.db.writing(lambda connection: queue.note(connection, self._lease, noted))


def plain(report: Report) -> dict[str, Any]:
    """Return a report as JSON has it, without words: these are chosen when it is read."""
    return {
        "url": report.url,
        "requests": report.requests,
        "records": report.records,
        "complete": report.complete,
        "problems": [_told(each) for each in report.findings[:_MOST]],
    }


def _told(finding: Finding) -> Mapping[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "verb": finding.verb,
        "request": finding.request[:_LONGEST],
        "details": packed_details(finding.details),
        "count": finding.count,
    }


def _unreached(url: str, error: Error) -> Report:
    details = {"reason": Said(type(error).template(), error.details)}
    finding = Finding(
        code="no-answer", severity=Severity.ERROR, verb="", request=url, details=details
    )
    return Report(url=url, requests=0, records=0, complete=False, findings=(finding,))


def _patient(http: HttpSettings) -> HttpSettings:
    return replace(
        http,
        retries=min(http.retries, _OPTIONS.retries),
        longest_wait=min(http.longest_wait, _PATIENCE),
        read_timeout=min(http.read_timeout, _PATIENCE),
        total_timeout=min(http.total_timeout, 2 * _PATIENCE),
    )


def _drop(line: Line, key: str) -> None:
    lease = queue.claim(line.db, KIND, key, anew=False)
    if lease is not None:
        line.db.writing(lambda connection: queue.finish(connection, lease, "failed"))

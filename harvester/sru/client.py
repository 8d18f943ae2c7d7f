"""A client of one SRU server, a question at a time, over the harvester's own way out.

Whatever the server does, what comes out is an answer or a HarvestError: a diagnostic of the whole
answer is SruRefused, one in place of a record stands there.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from typing import Self

from lxml import etree

from harvester.http import Fetcher, retry_after
from harvester.model import Answer, HttpSettings
from harvester.sru import reading
from harvester.sru.address import plain
from harvester.sru.errors import SruBusy, SruGarbled, SruRefused
from harvester.sru.model import Answered, Diagnostic, Explained, Listed
from harvester.sru.reading import NotSru

VERSIONS = ("1.2", "1.1", "2.0")
"""In the order in which they are tried."""
UNSUPPORTED_VERSION = 5
_BUSY = frozenset({429, 500, 502, 503, 504})


class Client:
    """A context manager that holds the connection; times are those of the settings."""

    def __init__(
        self, url: str, settings: HttpSettings, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.url = plain(url)
        self.version = ""
        """Which version is spoken, once something was answered."""
        self._fetcher = Fetcher(settings, sleep)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        self._fetcher.close()

    def explain(self) -> Explained:
        """Return what the server says of itself; what it does not say is empty.

        Raises SruGarbled where this is no SRU server at all.
        """
        root = self._ask("explain", {}, "explainResponse")
        found = reading.explained(root)
        if found.version in VERSIONS:
            self.version = found.version
        return found

    def search(self, cql: str, start: int = 1, count: int = 10, schema: str = "") -> Answered:
        """Return the hits and some records from ``start`` (from 1) on; ``count`` may be 0.

        Raises SruRefused.
        """
        asked = {"query": cql, "startRecord": str(start), "maximumRecords": str(count)}
        if schema:
            asked["recordSchema"] = schema
        root = self._ask("searchRetrieve", asked, "searchRetrieveResponse")
        found = reading.answered(root, start)
        self._check(found.diagnostics, "searchRetrieve", is_answer=bool(found.records))
        return found

    def scan(self, clause: str, count: int, position: int = 1) -> tuple[Listed, ...]:
        """Return terms of an index, the one asked for at ``position``, from 1."""
        asked = {
            "scanClause": clause,
            "maximumTerms": str(count),
            "responsePosition": str(position),
        }
        root = self._ask("scan", asked, "scanResponse")
        terms, said = reading.listed(root)
        self._check(said, "scan", is_answer=bool(terms))
        return terms

    def _check(self, said: Iterable[Diagnostic], asked: str, *, is_answer: bool) -> None:
        """Raise the first diagnostic, unless there is an answer beside it: then it is a warning."""
        for each in () if is_answer else said:
            raise self._refused(each, asked)

    def _refused(self, said: Diagnostic, asked: str) -> SruRefused:
        return SruRefused(
            url=self.url,
            asked=asked,
            number=said.number,
            reason=said.message,
            addinfo=said.details,
        )

    def _ask(self, operation: str, asked: Mapping[str, str], wanted: str) -> etree._Element:
        """Return the root of an answer, in the first version that the server speaks."""
        for version in (self.version,) if self.version else VERSIONS:
            root = self._once(operation, asked, version, wanted)
            said = next(reading.diagnostics(root), None)
            if said is None or said.number != UNSUPPORTED_VERSION:
                told = reading.version_of(root)
                self.version = told if told in VERSIONS else version
                return root
        return root

    def _once(
        self, operation: str, asked: Mapping[str, str], version: str, wanted: str
    ) -> etree._Element:
        arguments = {"operation": operation, "version": version, **asked}
        packing = "recordXMLEscaping" if version == "2.0" else "recordPacking"
        if operation != "scan":
            arguments[packing] = "xml"
        answer = self._fetcher.get(self.url, arguments, retries=0)
        if answer.status in _BUSY and b"diagnostic" not in answer.body:
            busy = SruBusy(url=self.url, status=answer.status)
            if wait := retry_after(answer):
                self._fetcher.pause(0, busy, wait)
            raise busy
        return self._root(answer, wanted)

    def _root(self, answer: Answer, wanted: str) -> etree._Element:
        try:
            return reading.root_of(answer.body, wanted)
        except NotSru as wrong:
            raise SruGarbled(url=self.url, status=answer.status, reason=wrong.args[0]) from wrong

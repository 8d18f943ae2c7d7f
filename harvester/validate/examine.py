"""A repository examined from Identify to the last wrong request, and the report of it."""

from __future__ import annotations

from dataclasses import dataclass

from crosswalks.model import Severity
from harvester.http import Fetcher, checked
from harvester.model import HttpSettings
from harvester.validate.asking import Line
from harvester.validate.changes import Changes
from harvester.validate.dates import Dates
from harvester.validate.forms import judge_of_items, judge_others, list_formats
from harvester.validate.gaps import judge_gaps
from harvester.validate.identity import identify, judge_clock
from harvester.validate.lists import compare, judge_list
from harvester.validate.manners import judge_manners
from harvester.validate.model import Finding, Found, Options
from harvester.validate.order import judge_order
from harvester.validate.probes import judge_errors
from harvester.validate.records import Records
from harvester.validate.sets import Sets, list_sets
from harvester.validate.single import judge_single
from harvester.validate.speed import judge_speed
from harvester.validate.tokens import Kept, judge_token_of_sets, judge_tokens
from harvester.validate.walking import Listing, walk
from protocols.oai import Verb

_ORDER = (Severity.ERROR, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of an examination."""

    url: str
    requests: int
    records: int
    """How many different ones were seen."""
    complete: bool
    """Whether the list of records was walked to its end."""
    findings: tuple[Finding, ...]
    """Errors first."""

    @property
    def passed(self) -> bool:
        """Tell whether no error was found."""
        return all(each.severity is not Severity.ERROR for each in self.findings)

    def count(self, severity: Severity) -> int:
        """Return how many findings are of a severity."""
        return sum(each.severity is severity for each in self.findings)


def validate(url: str, settings: HttpSettings, options: Options) -> Report:
    """Examine the repository at a base URL; raise BadUrl for what is none.

    A repository that cannot be reached is told of in the report.
    """
    checked(url)
    with Fetcher(settings) as fetcher:
        line = Line(url, fetcher, options)
        seen, complete = _examine(line)
        findings = sorted(line.findings(), key=lambda each: _ORDER.index(each.severity))
        return Report(
            url=url,
            requests=line.requests,
            records=seen,
            complete=complete,
            findings=tuple(findings),
        )


def _examine(line: Line) -> tuple[int, bool]:
    """Examine all there is; return how many records were seen, and whether that is all."""
    line.stage("Identify")
    first = identify(line)
    if first.root is None:
        return 0, False
    changes = Changes(line)
    records = Records(line)
    line.stage("ListMetadataFormats")
    list_formats(line)
    line.stage("ListSets")
    list_sets(line, changes)
    headers, whole = _lists(line, changes, records)
    kept = Kept(line)
    judge_manners(line, first)
    if whole.entries or headers.entries:
        _beside(line, headers, whole, changes, records)
    line.stage("Wrong requests")
    _errors(line, whole)
    _later(line, kept, (headers, whole), changes)
    judge_clock(line, first, line.ask(Verb.IDENTIFY))
    records.end()
    return len({**headers.entries, **whole.entries}), whole.complete


def _lists(line: Line, changes: Changes, records: Records) -> tuple[Listing, Listing]:
    """Walk through both lists in Dublin Core, and judge them and what differs between them."""
    records.prefix = "oai_dc"
    found = []
    for verb in (Verb.LIST_IDENTIFIERS, Verb.LIST_RECORDS):
        line.stage(verb.value)
        listing = walk(line, verb, {"metadataPrefix": "oai_dc"}, 0, records)
        if listing.errors and not listing.is_empty:
            details = {"prefix": "oai_dc", "value": ", ".join(listing.errors)}
            line.add_at(Found("format-not-given", details, "oai_dc"), listing.url, verb)
        found.append(listing)
    headers, whole = found
    for listing in found:
        judge_list(line, listing, changes)
    compare(line, headers, whole, changes)
    for each in judge_speed(whole):
        line.add_at(each, whole.url, Verb.LIST_RECORDS.value)
    return headers, whole


def _beside(
    line: Line, headers: Listing, whole: Listing, changes: Changes, records: Records
) -> None:
    """Ask for the same records in other ways."""
    reference = headers if headers.complete or not whole.complete else whole
    line.stage("GetRecord")
    judge_single(line, whole, changes, records, line.options.samples)
    live = [name for name, entry in whole.entries.items() if not entry.deleted]
    judge_of_items(line, live)
    if reference.complete:
        judge_gaps(line, reference, changes)
    line.stage("Dates")
    Dates(line, reference, changes).judge()
    line.stage("Sets")
    if line.repository.has_sets:
        Sets(line, reference, changes).judge()
    line.stage("Tokens")
    judge_tokens(line, changes)
    if line.repository.has_sets:
        judge_token_of_sets(line)
    line.stage("Formats")
    judge_others(line, whole, changes, records)


def _errors(line: Line, whole: Listing) -> None:
    live = ((name, entry) for name, entry in whole.entries.items() if not entry.deleted)
    identifier, entry = next(live, ("", None))
    judge_errors(line, identifier, entry.stamp if entry else "")


def _later(line: Line, kept: Kept, listings: tuple[Listing, ...], changes: Changes) -> None:
    """After a while, ask for some of it again."""
    line.stage("Second look")
    line.wait(line.options.pause)
    kept.judge()
    for listing in listings:
        judge_order(line, listing, changes)

"""A check that was kept, as people read it: in words, beside the one before, and as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalogue.messages import unpacked
from catalogue.validations.store import Validation
from crosswalks.model import Severity
from harvester.validate.examine import Report
from harvester.validate.model import Finding
from web.language import Translate, mark
from web.validation.telling import SEVERITIES as LEVELS
from web.validation.telling import Group, groups, verdict
from web.validation.words import said_of

VERDICTS = {
    "pass": mark("passed"),
    "mend": mark("to be mended"),
    "broken": mark("was not brought to its end"),
    "": mark("not finished"),
}
BADGES = {"pass": "succeeded", "mend": "failed", "broken": "limited", "": "running"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A check with what is said of it."""

    validation: Validation
    report: Report
    verdict: str
    groups: list[Group]
    counts: tuple[tuple[str, int], ...]
    """Kinds of findings by severity in words."""
    before: Validation | None
    """The check that this one is compared with."""
    new: tuple[str, ...]
    """Codes that were not found before."""
    gone: tuple[str, ...]
    """Codes that were found before and are not any more."""


def report_of(found: Mapping[str, Any]) -> Report:
    """Return a report as the validator made it.

    What an earlier version found and this one has no words for is left out.
    """
    return Report(
        url=found["url"],
        requests=found["requests"],
        records=found["records"],
        complete=found["complete"],
        findings=tuple(filter(_has_words, map(_finding, found["problems"]))),
    )


def shown(found: Validation, before: Validation | None, translate: Translate) -> Shown:
    """Return a finished check as it is shown in a language, compared with an earlier one."""
    report = report_of(found.report)
    told = groups(report, translate)
    codes = {each.code for each in told}
    known = {each["code"] for each in before.report["problems"]} if before else codes
    return Shown(
        validation=found,
        report=report,
        verdict=verdict(report, translate),
        groups=told,
        counts=tuple(
            (translate(word), sum(each.severity == severity.value for each in told))
            for severity, word in LEVELS.items()
        ),
        before=before,
        new=tuple(sorted(codes - known)),
        gone=tuple(sorted(known - codes)),
    )


def _has_words(finding: Finding) -> bool:
    try:
        said_of(finding.code, finding.details)
    except LookupError:
        return False
    return True


def _finding(told: Mapping[str, Any]) -> Finding:
    return Finding(
        code=told["code"],
        severity=Severity(told["severity"]),
        verb=told["verb"],
        request=told["request"],
        details=unpacked(dict(told["details"])),
        count=told["count"],
    )

"""What the validator found, as values and as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from crosswalks.model import Severity
from harvester.validate.examine import Report
from harvester.validate.model import Finding
from web.language import Translate, mark, said
from web.validation.words import ADVICE, said_of

SEVERITIES = {
    Severity.ERROR: mark("error"),
    Severity.WARNING: mark("warning"),
    Severity.INFO: mark("info"),
}


class Told(NamedTuple):
    """A finding in somebody's language."""

    code: str
    severity: Severity
    level: str
    """The severity in words."""
    verb: str
    request: str
    message: str
    advice: str
    count: int


def told(finding: Finding, translate: Translate) -> Told:
    """Return a finding in words."""
    advice = ADVICE[finding.code]
    return Told(
        code=finding.code,
        severity=finding.severity,
        level=translate(SEVERITIES[finding.severity]),
        verb=finding.verb,
        request=finding.request,
        message=said(said_of(finding.code, finding.details), translate).strip(),
        advice=translate(advice) if advice else "",
        count=finding.count,
    )


def verdict(report: Report, translate: Translate) -> str:
    """Return in a sentence whether the repository may be harvested as it is."""
    errors = report.count(Severity.ERROR)
    if errors:
        sentence = translate("Errors were found: {count}. Harvesters will stumble over them.")
        return sentence.format(count=errors)
    if not report.complete:
        return translate("No errors were found in the part that was looked at.")
    return translate("No errors were found: the server keeps to OAI-PMH 2.0.")


def as_plain(report: Report, translate: Translate) -> dict[str, Any]:
    """Return a report as plain data."""
    return {
        "url": report.url,
        "requests": report.requests,
        "records": report.records,
        "complete": report.complete,
        "problems": [
            {
                "code": each.code,
                "severity": each.severity.value,
                "verb": each.verb,
                "request": each.request,
                "message": each.message,
                "advice": each.advice,
                "count": each.count,
            }
            for each in (told(finding, translate) for finding in report.findings)
        ],
    }


def as_lines(report: Report, translate: Translate) -> Iterator[str]:
    """Yield a report as lines: each finding, the request that shows it, what to do about it."""
    for finding in report.findings:
        each = told(finding, translate)
        times = f" ×{each.count}" if each.count > 1 else ""
        yield f"{each.level.upper()}  {each.code}{times}  {each.message}"
        yield f"    curl '{each.request}'"
        if each.advice:
            yield f"    {each.advice}."
    if report.findings:
        yield ""
    yield verdict(report, translate)

"""What the validator found, as values and as lines for people."""

from __future__ import annotations

from collections.abc import Iterator
from shlex import quote
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
STAGES = {
    "Dates": mark("Dates"),
    "Sets": mark("Sets"),
    "Tokens": mark("Tokens"),
    "Formats": mark("Formats"),
    "Wrong requests": mark("Wrong requests"),
    "Second look": mark("Second look"),
}
"""What is asked for at a time; the others are named by their verb."""
_POSTED = {"post", "post-differs"}
_MOST = 3
"""Cases of one code that people are shown; the JSON has more."""


class Case(NamedTuple):
    """A finding in words, and the command line that shows it."""

    message: str
    command: str


class Group(NamedTuple):
    """Everything that was found of one code."""

    code: str
    severity: str
    level: str
    """The severity in words."""
    times: int
    advice: str
    cases: tuple[Case, ...]


def message_of(finding: Finding, translate: Translate) -> str:
    """Return a finding as a sentence."""
    return said(said_of(finding.code, finding.details), translate).strip()


def _command(finding: Finding) -> str:
    """Return what a person types to see it."""
    if finding.code in _POSTED:
        address, _, form = finding.request.partition("?")
        return f"curl -d {quote(form)} {quote(address)}"
    return f"curl {quote(finding.request)}"


def _advice(code: str, translate: Translate) -> str:
    return translate(ADVICE[code]) if ADVICE[code] else ""


def groups(report: Report, translate: Translate) -> list[Group]:
    """Return what was found, by code, in the order of the report."""
    by_code: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_code.setdefault(finding.code, []).append(finding)
    return [
        Group(
            code=code,
            severity=found[0].severity.value,
            level=translate(SEVERITIES[found[0].severity]),
            times=sum(each.count for each in found),
            advice=_advice(code, translate),
            cases=tuple(
                Case(message_of(each, translate), _command(each)) for each in found[:_MOST]
            ),
        )
        for code, found in by_code.items()
    ]


def verdict(report: Report, translate: Translate) -> str:
    """Return in a sentence whether the repository may be harvested as it is."""
    kinds = {each.code for each in report.findings if each.severity is Severity.ERROR}
    if kinds:
        sentence = translate("Kinds of errors found: {count}. Harvesters will stumble over them.")
        return sentence.format(count=len(kinds))
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
                "message": message_of(each, translate),
                "advice": _advice(each.code, translate),
                "count": each.count,
            }
            for each in report.findings
        ],
    }


def as_lines(report: Report, translate: Translate) -> Iterator[str]:
    """Yield a report as lines: each code, its cases with their requests, what to do about it."""
    for group in groups(report, translate):
        times = f" ×{group.times}" if group.times > 1 else ""
        yield f"{group.level.upper()}  {group.code}{times}"
        for case in group.cases:
            yield f"    {case.message}"
            yield f"      {case.command}"
        if group.advice:
            yield f"    → {group.advice}."
        yield ""
    yield verdict(report, translate)

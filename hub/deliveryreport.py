"""The report on a delivery as a person reads it in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from catalogue.intake.model import Intake
from crosswalks.model import Severity
from hub.checkpage import severity_word
from hub.instance import Hub
from web import delivered
from web.language import mark
from web.quality.words import meaning

_SHOWN = 10
"""Lines of each list; all that was kept is in --json and on the staff page."""
_COUNTS = ("added", "changed", "unchanged", "deleted", "absent", "held", "quarantined")
_MORE = mark("and {count} more")


def moment(seconds: int | None) -> str:
    """Return a moment as commands tell it: UTC, ISO 8601; empty for none."""
    if seconds is None:
        return ""
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def print_report(hub: Hub, intake: Intake, twin: Intake | None) -> None:
    """Print how a delivery stands, what is in it and what it would do."""
    say, report = hub.translate, intake.report
    _pairs(
        hub,
        {
            mark("Delivery"): intake.id,
            mark("Source"): intake.source,
            mark("File"): f"{intake.name} ({delivered.size(intake.size)})",
            mark("Kind"): say(delivered.KINDS[intake.kind]),
            mark("Fetched from"): intake.origin,
            mark("Received"): f"{moment(intake.received)} {intake.author}".strip(),
            mark("Checked"): moment(intake.checked),
            mark("Status"): say(delivered.STATES[intake.state]),
            mark("Decision"): f"{moment(intake.decided)} {intake.decider}".strip(),
            mark("Run"): f"{intake.run} ({say(intake.run_status)})" if intake.run else "",
        },
    )
    for line in (
        delivered.why(intake, say),
        delivered.verdict(intake, say),
        *delivered.warnings(intake, twin, say),
    ):
        if line:
            hub.output.line("")
            hub.output.line(line)
    if "counts" in report:
        heading = mark("If it is applied:") if intake.state.is_open else mark("As it was checked:")
        _print_found(hub, report, say(heading))


def _pairs(hub: Hub, pairs: Mapping[str, object]) -> None:
    """Print what there is something to say of."""
    hub.output.pairs({name: value for name, value in pairs.items() if value not in ("", [])})


def _print_found(hub: Hub, report: Mapping[str, Any], heading: str) -> None:
    say = hub.translate
    hub.output.line("")
    _pairs(
        hub,
        {
            mark("Formats"): [f"{name} {count:,}" for name, count in report["formats"].items()],
            mark("Encoding"): report["encoding"],
            mark("Records read"): f"{report['read']:,}",
            mark("Records repaired"): f"{report['repaired']:,}",
            mark("Records refused"): f"{report['refused']:,}",
        },
    )
    hub.output.line("")
    hub.output.line(heading)
    counts = report["counts"]
    for name in _COUNTS:
        if counts[name]:
            hub.output.line(f"  {say(name)}: {counts[name]:,}")
    _print_changes(hub, report["samples"])
    _print_cases(hub, mark("Refused"), report["refusals"], report["refused"])
    _print_cases(hub, mark("Repaired"), report["repairs"], report["repaired"])
    _print_problems(hub, report["problems"])


def _print_changes(hub: Hub, samples: Mapping[str, Sequence[Mapping[str, str]]]) -> None:
    rows = [
        (hub.translate(kind), each["identifier"], each["title"])
        for kind, some in samples.items()
        for each in some[:_SHOWN]
    ]
    if rows:
        hub.output.line("")
        hub.output.table(("What", "Identifier", "Title"), rows)


def _print_cases(hub: Hub, heading: str, cases: Sequence[Mapping[str, str]], count: int) -> None:
    if not cases:
        return
    say = hub.translate
    hub.output.line("")
    hub.output.line(f"{say(heading)}: {count:,}")
    hub.output.table(
        ("Place", "Why", "Detail"),
        (
            (each["place"], say(meaning(each["code"])), each["detail"] or each["sample"])
            for each in cases[:_SHOWN]
        ),
    )
    if count > _SHOWN:
        hub.output.line(say(_MORE).format(count=f"{count - _SHOWN:,}"))


def _print_problems(hub: Hub, problems: Sequence[Mapping[str, Any]]) -> None:
    if not problems:
        return
    say = hub.translate
    hub.output.line("")
    hub.output.table(
        ("Severity", "Field", "Records", "Meaning", "For example"),
        (
            (
                severity_word(Severity(each["severity"]), say),
                each["field"],
                f"{each['records']:,}",
                say(meaning(each["code"])),
                _example(each["examples"]),
            )
            for each in problems[:_SHOWN]
        ),
    )


def _example(examples: Sequence[Mapping[str, Any]]) -> str:
    if not examples:
        return ""
    first = examples[0]
    return f"{first['identifier']} {first['sample'] or first['detail']}".strip()

"""A succession as commands show it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from catalogue.succession.report import Report, Sample, Told
from hub.instance import Hub
from web.language import mark

RULES = {
    "identifier": mark("same identifier in both systems"),
    "001": mark("old number in 001 or the identifier"),
    "035": mark("old number in 035"),
    "handle": mark("same handle"),
    "doi": mark("same DOI"),
    "urn": mark("same URN"),
    "shared-035": mark("same number of a third system in 035"),
    "isbn": mark("same ISBN and title"),
    "content": mark("same content"),
    "features": mark("same title, people, years and numbers"),
}
_LOCAL = mark("old number in {place}")
_NOT_USED = mark("not used: too many of its titles contradict each other")


def as_plain(found: Report) -> dict[str, Any]:
    """Return a report as plain values: rules with their figures and examples, then the sums."""
    told = asdict(found)
    told["state"] = found.state.value
    told["rules"] = [
        {
            **asdict(each.rule),
            "samples": [asdict(sample) for sample in each.samples],
            "contradicted": [asdict(sample) for sample in each.contradicted],
        }
        for each in found.rules
    ]
    return told


def rule_in_words(hub: Hub, rule: str) -> str:
    """Return what a rule looks at."""
    if rule in RULES:
        return hub.translate(RULES[rule])
    return hub.translate(_LOCAL).format(place=rule)


def show(hub: Hub, found: Report) -> None:
    """Show what was found: a line a rule, examples of each, and what is left on both sides."""
    output = hub.output
    output.table(
        ("Rule", "Paired", "Contradict", "Ambiguous", "Note"),
        (
            (
                rule_in_words(hub, each.rule.rule),
                each.rule.paired,
                each.rule.contradicts,
                each.rule.ambiguous,
                "" if each.rule.trusted else hub.translate(_NOT_USED),
            )
            for each in found.rules
        ),
    )
    for each in found.rules:
        _samples(hub, each)
    output.line("")
    output.pairs(
        {
            "Pairs to carry over": f"{found.paired:,}",
            "Carried over": f"{found.applied:,}",
            "Gone meanwhile": f"{found.outdated:,}" if found.outdated else "",
            "Old records without a pair": f"{found.unpaired_old:,}",
            "New records without a pair": f"{found.unpaired_new:,}",
            "New records that wait": f"{found.waiting:,}",
            "Clusters that will lead to others": f"{found.redirected:,}",
        }
    )


def _samples(hub: Hub, told: Told) -> None:
    for heading, samples in (
        (mark("Paired, such as:"), told.samples),
        (mark("Contradicting each other, such as:"), told.contradicted),
    ):
        if samples:
            hub.output.line("")
            hub.output.line(f"{rule_in_words(hub, told.rule.rule)}. {hub.translate(heading)}")
            hub.output.table(("Old record", "Title", "New record", "Title"), map(_row, samples))


def _row(sample: Sample) -> tuple[str, ...]:
    return sample.old, sample.old_title, sample.new, sample.new_title

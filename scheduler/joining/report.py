"""What a technical check found, as plain data: facts, and findings by their codes.

Words are chosen when it is read, in the reader's language (``web.joining.report``).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from catalogue.joining.checks import MEND, PASS
from catalogue.messages import packed
from crosswalks.checks.tally import Tally
from crosswalks.errors import Error
from crosswalks.model import Severity
from scheduler.steps import State, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that was found: a kind of problem, or why a step failed."""

    code: str
    severity: Severity
    records: int = 0
    """In how many of the records that were looked at; 0 where it is about the endpoint."""
    where: str = ""
    """The field it is about."""
    example: str = ""
    error: Mapping[str, str] = field(default_factory=dict)
    """Of a step that failed: message, code and details, as ``catalogue.messages`` packs them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of a check."""

    findings: Sequence[Finding]
    steps: Sequence[Mapping[str, Any]]
    """Of each step its name, how it went, and the seconds it took."""
    facts: Mapping[str, Any]
    """What was measured, by name."""

    @property
    def verdict(self) -> str:
        """Return ``pass``, or ``mend`` where something keeps the library from being connected."""
        return MEND if any(each.severity is Severity.ERROR for each in self.findings) else PASS

    def plain(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "verdict": self.verdict,
            "findings": [asdict(each) for each in self.findings],
            "steps": list(self.steps),
            "facts": dict(self.facts),
        }


def step_told(step: Step) -> dict[str, Any]:
    """Return a step as plain data."""
    found = json.loads(json.dumps(dict(step.found), default=str))
    return {
        "name": step.name.value,
        "state": step.state.value,
        "seconds": round(step.seconds, 2),
        "found": found,
    }


def of_steps(steps: Iterable[Step]) -> list[Finding]:
    """Return why steps failed."""
    return [_failed(step.error) for step in steps if step.state is State.FAILED and step.error]


def of_error(error: Error) -> Finding:
    """Return why reading records failed."""
    return _failed(error)


def _failed(error: Error) -> Finding:
    return Finding(code=error.code(), severity=Severity.ERROR, error=packed(error))


def of_records(tally: Tally) -> list[Finding]:
    """Return what is wrong with records, the gravest and most frequent first."""
    return [
        Finding(
            code=key.code,
            severity=key.severity,
            records=count.records,
            where=key.field,
            example=_example(count.examples[0]),
        )
        for key, count in tally.by_weight()
    ]


def _example(example: Any) -> str:
    told = (example.identifier, example.sample or example.detail)
    return ": ".join(filter(None, told))[:300]

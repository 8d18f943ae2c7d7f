"""How every rule says what it found: short samples, and a warning unless it says otherwise."""

from __future__ import annotations

from typing import NamedTuple

from crosswalks.model import Control, Element, Field, Problem, Severity

SAMPLE = 60
"""The most characters of a sample."""


class Fault(NamedTuple):
    """A fault that all fields of one shape have, as the rules keep it."""

    code: str
    severity: Severity
    detail: str

    def at(self, field: str, sample: str) -> Problem:
        """Return the problem that a field of this shape has."""
        return problem(self.code, field, sample, self.detail, self.severity)


def problem(
    code: str,
    field: str,
    sample: str = "",
    detail: str = "",
    severity: Severity = Severity.WARNING,
) -> Problem:
    """Return a problem with its sample cut to a length that can be shown."""
    return Problem(code=code, severity=severity, field=field, sample=sample[:SAMPLE], detail=detail)


def text_of(field: Control | Field | Element) -> str:
    """Return the text of a field or element without its codes."""
    if isinstance(field, Field):
        return " ".join([value for _, value in field.subfields])
    return field.value if isinstance(field, Control) else field.text

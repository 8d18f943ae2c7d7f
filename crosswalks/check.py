"""What is wrong with a record: enough to tell a library what to mend.

Only what can never form a cluster is an error; everything else is shown and counted. ``check`` runs
on all that is harvested, so it is quick and keeps to what is wrong; ``check_fully`` also says what
is only out of date or unusual, and serves reports.
"""

from __future__ import annotations

from crosswalks.checks import marc, text
from crosswalks.model import Problem, Record, Schema, Severity


def check(record: Record) -> tuple[Problem, ...]:
    """Return the errors and warnings of a MARC 21 record; of a record in another schema, none."""
    if record.schema is not Schema.MARC21:
        return ()
    problems = (*_against_marc(record), *text.text_problems(record))
    return tuple([one for one in problems if one.severity is not Severity.INFO])


def check_fully(record: Record) -> tuple[Problem, ...]:
    """Return all that can be said of a record in any schema, what is only questionable included."""
    rules = _against_marc(record) if record.schema is Schema.MARC21 else ()
    return (*rules, *text.text_problems(record), *text.form_problems(record))


def _against_marc(record: Record) -> list[Problem]:
    """Return what a record does against MARC 21; what describes no publication is not judged."""
    return list(marc.kind(record)) or marc.rules(record)

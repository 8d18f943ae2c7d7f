"""What a technical check found, in the reader's language: what it is, and what to mend and how."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from web.language import Translate, mark
from web.quality.words import meaning, next_step
from web.told import run_message

FINDINGS = {
    "no-records": mark("No record came at all"),
    "only-one-page": mark("All records came on one page, so it was not seen whether lists go on"),
    "identifier-repeated": mark("Several records have one identifier"),
    "from-ignored": mark("Records come that are older than asked for: changes cannot be told"),
    "deletions-not-kept": mark("The server does not keep for ever which records were deleted"),
    "records-unreadable": mark("Too many records cannot be read"),
}
ADVICE = {
    "no-records": mark(
        "Look whether the set and the format are right, and whether records are shared"
    ),
    "identifier-repeated": mark("Give each record an identifier of its own that never changes"),
    "from-ignored": mark("Have the server give only what changed since the date in from"),
    "deletions-not-kept": mark(
        "Have it keep deleted records (deletedRecord persistent); until then the whole list is"
        " compared now and then"
    ),
    "records-unreadable": mark(
        "Correct the format and the encoding in which records are given out"
    ),
}
FACTS = {
    "records": mark("Records looked at"),
    "pages": mark("Pages"),
    "deleted": mark("Deleted among them"),
    "unreadable": mark("That could not be read"),
    "faulty": mark("With something to mend"),
    "completeness": mark("Completeness of 100"),
    "records_a_second": mark("Records a second"),
    "encoding": mark("Encoding"),
}


class Told(NamedTuple):
    """A finding in words."""

    code: str
    severity: str
    words: str
    records: int
    where: str
    example: str
    advice: str


class _Error(NamedTuple):
    message: str
    code: str
    details: Mapping[str, Any]


def findings(report: Mapping[str, Any], translate: Translate) -> Iterator[Told]:
    """Yield the findings of a report."""
    for each in report.get("findings", ()):
        code = each["code"]
        if error := each.get("error"):
            details = json.loads(error["details"])
            words = run_message(_Error(error["message"], error["code"], details), translate)
            advice = ""
        else:
            words = translate(FINDINGS.get(code) or meaning(code))
            step = ADVICE.get(code) or next_step(code)
            advice = translate(step) if step else ""
        yield Told(
            code=code,
            severity=each["severity"],
            words=words,
            records=each["records"],
            where=each["where"],
            example=each["example"],
            advice=advice,
        )


def facts(report: Mapping[str, Any], translate: Translate) -> list[tuple[str, str]]:
    """Return what was measured, by what it is called."""
    told = report.get("facts", {})
    return [
        (translate(words), str(told[name]))
        for name, words in FACTS.items()
        if told.get(name) not in (None, "")
    ]

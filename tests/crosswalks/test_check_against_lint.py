"""MARC::Lint is an independent judge of tags, indicators, subfields and repetition."""

from __future__ import annotations

import re

import pytest

from crosswalks.check import check_fully
from crosswalks.formats import iso2709
from crosswalks.model import Problem
from support.formats import gpo_states, loc_books
from support.lint import Finding, perl_with_lint, their_findings

OUR_KINDS = {
    "undefined-subfield": ("subfield", r"\$(.) is not used"),
    "obsolete": ("subfield", r"\$(.) is not used"),
    "repeated-subfield": ("again", r"\$(.) may stand"),
    "bad-indicator": ("indicator", r"indicator (\d) is"),
    "repeated-field": ("field", r"\w{3} may stand only once()"),
}
OBSOLETE_INDICATOR = re.compile(r"indicator (\d) is")


@pytest.fixture(scope="module")
def perl() -> str:
    return perl_with_lint()


def our_findings(data: list[bytes]) -> set[Finding]:
    return {
        Finding(number, *as_theirs)
        for number, each in enumerate(data)
        for problem in check_fully(iso2709.read(each))
        if (as_theirs := in_their_words(problem))
    }


def in_their_words(problem: Problem) -> tuple[str, str, str] | None:
    if found := OBSOLETE_INDICATOR.match(problem.detail):
        return "indicator", problem.field, found[1]
    kind, pattern = OUR_KINDS.get(problem.code, ("", "$."))
    found = re.match(pattern, problem.detail)
    return (kind, problem.field, found[1]) if found else None


def test_marc_lint_finds_the_same_faults_in_real_records(perl, shared, tmp_path):
    data = loc_books(shared, 3000) + gpo_states(shared, 1500)
    ours, theirs = our_findings(data), their_findings(perl, tmp_path, data)

    assert len(ours & theirs) > 1000
    assert ours ^ theirs == set()

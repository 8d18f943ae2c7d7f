"""MARC::Lint is an independent judge of tags, indicators, subfields and repetition."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from crosswalks.check import check_fully
from crosswalks.formats import iso2709
from crosswalks.model import Problem
from support.formats import gpo_states, loc_books

JUDGE = """
use strict; use warnings; use MARC::Batch; use MARC::Lint;
my $batch = MARC::Batch->new("USMARC", $ARGV[0]);
$batch->strict_off; $batch->warnings_off;
my ($lint, $number) = (MARC::Lint->new, 0);
while (my $record = $batch->next) {
    $lint->check_record($record);
    print "$number\\t$_\\n" for $lint->warnings;
    $number++;
}
"""
KINDS = {
    "subfield": re.compile(r"(\w{3}): Subfield _(.) is not allowed"),
    "again": re.compile(r"(\w{3}): Subfield _(.) is not repeatable"),
    "indicator": re.compile(r"(\w{3}): Indicator (\d) must be"),
    "field": re.compile(r"(\w{3}): Field is not repeatable()"),
}
OUR_KINDS = {
    "undefined-subfield": ("subfield", r"\$(.) is not used"),
    "obsolete": ("subfield", r"\$(.) is not used"),
    "repeated-subfield": ("again", r"\$(.) may stand"),
    "bad-indicator": ("indicator", r"indicator (\d) is"),
    "repeated-field": ("field", r"\w{3} may stand only once()"),
}
OBSOLETE_INDICATOR = re.compile(r"indicator (\d) is")


class Finding(NamedTuple):
    record: int
    kind: str
    tag: str
    what: str


@pytest.fixture(scope="module")
def perl() -> str:
    found = shutil.which("perl")
    if not found or subprocess.run([found, "-MMARC::Lint", "-e", "1"], check=False).returncode:
        pytest.skip("MARC::Lint is not installed")
    return found


def their_findings(perl: str, folder: Path, data: list[bytes]) -> set[Finding]:
    path = folder / "sample.mrc"
    path.write_bytes(b"".join(data))
    outcome = subprocess.run(
        [perl, "-e", JUDGE, str(path)], capture_output=True, text=True, check=True
    )
    return {
        Finding(int(number), kind, found[1], found[2])
        for number, said in (line.split("\t", 1) for line in outcome.stdout.splitlines())
        for kind, pattern in KINDS.items()
        if (found := pattern.match(said))
    }


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

"""MARC::Lint, a judge of MARC 21 records that others wrote."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

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


class Finding(NamedTuple):
    """A fault: in which record, of what kind, in which field, and which part of it."""

    record: int
    kind: str
    tag: str
    what: str


def perl_with_lint() -> str:
    """Return the command that runs it; steps aside where it is not installed."""
    found = shutil.which("perl")
    if not found or subprocess.run([found, "-MMARC::Lint", "-e", "1"], check=False).returncode:
        pytest.skip("MARC::Lint is not installed")
    return found


def their_findings(perl: str, folder: Path, data: list[bytes]) -> set[Finding]:
    """Return what it finds in records in ISO 2709, of the kinds that our own checker looks for."""
    path = folder / "sample.mrc"
    path.write_bytes(b"".join(data))
    outcome = subprocess.run(
        [perl, "-e", JUDGE, str(path)], capture_output=True, text=True, errors="replace", check=True
    )
    return {
        Finding(int(number), kind, found[1], found[2])
        for number, said in (line.split("\t", 1) for line in outcome.stdout.splitlines())
        for kind, pattern in KINDS.items()
        if (found := pattern.match(said))
    }

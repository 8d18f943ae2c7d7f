"""Real files of libraries as a source of files: every record counted, every change found."""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pymarc
import pytest

from catalogue import records, sources
from catalogue.database import Database
from catalogue.model import RecordState, RunStatus, Source
from catalogue.options import Guards
from crosswalks.reading import read as read_record
from harvester.files.errors import UnknownContent
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from support.engines import SQLITE_USUALLY
from support.files import codes, names, read, zipped
from support.files import records as all_records
from support.lines import Hub

EMICLIB = {"DJNXTHQE.iso": 240, "FCODGLFL.ISO": 100, "FPMERFUY.ISO": 10, "LAVYIDLS.ISO": 1654}
BETTER = {
    # Six, and the junk behind them, which yaz passes over in silence.
    "perl_marc__marc-record__t__badldr.usmarc": 7,
    # The file holds 300, as any search for its tags tells.
    "reservoir__util__src__pennstate-bad-rec-20221216.xml": 300,
}
"""Where we count otherwise than the curators expect, and why."""
TRUNCATED = ("marc4j__008008027.mrc",)
REFUSED = (
    "pymarc_tests__test_marc8.txt",
    "pymarc_tests__test_utf8.txt",
    # Subfields that are in no field, in no namespace.
    "reservoir__util__src__bad-marcxml.xml",
)
STATES = {
    "ohio": ("Ohio_match_records__f434dc9b.zip", "Ohio_match_records__c5f140a8.zip"),
    "pennsylvania": (
        "Pennsylvania_match_records__ac0a36f6.zip",
        "Pennsylvania_match_records__b5306b82.zip",
    ),
}


@pytest.fixture(scope="module")
def corpora(shared: Path) -> Path:
    return shared / "data" / "corpora"


@pytest.fixture
def hub(database: Database, tmp_path: Path) -> Iterator[Hub]:
    with ExitStack() as ending:
        yield Hub(database, tmp_path, ending)


@pytest.mark.parametrize("name", EMICLIB)
def test_every_record_of_an_emiclib_export_comes_under_its_own_number(corpora, name):
    pages = read(corpora / "vn-emiclib" / name)

    found = names(pages)
    assert (len(found), codes(pages)) == (EMICLIB[name], [])
    assert not [each for each in found if each.startswith("sha256:") or "~" in each]


@pytest.mark.parametrize("part", [0, 1, 2])
def test_every_record_of_a_university_comes_though_none_has_a_number(corpora, part):
    pages = read(corpora / "vn-hcmut" / f"book3part{part}final.mrc")

    found = names(pages)
    assert len(found) == 10_000
    assert {each.partition(":")[0] for each in found} == {"sha256"}


def test_its_row_number_may_serve_as_one(corpora):
    found = names(read(corpora / "vn-hcmut" / "book3part0final.mrc", identifier="020$a"))

    assert len(set(found)) == 10_000
    assert all(each.partition("~")[0].isdigit() for each in found)


@pytest.fixture(scope="module")
def expected(corpora) -> dict[str, str]:
    with (corpora / "hard-cases" / "curated.tsv").open(encoding="utf-8") as lines:
        return {row["file"]: row["expected"] for row in csv.DictReader(lines, delimiter="\t")}


def test_hard_cases_give_as_many_records_as_their_curators_expect(corpora, expected):
    numbers = {name: int(number) for name, number in expected.items() if number.isdigit()}
    found = {name: len(names(read(corpora / "hard-cases" / name))) for name in numbers}

    assert found == numbers | BETTER


@pytest.mark.parametrize("name", TRUNCATED)
def test_what_is_broken_off_is_told(corpora, name):
    pages = read(corpora / "hard-cases" / name)

    assert (len(names(pages)), set(codes(pages))) == (19, {"bytes-missing"})


@pytest.mark.parametrize("name", REFUSED)
def test_what_holds_no_records_is_refused(corpora, name):
    with pytest.raises(UnknownContent):
        read(corpora / "hard-cases" / name)


@pytest.mark.parametrize("name", [*EMICLIB, "book3part0final.mrc"])
def test_whatever_comes_can_be_read_or_is_told(corpora, name):
    folder = "vn-emiclib" if name in EMICLIB else "vn-hcmut"
    found = Counter(
        read_record(each)[0] is not None for each in all_records(read(corpora / folder / name))
    )

    assert found[False] == 0


@SQLITE_USUALLY
@pytest.mark.parametrize("state", STATES)
def test_a_second_version_changes_exactly_the_records_whose_content_changed(
    hub, corpora, tmp_path, state
):
    first, second = (_sampled(corpora / "gpo-states" / name, every=60) for name in STATES[state])

    _check_update(hub, tmp_path, first, second)


@pytest.mark.soak
@pytest.mark.parametrize("state", STATES)
def test_a_second_version_of_a_whole_state_changes_exactly_those(hub, corpora, tmp_path, state):
    first, second = ((corpora / "gpo-states" / name).read_bytes() for name in STATES[state])

    _check_update(hub, tmp_path, first, second)


def _check_update(hub: Hub, folder: Path, first: bytes, second: bytes) -> None:
    """Harvest two versions of a zip file, and compare what came of it with what pymarc reads."""
    path = folder / "state.zip"
    made = Source(name="s1", library="GPO", protocol="file", url=f"file:{path}")
    sources.add(hub.database, replace(made, guards=Guards(delete_percent=100, shrink_percent=100)))
    before, after = _as_pymarc_reads(first), _as_pymarc_reads(second)
    outcomes = []
    for version in (first, second):
        path.write_bytes(version)
        outcomes.append(harvest(hub.line, "s1", HarvestOptions()))
    states = {each.identifier: each.state for each in records.listing(hub.database, "s1")}
    # One record of Ohio is no publication but an authority; it is kept aside from both.
    for name in (name for name, state in states.items() if state is RecordState.QUARANTINED):
        before.pop(name, None)
        after.pop(name, None)
    changed = {name for name in before.keys() & after.keys() if before[name] != after[name]}

    counts = outcomes[1].counts
    assert [each.status for each in outcomes] == [RunStatus.SUCCEEDED] * 2
    assert outcomes[0].counts.added == len(before)
    assert (counts.added, counts.changed) == (len(after.keys() - before.keys()), len(changed))
    assert counts.absent == len(before.keys() - after.keys())
    assert counts.unchanged == len(before.keys() & after.keys()) - len(changed)
    assert list(states.values()).count(RecordState.ACTIVE) == len(after)


def _as_pymarc_reads(data: bytes) -> dict[str, str]:
    """Return a digest of each record's content by its 001."""
    found = {}
    for record in pymarc.MARCReader(io.BytesIO(_inner(data)), to_unicode=True):
        assert record is not None
        text = f"{str(record.leader)[5:12]}{str(record.leader)[17:]}{record.as_dict()['fields']}"
        found[record["001"].data.strip()] = hashlib.sha256(text.encode()).hexdigest()
    return found


def _sampled(path: Path, every: int) -> bytes:
    """Return a zip file of some of the records of another, the same ones of each version."""
    kept = b""
    for record in _inner(path.read_bytes()).split(b"\x1d")[:-1]:
        number = pymarc.Record(record + b"\x1d", to_unicode=True)["001"].data.strip()
        if zlib.crc32(number.encode()) % every == 0:
            kept += record + b"\x1d"
    return zipped({"state.mrc": kept})


def _inner(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return b"".join(archive.read(name) for name in sorted(archive.namelist()))

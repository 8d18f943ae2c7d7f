"""The validator against a repository that keeps to OAI-PMH, spoilt in one point at a time."""

from __future__ import annotations

import pytest

from harvester.errors import BadUrl
from harvester.validate.codes import SEVERITIES
from harvester.validate.examine import validate
from harvester.validate.model import Options, Stage
from support.judged import Provider, library
from support.judged.faults import FAULTS
from support.judged.habits import VARIANTS
from support.judged.judging import QUICK, SETTINGS, codes, judged, judged_as
from support.loopback import Reply, replying

USUAL = {
    "page 3 skipped in all lists",
    "tombstones_in_no_list",
    "sets do not hold those below them",
    "completeListSize wrong on the last page",
    "deleted with metadata on page 3 only",
    "another datestamp in GetRecord",
    "a_token_of_any_verb_taken",
    "until_a_day_is_exclusive",
}
"""What public validators do not find, and what is written in a way of its own here."""
USUAL_VARIANTS = {
    "a_prefixed_envelope",
    "503 with a date",
    "empty_without_sets",
    "records_change_meanwhile",
    "left_a_set_is_deleted_there",
}


def _soak_but(names: set[str], all_names: dict[str, object]) -> list[object]:
    assert names <= all_names.keys()
    return [
        name if name in names else pytest.param(name, marks=pytest.mark.soak) for name in all_names
    ]


@pytest.mark.parametrize("name", _soak_but(USUAL, dict(FAULTS)))
def test_a_fault_is_found_by_its_code(name):
    code, put = FAULTS[name]
    provider = Provider()
    put(provider)

    assert code in codes(judged(provider))


@pytest.mark.parametrize("name", _soak_but(USUAL_VARIANTS, dict(VARIANTS)))
def test_nothing_is_said_against_what_the_specification_allows(name):
    provider = Provider()
    VARIANTS[name](provider)

    assert codes(judged(provider), "error", "warning") == set()


@pytest.mark.soak
@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_found_in_a_larger_repository(name):
    code, put = FAULTS[name]
    provider = Provider(items=library(60), page_size=4)
    put(provider)

    assert code in codes(judged(provider, Options(pause=0)))


def test_each_fault_is_told_with_a_request_that_shows_it():
    provider = Provider()
    FAULTS["deleted with metadata on page 3 only"][1](provider)
    report = judged(provider)
    finding = next(one for one in report.findings if one.code == "deleted-with-metadata")

    assert finding.request.startswith(f"{provider.url}?verb=ListRecords&resumptionToken=")
    assert finding.details["identifier"] == "oai:example.org:8"


def test_errors_come_first_and_fail_a_report():
    provider = Provider()
    FAULTS["cursor always 0"][1](provider)
    report = judged(provider)

    assert [one.severity for one in report.findings] == sorted(
        (one.severity for one in report.findings), key=["error", "warning", "info"].index
    )
    assert not report.passed


def test_a_part_of_the_pages_is_looked_at_where_that_is_asked_for():
    report = judged(Provider(), Options(pause=0, pages=1))

    assert (report.records, report.complete) == (4, False)
    assert codes(report, "error", "warning") == set()


def test_a_server_that_is_not_there_is_told_of():
    with replying(Provider()) as url:
        pass
    report = validate(url, SETTINGS, Options(pause=0, retries=1))

    assert codes(report) == {"broke-off", "no-answer"}
    assert not report.passed


def test_a_forbidden_address_is_told_of():
    report = validate("http://127.0.0.1:9/oai", SETTINGS.__class__(), QUICK)

    assert codes(report) == {"no-answer"}


def test_what_is_no_address_is_refused():
    with pytest.raises(BadUrl):
        validate("thuvien.example.vn/oai", SETTINGS, QUICK)


def test_a_web_page_is_told_of_and_nothing_else_asked():
    report = judged_as(lambda _: Reply(body=b"<!doctype html><html>", kind="text/html"))

    assert codes(report) == {"html-page"}
    assert report.requests == 1


def test_stages_are_told_as_they_begin():
    heard: list[Stage] = []
    judged(Provider(), Options(pause=0, pages=1, samples=1, hear=heard.append))

    assert [stage.name for stage in heard][:3] == ["Identify", "ListMetadataFormats", "ListSets"]


def test_every_code_that_faults_are_found_by_exists():
    assert {code for code, _ in FAULTS.values()} <= SEVERITIES.keys()

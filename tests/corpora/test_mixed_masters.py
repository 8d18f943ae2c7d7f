"""Real records mixed at random into clusters: the masters have no fault that no member has."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from catalogue.merge import Master, Member, master
from catalogue.model import HubIdentity
from crosswalks.check import check_fully
from crosswalks.crosswalk import to_pivot
from crosswalks.formats import iso2709
from crosswalks.model import Record, Severity
from support.given_out import sample
from support.lint import perl_with_lint, their_findings

HUB = HubIdentity()


@pytest.fixture(
    scope="module", params=[(150, 400), pytest.param((2500, 20_000), marks=pytest.mark.soak)]
)
def mixed(shared: Path, request: pytest.FixtureRequest) -> list[tuple[list[Member], Master]]:
    """Give clusters of records that have nothing to do with each other, and their masters."""
    each, count = request.param
    records, chance = list(map(to_pivot, sample(shared, each))), random.Random(20261127)
    clusters = [list(members(chance, records)) for _ in range(count)]
    return [(cluster, master(cluster, HUB)) for cluster in clusters]


def members(chance: random.Random, records: Sequence[Record]) -> Iterator[Member]:
    for place, record in enumerate(chance.sample(records, chance.randint(1, 6))):
        yield Member(
            name=(f"s{place}", "1"),
            library=f"L{place}",
            source=f"s{place}",
            weight=chance.randint(0, 1),
            record=record,
            local_number=record.control("001"),
        )


def places(code: str, tag: str) -> set[tuple[str, str]]:
    """Return where a fault of a master may come from: an added entry was a main one perhaps."""
    return {(code, tag), (code, f"1{tag[1:]}")} if tag.startswith("7") else {(code, tag)}


def test_our_checker_finds_no_error_and_nothing_that_no_member_has(mixed):
    for cluster, made in mixed:
        theirs = {(one.code, one.field) for each in cluster for one in check_fully(each.record)}
        ours = check_fully(made.record)

        assert [one for one in ours if one.severity is Severity.ERROR] == []
        assert [one for one in ours if not places(one.code, one.field) & theirs] == []


def test_marc_lint_finds_nothing_that_no_member_has(mixed, tmp_path):
    perl = perl_with_lint()
    records = [each.record for cluster, _ in mixed for each in cluster]
    before = their_findings(perl, tmp_path, [iso2709.write(each) for each in records])
    after = their_findings(perl, tmp_path, [iso2709.write(made.record) for _, made in mixed])
    sizes = [len(cluster) for cluster, _ in mixed]
    cluster_of = [number for number, size in enumerate(sizes) for _ in range(size)]
    theirs = {(cluster_of[one.record], one.kind, one.tag, one.what) for one in before}

    assert len(before) > len(mixed)
    assert [
        one
        for one in after
        if not {(one.record, one.kind, tag, one.what) for _, tag in places(one.kind, one.tag)}
        & theirs
    ] == []


def test_each_has_its_control_fields_once_and_all_fields_have_an_origin(mixed):
    for cluster, made in mixed:
        tags = [field[0] for field in made.record.fields]
        names = {"/".join(each.name) for each in cluster}

        assert [tags.count(tag) for tag in ("001", "003", "005", "008", "245")] == [1] * 5
        assert sum(tag.startswith("1") for tag in tags) <= 1
        for field, origins in zip(made.record.fields, made.provenance, strict=True):
            assert set(origins) <= names
            # What the hub says itself: 245 only where no member has a title.
            assert origins or field[0] in {"001", "003", "005", "245"}

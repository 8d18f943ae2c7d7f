"""Rows of lists against labelled records: whom they mean, and how rarely the wrong ones."""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from catalogue import match
from catalogue.holdings.judging import Candidate, judge
from catalogue.holdings.model import Found, Row
from catalogue.holdings.stub import features, keys
from crosswalks.formats import marcjson
from crosswalks.model import Record

EVERY = 4
"""Rows are made of one record in so many."""


@pytest.fixture(scope="module")
def labelled(shared: Path) -> tuple[dict[str, Record], dict[str, str]]:
    """Give records of simulated Vietnamese libraries, and the cluster of each."""
    folder = shared / "data/dedup/vn-synthetic"
    with gzip.open(folder / "records.jsonl.gz") as lines:
        told = [json.loads(line) for line in lines]
    records = {each["id"]: marcjson.read(json.dumps(each["marc"]).encode()) for each in told}
    with (folder / "clusters.csv").open(encoding="utf-8", newline="") as rows:
        return records, {row["record"]: row["cluster"] for row in csv.DictReader(rows)}


def value(record: Record, tag: str, code: str) -> str:
    return next(iter(record.values(tag, code)), "").strip(" /:;,.=")


def row(record: Record, *, number: bool) -> Row:
    """Return a record as a library writes it into its list."""
    title = " : ".join(filter(None, (value(record, "245", "a"), value(record, "245", "b"))))
    return Row(
        isbn=value(record, "020", "a") if number else "",
        title=title,
        author=value(record, "100", "a"),
        year=value(record, "260", "c") or value(record, "264", "c"),
        volume=value(record, "245", "n"),
    )


def judged(
    records: Mapping[str, Record], clusters: Mapping[str, str], *, number: bool
) -> Iterator[tuple[Found, bool]]:
    """Yield what is found for rows among all records but their own, and whether it is right."""
    known = {name: match.features(record) for name, record in records.items()}
    by_key = defaultdict(set)
    for name, said in known.items():
        for key in match.keys(said):
            by_key[key].add(name)
    for name in list(records)[::EVERY]:
        listed = row(records[name], number=number)
        if not (listed.author and listed.year) or number > bool(listed.isbn):
            continue
        seen = features(listed)
        others = {each for key in keys(listed, seen, "L", {}) for each in by_key[key]} - {name}
        found = judge(
            seen,
            [
                Candidate(record=0, name=(each, ""), cluster=clusters[each], features=known[each])
                for each in others
            ],
            match.policy(),
        )
        yield found.found, bool(found.choices) and found.choices[0].cluster == clusters[name]


@pytest.mark.parametrize(("number", "least"), [(True, 0.7), (False, 0.7)])
def test_rows_of_a_list_mean_the_right_record_or_none(labelled, number, least):
    told = Counter(judged(*labelled, number=number))
    right, wrong = told[Found.MATCHED, True], told[Found.MATCHED, False]

    assert right / (right + wrong) >= 0.995
    assert right / told.total() >= least


def test_the_order_of_candidates_makes_no_difference():
    seen = features(Row(isbn="9786049763342"))
    candidates = [
        Candidate(record=number, name=("s", str(number)), cluster="1", features=seen)
        for number in range(3)
    ]

    policy = match.policy()
    assert judge(seen, candidates, policy) == judge(seen, candidates[::-1], policy)
    assert judge(seen, candidates, policy).anchor == 0

"""What real repositories have really answered."""

from __future__ import annotations

import csv

from harvester.errors import HarvestError, NotOai, PageBroken
from harvester.http import Answer
from harvester.oai.records import read_records
from harvester.oai.xml import read_envelope
from protocols.oai import Verb

VERBS = set(Verb)


def outcome(path, verb):
    body = path.read_bytes()
    try:
        envelope = read_envelope(Answer(url=path.name, status=200, headers={}, body=body), 1, verb)
        if verb == Verb.LIST_RECORDS:
            records, _ = read_records(envelope.content)
            assert len(records) == len(envelope.content.findall("{*}record"))
    except HarvestError as error:
        return type(error)
    return None


def test_every_recorded_answer_is_read_or_refused_for_a_stated_reason(shared):
    folder = shared / "data" / "oai-fixtures"
    with (folder / "index.csv").open(newline="", encoding="utf-8") as index:
        rows = [row for row in csv.DictReader(index) if row["verb"] in VERBS]
    outcomes = [
        outcome(folder / row["repo"].replace("/", "+") / row["file"], row["verb"]) for row in rows
    ]

    assert len(outcomes) > 400
    assert outcomes.count(None) > 0.9 * len(outcomes)
    assert outcomes.count(PageBroken) + outcomes.count(NotOai) < 0.05 * len(outcomes)

"""What real repositories have really answered, and what no repository should."""

from __future__ import annotations

import csv

from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.errors import HarvestError, NotOai, PageBroken, ProtocolRefused
from harvester.http import Answer
from harvester.oai.position import Position
from harvester.oai.records import read_records
from harvester.oai.xml import read_envelope
from protocols.oai import Granularity, Verb
from support.oai_source import Repository, items

VERBS = set(Verb)
PIECES = [b"<", b"&", b"]]>", b"<!--", b"9" * 5000]
KINDS = {NotOai, PageBroken, ProtocolRefused, *ProtocolRefused.__subclasses__()}


def outcome(body, verb):
    try:
        envelope = read_envelope(Answer(url="u", status=200, headers={}, body=body), 1, verb)
        if verb == Verb.LIST_RECORDS:
            records, _ = read_records(envelope.content)
            Position().after(envelope, len(records), Granularity.SECOND)
            assert len(records) == len(envelope.content.findall("{*}record"))
    except HarvestError as error:
        return type(error)
    return None


def test_every_recorded_answer_is_read_or_refused_for_a_stated_reason(shared):
    folder = shared / "data" / "oai-fixtures"
    with (folder / "index.csv").open(newline="", encoding="utf-8") as index:
        rows = [row for row in csv.DictReader(index) if row["verb"] in VERBS]
    outcomes = [
        outcome((folder / row["repo"].replace("/", "+") / row["file"]).read_bytes(), row["verb"])
        for row in rows
    ]

    assert len(outcomes) > 400
    assert outcomes.count(None) > 0.9 * len(outcomes)
    assert outcomes.count(PageBroken) + outcomes.count(NotOai) < 0.05 * len(outcomes)


@settings(max_examples=300)
@given(data=st.data())
def test_whatever_a_server_sends_is_read_or_refused(data):
    body = Repository().page(items(3), "token", 9)
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(start + 40, len(body))))
    piece = data.draw(
        st.binary(max_size=8) | st.sampled_from([b"<", b"&", b"]]>", b"<!--", b"9" * 5000])
    )

    assert outcome(body[:start] + piece + body[end:], Verb.LIST_RECORDS) in {None, *KINDS}

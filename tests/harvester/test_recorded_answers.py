"""What real repositories have really answered, and what no repository should."""

from __future__ import annotations

import csv
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from harvester.errors import HarvestError, ProtocolRefused
from harvester.model import Answer
from harvester.oai.mending import read_answer
from harvester.oai.position import Position
from harvester.oai.records import read_records
from protocols.oai import Verb
from support.oai_source import Repository, items

VERBS = set(Verb)
PIECES = [b"<", b"&", b"]]>", b"<!--", b"9" * 5000]
KINDS = {
    *("strict", "mended", "NotOai", "PageBroken", "ProtocolRefused"),
    *(kind.__name__ for kind in ProtocolRefused.__subclasses__()),
}
RECORDS = {Verb.LIST_RECORDS, Verb.GET_RECORD}


def outcome(body, verb):
    """Return how an answer was read: its problems that tell of mending, or why it was refused."""
    answer = Answer(url="u", status=200, headers={}, body=body)
    try:
        envelope = read_answer(answer, 1, verb)
        records, _ = read_records(envelope) if verb in RECORDS else ((), ())
        Position().after_page(envelope, len(records))
    except HarvestError as error:
        return type(error).__name__
    return "mended" if envelope.problems else "strict"


def test_every_recorded_answer_is_read_or_refused_for_a_stated_reason(shared):
    folder = shared / "data" / "oai-fixtures"
    with (folder / "index.csv").open(newline="", encoding="utf-8") as index:
        rows = [row for row in csv.DictReader(index) if row["verb"] in VERBS]
    outcomes = Counter(
        outcome((folder / row["repo"].replace("/", "+") / row["file"]).read_bytes(), row["verb"])
        for row in rows
    )

    assert outcomes == {"strict": 462, "mended": 5, "PageBroken": 1}


@settings(max_examples=120)
@given(data=st.data())
def test_whatever_a_server_sends_is_read_or_refused(data):
    body = Repository().page(items(3), "token", 9)
    start = data.draw(st.integers(0, len(body)))
    end = data.draw(st.integers(start, min(start + 40, len(body))))
    piece = data.draw(st.binary(max_size=8) | st.sampled_from(PIECES))

    assert outcome(body[:start] + piece + body[end:], Verb.LIST_RECORDS) in {
        "strict",
        "mended",
        "ProtocolRefused",
        *KINDS,
    }

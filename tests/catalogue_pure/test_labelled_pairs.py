"""Judge the labelled sets; rules were made with an eye on their errors: no held-out score."""

from __future__ import annotations

import csv
import gzip
import json
import random
import unicodedata
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest

from catalogue.match import Decision, Features, decide, features, keys
from crosswalks.model import Control, Field, Record, Schema

SAMPLE = 4_000
"""Pairs judged of each set: enough to see precision move by half a percent."""


def read(said: dict) -> Record:
    """Return a record of MARC-in-JSON, normalised as the pivot is."""
    fields: list[Control | Field] = []
    for each in said["fields"]:
        ((tag, value),) = each.items()
        if isinstance(value, str):
            fields.append(Control(tag, value))
            continue
        parts = [part for subfield in value["subfields"] for part in subfield.items()]
        nfc = tuple((code, unicodedata.normalize("NFC", text)) for code, text in parts)
        fields.append(Field(tag, value["ind1"] + value["ind2"], nfc))
    return Record(schema=Schema.MARC21, leader=said["leader"], fields=tuple(fields))


def load(folder: Path) -> dict[str, Features]:
    with gzip.open(folder / "records.jsonl.gz", "rt", encoding="utf-8") as file:
        return {said["id"]: features(read(said["marc"])) for said in map(json.loads, file)}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def pairs_of_clusters(folder: Path, known: dict[str, Features]) -> dict[tuple[str, str], bool]:
    """Return the true pairs, and all that share a key: the pairs that matching has to judge."""
    cluster = {row["record"]: row["cluster"] for row in rows(folder / "clusters.csv")}
    blocks = defaultdict(list)
    for record, found in known.items():
        for key in (*keys(found), f"cluster:{cluster[record]}"):
            blocks[key].append(record)
    met = {pair for block in blocks.values() for pair in combinations(sorted(block), 2)}
    return {(a, b): cluster[a] == cluster[b] for a, b in sorted(met)}


def labelled(folder: Path, known: dict[str, Features]) -> dict[tuple[str, str], bool]:
    if (folder / "clusters.csv").exists():
        return pairs_of_clusters(folder, known)
    found = rows(folder / "pairs.csv")
    return {(row["a"], row["b"]): row["label"] == "same" for row in found}


@pytest.mark.parametrize(
    ("name", "precision", "recall"), [("vn-synthetic", 0.97, 0.85), ("goldfinch-val", 0.97, 0.7)]
)
def test_what_is_joined_without_a_person_is_nearly_always_right(shared, name, precision, recall):
    folder = shared / "data" / "dedup" / name
    known = load(folder)
    pairs = labelled(folder, known)
    sample = random.Random(7).sample(sorted(pairs), min(SAMPLE, len(pairs)))

    joined = [pair for pair in sample if decide(*map(known.get, pair)).decision is Decision.SAME]

    right = sum(pairs[pair] for pair in joined)
    assert right / len(joined) >= precision
    assert right / sum(pairs[pair] for pair in sample) >= recall

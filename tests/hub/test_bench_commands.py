"""``lienthong bench matching`` on labelled records, and what it refuses."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from crosswalks.formats import marcjson
from support.marc import marc


def book(number: int, title: str, year: int = 2019) -> dict:
    record = marc(
        f"001 {number}",
        "100 1_ $aNguyễn Nhật Ánh",
        f"245 10 $a{title}",
        f"260 __ $aH. $bTrẻ $c{year}",
        "300 __ $a200 tr.",
    )
    return {"id": str(number), "marc": json.loads(marcjson.write(record))}


BOOKS = [
    book(1, "Mắt biếc và những ngày xưa"),
    book(2, "Mắt biếc và những ngày xưa"),
    book(3, "Mắt biếc và những ngày xưa", 1990),
]


def folder(path: Path, name: str, labels: str, records: list[dict] = BOOKS) -> str:
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (path / "records.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    (path / name).write_text(labels, encoding="utf-8")
    return str(path)


def test_pairs_are_judged_with_every_figure(lienthong, tmp_path):
    place = folder(tmp_path, "pairs.csv", "a,b,label,why\n1,2,same,x\n3,1,different,y\n")

    (said,) = lienthong("bench", "matching", place, "--json").json

    assert said["auto"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert said["clusters"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert said["pairs"]["f1"] == 1.0
    assert said["ask"] == 0.0
    assert said["blocking"]["completeness"] == 1.0
    assert said["seconds"] >= 0


def test_clusters_label_every_pair_and_errors_are_listed_with_reasons(lienthong, tmp_path):
    place = folder(tmp_path, "clusters.csv", "record,cluster\n1,x\n2,y\n3,x\n")

    (said,) = lienthong("bench", "matching", place, "--json", "--errors", "5").json

    assert [error["error"] for error in said["errors"]] == ["wrong", "missed"]
    assert said["errors"][1]["reasons"][0].startswith("veto-year")


def test_people_read_it_in_vietnamese(lienthong, tmp_path):
    place = folder(tmp_path, "clusters.csv", "record,cluster\n1,x\n2,y\n3,x\n")

    said = lienthong("--lang", "vi", "bench", "matching", place, "--errors", "5").out

    assert "Độ chính xác" in said
    assert "gộp sai" in said


@pytest.mark.parametrize(
    ("name", "labels"),
    [
        ("other.csv", ""),
        ("pairs.csv", "a,b\n1,2\n"),
        ("pairs.csv", "a,b,label\n1,2,maybe\n"),
        ("pairs.csv", "a,b,label\n1,9,same\n"),
        ("pairs.csv", "a,b,label\n1,2,same\n2,1,different\n"),
        ("clusters.csv", "record,cluster\n1,x\n1,y\n"),
    ],
)
def test_labels_that_make_no_sense_are_refused(lienthong, tmp_path, name, labels):
    assert lienthong("bench", "matching", folder(tmp_path, name, labels)).code == 2


def test_a_folder_that_is_not_there_is_refused(lienthong, tmp_path):
    assert lienthong("bench", "matching", str(tmp_path / "none")).code == 2

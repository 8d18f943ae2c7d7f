"""What people decide, and what is kept aside, by commands alone."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace

import pytest

from support.loopback import replying
from support.oai_source import Item, Repository, items


@pytest.fixture
def repository():
    return Repository(items=items(20), page_size=7)


@pytest.fixture
def source(lienthong, repository):
    with replying(repository) as url:
        place = ("--protocol", "oai-pmh", "--url", url, "--library", "VN-THU")
        assert lienthong("sources", "add", "thu", *place).code == 0
        lienthong("harvest", "thu")
        yield "thu"


@pytest.fixture
def waits(lienthong, source, repository):
    """The number of a run that waits to delete half of its source."""
    repository.items = [
        replace(item, deleted=at < 10, datestamp="2024-06-01") for at, item in enumerate(items(20))
    ]
    said = lienthong("harvest", source, "--json")
    assert said.code == 1
    return str(json.loads(said.out)["run"])


def gone(lienthong, source: str) -> int:
    """Return how many records are deleted."""
    listed = lienthong("records", "list", "--source", source, "--json").json
    return sum(each["deleted"] for each in listed)


def test_a_waiting_run_says_why_and_what_it_would_delete(lienthong, source, waits):
    [run] = lienthong("runs", "show", waits, "--json").json
    said = lienthong("runs", "show", waits)

    assert (run["status"], run["held"], run["would_delete"]) == ("waiting", 10, 10)
    assert run["samples"][0] == {
        "identifier": "oai:example.org:0",
        "title": "Nhan đề 0",
        "absent": False,
    }
    assert "10 of 20 live records" in run["message"]
    assert "It waits to delete 10 records" in said.out
    assert gone(lienthong, source) == 0


def test_approving_deletes_at_once_and_again_does_nothing(lienthong, source, waits):
    first, second = (lienthong("runs", "approve", waits, "--json") for _ in range(2))

    assert [each.code for each in (first, second)] == [0, 0]
    assert [each.json[0]["status"] for each in (first, second)] == ["succeeded"] * 2
    assert gone(lienthong, source) == 10
    assert lienthong("harvest", source).code == 0


def test_a_dry_run_of_a_decision_decides_nothing(lienthong, source, waits):
    for decision in ("approve", "discard"):
        assert lienthong("runs", decision, waits, "--dry-run").code == 0

    [run] = lienthong("runs", "show", waits, "--json").json
    assert (run["status"], run["decision"]) == ("waiting", "")
    assert gone(lienthong, source) == 0


def test_discarding_keeps_the_records_and_says_how_to_be_told_again(lienthong, source, waits):
    said = lienthong("runs", "discard", waits)

    assert said.code == 0
    assert "lienthong harvest thu --full" in said.err
    assert gone(lienthong, source) == 0
    refused = lienthong("runs", "approve", waits)
    assert refused.code == 2
    assert "decided otherwise" in refused.err


def test_a_run_that_does_not_wait_cannot_be_decided(lienthong, source):
    said = lienthong("runs", "approve", "1")

    assert said.code == 2
    assert "does not wait" in said.err


def test_the_complete_list_is_compared_on_demand(lienthong, source, repository):
    repository.items = repository.items[1:]

    [result] = lienthong("harvest", source, "--reconcile", "--json").json

    assert (result["status"], result["absent"]) == ("succeeded", 1)
    assert gone(lienthong, source) == 1


@pytest.fixture
def aside(lienthong, source, repository):
    """The name of a record that cannot be read."""
    bad = Item(identifier="bad", payload="<x xmlns='urn:x'>lạ</x>", datestamp="2024-06-01")
    repository.items.append(bad)
    lienthong("harvest", source)
    return "thu/bad"


def test_the_quarantine_tells_what_why_and_where(lienthong, aside):
    [listed] = lienthong("records", "quarantine", "list", "--json").json
    [shown] = lienthong("records", "quarantine", "show", aside, "--json").json

    assert listed == shown
    assert (listed["identifier"], listed["run"], listed["page"]) == ("bad", 2, 1)
    assert listed["position"] == 1
    assert "lạ" in listed["raw"]
    assert listed["problems"][0]["meaning"]
    assert "bad" in lienthong("records", "quarantine", "list").out
    assert "lạ" in lienthong("records", "quarantine", "show", aside).out
    assert lienthong("records", "quarantine", "show", aside, "--raw").out.startswith("<x")


def test_the_quarantine_is_taken_away_as_a_file(lienthong, aside, tmp_path):
    file = tmp_path / "aside.zip"

    said = lienthong("records", "quarantine", "export", "--source", "thu", "-o", str(file))

    with zipfile.ZipFile(io.BytesIO(file.read_bytes())) as packed:
        index = packed.read("quarantine.csv").decode().splitlines()
        record = packed.read("000001.xml").decode()
    assert said.code == 0
    assert index[1].startswith("000001.xml,thu,bad,2,1,1,")
    assert "lạ" in record


def test_what_cannot_be_read_is_tried_again(lienthong, aside):
    [one] = lienthong("records", "quarantine", "retry", aside, "--json").json
    [whole] = lienthong("records", "quarantine", "retry", "--source", "thu", "--json").json

    assert one == whole == {"read": 0, "left": 1}


def test_what_is_not_in_quarantine_is_said_so(lienthong, source):
    for name, code in (("thu/oai:example.org:0", 2), ("nonsense", 2)):
        assert lienthong("records", "quarantine", "show", name).code == code

"""What can be done with a run: look at it, stop it, go on with it, replay it, prune its pages."""

from __future__ import annotations

import json
import math
import os
import time

import pytest

from support.loopback import Reply, Request, replying
from support.oai_source import Item, Repository, dublin_core, failure


class Door:
    """Lets so many pages of a repository out, then none until it is opened again."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self.pages: float = math.inf

    def __call__(self, request: Request) -> Reply:
        if request.arguments.get("verb") != "Identify":
            if not self.pages:
                return Reply(status=404, body=b"closed")
            self.pages -= request.arguments.get("verb") == "ListRecords"
        return self.repository(request)


@pytest.fixture
def repository():
    return Repository()


@pytest.fixture
def door(repository):
    return Door(repository)


@pytest.fixture
def source(lienthong, door):
    with replying(door) as url:
        lienthong(
            *("sources", "add", "thu", "--protocol", "oai-pmh", "--url", url),
            *("--library", "VN-THU"),
        )
        yield "thu"


def newest(lienthong):
    return lienthong("runs", "list", "--json").json[0]


def test_a_replay_ends_in_the_same_content_without_the_network(lienthong, source, repository):
    lienthong("harvest", source)
    digest = lienthong("db", "digest").out
    repository.requests.clear()

    [result] = lienthong("runs", "replay", "1", "--json").json

    assert (result["status"], result["delivered"], result["unchanged"]) == ("succeeded", 5, 5)
    assert (newest(lienthong)["replays"], repository.requests) == (1, [])
    assert lienthong("db", "digest").out == digest


def test_a_dry_replay_stores_nothing(lienthong, source):
    lienthong("harvest", source)

    [result] = lienthong("runs", "replay", "1", "--dry-run", "--json").json

    assert (result["run"], result["status"], result["unchanged"]) == (None, "succeeded", 5)
    assert newest(lienthong)["run"] == 1


def test_a_replay_whose_pages_are_gone_says_so(lienthong, source, tmp_path):
    lienthong("harvest", source)
    page = min((tmp_path / "instance" / "raw").rglob("*.zst"))
    page.unlink()

    said = lienthong("runs", "replay", "1")

    assert said.code == 1
    assert "1 of the 3 pages of run 1 are no longer kept" in said.err


def test_the_message_of_a_run_is_read_in_the_readers_language(lienthong, source, repository):
    repository.faults[""] = Reply(body=failure("badArgument", "no such set"))
    lienthong("harvest", source)

    [english] = lienthong("runs", "show", "1", "--json").json
    [vietnamese] = lienthong("--lang", "vi", "runs", "show", "1", "--json").json

    assert english["code"] == vietnamese["code"] == "bad-argument"
    assert "does not accept our request: no such set" in english["message"]
    assert "không chấp nhận yêu cầu" in vietnamese["message"]


def test_a_run_shows_what_was_wrong_and_what_to_do_about_it(lienthong, source, repository):
    repository.items.append(Item(identifier="oai:x:broken", payload="<nonsense xmlns='urn:x'/>"))
    lienthong("harvest", source)

    [run] = lienthong("runs", "show", "1", "--json").json
    shown = lienthong("--lang", "vi", "runs", "show", "1").out

    [found] = [each for each in run["problems"] if each["code"] == "unknown-format"]
    assert found["next"].startswith("Ask the library")
    assert found["samples"][0]["identifier"] == "oai:x:broken"
    assert "Đề nghị thư viện" in shown


def test_a_part_is_harvested_and_the_next_harvest_begins_where_it_would_have(
    lienthong, source, repository
):
    repository.items[:] = [
        Item(identifier="a", payload=dublin_core("Một"), datestamp="2023-01-01", set="x"),
        Item(identifier="b", payload=dublin_core("Hai"), datestamp="2024-01-01", set="y"),
    ]
    one = lienthong("harvest", source, "--set", "x", "--json")
    two = lienthong("harvest", source, "--until", "2023-06-01", "--json")
    asked = repository.asked()
    [whole] = lienthong("harvest", source, "--json").json

    results = [json.loads(said.out) for said in (one, two)]
    assert [each["status"] for each in results] == ["limited", "limited"]
    assert asked[0]["set"] == "x"
    assert asked[1]["until"].startswith("2023-06-01")
    assert (whole["status"], whole["delivered"]) == ("succeeded", 2)


def test_everything_is_asked_for_again_with_full(lienthong, source, repository):
    lienthong("harvest", source)
    repository.requests.clear()

    [result] = lienthong("harvest", source, "--full", "--json").json

    assert (result["status"], result["delivered"], result["unchanged"]) == ("succeeded", 5, 5)
    assert "from" not in repository.asked()[0]


@pytest.mark.parametrize("part", [("--from", "2024-01-01"), ("--set", "x")])
def test_all_and_a_part_exclude_each_other(lienthong, source, part):
    assert lienthong("harvest", source, "--full", *part).code == 2


@pytest.mark.parametrize("part", [("--limit", "3"), ("--dry-run",)])
def test_only_a_whole_list_is_compared(lienthong, source, part):
    assert lienthong("harvest", source, "--reconcile", *part).code == 2


def test_dates_the_wrong_way_round_are_refused(lienthong, source):
    said = lienthong("harvest", source, "--from", "2024-02-01", "--until", "2024-01-01")

    assert said.code == 2
    assert "nothing can lie between" in said.err


def test_what_broke_off_is_gone_on_with(lienthong, source, door):
    door.pages = 1
    lienthong("harvest", source)
    door.pages = math.inf

    [result] = lienthong("runs", "resume", "1", "--json").json

    assert (result["run"], result["status"], result["delivered"]) == (2, "succeeded", 3)


def test_a_full_harvest_that_broke_off_is_gone_on_with_where_it_was(lienthong, source, door):
    door.pages = 1
    lienthong("harvest", source, "--full")
    door.pages = math.inf

    [result] = lienthong("runs", "resume", source, "--json").json

    assert (result["status"], result["delivered"]) == ("succeeded", 3)


@pytest.mark.parametrize("wanted", ["1", "thu"])
def test_what_came_to_its_end_is_not_gone_on_with(lienthong, source, wanted):
    lienthong("harvest", source)

    said = lienthong("runs", "resume", wanted)

    assert said.code == 2
    assert "lienthong harvest thu" in said.err


def test_a_resumed_harvest_can_be_left_to_a_worker(lienthong, source, door):
    door.pages = 1
    lienthong("harvest", source)

    queued = lienthong("runs", "resume", "1", "--queue")
    stopped = lienthong("runs", "stop", source)

    assert (queued.code, stopped.code) == (0, 0)
    assert "taken back" in stopped.err


def test_nothing_is_stopped_where_nothing_runs(lienthong, source):
    lienthong("harvest", source)

    assert [lienthong("runs", "stop", wanted).code for wanted in ("1", "thu", "none")] == [2, 2, 2]


def test_old_pages_are_removed_as_the_settings_say(lienthong, source, repository, tmp_path):
    for _ in range(3):
        repository.items[0] = Item(identifier="a", payload=dublin_core(f"Bản {time.time_ns()}"))
        lienthong("harvest", source, "--full")
    for path in (tmp_path / "instance" / "raw").rglob("*.zst"):
        os.utime(path, (1, 1))

    setting = {"LIENTHONG_RAW__KEEP_GB": "0.0000001"}
    [told] = lienthong("runs", "prune", "--dry-run", "--json", **setting).json
    [done] = lienthong("runs", "prune", "--json", **setting).json
    said = lienthong("runs", "replay", "1")

    assert told == done
    assert done["runs"] == 2
    assert "no longer kept" in said.err


def test_one_record_is_fetched_anew(lienthong, source, repository):
    lienthong("harvest", source)
    repository.items[3] = Item(identifier="oai:example.org:3", payload=dublin_core("Tắt đèn"))

    [result] = lienthong("records", "refetch", source, "oai:example.org:3", "--json").json
    [replayed] = lienthong("runs", "replay", str(result["run"]), "--json").json
    shown = lienthong("records", "show", "thu/oai:example.org:3").out

    assert (result["status"], result["changed"], result["delivered"]) == ("succeeded", 1, 1)
    assert (replayed["status"], replayed["unchanged"]) == ("succeeded", 1)
    assert "$aTắt đèn" in shown


def test_a_record_its_server_does_not_know_is_said_so(lienthong, source):
    said = lienthong("records", "refetch", source, "oai:nowhere")

    assert said.code == 1
    assert "does not know this identifier" in said.err


def test_a_preview_shows_each_step_and_stores_nothing(lienthong, source, repository):
    repository.items[1] = Item(identifier="oai:x:broken", payload="<nonsense xmlns='urn:x'/>")
    repository.items[2] = Item(identifier="oai:x:gone", deleted=True)

    first, broken, gone = lienthong("sources", "preview", source, "--limit", "3", "--json").json

    assert "<dc:title>Nhan đề 0</dc:title>" in first["raw"]
    assert first["parsed"]["schema"] == "oai_dc"
    assert any("245" in field for field in first["mapped"]["fields"])
    assert (broken["mapped"], broken["problems"][0]["code"]) == (None, "unknown-format")
    assert (gone["deleted"], gone["mapped"]) == (True, None)
    assert lienthong("runs", "list", "--json").json == []


def test_an_address_is_previewed_before_it_is_a_source(lienthong, source, repository):
    [url] = [each["url"] for each in lienthong("sources", "list", "--json").json]

    said = lienthong("--lang", "vi", "sources", "preview", "--url", url, "--limit", "1")

    assert "$aNhan đề 0" in said.out
    assert "--- Như đã nhận" in said.out
    assert lienthong("sources", "preview").code == 2


def test_pages_in_the_database_are_replayed_like_any_other(lienthong, source, tmp_path):
    setting = {"LIENTHONG_RAW__STORE": "database"}
    lienthong("harvest", source, **setting)

    [result] = lienthong("runs", "replay", "1", "--json", **setting).json
    elsewhere = lienthong("runs", "replay", "1")

    assert (result["status"], result["unchanged"]) == ("succeeded", 5)
    assert not list((tmp_path / "instance").rglob("*.zst"))
    assert "3 of the 3 pages" in elsewhere.err


def test_the_log_of_a_run_is_told_line_by_line(lienthong, source):
    lienthong("harvest", source)
    lines = lienthong("runs", "log", "1", "--json").json

    assert [(each["number"], each["kind"]) for each in lines] == [(n, "page") for n in (1, 2, 3)]
    assert "Trang 1:" in lienthong("--lang", "vi", "runs", "log", "1").out
    assert lienthong("runs", "log", "9").code == 2

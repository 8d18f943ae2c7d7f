from __future__ import annotations

import json
from functools import partial

import pytest

from bench import harness, line
from bench.__main__ import main
from bench.harness import Work, WorkFailed, best, measure
from bench.server import GENERATED, served
from support.measured import count_to, end_early, fill_memory, folder_with_files, listed


@pytest.fixture
def results(tmp_path, monkeypatch):
    monkeypatch.setattr(harness, "RESULTS", tmp_path)
    return tmp_path


def test_work_is_measured_in_a_process_of_its_own():
    small = measure(Work(name="small", function=count_to, arguments=(1000,)))
    large = measure(Work(name="large", function=fill_memory, arguments=(64,)))

    assert small.records == 1000
    assert small.peak_mib < large.peak_mib - 32


def test_the_best_of_several_turns_is_kept_in_the_order_asked_for():
    works = [Work(name=f"{n}", function=count_to, arguments=(n,)) for n in (3, 5)]

    assert [each.records for each in best(works, rounds=2)] == [3, 5]


def test_what_work_needs_is_made_before_and_cleared_away_after(tmp_path):
    around = partial(folder_with_files, tmp_path / "made")
    work = Work(name="listed", function=listed, arguments=("made",), around=around)

    assert measure(work).records == 2
    assert (tmp_path / "made" / "two").exists()


def test_work_that_breaks_is_named():
    with pytest.raises(WorkFailed, match="broken"):
        measure(Work(name="broken", function=end_early))


@pytest.mark.parametrize("prefix", ["marc21", "oai_dc"])
def test_every_stage_and_every_peer_sees_all_records(prefix):
    with served(GENERATED, prefix, 120) as url, line.empty_hub() as empty:
        found = {
            work.name: work.function(*work.arguments) for work in line.works(url, prefix, empty)
        }

    assert set(found.values()) == {120}


def test_benchmarks_keep_their_results(results):
    main(["place", "--sizes", "0", "--added", "20"])
    main(["memory", "--records", "20"])

    kept = [json.loads(path.read_text()) for path in results.iterdir()]
    assert {each["benchmark"] for each in kept} == {"place", "memory"}
    assert all(each["machine"]["processors"] for each in kept)

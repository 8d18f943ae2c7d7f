from __future__ import annotations

import os
import signal
import sys
import time
from threading import Thread

from support.processes import Outcome, function, run, running


def double(number: int) -> dict[str, int]:
    return {"pid": os.getpid(), "double": number * 2}


def speak_and_wait() -> None:
    print("halfway")
    time.sleep(600)


def test_functions_run_in_processes_of_their_own():
    outcomes = run(*(function(double, number) for number in range(3)))

    assert [outcome.value["double"] for outcome in outcomes] == [0, 2, 4]
    assert len({outcome.value["pid"] for outcome in outcomes} | {os.getpid()}) == 4


def test_a_process_is_killed_at_the_moment_it_has_reached():
    with running(function(speak_and_wait)) as [process]:
        process.await_text("halfway")
        process.kill()

        assert process.finish() == Outcome(code=-signal.SIGKILL, out="halfway\n", err="")


def test_leaving_the_block_ends_what_still_runs():
    with running(function(speak_and_wait), function(speak_and_wait)) as processes:
        assert all(process.running for process in processes)

    assert not any(process.running for process in processes)


def test_a_failing_process_tells_its_code_and_words():
    [outcome] = run([sys.executable, "-c", "raise SystemExit('so it goes')"])

    assert outcome == Outcome(code=1, out="", err="so it goes\n")


def test_one_thread_may_kill_what_another_waits_for():
    for _ in range(20):
        with running(function(speak_and_wait)) as [process]:
            process.await_text("halfway")
            killer = Thread(target=process.kill)
            killer.start()
            outcome = process.finish()
            killer.join()

        assert outcome.code == -signal.SIGKILL

"""The demo as a person starts it: real endpoints, real harvest, real server."""

import re
import signal
import socket

import pytest

from support.processes import lienthong, run, running

NUMBERS = re.compile(
    r"records: (\d+)\nclusters: (\d+)\nfolded: (\d+)\nproblems: (\d+)\n", re.MULTILINE
)


def numbers(out):
    found = NUMBERS.search(out)
    assert found, out
    return tuple(map(int, found.groups()))


@pytest.mark.timeout(300)
def test_the_demo_harvests_serves_and_goes_on_from_what_is_stored(tmp_path):
    env = {"LIENTHONG_INSTANCE": str(tmp_path), "LIENTHONG_DATABASE_URL": "sqlite:////nowhere"}
    with socket.create_server(("127.0.0.1", 0)) as busy:
        asked = busy.getsockname()[1]
        with running(lienthong("demo", "--port", str(asked), "--z3950-port", "0"), env=env) as [
            demo
        ]:
            ready = demo.await_text("ready http=", seconds=200)
            demo.signal(signal.SIGINT)
            first = demo.finish()
    [second] = run(lienthong("demo", "--no-serve"), env=env)

    records, clusters, folded, problems = numbers(first.out)
    assert (first.code, second.code) == (0, 0), first.err + second.err
    assert records >= 3000
    assert clusters + folded == records
    assert min(folded, problems) > 0
    assert f"{asked} " in first.err
    assert len(re.findall(r"^http://127\.0\.0\.1:\d+/", first.out, re.MULTILINE)) == 4
    assert re.fullmatch(r"ready http=http://127\.0\.0\.1:\d+ z3950=127\.0\.0\.1:\d+", ready)
    assert ready not in second.out
    assert numbers(second.out) == (records, clusters, folded, problems)
    assert [path.name for path in tmp_path.iterdir()] == ["demo"]


def test_a_demo_stopped_while_it_harvests_leaves_nothing_running(tmp_path):
    env = {"LIENTHONG_INSTANCE": str(tmp_path)}
    with running(lienthong("demo", "--no-serve"), env=env) as [demo]:
        demo.await_text("harvesting")
        demo.signal(signal.SIGTERM)
        outcome = demo.finish()

    assert outcome.code == 1
    assert outcome.err.splitlines()[-1] == "Stopped."
    assert "Traceback" not in outcome.err

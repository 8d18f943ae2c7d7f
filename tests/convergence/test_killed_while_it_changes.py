"""kill -9 of the command line's harvest while the repository changes, and again."""

from __future__ import annotations

from pathlib import Path

from support.faulty import Collection, Endpoint, Fault, Manners
from support.loopback import replying
from support.processes import Process, lienthong, running
from support.unsure import UnsureHub

COUNT = 12


def harvest_until_killed(folder: Path, url: str, endpoint: Endpoint, pages: int) -> None:
    """Harvest, and kill the process when it has asked for so many pages."""
    victims: list[Process] = []
    endpoint.between.extend([lambda: None] * (pages - 1))
    endpoint.between.append(lambda: [each.kill() for each in victims])
    env = {
        "LIENTHONG_INSTANCE": str(folder),
        "LIENTHONG_DATABASE_URL": url,
        "LIENTHONG_HARVEST__ALLOW_NETWORKS": "127.0.0.0/8",
    }
    with running(lienthong("harvest", "s1"), env=env) as [process]:
        victims.append(process)
        outcome = process.finish()
    assert outcome.code < 0, outcome.err


def test_a_hub_killed_again_and_again_has_in_the_end_what_a_new_one_has(engine, tmp_path):
    collection = Collection()
    for number in range(COUNT):
        collection.put(f"oai:example.org:{number}", "Số đỏ")
    endpoint = Endpoint(collection, Manners(page_size=2))
    with engine.fresh() as url, engine.fresh() as other, replying(endpoint) as repository:
        killed, whole = UnsureHub(url, tmp_path / "a"), UnsureHub(other, tmp_path / "b")
        killed.add(repository)
        for pages in (2, 3):
            harvest_until_killed(tmp_path / "a", url, endpoint, pages)
            collection.put("oai:example.org:0", f"Giông tố {pages}")
            collection.delete(f"oai:example.org:{pages}")
            endpoint.faults.extend([Fault.EMPTY, Fault.TWICE, Fault.TOKEN_DEAD])
        statuses = [killed.harvest().status for _ in range(2)]
        whole.add(repository)
        whole.harvest()
        same = killed.facts() == whole.facts()
        killed.close()
        whole.close()

    assert statuses[-1] == "succeeded"
    assert same

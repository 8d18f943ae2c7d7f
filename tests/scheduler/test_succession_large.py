"""A library of 30,000 records changes its system, with every identifier new."""

from __future__ import annotations

import resource
import time

import pytest

from support.downstream import Downstream
from support.filled import deliver, settle
from support.succession import NEW, OLD, OTHER, add, book, clusters, line, taken_over

COUNT = 30_000
PAGE = 250


def title(number: int) -> str:
    """Return a title that no other record has."""
    words = ("sông", "núi", "rừng", "biển", "làng", "phố", "đồng", "trăng", "gió", "mưa")
    return "Truyện " + " ".join(words[int(digit)] for digit in f"{number:05d}") + f" {number}"


def fill(database, source, prefix, first, made):
    """Deliver records page by page."""
    for start in range(0, COUNT, PAGE):
        numbers = range(start, min(start + PAGE, COUNT))
        deliver(database, source, {f"{prefix}{first + n}": made(n) for n in numbers})


def old(number):
    return book(title(number), f"{number + 1:08d}", author=f"Tác giả {number % 997}")


def new(number):
    kept = (f"035 __ $a(CU){number + 1:08d}",) if number % 3 else ()
    return book(title(number), f"vn{number}", *kept, author=f"Tác giả {number % 997}")


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_thirty_thousand_records_go_on_without_a_lost_cluster_or_a_deletion(
    database, tmp_path, capsys
):
    hub = line(database, tmp_path)
    add(database)
    fill(database, OLD, "oai:cu:", 1, old)
    deliver(database, OTHER, {f"x{n}": old(n * 10) for n in range(COUNT // 10)})
    settle(database)
    before = clusters(database)
    service = Downstream(database, prefix="marc21", page_size=500)
    service.harvest()
    names = set(service.has)
    fill(database, NEW, "oai:moi:", 500_001, new)

    began = time.monotonic()
    told = taken_over(hub)
    seconds = time.monotonic() - began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    service.harvest()
    anew = Downstream(database, prefix="marc21", page_size=500)
    anew.harvest()
    with capsys.disabled():
        print(f"\n{COUNT} records: {seconds:.0f} s, {memory} MiB at most")

    assert told.applied == COUNT
    assert set(clusters(database).values()) == set(before.values())
    assert set(service.has) == names
    assert all(service.has.values())
    assert service.has == anew.has

"""Zebra with real records, harvested whole by every way, over a line that breaks off.

By hand 7,100 of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from crosswalks import formats
from crosswalks.model import Page, Record
from crosswalks.reading import read_as
from harvester.model import HttpSettings, SourceSpec
from harvester.searching.model import SearchSettings, Way
from harvester.sru.reader import SruReader
from harvester.z3950.reader import Z3950Reader
from support import zebra_marc
from support.cutting import cutting
from support.z3950_server import run
from support.zebra import modules
from support.zebra_marc import Zebra

pytestmark = pytest.mark.skipif(modules() is None, reason="Zebra is not installed")
HTTP = HttpSettings(allow_networks=("127.0.0.0/8",), retries=6, first_wait=0)


@pytest.fixture(scope="module", params=[1_500, pytest.param(7_100, marks=pytest.mark.soak)])
def real(request: pytest.FixtureRequest, shared: Path) -> Mapping[str, bytes]:
    return zebra_marc.records(shared, request.param)


@pytest.fixture(scope="module", params=["usual", "koha"])
def zebra(
    request: pytest.FixtureRequest,
    real: Mapping[str, bytes],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Zebra]:
    folder = tmp_path_factory.mktemp("zebra")
    with zebra_marc.serving(folder, real, koha=request.param == "koha") as server:
        yield server


def harvest(port: int, checkpoint: Any = None, **search: Any) -> list[Page]:
    spec = SourceSpec(
        url=f"z3950://127.0.0.1:{port}/Default",
        search=SearchSettings(**search),
    )
    return list(Z3950Reader(HTTP, lambda _: None).pages(spec, checkpoint or {}))


def harvest_sru(port: int, checkpoint: Any = None, **search: Any) -> list[Page]:
    spec = SourceSpec(url=f"http://127.0.0.1:{port}/Default", search=SearchSettings(**search))
    return list(SruReader(HTTP, lambda _: None).pages(spec, checkpoint or {}))


def redated(body: bytes, day: bytes) -> bytes:
    """Return a record as if it had been changed on a day (YYYYMMDD), told in 005."""
    at = body.index(b"005") + 3
    begin = int(body[12:17]) + int(body[at + 4 : at + 9])
    return body[:begin] + day + body[begin + 8 :]


def records(pages: list[Page]) -> dict[str, bytes]:
    return {each.identifier: each.body for page in pages for each in page.records}


@pytest.mark.parametrize("way", [Way.SCAN, Way.DATES, Way.NUMBERS, Way.LIST, Way.QUERY])
def test_all_records_come_as_they_are_over_a_line_that_breaks_off(
    zebra: Zebra, real: Mapping[str, bytes], way: Way
):
    if zebra.koha and way is not Way.DATES:
        # What differs there is what goes by dates: the others are the same queries again.
        return
    numbers = tuple(real) if way is Way.LIST else ()
    with cutting(zebra.port, seed=7, most=len(real) * 550) as line:
        pages = harvest(line.port, way=way, numbers=numbers)

    assert records(pages) == real
    assert sum(len(page.records) for page in pages) == len(real)
    assert pages[-1].last
    assert line.cuts > 1


def test_zoomsh_finds_as_many_with_the_same_bytes(zebra: Zebra, real: Mapping[str, bytes]):
    number = next(iter(real))
    told = run(
        "zoomsh",
        f"connect 127.0.0.1:{zebra.port}/Default",
        "set preferredRecordSyntax usmarc",
        "search @attr 1=_ALLRECORDS @attr 2=103 x",
        f"search @attr 1=12 {number}",
        "show 0 1 raw",
        "quit",
    )
    url = f"z3950://127.0.0.1:{zebra.port}/Default"
    record = Z3950Reader(HTTP, lambda _: None).record(SourceSpec(url=url), number)

    assert f"{len(real)} hits" in told
    assert record.body.decode() in told


def test_a_second_harvest_brings_only_what_changed(zebra: Zebra, real: Mapping[str, bytes]):
    first = harvest(zebra.port, way=Way.DATES)
    today = first[-1].next_checkpoint["since"].replace("-", "").encode()
    number, body = next(iter(real.items()))
    changed = redated(body, today)
    zebra.update({number: changed})
    second = harvest(zebra.port, json.loads(json.dumps(first[-1].next_checkpoint)))
    zebra.update({number: body})

    assert records(second) == {number: changed}
    assert second[0].whole is False


def read(body: bytes) -> Record:
    form = formats.sniffed(body)
    assert form is not None
    record, _ = read_as(form, body)
    assert record is not None
    return record


@pytest.mark.parametrize(
    "way",
    [
        *(Way.SCAN, Way.DATES),
        # The ways are the same for both protocols, and tried over Z39.50 above.
        *(pytest.param(way, marks=pytest.mark.soak) for way in (Way.NUMBERS, Way.LIST, Way.QUERY)),
    ],
)
def test_the_same_records_come_over_its_sru_door(zebra: Zebra, real: Mapping[str, bytes], way: Way):
    if zebra.koha and way is not Way.DATES:
        return
    numbers = tuple(real) if way is Way.LIST else ()
    with cutting(zebra.sru, seed=9, most=len(real) * 1_700) as line:
        pages = harvest_sru(line.port, way=way, numbers=numbers)

    found = records(pages)
    assert found.keys() == real.keys()
    assert sum(len(page.records) for page in pages) == len(real)
    assert pages[-1].last
    assert line.cuts > 1
    some = [*real][:: len(real) // 200]
    assert [read(found[each]) for each in some] == [read(real[each]) for each in some]


def test_a_second_harvest_over_sru_brings_only_what_changed(
    zebra: Zebra, real: Mapping[str, bytes]
):
    first = harvest_sru(zebra.sru, way=Way.DATES)
    today = first[-1].next_checkpoint["since"].replace("-", "").encode()
    number, body = next(iter(real.items()))
    changed = redated(body, today)
    zebra.update({number: changed})
    second = harvest_sru(zebra.sru, json.loads(json.dumps(first[-1].next_checkpoint)))
    zebra.update({number: body})

    assert {key: read(each) for key, each in records(second).items()} == {number: read(changed)}
    assert second[0].whole is False

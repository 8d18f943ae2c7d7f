"""Servers that can only be searched, harvested whole: every way, and every way round a fault."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crosswalks.model import Page
from harvester.errors import HarvestError
from harvester.model import Auth, HttpSettings, SourceSpec
from harvester.searching.errors import (
    HitsChanged,
    NotSearched,
    NoWay,
    NumberUnknown,
    ResultCapped,
    SearchShort,
    UnknownSyntax,
    WayClosed,
)
from harvester.searching.model import SearchSettings, Way
from harvester.z3950.errors import TargetRefused, TargetSilent
from harvester.z3950.reader import Z3950Reader
from protocols.z3950 import oids
from protocols.z3950.values import searches
from support.yaz_ztest import ztest
from support.z3950_server import run
from support.z3950_target import CONTROL, MODIFIED, Kept, Target, serving

HTTP = HttpSettings(allow_networks=("127.0.0.0/8",), retries=2, first_wait=0, read_timeout=20)
ALL = frozenset({"_ALLRECORDS"})
TODAY = datetime.now(UTC).date()


def marc(number: str, text: str = "x") -> bytes:
    fields = f"{number}\x1e  \x1fa{text}\x1e".encode()
    size = len(f"{number}\x1e")
    directory = f"001{size:04}00000245{len(fields) - size:04}{size:05}\x1e".encode()
    base = 24 + len(directory)
    return b"%05dnam a22%05d i 4500" % (base + len(fields) + 1, base) + directory + fields + b"\x1d"


def kept(count: int, *, days: int = 400) -> list[Kept]:
    first = TODAY - timedelta(days)
    return [
        Kept(
            f"{n:06}",
            (first + timedelta(n * days // max(count, 1))).strftime("%Y%m%d"),
            marc(f"{n:06}"),
        )
        for n in range(1, count + 1)
    ]


def spec(target: Target, **search: Any) -> SourceSpec:
    return SourceSpec(url=target.url, search=SearchSettings(**search))


def read(
    target: Target, checkpoint: Any = None, http: HttpSettings = HTTP, **search: Any
) -> Iterator[Page]:
    reader = Z3950Reader(http, lambda _: None)
    return reader.pages(spec(target, **search), checkpoint or {})


def harvest(target: Target, checkpoint: Any = None, **search: Any) -> list[Page]:
    return list(read(target, checkpoint, **search))


def records(pages: Sequence[Page]) -> dict[str, bytes]:
    return {each.identifier: each.body for page in pages for each in page.records}


def bodies(target: Target) -> dict[str, bytes]:
    return {each.number: each.body for each in target.kept}


def problems(pages: Sequence[Page]) -> list[str]:
    return [each.code for page in pages for each in page.problems]


def after(pages: Sequence[Page]) -> Any:
    return json.loads(json.dumps(pages[-1].next_checkpoint))


NUMBERS = tuple(f"{n:06}" for n in range(1, 1301))
WAYS = [
    (Way.SCAN, {}, {}),
    (Way.SCAN, {"ignores_relations": True}, {}),
    (Way.DATES, {"scans": False}, {}),
    (Way.DATES, {"scans": False, "ignores_relations": True}, {}),
    (Way.NUMBERS, {"use": ALL | {CONTROL}, "scans": False}, {}),
    (Way.LIST, {"use": frozenset({CONTROL}), "scans": False}, {"numbers": NUMBERS}),
    (Way.QUERY, {"use": ALL}, {}),
    (Way.QUERY, {"use": ALL}, {"query": "@attr 1=_ALLRECORDS @attr 2=103 x"}),
]


@pytest.mark.parametrize(("way", "habits", "search"), WAYS)
def test_each_way_brings_everything(way: Way, habits: Any, search: Any):
    with serving(kept(1300), **habits) as target:
        pages = harvest(target, **search)

        assert records(pages) == bodies(target)
    assert after(pages)["recipe"]["ways"][0] == way
    assert [page.last for page in pages] == [False] * (len(pages) - 1) + [True]
    assert pages[0].whole
    assert problems(pages) == ["ways-found"]
    assert sum(len(page.records) for page in pages) == 1300


@pytest.mark.parametrize(("way", "habits", "search"), WAYS)
def test_a_way_that_was_set_is_gone(way: Way, habits: Any, search: Any):
    with serving(kept(30), **habits) as target:
        pages = harvest(target, way=way, **search)

        assert records(pages) == bodies(target)
    assert after(pages)["recipe"]["ways"] == [way]


@settings(
    max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    way=st.sampled_from(WAYS),
    stops=st.lists(st.integers(1, 4), min_size=1, max_size=4),
    drops_after=st.integers(1, 9),
)
def test_a_harvest_resumed_at_any_page_is_as_one_without_a_break(
    way: Any, stops: list[int], drops_after: int
):
    _, habits, search = way
    with serving(kept(700), drops_after=drops_after, **habits) as target:
        found: dict[str, bytes] = {}
        checkpoint: Any = {}
        last = False
        for stop in [*stops, 1_000]:
            for number, page in enumerate(read(target, checkpoint, **search), start=1):
                found |= records([page])
                checkpoint = json.loads(json.dumps(page.next_checkpoint))
                last = page.last
                if number == stop or last:
                    break
            if last:
                break

        assert found == bodies(target)


def test_the_second_harvest_brings_what_changed_where_dates_tell():
    with serving(kept(1300)) as target:
        first = harvest(target)
        new = TODAY.strftime("%Y%m%d")
        target.kept[7] = Kept("000008", new, marc("000008", "changed"))
        target.kept.append(Kept("009999", new, marc("009999")))
        second = harvest(target, after(first))
        old = [each for each in target.kept if each.date < _days_ago(2)]

    assert records(second).keys() >= {"000008", "009999"}
    assert records(second).keys().isdisjoint(each.number for each in old)
    assert second[0].whole is False
    assert second[-1].last


def _days_ago(days: int) -> str:
    return (TODAY - timedelta(days)).strftime("%Y%m%d")


@pytest.mark.parametrize("start", ["2024-02-27", "2023-12-30", "2025-01-01"])
def test_what_changed_is_found_by_beginnings_of_dates_as_well(start: str):
    dates = ["20231229", "20231231", "20240229", "20240301", "20241231", "20250101", "20260101"]
    some = [Kept(f"{n:03}", day, marc(f"{n:03}")) for n, day in enumerate(dates)]
    with serving(some, ignores_relations=True, scans=False) as target:
        first = harvest(target)
        reader = Z3950Reader(HTTP, lambda _: None)
        pages = list(reader.pages(replace(spec(target), start=start), after(first)))

    wanted = {each.number for each in some if each.date >= start.replace("-", "")}
    assert records(first).keys() == {each.number for each in some}
    assert records(pages).keys() == wanted


def test_without_dates_everything_comes_again():
    with serving(kept(20), use=ALL | {CONTROL}) as target:
        first = harvest(target)
        second = harvest(target, after(first))

        assert records(second) == bodies(target)
    assert second[0].whole


def test_more_than_a_server_finds_at_once_is_cut_by_dates():
    with serving(kept(3000), scans=False, refuses_above=700) as target:
        pages = harvest(target)

        assert records(pages) == bodies(target)


def test_a_capped_total_hides_nothing_from_windows():
    with serving(kept(3000), capped=800) as target:
        scanned = harvest(target)
        target.habits.scans = False
        dated = harvest(target)

        assert records(scanned) == records(dated) == bodies(target)


def test_a_capped_result_that_cannot_be_cut_is_told():
    with serving(kept(300), use=ALL, capped=200, hits=lambda found: found + 50) as target:
        pages, error = until_error(target)

    assert isinstance(error, ResultCapped)
    assert (error.details["hits"], error.details["given"]) == (250, 200)
    assert not any(page.last for page in pages)


def until_error(target: Target, **more: Any) -> tuple[list[Page], HarvestError]:
    pages: list[Page] = []
    try:
        pages.extend(read(target, **more))
    except HarvestError as error:
        return pages, error
    raise AssertionError(pages[-1])


def test_a_total_that_no_way_reaches_is_told_and_nothing_is_said_to_be_whole():
    def lies(found: int) -> int:
        return 640 if found == 600 else found

    with serving(kept(600), use=ALL | {CONTROL}, hits=lies) as t:
        pages, error = until_error(t, way=Way.SCAN)

        assert records(pages) == bodies(t)
    assert isinstance(error, SearchShort)
    assert (error.details["total"], error.details["came"]) == (640, 600)
    assert not any(page.last for page in pages)
    assert "list" not in after(pages)


def test_records_that_no_date_finds_are_fetched_beside():
    some = kept(50)
    some[10] = some[10]._replace(date="")
    with serving(some, scans=False, use=ALL | {MODIFIED}) as target:
        pages = harvest(target)

        assert len(records(pages)) == 49 or records(pages) == bodies(target)


def test_a_record_that_is_refused_is_told_and_the_others_come():
    with serving(kept(300), lost=frozenset({"000150"})) as target:
        pages = harvest(target)

    lost = [each for page in pages for each in page.records if each.problems]
    assert len(records(pages)) == 300
    assert [each.problems[0].code for each in lost] == ["record-not-given"]
    assert lost[0].problems[0].sample == "14: 000150"
    assert "record-not-given" in problems(pages)


def test_a_record_on_which_the_server_breaks_off_is_left_out():
    def talks(pdu: Any) -> bytes | None:
        if isinstance(pdu, searches.PresentRequest):
            start, count = pdu.result_set_start_point, pdu.number_of_records_requested
            if start <= 77 < start + count:
                return b"\xff\xff"
        return None

    with serving(kept(120), talks=talks) as target:
        pages, error = until_error(target)
    assert not error.transient
    assert pages == []


def test_sessions_that_are_dropped_lose_nothing():
    with serving(kept(900), drops_after=2) as target:
        pages = harvest(target)

        assert records(pages) == bodies(target)
        assert target.sessions > 3


def test_a_server_that_stays_silent_is_told():
    http = replace(HTTP, read_timeout=0.05, retries=1)
    with (
        serving(kept(30), silent_at=searches.PresentRequest) as target,
        pytest.raises(TargetSilent),
    ):
        list(read(target, http=http))


def test_hits_that_change_all_the_time_are_told():
    counts = iter(range(1_000, 1_000_000))
    with serving(
        kept(300), use=ALL, drops_after=1, hits=lambda found: next(counts) if found else 0
    ) as target:
        _, error = until_error(target)

    assert isinstance(error, HitsChanged)


def test_records_in_another_syntax_than_asked_for_are_believed_to_be_what_they_are():
    with serving(kept(5), gives=oids.USMARC) as target:
        pages = harvest(target)

        assert records(pages) == bodies(target)
    assert {each.format for page in pages for each in page.records} == {"iso2709"}


def test_a_syntax_that_is_refused_leads_to_the_next():
    with serving(kept(5), syntaxes=(oids.UNIMARC,)) as target:
        pages = harvest(target)

    assert after(pages)["recipe"]["format"] == "unimarc"


def test_equal_numbers_of_different_records_are_kept_apart():
    some = [*kept(20), Kept("000007", "20260101", marc("000007", "another"))]
    with serving(some) as target:
        pages = harvest(target)

    assert records(pages).keys() == {*(each.number for each in some), "000007~2"}


def test_a_server_without_a_way_is_told_with_what_was_tried():
    with (
        serving(kept(5), use=frozenset({21}), scans=False) as target,
        pytest.raises(NoWay) as caught,
    ):
        harvest(target)

    assert "scan" in str(caught.value)


def test_the_names_of_all_records_come_from_the_list_of_numbers():
    with serving(kept(1200)) as target:
        reader = Z3950Reader(HTTP, lambda _: None)
        names = [
            each.identifier for one in reader.identifiers(spec(target)) for each in one.headers
        ]

        assert names == [each.number for each in target.kept]
        assert target.count(searches.PresentRequest) < 10


def test_one_record_is_fetched_by_its_number():
    with serving(kept(20)) as target:
        reader = Z3950Reader(HTTP, lambda _: None)
        page = reader.one(spec(target), "000011")
        again = reader.again(page.raw, 1, "x")

        assert records([again]) == {"000011": target.kept[10].body}
        with pytest.raises(NumberUnknown):
            reader.record(spec(target), "nothing")


def test_what_does_not_apply_is_refused():
    target = Target(kept=[], port=1)
    reader = Z3950Reader(HTTP, lambda _: None)
    with pytest.raises(NotSearched):
        list(reader.pages(replace(spec(target), sets=("a",)), {}))
    with pytest.raises(UnknownSyntax):
        list(reader.pages(replace(spec(target), prefix="oai_dc"), {}))


def test_the_password_of_the_source_lets_us_in():
    http = replace(HTTP, auth=Auth(user="hub", password="secret"))
    with serving(kept(3), password="secret") as target:
        pages = list(read(target, http=http))

        assert records(pages) == bodies(target)


def test_a_server_that_can_less_than_before_is_found_out_anew():
    with serving(kept(30)) as target:
        first = harvest(target)
        target.habits.use = ALL | {CONTROL}
        second, error = until_error(target, checkpoint=after(first))
        third = harvest(target, after(second))

        assert records(third) == bodies(target)
    assert isinstance(error, TargetRefused)
    assert third[0].whole


def test_numbers_of_a_list_that_nothing_has_are_told_one_by_one():
    wanted = ["000001", "x1", "000250", "x2", *(f"{n:06}" for n in range(3, 140))]
    with serving(kept(300)) as target:
        pages = harvest(target, way=Way.LIST, numbers=tuple(wanted))

    told = [each for page in pages for each in page.problems if each.code == "number-not-found"]
    assert [each.sample for each in told] == ["x1", "x2"]
    assert len(records(pages)) == len(wanted) - 2
    assert pages[-1].last


def test_a_list_of_which_nothing_is_left_is_told_whole():
    with serving(kept(3)) as target:
        pages = harvest(target, way=Way.LIST, numbers=("000001", *(f"y{n}" for n in range(120))))

    told = [each.sample for page in pages for each in page.problems if "not-found" in each.code]
    assert told == [f"y{n}" for n in range(120)]
    assert list(records(pages)) == ["000001"]


def test_yaz_ztest_is_harvested_whole_by_one_query(tmp_path: Path):
    with ztest(tmp_path) as target:
        asked = SourceSpec(
            url=target.url, prefix="usmarc", search=SearchSettings(query="@attr 1=4 120")
        )
        pages = list(Z3950Reader(HTTP, lambda _: None).pages(asked, {}))
        shown = run(
            "zoomsh",
            f"connect 127.0.0.1:{target.port}/Default",
            "set preferredRecordSyntax usmarc",
            "search @attr 1=4 120",
            "show 0 120 raw",
            "quit",
        )

    bodies = [each.body for page in pages for each in page.records]
    assert len(bodies) == 120
    assert pages[-1].last
    # It has but a few records, which it gives again and again: none of them is lost for that.
    assert len({each.identifier for page in pages for each in page.records}) == 120
    assert shown.count("\x1d") == sum(body.count(b"\x1d") for body in bodies) == 120


@pytest.mark.parametrize("habits", [{"capped": 30}, {"refuses_above": 30}])
def test_a_list_of_numbers_is_harvested_whole_where_less_is_found_at_once(habits: Any):
    with serving(kept(250), scans=False, **habits) as target:
        wanted = [*bodies(target), "000007", "gone"]
        pages = harvest(target, way=Way.LIST, numbers=tuple(wanted))

        assert records(pages) == bodies(target)
    assert pages[-1].last


def test_a_number_that_nothing_has_costs_few_searches():
    with serving(kept(300), scans=False) as target:
        found = list(bodies(target))
        harvest(target, way=Way.LIST, numbers=tuple(found))
        usual = target.count(searches.SearchRequest)
        target.asked.clear()
        pages = harvest(target, way=Way.LIST, numbers=(*found[:150], "gone", *found[150:]))

        assert records(pages) == bodies(target)
        assert target.count(searches.SearchRequest) <= usual + 2 * 7 + 2


def test_one_number_of_which_too_much_is_found_is_told():
    same = [Kept("000099", "20260101", marc("000099", f"{n}")) for n in range(40)]
    with serving([*kept(30), *same], scans=False, refuses_above=30) as target:
        pages, error = until_error(target, way=Way.LIST, numbers=tuple(bodies(target)))

    assert isinstance(error, WayClosed)
    assert not any(page.last for page in pages)


@pytest.mark.parametrize("page", [1, 40])
def test_records_that_come_again_in_place_of_others_are_told(page: int):
    with serving(kept(90), use=ALL, page=page, begins_again=True) as target:
        pages, error = until_error(target, way=Way.QUERY)

    assert isinstance(error, ResultCapped)
    assert error.details["hits"] == 90
    assert not any(each.last for each in pages)


def test_a_record_that_a_server_has_twice_is_no_sign_of_that():
    some = kept(90)
    with serving([some[0], some[0], *some], use=ALL, page=2) as target:
        pages = harvest(target, way=Way.QUERY)

        assert records(pages) == bodies(target)
    assert pages[-1].last

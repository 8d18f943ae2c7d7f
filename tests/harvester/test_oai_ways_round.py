"""Lists that cannot be read to their end: cut by date, then asked for record by record."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosswalks.model import Severity
from harvester.errors import BadResumptionToken, HttpStatus, NotOai
from harvester.model import Mode
from support.harvesting import harvest, identifiers
from support.loopback import Reply, replying
from support.oai_source import RESPONSE_DATE, Item, Repository, dublin_core, envelope, failure

DAYS = "YYYY-MM-DD"


def spread(count: int, days: int = 30) -> list[Item]:
    """Return records of one day after the other, so many days apart."""
    return [
        Item(
            identifier=f"oai:example.org:{n}",
            payload=dublin_core(f"Nhan đề {n}"),
            datestamp=(date(2020, 1, 1) + timedelta(days=n * days)).isoformat(),
        )
        for n in range(count)
    ]


def all_of(repository: Repository) -> set[str]:
    return {item.identifier for item in repository.items}


def codes(pages) -> list[str]:
    return [problem.code for page in pages for problem in page.problems]


def dead_tokens(arguments: dict[str, str]) -> Reply | None:
    dead = "resumptionToken" in arguments
    return Reply(body=failure("badResumptionToken")) if dead else None


@pytest.mark.parametrize("granularity", [DAYS, "YYYY-MM-DDThh:mm:ssZ"])
def test_where_no_token_is_ever_taken_the_list_is_cut_by_date(granularity):
    repository = Repository(items=spread(9), granularity=granularity, refusing=dead_tokens)
    with replying(repository) as url:
        pages = harvest(url)

    assert set(identifiers(pages)) == all_of(repository)
    assert [page.last for page in pages] == [False] * (len(pages) - 1) + [True]
    assert codes(pages) == ["cut-into-windows"]
    assert pages[-1].next_checkpoint == {"from": RESPONSE_DATE[: len(granularity)]}


@settings(max_examples=15)
@given(data=st.data())
def test_a_harvest_in_windows_goes_on_wherever_it_was_broken_off(data):
    repository = Repository(items=spread(7), refusing=dead_tokens)
    with replying(repository) as url:
        whole = harvest(url)
        kept = data.draw(st.integers(1, len(whole) - 1))
        checkpoint = json.loads(json.dumps(whole[kept - 1].next_checkpoint))
        rest = harvest(url, checkpoint)

    assert set(identifiers(whole[:kept] + rest)) == all_of(repository)
    assert rest[-1].next_checkpoint == whole[-1].next_checkpoint


def broken_page(arguments: dict[str, str]) -> Reply | None:
    token = arguments.get("resumptionToken", "")
    return Reply(body=b"<html/>", kind="text/html") if token.endswith("/4") else None


def test_a_page_that_never_comes_is_gone_round():
    repository = Repository(items=spread(9), refusing=broken_page)
    with replying(repository) as url:
        pages = harvest(url)

    assert set(identifiers(pages)) == all_of(repository)
    assert "html" in pages[2].problems[0].detail


def test_a_record_that_breaks_every_answer_is_set_aside_and_all_others_come():
    repository = Repository(items=spread(9), broken=frozenset({"oai:example.org:4"}))
    with replying(repository) as url:
        pages = harvest(url)

    refused = [record for page in pages for record in page.records if record.problems]
    assert set(identifiers(pages)) == all_of(repository)
    assert {record.identifier for record in refused} == {"oai:example.org:4"}
    assert [problem.severity for problem in refused[0].problems] == [Severity.ERROR]
    assert "500" in refused[0].problems[0].detail
    assert set(codes(pages)) == {"cut-into-windows", "read-one-by-one"}
    assert pages[-1].last


def test_records_of_one_day_that_cannot_be_cut_are_asked_for_one_by_one():
    items = [Item(identifier=f"{n}", payload=dublin_core("t")) for n in range(9)]
    repository = Repository(items=items, granularity=DAYS, broken=frozenset({"4"}))
    with replying(repository) as url:
        pages = harvest(url)

    assert set(identifiers(pages)) == all_of(repository)
    assert len(repository.asked("GetRecord")) >= 9


def test_a_source_that_is_listed_in_records_only_is_never_asked_one_by_one():
    repository = Repository(items=spread(5), broken=frozenset({"oai:example.org:3"}))
    with replying(repository) as url, pytest.raises(HttpStatus):
        harvest(url, mode=Mode.RECORDS)

    assert repository.asked("GetRecord") == []


def test_a_server_that_takes_no_until_is_asked_record_by_record():
    def refusing(arguments):
        if arguments["verb"] == "ListRecords" and "resumptionToken" in arguments:
            return Reply(body=failure("badResumptionToken"))
        return Reply(body=failure("badArgument")) if "until" in arguments else None

    repository = Repository(items=spread(5), refusing=refusing)
    with replying(repository) as url:
        pages = harvest(url)

    assert set(identifiers(pages)) == all_of(repository)
    assert codes(pages) == ["cut-into-windows", "read-one-by-one"]


def test_a_server_whose_list_of_records_is_no_verb_is_asked_record_by_record():
    def refusing(arguments):
        return Reply(body=failure("badVerb")) if arguments["verb"] == "ListRecords" else None

    repository = Repository(items=spread(5), refusing=refusing)
    with replying(repository) as url:
        pages = harvest(url)

    assert set(identifiers(pages)) == all_of(repository)
    assert codes(pages) == ["read-one-by-one"]


def test_a_server_that_is_down_is_not_asked_in_other_ways():
    repository = Repository(items=spread(9))

    def refusing(arguments):
        if "resumptionToken" in arguments:
            repository.refusing = lambda _: Reply(body=b"<html/>", kind="text/html")
            return Reply(body=b"<html/>", kind="text/html")
        return None

    repository.refusing = refusing
    with replying(repository) as url, pytest.raises(NotOai):
        harvest(url)

    assert [one for one in repository.asked() if "until" in one] == []


def test_where_no_way_leads_on_the_first_fault_is_told():
    def refusing(arguments):
        listed = arguments["verb"] == "ListIdentifiers"
        return Reply(body=failure("noSetHierarchy")) if listed else dead_tokens(arguments)

    items = [Item(identifier=f"{n}", payload=dublin_core("t")) for n in range(5)]
    repository = Repository(items=items, granularity=DAYS, refusing=refusing)
    with replying(repository) as url, pytest.raises(BadResumptionToken, match="%2F%2F2"):
        harvest(url)


def test_a_token_that_can_be_used_once_only_costs_nothing():
    used = set()

    def refusing(arguments):
        token = arguments.get("resumptionToken", "")
        if token in used:
            return Reply(body=failure("badResumptionToken"))
        used.update({token} - {""})
        return Reply(body=b"<OAI-PMH", cut=5) if token.endswith("/4") else None

    repository = Repository(items=spread(9), refusing=refusing)
    with replying(repository) as url:
        pages = harvest(url)

    assert set(identifiers(pages)) == all_of(repository)


def test_a_server_that_moved_on_without_us_is_found_out_by_its_cursor():
    repository = Repository(items=spread(8))
    offsets = iter([2, 4, 6])

    def moving_on(arguments):
        if arguments.get("resumptionToken") != "session":
            whole = {"verb", "metadataPrefix"} == set(arguments)
            return Reply(body=page(repository, 0)) if whole else None
        offset = next(offsets)
        body = page(repository, offset)
        return Reply(body=body, cut=300) if offset == 4 else Reply(body=body)

    repository.refusing = moving_on
    with replying(repository) as url:
        pages = harvest(url)

    assert set(identifiers(pages)) == all_of(repository)
    assert "lost on the way" in next(iter(p for p in pages if p.problems)).problems[0].detail


def page(repository: Repository, offset: int) -> bytes:
    records = "".join(item.xml() for item in repository.items[offset : offset + 2])
    token = f'<resumptionToken cursor="{offset}">session</resumptionToken>'
    return envelope(f"<ListRecords>{records}{token if offset < 6 else ''}</ListRecords>")


def test_a_list_that_ends_too_early_is_listed_again_in_windows():
    repository = Repository(items=spread(9))

    def ends_early(arguments):
        if arguments["verb"] != "ListRecords":
            return None
        some, _, size = repository._some(arguments)  # noqa: SLF001
        return Reply(body=repository.page(some, "", size)) if some else None

    repository.refusing = ends_early
    with replying(repository) as url:
        pages = harvest(url)

    assert set(identifiers(pages)) == all_of(repository)
    assert codes(pages) == ["list-read-again", "list-was-cut"]


def test_a_figure_that_is_wrong_is_found_out_once():
    repository = Repository(items=spread(4))

    def boasting(arguments):
        if arguments["verb"] != "ListRecords":
            return None
        some, token, _ = repository._some(arguments)  # noqa: SLF001
        return Reply(body=repository.page(some, token, 230)) if some else None

    repository.refusing = boasting
    with replying(repository) as url:
        first = harvest(url)
        second = harvest(url, first[-1].next_checkpoint, start="2019-01-01")

    assert set(identifiers(first)) == all_of(repository)
    assert codes(first) == ["list-read-again", "list-size-wrong"]
    assert first[-1].next_checkpoint == {"from": RESPONSE_DATE, "size_lies": True}
    assert codes(second) == ["list-size-wrong"]
    assert len(second) == 2


def test_a_short_list_of_one_moment_is_read_twice_and_told():
    only = Item(identifier="1", payload="", datestamp="2024-05-05")
    repository = Repository(items=[only], granularity=DAYS)
    body = repository.page(repository.items, size=230)
    repository.refusing = lambda one: Reply(body=body) if one["verb"] == "ListRecords" else None
    with replying(repository) as url:
        pages = harvest(url, start="2024-05-05", until="2024-05-06")

    assert codes(pages)[-1] == "list-too-short"
    assert pages[-1].problems[-1].detail == "230 were announced, 1 came each time"


def test_windows_that_are_cut_too_are_cut_finer():
    near = [Item(identifier=f"{n}", payload="", datestamp=f"2023-05-0{n}") for n in range(1, 10)]
    repository = Repository(items=[*spread(3), *near], page_size=1)

    def ends_early(arguments):
        if arguments["verb"] != "ListRecords":
            return None
        some, _, size = repository._some(arguments)  # noqa: SLF001
        return Reply(body=repository.page(some, "", size)) if some else None

    repository.refusing = ends_early
    with replying(repository) as url:
        pages = harvest(url)

    assert set(identifiers(pages)) == all_of(repository)
    assert pages[-1].last


def test_windows_of_so_many_days_are_listed_one_after_the_other():
    repository = Repository(items=spread(9), granularity=DAYS)
    with replying(repository) as url:
        pages = harvest(url, days_a_window=365)

    asked = [one for one in repository.asked() if "resumptionToken" not in one]
    assert set(identifiers(pages)) == all_of(repository)
    assert [(one.get("from", ""), one.get("until", "")) for one in asked] == [
        ("", "2020-12-31"),
        ("2020-12-31", "2021-12-31"),
        ("2021-12-31", "2022-12-31"),
        ("2022-12-31", "2023-12-31"),
        ("2023-12-31", ""),
    ]


def test_a_wrong_earliest_datestamp_leaves_nothing_out():
    for earliest in ("2023-01-01", RESPONSE_DATE, "", "hôm qua"):
        repository = Repository(items=spread(9), refusing=dead_tokens, earliest=earliest)
        with replying(repository) as url:
            assert set(identifiers(harvest(url))) == all_of(repository)


def test_a_server_that_takes_no_notice_of_dates_is_listed_whole():
    repository = Repository(items=spread(9), page_size=5)

    def ignoring(arguments):
        dates = {"from", "until"} & set(arguments)
        if not dates:
            return None
        kept = {name: text for name, text in arguments.items() if name not in dates}
        return Reply(body=repository.list_records(kept))

    repository.refusing = ignoring
    with replying(repository) as url:
        pages = harvest(url, {"from": "2024-01-01T00:00:00Z"})

    assert set(identifiers(pages)) == all_of(repository)
    assert codes(pages) == ["dates-ignored"]


def test_windows_of_a_server_that_takes_no_notice_of_dates_do_not_go_on_for_ever():
    repository = Repository(items=spread(9), page_size=5)

    def ignoring(arguments):
        if arguments["verb"] == "ListRecords" and "resumptionToken" in arguments:
            return Reply(body=failure("badResumptionToken"))
        kept = {one: text for one, text in arguments.items() if one not in ("from", "until")}
        if kept == arguments or kept["verb"] != "ListRecords":
            return None
        return Reply(body=repository.list_records(kept))

    repository.refusing = ignoring
    with replying(repository) as url:
        pages = harvest(url)

    assert set(identifiers(pages)) == all_of(repository)
    assert codes(pages)[:2] == ["cut-into-windows", "dates-ignored"]


def test_datestamps_that_mean_nothing_lose_no_record_in_windows():
    repository = Repository(items=spread(9), page_size=4)
    shown = re.compile(rb"<datestamp>[^<]*")

    def with_old_stamps(arguments):
        if arguments["verb"] != "ListRecords":
            return None
        body = shown.sub(b"<datestamp>1999-01-01", repository.list_records(arguments))
        return dead_tokens(arguments) or Reply(body=body)

    repository.refusing = with_old_stamps
    with replying(repository) as url:
        at_once, in_windows = harvest(url, start="2019-01-01"), harvest(url)

    assert set(identifiers(at_once)) == set(identifiers(in_windows)) == all_of(repository)
    assert "dates-ignored" in codes(in_windows)


def test_a_short_list_of_a_server_that_ignores_dates_is_told_and_passed():
    repository = Repository(items=spread(5, days=1), page_size=9)
    body = repository.page(repository.items, size=230)
    repository.refusing = lambda one: Reply(body=body) if one["verb"] == "ListRecords" else None
    with replying(repository) as url:
        pages = harvest(url)

    assert set(identifiers(pages)) == all_of(repository)
    assert codes(pages)[0] == "list-read-again"
    assert codes(pages)[-1] == "list-size-wrong"
    assert pages[-1].last


def test_a_truncated_page_is_asked_for_again_before_anything_else():
    repository = Repository(items=spread(9))
    cut = iter([True])

    def refusing(arguments):
        second = arguments.get("resumptionToken", "").endswith("/2")
        if second and next(cut, False):
            return Reply(body=repository.page(repository.items[2:4])[:700])
        return None

    repository.refusing = refusing
    with replying(repository) as url:
        pages = harvest(url)

    assert identifiers(pages) == [item.identifier for item in repository.items]
    assert codes(pages) == []

"""Whole lists: resumed, interrupted, incremental, in sets."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from harvester.errors import BadDate, NoReadableFormat
from harvester.model import MetadataFormat, RemoteSet, SourceSpec
from protocols.oai import DC, MARC21, OAI_DC, Granularity
from support.harvesting import harvest, identifiers, reader
from support.loopback import Reply, replying
from support.oai_source import (
    MARC_FORMATS,
    RESPONSE_DATE,
    Item,
    Repository,
    dublin_core,
    envelope,
    failure,
    items,
)

A_DAY_BEFORE = "2024-05-05T07:08:09Z"
TWO_DAYS_BEFORE = "2024-05-04T07:08:09Z"


def all_of(repository):
    return [item.identifier for item in repository.items]


def test_a_list_is_followed_to_its_end():
    repository = Repository()
    with replying(repository) as url:
        pages = harvest(url)

    assert identifiers(pages) == all_of(repository)
    assert [page.number for page in pages] == [1, 2, 3]
    assert [page.last for page in pages] == [False, False, True]
    assert [page.total for page in pages] == [5, 5, 5]
    assert not any(page.problems for page in pages)


def test_the_checkpoint_after_a_list_is_the_servers_clock_at_its_first_page():
    with replying(Repository()) as url:
        pages = harvest(url)

    assert pages[-1].next_checkpoint == {"from": RESPONSE_DATE}


def test_the_next_harvest_asks_for_what_has_changed_since():
    repository = Repository()
    with replying(repository) as url:
        end = harvest(url)[-1].next_checkpoint
        repository.items.append(Item(identifier="new", datestamp="2024-06-01"))
        pages = harvest(url, end)

    assert identifiers(pages) == ["new"]
    assert repository.asked()[-1] == {"metadataPrefix": "oai_dc", "from": A_DAY_BEFORE}


@pytest.mark.parametrize(("hours", "start"), [(0, "2024-05-06T07:08:08Z"), (48, TWO_DAYS_BEFORE)])
def test_the_overlap_is_the_sources_own_and_at_least_a_granule(hours, start):
    repository = Repository()
    with replying(repository) as url:
        harvest(url, {"from": RESPONSE_DATE}, overlap_hours=hours)

    assert repository.asked()[0]["from"] == start


def test_with_days_the_overlap_is_at_least_a_day():
    repository = Repository(granularity="YYYY-MM-DD")
    with replying(repository) as url:
        harvest(url, {"from": "2024-05-06"}, overlap_hours=1)

    assert repository.asked()[0]["from"] == "2024-05-05"


def test_a_clock_that_was_set_back_means_that_everything_is_listed_again():
    repository = Repository()
    with replying(repository) as url:
        pages = harvest(url, {"from": "2030-01-01T00:00:00Z"})

    assert identifiers(pages) == all_of(repository)
    assert [problem.code for problem in pages[0].problems] == ["clock-set-back"]


def test_dates_are_sent_in_the_granularity_of_the_server():
    repository = Repository(granularity="YYYY-MM-DD")
    with replying(repository) as url:
        before = {"from": "2024-01-01"}
        pages = harvest(url, before, start="2023-02-03T04:05:06Z", until="2025-01-01")

    asked = {"metadataPrefix": "oai_dc", "from": "2023-02-03", "until": "2025-01-01"}
    assert repository.asked()[0] == asked
    assert pages[-1].next_checkpoint == {"from": RESPONSE_DATE[:10]}


def test_a_day_as_until_includes_its_last_second():
    repository = Repository()
    with replying(repository) as url:
        pages = harvest(url, until="2024-02-29")

    assert repository.asked()[0]["until"] == "2024-02-29T23:59:59Z"
    assert pages[-1].next_checkpoint == {"from": "2024-02-29T23:59:59Z"}


def test_a_start_goes_back_behind_the_checkpoint_but_never_skips_ahead():
    repository = Repository()
    with replying(repository) as url:
        harvest(url, {"from": "2024-01-01T00:00:00Z"}, start="2023-01-01")
        harvest(url, {"from": "2024-01-01T00:00:00Z"}, start="2024-03-01")

    starts = [asked["from"] for asked in repository.asked() if "from" in asked]
    assert starts == ["2023-01-01T00:00:00Z", "2023-12-31T00:00:00Z"]


def test_a_first_harvest_from_a_date_leaves_what_is_older_to_the_next_one():
    repository = Repository()
    with replying(repository) as url:
        first = harvest(url, start="2024-03-01")
        second = harvest(url, first[-1].next_checkpoint)

    assert identifiers(first) == []
    assert identifiers(second) == [item.identifier for item in repository.items]


def test_a_date_that_is_none_is_refused_as_wrong_use():
    with replying(Repository()) as url, pytest.raises(BadDate) as refusal:
        harvest(url, start="hôm qua")

    assert refusal.value.wrong_use


@settings(max_examples=40)
@given(count=st.integers(1, 9), size=st.integers(1, 4), data=st.data())
def test_a_harvest_broken_off_at_any_page_ends_like_one_that_was_not(count, size, data):
    repository = Repository(items=items(count), page_size=size)
    with replying(repository) as url:
        whole = harvest(url)
        kept = data.draw(st.integers(1, len(whole)))
        checkpoint = json.loads(json.dumps(whole[kept - 1].next_checkpoint))
        rest = [] if whole[kept - 1].last else harvest(url, checkpoint)

    assert identifiers(whole[:kept] + rest) == all_of(repository)
    assert [page.number for page in whole[:kept] + rest] == [page.number for page in whole]
    assert (whole[:kept] + rest)[-1].next_checkpoint == whole[-1].next_checkpoint


def test_a_token_that_died_between_two_harvests_begins_the_list_anew_and_says_so():
    repository = Repository()
    with replying(repository) as url:
        first = harvest(url, {"from": "2023-01-01T00:00:00Z"})[0]
        refuse_once(repository, first.next_checkpoint["token"])
        pages = harvest(url, first.next_checkpoint)

    assert identifiers(pages) == all_of(repository)
    assert repository.asked()[-3]["from"] == "2022-12-31T00:00:00Z"
    assert [problem.code for problem in pages[0].problems] == ["token-died"]
    assert pages[0].number == 1


def refuse_once(repository, token):
    def refusal():
        del repository.faults[token]
        return Reply(body=failure("badResumptionToken"))

    repository.faults[token] = refusal


def test_sets_are_listed_one_after_the_other():
    repository = Repository(items=[Item(identifier=f"{n}", set="ab"[n % 2]) for n in range(6)])
    with replying(repository) as url:
        pages = harvest(url, sets=("b", "a"))

    assert identifiers(pages) == ["1", "3", "5", "0", "2", "4"]
    assert [page.last for page in pages] == [False, False, False, True]
    assert [page.number for page in pages] == [1, 2, 1, 2]


def test_a_harvest_goes_on_in_the_set_where_it_broke_off():
    repository = Repository(items=[Item(identifier=f"{n}", set="ab"[n % 2]) for n in range(6)])
    with replying(repository) as url:
        second = harvest(url, sets=("a", "b"))[1]
        pages = harvest(url, second.next_checkpoint, sets=("a", "b"))

    assert identifiers(pages) == ["1", "3", "5"]


def test_a_list_with_no_records_is_an_empty_last_page_and_keeps_the_answer():
    with replying(Repository(items=[])) as url:
        [page] = harvest(url)

    assert page.last
    assert page.records == ()
    assert b"noRecordsMatch" in page.raw
    assert page.next_checkpoint == {"from": RESPONSE_DATE}


def test_deleted_records_are_delivered_as_such():
    gone = Item(identifier="gone", deleted=True)
    with replying(Repository(items=[gone, *items(1)])) as url:
        [page] = harvest(url)

    assert [(record.identifier, record.deleted) for record in page.records] == [
        ("gone", True),
        ("oai:example.org:0", False),
    ]
    assert page.records[0].body == b""


def test_records_are_delivered_with_what_the_header_says():
    item = Item(identifier=" x ", payload=dublin_core("ế"), datestamp="20240101", set="a:??")
    with replying(Repository(items=[item])) as url:
        [[record]] = [page.records for page in harvest(url)]

    assert (record.identifier, record.datestamp, record.sets) == ("x", "20240101", ("a:??",))
    assert record.format == OAI_DC
    assert etree.fromstring(record.body).findtext(f"{{{DC}}}title") == "ế"


def test_records_without_identifier_or_metadata_are_delivered_all_the_same():
    bare = "<record><header/></record><record/><record><header/><metadata/></record>"
    body = envelope(f"<ListRecords>{bare}</ListRecords>")
    with replying(Repository(faults={"": Reply(body=body)})) as url:
        [page] = harvest(url)

    assert [(record.identifier, record.body) for record in page.records] == [("", b"")] * 3
    assert [record.position for record in page.records] == [0, 1, 2]


def test_what_is_no_record_is_noted_on_its_page():
    body = envelope('<ListRecords><record xmlns="urn:other"/></ListRecords>')
    with replying(Repository(faults={"": Reply(body=body)})) as url:
        [page] = harvest(url)

    assert [problem.code for problem in page.problems] == ["unexpected-element"]
    assert "urn:other" in page.problems[0].sample


@pytest.mark.parametrize("date", ["", "hôm nay", "0001-01-01T00:00:00+14:00", "1970-01-01"])
def test_a_server_without_a_clock_is_listed_from_the_same_date_again(date):
    body = envelope("<ListRecords><record/></ListRecords>", date=date)
    with replying(Repository(faults={"": Reply(body=body)})) as url:
        [page] = harvest(url, {"from": "2024-01-01T00:00:00Z"})

    assert page.next_checkpoint == {"from": "2024-01-01T00:00:00Z"}


@pytest.mark.parametrize("date", ["2024-05-06T07:08:09.123Z", "2024-05-06T14:08:09+07:00"])
def test_a_clock_written_in_another_way_is_understood(date):
    body = envelope("<ListRecords><record/></ListRecords>", date=date)
    with replying(Repository(faults={"": Reply(body=body)})) as url:
        [page] = harvest(url)

    assert page.next_checkpoint == {"from": RESPONSE_DATE}


def test_the_prefix_is_chosen_by_namespace_and_richness():
    repository = Repository(formats=MARC_FORMATS)
    with replying(repository) as url:
        harvest(url)

    assert repository.asked()[0] == {"metadataPrefix": "m21"}


def test_a_repository_without_a_format_we_can_read_says_what_it_has():
    repository = Repository(formats=(("pbcore", "urn:pbcore"),))
    with replying(repository) as url, pytest.raises(NoReadableFormat, match="pbcore"):
        harvest(url)


def test_a_repository_describes_itself():
    repository = Repository(formats=MARC_FORMATS, sets=("a", "b"))
    with replying(repository) as url:
        spec = SourceSpec(url=url)
        info, formats, sets = (
            call(spec) for call in (reader().identify, reader().formats, reader().sets)
        )

    assert (info.name, info.granularity) == ("Thư viện thử", Granularity.SECOND)
    assert formats[1] == MetadataFormat(prefix="m21", schema="s", namespace=MARC21)
    assert sets == (RemoteSet(spec="a", name="Bộ a"), RemoteSet(spec="b", name="Bộ b"))


def test_a_repository_without_sets_has_none():
    with replying(Repository()) as url:
        assert reader().sets(SourceSpec(url=url)) == ()

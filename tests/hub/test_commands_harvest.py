"""From a member's endpoint to the union catalogue, by commands alone."""

import json

import pytest

from catalogue.model import Counts
from support.loopback import Reply, replying
from support.oai_source import Item, Repository, dublin_core, no_other_way

COUNTS = list(Counts.__slots__)


@pytest.fixture
def repository():
    return Repository()


@pytest.fixture
def source(lienthong, repository):
    with replying(repository) as url:
        lienthong(
            *("sources", "add", "thu", "--protocol", "oai-pmh", "--url", url),
            *("--library", "VN-THU"),
        )
        yield "thu"


def test_a_harvest_tells_what_became_of_each_record(lienthong, source):
    [result] = lienthong("harvest", source, "--json").json

    assert list(result) == ["run", "source", "status", *COUNTS, "seconds", "message"]
    assert (result["source"], result["status"], result["message"]) == ("thu", "succeeded", "")
    assert (result["delivered"], result["added"], result["pages"]) == (5, 5, 3)


def test_progress_goes_to_standard_error(lienthong, source):
    said = lienthong("harvest", source)

    assert said.code == 0
    assert said.out.startswith("thu: succeeded: delivered 5, added 5, pages 3")
    assert "thu: harvesting: 2 / 5 records" in said.err


def test_a_second_harvest_changes_nothing(lienthong, source):
    lienthong("harvest", "--all")
    digest = lienthong("db", "digest").out

    [result] = lienthong("harvest", "--all", "--json").json

    assert (result["status"], result["added"], result["changed"]) == ("succeeded", 0, 0)
    assert lienthong("db", "digest").out == digest


def test_a_dry_run_stores_nothing(lienthong, source):
    [result] = lienthong("harvest", source, "--dry-run", "--json").json

    assert (result["run"], result["status"], result["added"]) == (None, "succeeded", 5)
    assert lienthong("records", "list", "--source", source, "--json").json == []
    assert lienthong("runs", "list", "--json").json == []


def test_what_is_left_for_later_is_placed_by_a_command_of_its_own(lienthong, source):
    lienthong("harvest", source, "--place-later")
    before = lienthong("search", "--cql", "cql.allRecords=1", "--json").json

    said = lienthong("clusters", "place", "--json")

    assert before == []
    assert said.code == 0
    [told] = said.json
    assert (told["waited"], told["left"]) == (5, 0)
    assert len(lienthong("search", "--cql", "cql.allRecords=1", "--json").json) == 5


def test_a_limit_stops_early_and_the_next_harvest_begins_where_it_would_have(lienthong, source):
    limited = lienthong("harvest", source, "--limit", "3", "--json")
    [whole] = lienthong("harvest", source, "--json").json

    result = json.loads(limited.out)
    assert (limited.code, result["status"], result["delivered"]) == (1, "limited", 3)
    assert (whole["status"], whole["delivered"], whole["unchanged"]) == ("succeeded", 5, 3)


def test_a_list_that_breaks_off_keeps_what_came_and_says_where(lienthong, source, repository):
    repository.faults["//2"] = Reply(body=b"<html>Hello</html>")
    repository.refusing = no_other_way

    said = lienthong("harvest", source, LIENTHONG_HARVEST__RETRIES="0")

    assert said.code == 1
    assert said.out.startswith("thu: incomplete: ")
    assert "Page 2 of http://127.0.0.1" in said.err.splitlines()[-1]
    assert len(lienthong("records", "list", "--source", source, "--json").json) == 2


def test_a_failure_is_told_in_the_language_asked_for(lienthong, source, repository):
    repository.refusing = lambda _: Reply(body=b"<html>Hello</html>")

    said = lienthong("--lang", "vi", "harvest", source, LIENTHONG_HARVEST__RETRIES="0")

    assert said.out.startswith("thu: thất bại")
    assert "không phải là OAI-PMH" in said.err


def test_an_address_on_a_private_network_is_refused_unless_allowed(lienthong, source, repository):
    said = lienthong("harvest", source, "--json", LIENTHONG_HARVEST__ALLOW_NETWORKS="")

    assert json.loads(said.out)["status"] == "failed"
    assert repository.requests == []


def test_one_source_that_fails_does_not_keep_the_others_waiting(lienthong, source):
    url = "http://127.0.0.1:1/oai"
    add = ("sources", "add", "hai", "--protocol", "oai-pmh", "--url", url, "--library", "VN-HAI")
    lienthong(*add)

    said = lienthong(
        *("harvest", "--all", "--json"), LIENTHONG_HARVEST__RETRIES="0", LANG="en_GB.UTF-8"
    )

    results = {one["source"]: one["status"] for one in map(json.loads, said.out.splitlines())}
    assert said.code == 1
    assert results == {"hai": "failed", "thu": "succeeded"}


def test_runs_are_history(lienthong, source):
    lienthong("harvest", source)

    [run] = lienthong("runs", "list", "--json").json
    [same] = lienthong("runs", "show", str(run["run"]), "--json").json

    assert run == same
    assert (run["source"], run["status"], run["added"]) == ("thu", "succeeded", 5)
    assert "succeeded" in lienthong("runs", "show", str(run["run"])).out


def test_records_are_listed_with_their_state(lienthong, source, repository):
    repository.items.append(Item(identifier="oai:x:gone", deleted=True))
    repository.items.append(Item(identifier="oai:x:broken", payload="<nonsense xmlns='urn:x'/>"))
    lienthong("harvest", source)

    listed = lienthong("records", "list", "--source", source, "--json").json

    states = {one["identifier"]: (one["deleted"], one["quarantined"]) for one in listed}
    assert list(listed[0]) == ["identifier", "datestamp", "deleted", "quarantined"]
    assert states["oai:example.org:0"] == (False, False)
    assert states["oai:x:broken"] == (False, True)
    assert states.get("oai:x:gone", (True, False)) == (True, False)


def test_a_record_is_shown_raw_parsed_and_as_marc(lienthong, source, repository):
    repository.items[0] = Item(identifier="oai:x/1", payload=dublin_core("Số đỏ"))
    lienthong("harvest", source)

    raw = lienthong("records", "show", "thu/oai:x/1", "--as", "raw")
    [parsed] = lienthong("records", "show", "oai:x/1", "--source", "thu", "--as", "parsed").json
    marc = lienthong("records", "show", "thu/oai:x/1")

    assert "<dc:title>Số đỏ</dc:title>" in raw.out
    assert "leader" in parsed
    assert "$aSố đỏ" in marc.out


def test_a_cluster_shows_its_members_its_master_and_who_holds_it(lienthong, source):
    lienthong("harvest", source)

    [hit] = lienthong("search", "nhan de 3", "--json").json
    [cluster] = lienthong("clusters", "show", hit["public_id"], "--json").json
    shown = lienthong("clusters", "show", hit["public_id"])

    assert hit["libraries"] == ["VN-THU"]
    assert [one["identifier"] for one in cluster["members"]] == ["oai:example.org:3"]
    assert cluster["holdings"][0]["library"] == "VN-THU"
    assert "$aNhan đề 3" in shown.out
    assert "thu/oai:example.org:3" in shown.out


def test_search_tells_how_many_there_are(lienthong, source):
    lienthong("harvest", source)

    said = lienthong("search", "nhan", "de", "--limit", "2")

    assert said.out.count("Nhan đề") == 2
    assert said.err.strip() == "Found: 5; records: 5"

"""Who is shown and what is hidden, by commands alone."""

from __future__ import annotations

import pytest

from support.loopback import replying
from support.oai_source import Repository, items


@pytest.fixture
def source(lienthong):
    with replying(Repository(items=items(5), page_size=7)) as url:
        place = ("--protocol", "oai-pmh", "--url", url, "--library", "VN-THU")
        assert lienthong("sources", "add", "thu", *place).code == 0
        lienthong("harvest", "thu")
        yield "thu"


def found(lienthong) -> int:
    return len(lienthong("search", "nhan", "--json").json)


def test_suspending_hides_all_of_a_library_and_restoring_shows_it(lienthong, source):
    [foreseen] = lienthong("libraries", "suspend", "VN-THU", "--dry-run", "--json").json
    assert (foreseen["standing"], foreseen["records"], foreseen["alone"]) == ("member", 5, 5)
    assert found(lienthong) == 5

    done = lienthong("libraries", "suspend", "VN-THU", "--reason", "asked", "--author", "an")
    assert done.code == 0, done.err
    assert "suspended" in done.out
    assert found(lienthong) == 0

    assert lienthong("libraries", "restore", "VN-THU").code == 0
    assert found(lienthong) == 5
    first, last = lienthong("libraries", "standing", "VN-THU", "--json").json
    assert (last["person"], last["reason"], last["after"]) == ("an", "asked", "suspended")
    assert first["after"] == "member"
    assert "asked" in lienthong("--lang", "vi", "libraries", "standing", "VN-THU").out


def test_a_library_that_left_is_not_harvested(lienthong, source):
    assert lienthong("libraries", "withdraw", "VN-THU").code == 0
    said = lienthong("harvest", source)

    assert said.code == 1
    assert "lienthong libraries restore VN-THU" in said.err
    assert lienthong("libraries", "suspend", "VN-THU").code == 2


def test_a_record_is_hidden_by_its_name_and_shown_again_by_the_number(lienthong, source):
    name = "thu/oai:example.org:0"
    assert lienthong("suppressions", "add", "record", name).code == 2
    [told] = lienthong(
        *("suppressions", "add", "record", name, "--reason", "asked", "--json"),
        *("--until", "2999-01-01 06:00", "--author", "an"),
    ).json
    assert told == {"number": 1, "records": 1}
    assert found(lienthong) == 4
    [listed] = lienthong("suppressions", "list", "--json").json
    assert (listed["name"], listed["reason"], listed["person"]) == (name, "asked", "an")
    assert "2998-12-31" in lienthong("suppressions", "list").out

    assert lienthong("suppressions", "lift", "1", "--json").json == [{"number": 1, "lifted": True}]
    assert found(lienthong) == 5
    assert lienthong("suppressions", "list", "--json").json == []
    assert len(lienthong("suppressions", "list", "--lifted", "--json").json) == 1
    assert lienthong("suppressions", "lift", "1", "--json").json[0]["lifted"] is False
    assert lienthong("suppressions", "lift", "9").code == 2
    assert lienthong("suppressions", "lift", str(2**70)).code == 2


def test_a_field_is_hidden_where_it_holds_a_text(lienthong, source):
    name = "thu/oai:example.org:0"
    field = ("--field", "245$a", "--value", "đề", "--reason", "asked")
    assert len(lienthong("search", "nhan 0", "--json").json) == 1
    assert lienthong("suppressions", "add", "field", name, *field).code == 0

    assert lienthong("search", "nhan 0", "--json").json == []


def test_what_an_agreement_says_is_kept_with_the_library(lienthong, source):
    said = lienthong(
        *("libraries", "change", "VN-THU", "--fields", "1xx,260"),
        *("--licence", "cc0-1.0", "--rights", "Ghi nguồn", "--json"),
    )
    [kept] = said.json
    assert (kept["fields"], kept["licence"], kept["rights"]) == ("1XX 260", "CC0-1.0", "Ghi nguồn")

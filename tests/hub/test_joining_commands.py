"""A library taken in by commands: asked, surveyed, checked, and nothing of it at any door."""

from __future__ import annotations

import pytest

from support.loopback import replying
from support.oai_source import Item, Repository, items

ANSWERS = ("system=Koha 23.05", "keeper=Lê An", "records=1.200", "protocol=oai-pmh")


@pytest.fixture
def repository():
    return Repository(items=items(30), page_size=20)


@pytest.fixture
def url(repository):
    with replying(repository) as url:
        yield url


@pytest.fixture
def asked(lienthong, url) -> str:
    assert (
        lienthong("joining", "add", "MOI", "--name", "Thư viện Mới", "--mail", "a@b.vn").code == 0
    )
    required = [
        each["name"]
        for each in lienthong("joining", "survey", "MOI", "--json").json
        if each["required"] and each["name"] not in " ".join(ANSWERS)
    ]
    lienthong("joining", "invite", "MOI")
    more = [f"{name}=x" for name in required]
    said = lienthong("joining", "survey", "MOI", *ANSWERS, f"address={url}", *more)
    assert said.code == 0, said.err
    return "MOI"


def state(lienthong, code: str) -> str:
    return lienthong("joining", "show", code, "--json").json[0]["state"]


def test_what_an_applicant_offers_is_checked_and_told_in_both_languages(lienthong, asked):
    said = lienthong("joining", "check", asked, "--author", "an", "--json")
    [found] = said.json
    codes = {each["code"] for each in found["findings"]}
    assert (found["verdict"], found["facts"]["records"], found["facts"]["pages"]) == ("pass", 30, 2)
    assert "identifier-repeated" not in codes
    assert state(lienthong, asked) == "check"

    told = lienthong("--lang", "vi", "joining", "report", asked).out
    assert "đạt" in told.lower()
    [source] = lienthong("sources", "list", "--json").json
    assert source["library"] == "MOI"
    [library] = lienthong("libraries", "list", "--json").json
    assert library["standing"] == "joining"
    events = lienthong("joining", "show", asked, "--json").json[0]["events"]
    assert {"checked", "answered", "invited", "added"} <= {each["action"] for each in events}
    assert "Thư viện Mới" in lienthong("--lang", "vi", "joining", "list").out


def test_the_test_stream_is_harvested_and_shown_nowhere(lienthong, asked):
    assert lienthong("joining", "check", asked).code == 0
    assert lienthong("harvest", "moi").code == 0

    assert len(lienthong("records", "list", "--source", "moi", "--json").json) == 30
    assert lienthong("search", "nhan", "--json").json == []


@pytest.mark.parametrize(
    ("damage", "code"),
    [
        ("repeated", "identifier-repeated"),
        ("unreadable", "records-unreadable"),
        ("none", "NoRecords"),
    ],
)
def test_what_has_to_be_mended_is_named(lienthong, asked, repository, damage, code):
    if damage == "repeated":
        repository.items = [*items(5), *items(3)]
    elif damage == "unreadable":
        repository.items = [
            Item(identifier=f"x{n}", payload="<q xmlns='urn:q'/>") for n in range(9)
        ]
    else:
        repository.items = []
    said = lienthong("joining", "check", asked, "--json")

    assert said.code == 1
    assert '"verdict": "mend"' in said.out
    if damage != "none":
        assert code in said.out
    assert state(lienthong, asked) == "fix"


def test_an_endpoint_that_is_not_there_is_told_in_words(lienthong, asked):
    said = lienthong("joining", "check", asked, "--url", "http://127.0.0.1:9/oai")
    assert said.code == 1
    assert "cannot be reached" in said.out
    assert "không" in lienthong("--lang", "vi", "joining", "report", asked).out


def test_what_cannot_be_is_refused(lienthong, asked):
    assert lienthong("joining", "add", "MOI").code == 2
    assert lienthong("joining", "move", asked, "connected").code == 2
    assert lienthong("joining", "survey", asked, "colour=red").code == 2
    assert lienthong("joining", "show", "NONE").code == 2
    assert lienthong("joining", "move", asked, "declined", "--note", "chưa đủ").code == 0
    assert state(lienthong, asked) == "declined"
    assert lienthong("joining", "invite", asked).code == 2
    assert lienthong("joining", "move", asked, "asked").code == 0
    assert "leads nowhere" in lienthong("joining", "invite", asked, "--end").err

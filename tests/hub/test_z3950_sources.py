"""A member whose only door is Z39.50: added, tested and harvested by command."""

from __future__ import annotations

import json
from typing import Any

import pytest

from protocols.z3950.values import searches, sessions
from support.z3950_target import CONTROL, Kept, Target, serving

ALL = frozenset({"_ALLRECORDS"})


def marc(number: str, title: str) -> bytes:
    fields = f"{number}\x1e10\x1fa{title}\x1e".encode()
    size = len(f"{number}\x1e")
    directory = f"001{size:04}00000245{len(fields) - size:04}{size:05}\x1e".encode()
    base = 24 + len(directory)
    head = b"%05dnam a22%05d i 4500" % (base + len(fields) + 1, base)
    return head + directory + fields + b"\x1d"


def kept(count: int, title: str = "Nhan đề") -> list[Kept]:
    return [Kept(f"{n:04}", "20200101", marc(f"{n:04}", f"{title} {n}")) for n in range(count)]


def add(lienthong: Any, target: Target, *more: str) -> Any:
    return lienthong(
        "sources",
        "add",
        "door",
        "--protocol",
        "z3950",
        "--url",
        target.url,
        "--library",
        "TVT",
        "--read-timeout",
        "20",
        *more,
    )


def harvest(lienthong: Any, *more: str) -> Any:
    said = lienthong("harvest", "door", "--json", *more, LIENTHONG_HARVEST__RETRIES="1")
    return said.code, json.loads(said.out)


def test_it_is_harvested_whole_and_then_by_what_changed(lienthong):
    with serving(kept(120)) as target:
        assert add(lienthong, target).code == 0
        code, first = harvest(lienthong)
        target.kept[3] = Kept("0003", "20990101", marc("0003", "Nhan đề khác"))
        _, second = harvest(lienthong)
    listed = lienthong("records", "list", "--source", "door", "--json").json

    assert (code, first["status"], first["added"]) == (0, "succeeded", 120)
    assert (second["status"], second["delivered"], second["changed"]) == ("succeeded", 1, 1)
    assert [each["identifier"] for each in listed] == [f"{n:04}" for n in range(120)]


def test_what_is_gone_is_deleted_and_too_much_of_it_waits_for_a_person(lienthong):
    with serving(kept(100)) as target:
        add(lienthong, target)
        harvest(lienthong)
        del target.kept[5:10]
        _, few = harvest(lienthong, "--reconcile")
        del target.kept[40:]
        _, many = harvest(lienthong, "--reconcile")

    assert (few["status"], few["absent"]) == ("succeeded", 5)
    assert many["status"] == "waiting"


def test_where_no_date_is_known_everything_is_compared(lienthong):
    with serving(kept(60), use=ALL | {CONTROL}) as target:
        add(lienthong, target)
        harvest(lienthong)
        del target.kept[7]
        target.kept[8] = target.kept[8]._replace(body=marc("0009", "Khác"))
        _, second = harvest(lienthong)

    told = {name: second[name] for name in ("delivered", "changed", "unchanged", "absent")}
    assert told == {"delivered": 59, "changed": 1, "unchanged": 58, "absent": 1}


@pytest.mark.parametrize(
    ("habits", "status", "told"),
    [
        ({"use": ALL, "capped": 30, "hits": lambda n: n and 50}, "incomplete", "no more than 30"),
        ({"use": frozenset({21}), "scans": False}, "failed", "no way"),
        ({"silent_at": searches.SearchRequest}, "failed", "did not answer"),
        ({"silent_at": sessions.InitializeRequest}, "failed", "did not answer"),
        ({"password": "x"}, "failed", "does not let us in"),
        ({"syntaxes": ("1.2.3",)}, "failed", "no form that we can read"),
    ],
)
def test_what_is_wrong_with_a_server_is_told_truly(lienthong, habits: Any, status: str, told: str):
    with serving(kept(50), **habits) as target:
        add(lienthong, target, "--read-timeout", "0.1")
        code, said = harvest(lienthong)

    assert (code, said["status"]) == (1, status)
    assert told in said["message"]


def test_records_that_are_not_given_are_quarantined_and_delete_nothing(lienthong):
    with serving(kept(60)) as target:
        add(lienthong, target)
        harvest(lienthong)
        target.habits.lost = frozenset({"0030"})
        _, said = harvest(lienthong, "--full")
        listed = lienthong("records", "list", "--source", "door", "--json").json

    assert (said["deleted"], said["quarantined"]) == (0, 1)
    assert {each["identifier"] for each in listed} >= {"0030"}


def test_the_ways_of_a_server_are_shown_before_anything_is_stored(lienthong):
    with serving(kept(30), scans=False) as target:
        steps = lienthong("sources", "test", "--url", target.url, "--json").json
        said = lienthong("--lang", "vi", "sources", "test", "--url", target.url)

    assert [(each["step"], each["state"]) for each in steps] == [
        ("Session", "ok"),
        ("Ways", "ok"),
        ("First records", "ok"),
    ]
    assert steps[1]["found"]["ways"] == ["dates", "numbers", "query"]
    assert steps[1]["found"]["changes"] is True
    assert list(steps[1]["found"]["refused"]) == ["scan"]
    assert steps[2]["found"] == {"records": 30, "total": 30}
    assert "Phiên" in said.out
    assert "records" not in said.out


def test_settings_say_the_way_the_query_and_the_numbers(lienthong, tmp_path):
    numbers = tmp_path / "numbers"
    numbers.write_text("0003\n0005\n\n0003\n9999\n")
    with serving(kept(30)) as target:
        add(lienthong, target, "--numbers", str(numbers), "--prefix", "usmarc")
        _, listed = harvest(lienthong)
        lienthong("sources", "change", "door", "--numbers", "", "--query", "@attr 1=12 0007")
        _, asked = harvest(lienthong, "--dry-run")
        (shown,) = lienthong("sources", "show", "door", "--json").json
        lienthong("sources", "change", "door", "--query", "", "--way", "numbers")
        _, ranged = harvest(lienthong, "--dry-run")

    assert listed["delivered"] == 2
    assert asked["delivered"] == 1
    assert ranged["delivered"] == 30
    assert shown["search"]["query"] == "@attr 1=12 0007"


@pytest.mark.parametrize(
    "wrong",
    [
        ("--set", "a"),
        ("--prefix", "oai_dc"),
        ("--query", "@and a"),
        ("--way", "nonsense"),
        ("--url", "http://example.org/"),
    ],
)
def test_settings_that_cannot_be_are_refused(lienthong, wrong: tuple[str, str]):
    said = add(lienthong, Target(kept=[], port=1), *wrong)

    assert said.code == 2, said


def test_one_record_is_fetched_anew(lienthong):
    with serving(kept(30)) as target:
        add(lienthong, target)
        harvest(lienthong)
        target.kept[4] = target.kept[4]._replace(body=marc("0004", "Mới"))
        said = lienthong("records", "refetch", "door", "0004", "--json")

    assert said.json[0]["changed"] == 1

"""Matching policies by command: looked at, tried, switched on."""

from __future__ import annotations

import re
from importlib.resources import files

import pytest

TEXT = files("catalogue.match").joinpath("policy.toml").read_text("utf-8")
STRICT = re.sub(
    r"(?m)^version = .*$",
    'version = "strict"',
    re.sub(r"(?m)^(same|sure) = .*$", r"\1 = 1.0", TEXT),
)


@pytest.fixture
def union(lienthong, tmp_path):
    """A source whose file holds one book twice, placed, and a policy to be tried."""
    path = tmp_path / "sach.csv"
    path.write_text(
        "Số ĐKCB;Nhan đề;Tác giả;Năm XB;Nhà xuất bản;Số trang\n"
        "1;Tắt đèn;Ngô Tất Tố;1939;Mai Lĩnh;151\n"
        "2;Tắt đèn;Ngô Tất Tố;1939;Mai Lĩnh;151\n",
        encoding="utf-8",
    )
    lienthong(
        "sources", "add", "xa", "--protocol", "file", "--url", path.as_uri(), "--library", "XA"
    )
    lienthong("harvest", "xa")
    strict = tmp_path / "strict.toml"
    strict.write_text(STRICT, "utf-8")
    lienthong("policy", "new", str(strict), "--author", "Lan", "--note", "thử")
    return lienthong


def states(union) -> list[tuple[str, str]]:
    return [(row["version"], row["state"]) for row in union("policy", "list", "--json").json]


def asked(union) -> int:
    return len(union("clusters", "asked", "--json").json)


def test_a_policy_is_tried_and_then_switched_on(union):
    [told] = union("policy", "effect", "strict", "--json").json
    said = union("--lang", "vi", "policy", "effect", "strict")
    before = (states(union), asked(union))
    switched = union("policy", "switch", "strict", "--yes", "--author", "Lan")
    union("harvest", "xa")

    assert (told["pairs"], told["parted"], told["clusters_then"]) == ({"same-ask": 1}, 1, 2)
    assert told["samples"][0]["words"]
    assert "xa/1  xa/2" in said.out
    assert before[0][0] == ("strict", "draft")
    assert switched.code == 0
    assert states(union)[0] == ("strict", "live")
    assert (before[1], asked(union)) == (0, 1)
    assert union("policy", "switch", "strict", "--json").json == [
        {"version": "strict", "switched": False}
    ]


def test_nothing_is_switched_on_unseen_or_unasked(union):
    unseen = union("policy", "switch", "strict", "--yes")
    union("policy", "effect", "strict")
    unasked = union("policy", "switch", "strict")

    assert unseen.code == 2
    assert "lienthong policy effect strict" in unseen.err
    assert unasked.code == 2
    assert "--yes" in unasked.err
    assert states(union)[0] == ("strict", "draft")


def test_the_effect_is_worked_out_anew_when_asked_to(union):
    [first] = union("policy", "effect", "strict", "--json").json
    assert union("policy", "effect", "strict", "--json").json == [first]
    [again] = union("policy", "effect", "strict", "--again", "--json").json
    assert again | {"made": 0} == first | {"made": 0}


def test_a_text_is_shown_and_compared(union):
    assert union("policy", "show").out.strip() == TEXT.strip()
    [told] = union("policy", "show", "strict", "--json").json
    assert (told["text"], told["author"], told["note"]) == (STRICT, "Lan", "thử")
    rows = union("policy", "diff", "strict", "--json").json
    assert {row["name"]: row["after"] for row in rows} == {
        "thresholds.same": "1",
        "thresholds.sure": "1",
    }
    assert union("policy", "show", "none").code == 2


def test_what_was_never_used_is_thrown_away(union):
    assert union("policy", "discard", "strict").code == 0
    assert "strict" not in dict(states(union))
    assert union("policy", "discard", "strict").code == 2


def test_reused_isbns_are_listed_and_kept(union, tmp_path):
    path = tmp_path / "so.csv"
    titles = ("Số đỏ", "Giông tố", "Vỡ đê")
    rows = (f"{n};{title};9786049763342\n" for n, title in enumerate(titles))
    path.write_text("Số ĐKCB;Nhan đề;ISBN\n" + "".join(rows), encoding="utf-8")
    union("sources", "add", "so", "--protocol", "file", "--url", path.as_uri(), "--library", "SO")
    union("harvest", "so")

    [found] = union("policy", "reused", "--least", "2", "--json").json
    [kept] = union("policy", "reused", "--least", "2", "--as", "mine", "--json").json
    [differs] = union("policy", "diff", "mine", "--json").json

    assert found["isbn"] == "9786049763342"
    assert (kept["version"], kept["state"]) == ("mine", "draft")
    assert (differs["name"], differs["after"]) == ("reused.isbn", "9786049763342")


def test_what_is_no_policy_is_refused_with_its_line(union, tmp_path):
    bad, binary = tmp_path / "bad.toml", tmp_path / "binary.toml"
    bad.write_text("version = \n", "utf-8")
    binary.write_bytes(b"version = 1\n\xff")

    assert union("policy", "new", str(bad)).code == 2
    assert union("policy", "new", str(binary)).code == 2
    assert union("policy", "new", str(tmp_path / "none.toml")).code == 2


def test_a_rebuild_by_another_policy_is_its_effect_and_its_switch(union):
    unseen = union("clusters", "rebuild", "--policy", "strict", "--yes")
    [foreseen] = union("clusters", "rebuild", "--policy", "strict", "--dry-run", "--json").json
    [effect] = union("policy", "effect", "strict", "--json").json
    [done] = union("clusters", "rebuild", "--policy", "strict", "--yes", "--json").json

    assert unseen.code == 2
    assert "policy effect strict" in unseen.err
    assert foreseen == effect
    assert done == {"version": "strict", "switched": True}


def test_all_clusters_are_worked_out_anew(union):
    [nothing] = union("clusters", "rebuild", "--json").json
    union("policy", "effect", "strict")
    union("policy", "switch", "strict", "--yes")
    [foreseen] = union("clusters", "rebuild", "--dry-run", "--json").json
    said = union("clusters", "rebuild")
    union("harvest", "xa")

    assert (nothing["records"], nothing["again"], nothing["links"]) == (2, 0, 0)
    assert foreseen["again"] == 2
    effect = foreseen["effect"]
    assert (effect["clusters"], effect["clusters_then"]) == (1, 2)
    assert (effect["parted"], effect["changed"], effect["pairs"]) == (1, 1, {"same-ask": 1})
    assert effect["samples"][0]["words"]
    assert "Clusters parted" in said.out
    assert "A worker places again" in said.err
    assert asked(union) == 1

"""``lienthong z3950``: what a server answers, in words."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from protocols.z3950 import oids
from support import yaz_ztest
from support.z3950_target import Kept, Target, serving

MARC = b"00060nam a2200037 i 4500001000600000\x1e%s\x1e\x1d"


@pytest.fixture(scope="module")
def ztest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    with yaz_ztest.ztest(tmp_path_factory.mktemp("ztest")) as target:
        yield target


def kept(count: int) -> list[Kept]:
    return [Kept(f"{n:05}", "20260101", MARC % b"%05d" % n) for n in range(1, count + 1)]


def test_search_says_how_many_there_are(lienthong, ztest):
    pqf = lienthong("z3950", "search", ztest.url, "@attr 1=4 17")
    cql = lienthong("z3950", "search", ztest.url, "dc.title = 17", "--cql", "--json")

    assert pqf.out.split() == ["Found", "17"]
    assert cql.json == [{"hits": 17, "partial": False}]


def test_present_shows_records_of_any_part_of_the_result(lienthong, ztest):
    said = lienthong("z3950", "present", ztest.url, "60", "--start", "59", "--count", "5")
    (first, second) = lienthong(
        "z3950", "present", ztest.url, "60", "--start", "59", "--count", "5", "--json"
    ).json

    assert [line for line in said.out.splitlines() if line.startswith("---")] == [
        f"--- {each['position']}  usmarc  {int(each['record']['leader'][:5])} B  Default"
        for each in (first, second)
    ]
    assert "=245  " in said.out
    assert said.err.strip() == "Found: 60"
    assert (first["position"], second["position"]) == (59, 60)


def test_present_shows_text_and_xml(lienthong, ztest):
    text = lienthong("z3950", "present", ztest.url, "1", "--syntax", "sutrs")
    xml = lienthong("z3950", "present", ztest.url, "1", "--syntax", "xml", "--elements", "")

    assert "--- 1  sutrs  " in text.out
    assert "--- 1  xml  " in xml.out
    assert "=245  " in xml.out


def test_a_diagnostic_is_said_in_the_readers_language(lienthong):
    with serving(kept(3), lost=frozenset({"00002"})) as target:
        english = lienthong("z3950", "search", target.url, "@attr 1=9999 x")
        vietnamese = lienthong("--lang", "vi", "z3950", "search", target.url, "@attr 1=9999 x")
        one = lienthong(
            "--lang",
            "vi",
            "z3950",
            "present",
            target.url,
            "@attr 1=12 @attr 2=103 x",
            "--count",
            "3",
        )

    assert "114: " in english.err
    assert "9999" in english.err
    assert english.code == vietnamese.code == 1
    assert "114" in vietnamese.err
    assert english.err != vietnamese.err
    assert "Unsupported" not in vietnamese.err
    assert "14: " in one.out
    assert "00002" in one.out


def test_scan_lists_an_index(lienthong):
    with serving(kept(6)) as target:
        table = lienthong("z3950", "scan", target.url, "@attr 1=12 00004", "--count", "9")
        said = lienthong("z3950", "scan", target.url, "@attr 1=12 00004", "--count", "2", "--json")

    assert [line.split() for line in table.out.splitlines()[1:]] == [
        [f"0000{n}", "1"] for n in (4, 5, 6)
    ]
    assert "The list ends here." in table.err
    assert [each["term"] for each in said.json] == ["00004", "00005"]


def test_explain_says_what_init_answered_and_what_was_tried(lienthong, ztest):
    with serving(kept(2), scans=False) as target:
        (own,) = lienthong("z3950", "explain", target.url, "--json").json
    table = lienthong("z3950", "explain", ztest.url)

    tried = {each["what"]: each for each in own["tried"]}
    assert own["name"] == "Pretended"
    assert own["options"] == ["search", "present", "named-result-sets"]
    assert tried["search @attr 1=4"]["diagnostic"] == 114
    assert tried["scan @attr 1=12"]["diagnostic"] == 114
    assert "GFS/YAZ" in table.out
    assert "present sutrs F" in table.out


def test_trace_shows_each_message_with_its_size_and_no_password(lienthong, tmp_path):
    word = tmp_path / "word"
    word.write_text("secret\n")
    with serving(kept(1), password="secret") as target:
        said = lienthong(
            "z3950",
            "search",
            target.url,
            "@attr 1=12 00001",
            "--trace",
            "--user",
            "hub",
            "--from",
            str(word),
            "--charset",
            "utf-8",
        )

    lines = said.err.splitlines()
    assert [line.split("  ")[0] for line in lines if line[:2] in {"->", "<-"}] == [
        "-> InitializeRequest",
        "<- InitializeResponse",
        "-> SearchRequest",
        "<- SearchResponse",
        "-> Close",
    ]
    assert "  options: search present scan named-result-sets" in lines
    assert any("bib-1" in line for line in lines)
    assert "secret" not in said.err
    assert said.out.split() == ["Found", "1"]


def test_who_is_not_let_in_is_told_what_to_do(lienthong):
    with serving(kept(1), password="secret") as target:
        said = lienthong("z3950", "search", target.url, "x")

    assert said.code == 1
    assert "does not let us in" in said.err


def test_what_cannot_be_asked_is_wrong_use(lienthong):
    codes = [
        lienthong("z3950", *arguments).code
        for arguments in (
            ("search", "http://127.0.0.1/", "x"),
            ("search", "z3950://127.0.0.1:1/x", "@and x"),
            ("scan", "z3950://127.0.0.1:1/x", "@and a b"),
            ("present", "z3950://127.0.0.1:1/x", "a", "--syntax", "nonsense"),
        )
    ]

    assert codes == [2, 2, 2, 2]


def test_a_syntax_may_be_named_by_its_number(lienthong):
    with serving(kept(1), syntaxes=("1.2.3",)) as target:
        said = lienthong("z3950", "present", target.url, "@attr 2=103 x", "--syntax", "1.2.3")

    assert "--- 1  1.2.3  " in said.out
    assert oids.name_of("1.2.3") == "1.2.3"


def test_nobody_listens(lienthong):
    said = lienthong("z3950", "search", "z3950://127.0.0.1:1/x", "a")

    assert said.code == 1
    assert "cannot be reached" in said.err

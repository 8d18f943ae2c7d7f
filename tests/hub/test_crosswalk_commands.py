"""Staff change crosswalks by command: drafts, tests, effect, versions, and back."""

from __future__ import annotations

import pytest

from crosswalks import trials

NAME = "oai_dc-marc21"
HEADING = f"crosswalk {NAME} version 9\nfrom oai_dc to marc21\n"
TEXT = f'{HEADING}500 __ $a <- "mine"\ninclude shipped/{NAME}\n'


@pytest.fixture
def file(tmp_path):
    """Give what writes a text into a file and returns the file's path."""

    def write(text: str, name: str = "draft") -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def drafted(lienthong, file):
    """Give commands on a hub with a draft."""
    assert lienthong("crosswalk", "edit", NAME, "--file", file(TEXT), "--author", "Lan").code == 0
    return lienthong


def version(lienthong) -> int:
    return lienthong("crosswalk", "show", NAME, "--json").json[0]["version"]


def test_what_is_shipped_is_listed_as_version_0(lienthong):
    rows = {row["name"]: row for row in lienthong("crosswalk", "list", "--json").json}

    assert (rows[NAME]["version"], rows[NAME]["draft"]) == (0, "")


def test_a_draft_is_not_in_use_before_it_is_published(drafted):
    assert version(drafted) == 0
    assert "mine" in drafted("crosswalk", "show", NAME, "--draft").out

    assert (
        drafted("crosswalk", "publish", NAME, "--note", "thêm phụ chú", "--author", "Lan").code == 0
    )
    [shown] = drafted("crosswalk", "show", NAME, "--json").json
    assert (shown["version"], shown["author"], shown["note"]) == (1, "Lan", "thêm phụ chú")
    assert [each["version"] for each in shown["history"]] == [1, 0]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "there is no transform nosuch"), ("vi", "không có phép biến đổi nosuch")],
)
def test_a_mistake_is_shown_at_its_place_in_both_languages(lienthong, file, language, said):
    path = file(TEXT.replace('"mine"', '"mine" | nosuch'))
    answer = lienthong("--lang", language, "crosswalk", "edit", NAME, "--file", path)
    lines = answer.err.splitlines()

    assert answer.code == 2
    assert lines[0].endswith('500 __ $a <- "mine" | nosuch')
    assert lines[1].index("^") == lines[0].index("nosuch")
    assert said in lines[2]


def test_what_cannot_run_is_no_draft(lienthong, file):
    lienthong("crosswalk", "edit", NAME, "--file", file("nonsense"))

    assert lienthong("crosswalk", "show", NAME, "--draft").code == 2


def test_the_difference_between_what_is_in_use_and_the_draft_is_shown(drafted):
    assert '+500 __ $a <- "mine"' in drafted("crosswalk", "diff", NAME).out


def test_a_saved_test_that_fails_keeps_a_draft_from_being_published(drafted, file):
    given = file(trials.shipped(NAME)[0].given.decode(), "record")
    expected = file(trials.shipped(NAME)[0].expected, "expected")
    arguments = ("--add", "sách", "--record", given, "--expected", expected)

    said = drafted("crosswalk", "test", NAME, *arguments)
    refused = drafted("crosswalk", "publish", NAME)

    assert (said.code, refused.code, version(drafted)) == (1, 1, 0)
    assert "+=500  \\\\$amine" in refused.err


def test_a_saved_test_without_an_expectation_takes_what_comes_out_now(drafted, file):
    given = file(trials.shipped(NAME)[0].given.decode(), "record")

    [row] = drafted("crosswalk", "test", NAME, "--add", "sách", "--record", given, "--json").json

    assert (row["title"], row["passed"]) == ("sách", True)
    assert drafted("crosswalk", "publish", NAME).code == 0
    assert drafted("crosswalk", "test", NAME, "--remove", "sách", "--json").json == []


def test_an_older_version_is_put_to_use_again_as_a_new_one(drafted, file):
    drafted("crosswalk", "publish", NAME)
    drafted("crosswalk", "rollback", NAME, "0")
    [shipped] = drafted("crosswalk", "show", NAME, "--json").json
    drafted("crosswalk", "rollback", NAME, "1")
    [again] = drafted("crosswalk", "show", NAME, "--json").json

    assert (shipped["version"], "mine" in shipped["text"]) == (2, False)
    assert (again["version"], "mine" in again["text"]) == (3, True)
    assert drafted("crosswalk", "rollback", NAME, "8").code == 2


def test_a_table_is_kept_with_the_crosswalk(lienthong, file):
    text = TEXT.replace('"mine"', "dc:type | lookup kho")
    table = file("ma\tten\nsách\tSách in\n", "kho.tsv")
    lienthong("crosswalk", "edit", NAME, "--file", file(text), "--table", f"kho={table}")

    assert "Sách in" in lienthong("crosswalk", "show", NAME, "--draft").out


def test_a_source_may_name_a_crosswalk_that_staff_published(lienthong, file):
    add = ("sources", "add", "s", "--protocol", "oai-pmh", "--url", "http://a.vn/oai")
    more = ("--library", "L", "--crosswalk", "kho-so", "--json")
    text = TEXT.replace(f"crosswalk {NAME}", "crosswalk kho-so")
    before = lienthong(*add, *more).code
    lienthong("crosswalk", "edit", "kho-so", "--file", file(text))
    lienthong("crosswalk", "publish", "kho-so")

    assert (before, lienthong(*add, *more).code) == (2, 0)


def test_the_effect_on_a_hub_without_records_is_none(drafted):
    [found] = drafted("crosswalk", "effect", NAME, "--json").json

    assert (found["records"], found["complete"]) == (0, True)


@pytest.mark.parametrize("command", ["publish", "effect", "diff"])
def test_without_a_draft_there_is_nothing_to_do(lienthong, command):
    assert lienthong("crosswalk", command, NAME).code == 2


OUT = "marc21-oai_dc"
OUT_TEXT = (
    f"crosswalk {OUT} version 9\nfrom marc21 to oai_dc\n"
    f'dc:rights <- "mine"\ninclude shipped/{OUT}\n'
)


@pytest.mark.parametrize(
    ("name", "text", "jobs"), [(NAME, TEXT, ["remap"]), (OUT, OUT_TEXT, ["rewrite"])]
)
def test_publishing_says_what_a_worker_then_does(lienthong, file, name, text, jobs):
    lienthong("crosswalk", "edit", name, "--file", file(text))

    assert lienthong("crosswalk", "publish", name, "--json").json[0]["jobs"] == jobs


def test_what_is_given_out_is_changed_and_tested_as_what_comes_in(lienthong, file):
    given = file(trials.shipped(OUT)[0].given.decode(), "record")
    lienthong("crosswalk", "edit", OUT, "--file", file(OUT_TEXT))
    arguments = ("--add", "sách", "--record", given, "--json")
    [row] = lienthong("crosswalk", "test", OUT, *arguments).json

    assert row["passed"]
    assert '+dc:rights <- "mine"' in lienthong("crosswalk", "diff", OUT).out
    assert lienthong("crosswalk", "effect", OUT, "--json").json[0]["given_out"] == 0
    assert "làm lại" in lienthong("--lang", "vi", "crosswalk", "publish", OUT).err
    assert lienthong("crosswalk", "rollback", OUT, "0").code == 1
    lienthong("crosswalk", "test", OUT, "--remove", "sách")
    assert lienthong("crosswalk", "rollback", OUT, "0").code == 0


def test_a_source_cannot_name_a_crosswalk_that_leads_out(lienthong):
    add = ("sources", "add", "s", "--protocol", "oai-pmh", "--url", "http://a.vn/oai")

    assert lienthong(*add, "--library", "L", "--crosswalk", OUT).code == 2


def test_a_file_is_converted_by_what_the_hub_published_where_that_is_wanted(lienthong, file):
    given = file(trials.shipped(OUT)[0].given.decode(), "record")
    lienthong("crosswalk", "edit", OUT, "--file", file(OUT_TEXT))
    lienthong("crosswalk", "publish", OUT)
    plain = lienthong("convert", given, "--to", "oai_dc")
    published = lienthong("convert", given, "--to", "oai_dc", "--published")

    assert "<dc:rights>mine</dc:rights>" not in plain.out
    assert "<dc:rights>mine</dc:rights>" in published.out


def test_the_work_that_follows_from_publishing_is_told(lienthong, file):
    before = lienthong("crosswalk", "status", "--json").json
    lienthong("crosswalk", "edit", OUT, "--file", file(OUT_TEXT))
    lienthong("crosswalk", "publish", OUT)
    after = lienthong("crosswalk", "status", "--json").json

    assert before == [
        {"kind": "remap", "state": "", "left": 0},
        {"kind": "rewrite", "state": "", "left": 0},
    ]
    assert [row["state"] for row in after] == ["", "queued"]
    assert "đang chờ" in lienthong("--lang", "vi", "crosswalk", "status").out

"""Member libraries and their sources, by command and as a file."""

import json

import pytest

URL = "https://thuvien.example/oai"


def add(lienthong, name, *more, library="VN-THU"):
    return lienthong(
        *("sources", "add", name, "--protocol", "oai-pmh", "--url", URL),
        *("--library", library, "--json", *more),
    )


def test_a_library_is_added_and_found_by_its_alias(lienthong):
    lienthong("libraries", "add", "VN-HN", "--name", "Thư viện Hà Nội", "--alias", "VN-ThvHN")

    [library] = lienthong("libraries", "show", "VN-ThvHN", "--json").json

    assert (library["code"], library["name"]) == ("VN-HN", "Thư viện Hà Nội")
    assert library["sharing"] == "public"


def test_what_is_not_named_in_a_change_stays(lienthong):
    lienthong("libraries", "add", "VN-HN", "--name", "Thư viện Hà Nội")

    [library] = lienthong("libraries", "change", "VN-HN", "--sharing", "members", "--json").json

    assert (library["name"], library["sharing"]) == ("Thư viện Hà Nội", "members")


def test_lists_are_a_value_a_line(lienthong):
    for code in ("VN-B", "VN-A"):
        lienthong("libraries", "add", code)

    codes = [library["code"] for library in lienthong("libraries", "list", "--json").json]

    assert codes == ["VN-A", "VN-B"]


def test_a_table_in_a_pipe_is_never_cut(lienthong):
    name = "Thư viện " * 60
    lienthong("libraries", "add", "VN-HN", "--name", name.strip())

    assert name.strip() in lienthong("libraries", "list").out


def test_what_steers_a_terminal_is_shown_not_obeyed(lienthong):
    lienthong("libraries", "add", "VN-HN", "--name", "a\x1b[2Jb\x9bc")

    for said in (lienthong("libraries", "list"), lienthong("libraries", "show", "VN-HN")):
        assert "a\ufffd[2Jb\ufffdc" in said.out


def test_a_source_keeps_all_it_was_given(lienthong):
    more = ("--prefix", "marc21", "--set", "sách", "--set", "báo", "--crosswalk", "oai_dc-marc21")
    [source] = add(lienthong, "thu", *more, "--schedule", "daily 02:30").json

    assert (source["sets"], source["schedule"]) == (["sách", "báo"], "daily 02:30")
    assert [source] == lienthong("sources", "list", "--json").json
    assert [source] == lienthong("sources", "show", "thu", "--json").json


@pytest.mark.parametrize(
    ("url", "why"),
    [
        (f"{URL}?verb=Identify", "verb="),
        (f"{URL}?a=b&verb=", "verb="),
        (f" {URL}", "white space"),
        (f"{URL}/thư viện", "white space"),
        (f"{URL}\n", "white space"),
        (f"{URL}#top", "#"),
    ],
)
def test_what_is_copied_along_with_an_address_is_refused(lienthong, tmp_path, url, why):
    file = tmp_path / "sources.yaml"
    entry = {"name": "thu", "library": "VN-THU", "protocol": "oai-pmh", "url": url}
    file.write_text(json.dumps([entry]), encoding="utf-8")
    details = ("--protocol", "oai-pmh", "--library", "VN-THU", "--url", url)

    for arguments in (("add", "thu", *details), ("apply", str(file), "--dry-run")):
        said = lienthong("--lang", "en", "sources", *arguments)
        assert (said.code, len(said.err.splitlines())) == (2, 1)
        assert why in said.err.partition("harvested:")[2]


def test_an_address_may_have_a_query_of_its_own(lienthong):
    assert add(lienthong, "thu", "--url", f"{URL}?context=verbs").code == 0


def test_a_library_that_a_source_brings_along_is_told(lienthong):
    first = add(lienthong, "thu")
    second = add(lienthong, "hai")

    assert "VN-THU" in first.err
    assert second.err == ""
    assert [one["code"] for one in lienthong("libraries", "list", "--json").json] == ["VN-THU"]


def test_what_is_exported_changes_nothing_when_applied(lienthong, tmp_path):
    add(lienthong, "thu", "--set", "sách", "--prefix", "marc21", "--schedule", "every 6 hours")
    add(lienthong, "hai")
    file = str(tmp_path / "sources.yaml")

    assert lienthong("sources", "export", file).code == 0
    applied = lienthong("sources", "apply", file)

    assert (applied.code, applied.out, len(applied.err.splitlines())) == (0, "", 1)


def test_a_place_that_cannot_be_written_to_is_named_as_it_was_given(lienthong, tmp_path):
    file = tmp_path / "nosuch" / "sources.yaml"

    said = lienthong("--lang", "en", "sources", "export", str(file))

    assert (said.code, len(said.err.splitlines())) == (1, 1)
    assert f"{file}: No such file" in said.err


def test_a_changed_file_is_shown_as_a_difference_and_applied(lienthong, tmp_path):
    add(lienthong, "thu")
    file = tmp_path / "sources.yaml"
    file.write_text(lienthong("sources", "export").out.replace(URL, f"{URL}2"), encoding="utf-8")

    applied = lienthong("sources", "apply", str(file), "--yes")

    assert f"-  url: {URL}\n+  url: {URL}2" in applied.out
    assert lienthong("sources", "show", "thu", "--json").json[0]["url"] == f"{URL}2"


def test_a_dry_run_and_a_refusal_change_nothing(lienthong, tmp_path):
    file = tmp_path / "sources.yaml"
    entry = f"- {{name: thu, library: VN-THU, protocol: oai-pmh, url: '{URL}'}}\n"
    file.write_text(entry, encoding="utf-8")

    assert lienthong("sources", "apply", str(file), "--dry-run").code == 0
    assert lienthong("sources", "apply", str(file)).code == 2
    assert lienthong("sources", "list", "--json").json == []


def test_a_file_that_asks_for_the_impossible_changes_nothing(lienthong, tmp_path):
    file = tmp_path / "sources.yaml"
    good = f"- {{name: thu, library: VN-THU, protocol: oai-pmh, url: '{URL}'}}\n"
    for bad in (
        "- {name: hai, library: VN-THU, protocol: oai-pmh, url: thuvien}\n",
        "- {name: hai, library: VN-THU, protocol: z3950, url: 'http://a.vn'}\n",
        "- {name: hai, library: X, protocol: oai-pmh, url: 'http://a.vn', schedule: hourly}\n",
        "- {name: hai, library: X, protocol: oai-pmh, url: 'http://a.vn', schedule: 5}\n",
        "- {name: hai}\n",
        "- {name: hai, library: X, protocol: oai-pmh, url: 'http://a.vn', colour: red}\n",
        "- [\n",
        "- text\n",
    ):
        file.write_text(good + bad, encoding="utf-8")
        said = lienthong("sources", "apply", str(file), "--yes")
        assert (said.code, len(said.err.splitlines())) == (2, 1), bad
    assert lienthong("sources", "list", "--json").json == []


@pytest.mark.parametrize(
    "content", ["- {name: thư}".encode("utf-16"), b"- {name: 2024-13-01}", b"- {[1]: 2}"]
)
def test_a_file_that_cannot_be_read_is_told(lienthong, tmp_path, content):
    file = tmp_path / "sources.yaml"
    file.write_bytes(content)

    said = lienthong("sources", "apply", str(file))

    assert (said.code, len(said.err.splitlines())) == (2, 1)


def test_a_schedule_that_means_nothing_is_refused_with_one_that_does(lienthong):
    said = add(lienthong, "thu", "--schedule", "nightly")

    assert (said.code, said.out) == (2, "")
    assert "daily 02:30" in said.err

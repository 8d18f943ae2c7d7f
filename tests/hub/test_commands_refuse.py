"""Wrong use and failures: one clear line, the right exit code, no traceback."""

import pytest

from catalogue.database import upgrade

SOURCE = ("sources", "add", "thu", "--library", "VN-THU")


@pytest.mark.parametrize(
    "arguments",
    [
        ("nosuch",),
        ("harvest",),
        ("harvest", "--all", "thu"),
        ("harvest", "nosuch"),
        ("harvest", "--nosuch"),
        ("harvest", "nosuch", "--limit", "0"),
        ("sources", "show", "nosuch"),
        (*SOURCE, "--protocol", "oai-pmh", "--url", "thuvien.example"),
        (*SOURCE, "--protocol", "oai-pmh", "--url", "http://"),
        (*SOURCE, "--protocol", "oai-pmh", "--url", "http://me:secret@thuvien.example/oai"),
        (*SOURCE, "--protocol", "gopher", "--url", "gopher://thuvien.example:70/x"),
        (*SOURCE, "--protocol", "oai-pmh", "--url", "http://a.vn/oai", "--crosswalk", "nosuch"),
        (*SOURCE, "--protocol", "oai-pmh", "--url", "http://a.vn/oai", "--encoding", "bkhcm2"),
        ("sources", "apply", "nosuch.yaml"),
        ("libraries", "show", "nosuch"),
        ("libraries", "add", "union"),
        ("libraries", "add", "VN-THU", "--successor", "nosuch"),
        ("records", "show", "nosuch"),
        ("records", "show", "nosuch/1"),
        ("records", "list", "--source", "nosuch"),
        ("clusters", "show", "nosuch"),
        ("runs", "show", "99"),
        ("runs", "list", "--source", "nosuch"),
        ("runs", "show", str(2**63)),
        ("runs", "list", "--limit", str(2**63)),
        ("search",),
        ("search", "sách", "--limit", str(2**63)),
        ("search", "sách", "--offset", str(2**63)),
    ],
    ids=" ".join,
)
def test_wrong_use_is_one_line_and_exit_code_2(lienthong, arguments):
    said = lienthong(*arguments)

    assert (said.code, said.out, len(said.err.splitlines())) == (2, "", 1)


@pytest.mark.parametrize("date", ["hôm qua", "2024-13-01", "2024-02-30T00:00:00Z", ""])
def test_a_date_that_is_none_is_refused_before_anything_is_fetched(lienthong, date):
    lienthong(*SOURCE, "--protocol", "oai-pmh", "--url", "http://127.0.0.1:9/oai")

    said = lienthong("harvest", "thu", "--from", date)

    assert (said.code, len(said.err.splitlines())) == (2, 1)
    assert lienthong("runs", "list", "--json").json == []


def test_the_greatest_numbers_a_database_keeps_are_taken(lienthong):
    most = str(2**63 - 1)

    assert lienthong("runs", "list", "--limit", most).code == 0
    assert lienthong("search", "sách", "--limit", most, "--offset", most).code == 0
    assert "Traceback" not in lienthong("runs", "show", most).err


def test_a_name_that_is_taken_is_refused(lienthong):
    arguments = (*SOURCE, "--protocol", "oai-pmh", "--url", "http://a.vn/oai")
    lienthong(*arguments)

    said = lienthong(*arguments)

    assert (said.code, len(said.err.splitlines())) == (2, 1)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://nobody:nothing@127.0.0.1:1/nowhere",
        "sqlite:////proc/nowhere/hub.db",
        "postgresql+psycopg://",
    ],
)
def test_a_database_that_cannot_be_reached_is_one_line(lienthong, url):
    said = lienthong("sources", "list", LIENTHONG_DATABASE_URL=url)

    assert (said.code, said.out, len(said.err.splitlines())) == (1, "", 1)
    assert "nothing@" not in said.err


def test_a_file_that_is_no_database_is_one_line(lienthong, tmp_path):
    (tmp_path / "hub.db").write_text("Thư viện Quốc gia" * 100, encoding="utf-8")

    said = lienthong("sources", "list", LIENTHONG_DATABASE_URL=f"sqlite:///{tmp_path}/hub.db")

    assert (said.code, len(said.err.splitlines())) == (1, 1)


def test_an_older_database_is_left_alone_until_it_is_upgraded(lienthong, tmp_path):
    url = f"sqlite:///{tmp_path}/old.db"
    upgrade(url, "0001")

    refused = lienthong("sources", "list", LIENTHONG_DATABASE_URL=url)
    upgraded = lienthong("db", "upgrade", LIENTHONG_DATABASE_URL=url)

    assert refused.code == 1
    assert "lienthong db upgrade" in refused.err
    assert upgraded.code == 0
    assert lienthong("sources", "list", LIENTHONG_DATABASE_URL=url).code == 0


def test_an_empty_postgresql_database_is_set_up_only_when_told_to(lienthong, postgresql_engine):
    with postgresql_engine.fresh(migrated=False) as url:
        refused = lienthong("sources", "list", LIENTHONG_DATABASE_URL=url)
        upgraded = lienthong("db", "upgrade", "--json", LIENTHONG_DATABASE_URL=url)
        listed = lienthong("sources", "list", "--json", LIENTHONG_DATABASE_URL=url)

    assert (refused.code, len(refused.err.splitlines())) == (1, 1)
    assert "lienthong db upgrade" in refused.err
    assert upgraded.json[0]["before"] == ""
    assert listed.json == []


def test_a_bad_setting_is_told_with_its_variable(lienthong):
    said = lienthong("sources", "list", LIENTHONG_SERVE__PORT="eighty")

    assert said.code == 2
    assert said.err.startswith("LIENTHONG_SERVE__PORT: ")


def test_a_command_group_alone_shows_its_help(lienthong):
    said = lienthong("sources")

    assert said.code == 2
    assert "apply" in said.err


def test_what_a_command_is_for_can_be_asked(lienthong):
    said = lienthong("harvest", "--help")

    assert said.code == 0
    assert "--dry-run" in said.out

"""Settings: the file, the environment over it, the aliases over both, and what is refused."""

from pathlib import Path

import pytest

from hub.errors import BadSetting, UnknownSetting, UnreadableFile
from hub.instance import Hub
from hub.settings import FILE, Settings, load


def loaded(folder: Path, toml: str = "", **environment: str) -> Settings:
    (folder / FILE).write_text(toml, encoding="utf-8")
    return load({"LIENTHONG_INSTANCE": str(folder), **environment})


def test_without_a_file_every_setting_has_a_working_default(tmp_path):
    settings = load({"LIENTHONG_INSTANCE": str(tmp_path)})

    assert settings.serve.port == 8080
    assert settings.harvest.allow_networks == ()
    assert settings.database_url == f"sqlite:///{tmp_path}/lienthong.db"


def test_the_instance_folder_is_here_unless_it_is_named():
    assert load({}).folder == Path("instance")


def test_the_file_is_read(tmp_path):
    settings = loaded(tmp_path, '[public]\nname = "Thư viện Quốc gia"\n[serve]\nport = 9000\n')

    assert settings.public.name == "Thư viện Quốc gia"
    assert settings.serve.port == 9000


def test_the_environment_wins_over_the_file(tmp_path):
    settings = loaded(tmp_path, "[serve]\nport = 9000\n", LIENTHONG_SERVE__PORT="9001")

    assert settings.serve.port == 9001


def test_the_short_alias_wins_over_the_long_variable(tmp_path):
    settings = loaded(
        tmp_path,
        LIENTHONG_DATABASE_URL="sqlite:///short.db",
        LIENTHONG_DATABASE__URL="sqlite:///long.db",
    )

    assert settings.database_url == "sqlite:///short.db"


def test_an_empty_alias_is_as_if_it_were_not_there(tmp_path):
    settings = loaded(tmp_path, '[database]\nurl = "sqlite:///file.db"', LIENTHONG_DATABASE_URL="")

    assert settings.database_url == "sqlite:///file.db"


def test_networks_come_with_commas_or_as_a_list(tmp_path):
    wanted = ("127.0.0.0/8", "::1/128")
    listed = loaded(tmp_path, '[harvest]\nallow_networks = ["127.0.0.0/8", "::1/128"]\n')
    given = loaded(tmp_path, LIENTHONG_HARVEST__ALLOW_NETWORKS="127.0.0.0/8, ::1/128")

    assert wanted == listed.harvest.allow_networks
    assert wanted == given.harvest.allow_networks


def test_variables_of_other_tools_are_left_alone(tmp_path):
    loaded(tmp_path, LIENTHONG_SHARED="../shared", OTHER__NAME="1")


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("LIENTHONG_SERVE__PORT", "eighty"),
        ("LIENTHONG_SERVE__PORT", "70000"),
        ("LIENTHONG_SERVE__HOST", " "),
        ("LIENTHONG_HARVEST__ALLOW_NETWORKS", "127.0.0.1/8"),
        ("LIENTHONG_HARVEST__READ_TIMEOUT", "0"),
        ("LIENTHONG_HARVEST__READ_TIMEOUT", "nan"),
        ("LIENTHONG_PUBLIC__BASE_URL", "hub.example.vn"),
        ("LIENTHONG_PUBLIC__DOMAIN", "localhost"),
        ("LIENTHONG_PUBLIC__ADMIN_EMAIL", "nobody"),
        ("LIENTHONG_PUBLIC__LANGUAGE", "fr"),
        ("LIENTHONG_DATABASE_URL", "mysql://host/db"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_variable(tmp_path, variable, value):
    with pytest.raises(BadSetting) as caught:
        loaded(tmp_path, **{variable: value})

    assert str(caught.value).startswith(f"{variable}: ")


@pytest.mark.parametrize(
    "toml",
    ['[serve]\nport = "8080x"', "[serve]\nport = 80.5", "[serve]\nport = true", "[public]\nname=3"],
)
def test_a_value_that_cannot_be_is_refused_with_its_file(tmp_path, toml):
    with pytest.raises(BadSetting) as caught:
        loaded(tmp_path, toml)

    assert str(tmp_path / FILE) in str(caught.value)


@pytest.mark.parametrize("toml", ["[nosuch]\nx = 1", "[serve]\nprot = 1", "port = 1"])
def test_a_setting_that_does_not_exist_is_refused(tmp_path, toml):
    with pytest.raises(UnknownSetting) as caught:
        loaded(tmp_path, toml)

    assert str(tmp_path / FILE) in str(caught.value)


def test_a_variable_for_a_setting_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(UnknownSetting, match="LIENTHONG_SERVE__PROT"):
        loaded(tmp_path, LIENTHONG_SERVE__PROT="1")


def test_a_file_that_is_not_toml_is_refused(tmp_path):
    with pytest.raises(UnreadableFile, match=FILE):
        loaded(tmp_path, "[public\n")


def test_a_password_in_a_database_url_is_not_repeated(tmp_path):
    with pytest.raises(BadSetting) as caught:
        loaded(tmp_path, LIENTHONG_DATABASE_URL="mysql://me:secret@host/db")

    assert "secret" not in str(caught.value)


def test_a_time_zone_is_one_that_exists(tmp_path):
    assert loaded(tmp_path, LIENTHONG_SCHEDULER__TIME_ZONE="UTC").scheduler.time_zone == "UTC"
    with pytest.raises(BadSetting, match="Asia/Ho_Chi_Minh"):
        loaded(tmp_path, LIENTHONG_SCHEDULER__TIME_ZONE="Asia/Saigon City")


@pytest.mark.parametrize("given", ["true", '"True"'])
def test_what_is_true_or_false_is_read_from_the_file(tmp_path, given):
    assert loaded(tmp_path, f"[oai]\nfriends = {given}\n").oai.friends is True


@pytest.mark.parametrize("given", ["yes", "1", ""])
def test_nothing_else_is_taken_for_true_or_false(tmp_path, given):
    with pytest.raises(BadSetting, match="true or false"):
        loaded(tmp_path, LIENTHONG_OAI__FRIENDS=given)


def test_what_is_set_of_oai_pmh_is_how_the_hub_names_itself(tmp_path):
    rights, icon, link = "https://a.vn/r", "https://a.vn/i.png", "https://a.vn/"
    given = {
        "LIENTHONG_INSTANCE": str(tmp_path),
        "LIENTHONG_OAI__RIGHTS": rights,
        "LIENTHONG_OAI__ICON": icon,
        "LIENTHONG_OAI__ICON_LINK": link,
        "LIENTHONG_OAI__FRIENDS": "true",
    }

    identity = Hub(given, str).identity()

    told = (identity.rights, identity.icon, identity.icon_link, identity.friends)
    assert told == (rights, icon, link, True)

"""The sign-in service of the settings: what is refused at the start, and what is not asked then."""

from __future__ import annotations

import sys

import pytest

from catalogue import users
from catalogue.accounts import identities
from catalogue.accounts.identities import Identity
from catalogue.users import Role
from hub.errors import BadSetting
from hub.instance import Hub
from hub.settings import load
from hub.webapp import web_app
from web.language import translator

ISSUER = {"LIENTHONG_OIDC__ISSUER": "http://127.0.0.1:9", "LIENTHONG_OIDC__CLIENT_ID": "hub"}


def test_a_hub_is_served_whose_sign_in_service_is_down(tmp_path):
    roles = {"LIENTHONG_OIDC__ROLES": "quan-ly=admin,a=b=viewer"}
    hub = Hub({"LIENTHONG_INSTANCE": str(tmp_path), **ISSUER, **roles}, translator("vi"), "vi")
    with hub.catalogue() as db:
        client = web_app(hub, db, "http://127.0.0.1:1").test_client()
        page = client.get("/staff/login?lang=vi").get_data(as_text=True)
        refused = client.get("/staff/sso")

    assert "Đăng nhập bằng tài khoản của cơ quan" in page
    assert refused.status_code == 503
    assert "127.0.0.1 không trả lời" in refused.get_data(as_text=True)


def test_a_hub_without_what_it_takes_says_so_at_the_start(lienthong):
    said = lienthong(
        "serve", "--port", "0", "--no-z3950", **ISSUER | {"LIENTHONG_OIDC__CLIENT_ID": ""}
    )

    assert said.code == 2
    assert "[oidc] client_id is needed where [oidc] issuer is set" in said.err


def test_a_hub_without_the_extra_says_how_to_install_it(lienthong, monkeypatch):
    # As where it is not installed: nothing of this name is found.
    monkeypatch.setitem(sys.modules, "authlib", None)
    said = lienthong("serve", "--port", "0", "--no-z3950", **ISSUER)

    assert said.code == 2
    assert "pip install 'lienthong[oidc]'" in said.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ISSUER", "http://login.example.vn"),
        ("ISSUER", "https://login.example.vn/?a=b"),
        ("ISSUER", "login.example.vn"),
        ("ROLES", "thu-thu=member"),
        ("ROLES", "thu-thu"),
        ("ROLES", "thu-thu=nobody"),
        ("CLIENT_SECRET", " bi mat"),
    ],
)
def test_what_cannot_be_is_refused_and_no_secret_repeated(tmp_path, name: str, value: str):
    with pytest.raises(BadSetting) as refused:
        load({"LIENTHONG_INSTANCE": str(tmp_path), f"LIENTHONG_OIDC__{name}": value})

    assert "bi mat" not in str(refused.value)


def test_accounts_are_parted_by_command(lienthong, tmp_path):
    lienthong("libraries", "list")
    hub = Hub({"LIENTHONG_INSTANCE": str(tmp_path / "instance")}, translator("en"))
    with hub.catalogue() as db:
        user = users.add(db, "lan", "mot mat khau dai", Role.VIEWER)
        identities.link(db, user.id, Identity("https://login.example.vn", "1"))
    [before] = lienthong("users", "list", "--json").json
    [after] = lienthong("users", "unlink", "lan", "--json").json
    twice = lienthong("--lang", "vi", "users", "unlink", "lan")

    assert (before["linked"], after["linked"]) == (True, False)
    assert (twice.code, "không liên kết với tài khoản nào" in twice.err) == (2, True)

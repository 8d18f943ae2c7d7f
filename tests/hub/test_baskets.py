"""Where a hub that is served keeps what staff have chosen to take along."""

from __future__ import annotations

from pathlib import Path

import pytest

from catalogue import users
from catalogue.users import Role
from hub.instance import Hub
from hub.webapp import web_app
from support.filled import add_library, book, deliver, settle
from support.passwords import hashed_at_once
from support.staff import PASSWORD, document, post, sign_in
from web.language import translator

cheap_passwords = pytest.fixture(scope="module", autouse=True)(hashed_at_once)


def test_the_basket_lies_in_the_instance_folder(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    with Hub({"LIENTHONG_INSTANCE": str(instance)}, translator("en")).catalogue() as db:
        add_library(db, "A", "Thư viện A")
        deliver(db, "A", {"1": book("Số đỏ")})
        settle(db)
        lan = users.add(db, "lan", PASSWORD, Role.CATALOGUER)
        hub = Hub({"LIENTHONG_INSTANCE": str(instance)}, translator("en"))
        client = web_app(hub, db, "http://127.0.0.1:1").test_client()
        sign_in(client, "lan")
        found = document(client.get("/staff/live?q=do", buffered=True))
        post(client, "/staff/live/basket", pick=found.xpath("string(//input[@name='pick']/@value)"))

    assert len(list((instance / "baskets" / str(lan.id)).glob("*.xml"))) == 1

"""Applications to join: kept, moved on, invited; nothing is done twice, and nothing unseen."""

from __future__ import annotations

import pytest

from catalogue.alerts.errors import BadMailAddress
from catalogue.errors import BadLibraryCode
from catalogue.joining import inviting, store
from catalogue.joining.errors import (
    ApplicationChanged,
    ApplicationTaken,
    CannotMove,
    LinkNeedsState,
    NoStream,
    NoSuchApplication,
)
from catalogue.joining.model import Application, By, State, Turn


def wanted(code: str = "TVHN", **more) -> Application:
    return Application(code=code, name="Thư viện Hà Nội", mail="an@tvhn.example.vn", **more)


def test_an_application_goes_its_way_and_every_change_is_told_with_who_and_why(database):
    store.add(database, wanted(), "lan", "thư số 12")
    asked = store.get(database, "TVHN")
    store.move(database, "TVHN", State.SURVEY, By("lan", "phiếu đã gửi", asked.rev))
    answered = store.answer(database, "TVHN", {"system": "Koha"}, By("An"), complete=True)

    assert (asked.state, asked.turn) == (State.ASKED, Turn.STAFF)
    assert (answered.state, answered.turn) == (State.CHECK, Turn.STAFF)
    assert answered.answers == {"system": "Koha"}
    assert [(each.author, each.state, each.note) for each in store.events(database, "TVHN")] == [
        ("An", "check", ""),
        ("lan", "survey", "phiếu đã gửi"),
        ("lan", "asked", "thư số 12"),
    ]
    assert [each.code for each in store.all(database)] == ["TVHN"]


def test_a_page_that_is_out_of_date_changes_nothing_and_a_button_pressed_twice_does_one_thing(
    database,
):
    seen = store.add(database, wanted(), "lan").rev
    store.move(database, "TVHN", State.SURVEY, By("lan", seen=seen))
    store.move(database, "TVHN", State.SURVEY, By("lan", seen=seen))

    with pytest.raises(ApplicationChanged):
        store.move(database, "TVHN", State.DECLINED, By("minh", seen=seen))
    with pytest.raises(ApplicationChanged):
        store.change(database, "TVHN", By("minh", seen=seen), name="Khác")
    assert store.get(database, "TVHN").state is State.SURVEY
    assert len(store.events(database, "TVHN")) == 2


def test_what_cannot_be_is_refused(database):
    store.add(database, wanted(), "lan")

    with pytest.raises(ApplicationTaken):
        store.add(database, wanted(), "lan")
    with pytest.raises(BadLibraryCode):
        store.add(database, wanted("union"), "lan")
    with pytest.raises(BadMailAddress):
        store.change(database, "TVHN", By("lan"), mail="không phải thư")
    with pytest.raises(CannotMove, match="survey, declined, withdrawn"):
        store.move(database, "TVHN", State.CONNECTED, By("lan"))
    with pytest.raises(NoSuchApplication):
        store.get(database, "AI-DO")
    store.move(database, "TVHN", State.SURVEY, By("lan"))
    with pytest.raises(NoStream):
        store.move(database, "TVHN", State.CHECK, By("lan"))


def test_a_link_is_one_at_a_time_and_ends_with_the_application(database):
    store.add(database, wanted(), "lan")
    first = inviting.invite(database, "TVHN", "lan")
    second = inviting.invite(database, "TVHN", "lan")

    assert store.by_token(database, first) is None
    assert store.by_token(database, second) == store.get(database, "TVHN")
    assert store.get(database, "TVHN").state is State.SURVEY
    inviting.uninvite(database, "TVHN", "lan")
    assert store.by_token(database, second) is None
    third = inviting.invite(database, "TVHN", "lan")
    store.move(database, "TVHN", State.WITHDRAWN, By("An"))
    assert store.by_token(database, third) is None
    with pytest.raises(LinkNeedsState):
        inviting.invite(database, "TVHN", "lan")
    assert store.move(database, "TVHN", State.ASKED, By("lan")).state is State.ASKED

"""Applications that wait too long: working days are counted, and nobody is told twice a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from catalogue.alerts import channels, store
from catalogue.alerts.model import Channel, ChannelKind
from catalogue.joining import store as joining
from catalogue.joining.model import Application, By, State, Turn
from harvester.mailing import MailSettings
from scheduler.alerts.model import Teller
from scheduler.alerts.sending import send_next
from scheduler.joining.errors import BadAnswers, NoPublicFiles, SurveyUnreadable
from scheduler.joining.reminding import remind_due
from scheduler.joining.rules import Rules
from scheduler.joining.survey import check_public, checked, questions
from scheduler.timetable import Timetable
from support.receivers import mail_server
from web.alerts.letters import Letters

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
FRIDAY = int(datetime(2026, 11, 27, 9, tzinfo=ZONE).timestamp())


def at(state: State, turn: Turn = Turn.STAFF) -> Application:
    return Application(code="A", state=state, turn=turn, since=FRIDAY)


def test_days_on_which_nobody_works_do_not_count():
    rules = Rules(asked_days=2, holidays=("2026-12-01",))

    assert rules.due(at(State.ASKED), ZONE) == date(2026, 12, 2)
    assert not rules.is_overdue(at(State.ASKED), date(2026, 12, 2), ZONE)
    assert rules.is_overdue(at(State.ASKED), date(2026, 12, 3), ZONE)
    assert rules.due(at(State.CONNECTED, Turn.NOBODY), ZONE) is None


def test_staff_and_the_applicant_are_reminded_once_a_working_day_and_no_more(hub):
    channel = Channel(name="lan", kind=ChannelKind.MAIL, target="lan@hub.example.vn")
    channels.add(hub.database, channel)
    line = replace(hub.line, timetable=Timetable(zone=ZONE))
    joining.add(
        hub.database,
        Application(code="TVHN", name="Thư viện Hà Nội", contact="An", mail="an@tvhn.example.vn"),
        "lan",
    )
    joining.move(hub.database, "TVHN", State.SURVEY, By("lan"))
    saturday = datetime(2099, 11, 28, 3, tzinfo=UTC)
    monday, tuesday = saturday.replace(day=30), saturday.replace(month=12, day=1)

    assert [remind_due(line, each) for each in (saturday, monday, monday)] == [0, 1, 0]
    with mail_server() as box:
        where = MailSettings(host="127.0.0.1", port=box.port, tls="none")
        wording = Letters(identity=line.identity, zone=ZONE)
        teller = Teller(line=line, wording=wording, mail=where, sender="hub@example.vn")
        while send_next(teller):
            pass
    sent = {str(each["To"]): " ".join(each.get_content().split()) for each in box.letters}

    assert len(box.letters) == 2
    assert "Thư viện Hà Nội" in sent["lan@hub.example.vn"]
    assert "/staff/joining/TVHN" in sent["lan@hub.example.vn"]
    assert "Kính gửi An" in sent["an@tvhn.example.vn"]
    assert "phiếu khảo sát" in sent["an@tvhn.example.vn"]
    assert remind_due(line, tuesday) == 1
    assert [each.details["code"] for each in store.listing(hub.database)] == ["TVHN", "TVHN"]
    joining.move(hub.database, "TVHN", State.DECLINED, By("lan"))
    assert remind_due(line, tuesday.replace(day=2)) == 0
    assert [each.name for each in channels.all(hub.database)] == ["lan"]


def test_a_survey_says_which_answers_are_missing_or_wrong():
    given = {"system": ["Koha 24.05"], "keeper": ["An"], "records": ["80.000"], "rules": ["rda"]}
    asked = questions()

    with pytest.raises(BadAnswers, match="Cách cung cấp"):
        checked(asked, lambda name: given.get(name, ()), "vi")
    given |= {"protocol": ["oai-pmh"], "address": ["https://tvhn.example.vn/oai"]}
    answers = checked(asked, lambda name: given.get(name, ()), "vi")
    assert answers["records"] == "80000"
    assert answers["rules"] == ["rda"]
    with pytest.raises(BadAnswers, match="How many"):
        checked(asked, lambda name: ["nhiều"] if name == "records" else (), "en", complete=False)
    with pytest.raises(NoPublicFiles):
        check_public({"address": "FILE:/etc"})


def test_a_hub_has_questions_of_its_own(tmp_path):
    own = tmp_path / "survey.toml"
    own.write_text('[[question]]\nname = "khac"\nkind = "text"\nvi = "Khác?"\nen = "Other?"\n')

    assert [each.said("vi") for each in questions(str(own))] == ["Khác?"]
    own.write_text('[[question]]\nname = "khac"\nkind = "màu"\nvi = "Khác?"\nen = "Other?"\n')
    with pytest.raises(SurveyUnreadable, match="màu"):
        questions(str(own))
    with pytest.raises(SurveyUnreadable):
        questions(str(tmp_path / "none.toml"))

"""What is told reads well: every kind of alert, in both languages, as a letter."""

from __future__ import annotations

import json
from typing import Any

import pytest

from catalogue.alerts.model import Alert, Channel, ChannelKind, Kind
from catalogue.errors import WouldDelete
from catalogue.messages import packed
from catalogue.model import HubIdentity
from crosswalks.errors import Error
from crosswalks.model import Severity
from harvester.errors import RecipientRefused, Unreachable
from scheduler.alerts.model import Letter
from web.alerts.letters import Letters

LETTERS = Letters(identity=HubIdentity(base_url="https://hub.example.vn"))
AT = 1_790_000_000


def why(error: Error) -> dict[str, Any]:
    kept = packed(error)
    return {**kept, "details": json.loads(kept["details"])}


DETAILS: dict[Kind, dict[str, Any]] = {
    Kind.FAILED: why(Unreachable(url="https://oai.nlv.vn/oai", reason="refused\x1b[31m")),
    Kind.RECOVERED: {},
    Kind.SILENT: {"success": "2026-08-01T00:00:00Z"},
    Kind.SHRINKING: {"listed": 11_000, "before": 12_345},
    Kind.PROBLEMS: {"problems": [["bad-isbn", "warning", 1203]], "kinds": 3},
    Kind.WAITING: why(WouldDelete(run=3, deleted=120, live=300, share="40", limit=10)),
    Kind.CERTIFICATE: {"expires": "2026-10-01T00:00:00Z"},
    Kind.UNDELIVERED: {
        "channel": "lan",
        **why(RecipientRefused(host="m", port=25, address="a@x.vn", reason="550")),
    },
    Kind.JOINING: {
        "code": "TVHN",
        "name": "Thư viện Hà Nội",
        "state": "survey",
        "turn": "applicant",
        "due": "2026-12-02",
    },
    Kind.TICKET: {"ticket": 12, "record": "000000007", "title": "Số đỏ", "about": "link"},
}


def alert(kind: Kind, **changes: Any) -> Alert:
    usual: dict[str, Any] = {
        "id": 1,
        "at": AT,
        "kind": kind,
        "severity": Severity.WARNING,
        "source": "nlv",
        "library": "Thư viện Quốc gia Việt Nam",
        "run": 3,
        "details": DETAILS[kind],
    }
    return Alert(**usual | changes)


def letter(*alerts: Alert, language: str = "vi", library: str = "") -> Letter:
    channel = Channel(
        name="lan",
        kind=ChannelKind.MAIL,
        target="lan@example.vn",
        language=language,
        library=library,
    )
    return LETTERS.alerts(alerts, channel)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_is_said_in_lines_that_fit(kind: Kind, language: str):
    said = letter(alert(kind), language=language)

    assert said.text.split("\n\n")[1].strip()
    assert "{" not in said.subject + said.text
    assert "\x1b" not in said.text
    assert max(map(len, said.text.splitlines())) <= 76
    assert said.subject.startswith("[Liên Thông] ")


def test_figures_and_moments_are_written_as_the_reader_writes_them():
    shrinking, silent = alert(Kind.SHRINKING), alert(Kind.SILENT, details={"success": ""})

    assert "11.000 biểu ghi" in letter(shrinking).text
    assert "11,000 records" in letter(shrinking, language="en").text
    assert "21/09/2026 14:13" in letter(shrinking).text
    assert "và 2 loại nữa" in letter(alert(Kind.PROBLEMS)).text
    assert "Chưa lượt thu thập nào" in letter(silent).text
    assert "cho đến khi có người duyệt" in letter(alert(Kind.WAITING, details={})).text


def test_a_subject_names_the_gravest_and_few_sources():
    many = [alert(Kind.RECOVERED, id=n, source=f"s{n}") for n in range(5)]

    assert letter(*many).subject == "[Liên Thông] Cảnh báo: 5 thay đổi ở s0, s1, s2, …"
    assert letter().subject == "[Liên Thông] Không còn gì để báo"


def test_a_member_is_led_to_no_page_that_it_may_not_see():
    staff, member = letter(alert(Kind.FAILED)), letter(alert(Kind.FAILED), library="NLV")

    assert "https://hub.example.vn/staff/runs/3" in staff.text
    assert "/staff" not in member.text
    told = letter(alert(Kind.TICKET, run=None), library="NLV").text
    assert ("/member/tickets/12" in told, "/staff" in told) == (True, False)
    assert "admin@lienthong.localhost" in member.text
    assert LETTERS.address(alert(Kind.SILENT, run=None)).endswith("/staff/sources/nlv")
    assert LETTERS.address(alert(Kind.UNDELIVERED, run=None, source="")).endswith("/staff/alerts")

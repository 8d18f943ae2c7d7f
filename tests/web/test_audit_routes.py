"""Every address at which something is changed, tried out: what it changed is written down.

One hub, one administrator and one member, and each line of the table of permissions that says
``audit``; a new line without a trial here fails.
"""

from __future__ import annotations

import io
import re
import time
from base64 import b32decode
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from catalogue import crosswalk_drafts, policies, quarantine_lists, sources, users
from catalogue.accounts import identities, keys, tickets, totp
from catalogue.accounts.identities import Identity
from catalogue.alerts import notices
from catalogue.audit import store
from catalogue.audit.store import Entry, Wanted
from catalogue.database import Database
from catalogue.holdings import one
from catalogue.holdings.one import Place
from catalogue.joining import checks, inviting
from catalogue.joining.model import By
from catalogue.lending.keeping import get as lending
from catalogue.model import HubIdentity, RunStatus, Source
from catalogue.overlays import bulk
from catalogue.people_tables import UserRow
from catalogue.previews import store as previews
from catalogue.querysets.model import Language
from catalogue.records import get
from catalogue.store import close_run, open_run
from catalogue.tickets.model import Kind, Report
from catalogue.tickets.opening import open_ticket
from catalogue.users import Role
from harvester.mailing import NONE, MailSettings
from scheduler import crosswalk_effects
from scheduler.alerts.model import Teller
from scheduler.bulk import carry_out
from scheduler.errors import StoppedBySomebody
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from scheduler.policies import work_out
from scheduler.previewing import work_out_next
from support.authorities import WRITERS
from support.deliveries import Counter, book
from support.engines import Engine
from support.lines import wait_until
from support.listed import add_library
from support.oai_source import Item, Repository, items
from support.oidc import crooked, single_sign_on
from support.pages import Book, add_source, books, deliver, place_all
from support.policies import changed
from support.receivers import mail_server
from support.staff import PASSWORD, boxes, document, hub, sign_in_at
from web.alerts.letters import Letters
from web.public import formtoken
from web.staff.permissions import permissions

NEW = "thuyen giay qua song"
KEPT = {each.endpoint for each in permissions() if each.kept == "audit"}
"""What has to leave an entry."""


class Desk:
    """A hub with a bit of everything, at which an administrator and a member sit."""

    def __init__(self, database: Database, folder: Path, ending: ExitStack) -> None:
        self.database = database
        self.counter = Counter(database, folder, ending)
        box = ending.enter_context(mail_server())
        mail = MailSettings(host="127.0.0.1", port=box.port, tls=NONE, timeout=5)
        teller = Teller(line=self.counter.line, wording=Letters(identity=HubIdentity()), mail=mail)
        self.service = ending.enter_context(crooked())
        self.made = {
            "line": self.counter.line,
            "teller": teller,
            "baskets": folder,
            "single_sign_on": single_sign_on(self.service.issuer),
        }
        self.admin, self.member = (hub(database, **self.made) for _ in "12")

    def fill(self) -> None:
        """Deliver two libraries' books, and define what can be changed."""
        for name, library in (("m1", "M1"), ("m2", "M2")):
            add_source(self.database, name, library)
        deliver(self.database, "m1", *books([("a", Book(title="Chiếc lược ngà"))]))
        twice = Book(title="Tắt đèn", author="Ngô Tất Tố", year="1939")
        doubt = ("b", Book(title="Chiếc lược ngà. Tập 1"))
        deliver(self.database, "m2", *books([doubt, ("c", twice), ("d", twice)]))
        place_all(self.database)
        self.counter.add()
        users.add(self.database, "lan", PASSWORD, Role.ADMIN, mail="lan@example.vn")
        users.add(self.database, "m1", PASSWORD, Role.MEMBER, library="M1", mail="m@example.vn")

    def client(self, door: str) -> FlaskClient:
        return self.admin if door == "staff" else self.member

    def post(self, address: str, door: str = "staff", **data: Any) -> TestResponse:
        client = self.client(door)
        token = document(client.get(f"/{door}/account")).xpath("string(//input/@value)")
        return client.post(address, data={"csrf_token": token, **data}, buffered=True)

    def filled(self, page: str, address: str = "", **data: Any) -> TestResponse:
        """Send the last form of a page, filled."""
        form = boxes(document(self.admin.get(page)))
        del form["csrf_token"]
        return self.post(address or page, **form | data)

    def entries(self, after: int = 0) -> list[Entry]:
        found = store.entries(self.database, Wanted(), limit=100)
        return [each for each in found if each.id > after]


@pytest.fixture(scope="module")
def desk(sqlite_engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with sqlite_engine.fresh() as url, ExitStack() as ending:
        database = Database.open(url)
        yield Desk(database, tmp_path_factory.mktemp("instance"), ending)
        database.close()


def setup(desk: Desk) -> None:
    token = tickets.setup(desk.database, 60)
    address = f"/staff/setup/{token}"
    form = boxes(document(desk.admin.get(address)))
    desk.admin.post(address, data=form | {"name": "Hoa", "new": NEW, "again": NEW})
    desk.fill()


def at_door(door: str) -> dict[str, Callable[[Desk], object]]:
    """Return the trials of one's own account behind a door."""
    name = "lan" if door == "staff" else "m1"

    def login(desk: Desk) -> None:
        sign_in_at(desk.client(door), door, name)

    def password(desk: Desk) -> None:
        new = {"old": PASSWORD, "new": NEW, "again": NEW}
        desk.post(f"/{door}/account/password", door, **new)

    def keep_factor(desk: Desk) -> None:
        page = document(desk.client(door).get(f"/{door}/account/factor"))
        desk.post(
            f"/{door}/account/factor",
            door,
            sealed=boxes(page)["sealed"],
            old=NEW,
            code=totp.code(secret_of(page), int(time.time()) // totp.STEP),
        )

    def code(desk: Desk) -> None:
        before = update(UserRow).values(factor_step=0)
        desk.database.writing(lambda connection: connection.execute(before))
        client = hub(desk.database, **desk.made)
        sign_in_at(client, door, name, NEW)
        form = boxes(document(client.get(f"/{door}/code")))
        client.post(f"/{door}/code", data=form | {"code": "000000"})

    def forgotten(desk: Desk) -> None:
        known = desk.entries()[0].id
        client = hub(desk.database, **desk.made)
        form = boxes(document(client.get(f"/{door}/forgotten")))
        client.post(f"/{door}/forgotten", data=form | {"name": name})
        wait_until(lambda: desk.entries(known))

    def ticket(desk: Desk) -> None:
        _, token = tickets.renew(desk.database, name, 60)
        client = hub(desk.database, **desk.made)
        form = boxes(document(client.get(f"/{door}/link/{token}")))
        client.post(f"/{door}/link/{token}", data=form | {"new": NEW, "again": NEW})
        client = desk.client(door)
        sign_in_at(client, door, name, NEW)

    def sso_keep(desk: Desk) -> None:
        client = desk.client(door)
        away = client.get(f"/{door}/account/sso")
        desk.service.took(away.location)
        desk.service.claims = {"sub": name}
        [state] = parse_qs(urlsplit(away.location).query)["state"]
        client.get(f"/{door}/sso/back?state={state}&code={door}")
        form = boxes(document(client.get(f"/{door}/account/sso/found")))
        client.post(f"/{door}/account/sso/found", data=form | {"old": NEW})

    return {
        f"{door}.login": login,
        f"{door}.everywhere": lambda desk: desk.post(f"/{door}/account/everywhere", door),
        f"{door}.password": password,
        f"{door}.sso_keep": sso_keep,
        f"{door}.keep_factor": keep_factor,
        f"{door}.code": code,
        f"{door}.drop_factor": lambda desk: desk.post(f"/{door}/account/factor/off", door, old=NEW),
        f"{door}.forgotten": forgotten,
        f"{door}.ticket": ticket,
    }


def secret_of(page: Any) -> bytes:
    return b32decode("".join(page.xpath("string(//ol//code)").split()))


def lose_factor(desk: Desk) -> None:
    values = update(UserRow).where(UserRow.name == "Mai").values(factor="x")
    desk.database.writing(lambda connection: connection.execute(values))
    desk.post("/staff/users/Mai/factor")


def part(desk: Desk) -> None:
    user = users.get(desk.database, "Mai")
    identities.link(desk.database, user.id, Identity("https://login.example.vn", "mai"))
    desk.post("/staff/users/Mai/unlink")


PEOPLE: dict[str, Callable[[Desk], object]] = {
    "people.add": lambda desk: desk.post("/staff/users/add", name="Mai", role="viewer"),
    "people.mail": lambda desk: desk.post("/staff/users/Mai/mail", mail="mai@example.vn"),
    "people.role": lambda desk: desk.post("/staff/users/Mai/role", role="operator"),
    "people.password": lambda desk: desk.post("/staff/users/Mai/password"),
    "people.factor": lose_factor,
    "people.unlink": part,
    "people.remove": lambda desk: desk.post("/staff/users/Mai/remove"),
}


CHANNEL = {"kind": "webhook", "target": "https://x.vn/h", "severity": "info", "digest": ""}
ALERTS: dict[str, Callable[[Desk], object]] = {
    "alerts.add": lambda desk: desk.post("/staff/alerts/channels/add", name="may", **CHANNEL),
    "alerts.renew": lambda desk: desk.post("/staff/alerts/channels/may/key"),
    "alerts.remove": lambda desk: desk.post("/staff/alerts/channels/may/remove"),
    "alerts.read": lambda desk: desk.post("/staff/alerts/read", up_to="1"),
    "clock.pause": lambda desk: desk.post("/staff/next/pause", why="sao lưu"),
    "clock.go_on": lambda desk: desk.post("/staff/next/go-on"),
}


def save_new(desk: Desk) -> None:
    form = boxes(document(desk.admin.get("/staff/sources/m1/settings")))
    given = {"name": "moi", "library": "M1", "protocol": "oai-pmh", "url": "http://127.0.0.1:9/"}
    desk.post("/staff/add-source", **form | given)


SOURCES: dict[str, Callable[[Desk], object]] = {
    "sources.save_new": save_new,
    "sources.save": lambda desk: desk.filled(
        "/staff/sources/m1/settings", url="http://127.0.0.1:9/other"
    ),
    "sources.wish": lambda desk: desk.post("/staff/sources/m1/harvest", wish="full"),
    "sources.keep_notes": lambda desk: desk.filled("/staff/sources/m1/notes", note="Koha 23.05"),
    "sources.run": lambda desk: desk.post("/staff/sources/m1/run"),
    "sources.stop": lambda desk: desk.post("/staff/sources/m1/stop"),
    "sources.pause": lambda desk: desk.post("/staff/sources/m1/pause"),
    "sources.resume": lambda desk: desk.post("/staff/sources/m1/resume"),
}

SET = {"name": "tho", "title": "Thơ", "language": "words", "query": "tho"}
USED = {"name": "vufind", "title": "VuFind", "view": "members", "per_minute": "60"}
AT = "/staff/consumers/consumer/vufind"
GIVEN: dict[str, Callable[[Desk], object]] = {
    "sets.add": lambda desk: desk.post("/staff/sets/add", **SET, keep="yes"),
    "sets.change": lambda desk: desk.filled("/staff/sets/set/tho", query="khac"),
    "sets.remove": lambda desk: desk.filled("/staff/sets/set/tho/remove"),
    "consumers.add": lambda desk: desk.post("/staff/consumers/add", **USED),
    "consumers.change": lambda desk: desk.filled(f"{AT}/change", per_minute="5"),
    "consumers.renew": lambda desk: desk.post(f"{AT}/key", sure="yes"),
    "consumers.remove": lambda desk: desk.post(f"{AT}/remove"),
}


def decide_run(desk: Desk) -> None:
    repository = Repository(items=items(20), page_size=50)
    desk.counter.hub.add("h1", repository)
    harvest(desk.counter.line, "h1", HarvestOptions())
    gone = {"deleted": True, "datestamp": "2024-06-01"}
    repository.items = [
        replace(item, **gone) if at < 10 else item for at, item in enumerate(repository.items)
    ]
    waiting = harvest(desk.counter.line, "h1", HarvestOptions()).run
    desk.post(f"/staff/runs/{waiting}/discard")


def resume_run(desk: Desk) -> None:
    run = open_run(desk.database, "m2")
    assert run is not None
    stopped = StoppedBySomebody(run=run.run_id)
    close_run(desk.database, run, RunStatus.CANCELLED, stopped)
    desk.post(f"/staff/runs/{run.run_id}/resume")


def aside(desk: Desk, name: str) -> int:
    """Put a record into quarantine that can be read again, and return its key."""
    damaged = Item(identifier="oai:x/1", payload=items(1)[0].payload)
    desk.counter.hub.add(name, Repository(items=[damaged]))
    source = sources.get(desk.database, name)
    sources.change(desk.database, replace(source, crosswalk="dim-marc21"))
    harvest(desk.counter.line, name, HarvestOptions())
    [line] = quarantine_lists.lines(desk.database, name)
    sources.change(desk.database, source)
    return line.key


BULKS = "/staff/corrections/bulk"
BULK = {"query": "tat den", "rules": '500 __ $a <- "Thử"', "reason": "thử"}


def bulk_looked_at(desk: Desk) -> int:
    """Have it worked out what a bulk correction would do, and return its number."""
    asked = bulk.Wanted(language=Language.WORDS, **BULK)
    number = bulk.ask(desk.database, asked, "an")
    carry_out(desk.counter.line, number, Event(), lambda _: None)
    return number


CORRECTED = "/staff/corrections/record/000000001"
RECORDS: dict[str, Callable[[Desk], object]] = {
    "runs.decide": decide_run,
    "runs.resume": resume_run,
    "runs.rerun": lambda desk: desk.post(
        f"/staff/runs/{harvest(desk.counter.line, 'h1', HarvestOptions()).run}/replay"
    ),
    "quarantine.retry": lambda desk: desk.post(
        f"/staff/quarantine/record/{aside(desk, 'q1')}/retry"
    ),
    "quarantine.retry_all": lambda desk: [
        aside(desk, "q2"),
        desk.post("/staff/quarantine/source/q2/retry"),
    ],
    "matches.decide": lambda desk: desk.post(
        "/staff/matches/decide", one="m1/a", two="m2/b", decision="same"
    ),
    "corrections.make": lambda desk: desk.post(
        CORRECTED,
        kind="add",
        over="500 ## $a Bản in lần đầu",
        reason="theo sách",
        seen=document(desk.admin.get(CORRECTED)).xpath("string(//input[@name='seen']/@value)"),
    ),
    "authorities.give": lambda desk: desk.post(
        "/staff/authorities",
        list="thu",
        file=(io.BytesIO(WRITERS.encode()), "writers.tsv"),
    ),
    "authorities.answer": lambda desk: desk.post(
        "/staff/authorities/asked", one="thu p1", other="thu p2", answer="different"
    ),
    "authorities.undo": lambda desk: desk.post("/staff/authorities/asked/1/undo"),
    "authorities.widen": lambda desk: desk.post("/staff/authorities/list/thu/widen", widens="no"),
    "authorities.take_away": lambda desk: desk.post(
        "/staff/authorities/list/thu/remove", sure="yes"
    ),
    "corrections.undo": lambda desk: desk.post("/staff/corrections/undo/1"),
    "corrections.ask_bulk": lambda desk: desk.post(BULKS + "/new", **BULK),
    "corrections.apply_bulk": lambda desk: desk.post(f"{BULKS}/{bulk_looked_at(desk)}/apply"),
    "corrections.undo_bulk": lambda desk: [
        desk.post(f"{BULKS}/{(number := bulk_looked_at(desk))}/apply"),
        desk.post(f"{BULKS}/{number}/undo"),
    ],
    "matches.judge": lambda desk: desk.post(
        "/staff/matches/review", a="m1/a", b="m2/b", decision="different"
    ),
    "matches.undo": lambda desk: desk.post(
        document(desk.admin.get("/staff/matches/history")).xpath(
            "string(//form[contains(@action, '/undo/')]/@action)"
        )
    ),
}


def revert(desk: Desk) -> None:
    twice = Book(title="Tắt đèn", author="Ngô Tất Tố", year="1939")
    deliver(desk.database, "m2", *books([("e", twice)]))
    place_all(desk.database)
    page = f"/staff/matches/cluster/{get(desk.database, 'm2', 'c').cluster}"
    action = document(desk.admin.get(page)).xpath(
        "string(//form[contains(@action, '/revert/')]/@action)"
    )
    desk.post(action, back=page)


PAGE = "/staff/policy/version/severe"


def switch(desk: Desk) -> None:
    work_out(desk.database, "severe")
    desk.filled(PAGE, f"{PAGE}/switch")


MATCHING: dict[str, Callable[[Desk], object]] = {
    "matches.revert": revert,
    "policy.add": lambda desk: desk.post(
        "/staff/policy/new", text=changed("severe", same=1.0, sure=1.0), note=""
    ),
    "policy.effect": lambda desk: desk.post(f"{PAGE}/effect"),
    "policy.switch": switch,
    "policy.discard": lambda desk: [
        policies.add(desk.database, changed("other", same=0.9), "an", ""),
        desk.post("/staff/policy/version/other/discard"),
    ],
}

NAME = "oai_dc-marc21"
MAP = f"/staff/crosswalks/of/{NAME}"
DRAFTED = (
    "crosswalk oai_dc-marc21 version 1\nfrom oai_dc to marc21\ninclude shipped/oai_dc-marc21\n"
)


def published(desk: Desk) -> None:
    crosswalk_effects.work_out_next(desk.counter.line, Event())
    desk.filled(f"{MAP}/effect", f"{MAP}/publish")


def drafted(desk: Desk, note: str = "") -> None:
    desk.filled(f"{MAP}/edit", text=DRAFTED, keep="yes", note=note)


MAPPED: dict[str, Callable[[Desk], object]] = {
    "crosswalks.keep": drafted,
    "crosswalks.work_out": lambda desk: desk.post(f"{MAP}/effect", of="draft"),
    "crosswalks.publish": published,
    "crosswalks.discard": lambda desk: [
        drafted(desk, "khác"),
        desk.post(f"{MAP}/discard", seen=crosswalk_drafts.standing(desk.database, NAME)),
    ],
}

ROWS = "ISBN;Nhan đề;Kho;Số ĐKCB\n9786049763342;Số đỏ;Kho đọc;VV1\n"


def send(desk: Desk, title: str) -> str:
    body = book("b1", title)
    sent = desk.post(
        "/staff/deliveries/send", source="s1", kind="", files=[(io.BytesIO(body), "a.mrc")]
    )
    return str(sent.location)


def discard(desk: Desk) -> None:
    desk.post(f"{send(desk, 'Khác')}/discard")


def apply(desk: Desk) -> None:
    number = desk.counter.checked(book("b2", "Giông tố")).id
    desk.post(f"/staff/deliveries/{number}/apply")


def check_again(desk: Desk) -> None:
    number = desk.counter.checked(book("b3", "Vỡ đê")).id
    source = sources.get(desk.database, "s1")
    sources.change(desk.database, replace(source, crosswalk="marc21-marc21"))
    desk.post(f"/staff/deliveries/{number}/check")


FILES: dict[str, Callable[[Desk], object]] = {
    "deliveries.send": lambda desk: send(desk, "Số đỏ"),
    "deliveries.discard": discard,
    "deliveries.apply": apply,
    "deliveries.check": check_again,
    "holdings.give": lambda desk: [
        add_library(desk.database),
        desk.post("/staff/holdings", library="SMALL", file=(io.BytesIO(ROWS.encode()), "a.csv")),
    ],
    "holdings.again": lambda desk: desk.post("/staff/holdings/SMALL/main/retry"),
    "holdings.take_away": lambda desk: desk.post("/staff/holdings/SMALL/main/remove", sure="yes"),
}

LISTS = "/member/holdings"


def checked(desk: Desk) -> str:
    """Have a list of the member checked, and return its page."""
    rows = io.BytesIO(f"{ROWS};Khác {time.time_ns()};;\n".encode())
    return str(desk.post(LISTS, "member", file=(rows, "a.csv")).location)


def keep_contact(desk: Desk, name: str) -> None:
    desk.post("/member/contacts/contact", "member", name=name, mail="an@example.vn")


def keyed(door: str) -> dict[str, Callable[[Desk], object]]:
    def revoke(desk: Desk) -> None:
        newest = keys.all(desk.database)[0].id
        desk.post(f"/{door}/keys/revoke", door, number=str(newest))

    return {
        f"{door}.make_key": lambda desk: desk.post(f"/{door}/keys", door, title="Koha"),
        f"{door}.revoke_key": revoke,
    }


HELD = "/member/hold/000000001"
OWN: dict[str, Callable[[Desk], object]] = {
    "own.keep_contact": lambda desk: [keep_contact(desk, name) for name in ("An", "Bình")],
    "own.choose_notices": lambda desk: desk.post(
        "/member/contacts/notices",
        "member",
        name="An",
        digest="daily",
        seen=notices.of_library(desk.database, "M1")["An"].seen,
    ),
    "own.remove_contact": lambda desk: desk.post(
        "/member/contacts/remove", "member", name="An", sure="yes"
    ),
    "own.say_held": lambda desk: desk.post(HELD, "member", location="Kho đọc"),
    "own.say_dropped": lambda desk: desk.post(
        f"{HELD}/drop",
        "member",
        identity=one.told(desk.database, Place(library="M1", public_id="000000001"))[0].identity,
    ),
    "own.check_list": checked,
    "own.take_list": lambda desk: desk.post(f"{checked(desk)}/take", "member"),
    "own.discard_list": lambda desk: desk.post(f"{checked(desk)}/discard", "member"),
    "own.retry_list": lambda desk: desk.post(f"{LISTS}/list/main/retry", "member"),
    "own.remove_list": lambda desk: desk.post(f"{LISTS}/list/main/remove", "member", sure="yes"),
    **keyed("member"),
    **keyed("staff"),
}

MEMBER = "/staff/members/NEW"
BESIDE = {"name": "Lê An", "mail": "an@example.vn"}
MEMBERS: dict[str, Callable[[Desk], object]] = {
    "members.add": lambda desk: desk.filled("/staff/add-member", code="NEW", title="Mới"),
    "members.change": lambda desk: desk.filled(f"{MEMBER}/change", region="Huế"),
    "members.keep_contact": lambda desk: desk.filled(f"{MEMBER}/contact", **BESIDE),
    "members.remove_contact": lambda desk: desk.post(
        f"{MEMBER}/contact/remove", name="Lê An", sure="1"
    ),
    "members.keep_agreement": lambda desk: desk.filled(f"{MEMBER}/agreement", number="1"),
    "members.remove_agreement": lambda desk: desk.post(
        f"{MEMBER}/agreement/remove", number="1", sure="1"
    ),
    "members.add_group": lambda desk: desk.filled("/staff/add-group", code="NHOM", name_vi="Nhóm"),
    "members.change_group": lambda desk: desk.filled("/staff/groups/NHOM", name_en="Group"),
    "members.remove_group": lambda desk: desk.filled("/staff/groups/NHOM/remove"),
    "standing.change": lambda desk: desk.post(
        "/staff/standing/NEW", standing="suspended", seen="member", reason="thử"
    ),
    "hidden.add": lambda desk: desk.post(
        "/staff/hidden/add", kind="record", name="m1/a", reason="thử"
    ),
    "hidden.lift": lambda desk: desk.post("/staff/hidden/1/lift"),
    "dumps.make": lambda desk: desk.post("/staff/dumps/make", view="public", format="marcxml"),
    "reports.make": lambda desk: desk.post("/staff/reports/make", period="2024"),
}


def reported(desk: Desk, text: str = "Sai năm") -> int:
    """Have a reader report an error in the record of the first library, and return its number."""
    report = Report(kind=Kind.DESCRIPTION, text=text)
    return open_ticket(desk.database, get(desk.database, "m1", "a").cluster, "", report)


def by_reader(desk: Desk) -> None:
    public_id = get(desk.database, "m1", "a").cluster
    token = formtoken.token(b"k" * 32, f"report {public_id}", time.time() - 60)
    form = {"token": token, "kind": "other", "text": "Sai tên tác giả"}
    desk.admin.post(f"/record/{public_id}/report", data=form)


READERS: dict[str, Callable[[Desk], object]] = {
    "members.keep_lending": lambda desk: desk.post(
        "/staff/members/M1/lending", phone="024", seen=lending(desk.database, "M1").fingerprint
    ),
    "own.keep_lending": lambda desk: desk.post(
        "/member/lending", "member", phone="025", seen=lending(desk.database, "M1").fingerprint
    ),
    "public.send_report": by_reader,
    "tickets.change": lambda desk: desk.filled(f"/staff/tickets/{reported(desk)}", text="để xem"),
    "own.change_ticket": lambda desk: desk.post(
        f"/member/tickets/{reported(desk, 'Sai chủ đề')}", "member", text="đã sửa", seen="0"
    ),
}

JOINING = "/staff/joining/HUST"


def by_link(desk: Desk, path: str, **data: str) -> None:
    """Send a form of an applicant, by a link that is made for it."""
    token = inviting.invite(desk.database, "HUST", "an")
    desk.admin.post(f"/joining/{token}/{path}", data=data)


def streamed(desk: Desk) -> None:
    checks.stream(desk.database, "HUST", Source(**OFFERED), By("an"))
    desk.filled(JOINING, f"{JOINING}/check")


def signed(desk: Desk) -> None:
    number = checks.begin(desk.database, "HUST", By("an"))
    checks.finish(desk.database, number, "pass", {})
    desk.filled(JOINING, f"{JOINING}/sign", check=str(number))


OFFERED = {"name": "hust", "library": "HUST", "protocol": "oai-pmh", "url": "http://127.0.0.1:9/"}
APPLIED: dict[str, Callable[[Desk], object]] = {
    "joining.add": lambda desk: desk.filled("/staff/add-joining", code="HUST", name="Bách khoa"),
    "joining.move": lambda desk: desk.post(f"{JOINING}/move", state="survey", note="thử"),
    "joining.invite": lambda desk: desk.post(f"{JOINING}/invite"),
    "joining_door.answer": lambda desk: by_link(desk, "survey", system="Koha", part="1"),
    "joining.check": streamed,
    "joining.sign": signed,
    "joining_door.sign": lambda desk: by_link(desk, "sign", mend="1", note="sai nhan đề"),
}

SENT_TO = "/member/deliveries"
TRIED = {"name": "tried", "library": "M1", "protocol": "file", "url": "file:"}


def own_file(desk: Desk, title: str) -> str:
    """Have the member send a file, check it, and return its page."""
    if "tried" not in {each.name for each in sources.all(desk.database)}:
        sources.add(desk.database, Source(**TRIED))
    file = (io.BytesIO(book("o1", title)), "o.mrc")
    sent = desk.post(SENT_TO, "member", source="tried", kind="changes", file=file)
    desk.counter.check(int(str(sent.location).rpartition("/")[2]))
    return str(sent.location)


def check_own(desk: Desk) -> None:
    page = own_file(desk, "Ba")
    source = sources.get(desk.database, "tried")
    sources.change(desk.database, replace(source, crosswalk="marc21-marc21"))
    desk.post(f"{page}/check", "member")


def sign_preview(desk: Desk) -> None:
    previews.ask(desk.database, "tried")
    work_out_next(desk.counter.line, Event())
    page = document(desk.member.get("/member/preview/tried"))
    form = boxes(page)
    desk.member.post("/member/preview/tried/sign", data=form | {"mend": "1", "note": "sai"})


def set_stage(desk: Desk) -> None:
    form = boxes(document(desk.admin.get("/staff/sources/tried/stage")), 1)
    desk.admin.post("/staff/sources/tried/stage", data=form)


TRYING: dict[str, Callable[[Desk], object]] = {
    "own.send_delivery": lambda desk: own_file(desk, "Một"),
    "own.discard_delivery": lambda desk: desk.post(f"{own_file(desk, 'Hai')}/discard", "member"),
    "own.check_delivery": check_own,
    "sources.set_stage": set_stage,
    "own.sign_preview": sign_preview,
    "own.apply_delivery": lambda desk: desk.post(f"{own_file(desk, 'Bốn')}/apply", "member"),
}

TRIALS: dict[str, Callable[[Desk], object]] = {
    "staff.setup": setup,
    **at_door("staff"),
    **at_door("member"),
    **PEOPLE,
    **ALERTS,
    **SOURCES,
    **GIVEN,
    **RECORDS,
    **MATCHING,
    **MAPPED,
    **FILES,
    **OWN,
    **TRYING,
    **MEMBERS,
    **READERS,
    **APPLIED,
}
"""By endpoint, in the order in which they are tried."""
NOWHERE = {"member.setup"}
"""There is nothing at this address: a hub is set up at the staff's door alone."""


@pytest.fixture(scope="module")
def silent(desk: Desk) -> list[tuple[str, set[str]]]:
    """Give those that were tried and left no entry, each with what was told instead."""
    found = []
    for endpoint, trial in TRIALS.items():
        known = [each.id for each in desk.entries()[:1]]
        trial(desk)
        told = {each.act for each in desk.entries(known[0] if known else 0)}
        if endpoint not in told:
            found.append((endpoint, told))
    return found


def test_what_is_changed_at_every_address_is_written_down(silent: list[tuple[str, set[str]]]):
    assert silent == []


def test_every_address_that_changes_something_is_tried():
    assert {*TRIALS} | NOWHERE == KEPT


@pytest.mark.usefixtures("silent")
def test_no_secret_stands_in_what_was_written_down(desk: Desk):
    entries = store.entries(desk.database, Wanted(), limit=10_000)
    told = str(entries)
    hashes = [each for each in entries if re.search(r"[0-9a-f]{64}", str(each))]

    assert [secret for secret in (PASSWORD, NEW, "argon2") if secret in told] == []
    assert len(entries) > len(TRIALS)
    # Of a delivery its content is named by a hash.
    assert {each.kind for each in hashes} <= {"intake"}
    # Nor a token: forty-three signs of base 64.
    assert not re.search(r"[\w-]{43}", re.sub(r"[0-9a-f]{64}", "", told))

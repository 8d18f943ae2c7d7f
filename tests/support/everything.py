"""A hub that has something of everything, and an address for each page there is to look at.

What holds for every page (its words, its width, who can read it) is tried out on these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from threading import Event

from flask import Flask

from catalogue import (
    crosswalks,
    daily,
    policies,
    public_figures,
    quarantine_lists,
    queue,
    source_records,
    sources,
    users,
)
from catalogue.accounts import keys, tickets
from catalogue.consumers import store as consumers
from catalogue.consumers.model import Consumer
from catalogue.crosswalks import Version
from catalogue.database import Database
from catalogue.holdings.deliveries import Delivery
from catalogue.holdings.model import Row
from catalogue.intake.model import Kind as Sent
from catalogue.joining import inviting
from catalogue.joining import store as applications
from catalogue.joining.model import Application
from catalogue.lending import keeping
from catalogue.lending.model import Lending
from catalogue.members import contacts
from catalogue.members.model import Contact
from catalogue.membership.hiding import Kind
from catalogue.membership.standing import By
from catalogue.membership.suppressing import Target, suppress
from catalogue.model import RunStatus, Source
from catalogue.observed import Stage
from catalogue.overlays import bulk, making
from catalogue.overlays.bulk import Wanted as BulkWanted
from catalogue.overlays.making import By as Correcting
from catalogue.overlays.model import Change
from catalogue.overlays.model import Kind as Laying
from catalogue.overlays.notation import read
from catalogue.previews import store as previews
from catalogue.quality import counting
from catalogue.querysets import defining
from catalogue.querysets.model import Language, QuerySet
from catalogue.records import get
from catalogue.reports.periods import parse
from catalogue.store import close_run, open_run
from catalogue.tickets.model import Kind as About
from catalogue.tickets.model import Report
from catalogue.tickets.opening import open_ticket
from catalogue.users import Role, Wanted
from catalogue.validations import store as validations
from crosswalks.shelf import Written
from hub.sourcecheck import check
from provider.dumps.model import Form, Series
from scheduler import givenlists
from scheduler.bulk import carry_out
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from scheduler.policies import work_out
from scheduler.previewing import work_out_next
from scheduler.reports import make_now
from support import listed, pages
from support.authorities import take_table
from support.deliveries import Counter, book, books
from support.dumped import Taker
from support.filled import settle
from support.oai_source import Item, Repository, items
from support.policies import changed
from support.staff import PASSWORD, room, with_known_templates
from web.app import create_app
from web.counting import Doors

_EMPTY = {
    "code": "empty-answer",
    "severity": "error",
    "verb": "ListRecords",
    "request": f"http://127.0.0.1:9/{'a' * 90}?verb=ListRecords",
    "details": {},
    "count": 3,
}
LONG = "mot-ten-rat-dai-de-xem-co-tran-ra-ngoai-man-hinh"
MAP = "oai_dc-marc21"
DRAFTED = f"crosswalk {MAP} version 1\nfrom oai_dc to marc21\n# mine\ninclude shipped/{MAP}\n"
_LATE = 3_900_000_000
_WEEK = 7 * 86_400

STAFF = {
    "alerts.listing": "/staff/alerts",
    "alerts.told": "/staff/alerts/channels",
    "audit.listing": "/staff/audit",
    "authorities.overview": "/staff/authorities?q=nguyen",
    "authorities.asked": "/staff/authorities/asked",
    "authorities.show": "/staff/authorities/list/thu",
    "authorities.heading": "/staff/authorities/list/thu/heading?number=p1",
    "clock.upcoming": "/staff/next",
    "consumers.listing": "/staff/consumers",
    "consumers.new": "/staff/consumers/add",
    "consumers.show": "/staff/consumers/consumer/{long}",
    "consumers.edit": "/staff/consumers/consumer/{long}/change",
    "consumers.ask": "/staff/consumers/consumer/{long}/remove",
    "consumers.taken": "/staff/consumers/usage",
    "corrections.listing": "/staff/corrections",
    "corrections.show": "/staff/corrections/record/{cluster}",
    "corrections.bulks": "/staff/corrections/bulk",
    "corrections.new_bulk": "/staff/corrections/bulk/new?like=1",
    "corrections.show_bulk": "/staff/corrections/bulk/1",
    "crosswalks.listing": "/staff/crosswalks",
    "crosswalks.new": "/staff/crosswalks/new",
    "crosswalks.show": "/staff/crosswalks/of/{map}",
    "crosswalks.in_words": "/staff/crosswalks/of/{map}/rules",
    "crosswalks.text": "/staff/crosswalks/of/{map}/text",
    "crosswalks.edit": "/staff/crosswalks/of/{map}/edit",
    "crosswalks.compare": "/staff/crosswalks/of/{map}/compare?one=0&two=d1",
    "crosswalks.trial": "/staff/crosswalks/of/{map}/try",
    "crosswalks.effect": "/staff/crosswalks/of/{map}/effect",
    "deliveries.listing": "/staff/deliveries",
    "deliveries.show": "/staff/deliveries/2",
    "deliveries.ask": "/staff/deliveries/send",
    "dumps.listing": "/staff/dumps",
    "holdings.overview": "/staff/holdings",
    "holdings.show": "/staff/holdings/SMALL/main",
    "live.ask": "/staff/live?q=sach",
    "live.basket": "/staff/live/basket",
    "matches.asked": "/staff/matches",
    "matches.cip": "/staff/matches/cip",
    "matches.cluster": "/staff/matches/cluster/{cluster}",
    "matches.compare": "/staff/matches/compare?one=s2/c&two=s2/d",
    "matches.doubles": "/staff/matches/doubles/L2",
    "matches.review": "/staff/matches/review",
    "matches.history": "/staff/matches/history",
    "home.show": "/staff",
    "members.listed": "/staff/members",
    "members.show": "/staff/members/S1",
    "members.quality": "/staff/members/S1/quality",
    "members.new": "/staff/add-member",
    "members.edit": "/staff/members/S1/change",
    "members.contact": "/staff/members/S1/contact",
    "members.agreement": "/staff/members/S1/agreement",
    "members.grouped": "/staff/groups",
    "members.new_group": "/staff/add-group",
    "standing.show": "/staff/standing/S1",
    "hidden.listing": "/staff/hidden?all=1",
    "reports.listing": "/staff/reports",
    "reports.show": "/staff/reports/report/2024/1",
    "joining.listing": "/staff/joining",
    "joining.new": "/staff/add-joining",
    "joining.show": "/staff/joining/MOI",
    "people.listing": "/staff/users",
    "policy.listing": "/staff/policy",
    "policy.new": "/staff/policy/new",
    "policy.show": "/staff/policy/version/severe",
    "policy.decided": "/staff/policy/version/severe/decided",
    "problems.listing": "/staff/problems?code=unknown-format",
    "problems.show": "/staff/problems/problem/1",
    "publishing.overview": "/staff/publishing",
    "quarantine.listing": "/staff/quarantine",
    "quarantine.of_source": "/staff/quarantine/source/s1",
    "quarantine.record": "/staff/quarantine/record/{key}",
    "runs.listing": "/staff/runs",
    "runs.show": "/staff/runs/1",
    "runs.log": "/staff/runs/1/log",
    "runs.samples": "/staff/runs/1/problems/unknown-format",
    "runs.ask": "/staff/runs/{waiting}/approve",
    "sets.listing": "/staff/sets",
    "sets.new": "/staff/sets/add",
    "sets.show": "/staff/sets/set/{long}",
    "sets.ask": "/staff/sets/set/{long}/remove",
    "sources.listing": "/staff/sources",
    "sources.show": "/staff/sources/{long}",
    "sources.settings": "/staff/sources/{long}/settings",
    "sources.history": "/staff/sources/{long}/runs",
    "sources.stored": "/staff/sources/s1/records",
    "sources.record": "/staff/sources/s1/records/{key}",
    "sources.problems": "/staff/sources/s1/problems",
    "sources.mapping": "/staff/sources/s1/mapping",
    "sources.notes": "/staff/sources/{long}/notes",
    "sources.stage": "/staff/sources/tried/stage",
    "sources.checks": "/staff/sources/{long}/validator",
    "sources.check_report": "/staff/sources/{long}/validator/1",
    "sources.wishes": "/staff/sources/{long}/harvest",
    "sources.copy": "/staff/sources/{long}/copy",
    "sources.add": "/staff/add-source",
    "members.lending": "/staff/members/S1/lending",
    "tickets.listing": "/staff/tickets",
    "tickets.show": "/staff/tickets/1",
    "system.show": "/staff/system",
    "wording.listing": "/staff/words",
    "staff.account": "/staff/account",
    "staff.factor": "/staff/account/factor",
}
"""What an administrator can look at, by the endpoint."""
OUTSIDE = {
    "help.listing": "/help?q=thu+thap",
    "help.page": "/help/staff",
    "public.interface": "/api",
    "public.search": "/?q=sach",
    "public.headings": "/headings?from=a",
    "public.advanced": "/advanced?author=ngo+tat+to&from=1930&f=material:book&marks=1",
    "public.record": "/record/{cluster}",
    "public.holdings": "/record/{cluster}/holdings",
    "public.sources": "/record/{cluster}/sources",
    "public.work": "/work/{cluster}",
    "public.dumps": "/dumps/",
    "public.asked": "/record/{cluster}/request?library=L2",
    "public.ask_report": "/record/{cluster}/report",
    "public.reported": "/record/{cluster}/report/1",
    "about.show": "/about",
    "public_live.ask": "/live?q=sach",
    "endpoints.show": "/endpoints",
    "joining_door.show": "/joining/{joining}",
    "staff.login": "/staff/login",
    "staff.forgotten": "/staff/forgotten",
    "member.ticket": "/member/link/{invitation}",
}
"""What can be looked at without signing in."""
MEMBER = {
    "own.home": "/member/",
    "own.corrections": "/member/corrections",
    "own.lending": "/member/lending",
    "own.tickets": "/member/tickets",
    "own.ticket": "/member/tickets/1",
    "own.problems": "/member/problems?code=unknown-format",
    "own.quality": "/member/quality",
    "own.record": "/member/records/{key}",
    "own.runs": "/member/runs",
    "own.run": "/member/runs/1",
    "own.samples": "/member/runs/1/problems/unknown-format",
    "own.contacts": "/member/contacts",
    "own.contact": "/member/contacts/contact?name=Lan",
    "own.hold": "/member/hold/{cluster}",
    "own.holdings": "/member/holdings",
    "own.checked_list": "/member/holdings/file/{file}",
    "own.list_rows": "/member/holdings/list/main",
    "member.keys": "/member/keys",
    "own.deliveries": "/member/deliveries",
    "own.delivery": "/member/deliveries/{delivered}",
    "own.previews": "/member/preview",
    "own.preview": "/member/preview/tried",
    "own.preview_records": "/member/preview/tried/records",
    "own.preview_record": "/member/preview/tried/records/{tried}",
    "own.validator": "/member/validator",
    "own.checks": "/member/validator/{own}",
    "own.check_report": "/member/validator/{own}/2",
    "member.account": "/member/account",
    "member.factor": "/member/account/factor",
}
"""What a member library can look at."""
ELSEWHERE = {
    "policy.wait": "part of a page",
    **{
        f"sources.{step}": "a step of the guided way; the workflow goes it"
        for step in ("address", "choose", "look_at_records", "plan", "dry_run")
    },
    "sources.look": "comes line by line; the workflow looks at it",
    "sources.test": "comes line by line; the workflow looks at it",
    "sources.preview": "comes line by line; the workflow looks at it",
    "members.edit_group": "the form for a new one",
    "members.ask_group": "as the other questions before something is removed",
    "staff.code": "only on the way in; the workflow looks at it",
    "staff.ticket": "the page of members",
    "staff.setup": "only where there is nobody yet",
    "member.code": "the page of staff",
    "member.login": "the page of staff",
    "member.forgotten": "the page of staff",
    "member.setup": "the page of staff",
    **{
        f"{door}.{step}": "a step of single sign-on, which leads on; the workflow goes it"
        for door in ("staff", "member")
        for step in ("sso", "sso_back", "sso_found", "sso_link", "sso_ticket")
    },
    "staff.keys": "the page of members",
    "own.improved": "a file",
    "own.check_data": "a file",
    "sources.check_data": "a file",
    "own.rules": "a file",
    "healthz": "for programs",
    "metrics": "for programs",
    "readyz": "for programs",
    "help.picture": "a picture",
    "public.opensearch": "for programs",
    "public.robots": "for programs",
    "static": "files",
}
"""Why an endpoint that answers GET with a whole page is not among those."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    """Such a hub, with ``lan`` who may all and ``thu-vien`` who is a member library's."""

    database: Database
    app: Flask
    places: Mapping[str, str]
    """What stands in braces in the addresses."""

    def at(self, addresses: Mapping[str, str]) -> list[str]:
        """Return addresses as they are in this hub."""
        return [address.format_map(self.places) for address in addresses.values()]


def fill(counter: Counter) -> Everything:
    """Fill a hub."""
    database = counter.database
    users.add(database, "lan", PASSWORD, Role.ADMIN, mail="lan@example.vn")
    broken = Item(identifier="x", payload="<q xmlns='urn:q'/>")
    counter.hub.add("s1", Repository(items=[*items(2), broken]))
    harvest(counter.line, "s1", HarvestOptions())
    _union(database)
    _deliveries(counter)
    _waiting(database)
    pages.deliver(database, LONG, *pages.books([("a", pages.Book())]))
    _published(database)
    policies.add(database, changed("severe", same=1.0, sure=1.0), "an", "thử xem")
    work_out(database, "severe")
    suppress(
        database,
        Target(kind=Kind.CLUSTER, name="000000001"),
        By(person="lan", reason="thử"),
        until=_LATE,
    )
    _asked_for(database, get(database, "s2", "c").cluster)
    _corrected(database, get(database, "s2", "c").cluster)
    take_table(database)
    daily.count_if_due(database)
    public_figures.count_if_due(database)
    [*counting.count_next(database, Event())]
    make_now(database, UTC, parse("2024"), "Nguyễn Thị Lan Hương")
    applications.add(database, Application(code="MOI", name="Mới"), "an")
    [line] = quarantine_lists.lines(database, "s1")
    users.add(database, "thu-vien", PASSWORD, Role.MEMBER, library="S1")
    _, invitation = tickets.invite(database, "moi", Wanted(Role.MEMBER, "S1"), _WEEK)
    waiting = open_run(database, LONG)
    assert waiting is not None
    close_run(database, waiting, RunStatus.WAITING)
    written = Written(text=DRAFTED)
    crosswalks.put_draft(database, Version(name=MAP, version=None, written=written))
    places = {
        "map": MAP,
        "long": LONG,
        "key": str(line.key),
        "cluster": get(database, "s2", "c").cluster,
        "joining": inviting.invite(database, "MOI", "an"),
        "invitation": invitation,
        "waiting": str(waiting.run_id),
        "file": str(_of_member(database)),
    }
    carry_out(counter.line, 1, Event(), lambda _: None)
    places |= _tried(counter)
    here = room(database, line=counter.line, check=check, baskets=counter.folder)
    folder = counter.folder / "dumps"
    for series in (Series(), Series(set_spec=f"query:{LONG}", form=Form.JSONL)):
        Taker(database, folder, series).make()
    doors = Doors(dumps=folder)
    app = create_app(database, counter.line.identity, b"k" * 32, room=here, doors=doors)
    return Everything(database=database, app=with_known_templates(app), places=places)


def _union(database: Database) -> None:
    """A doubt between two libraries, a book that one has twice, and a list of holdings."""
    for name, library in (("s2", "L2"), ("s3", "L3")):
        pages.add_source(database, name, library)
    twice = pages.Book(title="Tắt đèn", author="Ngô Tất Tố", year="1939")
    doubtful = pages.Book(title="Chiếc lược ngà. Tập 1")
    pages.deliver(database, "s3", *pages.books([("a", pages.Book(title="Chiếc lược ngà"))]))
    pages.deliver(database, "s2", *pages.books([("b", doubtful), ("c", twice), ("d", twice)]))
    listed.add_library(database)
    listed.give(database, Row(title="Tắt đèn", author="Ngô Tất Tố", year="1939"))
    settle(database)
    listed.settle(database)


def _of_member(database: Database) -> int:
    """What a member looks after: a contact, a list, one that waits, a key, a service."""
    contacts.add(database, "S1", Contact(name="Lan", mail="lan@example.vn"))
    rows = (Row(title="Tắt đèn", author="Ngô Tất Tố", year="1939"), Row(title=LONG * 2))
    listed.give(database, *rows, library="S1")
    keys.make(database, "thu-vien", LONG, 9)
    consumers.add(database, Consumer(name="cua-s1", title="Cổng S1", library="S1"))
    given = Delivery(list="main", file=f"{LONG}.csv", author="thu-vien")
    table = "ISBN;Nhan đề\n1;Một\n"
    return givenlists.check(database, pages.HUB, "S1", given, table.encode())


def _deliveries(counter: Counter) -> None:
    counter.add("thu-vien")
    counter.deliver(books(range(100)), Sent.WHOLE, "thu-vien")
    broken = book("x" * 90)[:120] + b"\x1d"
    counter.checked(books(range(50), code="L1") + broken, Sent.WHOLE, "thu-vien")


def _tried(counter: Counter) -> dict[str, str]:
    """A source that is tried out, with its preview, and checks of two servers."""
    database = counter.database
    counter.add("tried", library="S1")
    previews.set_stage(database, "tried", Stage.TEST, By(person="lan"), "live.0")
    delivered = counter.checked(books(range(3)), Sent.CHANGES, "tried").id
    counter.deliver_checked(delivered, "tried")
    previews.ask(database, "tried")
    work_out_next(counter.line, Event())
    report = {"url": LONG, "requests": 9, "records": 3, "complete": True, "problems": [_EMPTY]}
    for name in (LONG, "s1"):
        validations.ask(database, name, "lan")
        job = queue.due(database, validations.KIND)[0]
        lease = queue.claim(database, validations.KIND, job)
        found = validations.waiting(database, job)
        assert found is not None
        assert lease is not None
        validations.finish(database, lease, found.id, "mend", report)
    key = source_records.listing(database, "tried")[0].key
    return {"delivered": str(delivered), "tried": str(key), "own": "s1"}


def _waiting(database: Database) -> None:
    source = Source(name=LONG, library="LIB", protocol="oai-pmh", url=f"http://127.0.0.1:9/{LONG}")
    sources.add(database, source)


def _corrected(database: Database, cluster: str) -> None:
    change = Change(kind=Laying.ADD, over=read("650 #4 $a Văn học hiện thực phê phán"))
    making.make(database, cluster, change, Correcting("lan", "đối chiếu với sách"))
    settle(database)
    wanted = BulkWanted(
        language=Language.CQL,
        query="dc.title = den",
        rules='300 .. <- 300 $* | replace "tr[.]" "trang"\n852 .. <- 852 $!a',
        reason="viết đầy đủ",
    )
    bulk.ask(database, wanted, "lan")


def _asked_for(database: Database, cluster: str) -> None:
    """What readers are told of lending, and an error that one of them reported."""
    told = Lending(mail="muon@example.vn", record_address="https://opac.example.vn/{number}")
    keeping.change(database, "L2", told, Lending().fingerprint)
    report = Report(kind=About.DESCRIPTION, text="Sách in năm 1937,\nkhông phải 1939.")
    open_ticket(database, cluster, "Tắt đèn", report, ["S1"])


def _published(database: Database) -> None:
    one = QuerySet(name=LONG, title=LONG * 2, language=Language.WORDS, query="kieu")
    defining.add(database, one)
    consumers.add(database, Consumer(name=LONG, title=LONG * 2, sets=(f"query:{LONG}",)))

"""The demo's hub with something on every page of which there is a picture, and nothing secret."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

from catalogue import browse, crosswalks, daily, libraries, runs, sources, users
from catalogue.crosswalks import Version
from catalogue.database import Database
from catalogue.holdings.model import Row
from catalogue.members import contacts
from catalogue.members.model import Contact
from catalogue.model import Library, Source
from catalogue.overlays import bulk, making
from catalogue.overlays.bulk import Wanted
from catalogue.overlays.making import By
from catalogue.overlays.model import Change, Kind
from catalogue.overlays.notation import read
from catalogue.querysets import defining
from catalogue.querysets.model import Language, QuerySet
from catalogue.reports.periods import parse
from catalogue.users import Role
from crosswalks.shelf import Written
from hub.harvesting import line_of
from hub.instance import Hub
from hub.webapp import web_app
from scheduler.bulk import carry_out
from scheduler.model import HarvestOptions
from scheduler.pipeline import harvest
from scheduler.placing import Placer
from scheduler.reports import make_now
from support import listed
from support.loopback import replying
from support.oai_source import Item, Repository
from support.processes import REPOSITORY, lienthong
from support.searching import search
from support.waitress_server import waitress_serving
from web.language import translator

PASSWORD = "mot mat khau dai"
ADDRESSES = {
    "thu-vien-quoc-gia": "https://nlv.example.vn/oai",
    "thu-vien-dai-hoc": "https://tailieuso.dhkh.example.vn/server/oai/request",
    "thu-vien-thanh-pho": "https://opac.tvtp.example.vn/cgi-bin/koha/oai.pl",
    "thu-vien-tinh": "https://thuvientinh.example.vn/oai",
    "thu-vien-huyen": "https://thuvienhuyen.example.vn/oai",
}
"""Under which addresses its sources are shown, in place of those of this machine."""
_SETTINGS = """\
[public]
base_url = "https://hub.example.vn"
domain = "hub.example.vn"
name = "Liên Thông"
hub_code = "VN-HUB"
admin_email = "hub@example.vn"

[harvest]
allow_networks = ["127.0.0.0/8", "::1/128"]
retries = 0
"""
_OPAC = "address=https://opac.khtn.example.vn/cgi-bin/koha/oai.pl"
_COMMANDS = (
    (
        *("joining", "add", "KHTN", "--name", "Thư viện Khoa học Tự nhiên"),
        *("--mail", "thuvien@khtn.example.vn", "--author", "lan"),
    ),
    (
        *("joining", "survey", "KHTN", "system=Koha 22.05", "keeper=Lê Thị Mai", "records=42000"),
        *("protocol=oai-pmh", _OPAC, "--author", "lan"),
    ),
    ("consumers", "add", "vufind", "--title", "VuFind"),
    ("consumers", "add", "cong-luan-van", "--title", "Cổng luận văn"),
    ("export", "dump"),
    ("export", "dump", "--format", "iso2709"),
    ("alerts", "run"),
)
_LIBRARIES = {
    "thu-vien-tinh": ("TV-TINH", "Thư viện tỉnh (minh họa)"),
    "thu-vien-huyen": ("TV-HUYEN", "Thư viện huyện (minh họa)"),
}
_ROWS = (
    Row(title="Truyện Kiều", author="Nguyễn Du", call_number="895.9221 NG-D"),
    Row(title="Tắt đèn", author="Ngô Tất Tố", year="1939"),
    Row(title="Sổ tay của thư viện huyện"),
)
_RULES = '260 .. <- 260 $* | replace "Nxb[.]" "Nhà xuất bản"'
_DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title>'
    "<dc:creator>{}</dc:creator><dc:date>1941</dc:date></oai_dc:dc>"
)
_UNREADABLE = '<sach xmlns="urn:x"><ten>Nhật ký</ten></sach>'
"""What no form is like that can be read: such records go into quarantine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Such a hub while it is served."""

    url: str
    places: dict[str, str]
    """What stands in braces in the addresses of pictures."""


@contextmanager
def staged(folder: Path) -> Iterator[Stage]:
    """Harvest the demo's libraries in a folder, add what else is shown, and serve it."""
    demo = folder / "demo"
    _command(folder, "demo", "--no-serve")
    (demo / "lienthong.toml").write_text(_SETTINGS, "utf-8")
    hub = Hub({"LIENTHONG_INSTANCE": str(demo)}, translator("vi"))
    with hub.catalogue() as database, ExitStack() as endings:
        _more_sources(hub, database, endings)
        _people(database)
        _work_of_cataloguers(hub, database)
        listed.add_library(database, "TV-XA")
        listed.give(database, *_ROWS, library="TV-XA")
        with Placer(database, hub.identity()) as placer:
            placer.drain(lambda _: None, Event())
        for words in _COMMANDS:
            _command(demo, *words)
        _renamed(database)
        daily.count_if_due(database)
        make_now(database, UTC, parse(str(datetime.now(UTC).year)), "lan")
        url = endings.enter_context(waitress_serving(web_app(hub, database, "")))
        yield Stage(url=url, places=_places(database))


def _command(instance: Path, *words: str) -> None:
    environment = os.environ | {"LIENTHONG_INSTANCE": str(instance)}
    subprocess.run(
        lienthong(*words), cwd=REPOSITORY, env=environment, capture_output=True, check=True
    )


def _more_sources(hub: Hub, database: Database, endings: ExitStack) -> None:
    """Add a library with records that cannot be read, and one that does not answer."""
    whole = [
        Item(identifier=f"oai:tinh:{number}", payload=_DC.format(title, author))
        for number, (title, author) in enumerate(
            [("Dế mèn phiêu lưu ký", "Tô Hoài"), ("Chí Phèo", "Nam Cao")]
        )
    ]
    broken = [Item(identifier=f"oai:tinh:{9 + n}", payload=_UNREADABLE) for n in range(3)]
    answering = endings.enter_context(replying(Repository(items=[*whole, *broken])))
    for name, url in (("thu-vien-tinh", answering), ("thu-vien-huyen", "http://127.0.0.1:9/oai")):
        code, called = _LIBRARIES[name]
        libraries.add(database, Library(code=code, name=called))
        sources.add(database, Source(name=name, library=code, protocol="oai-pmh", url=url))
        harvest(line_of(hub, database), name, HarvestOptions())


def _people(database: Database) -> None:
    users.add(database, "lan", PASSWORD, Role.ADMIN, mail="lan@example.vn")
    users.add(database, "minh", PASSWORD, Role.CATALOGUER, mail="minh@example.vn")
    users.add(database, "hoa", PASSWORD, Role.OPERATOR, mail="hoa@example.vn")
    users.add(database, "dhkh", PASSWORD, Role.MEMBER, library="DHKH-DEMO")
    contact = Contact(name="Trần Văn Bình", mail="binh@dhkh.example.vn")
    contacts.add(database, "DHKH-DEMO", contact)


def _work_of_cataloguers(hub: Hub, database: Database) -> None:
    places = _places(database)
    change = Change(kind=Kind.ADD, over=read("650 #4 $a Kiệt tác văn học cổ điển"))
    making.make(database, places["cluster"], change, By("minh", "đối chiếu với sách"))
    query = 'dc.publisher = "van hoc"'
    wanted = Wanted(language=Language.CQL, query=query, rules=_RULES, reason="viết đầy đủ")
    bulk.ask(database, wanted, "minh")
    carry_out(line_of(hub, database), 1, Event(), lambda _: None)
    title = "Truyện Kiều và những gì viết về tác phẩm"
    found = QuerySet(name="truyen-kieu", title=title, language=Language.WORDS, query="truyen kieu")
    defining.add(database, found)
    text = (
        "crosswalk oai_dc-marc21 version 1\nfrom oai_dc to marc21\ninclude shipped/oai_dc-marc21\n"
    )
    crosswalks.put_draft(
        database, Version(name="oai_dc-marc21", version=None, written=Written(text=text))
    )


def _renamed(database: Database) -> None:
    for name, url in ADDRESSES.items():
        known = sources.get(database, name)
        sources.change(database, replace(known, url=url, schedule="daily 02:30"), same_list=True)


def _places(database: Database) -> dict[str, str]:
    found = search(database, "truyen kieu").hits
    shared = max(found, key=lambda hit: len(browse.cluster(database, hit.public_id).members))
    return {
        "cluster": shared.public_id,
        "run": str(runs.all(database, "thu-vien-dai-hoc")[-1].id),
    }

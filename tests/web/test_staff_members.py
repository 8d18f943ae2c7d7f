"""Members on screen: listed, looked at, changed by one person at a time."""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import patch

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from catalogue import libraries
from catalogue.alerts import channels
from catalogue.alerts.model import Channel, ChannelKind
from catalogue.database import Database
from catalogue.members import agreements, contacts, groups, listing
from catalogue.members.model import Agreement, Contact, Group
from catalogue.model import Library, Sharing
from catalogue.users import Role
from support.engines import Engine
from support.filled import add_library, book, deliver, settle
from support.staff import boxes, document, hub, inside, post, sign_in, text

PAGE = "/staff/members/NLV"


@pytest.fixture(scope="module")
def kept(sqlite_engine: Engine) -> Iterator[Database]:
    with sqlite_engine.fresh() as url:
        database = Database.open(url)
        add_library(database, "NLV", "Thư viện Quốc gia")
        libraries.add(database, Library(code="HCM", kind="public", valid_to="2020-01-01"))
        libraries.change(database, "NLV", aliases=("VN/TVQG",), kind="national", region="Hà Nội")
        deliver(database, "NLV", {"a": book("Số đỏ"), "b": book("Lúa nước")})
        settle(database)
        groups.add(database, Group(code="G", name_vi="Nhóm", name_en="Group", members=("HCM",)))
        groups.add(database, Group(code="G2", name_vi="Nhóm hai"))
        agreements.add(database, "NLV", Agreement(number="1/TT", signed="2020-01-01"))
        contacts.add(database, "NLV", Contact(name="Kiều", mail="kieu@nlv.example"))
        inside(database, Role.OPERATOR)
        inside(database, Role.VIEWER)
        yield database
        database.close()


@pytest.fixture(scope="module")
def staff(kept: Database) -> FlaskClient:
    client = hub(kept)
    sign_in(client, "operator")
    return client


def codes(page: TestResponse) -> list[str]:
    return document(page).xpath("//tbody/tr/th/code/text()")


def filled(client: FlaskClient, address: str, at: int = 0) -> dict[str, str]:
    """Return what a form holds, without its token; the second form is that of the page."""
    page = document(client.get(address))
    [form] = [each for each in page.forms if each.xpath(".//input[@name='seen']")]
    found = dict(form.form_values())
    del found["csrf_token"]
    return found


def test_members_are_listed_and_narrowed(staff: FlaskClient) -> None:
    def listed(query: str) -> list[str]:
        return codes(staff.get(f"/staff/members?{query}"))

    assert {"HCM", "NLV"} <= {*listed("")}
    assert listed("kind=national") == listed("region=Hà Nội") == ["NLV"]
    assert listed("group=G") == ["HCM"]
    assert listed("standing=suspended") == listed("sharing=hub") == []
    shown = text(staff.get("/staff/members"))
    assert "National library" in shown
    assert "its last day is over" in shown
    assert "1/TT" in shown


def test_a_member_s_page_has_everything_and_is_found_by_any_code(staff: FlaskClient) -> None:
    shown = staff.get("/staff/members/VN/TVQG", follow_redirects=True)
    said = text(shown)

    assert shown.request.path == PAGE
    for part in ("VN/TVQG", "1/TT", "in force", "kieu@nlv.example", "nlv", "Records2"):
        assert part in said
    assert "Publications the public sees2" in said
    vietnamese = text(staff.get(f"{PAGE}?lang=vi", follow_redirects=True))
    staff.get(f"{PAGE}?lang=en")
    assert "Thư viện quốc gia" in vietnamese
    assert staff.get("/staff/members/NOSUCH").status_code in (400, 404)


def test_who_only_looks_changes_nothing(kept: Database) -> None:
    viewer = hub(kept)
    sign_in(viewer, "viewer")

    assert "Change the details" not in text(viewer.get(PAGE))
    for address in ("/staff/add-member", f"{PAGE}/change", f"{PAGE}/contact", "/staff/add-group"):
        assert viewer.get(address).status_code == 403
        assert post(viewer, address, name="x").status_code == 403


def test_a_member_is_changed_once_and_never_over_somebody_else(
    kept: Database, staff: FlaskClient
) -> None:
    form = filled(staff, f"{PAGE}/change")
    wanted = form | {"region": "Huế", "groups": "G2", "kind": "Thư viện công cộng"}
    first, twice = (post(staff, f"{PAGE}/change", **wanted) for _ in range(2))
    stale = post(staff, f"{PAGE}/change", **form | {"region": "Đà Nẵng"})

    assert (first.status_code, twice.status_code, stale.status_code) == (302, 302, 400)
    assert "changed by somebody else" in text(stale)
    assert boxes(document(stale))["region"] == "Đà Nẵng"
    found = libraries.get(kept, "NLV")
    assert (found.region, found.kind, found.sharing) == ("Huế", "public", Sharing.PUBLIC)
    assert groups.get(kept, "G2").members == ("NLV",)
    back = filled(staff, f"{PAGE}/change") | {"region": "Hà Nội", "kind": "national"}
    assert post(staff, f"{PAGE}/change", **back).status_code == 302


def test_a_library_is_added_once_however_often_it_is_pressed(
    kept: Database, staff: FlaskClient
) -> None:
    form = {"code": "DN", "name": "Đà Nẵng", "sharing": "members", "kind": "Public library"}
    answers = [post(staff, "/staff/add-member", **form).status_code for _ in range(2)]
    other = post(staff, "/staff/add-member", **form | {"name": "Khác"})

    assert answers == [302, 302]
    assert (other.status_code, boxes(document(other))["name"]) == (400, "Khác")
    assert libraries.get(kept, "DN").sharing is Sharing.MEMBERS
    assert post(staff, "/staff/add-member", code="a b").status_code == 400


def test_contacts_are_kept_on_their_form(kept: Database, staff: FlaskClient) -> None:
    new = filled(staff, f"{PAGE}/contact") | {"name": "An", "mail": "an@nlv.example"}
    assert [post(staff, f"{PAGE}/contact", **new).status_code for _ in range(2)] == [302, 302]
    form = filled(staff, f"{PAGE}/contact?name=An")
    contacts.change(kept, "NLV", "An", Contact(name="An", phone="1"))
    stale = post(staff, f"{PAGE}/contact", **form | {"phone": "2"})
    wrong = post(staff, f"{PAGE}/contact", **new | {"name": "B", "mail": "không"})

    assert (stale.status_code, wrong.status_code) == (400, 400)
    assert boxes(document(wrong), 1)["mail"] == "không"
    assert contacts.get(kept, "NLV", "An").phone == "1"
    post(staff, f"{PAGE}/contact/remove", name="An")
    assert contacts.get(kept, "NLV", "An")
    gone = [post(staff, f"{PAGE}/contact/remove", name="An", sure="yes") for _ in range(2)]
    assert [each.status_code for each in gone] == [302, 302]
    assert [each.name for each in contacts.all(kept, "NLV")] == ["Kiều"]
    told = Channel(name="c", kind=ChannelKind.MAIL, target="kieu@nlv.example", library="NLV")
    channels.add(kept, told)
    refused = post(staff, f"{PAGE}/contact/remove", name="Kiều", sure="yes")
    channels.remove(kept, "c")
    assert "lienthong alerts remove c" in text(refused)


def test_agreements_are_kept_on_their_form(kept: Database, staff: FlaskClient) -> None:
    address = f"{PAGE}/agreement"
    new = filled(staff, address) | {"number": "2/TT", "signed": "2021-01-01"}
    overlapping = post(staff, address, **new)
    form = filled(staff, f"{address}?number=1/TT")
    post(staff, address, **form | {"valid_to": "2020-12-31"})
    kept_twice = [post(staff, address, **new).status_code for _ in range(2)]
    stale = post(staff, address, **form | {"note": "x"})

    assert (overlapping.status_code, stale.status_code) == (400, 400)
    assert "would hold together with agreement 1/TT" in text(overlapping)
    assert kept_twice == [302, 302]
    assert [each.number for each in agreements.all(kept, "NLV")] == ["2/TT", "1/TT"]
    assert post(staff, f"{address}/remove", number="2/TT", sure="yes").status_code == 302
    agreements.change(kept, "NLV", "1/TT", Agreement(number="1/TT", signed="2020-01-01"))


def test_groups_are_made_changed_and_dissolved_as_they_were_seen(
    kept: Database, staff: FlaskClient
) -> None:
    new = {"code": "MEKONG", "name_vi": "Cửu Long", "basis": "region", "members": "HCM"}
    made = [post(staff, "/staff/add-group", **new).status_code for _ in range(2)]
    form = filled(staff, "/staff/groups/MEKONG")
    changed = post(staff, "/staff/groups/MEKONG", **form | {"name_en": "Mekong"})
    stale = post(staff, "/staff/groups/MEKONG", **form | {"name_en": "Delta"})
    taken = post(staff, "/staff/add-group", **new | {"code": "NLV"})

    assert made == [302, 302]
    assert [each.status_code for each in (changed, stale, taken)] == [302, 400, 400]
    assert groups.get(kept, "MEKONG").name_en == "Mekong"
    assert "group:MEKONG" in text(staff.get("/staff/groups"))
    seen = filled(staff, "/staff/groups/MEKONG/remove")
    assert post(staff, "/staff/groups/MEKONG/remove", seen="-").status_code == 400
    assert post(staff, "/staff/groups/MEKONG/remove", **seen).status_code == 302
    assert "MEKONG" not in {each.code for each in groups.all(kept)}


def test_a_thousand_libraries_are_read_by_as_few_queries_as_two(kept: Database) -> None:
    asked: list[str] = []
    count = lambda *told: asked.append(told[2])  # noqa: E731
    event.listen(kept.read, "before_cursor_execute", count)
    few = len(listing.lines(kept, "2026-01-01")), len(asked)
    asked.clear()
    columns = "code, name, kind, region, sharing_level, valid_from, valid_to"
    with kept.write.begin() as connection:
        for number in range(998):
            values = f"'X{number}', 'X', '', '', 'public', '', ''"
            connection.exec_driver_sql(f"INSERT INTO library ({columns}) VALUES ({values})")
    many = len(listing.lines(kept, "2026-01-01")), len(asked)
    event.remove(kept.read, "before_cursor_execute", count)
    with kept.write.begin() as connection:
        connection.exec_driver_sql("DELETE FROM library WHERE code LIKE 'X%'")

    assert many[0] - few[0] == 998
    assert many[1] == few[1] <= 8


def test_counting_stops_where_a_page_would_wait(kept: Database, staff: FlaskClient) -> None:
    with patch("catalogue.members.listing.MOST_COUNTED", 1):
        counted = listing.get(kept, "NLV")

    assert (counted.records, counted.clusters) == (1, 1)

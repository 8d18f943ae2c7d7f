"""Members as data: their types, groups, old codes, contacts and agreements."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from catalogue import libraries
from catalogue.alerts import channels
from catalogue.alerts.errors import BadMailAddress
from catalogue.alerts.model import Channel, ChannelKind
from catalogue.database import Database, downgrade, upgrade
from catalogue.errors import BadLibraryCode, NameTaken, NoSuchLibrary, WrongUse
from catalogue.members import agreements, contacts, groups, kinds, sheet
from catalogue.members.entries import Entry, Sheet
from catalogue.members.errors import (
    AgreementChanged,
    AgreementsOverlap,
    AgreementTaken,
    BadAlias,
    ContactChanged,
    ContactIsTold,
    ContactTaken,
    GroupChanged,
    LibraryChanged,
    MembersChanged,
    NoSuchAgreement,
    NoSuchContact,
    NoSuchGroup,
)
from catalogue.members.model import Agreement, Contact, Group, in_force
from catalogue.model import ItemQuery, Library, Sharing
from catalogue.published import snapshot
from support.filled import add_library, book, deliver, settle


def add(database: Database, *codes: str) -> None:
    for code in codes:
        libraries.add(database, Library(code=code))


def filled(database: Database, *codes: str) -> None:
    for code in codes:
        add_library(database, code, f"Thư viện {code}")
        deliver(database, code, {"1": book(f"Sách của {code}", author=f"Tác giả {code}")})
    settle(database)


def listed(database: Database, spec: str) -> dict[str, bool]:
    """Return the ids of a set's list, and whether each is live there."""
    with snapshot(database) as shown:
        found = shown.page(ItemQuery(prefix="marc21", end=2**40, set_spec=spec))
    return {item.public_id.lstrip("0"): not item.deleted for item in found}


def stamps(database: Database) -> dict[str, int]:
    with snapshot(database) as shown:
        found = shown.page(ItemQuery(prefix="marc21", end=2**40))
    return {item.public_id.lstrip("0"): item.stamp for item in found}


@pytest.mark.parametrize(
    "text", ["university", "Thư viện đại học", "University library", "THU VIEN DAI HOC"]
)
def test_a_type_is_known_by_its_code_or_a_name(text):
    assert kinds.code_of(text) == "university"
    assert kinds.name_of("university", "vi") == "Thư viện đại học"
    assert kinds.name_of("university", "en") == "University library"


@given(st.text())
def test_a_type_is_the_same_however_often_it_is_looked_up(text):
    once = kinds.code_of(text)

    assert kinds.code_of(once) == once


def test_what_another_country_calls_its_libraries_is_kept(database):
    add(database, "A")

    libraries.change(database, "A", kind="Bibliothèque  municipale")

    assert libraries.get(database, "A").kind == "Bibliothèque municipale"
    assert kinds.name_of("Bibliothèque municipale", "vi") == "Bibliothèque municipale"


def test_the_law_s_eight_types_have_names_in_both_languages():
    assert len(kinds.KINDS) == 8
    assert all(each.en and each.vi for each in kinds.KINDS.values())
    assert all(kinds.code_of(each.vi) == code for code, each in kinds.KINDS.items())


def test_another_code_may_be_written_as_agencies_write_theirs(database):
    written = ("VN-TVQG", "VN/TVQG", "TVQG*", "Đ.TVQG", "US:dlc")
    libraries.add(database, Library(code="NLV", aliases=written))

    assert {libraries.get(database, alias).code for alias in written} == {"NLV"}


def test_another_code_that_no_record_could_bear_is_refused(database):
    add(database, "NLV")

    for alias in ("", "VN TVQG", "(VN)1", "x" * 65):
        with pytest.raises(BadAlias):
            libraries.change(database, "NLV", aliases=(alias,))


def test_groups_and_libraries_share_their_codes(database):
    libraries.add(database, Library(code="A", aliases=("VN/A",)))
    groups.add(database, Group(code="MEKONG", name_vi="Đồng bằng sông Cửu Long"))

    for taken in ("A", "MEKONG"):
        with pytest.raises(NameTaken):
            groups.add(database, Group(code=taken, name_vi="x"))
    with pytest.raises(BadLibraryCode):
        groups.add(database, Group(code="union", name_vi="x"))
    with pytest.raises(NameTaken):
        libraries.add(database, Library(code="MEKONG"))
    with pytest.raises(NameTaken):
        libraries.change(database, "A", aliases=("MEKONG",))


def test_a_group_that_cannot_be_is_refused(database):
    add(database, "A")
    groups.add(database, Group(code="G", name_en="Group"))
    seen = groups.get(database, "G").fingerprint
    groups.join(database, "G", ["A"])

    with pytest.raises(WrongUse, match="name"):
        groups.add(database, Group(code="H"))
    with pytest.raises(NoSuchLibrary):
        groups.join(database, "G", ["nobody"])
    with pytest.raises(NoSuchGroup):
        groups.get(database, "none")
    with pytest.raises(GroupChanged):
        groups.change(database, Group(code="G", name_en="Other"), seen)
    assert groups.get(database, "G").members == ("A",)


def test_a_group_s_set_holds_what_its_members_hold_and_only_that_is_stamped_anew(database):
    filled(database, "A", "B", "C")
    groups.add(database, Group(code="G", name_vi="Nhóm", name_en="Group", members=("A",)))
    settle(database)
    first, before = listed(database, "group:G"), stamps(database)

    groups.change(database, Group(code="G", name_vi="Nhóm", name_en="Group", members=("A", "B")))
    settle(database)
    after = stamps(database)
    second = listed(database, "group:G")
    groups.leave(database, "G", ["A"])
    settle(database)

    assert (first, second) == ({"1": True}, {"1": True, "2": True})
    assert listed(database, "group:G") == {"1": False, "2": True}
    assert {each for each in after if after[each] != before[each]} == {"2"}


def test_a_group_is_called_as_its_staff_call_it_now_and_is_empty_once_dissolved(database):
    filled(database, "A")
    groups.add(database, Group(code="G", name_vi="Nhóm", members=("A",)))
    settle(database)
    before = stamps(database)
    groups.change(database, Group(code="G", name_vi="Nhóm A", name_en="A's", members=("A",)))
    settle(database)

    with snapshot(database) as shown:
        assert {each.spec: each.name for each in shown.sets()}["group:G"] == "Nhóm A (A's)"
    assert stamps(database) == before
    groups.remove(database, "G")
    settle(database)
    assert listed(database, "group:G") == {"1": False}
    assert groups.all(database) == []


def test_the_set_of_a_library_taken_over_goes_on_with_what_its_successors_have(database):
    filled(database, "A", "B", "C")
    before = stamps(database)

    libraries.change(database, "A", successor="B")
    settle(database)
    middle = stamps(database)
    libraries.change(database, "B", successor="C")
    settle(database)

    assert {each for each in middle if middle[each] != before[each]} == {"2"}
    assert listed(database, "library:A") == {"1": True, "2": True, "3": True}
    assert listed(database, "library:B") == {"2": True, "3": True}
    assert listed(database, "library:C") == {"3": True}
    last = stamps(database)
    assert {each for each in last if last[each] != middle[each]} == {"3"}
    libraries.change(database, "A", successor="")
    settle(database)
    assert listed(database, "library:A") == {"1": True, "2": False, "3": False}


def test_libraries_do_not_take_each_other_over(database):
    add(database, "A", "B", "C")
    libraries.change(database, "A", successor="B")
    libraries.change(database, "B", successor="C")

    for code in ("A", "B", "C"):
        with pytest.raises(WrongUse, match="successor"):
            libraries.change(database, "C", successor=code)
    assert libraries.get(database, "C").successor == ""


def test_a_library_is_not_changed_over_what_somebody_else_wrote_meanwhile(database):
    add(database, "A")
    seen = libraries.told_apart(libraries.get(database, "A"))
    libraries.change(database, "A", seen, region="Huế")

    with pytest.raises(LibraryChanged):
        libraries.change(database, "A", seen, region="Hà Nội")
    assert libraries.get(database, "A").region == "Huế"


def test_contacts_are_kept_under_their_names(database):
    add(database, "A", "B")
    wanted = Contact(name=" Nguyễn  An", role="Giám đốc", mail="an@a.example", notes="x\ny")
    contacts.add(database, "A", wanted)
    found = contacts.get(database, "A", "Nguyễn An")

    assert (found.name, found.notes) == ("Nguyễn An", "x\ny")
    for wrong, error in (
        (Contact(name="Nguyễn An"), ContactTaken),
        (Contact(name="  "), WrongUse),
        (Contact(name="B", mail="không phải"), BadMailAddress),
    ):
        with pytest.raises(error):
            contacts.add(database, "A", wrong)
    contacts.change(database, "A", "Nguyễn An", Contact(name="An", mail="an@a.example"))
    with pytest.raises(NoSuchContact):
        contacts.get(database, "A", "Nguyễn An")
    with pytest.raises(ContactChanged):
        contacts.change(database, "A", "An", Contact(name="An"), seen=found.fingerprint)
    contacts.remove(database, "A", "An")
    assert contacts.all(database, "A") == []
    assert contacts.all(database, "B") == []


def channel(name: str, mail: str) -> Channel:
    return Channel(name=name, kind=ChannelKind.MAIL, target=mail, library="A")


def test_alerts_to_a_library_write_to_its_contact(database):
    add(database, "A")
    contacts.add(database, "A", Contact(name="An", mail="an@a.example"))
    channels.add(database, channel("to-an", "An@a.example"))
    channels.add(database, channel("to-others", "b@a.example"))

    contacts.change(database, "A", "An", Contact(name="An", mail="moi@a.example"))

    assert channels.get(database, "to-an").target == "moi@a.example"
    told = {each.name: each.channels for each in contacts.all(database, "A")}
    assert told == {"An": ("to-an",), "b@a.example": ("to-others",)}
    with pytest.raises(ContactIsTold):
        contacts.remove(database, "A", "An")
    with pytest.raises(ContactIsTold):
        contacts.change(database, "A", "An", Contact(name="An"))
    channels.remove(database, "to-an")
    assert contacts.remove(database, "A", "An").mail == "moi@a.example"


def test_one_agreement_is_in_force_and_those_before_it_stay(database):
    add(database, "A")
    first = Agreement(number="01/TT", signed="2023-05-01", valid_to="2024-12-31")
    second = Agreement(number="02/TT", signed="2024-12-15", valid_from="2025-01-01")
    agreements.add(database, "A", first)
    agreements.add(database, "A", second)

    found = agreements.all(database, "A")

    assert [each.number for each in found] == ["02/TT", "01/TT"]
    days = ("2023-04-30", "2023-05-01", "2024-12-31", "2025-01-01")
    assert [in_force(found, each) for each in days] == [None, first, first, second]


def test_an_agreement_that_cannot_be_is_refused(database):
    add(database, "A")
    agreements.add(database, "A", Agreement(number="1", signed="2024-01-31"))
    seen = agreements.get(database, "A", "1").fingerprint

    for wrong, error in (
        (Agreement(number="1"), AgreementTaken),
        (Agreement(number="2", signed="2025-01-01"), AgreementsOverlap),
        (Agreement(number="2", signed="31/1/2025"), WrongUse),
        (Agreement(number="2", valid_from="2020-02-01", valid_to="2020-01-01"), WrongUse),
        (Agreement(number=" "), WrongUse),
    ):
        with pytest.raises(error):
            agreements.add(database, "A", wrong)
    agreements.change(database, "A", "1", Agreement(number="1b", valid_to="2024-12-31"))
    with pytest.raises(NoSuchAgreement):
        agreements.get(database, "A", "1")
    with pytest.raises(AgreementChanged):
        agreements.change(database, "A", "1b", Agreement(number="1b"), seen)
    agreements.remove(database, "A", "1b")
    assert agreements.all(database, "A") == []


DAYS = st.dates().map(lambda day: day.isoformat())


@given(st.lists(st.tuples(DAYS, DAYS).map(sorted), max_size=5), DAYS)
def test_two_agreements_overlap_where_a_day_is_in_both(spans, day):
    made = [
        Agreement(number=str(at), valid_from=first, valid_to=last)
        for at, (first, last) in enumerate(spans)
    ]
    holding = [each for each in made if each.holds(day)]

    assert all(one.overlaps(other) for one in holding for other in holding)


def test_an_older_hub_s_types_and_addresses_are_taken_along_and_given_back(database_url):
    database = Database.open(database_url)
    filled(database, "A")
    libraries.change(database, "A", kind="public")
    channels.add(database, channel("to-a", "a@a.example"))
    settle(database)
    database.close()
    downgrade(database_url, "0035")
    older = create_engine(database_url)
    with older.begin() as connection:
        [(target,)] = connection.execute(text("SELECT target FROM alert_channel")).all()
        connection.execute(text("UPDATE library SET kind = 'Thư viện đại học' WHERE code = 'A'"))
    older.dispose()

    upgrade(database_url)

    database = Database.open(database_url)
    assert target == "a@a.example"
    assert libraries.get(database, "A").kind == "university"
    assert [each.mail for each in contacts.all(database, "A")] == ["a@a.example"]
    assert channels.get(database, "to-a").target == "a@a.example"
    settle(database)
    assert listed(database, "type:university") == {"1": True}
    assert listed(database, "type:public") == {"1": False}
    database.close()


def sheet_of(*entries: dict[str, object]) -> Sheet:
    return Sheet(libraries=tuple(Entry(each) for each in entries))


def test_a_file_lets_libraries_swap_what_is_theirs_alone(database):
    for code, alias in (("A", "X"), ("B", "Y")):
        libraries.add(database, Library(code=code, aliases=(alias,)))
    agreements.add(database, "A", Agreement(number="1", signed="2020-01-01"))
    following = [
        Entry({"number": "2", "signed": "2021-01-01"}),
        Entry({"number": "1", "signed": "2020-01-01", "valid_to": "2020-12-31"}),
    ]
    swapped = sheet_of(
        {"code": "A", "aliases": ["Y"], "agreements": following}, {"code": "B", "aliases": ["X"]}
    )

    changes = sheet.apply(database, swapped, sheet.plan(database, swapped))

    assert [each.name for each in changes] == ["A", "B"]
    assert libraries.get(database, "X").code == "B"
    assert [each.number for each in agreements.all(database, "A")] == ["2", "1"]
    assert sheet.plan(database, swapped) == []


def test_a_file_is_not_applied_to_other_members_than_were_compared(database):
    add(database, "A")
    wanted = sheet_of({"code": "A", "region": "Huế"})
    seen = sheet.plan(database, wanted)
    libraries.change(database, "A", name="Thư viện A")

    with pytest.raises(MembersChanged):
        sheet.apply(database, wanted, seen)
    assert libraries.get(database, "A").region == ""


def test_what_an_entry_leaves_out_stays_and_what_is_empty_is_cleared(database):
    add(database, "A")
    groups.add(database, Group(code="G", name_vi="Nhóm", members=("A",)))
    libraries.change(database, "A", region="Huế", sharing=Sharing.HUB)
    contacts.add(database, "A", Contact(name="An"))

    sheet.apply(database, sheet_of({"code": "A", "region": "", "groups": []}))

    found = libraries.get(database, "A")
    assert (found.region, found.sharing) == ("", Sharing.HUB)
    assert groups.get(database, "G").members == ()
    assert [each.name for each in contacts.all(database, "A")] == ["An"]

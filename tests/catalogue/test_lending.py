"""How libraries lend: kept as somebody saw it, with addresses that lead to records."""

from __future__ import annotations

import pytest

from catalogue import libraries
from catalogue.alerts.errors import BadMailAddress
from catalogue.database import Database
from catalogue.errors import NoSuchLibrary
from catalogue.lending import keeping
from catalogue.lending.addresses import check_record_address, check_resolver, filled
from catalogue.lending.errors import (
    BadRecordAddress,
    BadResolver,
    LendingChanged,
    LendingTooLong,
)
from catalogue.lending.model import NAMES, Lending, Lends
from catalogue.members.entries import Entry, Sheet
from catalogue.members.sheet import apply, export
from catalogue.model import Library
from support.engines import SQLITE_USUALLY

TOLD = Lending(
    lends=Lends.LOANS,
    policy_vi="Cho mượn 14 ngày.\nTối đa 3 cuốn.",
    mail="muon@nlv.example.vn",
    resolver="https://ill.example.vn/openurl",
    record_address="https://opac.example.vn/bib/{number}",
)
NEW = Lending().fingerprint


@pytest.fixture
def nlv(database: Database) -> Database:
    libraries.add(database, Library(code="NLV", aliases=("VN/TVQG",)))
    libraries.add(database, Library(code="HUST"))
    return database


def test_what_a_library_tells_is_kept_and_can_be_taken_back(nlv: Database):
    told = [keeping.change(nlv, "VN/TVQG", TOLD, NEW), keeping.change(nlv, "NLV", TOLD, "nothing")]
    kept = keeping.of_codes(nlv, ["NLV", "HUST"])
    keeping.change(nlv, "NLV", Lending(), TOLD.fingerprint)

    assert told == [True, False]
    assert kept == {"NLV": TOLD}
    assert keeping.get(nlv, "NLV") == Lending()
    with pytest.raises(NoSuchLibrary):
        keeping.get(nlv, "NONE")


@SQLITE_USUALLY
def test_what_somebody_else_changed_meanwhile_is_not_written_over(nlv: Database):
    keeping.change(nlv, "NLV", TOLD, NEW)

    with pytest.raises(LendingChanged):
        keeping.change(nlv, "NLV", Lending(phone="024"), NEW)
    assert keeping.get(nlv, "NLV") == TOLD


@SQLITE_USUALLY
def test_a_file_of_members_has_it_whole_and_takes_it_back_empty(nlv: Database):
    keeping.change(nlv, "NLV", TOLD, NEW)
    written = next(each for each in export(nlv)["libraries"] if each["code"] == "NLV")["lending"]

    def applied(given: object) -> int:
        entry = Entry({"code": "NLV", "lending": given})
        return len(apply(nlv, Sheet(libraries=(entry,))))

    told = {name: str(getattr(TOLD, name)) for name in NAMES if getattr(TOLD, name)}
    assert written == told
    assert applied(Entry(written)) == 0
    assert (applied(Entry({"lends": "copies"})), keeping.get(nlv, "NLV")) == (
        *(1, Lending(lends=Lends.COPIES)),
    )
    assert (applied(""), keeping.get(nlv, "NLV")) == (1, Lending())


@pytest.mark.parametrize(
    ("wanted", "refused"),
    [
        (Lending(mail="ai do"), BadMailAddress),
        (Lending(resolver="javascript:alert(1)"), BadResolver),
        (Lending(resolver="https://user:pass@x.vn/"), BadResolver),
        (Lending(resolver="https://x.vn/a#b"), BadResolver),
        (Lending(resolver="https://x.vn/{number}"), BadResolver),
        (Lending(resolver="https://x.vn:99999/"), BadResolver),
        (Lending(record_address="ftp://x.vn/{number}"), BadRecordAddress),
        (Lending(record_address="https://x.vn/all"), BadRecordAddress),
        (Lending(record_address="https://x.vn/{id}"), BadRecordAddress),
        (Lending(record_address="https://{number}.x.vn/"), BadRecordAddress),
        (Lending(record_address='https://x.vn/"{number}'), BadRecordAddress),
        (Lending(policy_en="a" * 4001), LendingTooLong),
    ],
)
def test_what_leads_nowhere_is_refused(wanted: Lending, refused: type[Exception]):
    with pytest.raises(refused):
        keeping.sound(wanted)


def test_an_address_is_filled_in_whatever_the_number_holds():
    both = "https://x.vn/opac?bib={number}&isbn={isbn}"
    check_record_address(both)
    check_resolver("http://ill.x.vn/openurl?inst=1")

    assert (
        filled(both, {"number": "a&b=/ấ", "isbn": "9786"})
        == "https://x.vn/opac?bib=a%26b%3D%2F%E1%BA%A5&isbn=9786"
    )
    assert filled(both, {"number": "1", "isbn": ""}) == ""
    assert filled("", {"number": "1"}) == ""

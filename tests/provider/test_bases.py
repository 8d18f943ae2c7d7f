from __future__ import annotations

from catalogue import libraries
from catalogue.members import groups
from catalogue.members.model import Group
from catalogue.membership.model import Membership
from catalogue.membership.standing import By, set_standing
from catalogue.model import Library
from provider.bases import UNION, Bases


def test_who_is_only_joining_has_no_database_and_who_left_an_empty_one(database) -> None:
    libraries.add(database, Library(code="MOI", standing=Membership.JOINING))
    for code in ("CU", "DI"):
        libraries.add(database, Library(code=code, successor="MOI"))
    set_standing(database, "DI", Membership.WITHDRAWN, By(person="an"))
    groups.add(database, Group(code="NHOM", name_vi="Nhóm", members=("CU", "MOI")))

    named = Bases(database, "Hub").named()

    assert {UNION, "CU", "DI", "NHOM"} <= named.keys()
    assert not {"MOI", "moi"} & named.keys()
    assert len(named["NHOM"].tokens) == len(named["CU"].tokens) == 1

"""What commands change is written down too, under the account that gave them."""

from __future__ import annotations

import os
import pwd
from dataclasses import replace

from sqlalchemy import insert

from catalogue.audit import store
from catalogue.audit.store import Wanted
from catalogue.database import Database
from catalogue.people_tables import AuditRow
from catalogue.retention import DAY, Retention
from scheduler.housekeeping import forget_audit
from support.staff import line

ME = pwd.getpwuid(os.getuid()).pw_name


def test_what_a_command_changes_is_listed_with_who_gave_it(lienthong):
    lienthong("libraries", "add", "NLV", "--name", "trước")
    lienthong("libraries", "change", "NLV", "--name", "sau")
    # Looking changes nothing and is not told.
    lienthong("libraries", "list")
    [newest, older] = lienthong("audit", "list", "--json").json

    assert (newest["who"], newest["way"], newest["act"]) == (ME, "command", "libraries change")
    assert (newest["before"], newest["after"]) == ({"name": "trước"}, {"name": "sau"})
    assert (older["act"], older["kind"], older["before"]) == ("libraries add", "library", None)


def test_the_list_can_be_cut_down_and_read(lienthong):
    lienthong("libraries", "add", "A")
    lienthong("libraries", "add", "B")
    one = lienthong("audit", "list", "--kind", "library", "--limit", "1", "--json").json
    none = lienthong("audit", "list", "--since", "2099-01-01", "--json").json
    nobody = lienthong("audit", "list", "--who", "nobody", "--json").json
    signing_in = lienthong("audit", "list", "--kind", "sign_in", "--json").json
    said = lienthong("--lang", "vi", "audit", "list").out

    assert [each["object"] for each in one] == ["B"]
    assert none == nobody == signing_in == []
    assert "Với gì" in said
    assert "libraries add" in said


def test_old_entries_go_when_what_need_not_be_kept_is_removed(lienthong, tmp_path):
    lienthong("libraries", "add", "OLD")
    database = Database.open(f"sqlite:///{tmp_path / 'instance' / 'lienthong.db'}")
    usual = line(database)
    [new] = store.entries(database, Wanted(), limit=9)
    old = {"at": new.at - 3 * DAY, "who": "xưa", "way": "web", "address": "", "act": "z"}
    old |= dict.fromkeys(("kind", "object", "before", "after"), "")
    database.writing(lambda connection: connection.execute(insert(AuditRow).values(**old)))
    kept = forget_audit(usual)
    removed = forget_audit(replace(usual, retention=Retention(audit_days=2)))
    left = store.entries(database, Wanted(), limit=9)
    database.close()

    assert (kept, removed, left) == (0, 1, [new])

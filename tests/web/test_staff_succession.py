"""A change of system on the pages of both sources."""

from __future__ import annotations

from catalogue.database import Database
from support.staff import document, inside
from support.succession import NEW, OLD, add, book, bring, line, taken_over


def test_a_source_that_waits_says_for_what_and_which_command_ends_it(database: Database):
    add(database)

    page = document(inside(database).get(f"/staff/sources/{NEW}"))

    assert "Change of system" in page.text_content()
    assert f"lienthong sources succeed {OLD} {NEW} --apply" in page.text_content()
    assert f"/staff/sources/{OLD}" in page.xpath("//main//a/@href")


def test_a_source_that_was_succeeded_leads_to_its_successor_and_cannot_be_run(
    database: Database, tmp_path
):
    add(database)
    bring(database, OLD, {"a1": book("Chí Phèo", "7")})
    bring(database, NEW, {"b1": book("Chí Phèo", "7")})
    taken_over(line(database, tmp_path))

    client = inside(database)
    old = document(client.get(f"/staff/sources/{OLD}"))
    new = document(client.get(f"/staff/sources/{NEW}"))

    assert f"/staff/sources/{NEW}" in old.xpath("//main//a/@href")
    assert [form.action for form in old.forms if "/resume" in (form.action or "")] == []
    assert "--apply" not in new.text_content()


def test_an_ordinary_source_says_nothing_of_it(database: Database):
    add(database, waits=False)

    page = document(inside(database).get(f"/staff/sources/{NEW}"))

    assert "Change of system" not in page.text_content()

"""``/staff/crosswalks``: which there are and who uses them, their rules in words, their texts."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import crosswalk_drafts, crosswalk_lists, crosswalks
from crosswalks.crosswalk import IDENTITY
from crosswalks.reciting import recited
from crosswalks.shelf import Written
from web import textdiff
from web.crosswalks import rules
from web.site import current_site
from web.speech import words
from web.staff.crosswalks.room import DRAFT, DRAFTS, blueprint, choices, text_of, versions_of
from web.staff.crosswalks.using import Using


@blueprint.get("")
def listing() -> str:
    """Show all crosswalks, and the rules that they share, with who uses each."""
    database = current_site().database
    shelf, lines = crosswalk_lists.overview(database)
    using = Using(shelf, crosswalk_lists.named_by(database))
    return render_template(
        "staff/crosswalks/list.html",
        lines=[each for each in lines if not each.is_rules],
        rules=[each for each in lines if each.is_rules],
        ends={each.name: using.ends(each.name) for each in lines},
        uses={each.name: using.of(each.name) for each in lines},
    )


@blueprint.get("/of/<name>")
def show(name: str) -> str:
    """Show a crosswalk: who uses it, its draft, its versions and what was drafted before."""
    database = current_site().database
    versions, draft = versions_of(database, name), crosswalks.draft(database, name)
    drafts = crosswalk_drafts.headers(database, name, DRAFTS)
    if not (versions or drafts):
        # Says what there is instead.
        crosswalks.version(database, name)
    shelf = crosswalks.shelf(database)
    tried = shelf.with_draft(name, draft.written) if draft else shelf
    return render_template(
        "staff/crosswalks/show.html",
        name=name,
        # What has no text of its own is gone back to by a draft.
        is_kept=name != IDENTITY,
        used=versions[0] if versions else None,
        versions=versions,
        draft=draft,
        drafts=drafts,
        ends=tried.ends(name) if versions or draft else ("", ""),
        uses=Using(tried, crosswalk_lists.named_by(database)).of(name),
        tests=len(crosswalks.saved_tests(database, name)),
        seen=crosswalk_drafts.standing(database, name),
    )


@blueprint.get("/of/<name>/rules")
def in_words(name: str) -> str:
    """Show the rules of a text in words, those that it includes among them."""
    database, of = current_site().database, request.args.get("of", "")
    found = text_of(database, name, of)
    told = recited(crosswalks.shelf(database).with_draft(name, found.written), name)
    return render_template(
        "staff/crosswalks/rules.html",
        name=name,
        of=of,
        found=found,
        rules=rules(told.script, words()),
        has_stylesheet=told.has_stylesheet,
    )


@blueprint.get("/of/<name>/text")
def text(name: str) -> str:
    """Show a text as it is written, its lines numbered."""
    of = request.args.get("of", "")
    found = text_of(current_site().database, name, of)
    return render_template("staff/crosswalks/text.html", name=name, of=of, found=found)


@blueprint.get("/of/<name>/compare")
def compare(name: str) -> str | Response:
    """Show two texts of a crosswalk side by side: the one in use and the draft, if none is said."""
    database = current_site().database
    one, two = request.args.get("one", ""), request.args.get("two", "")
    before = text_of(database, name, one)
    if not two:
        draft = crosswalks.draft(database, name)
        two = f"d{draft.number}" if draft else str(before.version)
        return redirect(url_for("crosswalks.compare", name=name, one=before.version, two=two))
    after = text_of(database, name, two)
    return render_template(
        "staff/crosswalks/compare.html",
        name=name,
        one=one,
        two=two,
        before=before,
        after=after,
        choices=choices(database, name),
        texts=differences(before.written, after.written),
        draft=DRAFT,
    )


def differences(before: Written, after: Written) -> list[tuple[str, list[textdiff.Row]]]:
    """Return by name which texts differ, and how: the rules, without a name, and each table."""
    old, new = dict(before.tables), dict(after.tables)
    texts = [("", before.text, after.text)]
    texts += [(each, old.get(each, ""), new.get(each, "")) for each in sorted({*old, *new})]
    found = [(name, textdiff.rows(a.splitlines(), b.splitlines())) for name, a, b in texts]
    return [(name, rows) for name, rows in found if rows]

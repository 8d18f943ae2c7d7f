"""A text tried on records that are stored: as they came, as read, as mapped before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request

from catalogue import crosswalk_lists, crosswalks
from catalogue.database import Database
from crosswalks import trials
from crosswalks.model import Problem, Record, Schema
from scheduler import trying
from scheduler.tally import Wanted
from scheduler.trying import Tried, Which
from web import sidebyside, textdiff
from web.site import current_site
from web.staff import access
from web.staff.crosswalks.room import DRAFT, blueprint, choices, text_of
from web.staff.shown import shown

MOST = 5
"""Records on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A record as the page shows it."""

    name: str
    raw: str
    parsed: str
    rows: Sequence[sidebyside.Row] = ()
    """MARC fields side by side."""
    lines: Sequence[textdiff.Row] = ()
    """Lines of another schema side by side; none where nothing differs."""
    after: str = ""
    """What comes out, where nothing can stand beside it."""
    same: bool = False
    lost: bool = False
    """Whether it was mapped and would not be any more."""
    failed: bool = False
    """Whether nothing comes of it then."""
    problems: Sequence[tuple[str, Problem]] = ()
    """``same``, ``new`` or ``gone``, and what."""


@blueprint.get("/of/<name>/try")
def trial(name: str) -> str:
    """Show what a text makes of a few stored records, beside what is made of them now."""
    database = current_site().database
    of = request.args.get("of", "") or (DRAFT if crosswalks.draft(database, name) else "")
    found, now = text_of(database, name, of), crosswalks.shelf(database)
    wanted = Wanted(name=name, now=now, then=now.with_draft(name, found.written))
    named = crosswalk_lists.named_by(database)
    uses, outs = trying.mapped_by(wanted, named), wanted.then.out_of_pivot(name)
    which = _which([source for source, _ in named], uses)
    tried = _tried(database, wanted, which, outs)
    return render_template(
        "staff/crosswalks/try.html",
        name=name,
        of=of,
        found=found,
        which=which,
        outs=outs,
        choices=choices(database, name),
        sources=[] if outs else [source for source, _ in named],
        uses=uses,
        records=[_shown(each) for each in tried[:MOST]],
        more=tried[MOST - 1].key if len(tried) > MOST else None,
    )


def _which(names: Sequence[str], uses: frozenset[str]) -> Which:
    args = request.args
    usual = next((name for name in names if name in uses), "")
    return Which(
        source=args.get("source", "") or usual or next(iter(names), ""),
        identifier=args.get("identifier", "").strip(),
        after=access.fitting(args.get("after", 0, type=int)),
        limit=MOST + 1,
    )


def _tried(database: Database, wanted: Wanted, which: Which, outs: Sequence[str]) -> list[Tried]:
    if outs:
        return trying.given_out(database, wanted, outs[0], which)
    return trying.stored(database, wanted, which) if which.source else []


def _shown(tried: Tried) -> Shown:
    before, after = tried.before, tried.after
    told: dict[str, Any] = {
        "name": tried.name,
        "raw": shown(tried.raw.body) if tried.raw else "",
        "parsed": _text(tried.parsed),
        "problems": _problems(tried.problems, tried.then),
        "same": before == after is not None,
        "lost": before is not None and after is None,
        "failed": after is None,
    }
    if before is None or after is None:
        return Shown(**told, after=_text(after or before))
    if {before.schema, after.schema} == {Schema.MARC21}:
        return Shown(**told, rows=sidebyside.rows([before, after]))
    lines = textdiff.rows(trials.lines(before), trials.lines(after))
    return Shown(**told, lines=lines, after="" if lines else _text(after))


def _text(record: Record | None) -> str:
    return "\n".join(trials.lines(record)) if record else ""


def _problems(before: Sequence[Problem], after: Sequence[Problem]) -> list[tuple[str, Problem]]:
    kinds = [("same" if each in before else "new", each) for each in after]
    return [*kinds, *(("gone", each) for each in before if each not in after)]

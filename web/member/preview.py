"""``/member/preview``: what the union would make of a library's records, before anybody sees them.

The library looks at figures and records of a source that is being tried out, and agrees or names
what is to be mended. What was said counts for just what was seen.
"""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from catalogue import owned, records, source_records
from catalogue.errors import NoSuchRecord
from catalogue.model import Source
from catalogue.observed import Stage
from catalogue.previews import store
from catalogue.previews.model import Verdict, Word
from catalogue.users import Role
from crosswalks import trials
from crosswalks.errors import Error
from web import previewed
from web.language import mark, message
from web.member.room import blueprint
from web.numbers import whole
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.shown import MOST, shown

PER_PAGE = 20
SOURCES = 50
_ASKED = mark("A worker makes the preview; this page shows it when it is done.")
_IS_ASKED = mark("The preview is being made already; it was not asked for twice.")
_SIGNED = mark("Noted, with your name and this moment. The staff of the union catalogue see it.")
_IS_SIGNED = mark("That was noted already; nothing was changed.")


@blueprint.get("/preview")
@access.needs(Role.MEMBER)
def previews() -> str:
    """Show which sources of one's library are being tried out, a page at a time."""
    database, after = current_site().database, request.args.get("after", "")
    found = [
        each
        for each in owned.sources_of(database, access.me().library)
        if each.stage is Stage.TEST and each.name > after
    ]
    return render_template(
        "member/previews.html",
        sources=found[:SOURCES],
        more=found[SOURCES - 1].name if len(found) > SOURCES else None,
    )


@blueprint.get("/preview/<name>")
@access.needs(Role.MEMBER)
def preview(name: str) -> str:
    """Show the preview of a source, and what was said of it."""
    return _page(_own(name))


@blueprint.get("/preview/<name>/wait")
@access.needs(Role.MEMBER)
@access.asked_by_a_page
def wait_preview(name: str) -> Response:
    """Tell an open page how far a preview is; once it is made, have the page shown anew."""
    source = _own(name)
    found = store.standing(current_site().database, source.name)
    page = render_template("staff/previews/wait.html", found=found, address=_waits(source.name))
    answer = Response(page)
    if not found.is_asked:
        answer.headers["HX-Refresh"] = "true"
    return answer


@blueprint.post("/preview/<name>")
@access.needs(Role.MEMBER)
def make_preview(name: str) -> AnyResponse:
    """Have a preview made, once however often it is asked for."""
    is_new = store.ask(current_site().database, _own(name).name)
    flash(words()(_ASKED if is_new else _IS_ASKED))
    return redirect(url_for("own.preview", name=name))


@blueprint.post("/preview/<name>/sign")
@access.needs(Role.MEMBER)
def sign_preview(name: str) -> AnyResponse | tuple[str, int]:
    """Agree to the preview that was seen, or name what is to be mended."""
    source, form = _own(name), request.form
    known = whole(form.get("check", "")) or 0, whole(form.get("revision", "")) or 0
    word = Word(
        verdict=Verdict.MEND if "mend" in form else Verdict.AGREED,
        author=access.me().name,
        note=form.get("note", ""),
        seen=form.get("seen", ""),
        joining=known,
    )
    try:
        is_new = store.sign(current_site().database, source.name, word)
    except Error as error:
        status = HTTPStatus.BAD_REQUEST if error.wrong_use else HTTPStatus.CONFLICT
        return _page(source, message(error, words()), word.note), status
    flash(words()(_SIGNED if is_new else _IS_SIGNED))
    return redirect(url_for("own.preview", name=name))


@blueprint.get("/preview/<name>/records")
@access.needs(Role.MEMBER)
def preview_records(name: str) -> str:
    """Show the records of a source, a page at a time."""
    source = _own(name)
    after = access.fitting(request.args.get("after", 0, type=int))
    lines = source_records.listing(current_site().database, source.name, after, PER_PAGE + 1)
    return render_template(
        "member/preview_records.html",
        source=source,
        lines=lines[:PER_PAGE],
        more=lines[PER_PAGE - 1].key if len(lines) > PER_PAGE else None,
        states=previewed.STATES,
    )


@blueprint.get("/preview/<name>/records/<int:key>")
@access.needs(Role.MEMBER)
def preview_record(name: str, key: int) -> str:
    """Show one record side by side: as delivered, as mapped, and what it would be one with."""
    source, database = _own(name), current_site().database
    story = source_records.story(database, source.name, access.fitting(key))
    found = records.get(database, source.name, story.line.identifier)
    if found.id != story.line.key:
        # Its source was taken over by another in this very moment.
        raise NoSuchRecord(name=f"{name}/{key}")
    return render_template(
        "member/preview_record.html",
        source=source,
        story=story,
        problems=found.problems,
        raw=shown(found.raw),
        cut=len(found.raw) > MOST,
        mapped="\n".join(trials.lines(found.record)) if found.record else "",
        place=previewed.place(database, found) if source.stage is Stage.TEST else None,
        states=previewed.STATES,
    )


def _page(source: Source, refused: str = "", note: str = "") -> str:
    database = current_site().database
    found = store.standing(database, source.name)
    return render_template(
        "member/preview.html",
        source=source,
        found=found,
        agreeing=previewed.agreeing(database, found.application),
        is_test=source.stage is Stage.TEST,
        address=_waits(source.name),
        verdicts=previewed.VERDICTS,
        badges=previewed.BADGES,
        refused=refused,
        note=note,
        longest=store.LONGEST,
    )


def _waits(name: str) -> str:
    return url_for("own.wait_preview", name=name)


def _own(name: str) -> Source:
    return owned.source(current_site().database, access.me().library, name)

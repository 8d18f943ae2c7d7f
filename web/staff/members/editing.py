"""The form of a member: what it is called, its codes, type, groups, days and what it shares."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from catalogue.members import groups, kinds, listing
from catalogue.members.text import line
from catalogue.model import Library, Sharing
from catalogue.users import Role
from crosswalks.errors import Error
from web.language import mark, message
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.members.room import blueprint, language

_TEXTS = ("name", "region", "fields", "licence", "rights", "valid_from", "valid_to", "successor")
_ADDED = mark("{name} is added. Add its contacts, its agreement and its sources next.")
_CHANGED = mark("{name} is changed. What that moves between sets is placed by a worker.")
_SAME = mark("{name} was like that already; nothing was changed.")


@blueprint.get("/add-member")
@access.needs(Role.OPERATOR)
def new() -> str:
    """Ask for what a new member is."""
    return _form({"sharing": Sharing.PUBLIC.value, "groups": []})


@blueprint.post("/add-member")
@access.needs(Role.OPERATOR)
def add() -> Response | tuple[str, int]:
    """Add a member; pressed twice it is added once."""
    form = request.form
    code, (changes, codes) = form.get("code", "").strip(), read(form)
    try:
        listing.add(current_site().database, Library(code=code, **changes), codes)
    except Error as error:
        page = _form(_typed(form), refused=message(error, words()))
        return page, HTTPStatus.BAD_REQUEST
    flash(words()(_ADDED).format(name=changes["name"] or code))
    return redirect(url_for("members.show", code=code))


@blueprint.get("/members/<code>/change")
@access.needs(Role.OPERATOR)
def edit(code: str) -> str:
    """Show the details of a member, to be changed."""
    member = listing.get(current_site().database, code)
    library = member.library
    values: dict[str, Any] = {name: getattr(library, name) for name in _TEXTS}
    values["kind"] = kinds.name_of(library.kind, language())
    values["aliases"] = " ".join(library.aliases)
    values["sharing"] = library.sharing.value
    values["groups"] = [each.code for each in member.groups]
    return _form(values, code=library.code, seen=member.fingerprint)


@blueprint.post("/members/<code>/change")
@access.needs(Role.OPERATOR)
def change(code: str) -> Response | tuple[str, int]:
    """Give a member what the form says, unless somebody else changed it meanwhile."""
    form = request.form
    changes, codes = read(form)
    try:
        seen = form.get("seen", "") or "-"
        changed = listing.change(current_site().database, code, changes, codes, seen)
    except Error as error:
        page = _form(
            _typed(form), code=code, seen=form.get("seen", ""), refused=message(error, words())
        )
        return page, HTTPStatus.BAD_REQUEST
    flash(words()(_CHANGED if changed else _SAME).format(name=changes["name"] or code))
    return redirect(url_for("members.show", code=code))


def read(form: MultiDict[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Return the changes that a form says, as ``libraries.change`` takes them, and the groups."""
    changes: dict[str, Any] = {name: line(form.get(name, "")) for name in _TEXTS}
    sharing = form.get("sharing", "")
    changes["kind"] = line(form.get("kind", ""))
    changes["aliases"] = tuple(sorted(dict.fromkeys(form.get("aliases", "").split())))
    # What is shared most is never meant by what cannot be read.
    changes["sharing"] = Sharing(sharing) if sharing in set(Sharing) else Sharing.HUB
    return changes, form.getlist("groups")


def _typed(form: MultiDict[str, str]) -> dict[str, Any]:
    return {**form.to_dict(), "groups": form.getlist("groups")}


def _form(values: dict[str, Any], *, code: str = "", seen: str = "", refused: str = "") -> str:
    return render_template(
        "staff/members/form.html",
        values=values,
        code=code,
        seen=seen,
        refused=refused,
        known=groups.all(current_site().database),
    )

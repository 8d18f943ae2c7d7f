"""``/staff/groups``: groups of members, each a set and a database."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue import libraries
from catalogue.members import groups
from catalogue.members.model import Basis, Group
from catalogue.users import Role
from crosswalks.errors import Error
from web.language import mark, message
from web.site import current_site
from web.speech import words
from web.staff import access
from web.staff.members.room import blueprint, language

_KEPT = mark("Group {name} is kept. What comes into its set or leaves it is placed by a worker.")
_GONE = mark("Group {name} is dissolved. Its libraries stay; a worker empties its set.")


@blueprint.get("/groups")
def grouped() -> str:
    """Show the groups there are."""
    return render_template("staff/members/groups.html", groups=groups.all(current_site().database))


@blueprint.get("/add-group")
@access.needs(Role.OPERATOR)
def new_group() -> str:
    """Ask for what a new group is."""
    return _form(Group(code=""))


@blueprint.post("/add-group")
@access.needs(Role.OPERATOR)
def add_group() -> Response | tuple[str, int]:
    """Make a group; pressed twice it is made once."""
    database, wanted = current_site().database, _filled(request.form.get("code", "").strip())
    try:
        if not any(_is_same(each, wanted) for each in groups.all(database)):
            groups.add(database, wanted)
    except Error as error:
        return _form(wanted, refused=message(error, words())), HTTPStatus.BAD_REQUEST
    return _done(_KEPT, wanted)


@blueprint.get("/groups/<code>")
@access.needs(Role.OPERATOR)
def edit_group(code: str) -> str:
    """Show a group, to be changed."""
    found = groups.get(current_site().database, code)
    return _form(found, seen=found.fingerprint)


@blueprint.post("/groups/<code>")
@access.needs(Role.OPERATOR)
def change_group(code: str) -> Response | tuple[str, int]:
    """Give a group what the form says, unless somebody else changed it meanwhile."""
    database, wanted = current_site().database, _filled(code)
    seen = request.form.get("seen", "") or "-"
    try:
        if not _is_same(groups.get(database, code), wanted):
            groups.change(database, wanted, seen)
    except Error as error:
        page = _form(wanted, seen=seen, refused=message(error, words()))
        return page, HTTPStatus.BAD_REQUEST
    return _done(_KEPT, wanted)


@blueprint.get("/groups/<code>/remove")
@access.needs(Role.OPERATOR)
def ask_group(code: str) -> str:
    """Show what dissolving a group does."""
    return render_template(
        "staff/members/ungroup.html", group=groups.get(current_site().database, code)
    )


@blueprint.post("/groups/<code>/remove")
@access.needs(Role.OPERATOR)
def remove_group(code: str) -> Response:
    """Dissolve a group, as it was shown."""
    seen = request.form.get("seen", "") or "-"
    return _done(_GONE, groups.remove(current_site().database, code, seen))


def _filled(code: str) -> Group:
    form = request.form
    basis = form.get("basis", "")
    return Group(
        code=code,
        name_vi=" ".join(form.get("name_vi", "").split()),
        name_en=" ".join(form.get("name_en", "").split()),
        basis=Basis(basis) if basis in set(Basis) else Basis.NONE,
        members=tuple(sorted(dict.fromkeys(form.getlist("members")))),
    )


def _is_same(there: Group, wanted: Group) -> bool:
    return there.fingerprint == wanted.fingerprint


def _form(wanted: Group, *, seen: str = "", refused: str = "") -> str:
    return render_template(
        "staff/members/group.html",
        group=wanted,
        seen=seen,
        refused=refused,
        known=libraries.all(current_site().database),
    )


def _done(said: str, group: Group) -> Response:
    flash(words()(said).format(name=group.name(language())))
    return redirect(url_for("members.grouped"))

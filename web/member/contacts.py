"""``/member/contacts``: a library's own contacts, and what each of them is told by mail."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue.alerts import notices
from catalogue.alerts.model import Kind, Rhythm
from catalogue.alerts.notices import Notices
from catalogue.members import contacts as kept
from catalogue.members import itself
from catalogue.members.model import Contact
from catalogue.users import Role
from crosswalks.errors import Error
from web.language import DEFAULT, LANGUAGES, mark, message
from web.member.room import blueprint
from web.site import current_site
from web.speech import words
from web.staff import access

KINDS = {
    Kind.FAILED: mark("a harvest of your records failed"),
    Kind.RECOVERED: mark("it goes well again"),
    Kind.SILENT: mark("nothing was harvested for too long"),
    Kind.SHRINKING: mark("your list has fewer records than before"),
    Kind.PROBLEMS: mark("new kinds of problems in your records"),
    Kind.WAITING: mark("a harvest waits for a decision of the hub"),
    Kind.CERTIFICATE: mark("the certificate of your server ends soon"),
    Kind.TICKET: mark("a reader reported an error in your records"),
}
"""What a library can be told, in its own words."""
RHYTHMS = {
    Rhythm.NEVER: mark("none"),
    Rhythm.DAILY: mark("each day"),
    Rhythm.WEEKLY: mark("each Monday"),
}
_KEPT = mark("{name} is kept.")
_GONE = mark("{name} is taken away.")
_TOLD = mark("{name} is told that from now on.")
_SILENT = mark("{name} is told nothing from now on.")


@blueprint.get("/contacts")
@access.needs(Role.MEMBER)
def contacts() -> str:
    """Show the contacts of one's library, each with what it is told."""
    database, library = current_site().database, access.me().library
    return render_template(
        "member/contacts.html",
        contacts=kept.all(database, library),
        told=notices.of_library(database, library),
        kinds=KINDS,
        rhythms=RHYTHMS,
    )


@blueprint.get("/contacts/contact")
@access.needs(Role.MEMBER)
def contact() -> str:
    """Show a contact to be changed, or ask for a new one."""
    name = request.args.get("name", "")
    database, library = current_site().database, access.me().library
    found = kept.get(database, library, name) if name else Contact(name="")
    return _form(found, found.name, found.fingerprint)


@blueprint.post("/contacts/contact")
@access.needs(Role.MEMBER)
def keep_contact() -> Response | tuple[str, int]:
    """Keep a contact, unless somebody else changed it meanwhile."""
    form = request.form
    was, seen = form.get("was", ""), form.get("seen", "")
    wanted = Contact(
        name=form.get("name", ""),
        role=form.get("role", ""),
        mail=form.get("mail", ""),
        phone=form.get("phone", ""),
    )
    try:
        itself.keep(current_site().database, access.me().library, was, wanted, seen)
    except Error as error:
        page = _form(wanted, was, seen, message(error, words()))
        return page, HTTPStatus.BAD_REQUEST
    flash(words()(_KEPT).format(name=kept.sound(wanted).name))
    return redirect(url_for("own.contacts"))


@blueprint.post("/contacts/remove")
@access.needs(Role.MEMBER)
def remove_contact() -> Response:
    """Forget a contact, if the person ticked that it is meant; pressed twice it is gone once."""
    name = request.form.get("name", "")
    if "sure" not in request.form:
        return redirect(url_for("own.contact", name=name))
    itself.remove(current_site().database, access.me().library, name)
    flash(words()(_GONE).format(name=name))
    return redirect(url_for("own.contacts"))


@blueprint.post("/contacts/notices")
@access.needs(Role.MEMBER)
def choose_notices() -> Response:
    """Have a contact told what was ticked, unless somebody else chose otherwise meanwhile."""
    name, form = request.form.get("name", ""), request.form
    language = form.get("language", "")
    wanted = Notices(
        kinds=tuple(kind for kind in KINDS if kind in form.getlist("kind")),
        digest=next((each for each in Rhythm if each == form.get("digest")), Rhythm.NEVER),
        language=language if language in LANGUAGES else DEFAULT,
        seen=form.get("seen", ""),
    )
    notices.choose(current_site().database, access.me().library, name, wanted)
    flash(words()(_SILENT if wanted.is_nothing else _TOLD).format(name=name))
    return redirect(url_for("own.contacts"))


def _form(value: Contact, was: str, seen: str, refused: str = "") -> str:
    database, library = current_site().database, access.me().library
    told = notices.of_library(database, library).get(was)
    return render_template(
        "member/contact.html",
        value=value,
        was=was,
        seen=seen,
        refused=refused,
        told=told,
        kinds=KINDS,
        rhythms=RHYTHMS,
        alone=len(kept.all(database, library)) == 1,
    )

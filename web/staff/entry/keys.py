"""One's own keys, behind both doors: by one a program does at ``/api/v1`` what its person may."""

from __future__ import annotations

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from catalogue.accounts import keys as kept
from catalogue.accounts.keys import MOST_DAYS, USUAL_DAYS
from catalogue.consumers import store
from catalogue.users import Role
from crosswalks.errors import Error
from provider.api.model import ROOT
from web.language import mark, message
from web.site import current_site
from web.speech import language, words
from web.staff import access
from web.staff.consumers.form import VIEWS
from web.staff.entry import letters
from web.staff.entry.views import blueprint

_REVOKED = mark("The key opens nothing any more.")


@blueprint.get("/keys")
@access.for_whoever_is_signed_in
def keys() -> str:
    """Show one's keys, without what opens, and how a program uses one."""
    return _page()


@blueprint.post("/keys")
@access.for_whoever_is_signed_in
def make_key() -> str | tuple[str, int]:
    """Make a key and show it, this once."""
    me, title = access.me(), request.form.get("title", "")
    days = request.form.get("days", USUAL_DAYS, type=int)
    try:
        made, opens = kept.make_own(
            current_site().database, me, title, max(1, min(days, MOST_DAYS))
        )
    except Error as error:
        return _page(refused=message(error, words())), HTTPStatus.BAD_REQUEST
    letters.tell(me, letters.KEY, language())
    return _page(opens=opens, made=made.title)


@blueprint.post("/keys/revoke")
@access.for_whoever_is_signed_in
def revoke_key() -> Response:
    """Make a key of one's own void; pressed twice it is void once."""
    number = access.fitting(request.form.get("number", 0, type=int))
    kept.revoke_own(current_site().database, access.me(), number)
    flash(words()(_REVOKED))
    return redirect(url_for(".keys"))


def _page(refused: str = "", opens: str = "", made: str = "") -> str:
    site, me = current_site(), access.me()
    base = site.identity.base_url.rstrip("/")
    theirs = [each for each in store.all(site.database) if each.library == me.library]
    return render_template(
        "staff/keys.html",
        keys=kept.of_user(site.database, me),
        opens=opens,
        made=made,
        given=request.form,
        refused=refused,
        days=USUAL_DAYS,
        most_days=MOST_DAYS,
        is_member=me.role is Role.MEMBER,
        views=VIEWS,
        corrects=me.role.may(Role.CATALOGUER),
        services=theirs if me.role is Role.MEMBER else (),
        root=f"{base}{ROOT}",
        base=base,
    )

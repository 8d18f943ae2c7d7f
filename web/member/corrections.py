"""``/member/corrections``: what was corrected of a library's own records, for it to take over."""

from __future__ import annotations

from flask import render_template, request
from werkzeug.wrappers import Response

from catalogue.overlays import offering
from catalogue.overlays.notation import as_line
from catalogue.users import Role
from web.member.room import blueprint
from web.overlays.files import as_file
from web.overlays.words import kind_word
from web.site import current_site
from web.staff import access

PER_PAGE = 50


@blueprint.get("/corrections")
@access.needs(Role.MEMBER)
def corrections() -> str:
    """Show, record by record, what one's library's fields are and what they should be."""
    after = request.args.get("after", 0, type=int)
    found = offering.page(
        current_site().database,
        access.me().library,
        after=access.fitting(after),
        limit=PER_PAGE,
    )
    return render_template(
        "member/corrections.html", offers=found, kind_word=kind_word, line=as_line, after=after
    )


@blueprint.get("/corrections/file.<any(csv, mrc, xml):form>")
@access.needs(Role.MEMBER)
def corrections_file(form: str) -> Response:
    """Give the same as a table, or the library's records with the corrections in them."""
    return as_file(offering.offered(current_site().database, access.me().library), form)
